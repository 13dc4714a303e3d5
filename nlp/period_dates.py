"""First and last days of the periods that the press names; a handler reads the groups of one printed form."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from nlp.records import PartialDate, Precision

Dates = tuple[date | None, date | None]
Handler = Callable[[re.Match[str], PartialDate | None], Dates]

UNKNOWN: Dates = (None, None)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_COUNTS = {word: number for number, word in enumerate(_NUMBERS, 1)} | {"fifteen": 15, "twenty": 20, "a": 1}
_ORDER = {"first": 1, "second": 2, "third": 3, "fourth": 4, "final": 4, "last": 4, "one": 1, "two": 2, "three": 3}
_STEP = {"this": 0, "current": 0, "present": 0, "last": -1, "previous": -1, "past": -1}
_STEP |= {"next": 1, "coming": 1, "following": 1}


def financial_year(first: int) -> Dates:
    """The UK financial year that begins in ``first``: 1 April to 31 March."""
    return date(first, 4, 1), date(first + 1, 3, 31)


def calendar_year(year: int) -> Dates:
    """1 January to 31 December."""
    return date(year, 1, 1), date(year, 12, 31)


def _month(year: int, month: int) -> Dates:
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _month_number(name: str) -> int:
    return _MONTHS.index(name.lower()[:3]) + 1


def _years_of(text: str) -> tuple[int, int] | None:
    """First and last year of "2015/16" or "2015-2020"; None when they run backwards."""
    first, last = re.findall(r"\d{4}|\d{2}", text)[:2]
    start = int(first)
    end = int(last) if len(last) == 4 else start // 100 * 100 + int(last)
    end += 100 if end < start and len(last) == 2 and end + 100 - start <= 10 else 0
    return (start, end) if start < end <= start + 40 else None


def _year_span(text: str) -> Dates:
    """A pair of years next to each other is one financial year, any other pair runs in whole years."""
    years = _years_of(text)
    if years is None:
        return UNKNOWN
    first, last = years
    return financial_year(first) if last == first + 1 else (date(first, 1, 1), date(last, 12, 31))


def _opened(lead: str, start: date | None, end: date | None) -> Dates:
    """What "since", "until", "before" and "after" make of a period."""
    if lead in {"since", "from"}:
        return start, None
    if lead in {"until", "till", "up to"}:
        return None, end
    if lead == "before":
        return None, start and start - timedelta(days=1)
    return (end and end + timedelta(days=1), None) if lead == "after" else (start, end)


def words_only(_: re.Match[str], __: PartialDate | None) -> Dates:
    return UNKNOWN


def financial_span(match: re.Match[str], _: PartialDate | None) -> Dates:
    return _year_span(match["a"])[0], _year_span(match["b"])[1]


def one_financial(match: re.Match[str], _: PartialDate | None) -> Dates:
    return _opened((match["lead"] or "").lower(), *_year_span(match["fy"]))


def quarter(match: re.Match[str], _: PartialDate | None) -> Dates:
    """A quarter or half of a named year; financial years begin in April."""
    word = (match["q"] or match["q2"] or match["q3"]).lower()
    width = 6 if match["half"] else 3
    number = min(_ORDER.get(word) or int(word[-1]), 12 // width)
    start = (_year_span(match["fy"]) if match["fy"] else calendar_year(int(match["y"])))[0]
    if start is None:
        return UNKNOWN
    first = start.month - 1 + width * (number - 1)
    last = first + width - 1
    begin = date(start.year + first // 12, first % 12 + 1, 1)
    return begin, _month(start.year + last // 12, last % 12 + 1)[1]


def year_to(match: re.Match[str], _: PartialDate | None) -> Dates:
    """ "the year to March 2015" is the twelve months that end with that month."""
    year, month = int(match["y"]), _month_number(match["m"])
    return (date(year - 1, month + 1, 1) if month < 12 else date(year, 1, 1)), _month(year, month)[1]


def months_span(match: re.Match[str], _: PartialDate | None) -> Dates:
    last = int(match["y2"])
    first = int(match["y1"]) if match["y1"] else last
    return _month(first, _month_number(match["m1"]))[0], _month(last, _month_number(match["m2"]))[1]


def one_month(match: re.Match[str], _: PartialDate | None) -> Dates:
    start, end = _month(int(match["y"]), _month_number(match["m"]))
    return (start, None) if match["lead"].lower() == "after" else _opened(match["lead"].lower(), start, end)


def bare_month(match: re.Match[str], published: PartialDate | None) -> Dates:
    """ "from April" is the next April, "since April" and "last April" the one before; "in April" may be either."""
    lead, which = match["lead"].lower(), (match["which"] or "").lower()
    if published is None or published.precision is Precision.YEAR or (lead == "in" and not which):
        return UNKNOWN
    day, month = published.value, _month_number(match["m"])
    past = which == "last" or lead == "since"
    step = -1 if past and month > day.month else 1 if not past and month < day.month else 0
    return _opened(lead, *_month(day.year + step, month))


def years(match: re.Match[str], _: PartialDate | None) -> Dates:
    first, last = int(match["a"]), int(match["b"])
    return (date(first, 1, 1), date(last, 12, 31)) if first <= last else UNKNOWN


def year_pair(match: re.Match[str], _: PartialDate | None) -> Dates:
    return _year_span(match["pair"])


def one_year(match: re.Match[str], _: PartialDate | None) -> Dates:
    return _opened(match["lead"].lower(), *calendar_year(int(match["y"])))


def _current_financial_year(published: PartialDate) -> int | None:
    """The year in which the financial year of the article began; None when only its year is known."""
    day = published.value
    return None if published.precision is Precision.YEAR else day.year - (day.month < 4)


def relative(match: re.Match[str], published: PartialDate | None) -> Dates:
    """ "last year" is the calendar year before the article's, "this financial year" the one it falls in."""
    which, kind = match["which"].lower().split()[-1], (match["kind"] or "").lower()
    if published is None or match["unit"].lower() != "year" or (match["the"] and not kind):
        return UNKNOWN
    if kind in {"financial", "tax", "fiscal"}:
        current = _current_financial_year(published)
        return financial_year(current + _STEP[which]) if current is not None else UNKNOWN
    return calendar_year(published.value.year + _STEP[which]) if kind in {"", "calendar"} else UNKNOWN


def stretch(match: re.Match[str], _: PartialDate | None) -> Dates:
    """ "over five years" has dates only when the text goes on to name its start or its end."""
    count = int(match["n"]) if match["n"].isdigit() else _COUNTS.get(match["n"].lower(), 0)
    if not count or match["unit"].lower() != "year":
        return UNKNOWN
    if match["to_fy"] or match["to_y"]:
        end = _year_span(match["to_fy"])[1] if match["to_fy"] else date(int(match["to_y"]), 12, 31)
        return (end.replace(year=end.year - count) + timedelta(days=1) if end else None), end
    start = _year_span(match["from_fy"])[0] if match["from_fy"] else date(int(match["from_y"]), 1, 1)
    if match["from_m"] and start:
        start = start.replace(month=_month_number(match["from_m"]))
    return start, (start.replace(year=start.year + count) - timedelta(days=1) if start else None)
