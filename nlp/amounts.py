"""The grammar of money as the UK press prints it: text in, amounts out.

What an amount is about, and whether a percentage measures money at all, is for ``nlp.steps.figures``.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache

import corpora
from nlp.money import PERCENT, Amount, Form
from nlp.numerals import SYMBOLS, read_numerals
from nlp.ranges import join_numerals
from nlp.rates import read_modifier, read_rate
from nlp.shares import of_the_pound, read_shares

_MALFORMED = re.compile(r"(?<![\w£$€.,])[£$€]\s?(?P<digits>\d[\d.,]{1,14})(?i:million|billion|bn|[km])?(?![\w£$€])")
_PLACEHOLDER = re.compile(
    r"(?<![\w£$€])[£$€](?:\[?[xX]{1,4}(?:[.,](?:[xX?]{1,3}|000))?\]?|[?]{1,3}|_{1,4}|TBC)(?:\.[xX?])?"
    r"\s?(?i:million|billion|bn|m|k)?(?!\w)"
)
_FIGURES = r"(?:four|five|six|seven|eight|nine|ten)"
_VAGUE = re.compile(
    r"\b(?:tens|hundreds|thousands)\sof\s(?:thousands|millions|billions)\sof\s(?P<a>pounds|dollars|euros)\b"
    r"|\b(?:several|many|a\sfew|some)\s(?:hundred\s|dozen\s)?(?:hundred|thousand|million|billion)\s"
    r"(?P<b>pounds|dollars|euros)\b"
    r"|\b(?:several|a\sfew|(?:tens|hundreds|thousands)\sof)\s(?P<c>pounds|dollars|euros)\b"
    r"|[£$€](?:several|multi)[-\s](?:million|billion)\b"
    rf"|\b{_FIGURES}[-\s]figure\s(?:sum|salary|bill|settlement|payout|pay|package|deficit|grant|debt|loss|fee|cost)s?\b",
    re.I,
)
# Money only where its clause says so: "it will cost tens of millions", and no millions of patients.
_VAGUE_BARE = re.compile(
    r"\b(?:(?:tens|hundreds)\sof\s(?:thousands|millions|billions)"
    r"|(?:untold|the\slow|the\shigh)\s(?:millions|billions)|several\s(?:hundred\s)?(?:million|billion))\b(?!\s(?:of|more|people|who|patients|their|the|a|to\sbe)\b|-)",
    re.I,
)
_POINTER = re.compile(
    r"\b(?:(?:the|that|this)\s(?:very\s)?same\s(?:amount|sum|percentage|proportion|figure|margin)"
    r"|an?\s(?P<near>similar|equal|equivalent|identical|matching|comparable)\s(?:amount|sum|percentage|proportion)"
    r"|the\s(?P<near2>equivalent)\s(?:amount|sum)|the\ssame\sagain)\b(?!\sof\s(?!money|cash|funding|cuts|spending|investment))",
    re.I,
)
_PENNY = re.compile(
    r"\b(?:(?:an?|one)\s(?:(?:extra|further|additional)\s)?)?penny(?=\s(?:on|off|in\sthe\spound|more|extra|per|rise|tax|levy|increase|cut))",
    re.I,
)


@cache
def _factor_pattern() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(corpora.lexicon('money')['amounts']['factors'])})\b(?!-)", re.I)


_FACTOR_SIGNS = ("doubl", "trebl", "tripl", "quadrupl", "halv")
_POINTER_SIGNS = ("same", "similar", "equal", "equivalent", "identical", "matching", "comparable")
_VAGUE_SIGNS = ("pounds", "dollars", "euros", "figure", "several", "multi")
_NO_NUMBER = "the text gives no number, only a size"


def _holds(text: str, signs: Sequence[str]) -> bool:
    """Whether one of the signs stands in a text."""
    for sign in signs:  # noqa: SIM110 - a generator would double the time, and in most sentences none is there
        if sign in text:
            return True
    return False


def _specials(text: str) -> Iterator[Amount]:
    yield from read_shares(text)
    yield from _words_of_size(text)
    if "£" in text or "$" in text or "€" in text:
        yield from _broken(text)


def _words_of_size(text: str) -> Iterator[Amount]:
    """ "Doubled", "a penny more", "the same amount", "tens of millions": each looked for where one of its signs is."""
    lower = text.lower()
    factors = corpora.lexicon("money")["amounts"]["factors"]
    for match in _factor_pattern().finditer(text) if _holds(lower, _FACTOR_SIGNS) else ():
        yield Amount(match.start(), match.end(), PERCENT, Form.FACTOR, Decimal(factors[match[0].lower()]))
    for match in _PENNY.finditer(text) if "penny" in lower else ():
        yield Amount(match.start(), match.end(), "GBP", Form.NUMBER, Decimal("0.01"))
    for match in _POINTER.finditer(text) if _holds(lower, _POINTER_SIGNS) else ():
        near = match["near"] or match["near2"]
        yield Amount(match.start(), match.end(), "", Form.POINTER, modifier=near and near.lower())
    for match in _VAGUE.finditer(text) if _holds(lower, _VAGUE_SIGNS) else ():
        unit = {"dollars": "USD", "euros": "EUR"}.get(match["a"] or match["b"] or match["c"] or "", "GBP")
        yield Amount(match.start(), match.end(), unit, Form.VAGUE, reason=_NO_NUMBER)
    for match in _VAGUE_BARE.finditer(text) if "illion" in lower or "thousands" in lower else ():
        yield Amount(match.start(), match.end(), "GBP", Form.BARE, reason=_NO_NUMBER)


def _broken(text: str) -> Iterator[Amount]:
    """What stands for a number, and numbers that no rule reads."""
    for match in _PLACEHOLDER.finditer(text):
        yield Amount(match.start(), match.end(), SYMBOLS[match[0][0]], Form.VAGUE, reason="the number is a placeholder")
    for match in _MALFORMED.finditer(text):
        if re.search(r"[.,]\d", match["digits"]):
            reason = "the separators of the number follow no rule"
            end = match.start() + len(match[0].rstrip(".,"))
            yield Amount(match.start(), end, SYMBOLS[match[0][0]], Form.VAGUE, reason=reason)


_WEIGHS = re.compile(
    r"\b(?:weigh(?:s|ed|ing)?\b[^.£]{0,40}|(?:heavier|lighter|overweight|gained|shed|lost)\b[^.]{0,12})$", re.I
)
_OF_WEIGHT = re.compile(
    r"\s(?:of\s(?:meat|flesh|fat|sugar|potatoes|flour|rice|weight|fruit)|overweight|heavier|lighter|in\sweight)\b", re.I
)
_FEW_POUNDS = re.compile(r"(?:several|a\sfew)\spounds", re.I)
#: Nobody weighs so many pounds, or loses them.
_MOST_POUNDS = 500
_NOTE = re.compile(r"[-\s](?:bank)?(?:notes?|coins?|stamps?)\b", re.I)
_FIRM = re.compile(r"(?:[-\s](?:[A-Z]\w{0,14}|&)){0,3}[-\s](?:Ltd|Limited|plc|PLC|LLP|Stores?|Shops?|Club|Company)\b")


def _not_money(text: str, amount: Amount) -> bool:
    """Weights in pounds, bank notes and coins, and amounts that are part of a name ("14 Pound Street")."""
    after, before = text[amount.end : amount.end + 40], text[max(0, amount.start - 60) : amount.start]
    printed = text[amount.start : amount.end]
    if text[amount.start] not in "£$€" and re.search(r"pounds?$", printed, re.I):
        light = amount.value < _MOST_POUNDS if amount.value is not None else bool(_FEW_POUNDS.fullmatch(printed))
        if (light and _WEIGHS.search(before)) or _OF_WEIGHT.match(after):
            return True
        if printed.endswith("Pound") and re.match(r"\s[A-Z]", after):
            return True
    return bool(_NOTE.match(after) or _FIRM.match(after))


_PENCE = re.compile(r"\d\s?p[cp]?\b")


def may_hold_amounts(text: str) -> bool:
    """Whether it is worth to read this text: a quick look for a sign of money, percent or part."""
    folded = text.lower()
    return _holds(folded, corpora.lexicon("money")["amounts"]["signs"]) or _PENCE.search(folded) is not None


def find_amounts(text: str) -> Sequence[Amount]:
    """Every amount of the text in order, none overlapping another. Linear in the length of the text."""
    numbers = join_numerals(text, read_numerals(text))
    found = list(numbers)
    for special in _specials(text):
        beside = _overlapping(numbers, special)
        # "£1 in every £10" and "a few million pounds" swallow the amounts in them.
        if all(_inside(n, special) for n in beside) or special.form is Form.OUT_OF:
            found = [n for n in found if n not in beside] if beside else found
            found.append(special)
    kept: list[Amount] = []
    shares = (of_the_pound(text, amount) for amount in found)
    for amount in sorted(shares, key=lambda a: (a.start, -a.end)):
        if (not kept or amount.start >= kept[-1].end) and not _not_money(text, amount):
            kept.append(amount)
    printed = [_with_surroundings(text, amount) for amount in kept]
    # "46p of every £1": the rate of one amount is no amount of its own.
    return tuple(a for i, a in enumerate(printed) if i == 0 or a.start >= printed[i - 1].tail)


def _with_surroundings(text: str, amount: Amount) -> Amount:
    modifier = read_modifier(text, amount.start, amount.end)
    rate = read_rate(text, modifier.tail)
    return replace(
        amount,
        lead=modifier.lead,
        tail=rate[1] if rate else modifier.tail,
        modifier=modifier.text or amount.modifier,
        per=rate[0] if rate else None,
    )


def _inside(number: Amount, special: Amount) -> bool:
    longer = special.end - special.start > number.end - number.start
    return longer and special.start <= number.start and number.end <= special.end


def _overlapping(numbers: Sequence[Amount], amount: Amount) -> list[Amount]:
    index = bisect_right(numbers, amount.start, key=lambda n: n.start)
    return [n for n in numbers[max(0, index - 1) : index + 2] if n.start < amount.end and amount.start < n.end]
