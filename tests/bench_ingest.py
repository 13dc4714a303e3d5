"""What ingest must reach: ``make bench-ingest``, or ``python tests/bench_ingest.py --articles 200 --count 0``.

Articles a second end to end with texts of about 600 words, where the time goes, how it grows with workers, whether
every number of workers stores the same, and whether a long run (COUNT=100000, with a stub) keeps memory and rate.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event, Thread

import stub_work
import torture_ingest

from api.analysing import ModelWork, answer, read_answer, task_of
from api.contained import ContainedReader
from api.ingest import Wanted, find_files, ingest
from api.store import Store
from api.store.intake import Incoming, Item, ItemState
from api.workers import LocalPool
from nlp.errors import StandpointError
from nlp.readers.reading import Reading
from nlp.topics import load_topics

ROOT = Path(__file__).resolve().parents[1]
GOLD = ROOT / "corpora" / "gold"
#: Articles a second, at least; what memory may grow by, and the rate at the end against that at the start.
RATE, GROWTH, STEADY = 8.0, 0.10, 0.90
WORDS = 600
#: A long run has warmed up after this part of it.
WARM = 0.1


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table; ``ok`` None where nothing is asked."""

    what: str
    measured: str
    asked: str = ""
    ok: bool | None = None


def write_articles(folder: Path, count: int, *, words: int = WORDS) -> None:
    """Texts of about so many words, all different: an article of gold's train and the beginning of another.

    What bears on what is as in real articles; paragraphs drawn from all of them would bear on ten topics each.
    """
    found = [path.read_text(encoding="utf-8").split("\n\n") for path in sorted(GOLD.glob("*.txt"))]
    chance = random.Random(1)
    folder.mkdir(parents=True)
    for number in range(count):
        text, length = [f"Practices and budgets, part {number}"], 0
        while length < words:
            for paragraph in chance.choice(found):
                text.append(paragraph.strip())
                length += len(text[-1].split())
                if length >= words:
                    break
        (folder / f"{number:06}.txt").write_text("\n\n".join(text) + "\n", encoding="utf-8")


def stages(folder: Path, place: Path) -> list[Row]:
    """The seconds of one article by stage, in one process, one after the other; the models are warm."""
    work = ModelWork("", "", tuple(load_topics(None)))
    loaded, spent = work.load(), {"read": 0.0, "analyse": 0.0, "pack and embed": 0.0, "unpack": 0.0, "write": 0.0}
    files = list(find_files([folder]))[:60]

    @contextmanager
    def timed(stage: str) -> Iterator[None]:
        began = time.perf_counter()
        yield
        spent[stage] += time.perf_counter() - began

    with Store.open(place, create=True) as store, ContainedReader() as reader:
        for number, file in enumerate(files):
            with timed("read"):
                reading = reader.read(file.read_bytes(), source=file.name)
            assert isinstance(reading, Reading)
            (article,) = reading.articles
            if number < 10:
                answer(task_of(article), loaded)
                spent = dict.fromkeys(spent, 0.0)
                continue
            with timed("analyse"):
                loaded.analyse(article)
            with timed("pack and embed"):
                body = answer(task_of(article), loaded)
            with timed("unpack"):
                found = read_answer(body, article)
            assert found.rows is not None
            item = Item(article.source, ItemState.WAITING, article.id)
            with timed("write"):
                incoming = Incoming(id=str(number), path=str(file), stamp=loaded.run, batch="bench")
                store.intake.open(incoming, [item], format="text", declared=None, reason=None)
                store.intake.keep(str(number), 0, found.rows, found.embedded, last=True)
    # The second stage analyses once more.
    spent["pack and embed"] -= spent["analyse"]
    counted, total = max(1, len(files) - 10), sum(spent.values())
    rows = [
        Row(f"  {stage}", f"{seconds / counted * 1e3:.1f} ms, {seconds / total:.0%}")
        for stage, seconds in spent.items()
    ]
    return [Row("stages of an article", f"{total / counted * 1e3:.0f} ms"), *rows]


