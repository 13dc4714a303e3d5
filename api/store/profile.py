"""Who holds which office, and which reasons are given: what pages tell of a stakeholder and of a topic."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, String, case, cast, func, select

from api.store import records as read
from api.store.filters import Filters, where_stances
from api.store.licences import shown_stance
from api.store.paging import in_article_order
from api.store.queries import HEAD, columns_of
from api.store.tables import affiliations, articles, stances, statements
from api.store.views import ArticleHead
from nlp.records import Span, StanceLabel

#: More reasons than this are not read for one page: the newest are.
MOST_REASONS = 2000


@dataclass(frozen=True, slots=True)
class Post:
    """An office as articles give it: who holds it, of what, in how many articles, between which days."""

    person: str
    organisation: str
    role: str | None
    articles: int
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Reason:
    """One rationale where it was printed, and the stance that it is given for."""

    span: Span
    holder: str
    label: StanceLabel
    statement: str | None
    article: ArticleHead


def posts(connection: Connection, *, person: str | None = None, organisation: str | None = None) -> list[Post]:
    """The offices of a person, or in an organisation, those of the most articles first."""
    columns, where = affiliations.c, []
    if person is not None:
        where.append(columns.stakeholder_id == person)
    if organisation is not None:
        where.append(columns.organisation == organisation)
    dated = articles.c.published.is_not(None)
    count = func.count().label("articles")
    query = (
        select(
            columns.stakeholder_id,
            columns.organisation,
            columns.role,
            count,
            func.min(case((dated, articles.c.day))).label("first"),
            func.max(case((dated, articles.c.last_day))).label("last"),
        )
        .join_from(affiliations, articles, columns.article_id == articles.c.id)
        .where(*where)
        .group_by(columns.stakeholder_id, columns.organisation, columns.role)
        .order_by(count.desc(), columns.stakeholder_id, columns.organisation, columns.role)
    )
    return [
        Post(row.stakeholder_id, row.organisation, row.role, row.articles, row.first, row.last)
        for row in connection.execute(query)
    ]


def reasons(connection: Connection, filters: Filters, limit: int = MOST_REASONS) -> list[Reason]:
    """The rationales of stances that pass, newest article first, of at most ``limit`` stances."""
    query = select(*HEAD, *columns_of(stances)).join_from(articles, stances, stances.c.article_id == articles.c.id)
    query = query.outerjoin(statements, stances.c.statement_id == statements.c.id)
    query = query.where(*where_stances(filters), _has_rationale())
    rows = connection.execute(query.order_by(*in_article_order(stances.c.seq)).limit(limit))
    return [reason for row in rows for reason in _reasons(row)]


def _has_rationale() -> ColumnElement[bool]:
    # An empty list is "[]" on both engines.
    return func.length(cast(stances.c.rationales, String)) > 2


def _reasons(row: Any) -> list[Reason]:
    head = read.head_from(row)
    stance = shown_stance(read.stance_from(row, row.statement_id), head.shown)
    return [Reason(span, stance.holder, stance.label, stance.statement, head) for span in stance.rationales]
