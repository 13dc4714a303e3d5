"""Answers questions with records. No call's number of SQL statements grows with what it returns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, Engine, func, select

from api.store import engines, gather, laying, listing, profile, queries, tables, vectors
from api.store import records as read
from api.store.analyst import Analyst, Question
from api.store.filters import NO_FILTERS, Filters
from api.store.kept import Kept
from api.store.licences import shown_analysis
from api.store.names import normalise_name
from api.store.paging import (
    article_key,
    check_limit,
    item_key,
    make_page,
    stakeholder_key,
)
from api.store.views import (
    ArticleRow,
    Counts,
    FigureRow,
    Page,
    ShownArticle,
    StakeholderRow,
    StanceRow,
    StatementRow,
    Stored,
    Title,
)
from api.store.withdrawing import absent
from nlp.errors import NotFoundError, UsageError
from nlp.records import MEDIUM, Analysis, Article, Position, Run, Stakeholder, Topic

#: So many copies of an article are named, the newest; the others are counted.
MOST_COPIES = 100


class Reader:
    """Reads; threads may share it. Statements and figures come under their global ids, "ARTICLE:s1"."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.analyst = Analyst(engine)
        self._totals, self._publishers = Kept(_totals), Kept(_publishers)

    def counts(self, *, min_confidence: float = MEDIUM) -> Counts:
        """All there is, and the positions that stances of at least this confidence make."""
        with engines.reading(self._engine) as connection:
            totals = self._totals.get(connection)
            # Topics are added without a change to any article.
            topics = connection.scalar(select(func.count()).select_from(tables.topics)) or 0
        sheet = self.analyst.sheet(Question(filters=Filters(min_confidence=min_confidence)))
        return Counts(**totals, positions=sheet.size, topics=topics)

    def article(self, id: str) -> Analysis:
        """The analysis of an article as it holds, with judgements laid over it, under its own local ids: to work on,
        not to be shown.

        Raises NotFoundError, and WithdrawnError when the article was taken away.
        """
        with engines.reading(self._engine) as connection:
            return gather.analysis(connection, _found(connection, id))

    def shown(self, id: str) -> ShownArticle:
        """An article as far as its licence allows, with its copies. Raises as ``article``."""
        with engines.reading(self._engine) as connection:
            row = _found(connection, id)
            shown = read.shown_from(row)
            copies = connection.execute(queries.copies_of(id, row.story_id, MOST_COPIES)).all()
            count = connection.scalar(queries.story_size(row.story_id)) or 1
            return ShownArticle(
                analysis=shown_analysis(gather.analysis(connection, row), shown),
                shown=shown,
                story=row.story_id,
                added=row.added_at,
                purged=row.purged_at,
                copies=tuple(read.head_from(copy) for copy in copies),
                copy_count=count - 1,
            )

    def stored(self, id: str) -> Stored | None:
        """An article, its run and its story, without what was found in it; None when it is not there."""
        with engines.reading(self._engine) as connection:
            row = connection.execute(queries.article_by_id(id)).one_or_none()
        if row is None:
            return None
        return Stored(
            article=read.article_from(row),
            run=read.run_from(row),
            story=row.story_id,
            added=row.added_at,
            purged=row.purged_at,
        )

    def article_count(self) -> int:
        with engines.reading(self._engine) as connection:
            return connection.scalar(select(func.count()).select_from(tables.articles)) or 0

    def article_runs(self) -> tuple[tuple[str, Run], ...]:
        """The ids of all articles that have a text, as they came, each with the run behind its analysis."""
        with engines.reading(self._engine) as connection:
            rows = connection.execute(queries.article_runs())
            return tuple((row.id, read.run_from(row)) for row in rows)

    def runs_of(self, ids: Iterable[str]) -> dict[str, Run]:
        """The run behind the analysis of each of these articles, of those that are stored."""
        with engines.reading(self._engine) as connection:
            rows = connection.execute(queries.article_runs(sorted(set(ids))))
            return {row.id: read.run_from(row) for row in rows}

    def articles(self, filters: Filters = NO_FILTERS, *, after: str | None = None, limit: int = 50) -> Page[ArticleRow]:
        """Articles that name a stakeholder, hold a stance or a statement as asked; newest first."""
        with engines.reading(self._engine) as connection:
            rows = connection.execute(queries.article_page(filters, after, check_limit(limit))).all()
        return make_page(rows, limit, key=article_key, items=[_article_row(row) for row in rows])

    def statements(
        self, filters: Filters = NO_FILTERS, *, after: str | None = None, limit: int = 50
    ) -> Page[StatementRow]:
        """Statements in the order of their articles, newest first, and of the text."""
        with engines.reading(self._engine) as connection:
            rows = _statement_page(connection, filters, after, check_limit(limit))
            items = gather.statement_rows(connection, rows[:limit])
        return make_page(rows, limit, key=item_key, items=items)

    def statement(self, id: str) -> StatementRow:
        """One statement by its global id. Raises NotFoundError."""
        with engines.reading(self._engine) as connection:
            rows = connection.execute(queries.statement_by_id(id)).all()
            if not rows:
                raise NotFoundError("there is no such statement", where=id)
            return gather.statement_rows(connection, rows)[0]

    def stances(
        self,
        filters: Filters = NO_FILTERS,
        *,
        after: str | None = None,
        limit: int = 50,
        once: bool = False,
        unshown: bool = False,
    ) -> Page[StanceRow]:
        """Stances with the statements that show them: what stands behind a cell of the map.

        With ``once``, what copies of a story print in the same words comes once, the newest, with where else it
        stands. With ``unshown`` the words come too that may not be shown: to reckon with them.
        """
        with engines.reading(self._engine) as connection:
            rows = connection.execute(queries.stance_page(filters, after, check_limit(limit), once=once)).all()
            said = gather.statements(connection, [row.statement_id for row in rows[:limit] if row.statement_id])
            also = gather.also_in(connection, rows[:limit]) if once else {}
        items = [
            gather.stance_row(
                row, said.get(row.statement_id), also=also.get((row.article_id, row.seq), ()), unshown=unshown
            )
            for row in rows[:limit]
        ]
        return make_page(rows, limit, key=item_key, items=items)

    def figures(self, filters: Filters = NO_FILTERS, *, after: str | None = None, limit: int = 50) -> Page[FigureRow]:
        """Figures by payer, recipient or citer; a topic or a query is looked for in their articles.

        Raises UsageError when a stance or a manner is asked for.
        """
        with engines.reading(self._engine) as connection:
            rows = connection.execute(queries.figure_page(filters, after, check_limit(limit))).all()
        return make_page(rows, limit, key=item_key, items=gather.figure_rows(rows))

    def all_figures(self, filters: Filters = NO_FILTERS) -> tuple[FigureRow, ...]:
        """Every figure that passes, newest article first: what claims and rivals are found in.

        Raises UsageError when a stance or a manner is asked for.
        """
        with engines.reading(self._engine) as connection:
            rows = connection.execute(queries.figure_rows(filters)).all()
        return gather.figure_rows(rows)

    def articles_by_id(self, ids: Iterable[str]) -> dict[str, Article]:
        """Articles with their text and blocks, those that are stored."""
        with engines.reading(self._engine) as connection:
            return gather.articles(connection, ids)

    def stakeholders(
        self, filters: Filters = NO_FILTERS, *, after: str | None = None, limit: int = 50
    ) -> Page[StakeholderRow]:
        """Stakeholders by name, with counts over the whole store; ``q`` is a part of a name or an alias."""
        with engines.reading(self._engine) as connection:
            rows = connection.execute(queries.stakeholder_page(filters, after, check_limit(limit))).all()
            who = gather.described(connection, rows[:limit])
        items = [
            StakeholderRow(
                stakeholder=who[row.id], articles=row.articles, statements=row.statements, stances=row.stances
            )
            for row in rows[:limit]
        ]
        return make_page(rows, limit, key=stakeholder_key, items=items)

    def positions(self, filters: Filters = NO_FILTERS) -> tuple[Position, ...]:
        """Positions derived from the stances that pass the filters; ``stance`` is the position's own label."""
        with engines.reading(self._engine) as connection:
            return gather.positions(connection, filters)

    def stakeholder(self, name: str) -> Stakeholder:
        """Who has this id or, whatever its case and punctuation, this name or alias.

        Raises NotFoundError with near names, and UsageError when several have the name.
        """
        with engines.reading(self._engine) as connection:
            name = laying.read_identities(connection).resolve(name)
            found = connection.execute(queries.stakeholders_named(name, normalise_name(name))).all()
            ids = sorted({row.id for row in found if row.exact} or {row.id for row in found})
            if len(ids) == 1:
                return gather.stakeholders(connection, ids)[ids[0]]
            if ids:
                raise UsageError("this name means several stakeholders", where=name, do=f"say {' or '.join(ids)}")
            near = gather.near_names(connection, name, 3)
        hint = f"did you mean {' or '.join(near)}?" if near else ""
        raise NotFoundError("there is no stakeholder of this name", where=name, do=hint)

    def suggest(self, name: str, *, limit: int = 3) -> tuple[str, ...]:
        """Names and aliases near to this one, nearest first: to suggest, never to decide."""
        with engines.reading(self._engine) as connection:
            return gather.near_names(connection, name, limit)

    def names(self) -> dict[str, tuple[str, ...]]:
        """Every name that any article gives a stakeholder, by id; the name of the record comes first."""
        with engines.reading(self._engine) as connection:
            return gather.names(connection)

    def stakeholders_by_id(self, ids: Iterable[str]) -> dict[str, Stakeholder]:
        """Those that are known, each with everything that any article says of them."""
        with engines.reading(self._engine) as connection:
            return gather.stakeholders(connection, ids)

    def titles(self, ids: Iterable[str]) -> dict[str, Title]:
        """What these stakeholders are called, those that are known: all that a list shows of them."""
        with engines.reading(self._engine) as connection:
            return gather.titles(connection, ids)

    def posts(self, *, person: str | None = None, organisation: str | None = None) -> list[profile.Post]:
        """The offices that articles give a person, or give anybody in an organisation, the most told first."""
        with engines.reading(self._engine) as connection:
            return profile.posts(connection, person=person, organisation=organisation)

    def articles_without_vectors(self) -> tuple[str, ...]:
        """The ids of articles that cannot be found by all that they mean yet."""
        with engines.reading(self._engine) as connection:
            return vectors.articles_without(connection)

    def publishers(self) -> tuple[str, ...]:
        with engines.reading(self._engine) as connection:
            return self._publishers.get(connection)

    def topics(self) -> tuple[Topic, ...]:
        """The topics that users added, by id."""
        with engines.reading(self._engine) as connection:
            rows = connection.execute(select(tables.topics).order_by(tables.topics.c.id))
            return tuple(read.topic_from(row) for row in rows)


