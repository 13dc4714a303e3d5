"""Where a figure stands, and its fields that are printed near it: its rate and its period."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import corpora
from nlp.clauses import Reading
from nlp.money import PERCENT, POINT, Amount, Form
from nlp.noun_governors import Line
from nlp.periods import FoundPeriod
from nlp.records import Period
from nlp.words import Word


@dataclass(frozen=True, slots=True)
class Place:
    """One amount where it stands: its sentence's text, words, and what governs it (percentages only)."""

    text: str
    line: Line
    at: int
    reading: Reading | None = None

    @property
    def amount(self) -> Amount:
        return self.line.amount(self.at)

    @property
    def words(self) -> Sequence[Word]:
        return self.line.words


_YEARLY = re.compile(r"(?:annual(?:ly)?|yearly)\b(?!\s(?:report|accounts|conference|meeting|survey|general))", re.I)
_YEARLY_AFTER = re.compile(
    r"^[^.;,£$€%]{0,40}\b(?:annually|each\syear|every\syear|per\s(?:year|annum)"
    r"|a\syear(?!\s(?:ago|earlier|later|before|on\b|after)))\b",
    re.I,
)
# "funding per head is £150": up to the amount, without another sum between.
_RATE_BEFORE = re.compile(
    r"\bper\s(?!cent)(?:[a-z]+\s){0,2}?"
    r"(?P<noun>patient|head|pupil|person|student|household|practice|resident|child|place|item|capita)\b"
    r"[^£$€%;:]{0,50}$",
    re.I,
)
_RATE_NOUNS = re.compile(
    r"\b(?P<unit>hourly|weekly|monthly|daily)\s(?:\w+\s){0,2}?"
    r"(?:rate|wage|fee|charge|cost|rent|pay|payment|allowance|benefit|salary|bill)s?\s"
    r"(?:[\w-]+\s){0,8}?(?:of|is|was|at|to|by)\s$",
    re.I,
)
_RATES = {"hourly": "hour", "weekly": "week", "monthly": "month", "daily": "day"}


@cache
def _per() -> Mapping[str, str]:
    return {str(noun): str(kept) for noun, kept in corpora.lexicon("money")["amounts"]["per"].items()}


def read_rate_around(place: Place) -> str | None:
    """The rate that is printed apart from the amount: "an annual budget of £5m", "£5m is spent each year"."""
    if place.amount.per or place.amount.form is Form.FACTOR:
        return place.amount.per
    lead = place.amount.lead
    before, after = place.text[max(0, lead - 90) : lead], place.text[place.amount.tail :][:60]
    yearly = list(_YEARLY.finditer(before))
    close = yearly and re.fullmatch(r"\s(?:[\w-]+\s){0,4}?(?:(?:of|at|is|was|by|to)\s)?", before[yearly[-1].end() :])
    if close or _YEARLY.match(after.lstrip(" -")) or _YEARLY_AFTER.match(after):
        return "year"
    if (match := _RATE_BEFORE.search(before)) and place.amount.unit not in {PERCENT, POINT}:
        return _per().get(match["noun"].lower())
    if match := _RATE_NOUNS.search(before):
        return _RATES[match["unit"].lower()]
    return _each(place) if re.match(r"\s?each\b(?!\s(?:year|month|week|day))", after) else None


def _each(place: Place) -> str | None:
    """ "practices will get £3,000 each" is a rate per practice."""
    words = place.words
    before = (words[index] for index in range(place.at - 1, max(-1, place.at - 14), -1))
    return next((_per()[word.stem] for word in before if word.stem in _per() and word.lower.endswith("s")), None)


_STOP_BETWEEN = re.compile(r"[;:—]|\b(?:but|while|whilst|whereas|although|compared|against|than|versus)\b|,\sand\b")
# "3% on last year" and "compared with 2010" give a base, not the time of the money.
_BASE = re.compile(r"\b(?:on|than|with|against)\s(?:the\s)?$")
# "In May ministers promised £5m" dates the promise.
_PROMISED = re.compile(r"\b(?:announc|pledg|promis|unveil|launch|vow|reveal|publish)\w{0,3}\b|\bcommitted\sto\b", re.I)
_FARTHEST = 160


def _cost(gap: str) -> int:
    """How far a period is from an amount: characters, with a surcharge for every mark between."""
    return len(gap) + 30 * sum(mark in ",()" for mark in gap)


def choose_period(place: Place, periods: Sequence[FoundPeriod]) -> Period | None:
    """The period that belongs to this amount: the nearest beside it, else one that leads the sentence."""
    amount, text = place.amount, place.text
    usable = [f for f in _beside(place, periods) if not _BASE.search(text[max(0, f.start - 14) : f.start])]
    costs: list[tuple[int, FoundPeriod]] = []
    for found in usable:
        after = found.start >= amount.end
        first, last = (amount.tail, found.start) if after else (found.end, amount.lead)
        gap = text[first:last]
        if _holds_amount(place, first, last) or _STOP_BETWEEN.search(gap) or _cost(gap) > _FARTHEST:
            continue
        if (after and _next_owns(place, found, gap)) or (not after and _PROMISED.search(gap)):
            continue
        costs.append((_cost(gap) + (0 if after else 12), found))
    if costs:
        return min(costs, key=lambda cost: cost[0])[1].period
    leading = periods[0] if periods and periods[0].end <= amount.start and periods[0].start < 14 else None
    return leading.period if leading and not _PROMISED.search(text[leading.end : amount.start][:_FARTHEST]) else None


def _beside(place: Place, periods: Sequence[FoundPeriod]) -> Sequence[FoundPeriod]:
    index = bisect_left(periods, place.amount.start, key=lambda found: found.start)
    return periods[max(0, index - 1) : index + 2]


def _holds_amount(place: Place, first: int, last: int) -> bool:
    return any(first <= other.start < last for other in _around(place))


def _next_owns(place: Place, found: FoundPeriod, gap: str) -> bool:
    """In "£5m and in 2015 £6m" the year belongs to the sum after it."""
    following = next((other for other in _around(place) if other.start >= found.end), None)
    return following is not None and following.start - found.end < 14 and bool(re.search(r"\band\b|,", gap))


def _around(place: Place) -> Sequence[Amount]:
    own = place.words[place.at].amount
    return place.line.amounts[max(0, own - 2) : own + 3]
