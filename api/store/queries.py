"""The selects behind the reader, each one statement however many rows it returns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    Table,
    and_,
    case,
    distinct,
    func,
    literal,
    literal_column,
    null,
    nulls_first,
    select,
    tuple_,
    union,
)

from api.store.filters import (
    Filters,
    spoken_by,
    where_article,
    where_articles,
    where_figures,
    where_stakeholders,
    where_stances,
    where_statements,
)
from api.store.listing import in_article
from api.store.paging import after_article, after_item, after_stakeholder, in_article_order
from api.store.places import at_places
from api.store.tables import (
    affiliations,
    appearances,
    articles,
    figures,
    names,
    observations,
    profiles,
    runs,
    stakeholders,
    stances,
    statements,
)
from nlp.positions import SKETCH
from nlp.records import StanceLabel

#: The columns of a run, under names that no article has.
RUN = (runs.c.version.label("run_version"), runs.c.digest.label("run_digest"), runs.c.models.label("run_models"))
HEAD = (
    articles.c.id.label("article_id"),
    articles.c.source.label("article_source"),
    articles.c.title.label("article_title"),
    articles.c.publisher.label("article_publisher"),
    articles.c.published.label("article_published"),
    articles.c.precision.label("article_precision"),
    articles.c.author.label("article_author"),
    articles.c.url.label("article_url"),
    articles.c.genre.label("article_genre"),
    articles.c.story_id.label("article_story"),
    articles.c.licence.label("article_licence"),
    articles.c.expires.label("article_expires"),
    articles.c.purged_at.label("article_purged"),
    articles.c.day.label("article_day"),
    articles.c.number.label("article_number"),
)

#: What tells by those how much may be shown of an article.
LICENSED = ("article_licence", "article_expires", "article_purged")


def columns_of(table: Table) -> list[Any]:
    """The columns of what hangs on an article, less the article: ``HEAD`` has that."""
    return [column for column in table.c if column.name != "article_id"]


def article_page(filters: Filters, after: str | None, limit: int) -> Select[Any]:
    counts = [
        select(func.count()).select_from(table).where(table.c.article_id == articles.c.id).scalar_subquery().label(name)
        for name, table in (("statements", statements), ("stances", stances), ("figures", figures))
    ]
    query = select(*HEAD, articles.c.added_at, *counts).where(*where_articles(filters), *after_article(after))
    return query.order_by(*in_article_order()).limit(limit + 1)


def statement_page(filters: Filters, after: str | None, limit: int) -> Select[Any]:
    query = select(*HEAD, *columns_of(statements)).join_from(articles, statements, in_article(filters, statements))
    query = query.where(*where_statements(filters), *after_item(after, statements.c.seq))
    return query.order_by(*in_article_order(statements.c.seq)).limit(limit + 1)


def statements_at(numbers: Sequence[int]) -> Select[Any]:
    """Statements by their numbers, in the order of their articles."""
    query = select(*HEAD, *columns_of(statements)).join_from(articles, statements)
    return query.where(statements.c.number.in_(numbers)).order_by(*in_article_order(statements.c.seq))


#: Stances of the articles of one story that agree in these are one utterance, printed again.
TOLD_ALIKE = ("article_story", "holder", "topic", "label", *(f"hash_{place}" for place in range(SKETCH)))


def _alike() -> list[ColumnElement[Any]]:
    """The columns of ``TOLD_ALIKE``."""
    words = (observations.c[f"hash_{place}"] for place in range(SKETCH))
    return [articles.c.story_id, stances.c.holder, stances.c.topic, stances.c.label, *words]


def _with_words(query: Select[Any]) -> Select[Any]:
    same = (observations.c.article_id == stances.c.article_id, observations.c.seq == stances.c.seq)
    return query.join(observations, and_(*same))


def told_in_stories(rows: Sequence[Any]) -> Select[Any]:
    """Every stance on the topics of some stances, by their holders, in the stories of their articles."""
    query = _with_words(_stances_in_articles(*HEAD, stances.c.seq, *_alike()[1:]))
    query = query.where(
        articles.c.story_id.in_({row.article_story for row in rows}),
        stances.c.holder.in_({row.holder for row in rows}),
        stances.c.topic.in_({row.topic for row in rows}),
    )
    return query.order_by(*in_article_order(stances.c.seq))


def copies_of(article: str, story: str, limit: int) -> Select[Any]:
    """The other articles of a story, the newest first."""
    query = select(*HEAD).where(articles.c.story_id == story, articles.c.id != article)
    return query.order_by(*in_article_order()).limit(limit)


def story_size(story: str) -> Select[Any]:
    return select(func.count()).select_from(articles).where(articles.c.story_id == story)


def _first_of_each(filters: Filters) -> Select[Any]:
    """Article and place of the newest stance of each utterance that passes."""
    place = func.row_number().over(partition_by=_alike(), order_by=in_article_order(stances.c.seq)).label("place")
    query = _with_words(_stances_in_articles(stances.c.article_id, stances.c.seq, place))
    found = query.where(*where_stances(filters)).subquery()
    return select(found.c.article_id, found.c.seq).where(found.c.place == 1)


def stance_page(filters: Filters, after: str | None, limit: int, *, once: bool = False) -> Select[Any]:
    """Stances in the order of their articles; ``once``: each utterance of a story in its newest article alone."""
    query = _stances_in_articles(*HEAD, *columns_of(stances))
    if once:
        query = query.where(tuple_(stances.c.article_id, stances.c.seq).in_(_first_of_each(filters)))
    query = query.where(*where_stances(filters), *after_item(after, stances.c.seq))
    return query.order_by(*in_article_order(stances.c.seq)).limit(limit + 1)


def figure_page(filters: Filters, after: str | None, limit: int) -> Select[Any]:
    query = select(*HEAD, *columns_of(figures)).join_from(articles, figures, in_article(filters, figures))
    query = query.where(*where_figures(filters), *after_item(after, figures.c.seq))
    return query.order_by(*in_article_order(figures.c.seq)).limit(limit + 1)


def figure_rows(filters: Filters) -> Select[Any]:
    """Every figure that passes, newest article first."""
    query = select(*HEAD, *columns_of(figures)).join_from(articles, figures).where(*where_figures(filters))
    return query.order_by(*in_article_order(figures.c.seq))


def stakeholder_page(filters: Filters, after: str | None, limit: int) -> Select[Any]:
    here = appearances.c.stakeholder_id == stakeholders.c.id
    counts = [select(func.count()).select_from(appearances).where(here).scalar_subquery().label("articles")]
    for name, table in (("statements", statements), ("stances", stances)):
        shown = (spoken_by(table), table.c.confidence >= filters.min_confidence)
        counts.append(select(func.count()).select_from(table).where(*shown).scalar_subquery().label(name))
    query = select(stakeholders, *counts).where(*where_stakeholders(filters), *after_stakeholder(after))
    return query.order_by(stakeholders.c.sort_name, stakeholders.c.id).limit(limit + 1)


def observation_rows(filters: Filters) -> Select[Any]:
    """Every stance that positions are derived from; a stance asked for is a matter of the position."""
    text = statements.c.text.label("statement_text")
    query = _stances_in_articles(*HEAD, text, *columns_of(stances)).where(*where_stances(replace(filters, stance=())))
    return query.order_by(*in_article_order(stances.c.seq))


def stance_places(filters: Filters) -> Select[Any]:
    """Article and place of every stance that passes."""
    return _stances_in_articles(stances.c.article_id, stances.c.seq).where(*where_stances(filters))


def reasons_at(places: Sequence[tuple[str, int]]) -> Select[Any]:
    """What shows the stances at these places, with what their articles' licences say."""
    licensed = [column for column in HEAD if column.name in ("article_id", *LICENSED)]
    shows = (stances.c.seq, stances.c.statement_id, stances.c.rationales, stances.c.evidence_spans)
    query = select(*licensed, *shows).join_from(articles, stances, stances.c.article_id == articles.c.id)
    return query.where(at_places(stances.c.article_id, stances.c.seq, places))


