"""Bytes to characters where headers beside them name an encoding: parts of messages, answers of servers."""

from __future__ import annotations

import codecs

from nlp.errors import UnreadableError
from nlp.readers.decoding import decode_page

#: Encodings of English that headers name -> the codec. As in browsers, ASCII and Latin-1 mean Windows-1252.
_CODECS = {
    "utf-8": "utf-8-sig", "utf8": "utf-8-sig", "utf-16": "utf-16", "us-ascii": "cp1252", "ascii": "cp1252",
    "iso-8859-1": "cp1252", "latin1": "cp1252", "windows-1252": "cp1252", "cp1252": "cp1252",
    "iso-8859-15": "iso-8859-15", "windows-1250": "cp1250", "macintosh": "mac-roman",
}  # fmt: skip


def characters(data: bytes, charset: str | None) -> str:
    """The text of bytes: in the encoding that is named if that fits, else in the one that the bytes show.

    Raises UnreadableError for bytes that are no text.
    """
    codec = _CODECS.get((charset or "").strip().lower())
    if codec:
        try:
            return data.decode(codec)
        except UnicodeError:  # headers lie: what the bytes themselves say comes next
            pass
    return decode_page(data)


def as_utf8(data: bytes, charset: str | None, *, marked: bool) -> bytes:
    """The same text in UTF-8, with its mark where what reads it would believe a page's own word on its encoding.

    Bytes that no encoding fits stay as they are: whoever reads them says what is wrong.
    """
    try:
        text = characters(data, charset)
    except UnreadableError:
        return data
    return (codecs.BOM_UTF8 if marked else b"") + text.encode("utf-8", "replace")
