"""Stored texts analysed anew with today's models and topics, beside what is stored, and swapped in at once.

What is found anew waits in the store (``api.store.staging``), so that work goes on after any interruption, and nobody
reads half of it: the swap is one transaction. Every part of an article knows the run that found it.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from api.applying import Failed, Step
from api.differences import COUNTED, Changes, Count, Pair, Turn, compare_analyses, count_turns, turned_positions
from api.faults import FAULTS
from api.services import Services, pipeline_run
from api.settings import Settings
from api.store.staging import PARTS, Anew, Swapped
from nlp.errors import ExpiredError, NotFoundError, NothingToDoError, NotSetUpError, UsageError
from nlp.records import Analysis, Run, Stakeholder, Topic

#: How long to wait for articles that another process has in hand, in seconds at a time.
PAUSE = 0.5
_STANDS_ON = {"stakeholders": PARTS, "statements": ("statements", "stances"), "stances": ("stances",)}
RunOf = Callable[[Sequence[Topic], Settings], Run]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is to be found anew: ``only`` of ``PARTS`` (none: all), in articles of older versions, or in these."""

    older_than: str | None = None
    only: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts with what stands on them, in their order."""
        named = {part for each in self.only or PARTS for part in _STANDS_ON.get(each, (each,))}
        return tuple(part for part in PARTS if part in named)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a swap would change; ``id`` names the re-analysis that waits for it.

    ``purged`` articles were left out, as their texts are gone.
    """

    id: str
    articles: int
    purged: int
    failed: tuple[Failed, ...]
    counts: Mapping[str, Count]
    turns: tuple[Turn, ...]


def check_plan(plan: Plan) -> None:
    """Raises UsageError for an unknown part or a version without a number."""
    for part in plan.only:
        if part not in PARTS:
            raise UsageError(f"there is no part {part!r} to find anew", do=f"the parts are {', '.join(PARTS)}")
    if plan.older_than is not None and not _numbers(plan.older_than):
        raise UsageError("--older-than needs a version", do="such as 0.2.0")


def find_anew(
    services: Services,
    plan: Plan,
    *,
    run: RunOf = pipeline_run,
    progress: Callable[[Step], None] | None = None,
) -> Outcome:
    """Analyse what the plan names, beside what is stored; what is done already for the same plan is not done again.

    Raises NothingToDoError when no article is chosen, NotFoundError for an unknown one.
    """
    check_plan(plan)
    topics = tuple(services.topics().values())
    today = run(topics, services.settings)
    staging = services.store.staging
    key = _key(plan, today)
    id = staging.find(key) or staging.open(key, _chosen(services, plan, today))
    staging.release(id)
    staging.retry(id)
    before = staging.progress(id)
    done = before.done
    while (article := _next(services, id)) is not None:
        _stage(services, id, article, plan, topics)
        done += 1
        if progress:
            progress(Step(done=min(done, before.total), total=before.total, article=article))
    return _outcome(services, id)


def swap(services: Services, plan: Plan, outcome: Outcome) -> Swapped:
    """Put what was found anew in the place of what is stored."""
    detail: dict[str, Any] = {"parts": list(plan.parts), "failed": len(outcome.failed)}
    counts = {what: [count.added, count.gone, count.changed] for what, count in outcome.counts.items()}
    return services.store.staging.swap(outcome.id, {**detail, "changes": counts})


def _next(services: Services, id: str) -> str | None:
    """An article that waits; None when none does, and no other worker has one in hand."""
    staging = services.store.staging
    while (article := staging.claim(id)) is None:
        if not staging.release(id):
            if not staging.progress(id).claimed:
                return None
            time.sleep(PAUSE)
    return article


def _stage(services: Services, id: str, article: str, plan: Plan, topics: Sequence[Topic]) -> None:
    staging = services.store.staging
    try:
        over, old = staging.over(article), services.store.judging.machine(article)
    except NotFoundError:
        over = None
    if over is None:
        staging.drop(id, article)
        return
    try:
        anew = analyse_anew(services, old, plan.parts, topics)
        staging.keep(id, anew, over=over, changes=compare_analyses(old, anew.analysis).to_json())
    except NotSetUpError:
        raise
    except FAULTS as error:
        staging.fail(id, article, str(error) or type(error).__name__)