def stances_at(places: Sequence[tuple[str, int]]) -> Select[Any]:
    """Stances by article and place, with the statements that show them."""
    said = (statements.c.text.label("said"), statements.c.spans.label("said_spans"))
    query = _stances_in_articles(*HEAD, *columns_of(stances), *said)
    return query.where(at_places(stances.c.article_id, stances.c.seq, places))


def condition_page(filters: Filters, kinds: Sequence[str], after: str | None, limit: int) -> Select[Any]:
    """Conditional stances that name their condition, the newest first, with the statements that show them."""
    said = (statements.c.text.label("said"), statements.c.spans.label("said_spans"))
    query = _stances_in_articles(*HEAD, *columns_of(stances), *said)
    named = (stances.c.label == StanceLabel.CONDITIONAL.value, stances.c.condition.is_not(None))
    query = query.where(*where_stances(filters), *named, *_of_kind(stances, kinds))
    query = query.where(*after_item(after, stances.c.seq))
    return query.order_by(*in_article_order(stances.c.seq)).limit(limit + 1)


def speakers(filters: Filters, kinds: Sequence[str], topic: str) -> Select[Any]:
    """Who says anything in the articles that pass and nothing, however unsure, on the topic there."""
    where = where_article(filters)
    spoke = statements.c.confidence >= filters.min_confidence
    first = func.min(case((articles.c.published.is_not(None), articles.c.day)))
    last = func.max(case((articles.c.published.is_not(None), articles.c.last_day)))
    counted = select(
        statements.c.holder,
        func.count().label("statements"),
        func.count(distinct(articles.c.story_id)).label("stories"),
        first.label("first_day"),
        last.label("last_day"),
    ).join_from(statements, articles, statements.c.article_id == articles.c.id)
    counted = counted.where(statements.c.holder.is_not(None), spoke, *where)
    if filters.stakeholder:
        counted = counted.where(statements.c.holder.in_(filters.stakeholder))
    counted = counted.group_by(statements.c.holder)
    # Of those who are asked about alone: what everybody else says on the topic is much more.
    asked = filters.stakeholder
    told = [
        select(column)
        .join_from(observations, articles)
        .where(observations.c.topic == topic, column.in_(asked) if asked else column.is_not(None), *where)
        for column in (observations.c.holder, observations.c.body)
    ]
    found = counted.where(statements.c.holder.not_in(union(*told)), *_of_kind(statements, kinds)).subquery()
    query = select(found, stakeholders.c.name, stakeholders.c.kind, stakeholders.c.sort_name)
    return query.join_from(found, stakeholders, found.c.holder == stakeholders.c.id)


