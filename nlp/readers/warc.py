"""Web archives (WARC 1.0 and 1.1, ISO 28500): the pages in them, one after the other, each read as what it is.

Items are responses and resources; requests, metadata and the archive's own records hold no press.
"""

from __future__ import annotations

import io
import re
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord

from nlp.errors import UnreadableError
from nlp.readers.archives import GZIP_MARK
from nlp.readers.charsets import as_utf8
from nlp.readers.formats import ReadNested
from nlp.readers.items import Version, newest, reason, shown
from nlp.readers.reading import Reading, SkippedItem

PAGE_BYTES = 20_000_000
#: A gzip may grow a thousandfold: what comes out of one is bounded before anything is read.
UNPACKED_BYTES = 500_000_000

CHUNK_BYTES = 1_000_000

#: What the library and zlib raise over damaged archives.
_FAULTS = (ArchiveLoadFailed, zlib.error, EOFError, ValueError, OSError)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_PAGES = ("text/html", "application/xhtml+xml", "text/plain")
_ITEMS = ("response", "resource", "revisit")


def read(data: bytes, *, source: str, nested: ReadNested) -> Reading:
    """The article of every page that was fetched; other answers are counted by kind. Raises UnreadableError."""
    whole = _is_whole(data)
    found = _Found(nested)
    for number, record in enumerate(_records(data, found), 1):
        if record.rec_type in _ITEMS:
            found.take(f"record {number}", record)
    if not whole:
        found.skipped.append(SkippedItem("end of file", "the archive is cut off or damaged: records may be missing"))
    return found.reading()


@dataclass(frozen=True, slots=True)
class _Page:
    """A page that gave something: where it stands, its address, when it was fetched, and what it gave."""

    where: str
    url: str
    taken: str
    reading: Reading


class _Found:
    """What was found so far. One page is in memory at a time, beside the archive and the articles."""

    def __init__(self, nested: ReadNested) -> None:
        self.nested = nested
        self.pages: list[_Page] = []
        self.skipped: list[SkippedItem] = []
        self.others: Counter[str] = Counter()

    def take(self, where: str, record: ArcWarcRecord) -> None:
        if kind := _no_page(record):
            self.others[kind] += 1
            return
        url = record.rec_headers.get_header("WARC-Target-URI") or where
        taken = record.rec_headers.get_header("WARC-Date") or ""
        try:
            inner = self.nested(_body(record), source=url.strip("<>"))
            self.pages.append(_Page(where, url, taken, inner))
        except UnreadableError as error:
            self.skipped.append(SkippedItem(where, f"{shown(url)}: {reason(error)}"))

    def reading(self) -> Reading:
        kept, older = newest(Version(page.url, (0, page.taken), page.where) for page in self.pages)
        inner = [(page.where, page.reading) for page in self.pages if page.where in kept]
        within = (SkippedItem(f"{where}: {item.where}", item.reason) for where, one in inner for item in one.skipped)
        counted = (SkippedItem(f"{n} record{'s' if n > 1 else ''}", kind) for kind, n in self.others.items())
        skipped = (*self.skipped, *within, *older, *counted)
        if not inner and not skipped:
            raise UnreadableError("is a web archive without pages in it")
        articles = [replace(a, reader=f"warc/1 {a.reader}") for _, one in inner for a in one.articles]
        return Reading(format="warc", articles=tuple(articles), skipped=skipped)


def _records(data: bytes, found: _Found) -> Iterator[ArcWarcRecord]:
    """The records up to where the archive breaks off, which is noted."""
    archive, count = ArchiveIterator(io.BytesIO(data)), 0
    archive.INC_RECORD = ""  # a warning that would go to the terminal
    records = iter(archive)
    while True:
        try:
            record = next(records, None)
        except (*_FAULTS, AttributeError):  # the last: a record without an address
            found.skipped.append(SkippedItem(f"record {count + 1}", "is damaged, and what follows it cannot be found"))
            return
        if record is None:
            return
        count += 1
        yield record


def _no_page(record: ArcWarcRecord) -> str | None:
    """Why a record holds no page, in words that are equal for all of its kind; None when it may hold one."""
    if record.rec_type == "revisit":
        return "repeat a page of another archive (revisit)"
    if record.http_headers is not None and (status := record.http_headers.get_statuscode()) != "200":
        return f"are answers with status {shown(status[:3])}, not 200"
    kind = _content_type(record).partition(";")[0].strip().lower()
    return None if kind in _PAGES else f"are {shown(kind[:80]) or 'of no type'}, not pages of text"


def _content_type(record: ArcWarcRecord) -> str:
    headers = record.http_headers if record.http_headers is not None else record.rec_headers
    return str(headers.get_header("Content-Type") or "")


def _body(record: ArcWarcRecord) -> bytes:
    """The page as it was sent, unpacked, in UTF-8. Raises UnreadableError."""
    encoding = (record.http_headers and record.http_headers.get_header("Content-Encoding")) or ""
    try:
        body: bytes = record.content_stream().read(PAGE_BYTES + 1)
        while record.raw_stream.read(CHUNK_BYTES):
            pass
    except _FAULTS:
        raise UnreadableError("is damaged: it cannot be unpacked") from None
    if getattr(record.raw_stream, "limit", 0) > 0:  # without a length there is no limit
        raise UnreadableError("is cut off: it is shorter than it says")
    if len(body) > PAGE_BYTES:
        raise UnreadableError(f"is larger than {PAGE_BYTES / 1e6:g} MB")
    if encoding.strip().lower() == "br":
        raise UnreadableError("is packed with Brotli, which is not read", do="fetch it with gzip")
    if not body.strip():
        raise UnreadableError("is empty")
    kind = _content_type(record)
    charset = _CHARSET.search(kind)
    return as_utf8(body, charset[1] if charset else None, marked="html" in kind.lower())


def _is_whole(data: bytes) -> bool:
    """Whether the archive ends as one does, with two empty lines or the end of a gzip.

    Raises UnreadableError for a gzip that unpacks beyond all reason; nothing of it is kept while it is counted.
    """
    if not data.startswith(GZIP_MARK):
        return data.endswith(b"\r\n\r\n")
    size, rest = 0, data
    while rest.startswith(GZIP_MARK):
        unpacker = zlib.decompressobj(zlib.MAX_WBITS + 16)
        try:
            while rest and not unpacker.eof:
                size += len(unpacker.decompress(rest, CHUNK_BYTES))
                rest = unpacker.unconsumed_tail
                if size > UNPACKED_BYTES:
                    raise UnreadableError(f"unpacks to more than {UNPACKED_BYTES / 1e6:g} MB", do="split it")
        except zlib.error:
            return False
        if not unpacker.eof:
            return False
        rest = unpacker.unused_data
    return not rest
