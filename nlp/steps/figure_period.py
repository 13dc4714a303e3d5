"""Which of the periods of a sentence is that of a figure, and what a part or a restatement takes over."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from nlp.money import PERCENT, POINT, Amount, Form
from nlp.periods import FoundPeriod
from nlp.records import Period
from nlp.steps.figure_fields import Place, is_like
from nlp.words import Word, is_verb, lower_at

_STOP_BETWEEN = re.compile(r"[;:—]|\b(?:but|while|whilst|whereas|although|compared|against|than|versus)\b|,\sand\b")
# "3% on last year" and "compared with 2010" give a base, not the time of the money.
_BASE = re.compile(r"\b(?:on|than|with|against)\s(?:in\s)?(?:the\s)?$")
# "£15 more than in 2021": what a difference is reckoned from, which is all that is said of its time.
_MORE_THAN = re.compile(
    r"\s(?:a\s\w+\s)?(?:more|less|higher|lower|fewer|up|down)\s(?:[\w’']+\s){0,4}?than\s(?:(?:it|they)\s(?:was|were)\s)?"
    r"(?:in\s)?$",
    re.I,
)
# "In May ministers promised £5m" dates the promise.
_PROMISED = re.compile(r"\b(?:announc|pledg|promis|unveil|launch|vow|reveal|publish)\w{0,3}\b|\bcommitted\sto\b", re.I)
# "£4.6m in 2015, of which £3.1m …", "£85,000 of that", "which is 2% in real terms": the same money, or a part of it.
_PART_BEFORE = re.compile(
    r"\b(?:of\swhich|which\s(?:is|was|are|were|makes|(?:[\w’']+\s){0,3}puts?))\b[^,;:£$€%]{0,60}$"
    r"|\bof\swhich\b[^;:]{0,120}\sand\s$",
    re.I,
)
_RESTATES = re.compile(
    r"^(?:That|This)(?:['’]s|\s(?:is|was|comes|means|works|would|amounts))\b|^It\s(?:comes|came|works|is\sabout)\b"
    r"|\b(?:puts?|makes?|reckons?|rates?)\s(?:it|this|that)\b|\bfigure\s(?:is|was)\b|\bin\sreal\sterms\s(?:it|(?:that|this)\swas)\b"
    r"|\bof\s(?:that|this|which)\b|\b(?:after|before)\sinflation,?\sit\s(?:is|was|comes|came)\b"
    r"|^(?:The|That|This)\s(?:increase|rise|fall|cut|reduction|growth|change|drop)\s(?:is|was|comes|came|of)\b",
    re.I,
)
# "Shelter’s estimate is", "Our own accountants make it", "The union reckons on", "It was £9.40 when I took over".
# "In 2016/17 … . Locum costs were £510,000": what was goes on from a named year.
_NAMED_YEAR = re.compile(r"\d{4}[-–/]\d\d")
_WAS = re.compile(
    r"\b(?<!would\s)(?:was|were|got|received|had|took|paid|cost|spent|earned|came\sto)\s(?:(?:about|only|just|some)\s)?$",
    re.I,
)
# What opens a paragraph and is still of the sum of the one before.
_POINTS_BACK = re.compile(
    r"(?:The|That|This)\s(?:increase|rise|fall|cut|reduction|growth|change|drop)\s(?:is|was|comes|came)\b"
)
_OTHER_SUM = re.compile(
    r"\b(?:estimate|study|figure|sum|reckoning|rate|price|cost|charge|fee)\b[^,;:£$€]{0,40}\b(?:is|was|came\sto|gives?|put)"
    r"\s(?:\w+\s){0,2}$"
    r"|\b(?:reckons?|works?)\s(?:on|out)\s$|^(?:It|They|Now\sit|In\sreal\sterms\sit)\s(?:is|are|was|were|went|goes|will\sbe)\s"
    r"(?:[\w-]+\s){0,3}$|\basked\sfor\s$",
    re.I,
)
_OF_WHICH = re.compile(r"\bof\s(?:which|that|it|this)\b[^,;:£$€%]{0,60}$", re.I)
_PART_AFTER = re.compile(r"\s?of\s(?:that|it|this|them|which|the\s(?:total|sum|whole))\b", re.I)
# "£5m, which must be spent by March": the other clause tells when the sum itself is due.
_SPENT = re.compile(
    r"\b(?:it|which|that|they|to)\s(?:\w+\s){0,3}?be\s(?:re)?(?:spent|paid|used|invested|claimed|committed|handed)\s"
    r"(?:back\s|out\s)?$",
    re.I,
)
_CAME_FROM = re.compile(r"(?:\b(?:up|down)|,)\sfrom\s$", re.I)
_JOINED = re.compile(r"(?:\band|,)\s(?:(?!\w+ing\s)\w+\s){0,2}$")
_LEVEL = re.compile(r"\s(?:base|level|price|contract|figure)", re.I)
_LEADS_CLAUSE = re.compile(r"(?:,|\b(?:and|where|when|while))\s(?:(?:in|by|for|from)\s)?$", re.I)
_OPENERS = frozenset({"and", "which", "that", "where", "when", "before", "after", "because", "as", "if", "so"})
_RELATIVES = frozenset({"which", "that"})
# "£383 last year against £408 in Wales", "a deficit of £12m this year against a plan of £4m": a thing of the same time.
_SET_AGAINST = re.compile(r"\s(?:against|compared\s(?:with|to))\s(?:an?\s(?:[\w-]+\s){1,3}of\s)?$", re.I)
_FARTHEST = 160
#: So near behind a sum a period is that sum's own.
_OWNED = 45


def _cost(gap: str) -> int:
    """How far a period is from an amount: characters, with a surcharge for every mark between."""
    return len(gap) + 30 * sum(mark in ",()" for mark in gap)


def choose_period(
    place: Place, periods: Sequence[FoundPeriod], before: tuple[Amount, Period | None] | None = None
) -> Period | None:
    """The period that belongs to this amount: the nearest beside it, else one that leads the sentence.

    ``before`` is the amount before this one in the sentence with its period, which a part of it and "the same amount"
    take over.
    """
    found = _reckoned_from(place, periods) or _own_period(place, periods)
    takes_over = before is not None and (place.amount.form is Form.POINTER or is_part(place, before[0]))
    against = before is not None and _is_set_against(place, before[0], periods)
    return found or (before[1] if before and (takes_over or against) else None)


def _reckoned_from(place: Place, periods: Sequence[FoundPeriod]) -> Period | None:
    """The period that an amount is more or less than: "£18bn more than it was in 2010"."""
    after = next((found for found in periods if found.start >= place.amount.tail), None)
    gap = place.text[place.amount.tail : after.start] if after else ""
    return after.period if after and len(gap) < _OWNED and _MORE_THAN.fullmatch(gap) else None


def _is_set_against(place: Place, other: Amount, periods: Sequence[FoundPeriod]) -> bool:
    """Whether the amount is set against the one before it and has no time of its own behind it."""
    between = place.text[other.tail : place.amount.lead]
    later = any(found.start >= place.amount.tail for found in periods)
    return len(between) < _FARTHEST and not later and _SET_AGAINST.search(between) is not None


def is_part(place: Place, whole: Amount) -> bool:
    """Whether the amount is a part of the one before it in the sentence, or says it in other terms."""
    between, after = place.text[whole.tail : place.amount.lead], place.text[place.amount.tail :][:12]
    return _PART_BEFORE.search(between) is not None or _PART_AFTER.match(after) is not None


def is_base(place: Place, other: Amount) -> bool:
    """Whether the amount only says what the one before it is set against: "£3.4m in 2016/17, down from £3.6m"."""
    between = place.text[other.tail : place.amount.lead]
    return len(between) < _FARTHEST and (_SET_AGAINST.search(between) or _CAME_FROM.search(between)) is not None


def restated_period(place: Place, before: Period | None, same_block: bool) -> Period | None:
    """The period of the sentence before where this one says its money again: "The union puts it at £650m"."""
    if before is None or not (same_block or _POINTS_BACK.match(place.text)):
        return None
    lead, after = place.text[: place.amount.lead], place.text[place.amount.tail :][:20]
    goes_on = _NAMED_YEAR.search(before.text) and _WAS.search(lead[-30:])
    return before if goes_on or _RESTATES.search(lead[:_FARTHEST]) or _PART_AFTER.match(after) else None


def restated_rate(place: Place, before: Amount | None, same_block: bool) -> str | None:
    """The rate of the last sum of the sentence before where this one says its money again, or another's sum of it."""
    if before is None or not before.per or not same_block or not is_like(place.amount, before):
        return None
    lead = place.text[: place.amount.lead][:_FARTHEST]
    return before.per if _RESTATES.search(lead) or _OTHER_SUM.search(lead) else None


