"""What a question may be narrowed to, and the conditions that follow for each kind of row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Table, exists, or_, select, union

from api.store import search
from api.store.names import normalise_name
from api.store.planning import unsought
from api.store.tables import appearances, articles, figures, names, stakeholders, stances, statements
from nlp.errors import UsageError
from nlp.records import MEDIUM, Manner, StanceLabel

Condition = ColumnElement[bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """Values of one field are alternatives; fields add up. Empty fields ask nothing.

    ``stakeholder`` and ``article`` hold ids; a stakeholder is found as holder and as the body spoken for.
    ``since`` and ``until`` are inclusive: a date known to the month matches when the month overlaps,
    an unknown one never. ``as_of`` asks for what was surely published by the end of that day.
    ``q`` is a query of ``api.store.search``.
    """

    stakeholder: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    stance: tuple[StanceLabel, ...] = ()
    manner: tuple[Manner, ...] = ()
    publisher: tuple[str, ...] = ()
    article: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    as_of: date | None = None
    q: str | None = None
    min_confidence: float = MEDIUM


NO_FILTERS = Filters()


def where_article(filters: Filters) -> list[Condition]:
    """Conditions on the article that something stands in."""
    columns = articles.c
    conditions: list[Condition] = []
    if filters.publisher:
        conditions.append(columns.publisher.in_(filters.publisher))
    if filters.article:
        conditions.append(columns.id.in_(filters.article))
    if filters.since or filters.until or filters.as_of:
        conditions.append(columns.published.is_not(None))
    if filters.since:
        conditions.append(columns.last_day >= filters.since)
    if filters.until:
        conditions.append(columns.day <= filters.until)
    if filters.as_of:
        conditions.append(columns.last_day <= filters.as_of)
    return conditions


def where_articles(filters: Filters) -> list[Condition]:
    """Conditions on articles themselves: that they name, say or argue what is asked for."""
    here = articles.c.id
    conditions = where_article(filters)
    if filters.topic or filters.stance:
        conditions.append(exists().where(stances.c.article_id == here, *_of_stance(filters, sought=False)))
    if filters.manner:
        conditions.append(exists().where(statements.c.article_id == here, *_of_statement(filters)))
    if filters.stakeholder:
        named = appearances.c.stakeholder_id.in_(filters.stakeholder)
        conditions.append(exists().where(appearances.c.article_id == here, named))
    if filters.q:
        conditions.append(articles.c.number.in_(search.article_numbers(search.parse_query(filters.q))))
    return conditions


def where_statements(filters: Filters, *, said: bool = False) -> list[Condition]:
    """Conditions on statements joined to their articles; with ``said`` who says them was seen to."""
    own = replace(filters, stakeholder=()) if said else filters
    conditions: list[Condition] = [*where_article(filters), *_of_statement(own)]
    if filters.topic or filters.stance:
        conditions.append(_has_stance(filters))
    if filters.q:
        conditions.append(_says(filters.q))
    return conditions


def where_stances(filters: Filters) -> list[Condition]:
    """Conditions on stances joined to their articles and, where they have one, their statements."""
    conditions = [*where_article(filters), *_of_stance(filters)]
    if filters.manner:
        conditions.append(statements.c.manner.in_(filters.manner))
    if filters.q:
        conditions.append(_says(filters.q))
    return conditions


def where_figures(filters: Filters) -> list[Condition]:
    """Conditions on figures joined to their articles. Raises UsageError for what a figure does not have."""
    if filters.stance or filters.manner:
        raise UsageError("figures have no stance and no manner", do="filter them by topic, stakeholder or article")
    columns = figures.c
    conditions: list[Condition] = [*where_article(filters), columns.confidence >= filters.min_confidence]
    if filters.stakeholder:
        roles = (columns.payer, columns.recipient, columns.cited_by)
        conditions.append(or_(*(role.in_(filters.stakeholder) for role in roles)))
    if filters.topic:
        argued = (stances.c.topic.in_(filters.topic), stances.c.confidence >= filters.min_confidence)
        conditions.append(exists().where(stances.c.article_id == articles.c.id, *argued))
    if filters.q:
        conditions.append(articles.c.number.in_(search.article_numbers(search.parse_query(filters.q))))
    return conditions


def where_stakeholders(filters: Filters) -> list[Condition]:
    """Conditions on stakeholders: that they hold, say, or are named where it is asked for."""
    where = where_article(filters)
    conditions: list[Condition] = []
    if filters.stakeholder:
        conditions.append(stakeholders.c.id.in_(filters.stakeholder))
    if filters.topic or filters.stance:
        conditions.append(_speaks_in(stances, [*where, *_of_stance(filters)]))
    if filters.manner:
        conditions.append(_speaks_in(statements, [*where, *_of_statement(filters)]))
    if where and not (filters.topic or filters.stance or filters.manner):
        named = select(appearances.c.stakeholder_id).join(articles).where(*where)
        conditions.append(stakeholders.c.id.in_(named))
    if filters.q:
        conditions.append(_is_named(filters.q))
    return conditions


def spoken_by(table: FromClause) -> Condition:
    """That a statement or stance is by the stakeholder of the row around, or on behalf of it."""
    id = stakeholders.c.id
    return or_(table.c.holder == id, table.c.on_behalf_of == id)


def _speaks_in(table: Table, where: list[Condition]) -> Condition:
    # A list made once: asked for each stakeholder anew, the engine walks all stances of the topic every time.
    holders, bodies = select(table.c.holder), select(table.c.on_behalf_of)
    return stakeholders.c.id.in_(union(*(each.join(articles).where(*where) for each in (holders, bodies))))


def _of_statement(filters: Filters) -> list[Condition]:
    columns = statements.c
    conditions: list[Condition] = [columns.confidence >= filters.min_confidence]
    if filters.stakeholder:
        conditions.append(_holds(columns, filters.stakeholder))
    if filters.manner:
        conditions.append(columns.manner.in_(filters.manner))
    return conditions


def _of_stance(filters: Filters, *, sought: bool = True) -> list[Condition]:
    """Conditions on a stance. Those of one article or statement are looked for by that, not by what they say.

    By topic and stance SQLite read 3,000 of them for each of the articles of a list: 2.4 s for a page of 50 among
    40,000 articles, 40 s with a publisher.
    """
    columns = stances.c
    topic, label = (columns.topic, columns.label) if sought else (unsought(columns.topic), unsought(columns.label))
    conditions: list[Condition] = [columns.confidence >= filters.min_confidence]
    if filters.stakeholder:
        conditions.append(_holds(columns, filters.stakeholder, sought=sought))
    if filters.topic:
        conditions.append(topic.in_(filters.topic))
    if filters.stance:
        conditions.append(label.in_(filters.stance))
    return conditions


def _has_stance(filters: Filters) -> Condition:
    own = stances.c.statement_id == statements.c.id
    return exists().where(own, *_of_stance(filters, sought=False))


def _holds(columns: Any, ids: tuple[str, ...], *, sought: bool = True) -> Condition:
    both = (columns.holder, columns.on_behalf_of)
    return or_(*((each if sought else unsought(each)).in_(ids) for each in both))


def _says(query: str) -> Condition:
    return statements.c.number.in_(search.statement_numbers(search.parse_query(query)))


def _is_named(part: str) -> Condition:
    wanted = normalise_name(part)
    if not wanted:
        raise UsageError("a query needs at least one letter or digit to look for")
    same = names.c.stakeholder_id == stakeholders.c.id
    return exists().where(same, names.c.norm.contains(wanted, autoescape=True))
