"""Batches whose processes are killed at random, and files that are broken at random: ``make torture-ingest``.

``python tests/torture_ingest.py local|cluster|malformed`` with KILLS, ARTICLES, FILES and SEED in the environment. The
analysis is a stub (``stub_work``): what is put to the test is that nothing is lost, doubled or different.
"""

from __future__ import annotations

import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import stub_work
from sqlalchemy import select, update

from api.ingest import Wanted, ingest
from api.pools import OwnPool
from api.reading_ahead import Ahead, Order, Refused
from api.sources import SentSource
from api.store import Store, engines, tables
from api.store.intake_tables import intake_files
from api.store.uploads import Upload
from nlp.errors import StandpointError

ROOT = Path(__file__).resolve().parents[1]
ZOO = ROOT / "tests" / "nlp" / "zoo"
#: How a batch came about, and when: what of the database is not told by the articles.
PASSING = {"intake_files", "intake_items", "uploads", "jobs", "audit", "update_state"}
MOMENTS = {"added_at", "began_at", "ended_at"}
#: Of so many kills one is of the process that gave the work out.
PARENTS = 4
#: Without another article for so long, in seconds, a batch hangs.
STUCK = 120.0
#: No file may take longer, in seconds.
LONGEST = 30.0


@dataclass(slots=True)
class Outcome:
    """What came of a torture: ``faults`` is empty when nothing was lost, doubled, different or left behind."""

    kills: int = 0
    runs: int = 0
    seconds: float = 0.0
    faults: list[str] = field(default_factory=list)


def content_of(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Everything in a database but how and when it came there, in the order of its keys."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    with engines.reading(store.engine) as connection:
        for table in tables.metadata.sorted_tables:
            if table.name not in PASSING:
                columns = [column for column in table.columns if column.name not in MOMENTS]
                query = select(*columns).order_by(*table.primary_key.columns)
                found[table.name] = [tuple(map(str, row)) for row in connection.execute(query)]
    return found


def hand_over(store: Store, worker: str | None) -> None:
    """Have one file in the hands of another process, or done by it."""
    values: dict[str, Any] = {"state": "done", "worker": None}
    if worker:
        values = {"state": "open", "worker": worker, "batch": "another", "claimed_at": datetime.now(UTC)}
    with engines.writing(store.engine) as connection:
        first = select(intake_files.c.id).order_by(intake_files.c.id).limit(1).scalar_subquery()
        connection.execute(update(intake_files).where(intake_files.c.id == first).values(**values))


def torture_local(
    folder: Path, *, articles: int, kills: int, workers: int, seconds: float, seed: int, database_url: str | None = None
) -> Outcome:
    """Kill workers, readers and their parent while a batch is stored, and compare with one that nobody disturbed."""

    def start() -> subprocess.Popen[str]:
        return _start("--child", folder / "data", folder / "in", str(workers), str(seconds))

    def kill(process: subprocess.Popen[str], chance: random.Random, seen: set[int]) -> None:
        children = children_of(process.pid)
        seen.update(children)
        victim = process.pid if not children or chance.randrange(PARENTS) == 0 else chance.choice(children)
        kill_if_there(victim)

    return _torture(folder, articles=articles, kills=kills, seed=seed, start=start, kill=kill)


def torture_cluster(folder: Path, *, articles: int, kills: int, seconds: float, seed: int) -> Outcome:
    """Kill workers and the scheduler of a Dask cluster, in turns, and compare likewise."""
    with Cluster(folder) as cluster:

        def start() -> subprocess.Popen[str]:
            cluster.ensure()
            return _start("--child", folder / "data", folder / "in", cluster.address, str(seconds))

        def kill(process: subprocess.Popen[str], chance: random.Random, seen: set[int]) -> None:
            cluster.kill_next(chance)
            if cluster.scheduler_is_gone:
                process.wait(STUCK)

        return _torture(folder, articles=articles, kills=kills, seed=seed, start=start, kill=kill)


Start = Callable[[], "subprocess.Popen[str]"]
Kill = Callable[["subprocess.Popen[str]", random.Random, set[int]], None]


def _torture(folder: Path, *, articles: int, kills: int, seed: int, start: Start, kill: Kill) -> Outcome:
    outcome, chance, began = Outcome(), random.Random(seed), time.monotonic()
    stub_work.write_texts(folder / "in", articles)
    with Store.open(folder / "clean", create=True) as clean, Store.open(folder / "data", create=True) as store:
        ingest([folder / "in"], clean, OwnPool(stub_work.StubWork().load()))
        seen: set[int] = set()
        # Spread over the articles, so that each meets a batch at work; the last ones are left in peace.
        moments = sorted(chance.randrange(0, max(1, articles - 2)) for _ in range(kills))
        process = start()
        outcome.runs += 1
        for moment in moments:
            process = _until(store, moment, process, start, outcome)
            time.sleep(chance.uniform(0, 0.05))
            kill(process, chance, seen)
            outcome.kills += 1
        _until(store, articles + 1, process, start, outcome)
        _compare(store, clean, outcome, folder, articles)
        outcome.faults += [f"process {pid} was left behind" for pid in _left(seen)]
    outcome.seconds = time.monotonic() - began
    return outcome


def _until(
    store: Store, articles: int, process: subprocess.Popen[str], start: Start, outcome: Outcome
) -> subprocess.Popen[str]:
    """Wait until so many articles are stored or all are; whatever ended by a kill is started again."""
    last, since = -1, time.monotonic()
    while (count := store.reader.article_count()) < articles:
        if count != last:
            last, since = count, time.monotonic()
        if time.monotonic() - since > STUCK:
            outcome.faults.append(f"nothing was stored for {STUCK:g} s after {count} articles")
            process.kill()
            return process
        code = process.poll()
        if code == 0:
            return process
        if code is not None:
            # Killed, or told that its scheduler is gone: whoever started it starts it again.
            if code not in (-signal.SIGKILL, 5):
                outcome.faults.append(f"a batch ended with {code}: {process.stderr.read() if process.stderr else ''}")
                return process
            process = start()
            outcome.runs += 1
        time.sleep(0.01)
    return process


def _compare(store: Store, clean: Store, outcome: Outcome, folder: Path, articles: int) -> None:
    found, wanted = content_of(store), content_of(clean)
    outcome.faults += [f"{name} differs" for name in wanted if found[name] != wanted[name]]
    if len(found["articles"]) != articles:
        outcome.faults.append(f"{len(found['articles'])} of {articles} articles are stored")
    outcome.faults += [str(fault) for fault in store.faults()]
    again = ingest([folder / "in"], store, OwnPool(stub_work.StubWork().load()))
    if (again.stored, again.unchanged, again.skipped_count) != (0, articles, 0):
        outcome.faults.append(f"a further run finds {again.stored} new and {again.skipped_count} skipped")


def _start(*arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, __file__, *map(str, arguments)]
    return subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, env=_environment())


