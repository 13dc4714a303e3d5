"""Pages of lists found without touching what is not shown.

Statements are listed newest article first. By joining, every match is read and sorted for each page: 38 ms for 5,000
matches among 200,000 statements. The observations know the place of each stance in that order, and an index holds
them by topic and label in it, so that a page reads as many entries as it shows, and rows of those alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import product
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, or_, select, tuple_, union_all, update
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from api.store.filters import Filters
from api.store.paging import decode_cursor
from api.store.tables import articles, observations, stances, statements
from nlp.records import StanceLabel

#: So many pairs of topic and stance are looked at one by one.
MOST_PAIRS = 60
_O = observations.c


def place_observations(connection: Connection, ids: Sequence[str]) -> None:
    """Say of the observations of articles, which are written, where they stand in lists."""
    article = {
        name: select(articles.c[name]).where(articles.c.id == _O.article_id).scalar_subquery()
        for name in ("day", "last_day", "number")
    }
    said = select(statements.c.seq).join_from(stances, statements, statements.c.id == stances.c.statement_id)
    said = said.where(stances.c.article_id == _O.article_id, stances.c.seq == _O.seq)
    place = {**article, "statement": said.scalar_subquery()}
    connection.execute(update(observations).where(_O.article_id.in_(ids)).values(place))


def misplaced(connection: Connection) -> Sequence[str]:
    """The articles whose observations do not stand where their articles and statements do, by id."""
    stance = and_(stances.c.article_id == _O.article_id, stances.c.seq == _O.seq)
    query = select(_O.article_id).join_from(observations, articles, articles.c.id == _O.article_id)
    query = query.outerjoin(stances, stance).outerjoin(statements, statements.c.id == stances.c.statement_id)
    pairs = ((_O[name], articles.c[name]) for name in ("day", "last_day", "number"))
    differs = [own.is_distinct_from(other) for own, other in (*pairs, (_O.statement, statements.c.seq))]
    return connection.scalars(query.where(or_(*differs)).distinct().order_by(_O.article_id)).all()


def is_listed(filters: Filters) -> bool:
    """Whether the order of the observations answers these filters; other ways in find fewer rows."""
    pairs = len(filters.topic) * len(filters.stance or StanceLabel)
    others = filters.stakeholder or filters.article or filters.publisher or filters.q
    return 0 < pairs <= MOST_PAIRS and not others


def in_article(filters: Filters, table: Table) -> ColumnElement[bool]:
    """What joins a table to its articles: where nothing selects few rows, articles must be walked in their order.

    SQLite would read and sort all that there is for one page: 160 ms of 200,000 statements.
    """
    few = filters.topic or filters.stance or filters.stakeholder or filters.article or filters.publisher or filters.q
    return table.c.article_id == (articles.c.id if few else _Unsought(articles.c.id))


class _Unsought(FunctionElement[Any]):
    """A column that SQLite is not to look rows up by; to PostgreSQL, which knows what there is, the column."""

    inherit_cache = True


@compiles(_Unsought, "sqlite")
def _with_plus(element: _Unsought, compiler: Any, **options: Any) -> str:
    # sqlite.org/optoverview.html, 7.2: a term that begins with + uses no index.
    return f"+{compiler.process(element.clauses, **options)}"


@compiles(_Unsought, "postgresql")
def _as_it_is(element: _Unsought, compiler: Any, **options: Any) -> str:
    return str(compiler.process(element.clauses, **options))


def statement_numbers(filters: Filters, after: str | None, limit: int) -> Select[Any]:
    """The numbers of the statements of a page that ``is_listed``, in no order."""
    labels = filters.stance or tuple(StanceLabel)
    pairs = sorted(set(product(filters.topic, (label.value for label in labels))))
    first = [_first_of(filters, *pair, after, limit).subquery() for pair in pairs]
    every = union_all(*(select(each) for each in first)).subquery()
    columns = every.c.number, every.c.day, every.c.article, every.c.place
    # A statement with several of the stances comes once.
    query = select(every.c.number).group_by(*columns)
    return query.order_by(every.c.day.desc(), every.c.article.desc(), every.c.place).limit(limit)


def _first_of(filters: Filters, topic: str, label: str, after: str | None, limit: int) -> Select[Any]:
    """The first of a page with one stance on one topic, each as often as it has that."""
    here = and_(statements.c.article_id == _O.article_id, statements.c.seq == _O.statement)
    query = select(
        statements.c.number, _O.day.label("day"), _O.number.label("article"), _O.statement.label("place")
    ).join_from(observations, statements, here)
    query = query.where(_O.topic == topic, _O.label == label, _O.confidence >= filters.min_confidence)
    query = query.where(*_days(filters), *_after(after), statements.c.confidence >= filters.min_confidence)
    if filters.manner:
        query = query.where(statements.c.manner.in_(filters.manner))
    return query.order_by(_O.day.desc(), _O.number.desc(), _O.statement).limit(limit)


def _days(filters: Filters) -> list[ColumnElement[bool]]:
    """Conditions of ``api.store.filters.where_article`` on days; those on ``day`` bound what the index reads."""
    conditions: list[ColumnElement[bool]] = []
    if filters.since or filters.until or filters.as_of:
        conditions.append(_O.day > date.min)
    if filters.since:
        # A date is known to the year at least.
        conditions += [_O.last_day >= filters.since, _O.day >= filters.since.replace(month=1, day=1)]
    if filters.until:
        conditions.append(_O.day <= filters.until)
    if filters.as_of:
        conditions += [_O.last_day <= filters.as_of, _O.day <= filters.as_of]
    return conditions


def _after(cursor: str | None) -> list[ColumnElement[bool]]:
    """As ``api.store.paging.after_item``."""
    if cursor is None:
        return []
    day, number, last = decode_cursor(cursor, date, int, int)
    up_to_here = tuple_(_O.day, _O.number) <= (day, number)
    return [up_to_here, or_(_O.number != number, _O.statement > last)]
