"""Answers of the map and of what is compared over it. Each takes a few SQL statements, however much is stored.

What counts is computed over the columns of ``api.store.narrow``; texts are read for the items of one page alone.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Any

import numpy as np
from sqlalchemy import Connection, Engine

from api.store import engines, evidence, profile, queries
from api.store.filters import NO_FILTERS, Filters
from api.store.narrow import KINDS, Narrow, Person, Snapshot
from api.store.views import Page
from nlp.cells import Cell, Cells, Grouping, cells, chosen, grouped
from nlp.changes import Changes, find_changes
from nlp.columns import LABEL_CODE, Columns, Mask, columns_of, officers
from nlp.records import Position, StakeholderKind, StanceLabel

#: Answers of so many rows in all, some 60 bytes each, are kept while nothing is written: maps are asked for again.
KEPT = 2_000_000
#: So many utterances, the surest, are told of a position in a list.
TOLD = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Filters, the kinds of stakeholders whose rows are wanted, and how rows are grouped (None: everybody has one)."""

    filters: Filters = NO_FILTERS
    kind: tuple[StakeholderKind, ...] = ()
    group: Grouping | None = None


@dataclass(frozen=True, slots=True)
class Holder:
    """A row of the map without its cells."""

    id: str
    name: str
    kind: StakeholderKind


@dataclass(frozen=True, slots=True)
class Sheet:
    """The cells that answer a question, rows with the most stories first.

    ``listed`` are the cells in the order of the rows, ``holders`` the codes of the rows, ``starts`` the first cell
    of each among the listed ones and behind the last, and ``stories`` how many each has.
    """

    snapshot: Snapshot
    columns: Columns
    cells: Cells
    listed: Sequence[int]
    holders: Sequence[int]
    starts: Mapping[int, tuple[int, int]]
    stories: Mapping[int, int]

    @property
    def size(self) -> int:
        """How many cells there are."""
        return len(self.listed)

    def row_key(self, code: int) -> list[Any]:
        """What the rows are sorted by: stories, the most first, then the name."""
        id = self.snapshot.books.holders.names[code]
        person = self.snapshot.people.get(id)
        return [-self.stories[code], person.sort_name if person else "", id]

    def cell_key(self, place: int) -> list[Any]:
        """What the listed cells are sorted by: their rows, then the ids of their topics."""
        at = self.listed[place]
        return [*self.row_key(int(self.cells.holder[at])), self.snapshot.books.topics.names[int(self.cells.topic[at])]]

    def holder(self, code: int) -> Holder:
        id = self.snapshot.books.holders.names[code]
        person = self.snapshot.people.get(id) or Person(id, StakeholderKind.ORGANISATION, id)
        return Holder(id, person.name, person.kind)

    def name_of(self, id: str) -> str:
        """The name of a stakeholder; empty when nobody is known by the id."""
        person = self.snapshot.people.get(id)
        return person.name if person else ""

    def title(self, code: int) -> str:
        """The holder's name; behind a name that several bear, the body that tells this one from the others."""
        holder = self.holder(code)
        body = self.snapshot.people.get(holder.id.partition("--")[2])
        return f"{holder.name} ({body.name})" if body and holder.name in self.snapshot.namesakes else holder.name

    def row(self, code: int) -> list[Cell]:
        """The cells of one holder."""
        return [self.cells.read(at, self.snapshot.books) for at in self.places(code)]

    def places(self, code: int) -> Sequence[int]:
        """Where one holder's cells stand in ``cells``."""
        first, last = self.starts[code]
        return self.listed[first:last]

    def topics(self) -> tuple[str, ...]:
        names = self.snapshot.books.topics.names
        return tuple(sorted(names[code] for code in np.unique(self.cells.topic).tolist()))

    def labels(self) -> dict[str, dict[str, StanceLabel]]:
        """The positions' labels by holder and topic."""
        books, codes = self.snapshot.books, tuple(LABEL_CODE)
        found: dict[str, dict[str, StanceLabel]] = {}
        rows = zip(
            *(column.tolist() for column in (self.cells.holder, self.cells.topic, self.cells.label)), strict=True
        )
        for holder, topic, label in rows:
            found.setdefault(books.holders.names[holder], {})[books.topics.names[topic]] = codes[label]
        return found


