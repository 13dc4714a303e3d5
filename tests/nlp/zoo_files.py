"""The files of ``zoo/``: those that lie there, and archives built from parts that ``zoo.toml`` describes."""

from __future__ import annotations

import gzip
import io
import tomllib
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ZOO = Path(__file__).parent / "zoo"


@dataclass(frozen=True)
class Exhibit:
    """A file and what reading it must give."""

    folder: Path
    expected: Mapping[str, Any]

    @property
    def name(self) -> str:
        return str(self.expected["name"])

    @property
    def data(self) -> bytes:
        build = self.expected.get("build")
        if build is None:
            return (self.folder / self.name).read_bytes()
        made = {"zip": _zip, "warc": _warc}[build["as"]](self.folder, self.expected)
        return made[: -build["cut"]] if "cut" in build else made

    def __str__(self) -> str:
        return f"{self.folder.name}/{self.name}"


def exhibits() -> Iterator[Exhibit]:
    for path in sorted(ZOO.glob("*/zoo.toml")):
        for row in tomllib.loads(path.read_text(encoding="utf-8"))["file"]:
            yield Exhibit(path.parent, row)


def _zip(folder: Path, expected: Mapping[str, Any]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in expected["members"]:
            if "overlaps" not in member:
                archive.writestr(_entry(member), _content(folder, member))
        for member in expected["members"]:
            _lie(archive, member)
    data = bytearray(packed.getvalue())
    if "says_members" in expected["build"]:
        _set_count(data, expected["build"]["says_members"])
    return bytes(data)


def _entry(member: Mapping[str, Any]) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(member["name"], (2014, 6, 3, 8, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = (0o120777 if member.get("link") else 0o100644) << 16
    return entry


def _content(folder: Path, member: Mapping[str, Any]) -> bytes:
    if "archive" in member:
        return _matryoshka(folder, member["archive"])
    if "hex" in member:
        return bytes.fromhex(member["hex"])
    if "zeros" in member:
        return bytes(member["zeros"])
    return (folder / member["file"]).read_bytes() if "file" in member else member.get("text", "").encode()


def _matryoshka(folder: Path, depth: int) -> bytes:
    inner = {"name": "inner.zip", "archive": depth - 1} if depth > 1 else {"name": "levy.txt", "file": "levy.txt"}
    return _zip(folder, {"members": [inner], "build": {}})


def _lie(archive: zipfile.ZipFile, member: Mapping[str, Any]) -> None:
    """Change what the list of members says, which is written when the archive is closed."""
    if "overlaps" in member:
        other = archive.infolist()[member["overlaps"]]
        copy = _entry(member)
        copy.header_offset, copy.CRC = other.header_offset, other.CRC
        copy.compress_size, copy.file_size = other.compress_size, other.file_size
        archive.filelist.append(copy)
        return
    entry = archive.getinfo(member["name"])
    if "says" in member:
        entry.file_size = member["says"]
    if member.get("encrypted"):
        entry.flag_bits |= 0x1


def _set_count(data: bytearray, count: int) -> None:
    at = data.rfind(b"PK\x05\x06")
    data[at + 10 : at + 12] = count.to_bytes(2, "little")


def _warc(folder: Path, expected: Mapping[str, Any]) -> bytes:
    records = [_record(folder, row) for row in expected["records"]]
    return b"".join(gzip.compress(one, mtime=0) if expected["build"].get("gzip") else one for one in records)


def _record(folder: Path, row: Mapping[str, Any]) -> bytes:
    body = (folder / row["page"]).read_bytes() if "page" in row else b""
    head = row.get("head", "")
    if "Content-Encoding: gzip" in head:
        body = gzip.compress(body, mtime=0)
    if "chunked" in head:
        body = b"".join(b"%x\r\n%s\r\n" % (len(body[i : i + 300]), body[i : i + 300]) for i in range(0, len(body), 300))
        body += b"0\r\n\r\n"
    block = (head.replace("\n", "\r\n") + "\r\n\r\n").encode() + body if head else b"software: by hand\r\n"
    kind = "application/http; msgtype=response" if head else "application/warc-fields"
    if row["type"] == "resource":
        block, kind = body, "text/html"
    named = [f"WARC-Target-URI: {row['url']}"] if "url" in row else []
    lines = ["WARC/1.0", f"WARC-Type: {row['type']}", *named, f"WARC-Date: {row['date']}", f"Content-Type: {kind}"]
    return ("\r\n".join([*lines, f"Content-Length: {len(block)}"]) + "\r\n\r\n").encode() + block + b"\r\n\r\n"
