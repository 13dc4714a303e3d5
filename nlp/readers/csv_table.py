"""CSV (RFC 4180, and what spreadsheets make of it): an article in each row, its columns as ``rows`` knows them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from nlp.errors import UnreadableError
from nlp.readers.decoding import decode
from nlp.readers.formats import ReadNested
from nlp.readers.reading import Reading
from nlp.readers.row_files import Row, read_rows
from nlp.readers.telling import table_dialect, without_separator

#: A whole article stands in a field; csv itself allows 131,072 characters.
FIELD_CHARACTERS = 20_000_000


def read(data: bytes, *, source: str, nested: ReadNested) -> Reading:
    """Every row is an article or skipped with its number. Raises UnreadableError when the bytes are no text."""
    text = decode(data)[0].removeprefix("\ufeff")
    return read_rows(_rows(text), format="csv", source=source)


def _rows(text: str) -> Iterator[Row]:
    csv.field_size_limit(FIELD_CHARACTERS)
    lines = io.StringIO(without_separator(text), newline="")
    table = csv.reader(lines, delimiter=table_dialect(text) or ",", strict=True)
    try:
        header = next(table, [])
    except csv.Error as error:
        raise UnreadableError(f"has a first row that cannot be read: {_fault(error)}", do="save it anew") from None
    number = 1
    while True:
        number, first = number + 1, table.line_num + 1
        try:
            values = next(table, None)
        except csv.Error as error:
            yield Row(f"row {number}", None, f"cannot be read: {_fault(error)} (lines {first} to {table.line_num})")
            continue
        if values is None:
            return
        if any(value.strip() for value in values):
            yield _row(f"row {number}", header, values)


def _row(where: str, header: list[str], values: list[str]) -> Row:
    if len(values) > len(header) and any(value.strip() for value in values[len(header) :]):
        return Row(where, None, f"has {len(values)} fields, the header {len(header)}: a mark or a quote is missing")
    return Row(where, dict(zip(header, values, strict=False)))


def _fault(error: csv.Error) -> str:
    words = str(error)
    if "unexpected end" in words:
        return "a quotation mark is opened and never closed"
    return "text stands behind a closing quotation mark" if "expected after" in words else words