def said_on(filters: Filters, topics: Sequence[str]) -> CompoundSelect[Any]:
    """On which of these topics each stakeholder of the filters (``who``) says anything, however unsure."""
    where, asked = where_article(filters), filters.stakeholder
    return union(
        *(
            select(observations.c.topic, column.label("who"))
            .join_from(observations, articles)
            .where(observations.c.topic.in_(topics), column.in_(asked), *where)
            for column in (observations.c.holder, observations.c.body)
        )
    )


def articles_by_id(ids: Sequence[str]) -> Select[Any]:
    return select(articles).where(articles.c.id.in_(ids))


def _of_kind(table: Table, kinds: Sequence[str]) -> list[ColumnElement[bool]]:
    if not kinds:
        return []
    return [table.c.holder.in_(select(stakeholders.c.id).where(stakeholders.c.kind.in_(kinds)))]


def _stances_in_articles(*columns: Any) -> Select[Any]:
    query = select(*columns).join_from(articles, stances, stances.c.article_id == articles.c.id)
    return query.outerjoin(statements, stances.c.statement_id == statements.c.id)


def stances_of(statement_ids: Sequence[str]) -> Select[Any]:
    query = select(*columns_of(stances)).where(stances.c.statement_id.in_(statement_ids))
    return query.order_by(stances.c.article_id, stances.c.seq)


