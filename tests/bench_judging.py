"""Times judgements and merges on a synthetic store: ``python tests/bench_judging.py [STATEMENTS]``.

Printed are one judgement and its withdrawal, the merge of the stakeholder with the most articles and its undoing, and
what writing an article costs with judgements and merges standing and without any.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench_map import TOPICS, seeded

from api.judging import Given, judge, merge, reference_of, withdraw
from api.seeding import synthetic_articles
from api.services import Services
from api.settings import Settings
from api.store import Store
from nlp.judgements import Verdict

BY = "a bench"


def timed(name: str, call: Callable[[], Any]) -> Any:
    """Print how long a call took, in milliseconds of wall and of CPU time."""
    started, used = time.perf_counter(), time.process_time()
    found = call()
    print(
        f"{name:44}{(time.perf_counter() - started) * 1e3:10.1f}{(time.process_time() - used) * 1e3:10.1f}", flush=True
    )
    return found


def main(statements: int) -> None:
    """Fill a store and measure on it."""
    with TemporaryDirectory() as folder, Store.open(Path(folder), create=True) as store:
        seeded(store, statements)
        services = Services(Settings(data=Path(folder)), store=store)
        rows = sorted(store.reader.stakeholders(limit=200).items, key=lambda row: row.articles)
        one, other = rows[-1].stakeholder.id, rows[-2].stakeholder.id
        print(f"{statements} statements in {store.reader.article_count()} articles{'':14}{'ms':>8}{'CPU':>10}")
        new = [each.analysis for each in synthetic_articles(400, TOPICS, seed=9)]
        timed(f"write {len(new)} articles, nothing judged", lambda: [store.writer.write_analysis(each) for each in new])
        analysis = store.reader.article(store.reader.article_runs()[0][0])
        target = reference_of(analysis, analysis.statements[0])
        given = Given(target=target, verdict=Verdict.REJECT, by=BY)
        kept = timed("one judgement", lambda: judge(services, given))
        timed("its withdrawal", lambda: withdraw(services, kept.judgement.id, by=BY))
        judge(services, given)
        merged = timed(f"merge one of {rows[-1].articles} articles", lambda: merge(services, one, other, by=BY))
        timed("the map after it", lambda: store.reader.positions())
        for each in new:
            store.holdings.withdraw(each.article.id)
            store.holdings.readmit(each.article.id)
        timed(f"write {len(new)} articles, merged", lambda: [store.writer.write_analysis(each) for each in new])
        timed(f"undo it in {merged.changed} articles", lambda: withdraw(services, merged.judgement.id, by=BY))


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 20_000)
