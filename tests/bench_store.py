"""What the store must reach, on both engines: ``make bench-store``, or ``python tests/bench_store.py sqlite``.

Writers at once, and pages, search and the map over ``--statements N`` seeded statements (0 leaves them out).
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import Engine, insert, select, update

from api.store import engines, tables
from api.store.store import open_engine
from api.store.upkeep import migrate_store
from nlp.errors import StandpointError

ENGINES = ("sqlite", "postgresql")
WRITERS, WRITES = 16, 500
#: What a server may hold at a million statements, in MB.
MEMORY = 1_500
COUNTED = "counted"
NOW = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table: what is asked, what was measured, and whether that is enough."""

    engine: str
    what: str
    asked: str
    measured: str
    ok: bool


@dataclass(frozen=True, slots=True)
class Tally:
    """What came of many read-modify-writes; ``errors`` are the messages of those that were refused."""

    wanted: int
    kept: int
    errors: tuple[str, ...]
    seconds: float

    @property
    def lost(self) -> int:
        return self.wanted - len(self.errors) - self.kept


def start_counting(engine: Engine) -> None:
    """Make the row whose name is the number of writes."""
    row = {"id": COUNTED, "name": "0", "claim": "x", "counter_claim": "", "phrases": [], "supports": [], "opposes": []}
    with engines.writing(engine) as connection:
        connection.execute(insert(tables.topics), {**row, "added_at": NOW})


def count_on(engine: Engine, times: int) -> list[str]:
    """Read a number and write the next, so often; the messages of what failed."""
    errors = []
    here = tables.topics.c.id == COUNTED
    for _ in range(times):
        try:
            with engines.writing(engine) as connection:
                number = int(connection.scalar(select(tables.topics.c.name).where(here)) or 0)
                connection.execute(update(tables.topics).where(here).values(name=str(number + 1)))
        except StandpointError as error:
            errors.append(str(error))
    return errors


def counted(engine: Engine) -> int:
    with engines.reading(engine) as connection:
        return int(connection.scalar(select(tables.topics.c.name).where(tables.topics.c.id == COUNTED)) or 0)


def count_with_threads(engine: Engine, *, writers: int, times: int) -> Tally:
    """Writers in threads of one process, as a server has them."""
    start_counting(engine)
    start = time.perf_counter()
    with ThreadPoolExecutor(writers) as pool:
        errors = [each for found in pool.map(partial(count_on, engine), [times] * writers) for each in found]
    return Tally(writers * times, counted(engine), tuple(errors), time.perf_counter() - start)


def count_with_processes(folder: Path, url: str | None, *, writers: int, times: int) -> Tally:
    """Writers in processes of their own, as ingesting workers are."""
    engine, _ = open_engine(folder, database_url=url)
    start_counting(engine)
    work = partial(_count_in_process, folder, url, times)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(writers, mp_context=context) as pool:
        list(pool.map(_nothing, range(writers * 4)))
        start = time.perf_counter()
        errors = [each for found in pool.map(work, range(writers)) for each in found]
        seconds = time.perf_counter() - start
    tally = Tally(writers * times, counted(engine), tuple(errors), seconds)
    engine.dispose()
    return tally


def _nothing(_: int) -> None:
    """Something for every process to do while the others start."""
    time.sleep(0.2)


def _count_in_process(folder: Path, url: str | None, times: int, _: int) -> list[str]:
    engine, _path = open_engine(folder, database_url=url)
    try:
        return count_on(engine, times)
    finally:
        engine.dispose()


def measure_writers(name: str, folder: Path, url: str | None) -> Row:
    migrate_store(folder, database_url=url)
    tally = count_with_processes(folder, url, writers=WRITERS, times=WRITES)
    locked = sum("lock" in error for error in tally.errors)
    measured = (
        f"{tally.lost} lost, {locked} locked, {len(tally.errors) - locked} other errors, "
        f"{tally.wanted / tally.seconds:,.0f} a second"
    )
    ok = not tally.lost and not tally.errors
    return Row(name, f"{WRITERS} writers × {WRITES} read-modify-writes", "0 lost, 0 locked", measured, ok)


@contextmanager
def databases(wanted: Sequence[str]) -> Iterator[list[tuple[str, Path, str | None]]]:
    """An empty database of each wanted engine: its name, the data folder and the address."""
    from conftest import PostgresServer

    with TemporaryDirectory(prefix="standpoint-") as scratch:
        found: list[tuple[str, Path, str | None]] = []
        if "sqlite" in wanted:
            found.append(("SQLite", Path(scratch) / "data", None))
        if "postgresql" not in wanted:
            yield found
            return
        with PostgresServer.start(Path(scratch), careless=False) as server, server.database(migrated=False) as url:
            yield [*found, ("PostgreSQL", Path(scratch) / "none", url)]


def measure_reading(statements: int, name: str, folder: Path, url: str | None) -> list[Row]:
    """The rows of ``bench_reading``, measured in a process of their own."""
    from bench_reading import read_seeded

    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        found = pool.submit(read_seeded, folder, url, statements).result()
    print(
        f"{name}: {statements:,} statements seeded in {found.seeding:.0f} s; first search and map {found.first:.1f} s"
    )
    rows = []
    for each in found.timings:
        told = f"p50 {each.median:.1f}, p99 {each.p99:.1f}, work {each.work:.1f} ms"
        rows.append(Row(name, each.what, f"p99 ≤ {each.allowed} ms", told, each.p99 <= each.allowed))
    memory = f"{found.memory:,} MB, {found.most:,} MB at most"
    return [*rows, Row(name, "memory of the process", f"≤ {MEMORY:,} MB", memory, found.memory <= MEMORY)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("engines", nargs="*", metavar="ENGINE", help="sqlite, postgresql or (none named) both")
    parser.add_argument("--statements", type=int, default=50_000)
    parser.add_argument("--no-writers", action="store_true", help="leave the writers out")
    given = parser.parse_args()
    rows: list[Row] = []
    if not given.no_writers:
        with databases(given.engines or ENGINES) as found:
            rows += [measure_writers(*each) for each in found]
    if given.statements:
        with databases(given.engines or ENGINES) as found:
            rows += [row for each in found for row in measure_reading(given.statements, *each)]
    print(f"{'engine':12}{'what':44}{'asked':20}measured")
    for row in rows:
        print(f"{row.engine:12}{row.what:44}{row.asked:20}{row.measured}{'' if row.ok else '  MISSED'}")
    return 0 if all(row.ok for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
