"""Dates as the British press writes them, no more exact than they are printed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import cache

import corpora
from nlp.records import PartialDate, Precision

_TIME = r"(?:,?\s*(?:(?:at|-|–|\|)\s*)?[0-9]{1,2}[:.][0-9]{2}(?::[0-9]{2})?\s*(?:[ap]\.?m\.?)?\s*(?:GMT|BST|UTC)?)?"
_ISO = re.compile(
    r"(?P<y>[0-9]{4})-(?P<m>[0-9]{2})(?:-(?P<d>[0-9]{2})(?:[T ][0-9:.,]{2,18}\s*(?:Z|UTC|[+-][0-9]{2}:?[0-9]{2})?)?)?"
)
_NUMERIC = re.compile(
    rf"(?P<d>[0-9]{{1,2}})(?P<sep>[/.-])(?P<m>[0-9]{{1,2}})(?P=sep)(?P<y>[0-9]{{4}}|[0-9]{{2}}){_TIME}"
)
_YEAR = re.compile(r"(?P<y>(?:19|20)[0-9]{2})")
#: A longer line is prose: it is not tried as a date.
LONGEST = 80


def read_date(text: str, *, year_alone: bool = False) -> PartialDate | None:
    """The date that the whole of ``text`` is, or None.

    Reads "12 May 2014", "Wednesday 3 June 2015, 10:30am", "May 12, 2014", "May 2014", "14/05/2014"
    (day first), ISO dates and times, with "Published:" and the like before them. ``year_alone``
    allows "2014".
    """
    if len(text) > LONGEST:
        return None
    bare = _opener().sub("", text.strip()).strip(" \t|.,")
    patterns = (*_worded(), _ISO, _NUMERIC, *([_YEAR] if year_alone else []))
    match = next((m for pattern in patterns if (m := pattern.fullmatch(bare))), None)
    return _build(match) if match else None


def _build(match: re.Match[str]) -> PartialDate | None:
    parts = match.groupdict()
    year = int(parts["y"]) if len(parts["y"]) == 4 else _full_year(int(parts["y"]))
    month, day = parts.get("m"), parts.get("d")
    number = _month_number(month) if month else 1
    precision = Precision.DAY if day else Precision.MONTH if month else Precision.YEAR
    try:
        return PartialDate(date(year, number, int(day) if day else 1), precision)
    except ValueError:  # 31 June, 14/13/2014: not a date after all
        return None


def _full_year(two_digits: int) -> int:
    return two_digits + (2000 if two_digits < 70 else 1900)


def _month_number(text: str) -> int:
    return int(text) if text.isdigit() else _months().index(text[:3].lower()) + 1


@cache
def _months() -> tuple[str, ...]:
    return tuple(month[:3].lower() for month in corpora.lexicon("metadata")["months"])


@cache
def _opener() -> re.Pattern[str]:
    lexicon = corpora.lexicon("metadata")
    days = [form for day in lexicon["weekdays"] for form in (day, day[:4], day[:3])]
    return re.compile(
        rf"(?:(?:{_either(lexicon['date_openers'])})\b\s*:?\s*)?(?:(?:{_either(days)})\b\.?,?\s*)?(?:the\s+)?",
        re.IGNORECASE,
    )


def _either(words: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


@cache
def _worded() -> tuple[re.Pattern[str], ...]:
    months = corpora.lexicon("metadata")["months"]
    month = rf"(?P<m>{_either([*months, *(m[:3] for m in months), 'Sept'])})\.?"
    day = r"(?P<d>[0-9]{1,2})(?:st|nd|rd|th)?"
    year = r"(?P<y>[0-9]{4})"
    forms = (
        rf"{day}[\s-]+(?:of\s+)?{month},?[\s-]+{year}{_TIME}",
        rf"{month}\s+{day},?\s+{year}{_TIME}",
        rf"{month},?\s+{year}",
    )
    return tuple(re.compile(form, re.IGNORECASE) for form in forms)
