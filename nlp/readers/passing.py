"""Readings and articles as plain JSON values, and back: how they leave the process that a file was read in.

What comes back may have been made by whoever made the file, so nothing is taken that is not exactly of its type.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date
from typing import Any

from nlp.readers.reading import Reading, SkippedItem
from nlp.records import Article, Block, BlockKind, Genre, Hint, PartialDate, Precision


def pack_article(article: Article) -> dict[str, Any]:
    """Every field that is not empty, as JSON has it."""
    given = {field.name: getattr(article, field.name) for field in fields(article)}
    packed = {name: value for name, value in given.items() if value not in (None, ())}
    if article.published:
        packed["published"] = [article.published.value.isoformat(), article.published.precision]
    if article.expires:
        packed["expires"] = article.expires.isoformat()
    if article.hints:
        packed["hints"] = [[hint.role, hint.start, hint.end] for hint in article.hints]
    if article.blocks:
        packed["blocks"] = [[block.kind, block.start, block.end] for block in article.blocks]
    return packed


def unpack_article(packed: Any) -> Article:
    """The article as it was. Raises ValueError for anything else."""
    return Article(**{name: _UNPACK[name](value) for name, value in _mapping(packed, _UNPACK).items()})


def pack_reading(reading: Reading) -> dict[str, Any]:
    """All that a file held, as JSON has it."""
    return {
        "format": reading.format,
        "articles": [pack_article(article) for article in reading.articles],
        "skipped": [[item.where, item.reason] for item in reading.skipped],
        "declared": reading.declared,
        "withdrawn": list(reading.withdrawn),
    }


def unpack_reading(packed: Any) -> Reading:
    """The reading as it was. Raises ValueError for anything else."""
    given = _mapping(packed, ("format", "articles", "skipped", "declared", "withdrawn"))
    try:
        return Reading(
            format=_text(given["format"]),
            articles=tuple(unpack_article(article) for article in _list(given["articles"])),
            skipped=tuple(_skipped(item) for item in _list(given["skipped"])),
            declared=None if given["declared"] is None else _number(given["declared"]),
            withdrawn=tuple(_text(source) for source in _list(given["withdrawn"])),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"a part is missing or superfluous: {error}") from None


def _mapping(value: Any, known: Any) -> Mapping[str, Any]:
    if not isinstance(value, dict) or not set(value) <= set(known):
        raise ValueError("this is no object of the fields expected")
    return value


def _list(value: Any, length: int | None = None) -> list[Any]:
    if not isinstance(value, list) or length not in (None, len(value)):
        raise ValueError("this is no list of the length expected")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("this is no text")
    return value


def _number(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ValueError("this is no count or offset")
    return value


def _skipped(value: Any) -> SkippedItem:
    where, reason = _list(value, 2)
    return SkippedItem(_text(where), _text(reason))


def _published(value: Any) -> PartialDate:
    day, precision = _list(value, 2)
    return PartialDate(_date(day), Precision(_text(precision)))


def _date(value: Any) -> date:
    return date.fromisoformat(_text(value))


def _hints(value: Any) -> tuple[Hint, ...]:
    found = (_list(each, 3) for each in _list(value))
    return tuple(Hint(_text(role), _number(start), _number(end)) for role, start, end in found)


def _blocks(value: Any) -> tuple[Block, ...]:
    found = (_list(each, 3) for each in _list(value))
    return tuple(Block(BlockKind(_text(kind)), _number(start), _number(end)) for kind, start, end in found)


_UNPACK: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("id", "source", "text", "reader", "title", "publisher", "author", "url", "licence"), _text),
    "published": _published,
    "genre": lambda value: Genre(_text(value)),
    "expires": _date,
    "hints": _hints,
    "blocks": _blocks,
}
