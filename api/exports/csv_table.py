"""Rows as CSV (RFC 4180, UTF-8), safe to open in a spreadsheet: no cell of text is read as a formula."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from io import StringIO

from api.exports.tables import Kind, Table, Value, lots

Cell = str | int | float | Decimal | date | None
MEDIA_TYPE = "text/csv; charset=utf-8"
#: What a spreadsheet takes for the start of a formula, in full width too, or strips to get at one.
_OPENERS = frozenset("=+-@\t\r\n＝＋－＠")
#: Rows that are printed at a time.
_LOT = 500


def neutral(cell: Cell) -> Cell:
    """Text that would be read as a formula with an apostrophe before it; numbers and dates as they are.

    >>> neutral("=1+1"), neutral("£5m"), neutral(-5)
    ("'=1+1", '£5m', -5)
    """
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in _OPENERS else cell


def stream_csv(table: Table) -> Iterator[str]:
    """The table piece by piece: a line of names, then the rows."""
    sums = any(column.kind is Kind.SUM for column in table.columns)
    yield _lines([[column.name for column in table.columns]])
    for lot in lots(table.rows, _LOT):
        yield _lines(map(_safe, ([_printed(value) for value in row] for row in lot) if sums else lot))


def write_csv(columns: Sequence[str], rows: Iterable[Mapping[str, Cell]]) -> str:
    """The table with a line of names; every row has every column."""
    named = ([_printed(row[column]) for column in columns] for row in rows)
    return _lines([list(columns)]) + _lines(map(_safe, named))


def _lines(rows: Iterable[Sequence[Value]]) -> str:
    out = StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue()


def _safe(row: Sequence[Value]) -> list[Value]:
    # One loop without a call for each of the cells of a million rows; the writer prints dates as ISO 8601 by itself.
    return [f"'{cell}" if cell.__class__ is str and cell[:1] in _OPENERS else cell for cell in row]


def _printed(cell: Cell) -> Cell:
    return f"{cell:f}" if isinstance(cell, Decimal) else cell
