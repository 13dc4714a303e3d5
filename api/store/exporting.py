"""Everything that passes some filters, for files: read page after page by key, and never held all at once.

A page is a transaction of its own, so that a slow reader of an export keeps no state of the database open: what is
written meanwhile may or may not be in it, and nothing is in it twice.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Engine, Select, or_, select, tuple_

from api.store import audit, engines
from api.store import records as read
from api.store.codec import unpack_optional_span, unpack_published, unpack_spans
from api.store.export_rows import Line, Money, Party, Place, Source, View
from api.store.filters import NO_FILTERS, Filters, where_figures, where_stances, where_statements
from api.store.licences import NO_REASON, shown_figure
from api.store.paging import in_article_order
from api.store.tables import articles, figures, mentions, runs, stakeholders, stances, statements
from nlp.records import Licence, Span

T = TypeVar("T")
#: Rows that are read at a time, and stakeholders whose names are kept.
LOT, KEPT = 2_000, 50_000
_PLACE = (articles.c.day.label("article_day"), articles.c.number.label("article_number"))
_SAID = (
    "id",
    "article_id",
    "seq",
    "holder",
    "on_behalf_of",
    "manner",
    "capacity",
    "text",
    "spans",
    "confidence",
)
_VIEW = ("topic", "label", "strength", "condition", "earlier", "rationales", "confidence", "reason")
_NARRATED = (*_VIEW, "article_id", "seq", "holder", "on_behalf_of", "evidence_spans")


class Exporter:
    """Reads for one export; one thread at a time."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._sources: dict[str, Source] = {}
        self._parties: dict[str, Party] = {}

    def note(self, what: str, detail: Mapping[str, Any], *, actor: str = "") -> None:
        """Leave a row in the audit chain: what was exported, in which format, under which filters, by whom."""
        with engines.writing(self._engine) as connection:
            audit.append(connection, "export.made", what, detail, actor=actor)

    def lines(self, filters: Filters = NO_FILTERS) -> Iterator[Line]:
        """Every statement that passes, with its stances that pass, and the stances that narration alone shows.

        Newest article first, all of one article together.
        """
        return heapq.merge(self._said(filters), self._narrated(filters), key=lambda line: line.place)

    def lines_of(self, ids: Iterable[str]) -> dict[str, tuple[Line, ...]]:
        """The lines of these statements, by statement."""
        with engines.reading(self._engine) as connection:
            rows = connection.execute(_statements().where(statements.c.id.in_(sorted(set(ids))))).all()
            found: dict[str, tuple[Line, ...]] = {}
            for line in self._lines(connection, rows, Filters(min_confidence=0)):
                found[line.passage] = (*found.get(line.passage, ()), line)
        return found

    def money(self, filters: Filters = NO_FILTERS) -> Iterator[Money]:
        """Every figure that passes, newest article first. Raises UsageError when a stance or a manner is asked for."""
        query = select(*_PLACE, *figures.c).join_from(articles, figures).where(*where_figures(filters))
        return self._pages(query, figures.c.seq, self._sums)

    def texts(self, ids: Iterable[str]) -> dict[str, str]:
        """The texts of some articles, by id; those that may not be shown whole are left out."""
        columns = [articles.c[name] for name in ("id", "text", "licence", "expires", "purged_at")]
        query = select(*columns).where(articles.c.id.in_(sorted(set(ids))))
        with engines.reading(self._engine) as connection:
            rows = connection.execute(query).all()
        return {row.id: row.text for row in rows if read.shown_from(row) is Licence.FULL_TEXT}

    def mentions(self, article: str) -> dict[str, tuple[Span, ...]]:
        """Where an article names stakeholders, by their ids."""
        query = select(mentions.c.stakeholder_id, mentions.c.span).where(mentions.c.article_id == article)
        found: dict[str, tuple[Span, ...]] = {}
        with engines.reading(self._engine) as connection:
            for row in connection.execute(query.where(mentions.c.stakeholder_id.is_not(None)).order_by(mentions.c.seq)):
                found[row.stakeholder_id] = (*found.get(row.stakeholder_id, ()), Span(*row.span))
        return found

    def cues(self, article: str) -> dict[str, Span]:
        """The words that report an article's statements, by statement."""
        query = select(statements.c.id, statements.c.cue).where(statements.c.article_id == article)
        with engines.reading(self._engine) as connection:
            return {row.id: Span(*row.cue) for row in connection.execute(query) if row.cue}

    def _said(self, filters: Filters) -> Iterator[Line]:
        query = _statements().where(*where_statements(filters))
        return self._pages(query, statements.c.seq, lambda at, rows: self._lines(at, rows, filters))

    def _narrated(self, filters: Filters) -> Iterator[Line]:
        if filters.manner or filters.q:
            # Both are asked of the words of a statement, and here there is none.
            return iter(())
        query = select(*_PLACE, *(stances.c[name] for name in _NARRATED)).join_from(articles, stances)
        query = query.where(stances.c.statement_id.is_(None), *where_stances(filters))
        return self._pages(query, stances.c.seq, self._told)

    def _pages(
        self, query: Select[Any], seq: ColumnElement[int], make: Callable[[Connection, Sequence[Any]], list[T]]
    ) -> Iterator[T]:
        """What is made of the rows of a select that has ``_PLACE``, a lot at a time, each in its own transaction."""
        ordered, last = query.order_by(*in_article_order(seq)).limit(LOT), None
        while True:
            with engines.reading(self._engine) as connection:
                rows = connection.execute(ordered if last is None else ordered.where(*_after(last, seq))).all()
                made = make(connection, rows) if rows else []
            yield from made
            if len(rows) < LOT:
                return
            last = rows[-1]

    def _lines(self, connection: Connection, rows: Sequence[Any], filters: Filters) -> list[Line]:
        self._learn(connection, rows, ("holder", "on_behalf_of"))
        views: dict[str, list[View | None]] = {}
        for row in connection.execute(_views([row.id for row in rows], filters)):
            views.setdefault(row.statement_id, []).append(_view(row, self._sources[row.article_id]))
        return [self._line(row, view) for row in rows for view in views.get(row.id, (None,))]

    def _line(self, row: Any, view: View | None) -> Line:
        source = self._sources[row.article_id]
        words, spans = _quoted(source, row.text, _spans(row.spans))
        return Line(
            source=source,
            place=_place(row, 0),
            statement=row.id,
            holder=self._party(row.holder),
            body=self._party(row.on_behalf_of),
            manner=row.manner,
            capacity=row.capacity,
            words=words,
            spans=spans,
            confidence=row.confidence,
            view=view,
        )

    def _told(self, connection: Connection, rows: Sequence[Any]) -> list[Line]:
        self._learn(connection, rows, ("holder", "on_behalf_of"))
        return [self._telling(row, unpack_spans(row.evidence_spans)) for row in rows]

    def _telling(self, row: Any, told: tuple[Span, ...]) -> Line:
        source = self._sources[row.article_id]
        words, spans = _quoted(source, " ".join(span.text for span in told), told)
        return Line(
            source=source,
            place=_place(row, 1),
            statement=None,
            holder=self._party(row.holder),
            body=self._party(row.on_behalf_of),
            manner=None,
            capacity=None,
            words=words,
            spans=spans,
            confidence=row.confidence,
            view=_view(row, source),
        )

    def _sums(self, connection: Connection, rows: Sequence[Any]) -> list[Money]:
        self._learn(connection, rows, ("payer", "recipient", "cited_by"))
        return [self._sum(row) for row in rows]

    def _sum(self, row: Any) -> Money:
        source = self._sources[row.article_id]
        figure = shown_figure(read.figure_from(row, row.id), source.shown)
        parties = [self._party(id) for id in (figure.payer, figure.recipient, figure.cited_by)]
        return Money(source, figure, {each.id: each for each in parties if each})

    def _learn(self, connection: Connection, rows: Sequence[Any], roles: Sequence[str]) -> None:
        """Read the articles and the names that these rows speak of and that are not known yet."""
        wanted = {row.article_id for row in rows}
        # What is handed on holds its own article: only those of the page at hand are kept here.
        self._sources = {id: source for id, source in self._sources.items() if id in wanted}
        self._sources |= _sources(connection, wanted - self._sources.keys())
        if len(self._parties) > KEPT:
            self._parties.clear()
        ids = {id for row in rows for role in roles if (id := getattr(row, role))}
        self._parties |= _known(connection, ids - self._parties.keys())

    def _party(self, id: str | None) -> Party | None:
        return None if id is None else self._parties.get(id) or Party(id, id, "")