def scaling(folder: Path, place: Path, workers: tuple[int, ...], count: int) -> list[Row]:
    """Articles a second end to end for numbers of workers, models loaded; and whether all store the same."""
    rows, contents = [], []
    work = ModelWork("", "", tuple(load_topics(None)))
    for number in workers:
        pool = LocalPool(work, number)
        try:
            began: list[float] = []

            def note(_: object, began: list[float] = began) -> None:
                began.append(time.perf_counter())

            with Store.open(place / f"w{number}", create=True) as store:
                # The clock begins with the first article stored: loading is once a run.
                ingest([folder], store, pool, wanted=Wanted(readers=max(1, number // 3)), progress=note)
                rate = (len(began) - 1) / (began[-1] - began[0])
                contents.append(torture_ingest.content_of(store))
        finally:
            pool.close()
        cores = len(os.sched_getaffinity(0))
        asked = number == cores
        ok = rate >= RATE if asked else None
        rows.append(Row(f"{number} workers, {cores} cores", f"{rate:.1f} articles/s", f"{RATE:g}" if asked else "", ok))
    same = all(content == contents[0] for content in contents)
    stored = len(contents[0]["articles"]) == count
    rows.append(
        Row("every number of workers stores the same", "yes" if same and stored else "no", "yes", same and stored)
    )
    return rows


def long_run(place: Path, count: int) -> list[Row]:
    """Memory and rate of the process that writes, over many short articles that a stub analyses."""
    stub_work.write_texts(place / "in", count)
    stamps: list[tuple[float, int]] = []
    pool = LocalPool(stub_work.StubWork(), 2)
    try:
        with Store.open(place / "long", create=True) as store:
            ingest([place / "in"], store, pool, progress=lambda _: stamps.append((time.perf_counter(), resident())))
    finally:
        pool.close()
    warm, part = int(count * WARM), max(1, int(count * WARM))
    first, last = stamps[warm], stamps[-1]
    growth = last[1] / first[1] - 1
    begin = part / (stamps[warm + part][0] - first[0])
    end = part / (last[0] - stamps[-1 - part][0])
    held = f"{first[1]:.0f} and {last[1]:.0f} MB, {growth:+.1%}"
    rates = f"{begin:.0f} and {end:.0f}, {end / begin:.0%}"
    return [
        Row(f"memory of the writer after {warm:,} and {count:,}", held, f"< {GROWTH:.0%}", growth < GROWTH),
        Row("articles/s at the start and at the end (stub)", rates, f"≥ {STEADY:.0%}", end >= STEADY * begin),
    ]


def resident() -> float:
    """What this process holds, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


class Peak:
    """The most that the children of this process hold together, in MB, looked at now and then."""

    def __init__(self) -> None:
        self.most, self._stop = 0.0, Event()
        self._thread = Thread(target=self._look, daemon=True)

    def __enter__(self) -> Peak:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._stop.wait(0.5):
            self.most = max(self.most, sum(map(_resident_of, torture_ingest.children_of(os.getpid()))))


def _resident_of(pid: int) -> float:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6
    except OSError:
        return 0.0


def measure(articles: int, workers: tuple[int, ...], count: int, place: Path) -> list[Row]:
    rows: list[Row] = []
    parts: list[Callable[[], list[Row]]] = []
    if articles:
        write_articles(place / "texts", articles)
        parts += [
            lambda: stages(place / "texts", place / "stages"),
            lambda: scaling(place / "texts", place, workers, articles),
        ]
    if count:
        parts.append(lambda: long_run(place, count))
    with Peak() as peak:
        for part in parts:
            rows += part()
    return [*rows, Row("most that workers and readers held together", f"{peak.most:.0f} MB")]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=400, help="articles of 600 words (0: leave the models out)")
    parser.add_argument("--workers", default="1,2,4", help="numbers of workers, with commas between them")
    parser.add_argument("--count", type=int, default=100_000, help="short articles of the long run (0: none)")
    given = parser.parse_args(arguments)
    with TemporaryDirectory(prefix="standpoint-bench-") as place:
        rows = measure(given.articles, tuple(map(int, given.workers.split(","))), given.count, Path(place))
    for row in rows:
        verdict = "" if row.ok is None else ("ok" if row.ok else "SHORT")
        print(f"{row.what:58} {row.measured:34} {row.asked:8} {verdict}")
    return int(any(row.ok is False for row in rows))


if __name__ == "__main__":
    try:
        raise SystemExit(main(sys.argv[1:]))
    except StandpointError as error:
        print(error, file=sys.stderr)
        raise SystemExit(error.exit_code) from None