class Analyst:
    """Compares positions; threads may share it."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._narrow = engine, Narrow()
        self._kept: OrderedDict[tuple[int, Question], Sheet] = OrderedDict()
        self._together: tuple[int, Columns] = (-1, columns_of(())[0])
        self._lock = Lock()

    def sheet(self, question: Question) -> Sheet:
        """The cells that answer a question; one SQL statement when nothing was written since the last one."""
        with engines.reading(self._engine) as connection:
            return self._sheet(connection, question)

    def names(self) -> Mapping[str, Person]:
        """Everybody's name, by id."""
        with engines.reading(self._engine) as connection:
            return self._narrow.fresh(connection).people

    def positions(self, question: Question, places: Sequence[int]) -> list[Position]:
        """The positions at these places of the list, rows with the most stories first.

        Each tells its surest utterances (``TOLD``): their statements, reasons and spans.
        """
        with engines.reading(self._engine) as connection:
            sheet = self._sheet(connection, question)
            page = [sheet.listed[place] for place in places if place < sheet.size]
            told = [_surest(sheet, at) for at in page]
            rows = evidence.reasons(connection, [place for own in told for place in own])
        found = [sheet.cells.read(at, sheet.snapshot.books).position for at in page]
        shown = [[rows[place] for place in own if place in rows] for own in told]
        return [evidence.with_evidence(*pair) for pair in zip(found, shown, strict=True)]

    def changes(self, question: Question) -> tuple[Snapshot, Changes]:
        """Who turned, the latest first, in the columns whose rows the changes name; ``stance`` is the new one."""
        with engines.reading(self._engine) as connection:
            snapshot = self._narrow.fresh(connection)
            columns = self._chosen(connection, snapshot, question)
        return snapshot, find_changes(columns, snapshot.books).only(after=question.filters.stance)

    def read_rows(self, columns: Columns, snapshot: Snapshot, rows: Sequence[int]) -> dict[int, evidence.Told]:
        """What was said in these rows of columns, each in its sentence."""
        places = {row: _place(columns, snapshot, row) for row in rows}
        with engines.reading(self._engine) as connection:
            told = evidence.told(connection, list(places.values()))
        return {row: told[place] for row, place in places.items() if place in told}

    def conditions(self, question: Question, after: str | None, limit: int) -> Page[evidence.Told]:
        """What holders make their support or consent depend on, the newest first."""
        with engines.reading(self._engine) as connection:
            return evidence.conditions(connection, question.filters, question.kind, after, limit)

    def silent(self, question: Question, topic: str) -> list[evidence.Speaker]:
        """Who speaks in the articles that pass and says nothing on the topic there, those who speak most first."""
        with engines.reading(self._engine) as connection:
            return evidence.silent(connection, question.filters, question.kind, topic)

    def silences(self, question: Question, topics: Sequence[str]) -> list[tuple[str, evidence.Speaker]]:
        """Who of the stakeholders that the question names says nothing on which of these topics."""
        with engines.reading(self._engine) as connection:
            return evidence.silences(connection, question.filters, topics)

    def reasons(self, question: Question) -> list[profile.Reason]:
        """Why holders stand where they do, in their words: the newest first, no more than a page can gather."""
        with engines.reading(self._engine) as connection:
            found = profile.reasons(connection, question.filters)
            people = self._narrow.fresh(connection).people
        kinds = question.kind
        return [each for each in found if not kinds or (each.holder in people and people[each.holder].kind in kinds)]

    def officers(self, body: str) -> tuple[str, ...]:
        """Whose rows a map puts under the body's when it groups bodies with their officers."""
        with engines.reading(self._engine) as connection:
            snapshot = self._narrow.fresh(connection)
        holders = snapshot.books.holders
        code = holders.known.get(body)
        return tuple(sorted(holders.names[who] for who, of in officers(snapshot.columns).items() if of == code))

    def _sheet(self, connection: Connection, question: Question) -> Sheet:
        snapshot = self._narrow.fresh(connection)
        key = (snapshot.number, question)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        columns = self._chosen(connection, snapshot, question)
        sheet = _made(snapshot, columns, cells(columns), question)
        with self._lock:
            self._kept[key] = sheet
            self._forget(snapshot.number)
        return sheet

    def _forget(self, number: int) -> None:
        """Drop answers of another state of the store, then the longest unused until the rest is small enough."""
        for key in [key for key in self._kept if key[0] != number]:
            del self._kept[key]
        rows = sum(len(sheet.columns) for sheet in self._kept.values())
        while rows > KEPT and len(self._kept) > 1:
            rows -= len(self._kept.popitem(last=False)[1].columns)

    def _chosen(self, connection: Connection, snapshot: Snapshot, question: Question) -> Columns:
        filters = question.filters
        together = question.group is Grouping.BODY_AND_ITS_OFFICERS
        columns = self._grouped(snapshot) if together else snapshot.columns
        mask = chosen(
            columns,
            snapshot.books,
            topics=filters.topic,
            holders=filters.stakeholder,
            publishers=filters.publisher,
            articles=filters.article,
            since=filters.since,
            until=filters.until,
            as_of=filters.as_of,
            min_confidence=filters.min_confidence,
        )
        for kinds in (question.kind, _KINDS_OF.get(question.group, ())):
            if kinds:
                mask &= np.isin(snapshot.kinds, [KINDS.index(kind) for kind in kinds])[columns.holder]
        if filters.q or filters.manner:
            mask &= _matching(connection, snapshot, columns, filters)
        return replace(columns, hashes=()).take(np.flatnonzero(mask))

    def _grouped(self, snapshot: Snapshot) -> Columns:
        with self._lock:
            number, columns = self._together
            if number != snapshot.number:
                columns = grouped(snapshot.columns)
                self._together = (snapshot.number, columns)
            return columns


