"""The direction of an amount that is set against another: of "from £2m to £3m" the later sum goes up, the earlier has
none; in "£6m, up from £5m" and "£2m, against £3m last year" it is the first that moved.
"""

from __future__ import annotations

import re

from nlp.money import Amount
from nlp.records import Direction
from nlp.steps.figure_fields import Place
from nlp.words import change_of_verb, lower_at

#: Reach behind an amount, in characters.
_BEHIND = 90
_MOVED_AFTER = re.compile(r"[^.;:]{0,70}?[,(–-]?\s*\b(up|down)\s(?:from|on|by|£|\d)")
_AGAINST = re.compile(r"\b(?:against|compared (?:with|to)|where last year)\b")
# "rises to £107.57 per weighted patient from £102.28"
_FROM = re.compile(r"(?:\s(?:a|per|an)\s(?:[\w-]+\s?){1,2})?,?\sfrom\s(?:(?:about|some|just)\s)?")
_NOW = re.compile(r"\b(?:now|will be|is to be|are to be|rising to|falling to|stands at|and is|and it is)\b")


def compare(place: Place) -> str:
    """How an amount stands beside another of its sentence.

    "start" and "base" for the earlier of two, "up", "down" or "flat" for the one that moved, "" for neither.
    """
    words, at, amounts = place.words, place.at, place.line.amounts
    amount, own = place.amount, words[at].amount
    behind = place.text[amount.end : amount.end + _BEHIND].lower()
    if lower_at(words, at - 1) == "from" and _leaves(place):
        return "start"
    if moved := _MOVED_AFTER.match(behind):
        return moved[1]
    if own + 1 < len(amounts) and _AGAINST.search(place.text[amount.end : amounts[own + 1].start].lower()):
        return _sign(amount, amounts[own + 1])
    if own == 0:
        return ""
    gap = place.text[amounts[own - 1].end : amount.start].lower()
    if _FROM.fullmatch(gap) and amounts[own - 1].unit == amount.unit:
        return "start"
    if _AGAINST.search(gap):
        return "base"
    later = lower_at(words, at - 1) == "to" or _NOW.search(gap + behind[:8])
    return _sign(amount, amounts[own - 1]) if later else ""


def _leaves(place: Place) -> bool:
    """Whether "from" opens a change, not a source of money ("from £5m of savings")."""
    words, at = place.words, place.at
    moves = place.verb >= 0 and bool(change_of_verb(words[place.verb]))
    return moves or lower_at(words, at - 2) in {"up", "down"} or lower_at(words, at + 1) == "to"


def _sign(one: Amount, other: Amount) -> str:
    """How an amount lies to the one it is set against; "" where they are of two sorts."""
    other_rate = one.per and other.per and one.per != other.per
    if one.unit != other.unit or other_rate or one.value is None or other.value is None:
        return ""
    return "flat" if one.value == other.value else "up" if one.value > other.value else "down"


def read_direction(place: Place, found: Direction) -> Direction:
    """The direction of an amount: by the amount that it is set against, else as ``found``."""
    beside = compare(place)
    if beside in {"start", "base"}:
        return Direction.NONE
    return Direction(beside) if beside and found is Direction.NONE else found
