"""First and last days of the periods that the press names; a handler reads the groups of one printed form."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

from nlp.records import PartialDate, Period, Precision

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


_TO_COME = re.compile(
    r"\b(?:will|won't|would|shall|to\sbe|(?:is|are)\s(?:to|due|set|expected)|goes|rises|falls|comes|begins|starts|plans?"
    r"|next)\b|[’']ll\b",
    re.I,
)
_CLAUSE_END = re.compile(r"[,;.:](?!\d)|[—–]")
#: A clause is looked back on over so many characters.
_CLAUSE = 120


def _to_come(match: re.Match[str]) -> bool:
    """Whether the clause before a period speaks of what will be."""
    before = match.string[max(0, match.start() - _CLAUSE) : match.start()]
    return _TO_COME.search(_CLAUSE_END.split(before)[-1] or match.string[match.end() : match.end() + 40]) is not None


def bare_month(match: re.Match[str], published: PartialDate | None) -> Dates:
    """ "from April" is the next April, "since April" and "last April" the one before.

    "in April" is the one to come where the sentence speaks of what will be, else the one that was.
    """
    lead = (match["lead"] or "").lower()
    if published is None or published.precision is Precision.YEAR or not (lead or match["which"]):
        return UNKNOWN
    month = _month_number(match["m"])
    year = _year_of_month(match, lead, published.value, month)
    first, last = date(year, month, 1), date(year, month, monthrange(year, month)[1])
    day = int(match["d"] or match["d2"] or 0)
    if match["end"]:
        return (None, last) if lead in {"by", "until", "before"} else (last, last)
    if 0 < day <= last.day:
        first, last = first.replace(day=day), last if lead in {"from", "since"} else first.replace(day=day)
    return _opened(lead, first, last)


def _year_of_month(match: re.Match[str], lead: str, day: date, month: int) -> int:
    if match["year"]:
        return day.year + _STEP[match["year"].lower()]
    which = (match["which"] or "").lower()
    at_rest = lead in {"in", "at", ""} and not which
    past = which == "last" or lead == "since" or (at_rest and not _to_come(match))
    if past:
        return day.year - (month > day.month or (which == "last" and month == day.month))
    return day.year + (month < day.month or (which == "next" and month == day.month))


def stretch_to_month(match: re.Match[str], published: PartialDate | None) -> Dates:
    """ "the six months to March" ends with the March nearest to the article, "the year to March 2015" with that one."""
    month = _month_number(match["m"])
    count = _count(match["n"] or "one") * (12 if match["unit"].lower() == "year" else 1)
    if match["y"]:
        year = int(match["y"])
    elif published is None or published.precision is Precision.YEAR:
        return UNKNOWN
    else:
        year = published.value.year + _months_ahead(match, published.value, month)
    if not 0 < count <= 240:
        return UNKNOWN
    begin = year * 12 + month - count
    return date(begin // 12, begin % 12 + 1, 1), _month(year, month)[1]


def _months_ahead(match: re.Match[str], day: date, month: int) -> int:
    """Years to the month nearest to the article's day; "ended" is never to come."""
    ahead = (month - day.month) % 12
    to_come = ahead < 6 and " ended" not in match[0]
    return int(to_come and month < day.month) - int(not to_come and month > day.month)


def _count(word: str) -> int:
    return int(word) if word.isdigit() else _COUNTS.get(word.lower(), 0)


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
    unit = match["unit"].lower()
    if published is None or unit not in {"year", "month"} or (match["the"] and not kind):
        return UNKNOWN
    if unit == "month":
        first, last = _relative_month(published, _STEP[which])
        return (last, last) if match["end"] else (first, last)
    if kind in {"financial", "tax", "fiscal"}:
        current = _current_financial_year(published)
        return financial_year(current + _STEP[which]) if current is not None else UNKNOWN
    return calendar_year(published.value.year + _STEP[which]) if kind in {"", "calendar"} else UNKNOWN


def _relative_month(published: PartialDate, step: int) -> Dates:
    if published.precision is Precision.YEAR:
        return UNKNOWN
    number = published.value.year * 12 + published.value.month - 1 + step
    return _month(number // 12, number % 12 + 1)


def stretch(match: re.Match[str], _: PartialDate | None) -> Dates:
    """ "over five years" has dates only when the text goes on to name its start or its end."""
    count = _count(match["n"])
    if not count or match["unit"].lower() != "year":
        return UNKNOWN
    if match["to_fy"] or match["to_y"]:
        end = _year_span(match["to_fy"])[1] if match["to_fy"] else date(int(match["to_y"]), 12, 31)
        return (end.replace(year=end.year - count) + timedelta(days=1) if end else None), end
    start = _year_span(match["from_fy"])[0] if match["from_fy"] else date(int(match["from_y"]), 1, 1)
    if match["from_m"] and start:
        start = start.replace(month=_month_number(match["from_m"]))
    return start, (start.replace(year=start.year + count) - timedelta(days=1) if start else None)


_EARLIER = re.compile(r"(?:the\syear|(\w+)\s(year|month)s?)\s(?:earlier|before|previously)|the\sprevious\syear", re.I)


_THE_YEAR = re.compile(r"(?:for\s|in\s)?the\s(?:full\s|whole\s)?year", re.I)
_YEAR_TOLD = re.compile(
    r"(?:(?:by\s)?the\send\sof\s)?(this|last|next|the\s(?:current|present|previous|following|coming))\syear", re.I
)


def from_anchor(period: Period, anchor: Period | None, published: PartialDate | None) -> Dates | None:
    """First and last day of a period that is told from the dated one before it; None for any other.

    "The year" is the year told of before it. "The year before" and "two years earlier" lie so much before the anchor,
    month for month; "this year" behind a financial year is one too.
    """
    if anchor is None or anchor.start is None or anchor.end is None or "year" not in period.text.lower():
        return None
    if match := _EARLIER.fullmatch(period.text):
        months = _count(match[1] or "a") * (1 if (match[2] or "").lower() == "month" else 12)
        return (_moved(anchor.start, months), _moved(anchor.end, months)) if months else UNKNOWN
    if _THE_YEAR.fullmatch(period.text) and (anchor.end - anchor.start).days in {364, 365}:
        return anchor.start, anchor.end
    financial = (anchor.start.month, anchor.start.day, anchor.end.month, anchor.end.day) == (4, 1, 3, 31)
    current = _current_financial_year(published) if published and financial else None
    if current is not None and (match := _YEAR_TOLD.fullmatch(period.text)):
        return financial_year(current + _STEP[match[1].lower().split()[-1]])
    return None


def _moved(day: date, months: int) -> date:
    """The day so many months earlier; a last day of a month stays one."""
    number = day.year * 12 + day.month - 1 - months
    year, month = number // 12, number % 12 + 1
    length = monthrange(year, month)[1]
    at_end = day.day == monthrange(day.year, day.month)[1]
    return date(year, month, length if at_end else min(day.day, length))