def _statements() -> Select[Any]:
    return select(*_PLACE, *(statements.c[name] for name in _SAID)).join_from(articles, statements)


def _views(ids: Sequence[str], filters: Filters) -> Select[Any]:
    """The stances of these statements that pass, in the order of the text."""
    passing = where_stances(replace(NO_FILTERS, **{name: getattr(filters, name) for name in _ON_STANCES}))
    query = select(stances.c.article_id, stances.c.statement_id, *(stances.c[name] for name in _VIEW))
    return query.where(stances.c.statement_id.in_(ids), *passing).order_by(stances.c.article_id, stances.c.seq)


#: The filters that choose among the stances of one statement; all others are the same for each of them.
_ON_STANCES = ("topic", "stance", "min_confidence")


def _after(row: Any, seq: ColumnElement[int]) -> list[ColumnElement[bool]]:
    here = (row.article_day, row.article_number)
    return [
        tuple_(articles.c.day, articles.c.number) <= here,
        or_(articles.c.number != row.article_number, seq > row.seq),
    ]


def _place(row: Any, kind: int) -> Place:
    return -row.article_day.toordinal(), -row.article_number, kind, row.seq


def _spans(packed: Sequence[Any]) -> tuple[Span, ...]:
    # Most have one span or none: a million of them are told in a minute.
    return (Span(*packed[0]),) if len(packed) == 1 else unpack_spans(packed) if packed else ()


