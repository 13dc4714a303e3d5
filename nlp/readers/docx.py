"""Word documents (DOCX), opened by python-docx after the package was checked.

Tracked insertions are read, deletions, hidden text, headers and footers are not; tables are a line a row; footnotes
and endnotes stand at the end. Text that nobody sees (fallbacks for old programs) is left out, text boxes follow the
paragraph that they hang on. WordprocessingML: ECMA-376, part 1, 17.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from functools import cached_property
from io import BytesIO
from zipfile import BadZipFile, ZipFile

from docx import Document
from docx.document import Document as WordDocument
from docx.opc.exceptions import OpcError
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.exceptions import InvalidXmlError
from docx.oxml.ns import qn
from lxml import etree

from nlp.errors import UnreadableError
from nlp.readers.document_pieces import piece, row_of
from nlp.readers.documents import read_document
from nlp.readers.formats import ReadNested
from nlp.readers.packages import check_package, damaged
from nlp.readers.pieces import Piece
from nlp.readers.reading import Reading

READER = "docx/1"
KIND = "a Word document"
#: What python-docx and lxml raise on a damaged package or a part that is not what it says.
DAMAGE = (
    *(OpcError, InvalidXmlError, etree.LxmlError, BadZipFile, zlib.error, EOFError, OSError),
    *(LookupError, ValueError, AttributeError, TypeError, NotImplementedError, RecursionError, AssertionError),
)

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STRICT = b"http://purl.oclc.org/ooxml/"
_MAIN = b"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
#: Deleted, moved away, or said to old programs alone.
_UNSEEN = frozenset([f"{_W}del", f"{_W}moveFrom", f"{_W}rPr", f"{_W}pPr", f"{_W}instrText", f"{_W}delText", _FALLBACK])
_BREAKS = {f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}tab": " ", f"{_W}noBreakHyphen": "-"}
_NOTES = (("footnotes", f"{_W}footnote"), ("endnotes", f"{_W}endnote"))
_SEPARATORS = frozenset(["separator", "continuationSeparator", "continuationNotice"])


def read(data: bytes, *, source: str, nested: ReadNested) -> Reading:
    """A Word document: an article, or the many of a database's export. Raises UnreadableError when nothing is in it."""
    check_package(data, KIND)
    try:
        _refuse_other_kinds(data)
        document = Document(BytesIO(data))
        pieces = list(_Reader(document).pieces())
        title = document.core_properties.title
    except DAMAGE:
        raise damaged(KIND) from None
    return read_document(pieces, format="docx", reader=READER, source=source, named=title)


def _refuse_other_kinds(data: bytes) -> None:
    """What python-docx would take for damage: the strict form, and documents with macros or templates."""
    with ZipFile(BytesIO(data)) as package:
        types, relations = package.read("[Content_Types].xml"), package.read("_rels/.rels")
    if _STRICT in relations:
        raise UnreadableError("is a Word document in the strict form, which is not read", do="save it as plain .docx")
    if _MAIN not in types:
        raise UnreadableError("is a Word document with macros, or a template", do="save it as plain .docx")


class _Reader:
    """A document and its styles."""

    def __init__(self, document: WordDocument) -> None:
        self.document = document

    @cached_property
    def styles(self) -> Mapping[str, str]:
        """Style id -> its name in small letters, as Word names it in English in every language."""
        return {style.style_id: (style.name or "").lower() for style in self.document.styles}

    def pieces(self) -> Iterator[Piece]:
        yield from self.blocks(self.document.element.body)
        for name, tag in _NOTES:
            for part in self._parts(name):
                yield from self._notes(part, tag)

    def blocks(self, holder: etree._Element) -> Iterator[Piece]:
        """Paragraphs and tables of a body, a cell or a text box, in order."""
        for child in holder.iterchildren():
            if child.tag == f"{_W}p":
                yield from self._paragraph(child)
            elif child.tag == f"{_W}tbl":
                yield from self._table(child)
            elif isinstance(child.tag, str) and child.tag not in _UNSEEN:
                yield from self.blocks(child)  # content controls, smart tags, custom XML

    def _paragraph(self, paragraph: etree._Element) -> Iterator[Piece]:
        boxes: list[etree._Element] = []
        text = "".join(_runs(paragraph, boxes))
        style = self._style(paragraph)
        role = "title" if style == "title" else "heading" if style.startswith("heading") else ""
        listed = not role and (_has_number(paragraph) or style.startswith("list "))
        yield from piece(f"• {text}" if listed and text.strip() else text, role)
        for box in boxes:
            yield from self.blocks(box)

    def _style(self, paragraph: etree._Element) -> str:
        style = paragraph.find(f"{_W}pPr/{_W}pStyle")
        return self.styles.get(style.get(qn("w:val")) or "", "") if style is not None else ""

    def _table(self, table: etree._Element) -> Iterator[Piece]:
        for row in table.iterchildren(f"{_W}tr"):
            if row.find(f"{_W}trPr/{_W}del") is None:
                cells = (each for each in row.iter(f"{_W}tc") if next(each.iterancestors(f"{_W}tr")) is row)
                yield from piece(row_of("\n".join(each.text for each in self.blocks(cell)) for cell in cells))

    def _parts(self, name: str) -> Iterator[Part]:
        for relation in self.document.part.rels.values():
            if relation.reltype.endswith(f"/{name}") and not relation.is_external:
                yield relation.target_part

    def _notes(self, part: Part, tag: str) -> Iterator[Piece]:
        notes = [note for note in parse_xml(part.blob).iter(tag) if note.get(qn("w:type")) not in _SEPARATORS]
        for number, note in enumerate(notes, 1):
            text = "\n".join(each.text for each in self.blocks(note))
            yield from piece(f"{number}. {text}" if text else "")


def _has_number(paragraph: etree._Element) -> bool:
    number = paragraph.find(f"{_W}pPr/{_W}numPr/{_W}numId")
    return number is not None and number.get(qn("w:val")) != "0"


def _runs(element: etree._Element, boxes: list[etree._Element]) -> Iterator[str]:
    """The text inside a paragraph as it is seen; text boxes are put aside. Without recursion: runs nest at will."""
    stack = list(reversed(element))
    while stack:
        child = stack.pop()
        if child.tag in _UNSEEN or not isinstance(child.tag, str):
            continue
        if child.tag == f"{_W}txbxContent":
            boxes.append(child)
        elif child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag in _BREAKS:
            yield _BREAKS[child.tag]
        elif not (child.tag == f"{_W}r" and _is_hidden(child)):
            stack += reversed(child)


def _is_hidden(run: etree._Element) -> bool:
    mark = run.find(f"{_W}rPr/{_W}vanish")
    return mark is not None and mark.get(qn("w:val")) not in ("0", "false", "off")
