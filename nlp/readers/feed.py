"""Feeds: RSS 0.9 to 2.0 and Atom (RFC 4287), read by feedparser from bytes that fetch nothing and declare nothing.

An entry's content is taken where it has one, else its summary. An entry with a title and a link alone is skipped.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from functools import partial
from typing import Any

import feedparser
from lxml import etree

from nlp.errors import UnreadableError
from nlp.readers.formats import ReadNested
from nlp.readers.fragment import fragment, words_of
from nlp.readers.items import Item, Version, attempt, line, make_article, newest, web_address
from nlp.readers.pieces import Piece, plain
from nlp.readers.reading import Reading, SkippedItem
from nlp.readers.stamps import read_stamp
from nlp.readers.xml_tree import Tree, read_xml
from nlp.records import Article, PartialDate

READER = "feed/1"
_MAIL_NAME = re.compile(r"\S+@\S+\s*\(([^()]+)\)")
_DATES = ("published", "updated", "created")


def read(data: bytes, *, source: str, nested: ReadNested) -> Reading:
    """Every entry is an article or skipped with its number. Raises UnreadableError when there are none."""
    tree, text = read_xml(data)
    cut = tree.drop_cut(text, "entry" if "entry" in text and not list(tree.all("item")) else "item")
    feed = _parse(tree, mended=cut)
    entries = list(feed.entries)
    articles, skipped = _read_entries(entries, _publisher(feed.feed), source)
    if cut:
        skipped.append(SkippedItem(f"item {len(entries) + 1}", "the file is cut off within it"))
    elif tree.fault:
        skipped.append(SkippedItem("file", f"{tree.fault}: items may be missing"))
    if not articles and not skipped:
        raise UnreadableError("is a feed without entries")
    return Reading(format="feed", articles=tuple(articles), skipped=tuple(skipped), declared=_declared(tree))


def _parse(tree: Tree, *, mended: bool) -> Any:
    """What feedparser finds. It mends wrong nesting better than libxml2, and fails over some that libxml2 mends."""
    whole = etree.tostring(tree.root, encoding="utf-8")
    for data in (whole,) if mended or not tree.fault else (tree.data, whole):
        try:
            # A stream, as it takes a string for an address to fetch, or for a file.
            return feedparser.parse(io.BytesIO(data), resolve_relative_uris=False, sanitize_html=False)
        except (ValueError, LookupError, TypeError, AttributeError):
            continue  # what it raises over names and values that it does not expect
    raise UnreadableError("is a feed whose XML cannot be made out", do="get the file again")


def _declared(tree: Tree) -> int | None:
    """How many entries the feed says this page of it has (OpenSearch 1.1, response elements)."""
    stated = {name: _number(next(tree.all(name), None)) for name in ("totalresults", "itemsperpage", "startindex")}
    total, page, first = stated["totalresults"], stated["itemsperpage"], stated["startindex"] or 1
    return total if total is None or page is None else max(0, min(page, total - first + 1))


def _number(element: etree._Element | None) -> int | None:
    text = (element.text or "").strip() if element is not None else ""
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text) else None


def _read_entries(entries: list[Any], publisher: str | None, source: str) -> tuple[list[Article], list[SkippedItem]]:
    kept, skipped = newest(_versions(entries))
    articles: list[Article] = []
    for number, entry in enumerate(entries, 1):
        where = f"item {number}"
        if where in kept:
            place = f"{source}#{number}"
            attempt(where, partial(_article, entry, publisher, place), articles, skipped)
    return articles, skipped


def _versions(entries: list[Any]) -> list[Version]:
    """The entries by what they are known by: RFC 4287, 4.2.6, has one id for all versions of an entry."""
    return [
        Version(str(entry.get("id") or entry.get("link") or f"\0{number}"), (0, _changed(entry)), f"item {number}")
        for number, entry in enumerate(entries, 1)
    ]


def _changed(entry: dict[str, Any]) -> str:
    # Asked for by dict.get: feedparser's own gives the day of publication for one of an update, and warns of it.
    exact = str(dict.get(entry, "updated") or "")
    found = read_stamp(exact) or read_stamp(dict.get(entry, "published"))
    return exact if found and exact[:4].isdigit() else str(found or "")


def _article(entry: dict[str, Any], publisher: str | None, place: str) -> Article:
    return make_article(_item(entry, publisher, place), reader=READER)


def _item(entry: dict[str, Any], publisher: str | None, place: str) -> Item:
    title = _shown(entry, "title")
    pieces = _body(entry, title)
    if not pieces or (len(pieces) == 1 and pieces[0].text.casefold() == (title or "").casefold()):
        raise UnreadableError("has only a title and a link", do="save the page that it leads to")
    url = web_address(entry.get("link"))
    return Item(
        source=url or line(entry.get("id")) or place,
        pieces=pieces,
        title=title,
        publisher=_publisher(entry.get("source") or {}) or line(entry.get("publisher")) or publisher,
        published=_published(entry),
        author=_author(entry),
        url=url,
        licence=line(entry.get("license")) or line(entry.get("rights")),
    )


def _body(entry: Mapping[str, Any], title: str | None) -> list[Piece]:
    """The longest content that is text, else the summary."""
    contents = [one for one in entry.get("content") or [] if str(one.get("type", "")).lower() in _TEXTS]
    detail = entry.get("summary_detail")
    listed = [*sorted(contents, key=lambda one: -len(one.get("value") or "")), *([detail] if detail else [])]
    for one in listed:
        value, kind = str(one.get("value") or ""), str(one.get("type") or "").lower()
        pieces = plain(value, title) if kind == "text/plain" and value.strip() else fragment(value)
        if pieces:
            return pieces
    return []


_TEXTS = ("text/html", "application/xhtml+xml", "text/plain", "")


def _shown(values: Mapping[str, Any], name: str) -> str | None:
    """A title as a reader sees it: feeds put marks of HTML into it, escaped once or twice."""
    value = values.get(name)
    detail = values.get(f"{name}_detail") or {}
    if not isinstance(value, str) or not value.strip():
        return None
    return line(value) if detail.get("type") == "text/plain" and "&" not in value else line(words_of(value))


def _publisher(feed: Mapping[str, Any]) -> str | None:
    return _shown(feed, "title") or line(feed.get("publisher"))


def _author(entry: Mapping[str, Any]) -> str | None:
    """The names of who wrote it; RSS has "address (name)"."""
    names = [name for one in entry.get("authors") or [] if (name := line(one.get("name")))]
    stated = names or [text for text in [line(entry.get("author"))] if text]
    return ", ".join(dict.fromkeys(_MAIL_NAME.sub(r"\1", name) for name in stated)) or None


def _published(entry: dict[str, Any]) -> PartialDate | None:
    return next((found for name in _DATES if (found := read_stamp(dict.get(entry, name)))), None)
