"""Rival sums: the different amounts that are quoted for one purpose and period, and by whom.

Sums are rivals when they have one unit, rate and family of kinds, their purposes are worded nearly alike, the period
is the same, and each is quoted by somebody who does not quote the other: whoever gives two sums parts a whole or
tells a before from an after.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import corpora
from nlp.figure_claims import Claim, distinct_amounts, in_order, make_claim, most_used
from nlp.figure_groups import (
    Figures,
    PrintedFigure,
    amount_key,
    by_parties,
    by_period,
    by_purpose,
    grouped,
    period_of,
    rate_of,
    runs_of,
)
from nlp.figure_rounding import join_rounded
from nlp.purposes import Purpose, is_named
from nlp.records import FigureKind, PartialDate, Period

#: Where the amounts differ, the purpose alone says that it is one money: four words of five must be the same.
#: "Primary care" and "primary care premises" (0.67) are two purposes then.
RIVAL_PURPOSE = 0.8
#: A purpose of one word ("the pilot", "practices") names many things: its sums are rivals within one story only, or
#: where all name one who pays or one who gets them. Of fourteen rivalries among gold's 1,104 figures four were of such
#: sums in unrelated stories, all of them false.
TELLING_WORDS = 2
#: Sums without a period are of one time when published within a year of the first of them.
RIVAL_DAYS = 366


@dataclass(frozen=True, slots=True, kw_only=True)
class Rivalry:
    """The different amounts for one purpose and period, those of the most stories first."""

    purpose: str
    words: tuple[str, ...]
    unit: str
    per: str | None
    family: str
    period: Period | None
    amounts: tuple[Claim, ...]
    reason: str

    @property
    def figures(self) -> tuple[PrintedFigure, ...]:
        return tuple(each for claim in self.amounts for each in claim.figures)

    @property
    def stories(self) -> int:
        """Distinct stories over all amounts."""
        return len({each.story for each in self.figures})

    @property
    def last(self) -> PartialDate | None:
        dates = [claim.last for claim in self.amounts if claim.last]
        return max(dates, key=lambda each: each.value, default=None)


@cache
def _families() -> dict[str, str]:
    return {kind: family for family, kinds in corpora.lexicon("claims")["families"].items() for kind in kinds}


def family_of(kind: FigureKind) -> str:
    """The kinds that are set against each other go by one word: allocation, spending and cost are "sum"."""
    return _families()[kind.value]


def find_rivalries(printed: Iterable[PrintedFigure]) -> tuple[Rivalry, ...]:
    """Every purpose with rival sums, those of the most stories first."""
    figures = [each for block in distinct_amounts(printed).values() for each in block]
    found = [
        rivalry
        for (unit, per, family), block in grouped(figures, _comparable).items()
        for purpose, alike in by_purpose(block, RIVAL_PURPOSE)
        if len(alike) > 1 and is_named(purpose)
        for timed in by_period(alike, year_spells)
        if len(timed) > 1
        for party in by_parties(timed)
        for group in _by_story(party, purpose)
        if (rivalry := _rivalry(group, unit, per, family)) is not None
    ]
    return tuple(sorted(found, key=lambda r: (-r.stories, -len(r.amounts), r.purpose, r.figures[0].figure.id)))


def _by_story(figures: Figures, purpose: Purpose) -> Iterable[Figures]:
    paid, given = (all(getattr(each.figure, role) for each in figures) for role in ("payer", "recipient"))
    if len(purpose) >= TELLING_WORDS or paid or given:
        return [figures]
    return grouped(figures, lambda each: each.story).values()


def _comparable(printed: PrintedFigure) -> tuple[str, str, str]:
    figure = printed.figure
    return figure.unit, rate_of(figure), family_of(figure.kind)


def year_spells(figures: Figures) -> Iterator[Figures]:
    """Runs of figures, each published within ``RIVAL_DAYS`` of the first of its run; undated ones story by story."""
    yield from runs_of(figures, lambda run, day: (day - (run[0].day or day)).days <= RIVAL_DAYS)
    yield from grouped((each for each in figures if each.day is None), lambda each: each.story).values()


def _rivalry(figures: Figures, unit: str, per: str, family: str) -> Rivalry | None:
    amounts = in_order(make_claim(group) for group in _rival_amounts(_by_amount(figures)))
    if not amounts:
        return None
    shown = [each for claim in amounts for each in claim.figures]
    period = period_of(shown)
    purpose = most_used([each.figure.what.text for each in shown if each.figure.what])
    return Rivalry(
        purpose=purpose,
        words=tuple(sorted({word for claim in amounts for word in claim.words})),
        unit=unit,
        per=per or None,
        family=family,
        period=period,
        amounts=amounts,
        reason=_reason(amounts, purpose, period),
    )


def _by_amount(figures: Figures) -> list[list[PrintedFigure]]:
    amounts = grouped(figures, lambda each: amount_key(each.figure)).values()
    return join_rounded(amounts) if len(amounts) > 1 else []


def _rival_amounts(groups: Sequence[Figures]) -> list[Figures]:
    """The groups that have a rival: each of the two is quoted by a voice that does not quote the other.

    Few voices quote many amounts, so that the first other group is nearly always the answer.
    """
    voices = [frozenset(each.voice for each in group) for group in groups]
    distinct = sorted(set(voices), key=lambda of: (len(of), sorted(of)))
    rival = {of for of in distinct if any(of - other and other - of for other in distinct)}
    return [group for group, of in zip(groups, voices, strict=True) if of in rival]


def _reason(amounts: Sequence[Claim], purpose: str, period: Period | None) -> str:
    smallest, largest = min(amounts, key=lambda c: c.amount.low), max(amounts, key=lambda c: c.amount.high)
    stories = len({each.story for claim in amounts for each in claim.figures})
    voices = len({each.voice for claim in amounts for each in claim.figures})
    when = f"for {period.text}" if period else "without a period, published within a year"
    span = f"from {smallest.text} to {largest.text}" if smallest.text != largest.text else f"all near {largest.text}"
    of = f"{stories} {'story' if stories == 1 else 'stories'}"
    return f"{len(amounts)} amounts for “{purpose}” {when}, {span}, by {voices} voices in {of}."
