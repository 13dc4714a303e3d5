"""Round sums that stand for exact ones, where the text marks them so: "about £1.2bn" for £1.21bn, "£1.2bn" never."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from functools import cache

import corpora
from nlp.figure_groups import SHARED_TIME, Dates, Figures, PrintedFigure, amount_key, period_of, shared_time
from nlp.purposes import COMMON, Purpose, likeness, purpose_of
from nlp.records import Figure

#: The most that a round sum may be off, as a part of it: "about £1bn" is not £1.4bn, whatever it would round to.
ROUNDED = Decimal("0.05")
#: Where the amounts are not printed alike, four words of five of the purpose must be the same: "£1.2bn" and "about
#: £1.2bn" are often two sums.
NEARLY = 0.8


class Mark(Enum):
    """Where the exact sum may lie."""

    ABOUT = "about"
    UNDER = "under"
    OVER = "over"


@cache
def _marks() -> dict[str, Mark]:
    lexicon = corpora.lexicon("claims")["rounding"]
    return {word: mark for mark in Mark for word in lexicon[mark.value]}


def mark_of(figure: Figure) -> Mark | None:
    """How the text marks a sum as rounded; None where it does not."""
    return _marks().get((figure.modifier or "").casefold().rstrip("."))


def reach(value: Decimal, mark: Mark) -> tuple[Decimal, Decimal]:
    """The sums that a round one may stand for: half of its last digit that is not nought, and never over ROUNDED.

    >>> reach(Decimal(1_200_000_000), Mark.ABOUT)
    (Decimal('1150000000'), Decimal('1250000000'))
    """
    exponent = value.normalize().as_tuple().exponent
    digit = Decimal(10) ** exponent if isinstance(exponent, int) else Decimal(0)
    off = min(digit / 2, abs(value) * ROUNDED)
    low = value if mark is Mark.OVER else value - off
    return low, value if mark is Mark.UNDER else value + off


@dataclass(frozen=True, slots=True)
class _Group:
    """What is asked of a group of figures of one amount: ``value`` is None for a range."""

    value: Decimal | None
    unit: str
    marks: frozenset[Mark]
    exact: bool
    purpose: Purpose
    dates: Dates | None
    payers: frozenset[str]
    recipients: frozenset[str]


def _read(figures: Figures) -> _Group:
    key = amount_key(figures[0].figure)
    purposes = Counter(purpose_of(each.figure) for each in figures)
    marks = [mark_of(each.figure) for each in figures]
    period = period_of(figures)
    return _Group(
        value=key.low if key and key.low == key.high else None,
        unit=f"{key.unit} {key.per}" if key else "",
        marks=frozenset(mark for mark in marks if mark),
        exact=None in marks,
        purpose=min(purposes, key=lambda p: (not p, -purposes[p], len(p), sorted(p))),
        dates=(period.start, period.end) if period and (period.start or period.end) else None,
        payers=frozenset(each.figure.payer for each in figures if each.figure.payer),
        recipients=frozenset(each.figure.recipient for each in figures if each.figure.recipient),
    )


_Ways = dict[tuple[str, str], list[tuple[Decimal, int]]]


def join_rounded(groups: Iterable[Figures]) -> list[list[PrintedFigure]]:
    """The groups, those of marked round sums joined to the one exact sum near them of like purpose and period.

    Where several exact sums are near it stays by itself: which of them it stands for would be a guess.
    """
    ordered = sorted((list(group) for group in groups), key=lambda group: min(each.figure.id for each in group))
    rounded = {index for index, group in enumerate(ordered) if all(mark_of(each.figure) for each in group)}
    if not rounded:
        return ordered
    read = [_read(group) for group in ordered]
    ways = _ways(read)
    joined: dict[int, list[PrintedFigure]] = defaultdict(list)
    for index, group in enumerate(ordered):
        joined[_stands_for(index, read, ways) if index in rounded else index].extend(group)
    return list(joined.values())


def _ways(groups: Sequence[_Group]) -> _Ways:
    """The exact sums by unit and word of their purpose, in order of their value."""
    ways: _Ways = defaultdict(list)
    for index, group in enumerate(groups):
        if group.exact and group.value is not None:
            for word in group.purpose:
                ways[group.unit, word].append((group.value, index))
    for way in ways.values():
        way.sort()
    return ways


def _stands_for(index: int, groups: Sequence[_Group], ways: _Ways) -> int:
    """The group that this one is a rounding of; its own index where it is none, or of more than one sum."""
    group = groups[index]
    if group.value is None or group.exact:
        return index
    near = {each for word in group.purpose for each in _near(group, ways.get((group.unit, word), []))}
    fit = [each for each in near if _agree(group, groups[each])]
    if len({groups[each].value for each in fit}) != 1:
        return index
    return max(fit, key=lambda each: (likeness(group.purpose, groups[each].purpose), -each))


def _near(group: _Group, way: Sequence[tuple[Decimal, int]]) -> list[int]:
    if group.value is None:
        return []
    reaches = [reach(group.value, mark) for mark in group.marks]
    low, high = max(each[0] for each in reaches), min(each[1] for each in reaches)
    first = bisect_left(way, (low, -1))
    # Sums beyond COMMON that lie so near are no way to tell one, and would make the work quadratic.
    found = [index for value, index in way[first : first + COMMON] if value <= high]
    return found if len(found) < COMMON else []


def _agree(one: _Group, two: _Group) -> bool:
    if likeness(one.purpose, two.purpose) < NEARLY or len(one.payers | two.payers) > 1:
        return False
    if len(one.recipients | two.recipients) > 1 or (one.dates is None) != (two.dates is None):
        return False
    return one.dates is None or two.dates is None or shared_time(one.dates, two.dates) >= SHARED_TIME
