"""What governs a percentage: the noun and verb that say what it measures, and so whether it measures money.

Readers are tried from the tightest relation ("8% of the budget") to the loosest (the nearest known noun);
the first that finds a noun of a known class decides. No known noun means no money.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache

import corpora
from nlp.clauses import Phrase, Reading, noun_kind
from nlp.money import PERCENT, POINT, Form
from nlp.noun_governors import KNOWN, Line, read_compound, read_left_noun, read_more, read_paid_part, read_share
from nlp.verb_governors import read_doubled, read_right_verb, read_verb
from nlp.words import has_tag, is_mark, is_verb, lower_at

_HARD = frozenset(";—")
_OF_MONEY = ("linking", "spending_verbs", "verb up", "verb down", "verb flat")


#: What only money is counted in, beside a percentage or at the head of its sentence.
_REAL = re.compile(
    r"\W{0,3}(?:(?:a\syear|more|less|higher|lower|up|down)\s)?(?:in\s(?:real|cash)(?:\sterms)?\b|(?:after|once|above|below)\sinflation\b)",
    re.I,
)
_REAL_FIRST = re.compile(r"\W{0,3}(?:(?:in|and\sin)\s(?:real|cash)\sterms|after\sinflation)\b", re.I)


#: So far from the head of its sentence an amount may stand.
_REACH_REAL = 60


def _in_real_terms(line: Line, at: int) -> bool:
    amount = line.amount(at)
    opened = amount.lead < _REACH_REAL and _REAL_FIRST.match(line.text)
    return bool(opened or _REAL.match(line.text[amount.tail : amount.tail + 40]))


def _answers(line: Line, at: int) -> bool:
    """ "31 per cent said yes", "61% expected …": people, whatever they were asked about."""
    determined = has_tag(line.words, at - 1, "determiners")
    return not determined and has_tag(line.words, at + 1, "answering")


def _is_sum(line: Line, number: int) -> bool:
    return line.amounts[number].unit not in {PERCENT, POINT, ""}


def _listed(line: Line, at: int, earlier: Sequence[Reading | None]) -> Reading | None:
    """In a list or a comparison ("3% for hospitals and 1% for GPs", "up from 2%") the first amount decides."""
    words = line.words
    for index in range(at - 1, max(0, at - 16) - 1, -1):
        number = words[index].amount
        if number >= 0 and index == at - 2 and words[at - 1].lower == "(" and _is_sum(line, number):
            return Reading("near", "money")  # "an overspend of £0.75m (1.9%)"
        if number >= 0:
            before = earlier[number] if number < len(earlier) else None
            same = line.amounts[number].unit in {PERCENT, POINT}
            return before if same and before and before.relation != "real" else None
        if is_mark(words[index], _HARD) or (is_verb(words, index) and not has_tag(words, index, *_OF_MONEY)):
            return None
    return None


def _same_list(line: Line, at: int, earlier: Sequence[Reading | None]) -> Reading | None:
    """ "60% of the cost in the first year, 40% in the second": one list, and no noun of its own."""
    words = line.words
    if lower_at(words, at - 1) not in {",", "and"} or lower_at(words, at + 1) != "in":
        return None
    index = next((i for i in range(at - 1, max(0, at - 10) - 1, -1) if words[i].amount >= 0 or is_verb(words, i)), -1)
    found = _listed(line, at, earlier) if index >= 0 and words[index].amount >= 0 else None
    own = noun_kind(words, at + 3) if at + 3 < len(words) else ""
    return found if found and found.kind == "money" and own not in KNOWN else None


def _nearest(line: Line, at: int) -> Reading | None:
    """The nearest known noun within a few words on either side, when it is one of money."""
    words = line.words
    for step in range(1, 7):
        for index in (at - step, at + step):
            if not 0 <= index < len(words) or words[index].amount >= 0:
                continue
            if any(is_mark(w) and w.lower != "," for w in words[min(at, index) + 1 : max(at, index)]):
                continue
            kind = noun_kind(words, index)
            if kind in KNOWN and not is_verb(words, index) and not (words[index].capital and index):
                return Reading("near", kind, Phrase(index, index + 1, kind, "", (index,)))
    return None


# "£301m in 2015/16, a rise of 1.9 per cent", "£61m, 8% more than the year before", "£40m (up 3%)": of the sum before.
_BESIDE_SUM = re.compile(
    r"(?:\s(?:a|in|for|at|since|last|this|next|over|per)\s[\w/–-]+(?:\s[\w/–-]+){0,2})?\s?[,(–—]\s?"
    r"(?:(?:or|and|which\s(?:is|was)|that\sis)\s)?"
    r"(?P<told>an?\s(?:[\w-]+\s){0,2}?(?:rise|increase|growth|jump|cut|fall|drop|decrease|reduction)\sof\s"
    r"|(?:an?\s)?(?:up|down)\s(?:by\s)?)?",
    re.I,
)
_MORE = re.compile(r"\s(?:more|less|higher|lower|up|down|rise|increase|cut|fall)\b", re.I)
_OF_TOTAL = re.compile(r"\sof\s(?:the\s(?:total|whole|sum|amount)|it|that|this)\b(?!\s(?:number|of))", re.I)
_OF_ELSE = re.compile(
    r"\s(?:[\w-]+\s)?(?:in|of)\s(?!real|cash|a\b|one\b|\d|the\s(?:year|past|last|same))|\s(?:more|fewer|less)\s(?!than|in\b)",
    re.I,
)


def _of_sum(line: Line, at: int) -> Reading | None:
    """How the sum right before the percentage has changed, where no other thing is named with it."""
    number = line.words[at].amount
    if not number or not _is_sum(line, number - 1):
        return None
    before, amount = line.amounts[number - 1], line.amounts[number]
    beside = _BESIDE_SUM.fullmatch(line.text[before.tail : amount.lead][:90])
    after = line.text[amount.tail : amount.tail + 40]
    if beside and not beside["told"] and _OF_TOTAL.match(after):
        return Reading("share", "money")
    if not beside or not (beside["told"] or _MORE.match(after)) or _OF_ELSE.match(after):
        return None
    own = read_left_noun(line, at) or read_more(line, at)
    up_or_down = next((word for word in ("up", "down") if lower_at(line.words, at - 1) == word), "")
    return Reading("apposition", "money", own.phrase if own else None, (own and own.change) or up_or_down, delta=True)


_READERS: tuple[Callable[[Line, int], Reading | None], ...] = (
    read_share,
    read_paid_part,
    read_more,
    read_compound,
    read_left_noun,
    read_verb,
    read_right_verb,
)


def _real_pay(line: Line, at: int, reading: Reading) -> bool:
    """ "A nurse has lost 14% in real terms": what somebody who is paid loses is pay."""
    paid = reading.phrase is not None and any(has_tag(line.words, i, "paid") for i in reading.phrase.nouns)
    return paid and bool(reading.change) and reading.relation == "subject" and _in_real_terms(line, at)


@cache
def _ranked() -> frozenset[str]:
    return frozenset(corpora.lexicon("money")["classes"]["ranked"])


def _by_neighbours(line: Line, at: int, earlier: Sequence[Reading | None]) -> Reading | None:
    """What the words right beside the amount decide, whatever it hangs on."""
    if _answers(line, at):
        return Reading("answer", "other")
    if line.amount(at).form is Form.NUMBER and (found := _of_sum(line, at)):
        return found
    up_from = lower_at(line.words, at - 1) == "from" and lower_at(line.words, at - 2) in {"up", "down"}
    found = _listed(line, at, earlier) if up_from else None  # "8.4% of its budget, up from 7.9%"
    return found if found and found.kind in KNOWN else _same_list(line, at, earlier)


def govern(line: Line, at: int, earlier: Sequence[Reading | None] = ()) -> Reading:
    """What the percentage at this word measures; ``kind`` is "money" only when a reader says so.

    ``earlier`` are the readings of the amounts before it, for lists and comparisons.
    """
    form = line.amount(at).form
    if form is Form.OUT_OF:
        return Reading("share", "money")
    if lower_at(line.words, at - 1) in _ranked():
        return Reading("ranked", "other")
    if found := _by_neighbours(line, at, earlier):
        return found
    change, delta, own = "", False, None
    readers = (read_doubled,) if form is Form.FACTOR else _READERS
    for reader in readers:
        reading = reader(line, at)
        if reading is None:
            continue
        if reading.relation == "noun" and not reading.change and lower_at(line.words, at - 1) == "by":
            reading = replace(reading, change=next((r.change for r in reversed(earlier) if r), ""), delta=True)
        change, delta, own = change or reading.change, delta or reading.delta, own or reading.phrase
        if reading.kind == "other" and _real_pay(line, at, reading):
            reading = replace(reading, kind="money")
        if reading.kind in {*KNOWN, "unknown"}:
            return replace(reading, change=change, delta=delta)
    if form is Form.FACTOR:
        return Reading("none", "")
    if form is Form.NUMBER and _in_real_terms(line, at):
        return Reading("real", "money", own, change, delta=delta)
    for found in (_listed(line, at, earlier), _nearest(line, at)):
        if found and found.kind in KNOWN:
            phrase = own if form is Form.POINTER and own else found.phrase
            return replace(found, phrase=phrase, change=change or found.change, delta=delta)
    return Reading("none", "", None, change)
