"""JSON Lines: an article on each line, as an object with keys that ``rows`` knows; also one array of such objects."""

from __future__ import annotations

import json
from collections.abc import Iterator

from nlp.readers.decoding import decode
from nlp.readers.formats import ReadNested
from nlp.readers.reading import Reading
from nlp.readers.row_files import Row, read_rows


def read(data: bytes, *, source: str, nested: ReadNested) -> Reading:
    """Every line is an article or skipped with its number. Raises UnreadableError when the bytes are no text."""
    text = decode(data)[0].removeprefix("\ufeff")
    rows = _array(text) if text.lstrip().startswith("[") else _lines(text)
    return read_rows(rows, format="jsonl", source=source)


def _lines(text: str) -> Iterator[Row]:
    # JSON may hold U+2028 and the like, so only LF and CR LF end a line.
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            yield _row(f"line {number}", line)


def _row(where: str, line: str) -> Row:
    try:
        return _object(where, json.loads(line))
    except (ValueError, RecursionError):
        return Row(where, None, "is no JSON: the line is broken or cut off")


def _object(where: str, value: object) -> Row:
    return Row(where, value) if isinstance(value, dict) else Row(where, None, "is no JSON object")


def _array(text: str) -> Iterator[Row]:
    for number, value in enumerate(json.loads(text), 1):
        yield _object(f"item {number}", value)
