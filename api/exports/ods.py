"""A table as ODS (OpenDocument 1.3), written row by row as XML of our own: odfdo holds a whole table in memory.

The first sheet, README, says what the columns mean and what was cut: cells are cut at 32,767 characters as in XLSX,
and XML has no control characters. A sheet has 1,048,576 rows at most; further rows go on in another one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile

from api.exports.about import About
from api.exports.cleaning import LONGEST_CELL, Cleaner, is_address
from api.exports.tables import Kind, Table, Value

LARGEST_SHEET = 1_048_576
_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_SPACES = re.compile(r" {2,}|^ | $|\t")
_MANIFEST = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{_TYPE}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)
_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content office:version="1.3"'
    + "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{urn}:1.0"'
        for name, urn in (
            ("office", "office"),
            ("style", "style"),
            ("text", "text"),
            ("table", "table"),
            ("number", "datastyle"),
        )
    )
    + ' xmlns:xlink="http://www.w3.org/1999/xlink"><office:automatic-styles>'
    '<number:date-style style:name="iso"><number:year number:style="long"/><number:text>-</number:text>'
    '<number:month number:style="long"/><number:text>-</number:text><number:day number:style="long"/>'
    '</number:date-style><style:style style:name="day" style:family="table-cell" style:data-style-name="iso"/>'
    "</office:automatic-styles><office:body><office:spreadsheet>"
)
_TAIL = "</office:spreadsheet></office:body></office:document-content>"


def write_ods(path: Path, table: Table, about: About) -> int:
    """Write the file; returns how many rows it has."""
    cleaner = Cleaner(LONGEST_CELL)
    # The sheet that tells what was cut stands first, so the others wait until that is known.
    with TemporaryFile() as waiting:
        total = _write_sheets(waiting, table, cleaner)
        waiting.seek(0)
        readme = about.readme(table.columns, [("rows", total), *cleaner.told()])
        with ZipFile(path, "w", ZIP_DEFLATED) as archive:
            archive.writestr("mimetype", _TYPE, ZIP_STORED)
            archive.writestr("META-INF/manifest.xml", _MANIFEST)
            with archive.open("content.xml", "w", force_zip64=True) as content:
                content.write(f"{_HEAD}{''.join(_sheet('README', 2, readme, cleaner))}".encode())
                copyfileobj(waiting, content)
                content.write(_TAIL.encode())
    return total


def _write_sheets(out: IO[bytes], table: Table, cleaner: Cleaner) -> int:
    names = [column.name for column in table.columns]
    links = [column.kind is Kind.LINK for column in table.columns]
    total, number, at = 0, 0, LARGEST_SHEET
    for row in table.rows:
        if at == LARGEST_SHEET:
            number += 1
            out.write(("</table:table>" if total else "").encode() + _begin(table.name, number, names, cleaner))
            at = 1
        out.write(_row(row, cleaner, links).encode())
        total, at = total + 1, at + 1
    out.write((_begin(table.name, 1, names, cleaner) if not total else b"") + b"</table:table>")
    return total


def _begin(name: str, number: int, names: Sequence[str], cleaner: Cleaner) -> bytes:
    title = name if number == 1 else f"{name} {number}"
    return (
        f'<table:table table:name={quoteattr(title)}><table:table-column table:number-columns-repeated="{len(names)}"/>'
        f"<table:table-header-rows>{_row(names, cleaner)}</table:table-header-rows>"
    ).encode()


def _sheet(name: str, wide: int, rows: Iterable[Sequence[Value]], cleaner: Cleaner) -> Iterator[str]:
    yield f'<table:table table:name="{name}"><table:table-column table:number-columns-repeated="{wide}"/>'
    yield from (_row(row, cleaner) for row in rows)
    yield "</table:table>"


def _row(row: Sequence[Value], cleaner: Cleaner, links: Sequence[bool] = ()) -> str:
    wanted = links or (False,) * len(row)
    cells = "".join(_cell(value, cleaner, link) for value, link in zip(row, wanted, strict=True))
    return f"<table:table-row>{cells}</table:table-row>"


def _cell(value: Value, cleaner: Cleaner, link: bool) -> str:
    if value is None or value == "":
        return "<table:table-cell/>"
    if isinstance(value, str):
        text = cleaner.clean(value)
        return _text(text, link and is_address(text))
    if isinstance(value, date):
        day = value.isoformat()
        kind = f'table:style-name="day" office:value-type="date" office:date-value="{day}"'
        return f"<table:table-cell {kind}><text:p>{day}</text:p></table:table-cell>"
    number = f"{value:f}" if isinstance(value, Decimal) else repr(value)
    shown = f"<text:p>{number}</text:p>"
    return f'<table:table-cell office:value-type="float" office:value="{number}">{shown}</table:table-cell>'


def _text(text: str, link: bool) -> str:
    """A cell of text: a paragraph a line, spaces and tabs kept; a link only for the address of a source."""
    lines = [_SPACES.sub(_kept, escape(line)) for line in text.split("\n")]
    if link:
        lines = [f'<text:a xlink:type="simple" xlink:href={quoteattr(text)}>{lines[0]}</text:a>']
    paragraphs = "".join(f"<text:p>{line}</text:p>" for line in lines)
    return f'<table:table-cell office:value-type="string">{paragraphs}</table:table-cell>'


def _kept(match: re.Match[str]) -> str:
    return "<text:tab/>" if match[0] == "\t" else f'<text:s text:c="{len(match[0])}"/>'
