"""Where a figure stands, and its rate where that is printed apart from the amount."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import corpora
from nlp.clauses import Reading
from nlp.money import PERCENT, POINT, Amount, Form
from nlp.noun_governors import Line
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


_YEARLY = re.compile(
    r"(?:annual(?:ly)?|yearly)\b(?!\s(?:report|review|return|statement|audit|accounts|conference|meeting|survey|general))",
    re.I,
)
_YEARLY_AFTER = re.compile(
    r"^[^.;,£$€%]{0,40}\b(?:annually|each\syear|every\syear|per\s(?:year|annum)"
    r"|(?<!\bin\s)a\syear(?!\s(?:ago|earlier|later|before|on\b|after)))\b",
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
