"""Zip packages and the XML in them are checked before a library opens them: bombs, entities, tricks with names.

A central directory says how large each member is; Python's zipfile gives no more bytes of a member than it says,
so a directory that lies is found as damage, never as a flood.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from nlp.errors import UnreadableError

#: A document of a thousand pages with pictures stays far below all of these.
MOST_MEMBERS = 2_000
MOST_BYTES = 200_000_000
MOST_XML_BYTES = 60_000_000
#: Text of office documents shrinks to a tenth, rarely to a fiftieth; a bomb to a thousandth.
MOST_RATIO = 200
#: Below so many bytes a ratio says nothing.
RATIO_FROM = 1_000_000

_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_ENCODING = re.compile(rb"<\?xml[^>]{0,100}?encoding\s*=\s*[\"']([^\"']{1,40})[\"']")
_ENCODINGS = frozenset([b"utf-8", b"utf-16", b"us-ascii", b"ascii", b"iso-8859-1", b"windows-1252"])
_XML_NAMES = (".xml", ".rels", ".rdf")


def first_member(data: bytes) -> str:
    """The name of the first member of a zip archive, as its local header says, "" when there is none."""
    length = int.from_bytes(data[26:28], "little")
    return data[30 : 30 + length].decode("utf-8", "replace") if data.startswith(b"PK\x03\x04") else ""


def check_package(data: bytes, kind: str) -> None:
    """Refuse a zip package that a library must not open. Raises UnreadableError; ``kind`` names it ("a Word file")."""
    try:
        with ZipFile(BytesIO(data)) as package:
            members = package.infolist()
            check_members(members, kind)
            for member in members:
                if member.filename.lower().endswith(_XML_NAMES):
                    check_xml(package.read(member), kind)
    except (BadZipFile, EOFError, OSError, zlib.error, NotImplementedError, ValueError, LookupError, RuntimeError):
        raise damaged(kind) from None


def check_members(members: Iterable[ZipInfo], kind: str) -> None:
    """Refuse too many or too large members, and those that could harm. Raises UnreadableError."""
    members = list(members)
    if len(members) > MOST_MEMBERS:
        raise _bomb(kind, f"{len(members)} files in it")
    for member in members:
        _check_member(member, kind)
    size = sum(member.file_size for member in members)
    if size > MOST_BYTES:
        raise _bomb(kind, f"{size / 1e6:.0f} MB when unpacked")
    names = [member.filename for member in members]
    if len(set(names)) < len(names):
        raise damaged(kind)


def _check_member(member: ZipInfo, kind: str) -> None:
    if member.flag_bits & 0x1:
        raise UnreadableError(f"is {kind} that is locked by a password", do="save it without one")
    if member.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise UnreadableError(f"is {kind} that is packed in an unknown way", do="save it again, or as text")
    path = member.filename.replace("\\", "/")
    if path.startswith("/") or ".." in path.split("/") or ":" in path.partition("/")[0]:
        raise UnreadableError(f"is {kind} with a file in it that points outside", do="do not open it")
    if member.filename.lower().endswith(_XML_NAMES) and member.file_size > MOST_XML_BYTES:
        raise _bomb(kind, f"{member.file_size / 1e6:.0f} MB of text")
    if member.file_size > max(RATIO_FROM, MOST_RATIO * member.compress_size):
        raise _bomb(kind, f"{member.file_size / 1e6:.0f} MB packed into {member.compress_size / 1e6:.2f} MB")


def check_xml(data: bytes, kind: str) -> None:
    """Refuse XML that declares types or entities, in any encoding that is read. Raises UnreadableError."""
    plain = data.replace(b"\0", b"")  # UTF-16 becomes what it says, as far as it is ASCII
    named = _ENCODING.search(plain[:400])
    if _DTD.search(plain) or (named and named[1].lower() not in _ENCODINGS):
        raise UnreadableError(f"is {kind} with XML entities, which are not read", do="do not open it, or save it anew")


def damaged(kind: str) -> UnreadableError:
    return UnreadableError(f"is {kind} that is damaged or cut off", do="get it again, or save it as text")


def _bomb(kind: str, how: str) -> UnreadableError:
    return UnreadableError(f"is {kind} that unpacks to too much: {how}", do="split it or save it as text")
