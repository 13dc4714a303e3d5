"""OpenDocument texts (ODT), opened by odfdo after the package was checked.

Tracked deletions, comments and styles are not read, insertions are; tables are a line a row, notes stand at the end,
text boxes follow the paragraph that they hang on. OpenDocument 1.3, part 3.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from io import BytesIO
from zipfile import BadZipFile

from lxml import etree
from odfdo import Document, Element

from nlp.readers.document_pieces import piece, row_of
from nlp.readers.documents import read_document
from nlp.readers.formats import ReadNested
from nlp.readers.packages import check_package, damaged
from nlp.readers.pieces import Piece
from nlp.readers.reading import Reading

READER = "odt/1"
KIND = "an OpenDocument text"
#: What odfdo and lxml raise on a damaged package or a part that is not what it says.
DAMAGE = (
    *(etree.LxmlError, BadZipFile, zlib.error, EOFError, OSError, LookupError, ValueError),
    *(AttributeError, TypeError, NotImplementedError, RecursionError, AssertionError),
)

_UNSEEN = frozenset(["text:tracked-changes", "office:annotation", "office:forms", "text:sequence-decls"])
_NOTES = "text:note"
_BOX = "draw:text-box"
_BREAKS = {"text:tab": " ", "text:line-break": "\n"}
#: The rows of a table, not those of a table in its cells.
_ROWS = "table:table-row | table:table-header-rows/table:table-row | table:table-rows/table:table-row"
_TITLES = frozenset(["title"])
#: More spaces in a row than this are layout.
MOST_SPACES = 100


def read(data: bytes, *, source: str, nested: ReadNested) -> Reading:
    """An OpenDocument text: an article, or the many of an export. Raises UnreadableError when nothing is in it."""
    check_package(data, KIND)
    try:
        document = Document(BytesIO(data))
        notes: list[Element] = []
        pieces = list(_blocks(document.body, notes))
        pieces += [each for number, note in enumerate(notes, 1) for each in _note(note, number)]
        title = document.meta.title if "meta.xml" in document.parts else None
    except DAMAGE:
        raise damaged(KIND) from None
    return read_document(pieces, format="odt", reader=READER, source=source, named=title)


def _blocks(holder: Element, notes: list[Element], *, listed: bool = False) -> Iterator[Piece]:
    """Headings, paragraphs, lists and tables, in order; notes are put aside."""
    for child in holder.children:
        if child.tag in ("text:h", "text:p"):
            yield from _paragraph(child, notes, listed=listed)
        elif child.tag == "table:table":
            yield from _table(child, notes)
        elif child.tag not in _UNSEEN:
            yield from _blocks(child, notes, listed=listed or child.tag == "text:list")


def _paragraph(paragraph: Element, notes: list[Element], *, listed: bool) -> Iterator[Piece]:
    boxes: list[Element] = []
    text = "".join(_inside(paragraph, notes, boxes))
    style = str(paragraph.get_attribute("text:style-name") or "").lower()
    role = "title" if style in _TITLES else "heading" if paragraph.tag == "text:h" else ""
    yield from piece(f"• {text}" if listed and not role and text.strip() else text, role)
    for box in boxes:
        yield from _blocks(box, notes)


def _inside(element: Element, notes: list[Element], boxes: list[Element]) -> Iterator[str]:
    """The text of a paragraph as it is seen. Without recursion: spans nest at will."""
    stack: list[Element | str] = [element]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            yield node
            continue
        if node is not element:
            stack.append(node.tail or "")
        if node.tag in (_NOTES, _BOX):
            (notes if node.tag == _NOTES else boxes).append(node)
        elif node.tag == "text:s":
            yield " " * min(node.get_attribute_integer("text:c") or 1, MOST_SPACES)
        elif node.tag in _BREAKS:
            yield _BREAKS[node.tag]
        elif node.tag not in _UNSEEN:
            stack += reversed(node.children)
            stack.append(node.text or "")


def _table(table: Element, notes: list[Element]) -> Iterator[Piece]:
    for row in table.get_elements(_ROWS):
        cells = (child for child in row.children if child.tag == "table:table-cell")
        yield from piece(row_of("\n".join(each.text for each in _blocks(cell, notes)) for cell in cells))


def _note(note: Element, number: int) -> Iterator[Piece]:
    body = note.get_element("text:note-body")
    text = "\n".join(each.text for each in _blocks(body, [])) if body is not None else ""
    yield from piece(f"{number}. {text}" if text else "")
