"""Cursors: the sort key of the last row seen, so that new rows neither repeat nor hide others."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Callable, Sequence
from datetime import date
from json import dumps, loads
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, or_, tuple_

from api.store.tables import articles, stakeholders
from api.store.views import Page
from nlp.errors import UsageError

T = TypeVar("T")
LARGEST_PAGE = 200
#: The largest number of a row that every engine keeps.
_LARGEST_NUMBER = 2**31


def check_limit(limit: int) -> int:
    if not 1 <= limit <= LARGEST_PAGE:
        raise UsageError(f"a page holds 1 to {LARGEST_PAGE} items")
    return limit


def make_page(rows: Sequence[Any], limit: int, *, key: Callable[[Any], list[Any]], items: Sequence[T]) -> Page[T]:
    """A page of ``items`` made of ``rows``, of which one more than the limit was asked for."""
    more = len(rows) > limit
    return Page(items=tuple(items[:limit]), next=encode_cursor(key(rows[limit - 1])) if more else None)


def encode_cursor(key: list[Any]) -> str:
    return urlsafe_b64encode(dumps(key, ensure_ascii=False).encode()).decode().rstrip("=")


def decode_cursor(cursor: str, *kinds: type) -> list[Any]:
    """The values of a cursor, of these kinds. Raises UsageError for a cursor of another list or none of ours."""
    try:
        key = loads(urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
        if not isinstance(key, list) or [type(value) for value in key] != [str if k is date else k for k in kinds]:
            raise ValueError
        if any(isinstance(value, int) and not 0 <= value < _LARGEST_NUMBER for value in key):
            raise ValueError
        return [date.fromisoformat(value) if kind is date else value for kind, value in zip(kinds, key, strict=True)]
    except (ValueError, Base64Error, RecursionError) as error:
        raise UsageError("this is no cursor of this list", do="take it from the page before") from error


def in_article_order(seq: ColumnElement[int] | None = None) -> list[ColumnElement[Any]]:
    """Newest first, undated last, then as in the text."""
    return [articles.c.day.desc(), articles.c.number.desc(), *([] if seq is None else [seq])]


def article_key(row: Any) -> list[Any]:
    return [row.article_day.isoformat(), row.article_number]


def item_key(row: Any) -> list[Any]:
    return [*article_key(row), row.seq]


def after_article(cursor: str | None) -> list[ColumnElement[bool]]:
    if cursor is None:
        return []
    return [tuple_(articles.c.day, articles.c.number) < tuple(decode_cursor(cursor, date, int))]


def after_item(cursor: str | None, seq: ColumnElement[int]) -> list[ColumnElement[bool]]:
    if cursor is None:
        return []
    day, number, last = decode_cursor(cursor, date, int, int)
    # Two plain conditions, the first of which the index on (day, number) answers.
    up_to_here = tuple_(articles.c.day, articles.c.number) <= (day, number)
    return [up_to_here, or_(articles.c.number != number, seq > last)]


def stakeholder_key(row: Any) -> list[Any]:
    return [row.sort_name, row.id]


def after_stakeholder(cursor: str | None) -> list[ColumnElement[bool]]:
    if cursor is None:
        return []
    return [tuple_(stakeholders.c.sort_name, stakeholders.c.id) > tuple(decode_cursor(cursor, str, str))]
