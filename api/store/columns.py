"""What the passages are of, as columns: read from the tables for all passages behind a number.

Everything that a filter or a facet asks is a number here. What an article is rewritten to is new passages, so that
nothing that was read before ever changes.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Select, and_, select

from api.store import tables
from api.store.passages import PassageKind
from nlp.records import Manner, StanceLabel, Strength

Ints = NDArray[np.int64]
Column = NDArray[Any]
KINDS = tuple(PassageKind)
STATEMENT, ARTICLE, FIGURE = (KINDS.index(kind) for kind in KINDS)
LABELS, STRENGTHS, MANNERS = tuple(StanceLabel), tuple(Strength), tuple(Manner)
#: Rows read at once: more would be held twice while they become columns.
LOT = 20_000
#: The confidence of an article, which is found and not judged: it passes every least one, and is in no tier.
CERTAIN = 2.0


class Codes:
    """Numbers for texts, given as they come; ``-1`` is for None."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self._codes: dict[str | None, int] = {None: -1}

    def code(self, name: str | None) -> int:
        found = self._codes.get(name)
        if found is None:
            found = self._codes[name] = len(self.names)
            self.names.append(name or "")
        return found

    def get(self, name: str) -> int:
        """The code of a name, -1 for one that has none."""
        return self._codes.get(name, -1)

    def known(self, names: Iterable[str]) -> Ints:
        """The codes of those of the names that have one."""
        return np.array(sorted(self._codes[name] for name in names if name in self._codes), dtype=np.int64)


@dataclass(slots=True)
class Columns:
    """Passages by row (``number`` ascends), the articles that they stand in, and what hangs on both.

    ``art`` is a place in the columns ``a_*``; ``n_*`` name who appears in articles, ``s_*`` are stances, whose
    ``s_row`` is -1 where no statement shows them. ``who`` are the codes of up to three stakeholders.
    """

    number: Column
    kind: Column
    art: Column
    who: Column
    confidence: Column
    manner: Column
    a_publisher: Column
    a_dated: Column
    a_day: Column
    a_last: Column
    n_art: Column
    n_who: Column
    s_row: Column
    s_art: Column
    s_topic: Column
    s_label: Column
    s_strength: Column
    s_confidence: Column
    s_who: Column

    def __len__(self) -> int:
        return len(self.number)


@dataclass(slots=True)
class Vocabulary:
    """What the codes in the columns stand for, and the place of every article by its id."""

    stakeholders: Codes = field(default_factory=Codes)
    publishers: Codes = field(default_factory=Codes)
    topics: Codes = field(default_factory=Codes)
    articles: dict[str, int] = field(default_factory=dict)


def read_columns(connection: Connection, vocabulary: Vocabulary, *, after: int = 0, articles: int = 0) -> Columns:
    """The columns of the passages behind the number ``after``; places of articles are counted from ``articles``.

    An article and all that hangs on it are written in one transaction, so a part is always whole.
    """
    return _Part(connection, vocabulary, after, articles).columns