def statements_by_id(ids: Sequence[str]) -> Select[Any]:
    return select(statements).where(statements.c.id.in_(ids))


def statement_by_id(id: str) -> Select[Any]:
    return select(*HEAD, *columns_of(statements)).join_from(articles, statements).where(statements.c.id == id)


def article_by_id(id: str) -> Select[Any]:
    return select(articles, *RUN).join_from(articles, runs).where(articles.c.id == id)


def article_runs(ids: Sequence[str] | None = None) -> Select[Any]:
    """The runs behind all articles with a text, or behind some, in the order in which they came."""
    where = [articles.c.purged_at.is_(None)] if ids is None else [articles.c.id.in_(ids)]
    return select(articles.c.id, *RUN).join_from(articles, runs).where(*where).order_by(articles.c.number)


def appearances_in(article: str) -> Select[Any]:
    query = select(profiles).join_from(appearances, profiles, appearances.c.profile_id == profiles.c.id)
    return query.where(appearances.c.article_id == article).order_by(appearances.c.seq)


def hanging_on(article: str, table: Table) -> Select[Any]:
    return select(table).where(table.c.article_id == article).order_by(table.c.seq)


def stored_articles(ids: Sequence[str]) -> Select[Any]:
    """Articles with their runs, in the order in which they came."""
    return select(articles, *RUN).join_from(articles, runs).where(articles.c.id.in_(ids)).order_by(articles.c.number)


def profiles_in(ids: Sequence[str]) -> Select[Any]:
    """Who appears in some articles, with the profile that each gives."""
    query = select(appearances.c.article_id, profiles)
    query = query.join_from(appearances, profiles, appearances.c.profile_id == profiles.c.id)
    return query.where(appearances.c.article_id.in_(ids)).order_by(appearances.c.article_id, appearances.c.seq)


def rows_in(ids: Sequence[str], table: Table) -> Select[Any]:
    """What hangs on some articles."""
    return select(table).where(table.c.article_id.in_(ids)).order_by(table.c.article_id, table.c.seq)


def stakeholder_names(ids: Sequence[str]) -> CompoundSelect[Any]:
    """All names and all affiliations that any article gives these stakeholders, each once."""
    named = select(literal("name").label("what"), names.c.stakeholder_id, names.c.name, null().label("role"))
    held = select(
        literal("affiliation"), affiliations.c.stakeholder_id, affiliations.c.organisation, affiliations.c.role
    )
    both = union(named.where(names.c.stakeholder_id.in_(ids)), held.where(affiliations.c.stakeholder_id.in_(ids)))
    # Engines disagree on where the rows without a role stand.
    return both.order_by("name", nulls_first(literal_column("role")))


def stakeholders_by_id(ids: Sequence[str]) -> Select[Any]:
    return select(stakeholders).where(stakeholders.c.id.in_(ids))


def stakeholders_named(id: str, norm: str) -> CompoundSelect[Any]:
    """The id itself and the ids of everybody with this name; ``exact`` tells them apart."""
    exact = select(stakeholders.c.id, literal(True).label("exact")).where(stakeholders.c.id == id)
    return union(exact, select(names.c.stakeholder_id, literal(False)).where(names.c.norm == norm))


def totals() -> Select[Any]:
    """One row with the number of rows of each kind that hangs on articles."""
    counted = {
        "articles": articles,
        "statements": statements,
        "stances": stances,
        "stakeholders": stakeholders,
        "figures": figures,
    }
    counts = [select(func.count()).select_from(each).scalar_subquery().label(name) for name, each in counted.items()]
    stories = select(func.count(distinct(articles.c.story_id))).scalar_subquery().label("stories")
    return select(*counts, stories)
