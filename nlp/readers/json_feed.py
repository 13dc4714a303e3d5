"""JSON Feed, versions 1 and 1.1: items with "content_html", "content_text" or a summary."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from nlp.errors import UnreadableError
from nlp.readers.decoding import decode
from nlp.readers.formats import ReadNested
from nlp.readers.items import Item, Version, attempt, line, make_article, newest, web_address
from nlp.readers.reading import Reading, SkippedItem
from nlp.readers.rows import body_pieces
from nlp.readers.stamps import read_stamp
from nlp.records import Article

READER = "json-feed/1"


def read(data: bytes, *, source: str, nested: ReadNested) -> Reading:
    """Every item is an article or skipped with its number. Raises UnreadableError when there are none."""
    feed = json.loads(decode(data)[0].removeprefix("\ufeff"))
    listed = feed.get("items")
    if not isinstance(listed, list) or not listed:
        raise UnreadableError("is a feed without items")
    kept, skipped = newest(
        Version(_key(item, number), (0, str(_at(item, "date_modified") or "")), f"item {number}")
        for number, item in enumerate(listed, 1)
    )
    articles: list[Article] = []
    for number, item in enumerate(listed, 1):
        where = f"item {number}"
        if not isinstance(item, dict):
            skipped.append(SkippedItem(where, "is no JSON object"))
        elif where in kept:
            place = f"{source}#{number}"
            attempt(where, partial(_article, item, feed, place), articles, skipped)
    return Reading(format="json-feed", articles=tuple(articles), skipped=tuple(skipped), declared=len(listed))


def _at(value: object, name: str) -> Any:
    return value.get(name) if isinstance(value, dict) else None


def _key(item: object, number: int) -> str:
    value = _at(item, "id") or _at(item, "url")
    return str(value) if isinstance(value, (str, int)) else f"\0{number}"


def _article(item: Mapping[str, Any], feed: Mapping[str, Any], place: str) -> Article:
    return make_article(_item(item, feed, place), reader=READER)


def _item(item: Mapping[str, Any], feed: Mapping[str, Any], place: str) -> Item:
    title = line(item.get("title"))
    texts = [item.get(name) if isinstance(item.get(name), str) else None for name in ("content_text", "summary")]
    html = item.get("content_html")
    pieces = body_pieces(texts[0], html if isinstance(html, str) else None, title) or body_pieces(texts[1], None, title)
    if not pieces:
        raise UnreadableError("has only a title and a link", do="save the page that it leads to")
    url = web_address(item.get("url")) or web_address(item.get("external_url"))
    return Item(
        source=url or line(str(item.get("id") or "")) or place,
        pieces=pieces,
        title=title,
        publisher=line(feed.get("title")),
        published=read_stamp(item.get("date_published")) or read_stamp(item.get("date_modified")),
        author=_authors(item) or _authors(feed),
        url=url,
    )


def _authors(holder: Mapping[str, Any]) -> str | None:
    """The names in "authors" (1.1), else in "author" (1)."""
    listed = holder.get("authors")
    people = listed if isinstance(listed, list) else [holder.get("author")]
    return ", ".join(name for person in people if (name := line(_at(person, "name")))) or None
