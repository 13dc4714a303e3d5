"""Rows as CSV (RFC 4180, UTF-8), safe to open in a spreadsheet: no cell of text is read as a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO

from api.exports.tables import Table, Value, lots

Cell = str | int | float | Decimal | date | None
MEDIA_TYPE = "text/csv; charset=utf-8"
#: What a spreadsheet takes for the start of a formula, in full width too, or strips to get at one.
_OPENERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
#: Rows that are printed at a time.
_LOT = 500


def neutral(cell: Cell) -> Cell:
    """Text that would be read as a formula with an apostrophe before it; numbers and dates as they are.

    >>> neutral("=1+1"), neutral("£5m"), neutral(-5)
    ("'=1+1", '£5m', -5)
    """
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_OPENERS) else cell


def stream_csv(table: Table) -> Iterator[str]:
    """The table piece by piece: a line of names, then the rows."""
    yield _lines([[column.name for column in table.columns]])
    for lot in lots(table.rows, _LOT):
        yield _lines([_safe(value) for value in row] for row in lot)


def write_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Cell]]) -> str:
    """The table with a line of names; every row has every column."""
    named = ([_safe(row[column]) for column in columns] for row in rows)
    return _lines([list(columns)]) + _lines(named)


def _lines(rows: Iterable[Sequence[Value]]) -> str:
    out = StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue()


def _safe(cell: Cell) -> str | int | float | None:
    if isinstance(cell, str):
        return f"'{cell}" if cell.startswith(_OPENERS) else cell
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return cell.isoformat() if isinstance(cell, date) else cell