def _found(connection: Connection, id: str) -> Any:
    """The row of an article. Raises WithdrawnError when it was taken away, NotFoundError when it never was there."""
    row = connection.execute(queries.article_by_id(id)).one_or_none()
    if row is None:
        raise absent(connection, id)
    return row


def _statement_page(connection: Connection, filters: Filters, after: str | None, limit: int) -> Sequence[Any]:
    """The rows of a page of statements, and one more."""
    filters = listing.with_topics(connection, filters)
    if not listing.is_listed(filters):
        return connection.execute(queries.statement_page(filters, after, limit)).all()
    numbers = connection.scalars(listing.statement_numbers(filters, after, limit + 1)).all()
    return connection.execute(queries.statements_at(numbers)).all()


def _totals(connection: Connection) -> dict[str, int]:
    return dict(connection.execute(queries.totals()).one()._mapping)


def _publishers(connection: Connection) -> tuple[str, ...]:
    column = tables.articles.c.publisher
    return tuple(connection.scalars(select(column).where(column.is_not(None)).distinct().order_by(column)))


def _article_row(row: Any) -> ArticleRow:
    return ArticleRow(
        article=read.head_from(row),
        statements=row.statements,
        stances=row.stances,
        figures=row.figures,
        added=row.added_at,
    )
