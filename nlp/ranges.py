"""Numbers that belong together: "£5-6m", "between £2m and £3m" are one amount; "fell from 10% to 8%" are two."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cache

import corpora
from nlp.inflections import forms
from nlp.money import PERCENT, POINT, Amount, Form
from nlp.numerals import Numeral, plain, scales

_BETWEEN = re.compile(r"\bbetween\s{1,3}$", re.I)
_RANGING = re.compile(
    r"\b(?:rang(?:e|es|ed|ing)|var(?:y|ies|ied|ying)|any(?:thing|where)|starting|priced)\s(?:\w+\s)?from\s{1,3}$", re.I
)
_FROM = re.compile(
    r"\bfrom\s(?:(?:just|around|about|under|over|nearly|almost|some|only|a\stotal\sof|a\srecord)\s){0,2}$", re.I
)
_BY = re.compile(r"\bby\s(?:(?:just|around|about|under|over|nearly|almost|some|only)\s){0,2}$", re.I)


@cache
def movers() -> frozenset[str]:
    """Words of change, which make "X to Y" a start and an end."""
    change = corpora.lexicon("money")["change"]
    entries = [*change["up"], *change["down"], *change["moved"], *change["nouns_up"], *change["nouns_down"]]
    return frozenset(form for entry in entries for form in forms(entry))


def _moves(text: str) -> bool:
    return not movers().isdisjoint(re.findall(r"[a-z-]+", text.lower()))


def _moves_last(text: str) -> bool:
    """Whether a word of change stands right before the end ("rose £2m to £3m", "climbed sharply to …")."""
    words = re.findall(r"[a-z-]+", text[-40:].lower())
    if words[-1:] in (["by"], ["to"]):
        words.pop()
    if words and words[-1].endswith("ly"):
        words.pop()
    return bool(words) and words[-1] in movers()


def _as_year(numeral: Numeral) -> bool:
    return not numeral.unit and not numeral.scaled and 1900 <= numeral.number <= 2100


def _joint(text: str, left: Numeral, right: Numeral) -> str:
    """The word or dash that makes two neighbouring numbers one range or one pair; "" when nothing does."""
    gap = text[left.end : right.start]
    word = gap.strip().lower()
    # "a further", "nearly": a range may repeat its modifier.
    word = re.sub(r"\s(?:around|about|nearly|almost|over|some|as much as|just over|just under|only|just)$", "", word)
    if word in {"-", "–", "—", "−"}:
        spaced = left.unit == right.unit and left.number * left.scale < right.number * right.scale
        return "-" if gap == word or (word in "-–" and spaced) else ""
    if word == "and":
        return "and" if _BETWEEN.search(text[max(0, left.start - 12) : left.start]) else ""
    return word if word in {"to", "or"} and len(gap) < 24 else ""


def _compatible(text: str, left: Numeral, right: Numeral, joint: str) -> bool:
    if not joint or not (left.unit or right.unit) or _as_year(left) or _as_year(right):
        return False
    if left.unit and right.unit:
        return left.unit == right.unit
    if right.unit:  # "3 to 4 per cent", never "2015 to £3m"
        return text[right.start] not in "£$€U" and (
            left.number <= right.number or bool(_FROM.search(text[max(0, left.start - 24) : left.start]))
        )
    money = left.unit not in {PERCENT, POINT}  # "£5-6m"; "£2 to 3 million" but no "£5 to 60 people"
    return (
        money
        and (right.scaled or (joint == "-" and not left.scaled))
        and not re.match(r"[-\s](?:year|people|patients|month)", text[right.end : right.end + 10])
    )


def _two_figures(text: str, left: Numeral, right: Numeral, joint: str) -> bool:
    """Whether "X to Y" says where a change began and ended, not how wide a guess is."""
    if joint != "to":
        return False
    before = text[max(0, left.start - 90) : left.start]
    if _RANGING.search(before):
        return False
    own = bool(left.unit and right.unit)
    if _FROM.search(before):
        falls = own and left.number * left.scale > right.number * right.scale
        percent = {left.unit, right.unit} & {PERCENT, POINT}
        return bool(falls or percent or _moves(before) or _moves(text[right.end : right.end + 60]))
    return own and bool(_BY.search(before) or _moves_last(before))


def _ends(left: Numeral, right: Numeral) -> tuple[Decimal, Decimal]:
    """Both values; the first takes the scale of the second in "£5-6m" and not in "£500 to £1m"."""
    shared = right.scaled and not left.scaled and left.number < 1000
    if right.scale == 1 and right.scaled:  # in words: "two to three million"
        unscaled = right.number
        factor = next((s for s in sorted(scales().values(), reverse=True) if s > 100 and unscaled >= s), Decimal(1))
        first = left.number * factor if shared and left.number < unscaled / factor else left.number * left.scale
        return plain(first), plain(unscaled)
    shared = shared and left.number < right.number
    return plain(left.number * (right.scale if shared else left.scale)), plain(right.number * right.scale)


def _single(numeral: Numeral) -> Amount:
    form = Form.NUMBER if numeral.unit else Form.BARE
    return Amount(numeral.start, numeral.end, numeral.unit or "GBP", form, plain(numeral.number * numeral.scale))


def _alone(text: str, numeral: Numeral) -> bool:
    """ "a quarter of a million", with no unit and no noun after it: a sum where the clause is about money."""
    if not numeral.scaled or not re.search(r"million|billion|trillion", text[numeral.start : numeral.end], re.I):
        return False
    return (
        re.match(
            r"[\"'’”)]?(?:[.,;:!?)]|$|\s(?:a\syear|on|to|for|by|in|over|each|annually|this|last|next|and|but|from|extra|more|less)\b)",
            text[numeral.end : numeral.end + 12],
        )
        is not None
    )


def _joined(text: str, left: Numeral, right: Numeral, joint: str) -> list[Amount]:
    unit = left.unit or right.unit
    low, high = _ends(left, right)
    unclear = joint == "-" and right.scaled and not left.scaled and right.number <= left.number < 1000
    if _two_figures(text, left, right, joint):
        return [
            Amount(left.start, left.end, unit, Form.NUMBER, low),
            Amount(right.start, right.end, unit, Form.NUMBER, high),
        ]
    between = _BETWEEN.search(text[max(0, left.start - 12) : left.start])
    start = left.start - len(between[0]) if between else left.start
    if low > high or unclear:
        reason = f"the scale of a range from {low} to {high} is not clear"
        return [Amount(start, right.end, unit, Form.NUMBER, reason=reason)]
    return [Amount(start, right.end, unit, Form.NUMBER, low=low, high=high)]


def join_numerals(text: str, numerals: Sequence[Numeral]) -> list[Amount]:
    """The amounts that the numbers of a text make, in order: single ones, ranges, and pairs of a change."""
    found, index = list[Amount](), 0
    while index < len(numerals):
        left = numerals[index]
        right = numerals[index + 1] if index + 1 < len(numerals) else None
        joint = _joint(text, left, right) if right and right.start - left.end < 24 else ""
        if right and _compatible(text, left, right, joint):
            found += _joined(text, left, right, joint)
            index += 2
            continue
        if left.unit or _alone(text, left):
            found.append(_single(left))
        index += 1
    return found
