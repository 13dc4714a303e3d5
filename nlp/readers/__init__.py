"""Bytes to articles: the format is told from the content, never from the file's name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from nlp.errors import UnreadableError
from nlp.readers.archives import ARCHIVE_MARKS
from nlp.readers.formats import Content, format_of
from nlp.readers.reading import Reading, SkippedItem
from nlp.readers.text import is_file_text
from nlp.records import Article

__all__ = [
    "MAX_BYTES",
    "Reading",
    "SkippedItem",
    "bytes_of_file",
    "is_file_text",
    "read_bytes",
    "read_file",
    "reading_of_bytes",
    "reading_of_file",
]

MAX_BYTES = 20_000_000
#: A message in an archive in an archive is read; what lies deeper is refused.
DEEPEST = 2
#: An archive holds many files, each within the limit for one.
ARCHIVE_TIMES = 10
#: All that comes out of a file together, as archives in archives multiply.
UNPACKED_BYTES = 500_000_000


def read_file(path: Path, *, max_bytes: int = MAX_BYTES) -> tuple[Article, ...]:
    """The articles in a file, at least one. Raises UnreadableError as ``reading_of_file``."""
    return _articles(reading_of_file(path, max_bytes=max_bytes), str(path))


def read_bytes(data: bytes, *, source: str, max_bytes: int = MAX_BYTES) -> tuple[Article, ...]:
    """The articles in ``data``, at least one. Raises UnreadableError as ``reading_of_bytes``."""
    return _articles(reading_of_bytes(data, source=source, max_bytes=max_bytes), source)


def reading_of_file(path: Path, *, max_bytes: int = MAX_BYTES) -> Reading:
    """All that a file holds. Raises UnreadableError, which says what is wrong, with which file, and what to do."""
    return _read(bytes_of_file(path, max_bytes=max_bytes), source=path.name, where=str(path))


def bytes_of_file(path: Path, *, max_bytes: int = MAX_BYTES) -> bytes:
    """What stands in a file; nothing of it is read where it is larger than ``max_bytes``, an archive than ten times.

    Raises UnreadableError as ``reading_of_file``.
    """
    try:
        if path.is_dir():
            raise UnreadableError("is a folder, not a file", where=str(path), do="name the files in it")
        if path.exists() and not path.is_file():
            raise UnreadableError("is a device or pipe, not a file", where=str(path), do="save it to a file first")
        _refuse_large(path.stat().st_size, _limit(path, max_bytes), str(path))
        return path.read_bytes()
    except OSError as error:
        raise _unreadable(error, path) from None


def reading_of_bytes(data: bytes, *, source: str, max_bytes: int = MAX_BYTES) -> Reading:
    """All that ``data`` holds, which came from ``source`` (a URL, else a file name). Raises UnreadableError."""
    _refuse_large(len(data), max_bytes, source)
    return _read(data, source=source, where=source)


def _articles(reading: Reading, where: str) -> tuple[Article, ...]:
    if not reading.articles:
        reason = f": {reading.skipped[0].where}: {reading.skipped[0].reason}" if reading.skipped else ""
        raise UnreadableError(f"holds no article{reason}", where=where)
    return reading.articles


@dataclass(slots=True)
class _Unpacked:
    """How many bytes came out of a file so far, at any depth."""

    bytes: int = 0


def _read(data: bytes, *, source: str, where: str, depth: int = 0, unpacked: _Unpacked | None = None) -> Reading:
    total = unpacked or _Unpacked()

    def nested(data: bytes, *, source: str) -> Reading:
        total.bytes += len(data)
        if depth == DEEPEST:
            raise UnreadableError("lies too deep in other files", where=source, do="unpack what holds it")
        if total.bytes > UNPACKED_BYTES:
            limit = f"{UNPACKED_BYTES / 1e6:g} MB"
            raise UnreadableError(f"comes after {limit} out of the same file", where=source, do="unpack it")
        return _read(data, source=source, where=source, depth=depth + 1, unpacked=total)

    try:
        return format_of(Content(data)).read(data, source=source, nested=nested)
    except UnreadableError as error:
        raise UnreadableError(error.what, where=where, do=error.do) from None


def _refuse_large(size: int, max_bytes: int, where: str) -> None:
    if size > max_bytes:
        limit = f"{max_bytes / 1e6:g} MB"
        raise UnreadableError(f"is larger than {limit}", where=where, do="split it or give the article alone")


def _limit(path: Path, max_bytes: int) -> int:
    with path.open("rb") as file:
        return max_bytes * ARCHIVE_TIMES if file.read(8).startswith(ARCHIVE_MARKS) else max_bytes


def _unreadable(error: OSError, path: Path) -> UnreadableError:
    if isinstance(error, FileNotFoundError):
        return UnreadableError("there is no such file", where=str(path), do="check the name")
    if isinstance(error, PermissionError):
        return UnreadableError("may not be read", where=str(path), do="check its permissions")
    return UnreadableError(f"cannot be read: {error.strerror}", where=str(path), do="check the file and the disk")
