"""The entries of a feed, and an entry as a page that readers of articles know: RSS, Atom and JSON Feed."""

from __future__ import annotations

import html
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from nlp.errors import UnreadableError

#: More entries than this are not looked at, the first ones are.
MOST_ENTRIES = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry as its feed gives it; ``content`` is HTML. What it does not say is empty."""

    id: str
    link: str = ""
    title: str = ""
    updated: str = ""
    author: str = ""
    content: str = ""

    @property
    def key(self) -> str:
        """What an entry is known by: its id, else its address, else what it says."""
        known = self.id or self.link or f"{self.title}\n{self.content}"
        return sha256(known.encode("utf-8", "replace")).hexdigest()

    @property
    def name(self) -> str:
        """What a person knows it by."""
        return self.link or self.title or self.id


@dataclass(frozen=True, slots=True)
class Listed:
    """A feed: its title and its entries, as they stand in it."""

    title: str
    entries: tuple[Entry, ...]


def entries_of(data: bytes, *, url: str, content_type: str = "") -> Listed:
    """The entries of a feed that came from ``url``. Raises UnreadableError for what is none."""
    if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        return _of_json(data, url)
    import feedparser

    headers = {"content-location": url, "content-type": content_type or "application/xml"}
    # A file, never a text: what looks like an address would be fetched.
    try:
        found = feedparser.parse(io.BytesIO(data), response_headers=headers)
    except (ValueError, LookupError, RecursionError, AttributeError, TypeError, AssertionError) as error:
        raise _no_feed(url) from error
    if not found.get("version") and not found.entries:
        raise _no_feed(url)
    title = _text(found.feed, "title")
    return Listed(title, tuple(_entry(each) for each in found.entries[:MOST_ENTRIES]))


def page_of(entry: Entry, feed: str) -> bytes:
    """The entry's own content as a page, with what the feed says of it. Raises UnreadableError when it has none."""
    if not entry.content.strip():
        raise UnreadableError("the entry has no content", where=entry.name, do="watch the feed with --fetch-articles")
    meta = {
        "og:title": entry.title,
        "og:site_name": feed,
        "article:published_time": entry.updated,
        "author": entry.author,
        "og:url": entry.link,
    }
    tags = "".join(f'<meta property="{name}" content="{html.escape(said)}">' for name, said in meta.items() if said)
    heading = html.escape(entry.title)
    body = f"<article><h1>{heading}</h1>{entry.content}</article>"
    head = f'<meta charset="utf-8"><title>{heading}</title>{tags}'
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>".encode("utf-8", "replace")


def _entry(found: Mapping[str, Any]) -> Entry:
    contents = [_as_html(each) for each in found.get("content", ())] or [_as_html(found.get("summary_detail") or {})]
    return Entry(
        id=_text(found, "id"),
        link=_text(found, "link"),
        title=_text(found, "title"),
        updated=_text(found, "published") or _text(found, "updated"),
        author=_text(found, "author"),
        content=max(contents, key=len),
    )


def _as_html(part: Mapping[str, Any]) -> str:
    value = _text(part, "value")
    return value if "html" in _text(part, "type") else f"<p>{html.escape(value)}</p>" if value else ""


def _text(found: Mapping[str, Any], name: str) -> str:
    value = found.get(name)
    return value.strip() if isinstance(value, str) else ""


def _of_json(data: bytes, url: str) -> Listed:
    """JSON Feed 1.1 (jsonfeed.org/version/1.1), which feedparser does not read."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise _no_feed(url) from None
    items = found.get("items")
    if not isinstance(items, list) or "jsonfeed.org" not in _text(found, "version"):
        raise _no_feed(url)
    entries = tuple(_of_item(each) for each in items[:MOST_ENTRIES] if isinstance(each, dict))
    return Listed(_text(found, "title"), entries)


def _of_item(item: Mapping[str, Any]) -> Entry:
    plain = _text(item, "content_text")
    paragraphs = "".join(f"<p>{html.escape(part)}</p>" for part in plain.split("\n\n") if part.strip())
    authors = item.get("authors")
    named = authors[0] if isinstance(authors, list) and authors and isinstance(authors[0], dict) else {}
    return Entry(
        id=str(item.get("id") or ""),
        link=_text(item, "url") or _text(item, "external_url"),
        title=_text(item, "title"),
        updated=_text(item, "date_published") or _text(item, "date_modified"),
        author=_text(named, "name"),
        content=_text(item, "content_html") or paragraphs,
    )


def _no_feed(url: str) -> UnreadableError:
    return UnreadableError("is no feed in RSS, Atom or JSON Feed", where=url, do="name the address of the feed itself")
