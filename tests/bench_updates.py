"""Times the feed of updates on a synthetic store: ``python tests/bench_updates.py [STATEMENTS]``.

How long the first look at a store takes, what one changed article costs, and how fast all rows are streamed.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

from api.seeding import synthetic_articles
from api.services import Services
from api.settings import Settings
from api.store import Store
from api.updates import lines_of
from nlp.topics import shipped_topics

T = TypeVar("T")
TOPICS = [topic.id for topic in shipped_topics()][:12]
ROUNDS = 20


def timed(name: str, act: Callable[[], T]) -> T:
    began, used = time.perf_counter(), time.process_time()
    result = act()
    print(f"{name:34} {time.perf_counter() - began:9.3f} s, CPU {time.process_time() - used:8.3f} s", flush=True)
    return result


def main() -> None:
    statements = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with TemporaryDirectory() as folder, Store.open(Path(folder), create=True) as store:
        made = synthetic_articles(statements, TOPICS, seed=1)
        while lot := tuple(islice(made, 1000)):
            store.writer.write_new(lot)
        services = Services(Settings(data=Path(folder)), store=store)
        timed("first look at the store", store.updates.catch_up)
        rows = timed("all rows as JSON Lines", lambda: sum(text.count("\n") for text in lines_of(services, 0)))
        print(f"{'rows':34} {rows:9,}")
        changed = [id for id, _ in store.reader.article_runs()][:ROUNDS]
        took = []
        for number, id in enumerate(changed):
            store.writer.group_story(f"story {number} {datetime.now(UTC):%S}", [id])
            used = time.process_time()
            store.updates.catch_up()
            took.append(time.process_time() - used)
        print(f"{'one changed article, median':34} {sorted(took)[len(took) // 2]:9.3f} s CPU")
        timed("nothing changed, a page of 200", lambda: store.updates.catch_up() and store.updates.page(rows // 2, 200))
    print(f"{'largest memory':34} {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:9.0f} MB")


if __name__ == "__main__":
    main()
