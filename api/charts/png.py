"""A chart as one PNG file: its SVG, drawn by vl-convert, whose fonts come with it; title and description are inside."""

from __future__ import annotations

import struct
import zlib

from api.charts.lanes import Chart
from api.charts.svg import write_svg

MEDIA_TYPE = "image/png"
#: Pixels to a unit of the chart: sharp on paper and on dense screens.
SCALE = 2.0
#: Signature, then the header: length, type, 13 bytes, checksum (PNG, third edition, 5.2 and 11.2.2).
_HEAD = 8 + 4 + 4 + 13 + 4


def write_png(chart: Chart) -> bytes:
    """The picture, with ``Title`` and ``Description`` as its text chunks."""
    import vl_convert  # only who asks for a PNG waits for it

    drawn: bytes = vl_convert.svg_to_png(write_svg(chart), scale=SCALE)
    told = _words("Title", chart.title) + _words("Description", chart.describes)
    return drawn[:_HEAD] + told + drawn[_HEAD:]


def _words(keyword: str, text: str) -> bytes:
    """An iTXt chunk: UTF-8, not packed, of no language."""
    body = keyword.encode("latin-1") + b"\0\0\0\0\0" + " ".join(text.split()).encode("utf-8", "replace")
    return struct.pack(">I", len(body)) + b"iTXt" + body + struct.pack(">I", zlib.crc32(b"iTXt" + body))
