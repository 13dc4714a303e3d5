"""``standpoint reanalyse``: stored texts analysed anew, what changes by it, and the swap."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping

from api.commands.output import ProgressBar, note, one_line, say, say_json
from api.differences import Count, Turn
from api.reanalysing import Outcome, Plan, RunOf, check_plan, find_anew, swap
from api.services import Services, pipeline_run
from api.store.staging import Swapped
from api.words import STANCES, count_words
from nlp.errors import UnreadableError, UsageError
from nlp.records import Stakeholder, StanceLabel

#: So many positions that turn are printed; with --json all of them are.
MOST = 50


def reanalyse(
    services: Services, plan: Plan, *, dry_run: bool, yes: bool, as_json: bool, run: RunOf = pipeline_run
) -> int:
    """Analyse anew, tell what changes, ask, and swap; the exit code is 3 when some articles could not be read."""
    check_plan(plan)
    if not (dry_run or yes or _can_ask()):
        raise UsageError(
            "nobody can be asked here whether to swap the results in",
            do="say --yes to swap them in, or --dry-run to see what would change",
        )
    outcome = _find(services, plan, run)
    if not as_json:
        say("\n".join(_lines(services, outcome)))
    swapped = swap(services, plan, outcome) if not dry_run and (yes or _agreed(outcome)) else None
    for id, reason in outcome.failed:
        note(f"standpoint: article {id}: {reason}")
    if as_json:
        say_json(_document(services, outcome, swapped))
    else:
        note(_ending(outcome, swapped))
    return UnreadableError.exit_code if outcome.failed else 0


def _can_ask() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _agreed(outcome: Outcome) -> bool:
    import typer

    done = count_words(outcome.articles - len(outcome.failed), "article")
    return typer.confirm(f"Swap in the new results of {done}?", err=True)


def _find(services: Services, plan: Plan, run: RunOf) -> Outcome:
    with ProgressBar("Analysing anew") as bar:
        try:
            return find_anew(
                services, plan, run=run, progress=lambda step: bar.show(step.done, step.total, step.article)
            )
        except KeyboardInterrupt:
            note("stopped; what is done is kept, and the same command goes on with the rest")
            raise


def _lines(services: Services, outcome: Outcome) -> Iterator[str]:
    purged = f", {outcome.purged} left out (their texts were purged)" if outcome.purged else ""
    yield f"{count_words(outcome.articles, 'article')} analysed anew, {len(outcome.failed)} failed{purged}"
    yield f"{'':12}{'added':>8}{'gone':>8}{'changed':>9}"
    for what, count in outcome.counts.items():
        yield f"{what:12}{count.added:>8}{count.gone:>8}{count.changed:>9}"
    turned = [turn for turn in outcome.turns if turn.before and turn.after]
    if turned:
        names, topics = _names(services, turned), services.topics()
        yield "\nPositions that turn"
        for turn in turned[:MOST]:
            topic = topics[turn.topic].name if turn.topic in topics else turn.topic
            yield "  " + one_line(f"{names[turn.holder]}, {topic}: {_word(turn.before)} → {_word(turn.after)}")
        if len(turned) > MOST:
            yield f"  … and {len(turned) - MOST} more (--json has them all)"


def _names(services: Services, turns: list[Turn]) -> Mapping[str, str]:
    ids = {turn.holder for turn in turns}
    known: Mapping[str, Stakeholder] = services.store.reader.stakeholders_by_id(ids)
    return {id: known[id].name if id in known else id for id in ids}


def _word(label: StanceLabel | None) -> str:
    return f"{STANCES[label].word} {STANCES[label].sign}".strip() if label else "none"


def _ending(outcome: Outcome, swapped: Swapped | None) -> str:
    if swapped is None:
        return "nothing was swapped in; the results wait for the same command with --yes"
    left = f", {swapped.left} left, as others wrote or took them away meanwhile" if swapped.left else ""
    lost = "; standpoint judge --list --orphaned shows judgements that lost their words" if swapped.orphaned > 0 else ""
    return f"{count_words(swapped.swapped, 'article')} swapped in{left}, {len(outcome.failed)} failed{lost}"


def _document(services: Services, outcome: Outcome, swapped: Swapped | None) -> dict[str, object]:
    names = _names(services, list(outcome.turns))
    return {
        "articles": outcome.articles,
        "purged": outcome.purged,
        "failed": [{"article": each.article, "reason": each.reason} for each in outcome.failed],
        "changes": {what: _counts(count) for what, count in outcome.counts.items()},
        "positions": [
            {
                "holder": {"id": turn.holder, "name": names[turn.holder]},
                "topic": turn.topic,
                "before": turn.before,
                "after": turn.after,
            }
            for turn in outcome.turns
        ],
        "swapped": swapped.swapped if swapped else None,
        "left": swapped.left if swapped else None,
        "orphaned": swapped.orphaned if swapped else None,
    }


def _counts(count: Count) -> dict[str, int]:
    return {"added": count.added, "gone": count.gone, "changed": count.changed}