def _quoted(source: Source, words: str, spans: tuple[Span, ...]) -> tuple[str, tuple[Span, ...]]:
    """Words of an article and where they stand, or none where its licence allows none."""
    return ("", ()) if source.shown is Licence.LINKS_ONLY else (words, spans)


def _view(row: Any, source: Source) -> View:
    bare = source.shown is Licence.LINKS_ONLY
    return View(
        topic=row.topic,
        label=row.label,
        strength=row.strength,
        condition=None if bare else unpack_optional_span(row.condition),
        earlier=row.earlier,
        reasons=() if bare else _spans(row.rationales),
        confidence=row.confidence,
        why=NO_REASON if bare else row.reason,
    )


def _sources(connection: Connection, ids: Iterable[str]) -> dict[str, Source]:
    columns = ("id", "source", "title", "publisher", "published", "precision", "author", "url", "genre", "story_id")
    own = [articles.c[name] for name in (*columns, "licence", "expires", "purged_at", "added_at")]
    query = select(*own, runs.c.version, runs.c.digest).join_from(articles, runs)
    return {row.id: _source(row) for row in connection.execute(query.where(articles.c.id.in_(sorted(ids))))}


def _source(row: Any) -> Source:
    return Source(
        id=row.id,
        source=row.source,
        title=row.title,
        publisher=row.publisher,
        published=unpack_published(row.published, row.precision),
        author=row.author,
        url=row.url,
        genre=row.genre,
        story=row.story_id,
        licence=row.licence,
        expires=row.expires,
        shown=read.shown_from(row),
        added=row.added_at,
        version=row.version,
        run=row.digest,
    )


def _known(connection: Connection, ids: Iterable[str]) -> dict[str, Party]:
    columns = stakeholders.c
    query = select(columns.id, columns.name, columns.kind, columns.parent).where(columns.id.in_(sorted(ids)))
    return {row.id: Party(*row) for row in connection.execute(query)}
