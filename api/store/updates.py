"""The log of updates: what is new, changed or gone among articles, statements, figures and positions, in order.

Every write notes in its own transaction which articles it changed (``api.store.log``). This log follows: what the
store holds of these articles is compared with what was last said of each item, and the differences get the next
numbers. That is one transaction, and on either engine transactions that write wait for one another
(``engines.writing``), so a number is never visible before a smaller one: whoever has read up to a number has missed
nothing, though many write at once. Each item stands in the log once, at its last change (as a compacted log of Apache
Kafka holds the last record of a key), so the log is no longer than what was ever stored.
"""

from __future__ import annotations

import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Engine, Select, Table, delete, insert, select, update

from api.store import engines, queries
from api.store import records as read
from api.store.analyst import Analyst, Question
from api.store.audit import canonical
from api.store.feed_tables import update_state, updates
from api.store.filters import Filters
from api.store.tables import (
    articles,
    figures,
    observation_changes,
    observation_state,
    stakeholders,
    stances,
    statements,
)
from api.store.views import ArticleHead
from nlp.columns import LABELS, STRENGTHS
from nlp.records import MEDIUM

#: Articles that are compared in one transaction, which keeps other writers waiting for some 50 ms.
LOT = 100
#: Rows that are changed by one statement.
_ROWS = 400


class Kind(StrEnum):
    """What an update is about. A position is of a holder and a topic, as the map shows it by default."""

    ARTICLE = "article"
    STATEMENT = "statement"
    FIGURE = "figure"
    POSITION = "position"