def part_rate(place: Place, before: Amount | None) -> str | None:
    """The rate of the sum that this one is a part of: "£31m a year, of which £19m is for staff"."""
    if before is None or not before.per or before.unit != place.amount.unit:
        return None
    between, after = place.text[before.tail : place.amount.lead], place.text[place.amount.tail :][:12]
    return before.per if _OF_WHICH.search(between) or _PART_AFTER.match(after) else None


def _own_period(place: Place, periods: Sequence[FoundPeriod]) -> Period | None:
    amount, text = place.amount, place.text
    usable = [found for found in _beside(place, periods) if not _is_base(text, found)]
    costs: list[tuple[int, FoundPeriod]] = []
    for found in usable:
        after = found.start >= amount.end
        first, last = (amount.tail, found.start) if after else (found.end, amount.lead)
        gap = text[first:last]
        due = after and _SPENT.search(gap) is not None
        stops = _STOP_BETWEEN.search(gap) and not due
        if _holds_amount(place, first, last) or stops or _cost(gap) > _FARTHEST:
            continue
        if (after and _next_owns(place, found, gap)) or (not after and _PROMISED.search(gap)):
            continue
        apart = not due and _other_clause(place.words, first, last)
        if apart if after else _owned_before(place, found):
            continue
        costs.append((_cost(gap) + (0 if after else 12), found))
    if costs:
        return min(costs, key=lambda cost: cost[0])[1].period
    leading = periods[0] if periods and periods[0].end <= amount.start and periods[0].start < 14 else None
    return leading.period if leading and not _PROMISED.search(text[leading.end : amount.start][:_FARTHEST]) else None


