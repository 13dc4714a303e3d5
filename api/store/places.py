"""Hundreds of rows by article and place in one parameter.

As a list of parameters the driver words, and PostgreSQL plans, each pair of them by itself: for the 300 stances behind
a page of positions that took most of the answer's time.
"""

from __future__ import annotations

from collections.abc import Sequence
from json import dumps
from typing import Any

from sqlalchemy import Boolean, ColumnElement, String, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


def at_places(article: ColumnElement[str], place: ColumnElement[int], wanted: Sequence[tuple[str, int]]) -> Any:
    """Whether a row is one of the wanted: the id of its article, and its place there."""
    return _AtPlaces(article, place, bindparam(None, dumps(wanted), String))


class _AtPlaces(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True
    # Otherwise SQLite is asked for "… IN (…) = 1", which no index helps with.
    _is_implicitly_boolean = True


def _parts(element: _AtPlaces, compiler: Any, options: Any) -> list[str]:
    return [str(compiler.process(clause, **options)) for clause in element.clauses]


@compiles(_AtPlaces, "sqlite")
def _by_json_each(element: _AtPlaces, compiler: Any, **options: Any) -> str:
    article, place, wanted = _parts(element, compiler, options)
    return f"({article}, {place}) IN (SELECT value ->> 0, value ->> 1 FROM json_each({wanted}))"


@compiles(_AtPlaces, "postgresql")
def _by_elements(element: _AtPlaces, compiler: Any, **options: Any) -> str:
    article, place, wanted = _parts(element, compiler, options)
    given = f"jsonb_array_elements(CAST({wanted} AS jsonb)) AS given (place)"
    return f"({article}, {place}) IN (SELECT given.place ->> 0, CAST(given.place ->> 1 AS integer) FROM {given})"
