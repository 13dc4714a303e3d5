"""Times the map and what is compared over it on a synthetic store: ``python tests/bench_map.py [STATEMENTS] [DATA]``.

Every question is another one, so that no answer is taken from those that are kept. Wall time is what a user waits for;
CPU time stays the same on a machine that is busy with something else.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from fastapi.testclient import TestClient

from api.app import create_app
from api.seeding import synthetic_articles
from api.settings import Settings
from api.store import Filters, Store
from api.store.analyst import Question
from nlp.cells import Grouping
from nlp.topics import shipped_topics

TOPICS = [topic.id for topic in shipped_topics()][:12]
ROUNDS = 100


def seeded(store: Store, statements: int) -> None:
    """Fill an empty store."""
    made = synthetic_articles(statements, TOPICS, seed=1)
    while lot := tuple(islice(made, 1000)):
        store.writer.write_new(lot)


def measure(name: str, call: Callable[[], Any], rounds: int = ROUNDS) -> None:
    """Print the 50th and 99th percentile of a call in milliseconds."""
    wall, cpu = [], []
    for _ in range(rounds):
        started, used = time.perf_counter(), time.process_time()
        call()
        wall.append((time.perf_counter() - started) * 1e3)
        cpu.append((time.process_time() - used) * 1e3)
    told = [f"{sorted(times)[int(len(times) * share)]:9.1f}" for times in (wall, cpu) for share in (0.5, 0.99)]
    print(f"{name:34}{''.join(told)}", flush=True)


def questions(random: Random) -> dict[str, Callable[[], Question]]:
    """What is asked of the map, by name."""

    def floor() -> float:
        return random.random() * 0.6

    def day() -> date:
        return date(2014, 1, 1) + timedelta(days=random.randrange(3300))

    return {
        "map, 12 topics": lambda: Question(filters=Filters(min_confidence=floor())),
        "map, one topic": lambda: Question(filters=Filters(topic=("pooling",), min_confidence=floor())),
        "map, as of a day": lambda: Question(filters=Filters(as_of=day())),
        "map, a year": lambda: Question(filters=Filters(since=(since := day()), until=since + timedelta(days=365))),
        "map, bodies and their officers": lambda: Question(
            group=Grouping.BODY_AND_ITS_OFFICERS, filters=Filters(min_confidence=floor())
        ),
    }


def main(statements: int, folder: Path) -> None:
    random = Random(1)
    with Store.open(folder, create=True) as store:
        if not store.reader.articles(limit=1).items:
            started = time.perf_counter()
            seeded(store, statements)
            print(f"seeded {statements:,} statements in {time.perf_counter() - started:.0f} s", flush=True)
        started = time.perf_counter()
        sheet = store.analyst.sheet(Question())
        rows, cells = len(sheet.holders), sheet.size
        print(f"first map: {time.perf_counter() - started:.1f} s; {rows} stakeholders, {cells:,} cells")
        print(f"{'milliseconds':34}{'wall p50':>9}{'p99':>9}{'CPU p50':>9}{'p99':>9}")
        analyst = store.analyst
        for name, ask in questions(random).items():
            measure(f"store: {name}", lambda ask=ask: analyst.sheet(ask()))
        client = TestClient(create_app(Settings(data=folder), store=store), base_url="http://127.0.0.1")

        def get(path: str) -> None:
            answer = client.get(f"/v1/{path}min_confidence={random.random() * 0.6}")
            assert answer.status_code == 200, answer.text

        measure("HTTP: map, 800 × 12 in one answer", lambda: get("map?limit=1000&"))
        measure("HTTP: map, first 100 rows", lambda: get("map?"))
        for path in ("positions?", "divides?topic=pooling&", "changes?", "conditions?topic=pooling&"):
            measure(f"HTTP: {path.partition('?')[0]}", lambda path=path: get(path), 30)
        measure("HTTP: alliances", lambda: get("alliances?normalization=cosine&"), 10)
        measure("HTTP: silent", lambda: get("silent?topic=named-gp&"), 5)
        article = store.reader.article(store.reader.articles(limit=1).items[0].article.id)
        # With the write itself: the columns are brought into step by the question that follows.
        measure("store: a write and the map", lambda: (_write(store, article), analyst.sheet(Question())), 20)


def _write(store: Store, analysis: Any) -> None:
    store.writer.group_story(f"story-{time.perf_counter_ns()}", [analysis.article.id])


if __name__ == "__main__":
    with ExitStack() as stack:
        wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
        place = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(stack.enter_context(TemporaryDirectory()))
        main(wanted, place)
