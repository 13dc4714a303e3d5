"""Named values to an article: the columns of a table, the keys of a line of JSON, front matter."""

from __future__ import annotations

import re
from collections.abc import Mapping

from nlp.errors import UnreadableError
from nlp.readers.field_names import fields_of
from nlp.readers.fragment import fragment
from nlp.readers.items import Item, line, web_address
from nlp.readers.pieces import Piece, plain
from nlp.readers.stamps import last_day, read_stamp
from nlp.records import Genre

_MARKED_UP = re.compile(r"\s*<(?:!doctype|html|body|article|section|div|p|h[1-6]|ul|blockquote)\b[^<]{0,500}>", re.I)


def item_of(row: Mapping[str, object], *, place: str) -> Item:
    """The article of a row that stands at ``place``. Raises UnreadableError when the row holds no text."""
    names = fields_of([name for name, value in row.items() if value not in (None, "", [])])
    value = {field: row[name] for field, name in names.items()}
    title, url = line(_text(value.get("title"))), web_address(_text(value.get("url")))
    pieces = body_pieces(_text(value.get("text"), "\n\n"), _text(value.get("html")), title)
    if not pieces:
        raise UnreadableError("has no text")
    return Item(
        source=url or line(_text(value.get("id"))) or place,
        pieces=pieces,
        title=title,
        publisher=_text(value.get("publisher")),
        published=read_stamp(value.get("published")),
        author=_text(value.get("author")),
        url=url,
        genre=_genre(_text(value.get("genre"))),
        licence=_text(value.get("licence")),
        expires=last_day(value.get("expires")),
    )


def identity(row: Mapping[str, object]) -> str | None:
    """The id of a row, else its address: what two rows of one article have in common."""
    names = fields_of([name for name, value in row.items() if value not in (None, "")])
    return next((text for field in ("id", "url") if field in names and (text := line(_text(row[names[field]])))), None)


def body_pieces(text: str | None, html: str | None, title: str | None) -> list[Piece]:
    """The blocks of a body: plain text as it stands, unless it is HTML, which is preferred where both are given."""
    if html and (pieces := fragment(html)):
        return pieces
    if text and _MARKED_UP.match(text):
        return fragment(text)
    return plain(text, title) if text and text.strip() else []


def _text(value: object, joint: str = ", ") -> str | None:
    """A value as text: a string, a number, an object with a name, or a list of these."""
    if isinstance(value, str):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, dict):
        name = value.get("name")
        return name if isinstance(name, str) else None
    if isinstance(value, list):
        parts = [text for inner in value if not isinstance(inner, list) and (text := _text(inner))]
        return joint.join(parts) or None
    return None


def _genre(text: str | None) -> Genre | None:
    value = (line(text) or "").lower()
    return Genre(value) if value in set(Genre) else None
