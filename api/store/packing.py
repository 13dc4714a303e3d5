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
    article = {name: value for name, value in pack_row(rows.article).items() if name != "text"}
    return {
        "digest": rows.digest,
        "run": pack_row(rows.run),
        "article": article,
        **{name: [pack_row(row) for row in getattr(rows, name)] for name in _SHARED},
        "items": {table.name: [pack_row(row) for row in found] for table, found in rows.items},
    }


def unpack(packed: Mapping[str, Any]) -> AnalysisRows:
    """The rows as they were, less the article's text."""
    shared = {name: [unpack_row(table, row) for row in packed[name]] for name, table in _SHARED.items()}
    items = [(tables.metadata.tables[name], found) for name, found in packed["items"].items()]
    return AnalysisRows(
        digest=packed["digest"],
        run=unpack_row(tables.runs, packed["run"]),
        article=unpack_row(tables.articles, packed["article"]),
        items=[(table, [unpack_row(table, row) for row in found]) for table, found in items],
        **shared,
    )


def pack_row(row: Mapping[str, Any]) -> Row:
    """A row with its days as text."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}


def unpack_row(table: Table, row: Mapping[str, Any]) -> Row:
    """The row of a table as it was."""
    return {
        name: date.fromisoformat(value) if value is not None and isinstance(table.c[name].type, Date) else value
        for name, value in row.items()
    }
