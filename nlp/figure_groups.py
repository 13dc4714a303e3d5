"""Printed figures parted by amount, purpose, period and who pays or gets the money.

Each rule parts a list by what stands in it, never by its order; none holds every figure against every other.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from typing import NamedTuple, TypeVar

import corpora
from nlp.purposes import Purpose, gather, purpose_of, stem_of
from nlp.records import Figure, PartialDate, Period

K = TypeVar("K", bound=Hashable)

#: Days that two periods share, as a part of the longer, from which they are one: the calendar year and the financial
#: year that begins in it (0.75) are, two financial years with a month in common and a year within a decade are not.
SHARED_TIME = 0.5
#: A sum without a period that is quoted again after so many days of silence may be another year's.
SILENCE_DAYS = 730


@dataclass(frozen=True, slots=True)
class PrintedFigure:
    """A figure where it was printed. ``figure.id`` is unique among all; ``story`` groups copies of one article."""

    figure: Figure
    article: str
    story: str
    publisher: str | None = None
    published: PartialDate | None = None

    @property
    def day(self) -> date | None:
        """The first day on which it can have been published."""
        return self.published.value if self.published else None

    @property
    def voice(self) -> str:
        """Who quotes it: its holder or, where the writer does, the story itself."""
        return self.figure.cited_by or f"story {self.story}"


Figures = Sequence[PrintedFigure]


class AmountKey(NamedTuple):
    """What an amount is, however it is printed: £1,200m and £1.2bn have one. A single value is both ends."""

    unit: str
    per: str
    low: Decimal
    high: Decimal


def amount_key(figure: Figure) -> AmountKey | None:
    """None for an amount that could not be worked out."""
    low, high = (figure.value, figure.value) if figure.low is None else (figure.low, figure.high)
    if low is None or high is None:
        return None
    return AmountKey(figure.unit, rate_of(figure), low, high)


def rate_of(figure: Figure) -> str:
    """What the amount is a rate of: "patient" for "per patient", empty for a sum."""
    return stem_of(figure.per) if figure.per else ""


def grouped(figures: Iterable[PrintedFigure], key: Callable[[PrintedFigure], K]) -> dict[K, list[PrintedFigure]]:
    """The figures by a key."""
    found: dict[K, list[PrintedFigure]] = defaultdict(list)
    for each in figures:
        found[key(each)].append(each)
    return found


def by_purpose(figures: Figures, least: float) -> Iterator[tuple[Purpose, list[PrintedFigure]]]:
    """The figures by what they are for, wordings of one purpose together; what tells none, story by story."""
    purposes = {each.figure.id: purpose_of(each.figure) for each in figures}
    leaders = gather((purpose for purpose in purposes.values() if purpose), least)
    told = [each for each in figures if purposes[each.figure.id]]
    yield from grouped(told, lambda each: leaders[purposes[each.figure.id]]).items()
    untold = [each for each in figures if not purposes[each.figure.id]]
    yield from ((frozenset(), group) for group in grouped(untold, lambda each: each.story).values())


def by_parties(figures: Figures) -> Iterator[list[PrintedFigure]]:
    """The figures by who gets and who pays the money; who does not say so joins where there is only one."""
    for group in _by_party(figures, lambda each: each.figure.recipient):
        yield from _by_party(group, lambda each: each.figure.payer)


def _by_party(figures: Figures, party: Callable[[PrintedFigure], str | None]) -> Iterator[list[PrintedFigure]]:
    found = grouped(figures, party)
    if len(found.keys() - {None}) <= 1:
        yield list(figures)
    else:
        yield from found.values()


def by_period(figures: Figures, spells: Callable[[Figures], Iterable[Figures]]) -> Iterator[list[PrintedFigure]]:
    """The figures by the time that the money is for.

    Dates go together where they share enough days. What has no dates goes by its words, and by ``spells``, which
    parts a list by the days of publication.
    """
    dated = [each for each in figures if _dates(each) is not None]
    leaders = _gather_dates([found for each in dated if (found := _dates(each)) is not None])
    yield from grouped(dated, lambda each: leaders[_dates(each) or (None, None)]).values()
    rest = grouped((each for each in figures if _dates(each) is None), _worded)
    for group in rest.values():
        yield from (list(spell) for spell in spells(group))


Dates = tuple[date | None, date | None]


def _dates(printed: PrintedFigure) -> Dates | None:
    period = printed.figure.period
    return (period.start, period.end) if period and (period.start or period.end) else None


def _gather_dates(found: Sequence[Dates]) -> dict[Dates, Dates]:
    counts = Counter(found)
    leaders: dict[Dates, Dates] = {}
    for dates in sorted(counts, key=lambda d: (-counts[d], d[0] or date.min, d[1] or date.max)):
        near = max(dict.fromkeys(leaders.values()), key=lambda leader: shared_time(dates, leader), default=dates)
        leaders[dates] = near if shared_time(dates, near) >= SHARED_TIME else dates
    return leaders


def shared_time(one: Dates, two: Dates) -> float:
    """Days in common as a part of the longer; of an open period the one day that is known counts, whole or not."""
    if None in one or None in two:
        return float(one == two or _holds_known(one, two) or _holds_known(two, one))
    (first, last), (begin, end) = sorted(_closed(one)), sorted(_closed(two))
    common = (min(last, end) - max(first, begin)).days + 1
    return max(0, common) / (max((last - first).days, (end - begin).days) + 1)


def _closed(dates: Dates) -> tuple[date, date]:
    first = dates[0] or dates[1] or date.min
    return first, dates[1] or first


def _holds_known(closed: Dates, opened: Dates) -> bool:
    start, end = closed
    known = opened[0] or opened[1]
    return start is not None and end is not None and known is not None and start <= known <= end


@cache
def _leads() -> frozenset[str]:
    return frozenset(corpora.lexicon("claims")["period"]["leads"])


def _worded(printed: PrintedFigure) -> str:
    """The words of a period without dates: "over the next three years" and "next three years" are one."""
    words = printed.figure.period.text.casefold().replace("-", " ").split() if printed.figure.period else []
    return " ".join(stem_of(word) for word in words if word not in _leads())


def chained_spells(figures: Figures) -> Iterator[Figures]:
    """Runs of figures with no silence of more than ``SILENCE_DAYS`` between two of them.

    What has no date of publication joins where there is only one run.
    """
    runs = runs_of(figures, lambda run, day: (day - (run[-1].day or day)).days <= SILENCE_DAYS)
    undated = [each for each in figures if each.day is None]
    if len(runs) <= 1:
        yield [*undated, *(each for run in runs for each in run)]
    else:
        yield from [*runs, *grouped(undated, lambda each: each.story).values()]


def runs_of(figures: Figures, goes_on: Callable[[Figures, date], bool]) -> list[list[PrintedFigure]]:
    """The dated figures, oldest first, cut where one does not go on with the run before it."""
    runs: list[list[PrintedFigure]] = []
    for each in sorted(figures, key=published_order):
        if each.day is None:
            continue
        if runs and goes_on(runs[-1], each.day):
            runs[-1].append(each)
        else:
            runs.append([each])
    return runs


def published_order(printed: PrintedFigure) -> tuple[date, str]:
    """Oldest first, undated before all, the same whatever the order in which they came."""
    return printed.day or date.min, printed.figure.id


def period_of(figures: Figures) -> Period | None:
    """The period that most of them say, in the words that most of them use."""
    said = Counter(each.figure.period for each in figures if each.figure.period)
    return min(said, key=lambda p: (-said[p], len(p.text), p.text, p.start or date.min), default=None)