def _is_base(text: str, found: FoundPeriod) -> bool:
    """ "3% on last year", "above its 2008-09 level": what the money is compared with."""
    before, after = text[max(0, found.start - 14) : found.start], text[found.end : found.end + 16]
    return _BASE.search(before) is not None or _LEVEL.match(after) is not None


def _other_clause(words: Sequence[Word], first: int, last: int) -> bool:
    """Whether between two offsets another clause begins and has its verb: "£5m a year and it has run since 1953".

    A "who" always has one ("£95 off for landlords who apply in the first three months"); "those who start this autumn"
    are whom the sum is for.
    """
    opened = False
    begin, stop = bisect_left(words, first, key=_start), bisect_left(words, last, key=_start)
    # "the £4bn that taxpayers put in last year": the clause is about the sum, and so is its time.
    begin += begin + 1 < stop and words[begin].lower in _RELATIVES and not is_verb(words, begin + 1)
    for index in range(begin, stop):
        word = words[index]
        opened = opened or word.lower in _OPENERS
        acts = is_verb(words, index) and not word.lower.endswith("ing")
        theirs = word.lower == "who" and lower_at(words, index - 1) != "those"
        if theirs or (opened and (acts or word.lower in _RELATIVES)):
            return True
    return False


def _start(word: Word) -> int:
    return word.start


def _beside(place: Place, periods: Sequence[FoundPeriod]) -> Sequence[FoundPeriod]:
    index = bisect_left(periods, place.amount.start, key=lambda found: found.start)
    return periods[max(0, index - 1) : index + 2]


def _holds_amount(place: Place, first: int, last: int) -> bool:
    return any(first <= other.start < last for other in _around(place))


def _next_owns(place: Place, found: FoundPeriod, gap: str) -> bool:
    """In "£5m and in 2015 £6m" the year belongs to the sum after it."""
    following = next((other for other in _around(place) if other.start >= found.end), None)
    return following is not None and following.start - found.end < 14 and bool(_JOINED.search(gap))


def _owned_before(place: Place, found: FoundPeriod) -> bool:
    """In "£527m in 2013-14 and has to fall to £448m" the year belongs to the sum before it."""
    before = [other for other in _around(place) if other.tail <= found.start]
    if not before or place.amount.unit in {PERCENT, POINT}:
        return False
    by = place.text[: before[-1].lead].endswith("by ")
    if by and place.text[found.end : place.amount.lead].strip() == "to":  # "fell by £17m last year to £61m"
        return False
    gap = place.text[before[-1].tail : found.start]
    return len(gap) < _OWNED and not _STOP_BETWEEN.search(gap) and not _LEADS_CLAUSE.search(gap)


def _around(place: Place) -> Sequence[Amount]:
    own = place.words[place.at].amount
    return place.line.amounts[max(0, own - 2) : own + 3]
