"""Rows as CSV (RFC 4180, UTF-8), safe to open in a spreadsheet: no cell of text is read as a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO

Cell = str | int | float | Decimal | date | None
MEDIA_TYPE = "text/csv; charset=utf-8"
#: What a spreadsheet takes for the start of a formula, or strips to get at one.
_OPENERS = ("=", "+", "-", "@", "\t", "\r")


def neutral(cell: Cell) -> Cell:
    """Text that would be read as a formula with an apostrophe before it; numbers and dates as they are.

    >>> neutral("=1+1"), neutral("£5m"), neutral(-5)
    ("'=1+1", '£5m', -5)
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_OPENERS) else cell


def write_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Cell]]) -> str:
    """The table with a line of names; every row has every column."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([_printed(neutral(row[column])) for column in columns])
    return out.getvalue()


def _printed(cell: Cell) -> str | int | float | None:
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return cell.isoformat() if isinstance(cell, date) else cell