class _Part:
    """Reads one part; while it does, it knows the places of articles and statements by their ids."""

    def __init__(self, connection: Connection, vocabulary: Vocabulary, after: int, articles: int) -> None:
        self._connection, self._words, self._after = connection, vocabulary, after
        self._place: dict[str, int] = {}
        self._row: dict[str, int] = {}
        found = self._articles()
        vocabulary.articles.update((id, articles + place) for id, place in self._place.items())
        self.columns = Columns(**found, **self._passages(), **self._appearances(), **self._stances())

    def _lots(self, query: Select[Any]) -> Iterable[Any]:
        return self._connection.execution_options(yield_per=LOT).execute(query)

    def _new(self, kind: PassageKind, *columns: Any) -> Select[Any]:
        passages = tables.passages.c
        query = select(passages.number, *columns).where(passages.number > self._after, passages.kind == kind.value)
        return query.order_by(passages.number)

    def _articles(self) -> dict[str, Column]:
        columns = tables.articles.c
        wanted = (columns.id, columns.publisher, columns.published, columns.day, columns.last_day)
        query = self._new(PassageKind.ARTICLE, *wanted)
        query = query.join_from(tables.passages, tables.articles, columns.id == tables.passages.c.article_id)
        found = [array("i"), array("b"), array("i"), array("i")]
        for place, row in enumerate(self._lots(query)):
            self._place[row.id] = place
            publisher, dated = self._words.publishers.code(row.publisher), row.published is not None
            _append(found, (publisher, dated, row.day.toordinal(), row.last_day.toordinal()))
        publishers, dated_ones, day, last = (np.array(column) for column in found)
        return {"a_publisher": publishers, "a_dated": dated_ones.astype(bool), "a_day": day, "a_last": last}

    def _passages(self) -> dict[str, Column]:
        rows: list[array[Any]] = [array(code) for code in "qbiiiifb"]
        said = self._statements(rows)
        self._figures(rows)
        for row in self._lots(self._new(PassageKind.ARTICLE, tables.passages.c.article_id)):
            _append(rows, (row.number, ARTICLE, self._place[row.article_id], -1, -1, -1, CERTAIN, -1))
        columns = [np.array(column) for column in rows]
        order = np.argsort(columns[0], kind="stable")
        place = np.empty_like(order)
        place[order] = np.arange(len(order))
        self._row = dict(zip(said, place[: len(said)].tolist(), strict=True))
        number, kind, art, first, second, third, confidence, manner = (column[order] for column in columns)
        who = np.stack([first, second, third], axis=1)
        names = ("number", "kind", "art", "who", "confidence", "manner")
        return dict(zip(names, (number, kind, art, who, confidence, manner), strict=True))

    def _statements(self, rows: Sequence[array[Any]]) -> list[str]:
        said, passages, code = tables.statements.c, tables.passages.c, self._words.stakeholders.code
        columns = (said.id, said.article_id, said.holder, said.on_behalf_of, said.confidence, said.manner)
        query = self._new(PassageKind.STATEMENT, *columns).select_from(tables.passages)
        here = and_(said.article_id == passages.article_id, said.seq == passages.seq)
        found: list[str] = []
        for row in self._lots(query.join(tables.statements, here)):
            who = code(row.holder), code(row.on_behalf_of), -1
            place, manner = self._place[row.article_id], MANNERS.index(row.manner)
            _append(rows, (row.number, STATEMENT, place, *who, row.confidence, manner))
            found.append(row.id)
        return found

    def _figures(self, rows: Sequence[array[Any]]) -> None:
        money, passages, code = tables.figures.c, tables.passages.c, self._words.stakeholders.code
        columns = (money.article_id, money.payer, money.recipient, money.cited_by, money.confidence)
        query = self._new(PassageKind.FIGURE, *columns).select_from(tables.passages)
        here = and_(money.article_id == passages.article_id, money.seq == passages.seq)
        for row in self._lots(query.join(tables.figures, here)):
            who = code(row.payer), code(row.recipient), code(row.cited_by)
            _append(rows, (row.number, FIGURE, self._place[row.article_id], *who, row.confidence, -1))

    def _appearances(self) -> dict[str, Column]:
        found, columns = [array("i"), array("i")], tables.appearances.c
        query = self._new(PassageKind.ARTICLE, columns.article_id, columns.stakeholder_id).select_from(tables.passages)
        query = query.join(tables.appearances, columns.article_id == tables.passages.c.article_id)
        for row in self._lots(query):
            _append(found, (self._place[row.article_id], self._words.stakeholders.code(row.stakeholder_id)))
        return {"n_art": np.array(found[0]), "n_who": np.array(found[1])}

    def _stances(self) -> dict[str, Column]:
        found: list[array[Any]] = [array(code) for code in "iiibbfii"]
        columns, who = tables.stances.c, self._words.stakeholders.code
        held = (columns.holder, columns.on_behalf_of, columns.statement_id, columns.confidence)
        query = self._new(
            PassageKind.ARTICLE, columns.article_id, columns.topic, columns.label, columns.strength, *held
        )
        query = query.select_from(tables.passages)
        for row in self._lots(query.join(tables.stances, columns.article_id == tables.passages.c.article_id)):
            place, at = self._place[row.article_id], self._row.get(row.statement_id or "", -1)
            said = self._words.topics.code(row.topic), LABELS.index(row.label), STRENGTHS.index(row.strength)
            _append(found, (at, place, *said, row.confidence, who(row.holder), who(row.on_behalf_of)))
        row_, art, topic, *rest = (np.array(column) for column in found)
        order = np.lexsort((topic, row_))
        label, strength, confidence, holder, behalf = (column[order] for column in rest)
        names = ("s_row", "s_art", "s_topic", "s_label", "s_strength", "s_confidence", "s_who")
        who_ = np.stack([holder, behalf], axis=1)
        values = (row_[order], art[order], topic[order], label, strength, confidence, who_)
        return dict(zip(names, values, strict=True))


def _append(columns: Sequence[array[Any]], values: Sequence[Any]) -> None:
    for column, value in zip(columns, values, strict=True):
        column.append(value)
