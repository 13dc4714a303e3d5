"""Bytes to articles: the format is told from the content, never from the file's name."""

from __future__ import annotations

import json
import re
from pathlib import Path

from nlp.errors import UnreadableError
from nlp.readers.decoding import UTF16_MARKS
from nlp.readers.text import is_file_text, read_text
from nlp.records import Article

__all__ = ["MAX_BYTES", "is_file_text", "read_bytes", "read_file"]

MAX_BYTES = 20_000_000
# Atomic groups: a comment ends at its first "-->", so that many comments cost no more than their length.
_HTML = re.compile(
    r"(?>\s+|<!--(?>.*?-->)|<\?xml[^>]*>)*+<(?:!doctype\s+html|html|head|body|title|meta|article|main|section|div|p|h1)\b",
    re.IGNORECASE | re.DOTALL,
)
_XML = re.compile(r"\s*<(?:\?xml|rss|feed|svg)\b", re.IGNORECASE)


def read_file(path: Path, *, max_bytes: int = MAX_BYTES) -> tuple[Article, ...]:
    """The articles in a file: one in a text or HTML file.

    ``max_bytes`` is checked before anything is read. Raises UnreadableError, which says what is
    wrong, with which file, and what to do.
    """
    try:
        if path.is_dir():
            raise UnreadableError("is a folder, not a file", where=str(path), do="name the files in it")
        if path.exists() and not path.is_file():
            raise UnreadableError("is a device or pipe, not a file", where=str(path), do="save it to a file first")
        _refuse_large(path.stat().st_size, max_bytes, str(path))
        data = path.read_bytes()
    except OSError as error:
        raise _unreadable(error, path) from None
    return _read(data, source=path.name, where=str(path))


def read_bytes(data: bytes, *, source: str, max_bytes: int = MAX_BYTES) -> tuple[Article, ...]:
    """The articles in ``data``, which came from ``source`` (a URL, else a file name). Raises UnreadableError."""
    _refuse_large(len(data), max_bytes, source)
    return _read(data, source=source, where=source)


def _read(data: bytes, *, source: str, where: str) -> tuple[Article, ...]:
    try:
        return (_read_format(data, source),)
    except UnreadableError as error:
        raise UnreadableError(error.what, where=where, do=error.do) from None


def _read_format(data: bytes, source: str) -> Article:
    start = _start(data)
    if _HTML.match(start):
        # trafilatura takes 0.1 s to import: only who reads HTML waits for it.
        from nlp.readers.html import read_html

        return read_html(data, source=source)
    if _XML.match(start):
        raise UnreadableError("is XML without a page in it", do="give text or HTML")
    if _is_json(data, start):
        raise UnreadableError("is JSON data, not an article", do="give text or HTML")
    return read_text(data, source=source)


def _is_json(data: bytes, start: str) -> bool:
    if not start.lstrip().startswith(("{", "[")):
        return False
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True


def _start(data: bytes) -> str:
    """The first characters, to tell the format by; wrong bytes do not matter yet."""
    encoding = "utf-16" if data.startswith(UTF16_MARKS) else "utf-8-sig"
    return data[:20_000].decode(encoding, "ignore")


def _refuse_large(size: int, max_bytes: int, where: str) -> None:
    if size > max_bytes:
        limit = f"{max_bytes / 1e6:g} MB"
        raise UnreadableError(f"is larger than {limit}", where=where, do="split it or give the article alone")


def _unreadable(error: OSError, path: Path) -> UnreadableError:
    if isinstance(error, FileNotFoundError):
        return UnreadableError("there is no such file", where=str(path), do="check the name")
    if isinstance(error, PermissionError):
        return UnreadableError("may not be read", where=str(path), do="check its permissions")
    return UnreadableError(f"cannot be read: {error.strerror}", where=str(path), do="check the file and the disk")
