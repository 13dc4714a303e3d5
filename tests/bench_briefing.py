"""Times briefings and charts on a synthetic store: ``python tests/bench_briefing.py [STATEMENTS] [DATA]``.

Each time another confidence is asked for, so that no answer is taken from those that are kept. The first briefing
reads the columns of the map, as the first map does.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from api.briefing.build import make_briefing
from api.briefing.formats import Format, write_briefing
from api.briefing.record import Asked
from api.charts.build import ChartKind, draw
from api.charts.svg import write_svg
from api.seeding import synthetic_articles
from api.services import Services
from api.settings import Settings
from api.store import Filters, Store
from api.store.analyst import Question
from nlp.topics import shipped_topics

TOPICS = [topic.id for topic in shipped_topics()][:12]
ROUNDS = 5


def measure(name: str, call: Callable[[], Any], rounds: int = ROUNDS) -> None:
    """Print the median and the longest of some calls in milliseconds."""
    wall, cpu = [], []
    for _ in range(rounds):
        started, used = time.perf_counter(), time.process_time()
        call()
        wall.append((time.perf_counter() - started) * 1e3)
        cpu.append((time.process_time() - used) * 1e3)
    told = [f"{sorted(times)[place]:9.0f}" for times in (wall, cpu) for place in (len(times) // 2, -1)]
    print(f"{name:44}{''.join(told)}", flush=True)


def main(statements: int, folder: Path) -> None:
    random = Random(1)
    with Store.open(folder, create=True) as store:
        if not store.reader.articles(limit=1).items:
            started = time.perf_counter()
            made = synthetic_articles(statements, TOPICS, seed=1)
            while lot := tuple(islice(made, 1000)):
                store.writer.write_new(lot)
            print(f"seeded {statements:,} statements in {time.perf_counter() - started:.0f} s", flush=True)
        services = Services(Settings(data=folder), store=store)
        topic = max(TOPICS, key=lambda id: store.analyst.sheet(Question(filters=Filters(topic=(id,)))).size)
        sheet = store.analyst.sheet(Question())
        people = tuple(sheet.holder(code).id for code in sheet.holders[:5])

        def asked(**given: Any) -> Asked:
            return Asked(min_confidence=0.5 + random.random() * 0.1, **given)

        print(f"{'milliseconds':44}{'wall p50':>9}{'most':>9}{'CPU p50':>9}{'most':>9}")
        measure(f"briefing on {topic}", lambda: make_briefing(services, asked(topics=(topic,))))
        measure("briefing on one stakeholder", lambda: make_briefing(services, asked(stakeholders=people[:1])))
        measure(
            "five stakeholders, all topics",
            lambda: make_briefing(services, asked(stakeholders=people, all_topics=True)),
        )
        whole = make_briefing(services, asked(topics=(topic,)))
        for format in Format:
            measure(f"printed as {format}", lambda format=format: write_briefing(whole, format))
        for kind, filters in (
            (ChartKind.TIMELINE, {"stakeholder": people[:1]}),
            (ChartKind.MAP, {}),
            (ChartKind.CAMPS, {"topic": (topic,)}),
            (ChartKind.FUNDING, {"topic": (topic,)}),
        ):
            measure(f"chart: {kind}", lambda kind=kind, filters=filters: _drawn(services, kind, random, filters))


def _drawn(services: Services, kind: ChartKind, random: Random, filters: dict[str, Any]) -> str:
    question = Question(filters=Filters(min_confidence=0.5 + random.random() * 0.1, **filters))
    return write_svg(draw(services, kind, question).chart)


if __name__ == "__main__":
    with ExitStack() as stack:
        wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
        place = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(stack.enter_context(TemporaryDirectory()))
        main(wanted, place)
