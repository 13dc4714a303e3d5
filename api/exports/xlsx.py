"""A table as XLSX, written row by row: texts stay texts, and nothing is live but the addresses of sources.

The first sheet, README, says what the columns mean and what was cut: a cell holds 32,767 characters, XML no control
characters. A sheet holds 1,048,576 rows and 65,530 links: further rows go on in another sheet, further addresses are
plain text.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from api.exports.about import About
from api.exports.cleaning import LONGEST_CELL, Cleaner, is_address
from api.exports.tables import Column, Kind, Table, Value

LARGEST_SHEET, MOST_LINKS, LONGEST_LINK = 1_048_576, 65_530, 2_079
#: Excel has no days before this one.
_FIRST_DAY = date(1900, 1, 1)
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}
_WIDTHS = {Kind.TEXT: 24, Kind.LINK: 30, Kind.DAY: 12}


def write_xlsx(path: Path, table: Table, about: About) -> int:
    """Write the file; returns how many rows it has."""
    book = Workbook(str(path), _OPTIONS)
    try:
        readme = book.add_worksheet("README")
        sheets = _Sheets(book, table.name, table.columns)
        for row in table.rows:
            sheets.add(row)
        if not sheets.total:
            sheets.next()
        _write_readme(readme, about.readme(table.columns, sheets.told()), sheets.cleaner)
    finally:
        book.close()
    return sheets.total


@dataclass(slots=True)
class _Sheets:
    """The sheets of one table, the next of which is begun when one is full."""

    book: Workbook
    name: str
    columns: Sequence[Column]
    cleaner: Cleaner = field(default_factory=lambda: Cleaner(LONGEST_CELL))
    sheet: Worksheet | None = None
    number: int = 0
    at: int = 0
    links: int = 0
    plain_links: int = 0
    total: int = 0

    def add(self, row: Sequence[Value]) -> None:
        if self.sheet is None or self.at == LARGEST_SHEET:
            self.next()
        for place, (column, value) in enumerate(zip(self.columns, row, strict=True)):
            if value is not None:
                self._put(place, column, value)
        self.at += 1
        self.total += 1

    def next(self) -> None:
        """Begin a sheet with the names of the columns."""
        self.number += 1
        self.sheet = self.book.add_worksheet(self.name if self.number == 1 else f"{self.name} {self.number}")
        self.at, self.links = 1, 0
        self.sheet.freeze_panes(1, 0)
        for place, column in enumerate(self.columns):
            self.sheet.set_column(place, place, _WIDTHS.get(column.kind, 10))
            self.sheet.write_string(0, place, column.name)

    def _put(self, place: int, column: Column, value: Any) -> None:
        assert self.sheet is not None
        if isinstance(value, str):
            text = self.cleaner.clean(value)
            if column.kind is Kind.LINK and self._may_link(text):
                self.sheet.write_url(self.at, place, text, None, text)
            else:
                self.sheet.write_string(self.at, place, text)
        elif isinstance(value, date):
            if value >= _FIRST_DAY:
                self.sheet.write_datetime(self.at, place, value)
            else:
                self.sheet.write_string(self.at, place, value.isoformat())
        else:
            self.sheet.write_number(self.at, place, float(value) if isinstance(value, Decimal) else value)

    def _may_link(self, text: str) -> bool:
        if self.links < MOST_LINKS and len(text) <= LONGEST_LINK and is_address(text):
            self.links += 1
            return True
        self.plain_links += 1
        return False

    def told(self) -> Iterable[tuple[str, int]]:
        yield "rows", self.total
        yield from self.cleaner.told()
        yield "addresses without a link: they are none, or the sheet has 65,530", self.plain_links


def _write_readme(sheet: Worksheet, lines: Iterable[tuple[str, str]], cleaner: Cleaner) -> None:
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    for at, pair in enumerate(lines):
        for place, text in enumerate(pair):
            sheet.write_string(at, place, cleaner.clean(text))