class Change(StrEnum):
    """What happened to an item last."""

    NEW = "new"
    CHANGED = "changed"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """One row: ``about`` says of a position its holder, topic, label and confidence, of others holder and confidence.

    ``article`` is None for positions, and for what is gone together with its article.
    """

    number: int
    kind: Kind
    change: Change
    item: str
    article_id: str | None
    article: ArticleHead | None
    about: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a log: behind the row of this number."""

    log: str
    number: int


@dataclass(frozen=True, slots=True)
class _Item:
    article: str | None
    digest: str
    about: Mapping[str, Any]


_Key = tuple[str, str]


class Updates:
    """The log of a database; threads and servers may share it."""

    def __init__(self, engine: Engine, analyst: Analyst) -> None:
        self._engine, self._analyst = engine, analyst

    def catch_up(self, *, seconds: float | None = None) -> bool:
        """Bring the log to what is stored; False where more is to do after so many seconds."""
        ends = None if seconds is None else time.monotonic() + seconds
        while not self.is_current():
            with engines.writing(self._engine) as connection:
                self._step(connection)
            if ends is not None and time.monotonic() > ends:
                return self.is_current()
        return True

    def is_current(self) -> bool:
        """Whether everything that is stored stands in the log."""
        with engines.reading(self._engine) as connection:
            newest = connection.scalar(select(observation_state.c.number)) or 0
            state = connection.execute(select(update_state)).one()
        return state.consumed >= newest and state.scan is None and not state.positions

    def end(self) -> Place:
        """Behind the last row."""
        with engines.reading(self._engine) as connection:
            return _end(connection)

    def page(self, after: int, limit: int, kinds: Collection[Kind] = ()) -> tuple[list[Update], Place]:
        """The rows behind a number, in order, and the place behind them: the end, where there are fewer than asked."""
        query = select(updates).where(updates.c.number > after).order_by(updates.c.number).limit(limit)
        query = query.where(updates.c.kind.in_(kinds)) if kinds else query
        with engines.reading(self._engine) as connection:
            rows, end = connection.execute(query).all(), _end(connection)
            ids = {row.article_id for row in rows if row.article_id is not None}
            heads = {
                row.article_id: read.head_from(row)
                for lot in _lots(sorted(ids))
                for row in connection.execute(select(*queries.HEAD).where(articles.c.id.in_(lot)))
            }
        found = [_update(row, heads.get(row.article_id)) for row in rows]
        return found, Place(end.log, rows[-1].number) if len(rows) == limit else end

    def names(self, ids: Collection[str]) -> dict[str, Any]:
        """Rows with the names of stakeholders, by id: a tenth of the work of reading all that is known of them."""
        found: dict[str, Any] = {}
        with engines.reading(self._engine) as connection:
            for lot in _lots(sorted(ids)):
                query = select(stakeholders.c.id, stakeholders.c.name).where(stakeholders.c.id.in_(lot))
                found.update((row.id, row) for row in connection.execute(query))
        return found

    def _step(self, connection: Connection) -> None:
        """The next part of what is to be done: some changes, some of all articles, or the positions."""
        state = connection.execute(select(update_state)).one()
        newest = connection.scalar(select(observation_state.c.number)) or 0
        writer = _Writer(connection, state.number)
        if state.consumed < newest:
            done = _changed(connection, writer, state.consumed, newest)
        elif state.scan is not None:
            done = {"scan": _scanned(connection, writer, state.scan)}
        else:
            writer.compare(_positions(self._analyst), _kept(connection, updates.c.kind == Kind.POSITION))
            done = {"positions": False}
        connection.execute(update(update_state).values(number=writer.number, **done))


def _changed(connection: Connection, writer: _Writer, consumed: int, newest: int) -> dict[str, Any]:
    columns = observation_changes.c
    query = select(columns.number, columns.article_id).where(columns.number > consumed).order_by(columns.number)
    rows = connection.execute(query.limit(LOT)).all()
    ids = {row.article_id for row in rows}
    if None in ids or not rows:
        # Any article may have changed: all that came until now is seen by a look at all of them.
        return {"consumed": newest, "scan": "", "positions": True}
    _compare_articles(connection, writer, sorted(ids))
    return {"consumed": rows[-1].number, "positions": True}


def _scanned(connection: Connection, writer: _Writer, after: str) -> str | None:
    """Compare the next articles by id; behind which one the look goes on, None at the end."""
    stored = select(articles.c.id).where(articles.c.id > after).order_by(articles.c.id).limit(LOT)
    told = select(updates.c.article_id).where(updates.c.article_id > after, updates.c.digest != "").distinct()
    found = {*connection.scalars(stored), *connection.scalars(told.order_by(updates.c.article_id).limit(LOT))}
    ids = sorted(id for id in found if id is not None)[:LOT]
    _compare_articles(connection, writer, ids)
    return ids[-1] if ids else None


def _compare_articles(connection: Connection, writer: _Writer, ids: Sequence[str]) -> None:
    if ids:
        writer.compare(dict(_items(connection, ids)), _kept(connection, updates.c.article_id.in_(ids)))


class _Writer:
    """Gives the differences of a lot the next numbers."""

    def __init__(self, connection: Connection, number: int) -> None:
        self._connection, self.number = connection, number

    def compare(self, now: Mapping[_Key, _Item], kept: Mapping[_Key, Any]) -> None:
        """Log what differs between what is stored and what was last said of it."""
        rows = []
        for key, item in now.items():
            before = kept.get(key)
            if before is None or before.digest != item.digest:
                known = before is not None and before.digest
                rows.append(self._row(key, Change.CHANGED if known else Change.NEW, item))
        for key, before in kept.items():
            if key not in now and before.digest:
                # Of what is gone nothing is kept but what names it.
                about = before.about if key[0] == Kind.POSITION else {}
                named = {name: value for name, value in about.items() if name in ("holder", "topic")}
                rows.append(self._row(key, Change.WITHDRAWN, _Item(before.article_id, "", named)))
        old = [kept[row["kind"], row["item"]].number for row in rows if (row["kind"], row["item"]) in kept]
        for lot in _lots(old):
            self._connection.execute(delete(updates).where(updates.c.number.in_(lot)))
        for batch in _lots(rows):
            self._connection.execute(insert(updates), batch)

    def _row(self, key: _Key, change: Change, item: _Item) -> dict[str, Any]:
        self.number += 1
        return {
            "number": self.number,
            "kind": key[0],
            "item": key[1],
            "article_id": item.article,
            "change": change.value,
            "digest": item.digest,
            "about": dict(item.about),
            "at": datetime.now(UTC),
        }


def _items(connection: Connection, ids: Sequence[str]) -> Iterator[tuple[_Key, _Item]]:
    """Everything that is stored of some articles: them, their statements with stances, their figures."""
    query = _of(articles, _OF_ARTICLES, "id").where(articles.c.id.in_(ids)).order_by(articles.c.number)
    for row in connection.execute(query):
        yield (Kind.ARTICLE, row.id), _Item(row.id, _digest(row, _OF_ARTICLES), {})
    taken: dict[str, list[Any]] = {}
    query = _of(stances, _OF_STANCES, "statement_id").where(stances.c.article_id.in_(ids)).order_by(stances.c.seq)
    for row in connection.execute(query):
        taken.setdefault(row.statement_id or "", []).append([str(getattr(row, name)) for name in _OF_STANCES])
    query = _of(statements, _OF_STATEMENTS, *_OWN).where(statements.c.article_id.in_(ids))
    for row in connection.execute(query.order_by(statements.c.number)):
        digest = _digest(row, _OF_STATEMENTS, taken.get(row.id, ()), round(row.confidence, 2))
        yield (Kind.STATEMENT, row.id), _Item(row.article_id, digest, _about(row.holder, row.confidence))
    query = _of(figures, _OF_FIGURES, *_OWN).where(figures.c.article_id.in_(ids))
    for row in connection.execute(query.order_by(figures.c.article_id, figures.c.seq)):
        digest = _digest(row, _OF_FIGURES, (), round(row.confidence, 2))
        yield (Kind.FIGURE, row.id), _Item(row.article_id, digest, _about(row.cited_by, row.confidence))


_OWN = ("id", "article_id", "confidence")
_OF_ARTICLES = (
    *("text", "title", "publisher", "published", "precision", "author", "url", "genre", "licence", "expires"),
    "story_id",
)
_OF_STATEMENTS = ("holder", "on_behalf_of", "manner", "capacity", "text", "spans")
_OF_STANCES = ("topic", "holder", "label", "strength", "condition", "earlier")
_OF_FIGURES = (
    *("spans", "unit", "value", "low", "high", "per", "kind", "direction", "status", "what", "payer", "recipient"),
    *("cited_by", "period_text", "period_start", "period_end", "modifier", "terms", "recurrence"),
)


def _of(table: Table, names: Sequence[str], *own: str) -> Select[Any]:
    return select(*(table.c[name] for name in (*own, *names)))


def _digest(row: Any, names: Iterable[str], *more: Any) -> str:
    """Names what an item says: a re-analysis that finds the same is no change."""
    said = [None if (value := getattr(row, name)) is None else str(value) for name in names]
    return sha256(canonical({"said": said, "more": more}).encode("utf-8", "replace")).hexdigest()[:32]


def _about(holder: str | None, confidence: float) -> dict[str, Any]:
    return {"holder": holder, "confidence": round(confidence, 4)}


def _positions(analyst: Analyst) -> dict[_Key, _Item]:
    """Every position of the shown tier. Who writes at the moment is alone, so this is what was just compared."""
    sheet = analyst.sheet(Question(filters=Filters(min_confidence=MEDIUM)))
    cells, books = sheet.cells, sheet.snapshot.books
    said = (cells.holder, cells.topic, cells.label, cells.strength, cells.earlier, cells.body, cells.story_count)
    found: dict[_Key, _Item] = {}
    rows = zip(*(column.tolist() for column in said), cells.confidence.tolist(), strict=True)
    for holder, topic, label, strength, earlier, body, stories, confidence in rows:
        about = {"holder": books.holders.names[holder], "topic": books.topics.names[topic]}
        digest = f"{LABELS[label]} {STRENGTHS[strength]} {earlier} {_name(books.holders.names, body)} {stories}"
        item = sha256(canonical(about).encode("utf-8", "replace")).hexdigest()
        more = {"label": LABELS[label].value, "confidence": round(confidence, 4)}
        found[Kind.POSITION, item] = _Item(None, sha256(digest.encode()).hexdigest()[:32], about | more)
    return found


def _name(names: Sequence[str], code: int) -> str:
    return names[code] if code >= 0 else ""


def _kept(connection: Connection, wanted: Any) -> dict[_Key, Any]:
    return {(row.kind, row.item): row for row in connection.execute(select(updates).where(wanted))}


def _end(connection: Connection) -> Place:
    row = connection.execute(select(update_state.c.log, update_state.c.number)).one()
    return Place(row.log, row.number)


def _update(row: Any, head: ArticleHead | None) -> Update:
    return Update(
        number=row.number,
        kind=Kind(row.kind),
        change=Change(row.change),
        item=row.item,
        article_id=row.article_id,
        article=head,
        about=row.about,
        at=row.at,
    )


def _lots(items: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(items), _ROWS):
        yield items[start : start + _ROWS]
