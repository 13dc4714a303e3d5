"""What tells an office document by its first bytes, and an export of a press database by its first lines."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from nlp.readers.packages import first_member

if TYPE_CHECKING:
    from nlp.readers.formats import Content

_WORD = ("[Content_Types]", "_rels/", "docProps/", "customXml/", "word/")
_OPEN = ("mimetype", "content.xml", "META-INF/manifest.xml")
_OPEN_TEXT = b"application/vnd.oasis.opendocument.text"


def is_pdf(content: Content) -> bool:
    """A PDF, with what mail and web servers put before it: readers look for its mark in the first 1,024 bytes."""
    return b"%PDF-" in content.data[:1024]


def is_docx(content: Content) -> bool:
    """A package whose first member is one of a Word document: an archive of Word documents begins otherwise."""
    return first_member(content.data).startswith(_WORD) and b"word/document" in content.data


def is_odt(content: Content) -> bool:
    """A package that names itself an OpenDocument text at its start, as the standard asks."""
    return first_member(content.data) in _OPEN and _OPEN_TEXT in content.data[:200]


def is_rtf(content: Content) -> bool:
    return content.data.lstrip().startswith(b"{\\rtf")


def is_export_of(name: str) -> Callable[[Content], bool]:
    """Whether a text or page is an export of the database of this name."""
    return lambda content: content.export == name