_KINDS_OF: dict[Grouping | None, tuple[StakeholderKind, ...]] = {
    Grouping.PERSON: (StakeholderKind.PERSON,),
    Grouping.ORGANISATION: (StakeholderKind.ORGANISATION, StakeholderKind.GROUP),
}


def _matching(connection: Connection, snapshot: Snapshot, columns: Columns, filters: Filters) -> Mask:
    """The rows whose statements have the manner and the words asked for: the database knows them."""
    only = Filters(q=filters.q, manner=filters.manner, min_confidence=filters.min_confidence)
    found = connection.execute(queries.stance_places(only)).all()
    known = snapshot.books.articles.known
    wide = int(columns.seq.max(initial=0)) + 1
    keys = [known[row.article_id] * wide + row.seq for row in found if row.article_id in known and row.seq < wide]
    return np.isin(columns.article.astype(np.int64) * wide + columns.seq, keys)


def _made(snapshot: Snapshot, columns: Columns, found: Cells, question: Question) -> Sheet:
    """The cells that are sure enough and of the stances asked for, row by row."""
    # Sure stances that contradict each other make a position less sure than any of them.
    keep = found.confidence.round(4) >= question.filters.min_confidence
    if question.filters.stance:
        codes = [LABEL_CODE[label] for label in question.filters.stance if label in LABEL_CODE]
        keep &= np.isin(found.label, codes)
    found = found.take(np.flatnonzero(keep))
    holders = len(snapshot.books.holders.names)
    stories = np.bincount(found.holder, found.story_count, holders).astype(np.int64)
    topics = np.argsort(np.argsort(np.array(snapshot.books.topics.names, dtype=object)))
    order = np.lexsort((topics[found.topic], snapshot.ranks[found.holder], -stories[found.holder]))
    by_row = found.holder[order]
    first = np.append(0, np.flatnonzero(by_row[1:] != by_row[:-1]) + 1) if len(order) else order
    rows = by_row[first].tolist()
    ends = np.append(first[1:], len(order)).tolist()
    starts = dict(zip(rows, zip(first.tolist(), ends, strict=True), strict=True)) if rows else {}
    told = dict(zip(rows, stories[rows].tolist(), strict=True))
    return Sheet(snapshot, columns, found, order.tolist(), rows, starts, told)


def _surest(sheet: Sheet, at: int) -> list[evidence.Place]:
    """The utterances that show a cell's stance best, each in other words, the surest first."""
    columns, cells = sheet.columns, sheet.cells
    rows = np.arange(cells.start[at], cells.end[at] + 1)
    shows = rows[columns.label[rows] == cells.label[at]]
    rows = shows if len(shows) else rows
    ranked = rows[np.argsort(-columns.confidence[rows], kind="stable")]
    once: dict[int, int] = {}
    for row in ranked.tolist():
        once.setdefault(int(columns.utterance[row]) if columns.twin[row] else -row - 1, row)
        if len(once) == TOLD:
            break
    return [_place(columns, sheet.snapshot, row) for row in once.values()]


def _place(columns: Columns, snapshot: Snapshot, row: int) -> evidence.Place:
    return snapshot.books.articles.names[columns.article[row]], int(columns.seq[row])
