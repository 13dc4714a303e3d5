"""MHTML (RFC 2557): a page that a browser saved with its parts; the page is read, what it loads is not."""

from __future__ import annotations

from dataclasses import replace
from email.message import Message

from nlp.errors import UnreadableError
from nlp.readers.charsets import as_utf8
from nlp.readers.formats import ReadNested
from nlp.readers.mail_parts import body_of, charset_of, header, is_cut, leaves, parse
from nlp.readers.reading import Reading

_PAGES = ("text/html", "application/xhtml+xml", "text/plain")


def read(data: bytes, *, source: str, nested: ReadNested) -> Reading:
    """The root page is one article. Raises UnreadableError when there is none, or only its beginning."""
    message = parse(data)
    parts = list(leaves(message))
    root = _root(message, parts)
    if is_cut(message) and root is parts[-1]:
        raise UnreadableError("breaks off within the page that it holds", do="save the page again")
    address = header(root, "Content-Location") or header(message, "Snapshot-Content-Location") or ""
    place = address if address.startswith(("http://", "https://")) else source
    inner = nested(as_utf8(body_of(root), charset_of(root), marked=True), source=place)
    articles = tuple(replace(article, reader=f"mhtml/1 {article.reader}") for article in inner.articles)
    return Reading(format="mhtml", articles=articles, skipped=inner.skipped, withdrawn=inner.withdrawn)


def _root(message: Message, parts: list[Message]) -> Message:
    """The page: the part that "start" names, else the first page."""
    start = message.get_param("start")
    pages = [part for part in parts if part.get_content_type() in _PAGES]
    named = [part for part in pages if start and part.get("Content-ID") == start]
    if not pages:
        raise UnreadableError("is a saved page (MHTML) without a page in it", do="save the page again")
    return (named or pages)[0]
