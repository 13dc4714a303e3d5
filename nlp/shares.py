"""Shares in words of the press: "a third of", "one pound in ten", "£3 in every £10", "8p in the pound"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from functools import cache

import corpora
from nlp.money import PERCENT, Amount, Form
from nlp.numerals import plain, words_to_number

_NUMERIC_PART = re.compile(
    r"(?<![\w/.,£$€])(?P<n>[1-9])/(?P<d>[2-9]|10|12|20)(?:rds?|ths?)?(?=\s(?:of|the|its|their)\b)"
)
_POUND = r"(?:pound\b|£(?P<whole>\d{0,3})(?![\w.,]\d|\w))"
_OF_THE_POUND = re.compile(rf"\s(?:(?:in|from|out\sof)\s(?:the|every|each)|of\s(?:every|each))\s{_POUND}", re.I)
_PENCE = re.compile(r"(?:p|pence|penny)$", re.I)


def read_shares(text: str) -> Iterator[Amount]:
    """Every share of the text that is printed as a part of a whole or as one sum out of another, in percent."""
    yield from _parts(text)
    yield from _numeric_parts(text)
    yield from _out_of(text)


@cache
def _cardinals() -> str:
    return "|".join(corpora.lexicon("money")["amounts"]["cardinals"])


@cache
def _part_pattern() -> re.Pattern[str]:
    parts = [word for word in corpora.lexicon("money")["amounts"]["parts"] if word not in {"half", "halves"}]
    return re.compile(
        rf"(?<![\w£$€-])(?:(?P<count>an?|{_cardinals()})[-\s](?P<part>{'|'.join(parts)})|(?P<half>(?:(?<!\band\s)a\s)?half))"
        r"\b(?![-\s](?:year|hour|term|time|an?\s|of\sa\s(?:million|billion|trillion)\b))",
        re.I,
    )


def _parts(text: str) -> Iterator[Amount]:
    words = corpora.lexicon("money")["amounts"]
    for match in _part_pattern().finditer(text):
        count = 1 if match["half"] else words["cardinals"].get(match["count"].lower(), 1)
        value = Decimal(100) * count / words["parts"]["half" if match["half"] else match["part"].lower()]
        if 0 < value < 100:
            yield Amount(match.start(), match.end(), PERCENT, Form.PART, plain(value))


def _numeric_parts(text: str) -> Iterator[Amount]:
    for match in _NUMERIC_PART.finditer(text):
        if int(match["n"]) < int(match["d"]):
            share = Decimal(100) * int(match["n"]) / int(match["d"])
            yield Amount(match.start(), match.end(), PERCENT, Form.PART, plain(share))


@cache
def _out_of_pattern() -> re.Pattern[str]:
    number = rf"{_cardinals()}|\d{{1,3}}"
    return re.compile(
        rf"(?<![\w£$€.,-])(?:£(?P<sum>\d{{1,3}}(?:\.\d\d)?)|(?P<pounds>an?|{number})\spounds?|(?P<bare>{number}))"
        r"\s(?:in|out\sof|of(?=\s(?:every|each)))\s(?P<every>(?:every|each)\s)?"
        rf"(?:£(?P<whole>\d{{1,3}})(?![\w.,]\d|\w)|(?P<word>{number}|(?:a\s)?hundred)\b(?P<of_pounds>\spounds\b)?)",
        re.I,
    )


def _number(printed: str) -> Decimal:
    read = words_to_number(printed)
    return read[0] if read else Decimal(1) if printed.isalpha() else Decimal(printed)


def _out_of(text: str) -> Iterator[Amount]:
    """ "£1 in every £10", "one pound in ten", "nine out of ten pounds"; "one in ten" alone is no money."""
    for match in _out_of_pattern().finditer(text):
        told = bool(match["whole"] or match["of_pounds"])
        count, whole = (
            _number(match["sum"] or match["pounds"] or match["bare"]),
            _number(match["whole"] or match["word"]),
        )
        sure = told if match["bare"] else count == 1 or match["every"]
        if sure and 0 < count < whole:
            yield Amount(match.start(), match.end(), PERCENT, Form.OUT_OF, plain(100 * count / whole))


def of_the_pound(text: str, amount: Amount) -> Amount:
    """The share that "8p in the pound" or "5p in every £10" says; another amount as it is."""
    match = _OF_THE_POUND.match(text, amount.end) if amount.unit == "GBP" else None
    if not match or not _PENCE.search(text, amount.start, amount.end):
        return amount
    whole = int(match["whole"] or 1)
    value, low, high = (None if n is None else plain(100 * n / whole) for n in (amount.value, amount.low, amount.high))
    return replace(amount, end=match.end(), unit=PERCENT, form=Form.OUT_OF, value=value, low=low, high=high)
