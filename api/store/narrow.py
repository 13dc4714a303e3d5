"""The observations of the store as columns in memory, read once and kept in step with what is written.

A question of the map costs one statement, which asks whether anything changed. What did is read anew: the articles
that the log of changes names or, after many changes, everything. Nothing is shared between processes: each holds its
own columns, about 60 MB a million stances.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from threading import Lock
from typing import Any, TypeAlias

import numpy as np
from sqlalchemy import ColumnElement, Connection, Select, select

from api.store.tables import articles, observation_changes, observation_state, observations, stakeholders
from nlp.columns import Books, Columns, Ints, Seen, arrange, encode, given_by, spliced
from nlp.positions import SKETCH
from nlp.records import StakeholderKind, StanceLabel

#: After more changes than this everything is read anew; so many values also fit into one statement of any engine.
MOST_CHANGES = 500
#: Rows that are held as Python objects at a time.
LOT = 20_000
KINDS = tuple(StakeholderKind)


@dataclass(frozen=True, slots=True)
class Person:
    """Whoever holds a row: the name that is shown and the one that is sorted by."""

    name: str
    kind: StakeholderKind
    sort_name: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One state of the store: ``people`` are the holders by id; by the columns' codes of them, ``kinds`` are their
    kinds and ``ranks`` their places in the order of names. ``namesakes`` are the names that several of them bear."""

    number: int
    columns: Columns
    books: Books
    people: Mapping[str, Person]
    kinds: Ints
    ranks: Ints
    namesakes: frozenset[str]


class Narrow:
    """Holds the newest snapshot; threads may share it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._now: Snapshot | None = None

    def fresh(self, connection: Connection) -> Snapshot:
        """The state that the connection sees: in one statement when nothing changed, in five at most."""
        number = connection.scalar(select(observation_state.c.number)) or 0
        now = self._now
        # Newer than what this connection sees is as good, and whole in itself.
        if now is not None and now.number >= number:
            return now
        with self._lock:
            now = self._now
            if now is None or now.number < number:
                now = self._now = _renewed(connection, now, number)
            return now


def _renewed(connection: Connection, now: Snapshot | None, number: int) -> Snapshot:
    changed = _changed(connection, now.number, number) if now else None
    if now is None or changed is None:
        return _read_all(connection, number)
    new = _encoded(connection, changed, now.books)
    gone = np.array([now.books.articles.add(id) for id in changed], np.int32)
    columns = spliced(now.columns, gone, new, now.books)
    holders = {now.books.holders.names[code] for code in np.unique(new.holder)}
    people = {**now.people, **_people(connection, sorted(holders))}
    return Snapshot(number, columns, now.books, people, *_described(now.books, people), _namesakes(people))


def _changed(connection: Connection, since: int, number: int) -> list[str] | None:
    """The ids of the articles that changed; None when everything may have, or too many did."""
    if not 0 < number - since <= MOST_CHANGES:
        return None
    columns = observation_changes.c
    found = connection.scalars(select(columns.article_id).where(columns.number > since, columns.number <= number)).all()
    return None if None in found else sorted({id for id in found if id is not None})


def _read_all(connection: Connection, number: int) -> Snapshot:
    books = Books()
    columns = arrange(_encoded(connection, None, books), books)
    people = _people(connection, None)
    return Snapshot(number, columns, books, people, *_described(books, people), _namesakes(people))


def _encoded(connection: Connection, ids: Sequence[str] | None, books: Books) -> Columns:
    """The stances of these articles, or of all, not yet arranged; rows are dropped lot by lot as they are read."""
    heads = {
        id: (*_days(published, last), publisher, story)
        for id, published, last, publisher, story in connection.execute(_of(_HEADS, articles.c.id, ids))
    }
    query = _of(_OBSERVATIONS, observations.c.article_id, ids).execution_options(yield_per=LOT)
    rows = connection.execute(query)
    lots = [encode(_given(lot, heads), books) for lot in rows.partitions()]
    return lots[0].joined(*lots[1:]) if lots else encode(given_by(()), books)


_Head: TypeAlias = tuple[int, int, str | None, str]


def _given(rows: Sequence[Any], heads: Mapping[str, _Head]) -> dict[str, Sequence[Any]]:
    """The fields of ``nlp.columns.Seen`` of some rows of observations."""
    parts: list[Sequence[Any]] = list(zip(*rows, strict=True))
    given = dict(zip(Seen._fields, parts, strict=False))
    given["hashes"] = parts[-SKETCH:]
    for place, name in enumerate(("day", "last_day", "publisher", "story")):
        given[name] = [heads[id][place] for id in given["article"]]
    return given


_HEADS = select(articles.c.id, articles.c.published, articles.c.last_day, articles.c.publisher, articles.c.story_id)
#: In the order of ``Seen``, as far as observations go.
_OBSERVATIONS = select(
    observations.c.article_id,
    *(observations.c[name] for name in Seen._fields[1 : Seen._fields.index("hashes")]),
    *(observations.c[f"hash_{place}"] for place in range(SKETCH)),
).where(observations.c.label != StanceLabel.UNCLEAR.value)


def _days(published: date | None, last_day: date) -> tuple[int, int]:
    return (published.toordinal(), last_day.toordinal()) if published else (0, 0)


def _of(query: Select[Any], key: ColumnElement[str], ids: Sequence[str] | None) -> Select[Any]:
    return query if ids is None else query.where(key.in_(ids))


def _people(connection: Connection, ids: Sequence[str] | None) -> dict[str, Person]:
    columns = stakeholders.c
    query = select(columns.id, columns.name, columns.kind, columns.sort_name)
    rows = connection.execute(_of(query, columns.id, ids))
    return {row.id: Person(row.name, StakeholderKind(row.kind), row.sort_name) for row in rows}


def _namesakes(people: Mapping[str, Person]) -> frozenset[str]:
    counts = Counter(person.name for person in people.values())
    return frozenset(name for name, count in counts.items() if count > 1)


def _described(books: Books, people: Mapping[str, Person]) -> tuple[Ints, Ints]:
    ids = list(books.holders.names)
    kinds = np.array([KINDS.index(people[id].kind) if id in people else -1 for id in ids], np.int8)
    named = sorted(
        range(len(ids)), key=lambda code: (people[ids[code]].sort_name if ids[code] in people else "", ids[code])
    )
    ranks = np.empty(len(ids), np.int32)
    ranks[named] = np.arange(len(ids))
    return kinds, ranks
