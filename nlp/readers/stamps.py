"""Dates as data states them: ISO 8601 long and short, RFC 822 of mails and feeds, and what the press prints."""

from __future__ import annotations

import re
from datetime import date

from nlp.readers.dates import LONGEST, read_date
from nlp.records import PartialDate, Precision

_COMPACT = re.compile(
    r"(?P<y>[0-9]{4})(?P<m>[0-9]{2})(?P<d>[0-9]{2})(?:T?[0-9]{4,6}(?:[.,][0-9]+)?(?:Z|[+-][0-9:]{4,5})?)?"
)
_ZONE = re.compile(r"\s*(?:[+-][0-9]{2}:?[0-9]{2}|\b[A-Z]{1,5})(?:\s*\([^()]*\))?$")


def read_stamp(value: object) -> PartialDate | None:
    """The day that a timestamp names, in its own zone and no more exact than it is; None for anything else."""
    if not isinstance(value, (str, int)) or isinstance(value, bool):
        return None
    text = str(value).strip()
    if len(text) > LONGEST:
        return None
    return read_date(text, year_alone=True) or _compact(text) or read_date(_ZONE.sub("", text))


def _compact(text: str) -> PartialDate | None:
    match = _COMPACT.fullmatch(text)
    try:
        return PartialDate(date(*(int(match[part]) for part in "ymd")), Precision.DAY) if match else None
    except ValueError:  # 20141399: not a date after all
        return None


def last_day(value: object) -> date | None:
    """The last day that a timestamp can mean, as for the end of a licence."""
    found = read_stamp(value)
    return found.last if found else None
