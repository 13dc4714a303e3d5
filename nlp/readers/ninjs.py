"""IPTC ninjs, versions 1 to 3: one news item, or a list of them, with the text in "body_…" (1) or "bodies" (2, 3).

Names of keys changed from 2 ("versioncreated") to 3 ("versionCreated"), so they are compared in lower case. An item
that its publisher cancels is withdrawn, one that is withheld or under embargo is skipped, and of versions the newest
counts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from nlp.errors import UnreadableError
from nlp.readers.decoding import decode
from nlp.readers.formats import ReadNested
from nlp.readers.items import Item, line, make_article, web_address
from nlp.readers.news_items import NewsItem, read_news_items
from nlp.readers.reading import Reading, SkippedItem
from nlp.readers.rows import body_pieces
from nlp.readers.stamps import last_day, read_stamp
from nlp.records import Article

READER = "ninjs/1"
_TEXTS = (None, "text", "composite", "component")
_HTML = ("body_xhtml", "body_html", "body_nitf")


def read(data: bytes, *, source: str, nested: ReadNested) -> Reading:
    """Every item, and every article associated with one. Raises UnreadableError when there are none."""
    listed = json.loads(decode(data)[0].removeprefix("\ufeff"))
    rows = [_lower(row) for row in (listed if isinstance(listed, list) else [listed])]
    found = [row for row in rows if row]
    items = [_news_item(row, f"item {number}", source) for number, row in enumerate([*found, *_associated(found)], 1)]
    skipped = [SkippedItem(f"item {n}", "is no JSON object") for n, row in enumerate(rows, 1) if not row]
    return read_news_items(items, format="ninjs", declared=len(items) + len(skipped), skipped=skipped)


def _lower(value: object) -> dict[str, Any]:
    return {str(name).lower(): inner for name, inner in value.items()} if isinstance(value, dict) else {}


def _associated(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Items that hang on others and have a text of their own: a list in version 2 and 3, named in version 1."""
    found = []
    for row in rows:
        held = row.get("associations")
        inner = list(held.values()) if isinstance(held, dict) else held if isinstance(held, list) else []
        found += [item for one in inner if (item := _lower(one)) and _bodies(item) != (None, None)]
    return found


def _news_item(row: dict[str, Any], where: str, source: str) -> NewsItem:
    uri = line(row.get("uri")) or f"{source}#{where.removeprefix('item ')}"

    def make() -> Article:
        return make_article(_item(row, uri), reader=READER)

    return NewsItem(
        where=where,
        id=uri,
        version=_number(row.get("version")),
        created=str(row.get("versioncreated") or ""),
        status=line(row.get("pubstatus")) or "usable",
        embargoed=row.get("embargoed"),
        make=make,
    )


def _number(value: object) -> float:
    try:
        return float(value) if isinstance(value, (str, int, float)) else 0.0
    except (ValueError, OverflowError):
        return 0.0


def _item(row: dict[str, Any], uri: str) -> Item:
    kind = row.get("type")
    if isinstance(kind, str) and kind.lower() not in _TEXTS:
        raise UnreadableError(f"is of the type {kind[:40]}, not text")
    title = _headline(row)
    text, html = _bodies(row)
    pieces = body_pieces(text, html, title)
    if not pieces:
        raise UnreadableError("has no body", do="ask for the complete item")
    return Item(
        source=uri,
        pieces=pieces,
        title=title,
        publisher=_publisher(row),
        published=read_stamp(row.get("versioncreated")) or read_stamp(row.get("firstcreated")),
        author=line(row.get("byline")) or line(row.get("by")),
        url=web_address(uri),
        licence=line(row.get("usageterms")),
        expires=last_day(row.get("expires")),
    )


def _bodies(row: Mapping[str, Any]) -> tuple[str | None, str | None]:
    """The body as plain text, and as marked-up text."""
    html = next((row[name] for name in _HTML if isinstance(row.get(name), str)), None)
    text = row.get("body_text")
    for role, body in _listed(row.get("bodies")):
        value, kind = body.get("value"), f"{body.get('contenttype')} {role}".lower()
        if not isinstance(value, str):
            continue
        if "html" in kind or "nitf" in kind or "xml" in kind:
            html = html or value
        else:
            text = text or value
    return (text if isinstance(text, str) else None), html


def _listed(value: object) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of a list, each with its role."""
    for one in value if isinstance(value, list) else []:
        inner = _lower(one)
        yield str(inner.get("role") or ""), inner


def _headline(row: Mapping[str, Any]) -> str | None:
    listed = sorted(_listed(row.get("headlines")), key=lambda pair: pair[0].lower() != "main")
    values = [row.get("headline"), *(inner.get("value") for _, inner in listed), row.get("title")]
    return next((found for value in values if (found := line(value))), None)


def _publisher(row: Mapping[str, Any]) -> str | None:
    sources = [*_listed(row.get("infosource")), *_listed(row.get("infosources"))]
    named = [inner.get("name") for _, inner in sources]
    return next((found for value in (*named, row.get("copyrightholder")) if (found := line(value))), None)
