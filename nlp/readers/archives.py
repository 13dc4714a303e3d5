"""What tells an archive by its first bytes."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from nlp.readers.formats import Content

ZIP_MARKS = (b"PK\x03\x04", b"PK\x05\x06")
GZIP_MARK = b"\x1f\x8b"
_WARC_MARK = b"WARC/"
ARCHIVE_MARKS = (*ZIP_MARKS, GZIP_MARK, _WARC_MARK)
#: Documents that are archives inside: Office Open XML, OpenDocument and EPUB, by the name of a member.
_DOCUMENTS = ("[Content_Types].xml", "mimetype", "word/document.xml", "META-INF/manifest.xml")
_FIRST_IN_DOCUMENTS = ("[Content_Types]", "_rels/", "docProps/", "customXml/", "word/", "mimetype", "content.xml")


def is_zip(content: Content) -> bool:
    """A ZIP that is no document of an office program: those are one text, not many."""
    return content.data.startswith(ZIP_MARKS) and not _is_document(content.data)


def _is_document(data: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(name in _DOCUMENTS for name in archive.namelist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        # Its list is damaged: the first member, which stands at the start, still tells.
        first = data[30 : 30 + int.from_bytes(data[26:28], "little")].decode("utf-8", "replace")
        return first.startswith(_FIRST_IN_DOCUMENTS)


def is_warc(content: Content) -> bool:
    """A WARC, as it is or compressed by gzip."""
    return unpacked_start(content.data, len(_WARC_MARK)).startswith(_WARC_MARK)


def unpacked_start(data: bytes, count: int) -> bytes:
    """The first bytes of a file, unpacked when it is a gzip; b"" when that is broken."""
    if not data.startswith(GZIP_MARK):
        return data[:count]
    try:
        return zlib.decompressobj(zlib.MAX_WBITS + 16).decompress(data[:1_000], count)
    except zlib.error:
        return b""
