"""Exports of press databases that come as text or HTML; those in office documents are met in ``documents``."""

from __future__ import annotations

from lxml import etree
from lxml.html import HTMLParser, document_fromstring

from nlp.errors import UnreadableError
from nlp.readers.databases import export_in, read_export
from nlp.readers.decoding import decode, decode_page
from nlp.readers.formats import ReadNested
from nlp.readers.laid_out import lay_out
from nlp.readers.reading import Reading


def read(data: bytes, *, source: str, nested: ReadNested) -> Reading:
    """The articles of an export. Raises UnreadableError when the bytes are no text, or hold no item."""
    page = data.lstrip()[:1] == b"<"
    lines = _page_lines(data) if page else decode(data)[0].lstrip("\ufeff").splitlines()
    export = export_in(lines)
    reading = read_export(export, lines, source=source, form="html" if page else "text") if export else None
    if reading is None or not reading.parsed:
        raise UnreadableError("looks like a database's export, but holds no item", do="save it again with full text")
    return reading


def _page_lines(data: bytes) -> list[str]:
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = document_fromstring(decode_page(data).encode("utf-8", "replace"), parser=parser)
    except etree.LxmlError:
        raise UnreadableError("is a page that cannot be parsed", do="save it again") from None
    return [row for line in lay_out(tree) for row in (line, "")]
