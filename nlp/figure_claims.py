"""The same money across articles: figures that make one claim, whoever quotes it and however it is printed.

Two figures are one claim when amount, rate, period and purpose agree, and none says another payer or recipient. A
round sum is the exact one that it rounds only where it is marked so ("about £1.2bn" and £1.21bn).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from nlp.figure_groups import (
    AmountKey,
    Figures,
    PrintedFigure,
    amount_key,
    by_parties,
    by_period,
    by_purpose,
    chained_spells,
    grouped,
    period_of,
    published_order,
)
from nlp.figure_rounding import join_rounded, mark_of
from nlp.purposes import content_words, purpose_of
from nlp.records import PartialDate, Period

#: Wordings of a purpose are one where the amounts are equal too and they share half of their words ("primary care
#: premises", "primary care"): two equal sums for like purposes are rarely two sums.
SAME_PURPOSE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """Who quotes a claim: a holder or, where the writer gives the sum, the publisher (both None: nobody named)."""

    holder: str | None
    publisher: str | None
    stories: int
    first: PartialDate | None
    last: PartialDate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One money, quoted by one or more figures, newest first. ``text`` and ``purpose`` are as most print them."""

    amount: AmountKey
    text: str
    purpose: str
    words: tuple[str, ...]
    period: Period | None
    figures: tuple[PrintedFigure, ...]
    reason: str

    @property
    def stories(self) -> int:
        """Distinct stories: copies of one article are one."""
        return len({each.story for each in self.figures})

    @property
    def articles(self) -> int:
        return len({each.article for each in self.figures})

    @property
    def first(self) -> PartialDate | None:
        return min(_dates(self.figures), key=_day, default=None)

    @property
    def last(self) -> PartialDate | None:
        return max(_dates(self.figures), key=_day, default=None)

    @property
    def voices(self) -> tuple[Voice, ...]:
        """Who quotes it, those with the most stories first."""
        found = grouped(self.figures, lambda each: (each.figure.cited_by or "", _writer(each)))
        voices = [_voice(holder or None, publisher or None, of) for (holder, publisher), of in found.items()]
        return tuple(sorted(voices, key=lambda v: (-v.stories, v.holder or "", v.publisher or "")))


def _writer(printed: PrintedFigure) -> str:
    return "" if printed.figure.cited_by else printed.publisher or ""


def _voice(holder: str | None, publisher: str | None, figures: Figures) -> Voice:
    dates = _dates(figures)
    return Voice(
        holder=holder,
        publisher=publisher,
        stories=len({each.story for each in figures}),
        first=min(dates, key=_day, default=None),
        last=max(dates, key=_day, default=None),
    )


def _dates(figures: Figures) -> list[PartialDate]:
    return [each.published for each in figures if each.published]


def _day(published: PartialDate) -> tuple[date, str]:
    return published.value, published.precision


def find_claims(printed: Iterable[PrintedFigure], *, least_articles: int = 1) -> tuple[Claim, ...]:
    """Every claim that so many articles quote, those of the most stories first; an unknown amount is none."""
    groups = (group for group in same_money(printed) if len({each.article for each in group}) >= least_articles)
    return in_order(make_claim(group) for group in groups)


def same_money(printed: Iterable[PrintedFigure]) -> list[list[PrintedFigure]]:
    """The figures of each claim, without what is said of them all."""
    blocks = distinct_amounts(printed).values()
    alone = [block for block in blocks if len(block) == 1]
    groups = [
        group
        for block in blocks
        if len(block) > 1
        for _, alike in by_purpose(block, SAME_PURPOSE)
        for timed in by_period(alike, chained_spells)
        for group in by_parties(timed)
    ]
    return join_rounded([*alone, *groups])


def distinct_amounts(printed: Iterable[PrintedFigure]) -> dict[AmountKey, list[PrintedFigure]]:
    """The figures by amount, each once."""
    once = {each.figure.id: each for each in printed}
    found: dict[AmountKey, list[PrintedFigure]] = {}
    for each in once.values():
        key = amount_key(each.figure)
        if key is not None:
            found.setdefault(key, []).append(each)
    return found


def is_for(figures: Iterable[PrintedFigure], purpose: str) -> bool:
    """Whether the figures, among them, say all words of a purpose, in any form; no where nothing is left of it."""
    wanted = content_words(purpose)
    said = {word for each in figures if each.figure.what for word in content_words(each.figure.what.text)}
    return bool(wanted) and wanted <= said


def in_order(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    """Most stories first, then most articles, then the larger amount; the same whatever order they came in."""
    return tuple(sorted(claims, key=lambda c: (-c.stories, -c.articles, -c.amount.high, c.figures[0].figure.id)))


def make_claim(figures: Figures) -> Claim:
    """The claim of figures that were found to be one money."""
    ordered = tuple(sorted(figures, key=published_order, reverse=True))
    amounts = Counter(key for each in ordered if (key := amount_key(each.figure)) is not None)
    exact = {key for each in ordered if mark_of(each.figure) is None and (key := amount_key(each.figure)) is not None}
    amount = min(amounts, key=lambda key: (key not in exact, -amounts[key], key))
    purposes = Counter(purpose_of(each.figure) for each in ordered)
    words = min(purposes, key=lambda p: (not p, -purposes[p], len(p), sorted(p)))
    period = period_of(ordered)
    text = most_used([each.figure.spans[0].text for each in ordered if amount_key(each.figure) == amount])
    return Claim(
        amount=amount,
        text=text,
        purpose=most_used([each.figure.what.text for each in ordered if each.figure.what]),
        words=tuple(sorted(words)),
        period=period,
        figures=ordered,
        reason=_reason(ordered, text, period, len(amounts) > 1),
    )


def most_used(texts: Sequence[str]) -> str:
    """The text that stands there most often, of equals the shortest; empty when there is none."""
    counts = Counter(" ".join(text.split()) for text in texts)
    return min(counts, key=lambda text: (-counts[text], len(text), text), default="")


def _reason(figures: Figures, text: str, period: Period | None, rounded: bool) -> str:
    articles, stories = len({each.article for each in figures}), len({each.story for each in figures})
    if articles == 1:
        return "Only one article quotes it."
    agree = "amount and purpose agree" if any(purpose_of(each.figure) for each in figures) else "amount and story agree"
    when = f"for {period.text}" if period else "no period is said"
    round_off = f"; sums marked as rounded are taken for {text}" if rounded else ""
    of = f"{articles} articles in {stories} {'story' if stories == 1 else 'stories'}"
    return f"{of} quote it: {agree}, {when}{round_off}."