def _environment() -> dict[str, str]:
    places = [str(ROOT), str(ROOT / "tests"), *filter(None, sys.path)]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(places)}


def children_of(pid: int) -> list[int]:
    """The processes that the threads of a process started and that are there."""
    try:
        lists = [(task / "children").read_text() for task in Path(f"/proc/{pid}/task").iterdir()]
    except OSError:
        return []
    return sorted(int(child) for children in lists for child in children.split())


def kill_if_there(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _left(pids: set[int]) -> list[int]:
    """Those of the processes that are still there a while later."""
    until = time.monotonic() + 10
    while (left := [pid for pid in pids if _lives(pid)]) and time.monotonic() < until:
        time.sleep(0.1)
    return left


def _lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


class Cluster:
    """A Dask scheduler with two workers on this machine, each a process that may be killed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._scheduler: subprocess.Popen[bytes] | None = None
        self._workers: list[subprocess.Popen[bytes]] = []
        self._turn = 0
        self.address = ""

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        for process in [*self._workers, *([self._scheduler] if self._scheduler else [])]:
            process.kill()
            process.wait()

    @property
    def scheduler_is_gone(self) -> bool:
        return self._scheduler is None or self._scheduler.poll() is not None

    def ensure(self) -> None:
        """Have a scheduler and two workers, new ones where others are gone."""
        if self.scheduler_is_gone:
            for worker in self._workers:
                worker.kill()
                worker.wait()
            self._workers = []
            with socket.create_server(("127.0.0.1", 0)) as found:
                port = found.getsockname()[1]
            self.address = f"tcp://127.0.0.1:{port}"
            self._scheduler = self._run("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard")
            _wait_for(port)
        self._workers = [worker for worker in self._workers if worker.poll() is None]
        while len(self._workers) < 2:
            where = ("--host", "127.0.0.1", "--local-directory", str(self._folder / "dask"))
            threads = ("--nthreads", "1", "--no-nanny", "--no-dashboard")
            self._workers.append(self._run("worker", self.address, *where, *threads))

    def kill_next(self, chance: random.Random) -> None:
        """Kill a worker, which another takes the place of, or every other time the scheduler."""
        self._turn += 1
        if self._turn % 2 and self._scheduler is not None:
            victim = chance.choice(self._workers)
            victim.kill()
            victim.wait()
            self.ensure()
        elif self._scheduler is not None:
            self._scheduler.kill()
            self._scheduler.wait()

    def _run(self, *arguments: str) -> subprocess.Popen[bytes]:
        nothing = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen([sys.executable, "-m", "dask", *arguments], env=_environment(), **nothing)


def _wait_for(port: int) -> None:
    until = time.monotonic() + STUCK
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            time.sleep(0.1)


def child(data: str, folder: str, workers: str, seconds: str) -> int:
    """One batch, as the command does it; ``workers`` is how many, or the address of a scheduler."""
    work = stub_work.StubWork(seconds=float(seconds))
    with Store.open(Path(data), create=True) as store:
        if "://" in workers:
            from api.cluster import ClusterPool as Pool

            pool: Any = Pool(work, workers)
        else:
            from api.workers import LocalPool

            pool = LocalPool(work, int(workers))
        try:
            return ingest([Path(folder)], store, pool, wanted=Wanted()).exit_code
        finally:
            pool.close()


@dataclass(slots=True)
class Malformed:
    """What came of broken files: how many were read, and refused why; ``slowest`` in seconds, and by which file."""

    files: int = 0
    read: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    slowest: tuple[float, str] = (0.0, "")
    faults: list[str] = field(default_factory=list)


def torture_malformed(sources: Sequence[Path], *, files: int, seed: int) -> Malformed:
    """Break files in many ways and read them: each gives articles or a reason, in time, and no reader dies of one."""
    found, chance = Malformed(), random.Random(seed)
    ahead = Ahead(Order(batch="torture", stamp=""), None)
    with ahead.over(()):
        for number in range(files):
            path = sources[number % len(sources)]
            data = mutated(path.read_bytes(), chance)
            began = time.monotonic()
            outcome = ahead.take(SentSource(Upload(path.name, data))).outcome
            took = time.monotonic() - began
            found.files += 1
            found.slowest = max(found.slowest, (took, f"{path.name} #{number}"))
            if took > LONGEST:
                found.faults.append(f"{path.name} #{number} took {took:.0f} s")
            if isinstance(outcome, Refused):
                found.reasons[outcome.reason[:60]] += 1
                if outcome.quarantined or not outcome.reason:
                    found.faults.append(f"{path.name} #{number}: {outcome.reason or 'no reason'}")
            else:
                found.read += 1
    return found


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The bytes with some flipped, cut out, doubled, moved or put in."""
    made = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        place = chance.randrange(len(made) + 1)
        length = chance.choice((1, 4, 64, 1_000, len(made) // 2))
        match chance.randrange(6):
            case 0:
                made[place : place + 1] = bytes([chance.randrange(256)])
            case 1:
                del made[place : place + length]
            case 2:
                made[place:place] = made[place : place + length]
            case 3:
                made[place:place] = chance.randbytes(min(length, 64))
            case 4:
                del made[place:]
            case 5:
                made[place:place] = chance.choice(
                    (b"\0", b"<", b"{", b"}", b"\\", b"&#x0;", b"\xff\xfe", b"9999999999")
                )
    return bytes(made)


def malformed_sources() -> list[Path]:
    """The zoo of fixtures where there is one, else the samples."""
    folder = ZOO if ZOO.is_dir() else ROOT / "corpora" / "samples"
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and path.stat().st_size < 1_000_000]


@contextmanager
def _folder() -> Iterator[Path]:
    with TemporaryDirectory(prefix="standpoint-torture-") as name:
        yield Path(name)


def main(what: str) -> int:
    """Run one torture with the numbers of the environment, and print what came of it."""
    number = {name: int(os.environ.get(name) or 0) for name in ("KILLS", "ARTICLES", "FILES", "SEED", "WORKERS")}
    seed = number["SEED"] or 1
    faults: list[str]
    if what == "malformed":
        broken = torture_malformed(malformed_sources(), files=number["FILES"] or 10_000, seed=seed)
        slowest, name = broken.slowest
        print(f"{broken.files:,} broken files: {broken.read:,} read, {sum(broken.reasons.values()):,} refused")
        print(f"slowest {slowest:.1f} s ({name}); {len(broken.reasons)} reasons, the first:")
        for reason, count in broken.reasons.most_common(15):
            print(f"{count:7,}  {reason}")
        faults = broken.faults
    else:
        with _folder() as folder:
            if what == "cluster":
                sizes = {"articles": number["ARTICLES"] or 2_000, "kills": number["KILLS"] or 40}
                outcome = torture_cluster(folder, **sizes, seconds=0.01, seed=seed)
            else:
                sizes = {"articles": number["ARTICLES"] or 10_000, "kills": number["KILLS"] or 500}
                workers = number["WORKERS"] or 2
                outcome = torture_local(folder, **sizes, workers=workers, seconds=0.005, seed=seed)
        print(f"{what}: {outcome.kills} kills over {sizes['articles']:,} articles, {outcome.runs} runs, ", end="")
        print(f"{outcome.seconds:.0f} s, {len(outcome.faults)} faults")
        faults = outcome.faults
    for fault in faults[:50]:
        print(f"FAULT {fault}")
    return int(bool(faults))


if __name__ == "__main__":
    try:
        if sys.argv[1] == "--child":
            raise SystemExit(child(*sys.argv[2:6]))
        raise SystemExit(main(sys.argv[1]))
    except StandpointError as error:
        print(error, file=sys.stderr)
        raise SystemExit(error.exit_code) from None
