"""Numbers as the UK press prints them, in digits and in words, with the scale and unit printed on them.

One pattern of bounded repeats reads digits, so the time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

import corpora
from nlp.money import PERCENT, POINT


@dataclass(frozen=True, slots=True)
class Numeral:
    """One number with what is printed on it: ``scaled`` says it has its own "m" or "billion"; ``unit`` may be ""."""

    start: int
    end: int
    number: Decimal
    scale: Decimal
    scaled: bool
    unit: str


_GROUP = "[,\u00a0\u2009\u202f]"
_SCALE = (
    r"(?:[-\s]{0,3}(?P<scale>(?i:hundred\sthousand|hundred\smillion|thousand|million|billion|trillion|mln|mil|mn|bn|trn|tn)"
    r"|(?<![\s-])[kKmMbBtT]|(?<=\s)m(?=[\s.,;)]))(?![\w£$€&]))?"
)
_UNIT = (
    r"[-\s]{0,3}(?:(?P<point>(?i:percentage[-\s]{1,2}points?|(?:%|per[-\s]{1,2}cent|percent)[-\s]{1,2}points?)|(?<=\d)ppts?|(?<=\d)pp)"
    r"|(?P<percent>\+?%|％|(?i:per[-\s]{1,2}cent|percent)|(?:(?<=\d)|(?<=\d\s))pc)"
    r"|(?P<dollar>(?:(?:US|American)\s)?[Dd]ollars?)|(?P<pound>[Pp]ounds?(?:\ssterling)?|quid)|(?P<euro>euros?)"
    r"|(?P<pence>pence|penny|(?<=\d)p))(?!\w)"
)
_NUMBER = re.compile(
    r"(?P<sign>(?<![^\s(\[])[-−+])?"
    r"(?:(?<![\d£$€])(?P<cur>US\s?\$|(?:AU|NZ|HK|CA|[ACS])?\$|£|€|\b(?:GBP|USD|EUR)(?=\s?\d))\s{0,2}|(?<![\w.,£$€/]))"
    r"(?(cur)(?P<open>\((?=\d))?)"  # "£(0.6)m": how accounts print a deficit
    rf"(?=[\d½¼¾⅓⅔.])(?:(?P<num>\d{{1,3}}(?:{_GROUP}\s?\d{{3}}){{1,5}}(?:[.·]\d{{1,6}})?"
    r"|(?(cur)\d{1,3}(?:\s\d{3}){1,4}(?![\d.,])|(?!))|\d{1,15}(?:[.·]\d{1,6})?|\.\d{1,4})?"
    rf"(?P<glyph>[½¼¾⅓⅔])?)(?(open)\)){_SCALE}(?:{_UNIT})?(?![\w£$€%]|[.,:]\d)"
)
_BETWEEN_DIGITS = re.compile(rf"{_GROUP}|\s")
_UNIT_AFTER = re.compile(r"(?:[-\s]{1,3}(?:of\s)?(?:an?|one)(?=[-\s]))?" + _UNIT)
_GLYPHS = {"½": Decimal("0.5"), "¼": Decimal("0.25"), "¾": Decimal("0.75"), "⅓": Decimal(1) / 3, "⅔": Decimal(2) / 3}
SYMBOLS = {"£": "GBP", "€": "EUR", "$": "USD", "US$": "USD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD"}
SYMBOLS |= {"NZ$": "NZD", "HK$": "HKD", "S$": "SGD"}
_UNIT_NAMES = {"point": POINT, "percent": PERCENT, "dollar": "USD", "pound": "GBP", "euro": "EUR", "pence": "GBP"}
# "pp." for pages, "1080p" for pictures.
_PICTURE_LINES = frozenset({240, 360, 480, 720, 1080, 1440, 2160, 4320})


def plain(value: Decimal) -> Decimal:
    """Without an exponent and without zeros that nobody printed; six places where a third has no end."""
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else round(value, 6).normalize()


@cache
def scales() -> dict[str, Decimal]:
    return {name: Decimal(number) for name, number in corpora.lexicon("money")["amounts"]["scales"].items()}


def _scale_of(match: re.Match[str]) -> Decimal:
    return scales()[" ".join(match["scale"].lower().split())] if match["scale"] else Decimal(1)


def _unit_of(match: re.Match[str]) -> str:
    return next((name for group, name in _UNIT_NAMES.items() if match[group]), "")


def _digit_numeral(match: re.Match[str]) -> Numeral | None:
    if not match["num"] and not match["glyph"]:
        return None
    digits = _BETWEEN_DIGITS.sub("", match["num"] or "0").replace("·", ".")
    number = Decimal(digits) + _GLYPHS.get(match["glyph"] or "", Decimal(0))
    symbol = (match["cur"] or "").replace(" ", "")
    unit = SYMBOLS.get(symbol, symbol) or _unit_of(match)
    if match["pence"] and not match["cur"]:
        if number in _PICTURE_LINES:
            return None
        number /= 100
    if match["sign"] in {"-", "−"}:
        number = -number
    return Numeral(match.start(), match.end(), number, _scale_of(match), bool(match["scale"]), unit)


@cache
def _word_run() -> re.Pattern[str]:
    words = corpora.lexicon("money")["amounts"]
    big = "hundred|thousand|million|billion|trillion"
    ones = "|".join(words["cardinals"])
    # "a third of a billion pounds"
    parts = rf"(?:thirds?|fifths?|eighths?|tenths?)(?=\sof\san?\s(?:{big}))"
    start = (
        rf"(?:an?\s{parts}|{ones}|a\shalf|half|(?:an?|a\sfurther|another)\s(?:quarter|{big}|couple|dozen)|quarter|couple|dozen"
        rf"|(?:{big})(?=\s(?:pounds|euros|dollars)))"
    )
    joint = (
        rf"(?:{ones}|{big}|{parts}|of\san?(?=\s(?:{big}))|of(?=\s(?:{big}|one\b))|an?(?=\s(?:{big}))"
        rf"|(?:(?<=hundred\s)|(?<=thousand\s))and(?=\s(?:{ones}))"
        r"|and\s(?:an?\s)?(?:half|quarter|third)|and\sthree[-\s]quarters|quarters?|half)"
    )
    return re.compile(rf"(?<![\w£$€-])(?:{start})(?:[-\s]{{1,3}}{joint}){{0,9}}(?!\w)", re.I)


def words_to_number(words: str) -> tuple[Decimal, bool] | None:
    """The number that English words say and whether it has a scale of a thousand up; None when they say none.

    >>> words_to_number("a quarter of a million")
    (Decimal('250000'), True)
    """
    lexicon, sizes = corpora.lexicon("money")["amounts"], scales()
    total, current, last, scaled = Decimal(0), None, Decimal(1), False
    tokens = re.split(r"[-\s]+", words.lower())
    for index, token in enumerate(tokens):
        joined = index > 0 and tokens[index - 1] in {"and", "a", "an"} and "and" in tokens[max(0, index - 2) : index]
        if token in lexicon["cardinals"]:
            of_part = token == "one" and tokens[index - 1 : index] == ["of"] and current  # "half of one per cent"
            current = current if of_part else (current or Decimal(0)) + lexicon["cardinals"][token]
        elif token in {"couple", "dozen"}:
            current = (current or Decimal(1)) * (2 if token == "couple" else 12)
        elif token in lexicon["parts"]:
            part = Decimal(1) / lexicon["parts"][token]
            if joined and current is None:
                total += part * last
            else:
                current = (current or Decimal(0)) + part if joined else (current or Decimal(1)) * part
        elif token == "hundred":
            current, last = (current or Decimal(1)) * 100, Decimal(100)
        elif token in sizes:
            total += (Decimal(1) if current is None else current) * sizes[token]
            last, scaled, current = sizes[token], True, None
        elif token not in {"a", "an", "of", "and", "further", "another"}:
            return None
    result = total + (current or 0)
    return (plain(result), scaled) if result else None


def _word_numerals(text: str) -> Iterator[Numeral]:
    for match in _word_run().finditer(text):
        read = words_to_number(match[0])
        if read is None:
            continue
        number, scaled = read
        after = _UNIT_AFTER.match(text, match.end())
        unit = _unit_of(after) if after else ""
        if after and after["pence"]:
            number /= 100
        end = after.end() if after and unit else match.end()
        yield Numeral(match.start(), end, number, Decimal(1), scaled, unit)


def read_numerals(text: str) -> Sequence[Numeral]:
    """Every number of the text, in order, none inside another; the unit is "" where none is printed."""
    digits = (numeral for match in _NUMBER.finditer(text) if match[0] and (numeral := _digit_numeral(match)))
    kept: list[Numeral] = []
    for numeral in sorted((*digits, *_word_numerals(text)), key=lambda a: (a.start, -a.end)):
        if not kept or numeral.start >= kept[-1].end:
            kept.append(numeral)
    return kept
