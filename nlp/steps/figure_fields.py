"""Where a figure stands, and its rate where that is printed apart from the amount."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial

import corpora
from nlp.clauses import Phrase, Reading, left_bound, subject, verb_left
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
    # What every reader asks for is found once. ``bound`` is where the clause begins, ``verb`` the place of the verb to
    # the left (-1 without one), ``subject`` what that verb says something about.
    amount: Amount = field(init=False)
    words: Sequence[Word] = field(init=False, repr=False)
    bound: int = field(init=False, repr=False)
    verb: int = field(init=False, repr=False)
    subject: Phrase | None = field(init=False, repr=False)

    def __post_init__(self) -> None:
        words, keep = self.line.words, partial(object.__setattr__, self)
        bound = left_bound(words, self.at)
        verb = verb_left(words, self.at, bound)
        keep("amount", self.line.amount(self.at))
        keep("words", words)
        keep("bound", bound)
        keep("verb", verb)
        keep("subject", subject(words, verb, bound) if verb >= 0 else None)


_YEARLY = re.compile(
    r"(?:annual(?:ly)?|yearly)\b(?!\s(?:report|review|return|statement|audit|accounts|conference|meeting|survey|general))",
    re.I,
)
_YEARLY_AFTER = re.compile(
    r"^[^.;,£$€%]{0,60}\b(?:annually|each\syear|every\syear|per\s(?:year|annum)"
    r"|(?<!\bin\s)a\syear(?!\s(?:ago|earlier|later|before|after)|\son\b(?!\s\w)))\b",
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
    r"(?:rate|wage|fee|charge|cost|rent|pay|payment|allowance|benefit|salary|bill|pass|ticket|sum)s?\s"
    r"(?:[\w-]+\s){0,8}?(?:of|is|was|at|to|by|from)\s$",
    re.I,
)
# "each Sunday appointment has cost £198", "an average visit costs £39", "practices earned an average of £121,000".
_ONE_OF = re.compile(
    r"\b(?:each|every|(?:an?|the)\saverage)\s(?:[\w’'-]+\s){0,2}?(?P<noun>[a-z]+)\s(?:has\s|now\s|would\s|will\s)?"
    r"(?:costs?|gets?|got|pays?|paid|receives?|received|earns?|is|was|averages?)\s(?:\w+\s){0,2}$",
    re.I,
)
_OF_EACH = re.compile(
    r"\b(?P<noun>[a-z]+)s\s(?:[\w’'-]+\s){0,4}?(?:(?:averaged|average)|(?:an?|the)\saverage\sof)\s$", re.I
)
# "£1,310 a year for each of the island’s 71,000 residents", "£2,140 for every man, woman and child".
_FOR_EACH = re.compile(
    r"\s(?:(?:a|per)\s(?:year|month|week)\s)?for\s(?:each\sof\s(?:[\w’',]+\s){0,4}?(?P<noun>people|[a-z]+(?=s\b))"
    r"|(?:each|every)\s(?P<all>man,\swoman|person|resident|adult))",
    re.I,
)
# "the cost of treating one person is put at £360,000"; "£20,000 on the bill of an average practice", "£5,000 each for
# 20 boards".
_OF_ONE = (
    r"\b(?:costs?|price|bill|value|saving)\s(?:of|for)\s(?:[a-z]+ing\s)?(?:an?|one|each|every)\s(?:[\w-]+\s)??(?P<noun>NOUN)\b"
    r"[^£$€;:.,]{0,50}$"
)
_OF_AVERAGE = (
    r"[^.;:,£$€]{0,30}\b(?:of|for|to)\s(?:(?:an?|the)\s(?:average|typical|average-sized)\s(?P<noun>NOUN)"
    r"|an?\s(?P<sized>NOUN)\sof\s(?:average|typical|our|this)\ssize)\b"
    r"|\seach\sfor\s(?:the\s)?(?:[\w,]+\s)?(?P<many>NOUN)s\b"
)
_TIMES = frozenset({None, "year", "month", "week"})
#: Of "the cost of a patient … £4,000 a year" the patient is kept, of "the cost of a place … £264 a week" the week.
_PEOPLE = frozenset({"patient", "person", "head", "pupil", "student", "child", "worker", "household"})
# Between an amount and one of the same sort that its rate holds for too.
_SAME_RATE = re.compile(
    r"\s(?:against|compared\s(?:with|to)|(?:up|down)\sfrom|to|or|than)\s(?:(?:an?|the)\s(?:[\w-]+\s){1,3}of\s)?$"
    r"|\sand\s(?:the\s(?:\w+\s){0,2}|[\w\s]{0,50})$",
    re.I,
)
_FARTHEST, _LIKE = 70, 12
_RATES = {"hourly": "hour", "weekly": "week", "monthly": "month", "daily": "day"}


@cache
def _per() -> Mapping[str, str]:
    return {str(noun): str(kept) for noun, kept in corpora.lexicon("money")["amounts"]["per"].items()}


@cache
def _of_noun(pattern: str) -> re.Pattern[str]:
    """A pattern with the nouns that a rate may be of."""
    return re.compile(pattern.replace("NOUN", "|".join(sorted(_per(), key=len, reverse=True))), re.I)


def read_rate_around(place: Place) -> str | None:
    """The rate that is printed apart from the amount: "an annual budget of £5m", "£5m is spent each year"."""
    if place.amount.per in {*_TIMES, "person"} and (one := _for_each(place)):
        return one
    if place.amount.per in _TIMES and (one := _of_one(place)):
        return one
    if place.amount.per or place.amount.form is Form.FACTOR:
        return place.amount.per
    return _read_beside(place) or _shared(place)


def _read_beside(place: Place) -> str | None:
    lead = place.amount.lead
    before, after = place.text[max(0, lead - 90) : lead], place.text[place.amount.tail :][:80]
    yearly = list(_YEARLY.finditer(before))
    close = yearly and re.fullmatch(r"\s(?:[\w-]+\s){0,4}?(?:(?:of|at|is|was|by|to)\s)?", before[yearly[-1].end() :])
    if close or _YEARLY.match(after.lstrip(" -")) or _YEARLY_AFTER.match(after):
        return "year"
    if (match := _RATE_BEFORE.search(before)) and place.amount.unit not in {PERCENT, POINT}:
        return _per().get(match["noun"].lower())
    if match := _RATE_NOUNS.search(before):
        return _RATES[match["unit"].lower()]
    for pattern, text in ((_ONE_OF, before), (_OF_EACH, place.text[max(0, lead - 90) : place.amount.start])):
        if (match := pattern.search(text)) and place.amount.unit not in {PERCENT, POINT}:
            return _per().get(match["noun"].lower())
    return _each(place) if re.match(r"\s?each\b(?!\s(?:year|month|week|day))", after) else None


def _each(place: Place) -> str | None:
    """ "practices will get £3,000 each" is a rate per practice."""
    words = place.words
    before = (words[index] for index in range(place.at - 1, max(-1, place.at - 14), -1))
    return next((_per()[word.stem] for word in before if word.stem in _per() and word.lower.endswith("s")), None)


def _for_each(place: Place) -> str | None:
    """ "£5,930 a year for each of 27,000 people" is a rate per head."""
    match = _FOR_EACH.match(place.text, place.amount.end)
    if not match:
        return None
    noun = (match["noun"] or "head").lower()
    return "head" if noun in {"people", "resident", "person"} else _per().get(noun)


def _of_one(place: Place) -> str | None:
    """ "The cost of a patient is £4,000 a year" is a rate per patient; so is what falls on "an average practice"."""
    if place.amount.unit in {PERCENT, POINT}:
        return None
    lead = place.amount.lead
    before, after = (
        _of_noun(_OF_ONE).search(place.text[max(0, lead - 110) : lead]),
        _of_noun(_OF_AVERAGE).match(place.text, place.amount.end),
    )
    nouns = (before and before["noun"], after and (after["noun"] or after["sized"] or after["many"]))
    found = (_per().get(noun.lower()) for noun in nouns if noun)
    kept = _PEOPLE if place.amount.per else frozenset(_per().values()) - _TIMES
    return next((one for one in found if one in kept), None)


def _shared(place: Place) -> str | None:
    """The rate of the amount beside this one: "£134 a patient, against £136", "from £24.70 a head to £22.11"."""
    amounts, own = place.line.amounts, place.words[place.at].amount
    if own and (rate := rate_set_beside(place, amounts[own - 1])):
        return rate
    if own + 1 < len(amounts) and is_like(amounts[own], behind := amounts[own + 1]):
        gap = place.text[amounts[own].tail : behind.lead]
        return behind.per if gap.strip() in {"to", "or", "and"} else None
    return None


def rate_set_beside(place: Place, before: Amount | None) -> str | None:
    """The rate of the amount before, where this one is set beside it in the same sentence."""
    if before is None or not is_like(place.amount, before):
        return None
    gap = place.text[before.tail : place.amount.lead]
    return before.per if len(gap) < _FARTHEST and _SAME_RATE.search(gap) else None


def is_like(one: Amount, other: Amount) -> bool:
    """Whether two sums are of one sort: the same unit, and neither many times the other."""
    values = [amount.value if amount.value is not None else amount.high for amount in (one, other)]
    if one.unit != other.unit or one.unit in {PERCENT, POINT} or not values[0] or not values[1]:
        return False
    return 1 / _LIKE < float(values[0] / values[1]) < _LIKE