def analyse_anew(services: Services, old: Analysis, parts: Sequence[str], topics: Sequence[Topic]) -> Anew:
    """The analysis with these parts found anew, and the others as they are.

    The text is the stored one; what its reader or an earlier version knew of title and genre is kept.
    """
    if "statements" not in parts and "stances" in parts:
        base = services.engine.apply(old, topics, None)
        fresh = _fresh(services, old, topics) if "figures" in parts else None
        runs = {"figures": fresh.run} if fresh and fresh.run != base.run else {}
        merged = replace(base, figures=fresh.figures, stakeholders=_joined(base, fresh)) if fresh else base
        return Anew(analysis=merged, found=("statements", *parts), part_runs=runs)
    fresh = _fresh(services, old, topics)
    if set(parts) == set(PARTS):
        return Anew(analysis=fresh, found=parts, part_runs={})
    taken: dict[str, Any] = {name: getattr(fresh, name) for name in parts}
    taken |= {"issues": fresh.issues} if "statements" in parts else {}
    merged = replace(old, stakeholders=_joined(old, fresh), **taken)
    return Anew(analysis=merged, found=parts, part_runs={part: fresh.run for part in parts if fresh.run != old.run})


def _fresh(services: Services, old: Analysis, topics: Sequence[Topic]) -> Analysis:
    return services.analyse(replace(old.article, blocks=()), topics)


def _joined(old: Analysis, fresh: Analysis) -> tuple[Stakeholder, ...]:
    """The stakeholders as they were, and those beside them that what is new may name."""
    known = {each.id for each in old.stakeholders}
    return (*old.stakeholders, *(each for each in fresh.stakeholders if each.id not in known))


def _chosen(services: Services, plan: Plan, today: Run) -> list[str]:
    store = services.store
    runs = dict(store.reader.article_runs())
    purged = store.holdings.purged_articles()
    for article in plan.articles:
        if article in purged:
            raise ExpiredError("its text was purged, so it cannot be analysed anew", where=article)
        if article not in runs:
            raise NotFoundError("there is no such article", where=article)
    ids = list(dict.fromkeys(plan.articles)) or list(runs)
    if plan.older_than is None and plan.articles:
        return ids
    others = store.staging.part_runs()
    stale = [id for id in ids if _is_stale(plan, today, runs[id], others.get(id, {}))]
    if not stale:
        what = f"older than {plan.older_than}" if plan.older_than else "of another run than today's"
        raise NothingToDoError(f"no stored article is {what}", do="name articles with --article to analyse them anyway")
    return stale


def _is_stale(plan: Plan, today: Run, own: Run, others: Mapping[str, Run]) -> bool:
    runs = [(part, others.get(part, own)) for part in plan.parts]
    if plan.older_than is not None:
        bound = _numbers(plan.older_than)
        return any(_numbers(run.version) < bound for _, run in runs)
    return any(not _is_today(part, run, today) for part, run in runs)


def _is_today(part: str, run: Run, today: Run) -> bool:
    if part != "stances":
        return run.digest == today.digest
    # Stances that were read anew from what older code found are today's all the same.
    return run.version == today.version and {each for each in run.models if each[0] != "read by"} == set(today.models)


def _numbers(version: str) -> tuple[int, ...]:
    """The numbers of a version, without zeros at the end: 0.2 is 0.2.0."""
    found = [int(number) for number in re.findall(r"\d{1,9}", version.partition("+")[0])]
    while found[1:] and found[-1] == 0:
        found.pop()
    return tuple(found)


def _key(plan: Plan, today: Run) -> str:
    asked = {"older_than": plan.older_than, "parts": plan.parts, "articles": plan.articles, "run": today.digest}
    return json.dumps(asked, sort_keys=True)


def _outcome(services: Services, id: str) -> Outcome:
    failed: list[Failed] = []
    total = {what: Count() for what in COUNTED}
    articles = 0
    touched: dict[str, set[Pair]] = {}
    for each in services.store.staging.kept(id):
        articles += 1
        if each.changes is None:
            failed.append(Failed(each.article, each.reason or ""))
            continue
        changes = Changes.from_json(each.changes)
        total = {what: total[what] + count for what, count in changes.counts.items()}
        if changes.pairs:
            touched[each.article] = set(changes.pairs)
    if not articles:
        raise NothingToDoError("the re-analysis was swapped in by another process, or its articles are gone")
    turns = tuple(_turns(services, id, touched))
    counts = {**total, "positions": count_turns(turns)}
    purged = len(services.store.holdings.purged_articles())
    return Outcome(id=id, articles=articles, purged=purged, failed=tuple(failed), counts=counts, turns=turns)


def _turns(services: Services, id: str, touched: Mapping[str, Iterable[Pair]]) -> list[Turn]:
    """The positions that turn, a topic at a time: so much is in memory at once."""
    pairs = {pair for each in touched.values() for pair in each}
    least, found = services.settings.min_confidence, list[Turn]()
    for topic in sorted({topic for _, topic in pairs}):
        changed = [article for article, own in touched.items() if any(pair[1] == topic for pair in own)]
        before, after = services.store.staging.observations(id, topic, changed, min_confidence=least)
        turns = turned_positions(before, after, least=least)
        found += [turn for turn in turns if (turn.holder, turn.topic) in pairs]
    return sorted(found, key=lambda turn: (turn.topic, turn.holder))
