"""The rows of an analysis as one JSON document, and back: how they wait beside what is stored."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Date, Table

from api.store import tables
from api.store.rows import AnalysisRows, Row

#: The columns of an article that a position needs.
HEAD = ("id", "source", "title", "publisher", "published", "precision", "author", "url", "genre", "licence", "expires")
_SHARED = {"stakeholders": tables.stakeholders, "profiles": tables.profiles, "names": tables.names}


def pack(rows: AnalysisRows) -> dict[str, Any]:
    """Everything but the article's text, which stays as it is."""
    article = {name: value for name, value in _packed(rows.article).items() if name != "text"}
    return {
        "digest": rows.digest,
        "run": _packed(rows.run),
        "article": article,
        **{name: [_packed(row) for row in getattr(rows, name)] for name in _SHARED},
        "items": {table.name: [_packed(row) for row in found] for table, found in rows.items},
    }


def unpack(packed: Mapping[str, Any]) -> AnalysisRows:
    """The rows as they were, less the article's text."""
    shared = {name: [_unpacked(table, row) for row in packed[name]] for name, table in _SHARED.items()}
    items = [(tables.metadata.tables[name], found) for name, found in packed["items"].items()]
    return AnalysisRows(
        digest=packed["digest"],
        run=_unpacked(tables.runs, packed["run"]),
        article=_unpacked(tables.articles, packed["article"]),
        items=[(table, [_unpacked(table, row) for row in found]) for table, found in items],
        **shared,
    )


def _packed(row: Row) -> Row:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}


def _unpacked(table: Table, row: Row) -> Row:
    return {
        name: date.fromisoformat(value) if value is not None and isinstance(table.c[name].type, Date) else value
        for name, value in row.items()
    }
