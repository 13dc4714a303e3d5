"""Pages of lists found without touching what is not shown.

Statements are listed newest article first. By joining, every match is read and sorted for each page: 38 ms for 5,000
matches among 200,000 statements. The observations know the place of each stance in that order, and an index holds
them by topic and label in it, so that a page reads as many entries as it shows, and rows of those alone. ``spoken``
does the same for who says something: 88 ms of CPU for the one who says most of them, 4 since.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import product
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Select,
    Table,
    and_,
    delete,
    except_,
    func,
    insert,
    or_,
    select,
    tuple_,
    union_all,
    update,
)

from api.store.filters import Filters, where_statements
from api.store.paging import decode_cursor
from api.store.planning import unsought
from api.store.tables import articles, observations, spoken, stances, statements
from nlp.records import StanceLabel

#: So many pairs of topic and stance are looked at one by one.
MOST_PAIRS = 60
#: So many stakeholders are.
MOST_SPEAKERS = 20
_O, _SPOKEN = observations.c, spoken.c
_DAYS = ("day", "last_day", "number")


def place(connection: Connection, ids: Sequence[str]) -> None:
    """Say of what was found in articles, which is written, where it stands in lists."""
    _place_observations(connection, ids)
    connection.execute(delete(spoken).where(_SPOKEN.article_id.in_(ids)))
    for query in _said_by():
        connection.execute(insert(spoken).from_select(list(_SPOKEN.keys()), query.where(articles.c.id.in_(ids))))


def _said_by() -> Iterator[Select[Any]]:
    """The rows of ``spoken``: of holders, then of the bodies that others speak for."""
    at = (articles.c.day, articles.c.number, statements.c.seq, statements.c.number, articles.c.id)
    body = statements.c.on_behalf_of
    for who, where in ((statements.c.holder, ()), (body, (statements.c.holder.is_distinct_from(body),))):
        query = select(who.label("who"), *(each.label(None) for each in at)).join_from(articles, statements)
        yield query.where(who.is_not(None), *where)


def _place_observations(connection: Connection, ids: Sequence[str]) -> None:
    article = {name: select(articles.c[name]).where(articles.c.id == _O.article_id).scalar_subquery() for name in _DAYS}
    said = select(statements.c.seq).join_from(stances, statements, statements.c.id == stances.c.statement_id)
    said = said.where(stances.c.article_id == _O.article_id, stances.c.seq == _O.seq)
    values = {**article, "statement": said.scalar_subquery()}
    connection.execute(update(observations).where(_O.article_id.in_(ids)).values(values))


def misplaced(connection: Connection) -> Sequence[str]:
    """The articles whose observations do not stand where their articles and statements do, by id."""
    stance = and_(stances.c.article_id == _O.article_id, stances.c.seq == _O.seq)
    query = select(_O.article_id).join_from(observations, articles, articles.c.id == _O.article_id)
    query = query.outerjoin(stances, stance).outerjoin(statements, statements.c.id == stances.c.statement_id)
    pairs = ((_O[name], articles.c[name]) for name in _DAYS)
    differs = [own.is_distinct_from(other) for own, other in (*pairs, (_O.statement, statements.c.seq))]
    moved = connection.scalars(query.where(or_(*differs)).distinct()).all()
    said, told = union_all(*_said_by()).subquery(), select(*_SPOKEN)
    either = [except_(select(*said.c), told), except_(told, select(*said.c))]
    found = [row[-1] for pair in either for row in connection.execute(pair)]
    return sorted({*moved, *found})


def with_topics(connection: Connection, filters: Filters) -> Filters:
    """The filters with every topic that is stored where stances are asked for on whichever.

    The topics are found one behind the other in the index: there are few, and hundreds of thousands of stances.
    """
    if not filters.stance or filters.topic:
        return filters
    first = select(func.min(_O.topic).label("topic")).cte("stored", recursive=True)
    following = select(func.min(_O.topic)).where(_O.topic > first.c.topic).scalar_subquery()
    every = first.union_all(select(following).where(first.c.topic.is_not(None)))
    found = connection.scalars(select(every.c.topic).where(every.c.topic.is_not(None)))
    return replace(filters, topic=tuple(found))


def is_listed(filters: Filters) -> bool:
    """Whether the order of the observations, or of ``spoken``, answers these filters; else others find fewer rows."""
    if filters.article or filters.q:
        return False
    if filters.stakeholder:
        return len(filters.stakeholder) <= MOST_SPEAKERS
    pairs = len(filters.topic) * len(filters.stance or StanceLabel)
    return 0 < pairs <= MOST_PAIRS and not filters.publisher


def in_article(filters: Filters, table: Table) -> ColumnElement[bool]:
    """What joins a table to its articles: where nothing selects few rows, articles must be walked in their order.

    SQLite would read and sort all that there is for one page: 160 ms of 200,000 statements.
    """
    few = filters.topic or filters.stance or filters.stakeholder or filters.article or filters.publisher or filters.q
    return table.c.article_id == (articles.c.id if few else unsought(articles.c.id))


def statement_numbers(filters: Filters, after: str | None, limit: int) -> Select[Any]:
    """The numbers of the statements of a page that ``is_listed``, in no order."""
    if filters.stakeholder:
        lists = [_first_by(filters, who, after, limit) for who in sorted(set(filters.stakeholder))]
    else:
        labels = filters.stance or tuple(StanceLabel)
        pairs = sorted(set(product(filters.topic, (label.value for label in labels))))
        lists = [_first_of(filters, *pair, after, limit) for pair in pairs]
    first = [each.subquery() for each in lists]
    every = union_all(*(select(each) for each in first)).subquery()
    columns = every.c.number, every.c.day, every.c.article, every.c.place
    # A statement with several of the stances comes once.
    query = select(every.c.number).group_by(*columns)
    return query.order_by(every.c.day.desc(), every.c.article.desc(), every.c.place).limit(limit)


def _first_by(filters: Filters, who: str, after: str | None, limit: int) -> Select[Any]:
    """The first of a page that one stakeholder says, or somebody for it."""
    columns = (statements.c.number, _SPOKEN.day, _SPOKEN.article, _SPOKEN.place)
    # Only the list of who says it is in order: nothing else is a way in.
    own = and_(statements.c.number == _SPOKEN.statement, _SPOKEN.who == who)
    query = select(*columns).join_from(spoken, statements, own)
    query = query.join(articles, articles.c.number == unsought(_SPOKEN.article))
    query = query.where(*where_statements(filters, said=True), *_bounds(filters, _SPOKEN.day))
    query = query.where(*_behind(after, _SPOKEN.day, _SPOKEN.article, _SPOKEN.place))
    return query.order_by(_SPOKEN.day.desc(), _SPOKEN.article.desc(), _SPOKEN.place).limit(limit)


def _first_of(filters: Filters, topic: str, label: str, after: str | None, limit: int) -> Select[Any]:
    """The first of a page with one stance on one topic, each as often as it has that."""
    here = and_(statements.c.article_id == _O.article_id, statements.c.seq == _O.statement)
    query = select(
        statements.c.number, _O.day.label("day"), _O.number.label("article"), _O.statement.label("place")
    ).join_from(observations, statements, here)
    query = query.where(_O.topic == topic, _O.label == label, _O.confidence >= filters.min_confidence)
    query = query.where(
        *_days(filters),
        *_behind(after, _O.day, _O.number, _O.statement),
        statements.c.confidence >= filters.min_confidence,
    )
    if filters.manner:
        query = query.where(statements.c.manner.in_(filters.manner))
    return query.order_by(_O.day.desc(), _O.number.desc(), _O.statement).limit(limit)


def _days(filters: Filters) -> list[ColumnElement[bool]]:
    """Conditions of ``api.store.filters.where_article`` on days; those on ``day`` bound what the index reads."""
    conditions = _bounds(filters, _O.day)
    if filters.since:
        conditions.append(_O.last_day >= filters.since)
    if filters.as_of:
        conditions.append(_O.last_day <= filters.as_of)
    return conditions


def _bounds(filters: Filters, day: ColumnElement[date]) -> list[ColumnElement[bool]]:
    """What follows from conditions on days for the first one that a date can mean."""
    conditions: list[ColumnElement[bool]] = []
    if filters.since or filters.until or filters.as_of:
        conditions.append(day > date.min)
    if filters.since:
        # A date is known to the year at least.
        conditions.append(day >= filters.since.replace(month=1, day=1))
    conditions += [day <= last for last in (filters.until, filters.as_of) if last]
    return conditions


def _behind(
    cursor: str | None, day: ColumnElement[date], article: ColumnElement[int], place: ColumnElement[int]
) -> list[ColumnElement[bool]]:
    """As ``api.store.paging.after_item``."""
    if cursor is None:
        return []
    on, number, last = decode_cursor(cursor, date, int, int)
    return [tuple_(day, article) <= (on, number), or_(article != number, place > last)]
