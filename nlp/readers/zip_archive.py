"""A ZIP of files of any format (APPNOTE 6.3): each is read by what it holds, hostile ones are refused by name.

Nothing is unpacked to a disk. Limits are checked against what the archive says and against what comes out of it.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from dataclasses import replace
from itertools import pairwise

from nlp.errors import UnreadableError
from nlp.readers.formats import ReadNested
from nlp.readers.items import reason, shown
from nlp.readers.reading import Reading, SkippedItem
from nlp.records import Article

#: A cuttings folder has hundreds of files; each larger than this is no article, and all must fit into memory.
MEMBERS = 10_000
MEMBER_BYTES = 20_000_000
TOTAL_BYTES = 200_000_000
#: Text shrinks to a third, a page of repeated mark-up to a thirtieth; small members may be anything.
RATIO = 200
RATIO_FROM_BYTES = 1_000_000

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_ENCRYPTED = 0x1
_HIDDEN = re.compile(r"(?:^|/)(?:\.(?!\.)|__MACOSX/|Thumbs\.db$|desktop\.ini$)")
_ABSOLUTE = re.compile(r"[/\\]|[A-Za-z]:")
_END_MARK = b"PK\x05\x06"


def read(data: bytes, *, source: str, nested: ReadNested) -> Reading:
    """The articles of every member that can be read. Raises UnreadableError for an archive that cannot be opened."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read(archive, data, source, nested)
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise UnreadableError(f"is a damaged ZIP: {error}", do="get the archive again") from None


def _read(archive: zipfile.ZipFile, data: bytes, source: str, nested: ReadNested) -> Reading:
    members = [
        info for info in archive.infolist() if not info.filename.endswith("/") and not _HIDDEN.search(info.filename)
    ]
    if len(members) > MEMBERS:
        raise UnreadableError(f"is a ZIP with {len(members)} members, more than {MEMBERS}", do="split it")
    if not members:
        raise UnreadableError("is a ZIP without files in it")
    found = _Found(missing=max(0, _stated_count(data) - len(archive.infolist())))
    overlapping = _overlapping(archive)
    for info in members:
        name = shown(info.filename) or "a member without a name"
        try:
            content = _content(archive, info, overlapping, found)
            found.add(name, nested(content, source=f"{source}/{name}"))
        except UnreadableError as error:
            found.skip(name, reason(error))
    return found.reading()


class _Found:
    """What the members held; ``missing`` is how many more the archive says that it has."""

    def __init__(self, missing: int) -> None:
        self.articles: list[Article] = []
        self.skipped: list[SkippedItem] = []
        self.withdrawn: list[str] = []
        self.declared, self.bytes = missing, 0

    def add(self, name: str, inner: Reading) -> None:
        # Offsets count in the member's text, which no file outside holds.
        self.articles += [replace(article, reader=f"zip/1 {article.reader}") for article in inner.articles]
        self.skipped += [SkippedItem(f"{name}: {item.where}", item.reason) for item in inner.skipped]
        self.withdrawn += inner.withdrawn
        self.declared += inner.parsed if inner.declared is None else inner.declared

    def skip(self, name: str, reason: str) -> None:
        self.skipped.append(SkippedItem(name, reason))
        self.declared += 1

    def reading(self) -> Reading:
        return Reading(
            format="zip",
            articles=tuple(self.articles),
            skipped=tuple(self.skipped),
            declared=self.declared,
            withdrawn=tuple(self.withdrawn),
        )


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, overlapping: frozenset[int], found: _Found) -> bytes:
    """The bytes of a member. Raises UnreadableError where they may not or cannot be read."""
    _refuse_name(info)
    if info.flag_bits & _ENCRYPTED:
        raise UnreadableError("is encrypted", do="unpack it with its password")
    if info.compress_type not in _METHODS:
        raise UnreadableError(f"is packed by method {info.compress_type}, which is not read", do="pack it anew")
    if info.header_offset in overlapping:
        raise UnreadableError("shares its bytes with another member, as in a ZIP bomb")
    _refuse_size(info.file_size, info.compress_size, found.bytes)
    try:
        with archive.open(info) as member:
            content = member.read(MEMBER_BYTES + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError):
        raise UnreadableError("is damaged: its bytes do not fit their size and checksum") from None
    _refuse_size(len(content), info.compress_size, found.bytes)
    found.bytes += len(content)
    return content


def _refuse_name(info: zipfile.ZipInfo) -> None:
    if _ABSOLUTE.match(info.orig_filename):
        raise UnreadableError("has an absolute path")
    if ".." in re.split(r"[/\\]", info.orig_filename):
        raise UnreadableError("has a path that leads out of the archive ('..')")
    if stat.S_ISLNK(info.external_attr >> 16):
        raise UnreadableError("is a link to another file")


def _refuse_size(size: int, packed: int, before: int) -> None:
    if size > MEMBER_BYTES:
        raise UnreadableError(f"is larger than {MEMBER_BYTES / 1e6:g} MB unpacked")
    if size > RATIO_FROM_BYTES and size > RATIO * packed:
        raise UnreadableError(f"unpacks to more than {RATIO} times its size, as a ZIP bomb does")
    if before + size > TOTAL_BYTES:
        raise UnreadableError(f"comes after {TOTAL_BYTES / 1e6:g} MB of other members", do="split the archive")


def _overlapping(archive: zipfile.ZipFile) -> frozenset[int]:
    """Where members begin whose bytes run into the next one's (Fifield, "A better zip bomb", WOOT 2019)."""
    listed = sorted(archive.infolist(), key=lambda info: info.header_offset)
    return frozenset(
        offset
        for one, two in pairwise(listed)
        if one.header_offset + 30 + one.compress_size > two.header_offset
        for offset in (one.header_offset, two.header_offset)
    )


def _stated_count(data: bytes) -> int:
    """How many members the end of the archive says it has; 0 where it does not say, or needs ZIP64 to."""
    at = data.rfind(_END_MARK)
    count = int.from_bytes(data[at + 10 : at + 12], "little") if at >= 0 else 0
    return 0 if count == 0xFFFF else count
