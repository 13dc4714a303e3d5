"""The columns of one state of the store in memory: filters and facets over a million matches in milliseconds.

Nothing here is kept: it is read when search is first asked, and what was added since is read when it is asked again
(``search_state`` counts it).
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np
from sqlalchemy import Connection, select

from api.store import tables
from api.store.columns import Codes, Column, Columns, Ints, Vocabulary, read_columns
from api.store.joined import joined, numbers_of
from api.store.postings import Bools, Postings
from nlp.records import StakeholderKind

STAKEHOLDER_KINDS = tuple(StakeholderKind)
#: With more gone than this, everything is read anew.
MOST_GONE = 0.3


@dataclass(frozen=True, slots=True)
class State:
    """The counters of ``search_state``; equal ones mean that nothing changed."""

    added: int
    removed: int
    vectors: int
    epoch: int
    encoder: str | None


@dataclass(slots=True)
class Catalogue:
    """Columns of one state of the store. ``alive`` are the rows that are still there, ``kinds`` those of stakeholders
    by code, ``place`` is the row of every passage number, -1 where there is none, and ``postings`` which rows have a
    term."""

    state: State
    columns: Columns
    alive: Bools
    words: Vocabulary = field(default_factory=Vocabulary)
    kinds: Column = field(default_factory=lambda: np.zeros(0, dtype=np.int8))
    place: Column = field(init=False)
    postings: Postings = field(default_factory=Postings)

    def __post_init__(self) -> None:
        # Numbers are as good as dense, and a look-up takes a tenth of a search in order.
        self.place = np.full(self.last + 1, -1, dtype=np.int32)
        self.place[self.columns.number] = np.arange(len(self.columns), dtype=np.int32)

    @property
    def last(self) -> int:
        """The number of the newest passage, 0 where there is none."""
        return int(self.columns.number[-1]) if len(self.columns) else 0

    def rows(self, numbers: Column) -> Ints:
        """The rows of passages by number; those that are unknown are left out."""
        known = numbers[numbers < len(self.place)]
        places = self.place[known.astype(np.int64)]
        return np.asarray(places[places >= 0], dtype=np.int64)

    def mask(self, numbers: Column) -> Bools:
        """Which rows are of these passages."""
        found = np.zeros(len(self.columns), dtype=bool)
        found[self.rows(numbers)] = True
        return found


def read_state(connection: Connection) -> State:
    state = tables.search_state.c
    columns = (state.added, state.removed, state.vectors, state.epoch, state.encoder)
    return State(*connection.execute(select(*columns)).one())


def refreshed(connection: Connection, before: Catalogue | None) -> Catalogue:
    """The catalogue of what the connection sees: the one before, with what was added, or read anew."""
    state = read_state(connection)
    if before is None or before.state.epoch != state.epoch:
        return _read_all(connection, state)
    if (before.state.added, before.state.removed) == (state.added, state.removed):
        before.state = state
        return before
    old = before.columns
    new = read_columns(connection, before.words, after=before.last, articles=len(old.a_day))
    alive = _still_there(connection, before, state, np.concatenate([old.number, new.number]))
    if alive.sum() != state.added - state.removed or (~alive).mean() > MOST_GONE:
        # A transaction that took its numbers early and ended late, or too much that is gone.
        return _read_all(connection, state)
    return Catalogue(state, _joined(old, new), alive, before.words, _kinds(connection, before.words.stakeholders))


def _read_all(connection: Connection, state: State) -> Catalogue:
    words = Vocabulary()
    columns = read_columns(connection, words)
    return Catalogue(state, columns, np.ones(len(columns), dtype=bool), words, _kinds(connection, words.stakeholders))


def _still_there(connection: Connection, before: Catalogue, state: State, numbers: Column) -> Bools:
    if before.state.removed == state.removed:
        return np.concatenate([before.alive, np.ones(len(numbers) - len(before.columns), dtype=bool)])
    there = numbers_of(connection.scalar(select(joined(tables.passages.c.number))))
    return np.isin(numbers, there, assume_unique=True)


def _joined(old: Columns, new: Columns) -> Columns:
    """Two parts as one: places in the second are moved behind the first."""
    articles = len(old.a_day)
    moved = {"art": articles, "n_art": articles, "s_art": articles, "s_row": len(old)}
    found = {}
    for each in fields(Columns):
        first, second = getattr(old, each.name), getattr(new, each.name)
        shifted = np.where(second < 0, second, second + moved.get(each.name, 0)) if each.name in moved else second
        found[each.name] = np.concatenate([first, shifted.astype(first.dtype)])
    return Columns(**found)


def _kinds(connection: Connection, codes: Codes) -> Column:
    """The kind of every stakeholder by code."""
    found = np.full(len(codes.names), -1, dtype=np.int8)
    for id, kind in connection.execute(select(tables.stakeholders.c.id, tables.stakeholders.c.kind)):
        if (code := codes.get(id)) >= 0:
            found[code] = STAKEHOLDER_KINDS.index(kind)
    return found
