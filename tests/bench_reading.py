"""What ``tests/bench_store.py`` asks of a store that is read: pages, search and the map on seeded statements.

Every question is another one, so that no answer is taken from those that are kept. Each engine is measured in a process
of its own, whose memory is then that of a server. Vectors are random codes; a question's own is random too, so that
neither takes the encoder, which is timed elsewhere (``make bench-models``).
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import count, islice
from pathlib import Path
from random import Random

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select, update

from api.seeding import synthetic_articles
from api.store import Filters, Store, engines, tables
from api.store import analyst as map_questions
from api.store.questions import Question
from api.store.vectors import to_codes
from corpora import lexicon
from nlp.records import StanceLabel
from nlp.topics import shipped_topics

TOPICS = [topic.id for topic in shipped_topics()][:12]
WIDTH, ROUNDS = 384, 100
ENCODER = "random"


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of one question, and how many of them are allowed at the 99th percentile.

    ``work`` is the CPU time of this process alone, which stays the same on a machine that others use too.
    """

    what: str
    allowed: int
    median: float
    p99: float
    work: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What was measured on one engine; memory in MB, seconds for seeding and for the first search and map."""

    timings: tuple[Timing, ...]
    memory: int
    most: int
    seeding: float
    first: float


class RandomEncoder:
    """Stands for the encoder: another unit vector every time."""

    name = ENCODER

    def __init__(self) -> None:
        self._chance = np.random.default_rng(5)

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return _unit(self._chance.normal(size=(len(texts), WIDTH)).astype(np.float32))


def _unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)


def read_seeded(folder: Path, url: str | None, statements: int) -> Reading:
    """Fill an empty database with so many statements, and time what is asked of it."""
    with Store.open(folder, create=True, database_url=url) as store:
        start = time.perf_counter()
        seed(store, statements)
        seeding = time.perf_counter() - start
    with Store.open(folder, database_url=url) as store:
        encoder = RandomEncoder()
        store.searcher.load_encoder = lambda: encoder
        start = time.perf_counter()
        store.searcher.search(Question(query="funding"))
        store.analyst.sheet(map_questions.Question())
        first = time.perf_counter() - start
        timings = tuple(_time(what, allowed, ask) for what, allowed, ask in questions(store, Random(3)))
        memory, most = _memory()
    return Reading(timings, memory, most, seeding, first)


def seed(store: Store, statements: int) -> None:
    """Synthetic articles, each passage with a random vector."""
    made = synthetic_articles(statements, TOPICS, seed=1)
    while lot := tuple(islice(made, 1000)):
        store.writer.write_new(lot)
    chance, passages = np.random.default_rng(7), tables.passages.c.number
    with engines.writing(store.engine) as connection:
        connection.execute(update(tables.search_state).values(encoder=ENCODER))
        numbers = connection.scalars(select(passages).order_by(passages)).all()
        for at in range(0, len(numbers), 5000):
            part = numbers[at : at + 5000]
            codes = to_codes(_unit(chance.normal(size=(len(part), WIDTH)).astype(np.float32)))
            rows = [{"passage": number, "code": bytes(code)} for number, code in zip(part, codes, strict=True)]
            engines.insert_rows(connection, tables.vectors, rows)
    if not store.path:
        # Autovacuum does this within a minute; a server that was filled at once has not met it yet.
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


class Walk:
    """Goes through a list page by page, with one of many filters at a time, and begins again at its end."""

    def __init__(self, store: Store, random: Random) -> None:
        self._reader, self._random = store.reader, random
        self._after: dict[Filters, str | None] = {self._filters(): None for _ in range(20)}

    def _filters(self) -> Filters:
        return Filters(
            topic=(self._random.choice(TOPICS),),
            stance=(self._random.choice((StanceLabel.SUPPORT, StanceLabel.OPPOSE)),),
            since=date(2014, 1, 1) + timedelta(days=self._random.randrange(1500)),
        )

    def page(self) -> object:
        filters = self._random.choice(list(self._after))
        found = self._reader.statements(filters, after=self._after[filters], limit=50)
        self._after[filters] = found.next
        return found


def questions(store: Store, random: Random) -> Iterator[tuple[str, int, Callable[[], object]]]:
    """What is asked, how many milliseconds it may take at the 99th percentile, and how."""
    number, words = count(), common_words(store)

    def search(several: Sequence[str], wanted: int) -> Callable[[], object]:
        # An excluded word that nothing has makes it another question.
        return lambda: store.searcher.search(
            Question(query=f"{' '.join(random.sample(several, wanted))} -none{next(number)}")
        )

    def sheet() -> object:
        return store.analyst.sheet(map_questions.Question(filters=Filters(min_confidence=random.random() * 0.6)))

    holders = len(store.analyst.sheet(map_questions.Question()).holders)
    yield "filtered keyset page of 50", 10, Walk(store, random).page
    yield "hybrid search, three usual words", 100, search(words[20:400], 3)
    yield "hybrid search, the most common word", 500, search(words[:1], 1)
    yield f"map of {holders} × {len(TOPICS)}", 150, sheet


def common_words(store: Store) -> list[str]:
    """The words of two thousand statements, the most common first; everyday words are none to look for."""
    everyday = set(lexicon("search")["common"])
    with engines.reading(store.engine) as connection:
        said = connection.scalars(select(tables.statements.c.text).order_by(tables.statements.c.number).limit(2000))
        counted = Counter(word for text in said for word in re.findall(r"[a-z]{3,}", text.lower()))
    return [word for word, _ in counted.most_common() if word not in everyday]


def _time(what: str, allowed: int, ask: Callable[[], object]) -> Timing:
    ask()
    taken, used = [], time.process_time()
    for _ in range(ROUNDS):
        start = time.perf_counter()
        ask()
        taken.append(1000 * (time.perf_counter() - start))
    taken.sort()
    work = 1000 * (time.process_time() - used) / ROUNDS
    return Timing(what, allowed, taken[ROUNDS // 2], taken[int(ROUNDS * 0.99) - 1], work)


def _memory() -> tuple[int, int]:
    """What this process holds and held at most, in MB; zeros where Linux does not say."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0, 0
    lines = dict(line.split(":", 1) for line in status.read_text(encoding="ascii").splitlines())
    return int(lines["VmRSS"].split()[0]) // 1024, int(lines["VmHWM"].split()[0]) // 1024
