"""Many new articles at once: for a store that is being filled, where nothing has to be looked up or replaced."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, Table

from api.store import engines, tables
from api.store.listing import place
from api.store.log import note_changes
from api.store.rows import AnalysisRows, rows_of
from nlp.records import Analysis


@dataclass(frozen=True, slots=True)
class Fresh:
    """An analysis of an article that the store does not have, with its story and its date of entry."""

    analysis: Analysis
    story: str
    added: datetime


def write_new(engine: Engine, lot: Sequence[Fresh], *, lay_over: Callable[[Connection, list[str]], object]) -> None:
    """Keep new articles in one transaction. Raises IntegrityError, and keeps none, when one is there already.

    ``lay_over`` brings them to what people said.
    """
    # A digest tells whether an article must be written again; what is made has no second analysis.
    rows = [rows_of(each.analysis, digest=each.analysis.article.id) for each in lot]
    heads = [
        {**own.article, "story_id": each.story, "added_at": each.added} for own, each in zip(rows, lot, strict=True)
    ]
    with engines.writing(engine) as connection:
        engines.insert_new(connection, tables.runs, _each_once([own.run for own in rows]))
        put_shared(connection, rows)
        engines.insert_rows(connection, tables.articles, heads)
        for table, items in by_table(rows):
            engines.insert_rows(connection, table, items)
        place(connection, [own.article["id"] for own in rows])
        lay_over(connection, [own.article["id"] for own in rows])
        note_changes(connection, [None])


def put_shared(connection: Connection, rows: Sequence[AnalysisRows]) -> None:
    """Keep the stakeholders of articles, with what these call them, where they are not there yet."""
    engines.insert_new(connection, tables.stakeholders, _each_once(row for own in rows for row in own.stakeholders))
    engines.insert_new(connection, tables.profiles, _each_once(row for own in rows for row in own.profiles))
    names = (row for own in rows for row in own.names)
    engines.insert_new(connection, tables.names, _each_once(names, key=("profile_id", "seq")))


def _each_once(rows: Iterable[Mapping[str, Any]], key: tuple[str, ...] = ("id",)) -> list[Mapping[str, Any]]:
    return list({tuple(row[name] for name in key): row for row in rows}.values())


def by_table(rows: Sequence[AnalysisRows]) -> list[tuple[Table, list[dict[str, Any]]]]:
    """The items of all articles, table by table in the order in which they must be put."""
    found: dict[str, tuple[Table, list[dict[str, Any]]]] = {}
    for own in rows:
        for table, items in own.items:
            found.setdefault(table.name, (table, []))[1].extend(items)
    return [(table, items) for table, items in found.values() if items]
