"""Joins the places of one money: a figure that an article repeats is one figure with several spans."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

import corpora
from nlp.inflections import stem
from nlp.money import PERCENT, POINT
from nlp.records import Direction, Figure, FigureKind, Recurrence, Span, Terms
from nlp.steps.figure_features import Labels

#: A figure is compared with so many earlier ones of its size at most, which keeps the time linear.
_LOOK_BACK = 8
#: So many figures of the body may be what a headline rounds.
_MOST_ROUNDED = 300
_OPEN_KINDS = frozenset({FigureKind.OTHER, FigureKind.ALLOCATION, FigureKind.SPENDING, FigureKind.COST})
#: So many significant digits are seldom quoted twice for two things.
_TELLING_DIGITS = 3

Key = tuple[str, Decimal | None, Decimal | None, Decimal | None]


@dataclass(frozen=True, slots=True)
class Draft:
    """A figure before merging, with its labels by the rules, which decide what is one money: two readings of one
    sum by a model would keep its places apart. ``labels`` are those it gets in the end.

    ``body`` is False in headlines, captions and pull quotes, which repeat the body. ``pointer``: printed as "the same
    amount", which is another money of that size. ``definite``: printed as "the £8m", which is the money of that size
    named before.
    """

    figure: Figure
    sentence: int
    body: bool
    labels: Labels
    pointer: bool = False
    definite: bool = False


def _key(figure: Figure) -> Key:
    return figure.unit, figure.value, figure.low, figure.high


@cache
def _generic() -> frozenset[str]:
    return frozenset(corpora.lexicon("money")["merging"]["generic"])


def _topic(figure: Figure) -> frozenset[str]:
    """The words of ``what`` that tell one money from another of the same size."""
    words = (stem(word.strip(".,;:()\"’‘“”'")) for word in (figure.what.text.split() if figure.what else ()))
    return frozenset(words) - _generic()


def _digits(figure: Figure) -> int:
    number = figure.value if figure.value is not None else figure.high
    return len(number.normalize().as_tuple().digits) if number is not None else 0


def _opposed(a: Figure, b: Figure) -> bool:
    return {a.direction, b.direction} == {Direction.UP, Direction.DOWN}


def _conflict(a: Figure, b: Figure) -> bool:
    periods = a.period and b.period and a.period.start and b.period.start and a.period.start != b.period.start
    bodies = any(x and y and x != y for x, y in ((a.recipient, b.recipient), (a.payer, b.payer), (a.per, b.per)))
    return _opposed(a, b) or bool(periods) or bodies


def _same_money(a: Draft, b: Draft) -> bool:
    """Whether two places of one size quote one money; in doubt they stay two."""
    if (a.figure.value is None and a.figure.low is None) or a.pointer or b.pointer:
        return False
    if b.definite and b.body and a.sentence != b.sentence and not _opposed(a.figure, b.figure):
        return True
    if _conflict(a.figure, b.figure):
        return False
    if not (a.body and b.body):
        return True
    if a.sentence == b.sentence:
        return False
    one, two = _topic(a.figure), _topic(b.figure)
    kinds = a.figure.kind == b.figure.kind or {a.figure.kind, b.figure.kind} <= _OPEN_KINDS
    if a.figure.unit in {PERCENT, POINT}:
        return kinds and (bool(one & two) or one == two != frozenset() or _digits(a.figure) >= 2)
    return bool(one & two) or _digits(a.figure) >= _TELLING_DIGITS or (kinds and (not one or not two))


@dataclass(slots=True)
class _Money:
    """One money while its places are gathered; the spans of ``draft.figure`` are not yet complete."""

    draft: Draft
    places: list[Span]

    def add(self, other: Draft) -> None:
        """Complete the fields of the first place by those of another; the body outranks the headline."""
        first, second = (other, self.draft) if other.body and not self.draft.body else (self.draft, other)
        one, two = first.figure, second.figure
        figure = replace(
            one,
            per=one.per or two.per,
            kind=two.kind if one.kind is FigureKind.OTHER else one.kind,
            what=one.what or two.what,
            payer=one.payer or two.payer,
            recipient=one.recipient or two.recipient,
            period=one.period or two.period,
            modifier=one.modifier or two.modifier,
            terms=two.terms if one.terms is Terms.UNSPECIFIED else one.terms,
            recurrence=two.recurrence if one.recurrence is Recurrence.UNSPECIFIED else one.recurrence,
        )
        labels = second.labels if first.labels.kind is FigureKind.OTHER else first.labels
        self.places.extend(other.figure.spans)
        self.draft = Draft(
            figure,
            max(first.sentence, second.sentence),
            first.body or second.body,
            replace(first.labels, kind=labels.kind),
        )

    def figure(self) -> Figure:
        labels, found = self.draft.labels, self.draft.figure
        if len(self.places) == 1 and labels == Labels(found.kind, found.direction, found.status):
            return found
        return replace(
            found,
            spans=tuple(sorted(set(self.places))),
            kind=labels.kind,
            direction=labels.direction,
            status=labels.status,
        )


def _rounds_to(figure: Figure, printed: Figure) -> bool:
    """Whether ``printed`` is ``figure`` with fewer digits, as headlines print it ("£1.2bn" for £1.23bn)."""
    exact, short = figure.value, printed.value
    if exact is None or short is None or figure.unit != printed.unit or not short or exact == short:
        return False
    step = short.normalize().as_tuple().exponent
    return (
        isinstance(step, int)
        and step + len(short.normalize().as_tuple().digits) > 0
        and exact.quantize(Decimal(1).scaleb(step)) == short
    )


def merge_figures(drafts: Sequence[Draft]) -> list[Figure]:
    """One figure for each money, in text order of their first places."""
    groups: dict[Key, list[_Money]] = {}
    for draft in drafts:
        same = groups.setdefault(_key(draft.figure), [])
        known = next((money for money in same[-_LOOK_BACK:] if _same_money(money.draft, draft)), None)
        if known is None:
            same.append(_Money(draft, list(draft.figure.spans)))
        else:
            known.add(draft)
    merged = _with_rounded([money for same in groups.values() for money in same])
    return sorted((money.figure() for money in merged), key=lambda f: f.spans[0].start)


def _with_rounded(moneys: Sequence[_Money]) -> list[_Money]:
    """Add what a headline rounds to the only figure of the body that it can be."""
    kept = [money for money in moneys if money.draft.body]
    body = min(len(kept), _MOST_ROUNDED)
    for money in (m for m in moneys if not m.draft.body):
        exact = [other for other in kept[:body] if _rounds_to(other.draft.figure, money.draft.figure)]
        if len(exact) == 1 and not _conflict(exact[0].draft.figure, money.draft.figure):
            exact[0].add(money.draft)
        else:
            kept.append(money)
    return kept
