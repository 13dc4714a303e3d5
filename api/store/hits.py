"""A page of hits, read from the tables: three selects however many there are, and one for each kind of marks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, and_, case, select

from api.store import queries, search, tables
from api.store import records as read
from api.store.licences import shown_figure, shown_stance, shown_statement
from api.store.passages import PassageKind
from api.store.questions import FoundHit
from api.store.search import split_snippet
from api.store.views import ArticleHead
from nlp.records import Figure, Licence, Stance, Statement

T = TypeVar("T", Statement, Figure)


def read_hits(
    connection: Connection, query: search.Query, numbers: Sequence[int], scores: Sequence[float]
) -> tuple[FoundHit, ...]:
    """The hits with these passage numbers, in their order; one that is gone is left out."""
    rows = {row.number: row for row in connection.execute(_passages(numbers))}
    there = [(rows[number], score) for number, score in zip(numbers, scores, strict=True) if number in rows]
    heads = {row.number: read.head_from(row) for row, _ in there}
    statements, stances = _statements(connection, numbers)
    figures = _figures(connection, numbers)
    words = [_shown_words(row.kind, row.words, heads[row.number].shown) for row, _ in there]
    texts = search.mark_texts(connection, query, words)
    titles = search.mark_texts(connection, query, [row.article_title or "" for row, _ in there])
    return tuple(
        FoundHit(
            kind=PassageKind(row.kind),
            article=heads[row.number],
            statement=_shown(shown_statement, statements.get(row.number), heads[row.number]),
            stances=_shown_stances(statements.get(row.number), stances, heads[row.number]),
            figure=_shown(shown_figure, figures.get(row.number), heads[row.number]),
            title=title or split_snippet(row.article_title or ""),
            snippet=text or split_snippet(search.beginning(_shown_words(row.kind, row.text, heads[row.number].shown))),
            score=score,
        )
        for (row, score), text, title in zip(there, texts, titles, strict=True)
    )


def _shown_words(kind: str, words: str, shown: Licence) -> str:
    """The words of a passage as far as they may be shown: only a statement's own are a quote."""
    quote = kind == PassageKind.STATEMENT.value and shown is Licence.QUOTES_ONLY
    return words if quote or shown is Licence.FULL_TEXT else ""


def _shown(cut: Callable[[T, Licence], T], record: T | None, head: ArticleHead) -> T | None:
    return None if record is None else cut(record, head.shown)


def _shown_stances(
    statement: Statement | None, stances: Mapping[str, Sequence[Stance]], head: ArticleHead
) -> tuple[Stance, ...]:
    found = stances.get(statement.id, ()) if statement else ()
    return tuple(shown_stance(stance, head.shown) for stance in found)


def _passages(numbers: Sequence[int]) -> Any:
    passages, articles = tables.passages.c, tables.articles.c
    whole = (passages.kind == PassageKind.ARTICLE.value, articles.text)
    words = case(whole, else_=passages.text).label("words")
    query = select(passages.number, passages.kind, passages.text, words, *queries.HEAD)
    query = query.join_from(tables.passages, tables.articles, articles.id == passages.article_id)
    return query.where(passages.number.in_(numbers))


def _statements(connection: Connection, numbers: Sequence[int]) -> tuple[dict[int, Statement], dict[str, list[Stance]]]:
    passages, said = tables.passages.c, tables.statements.c
    here = and_(said.article_id == passages.article_id, said.seq == passages.seq)
    query = select(passages.number.label("passage"), tables.statements)
    query = query.join_from(tables.passages, tables.statements, here)
    query = query.where(passages.number.in_(numbers), passages.kind == PassageKind.STATEMENT.value)
    found = {row.passage: read.statement_from(row, row.id) for row in connection.execute(query)}
    stances: dict[str, list[Stance]] = defaultdict(list)
    for row in connection.execute(queries.stances_of([statement.id for statement in found.values()])):
        stances[row.statement_id].append(read.stance_from(row, row.statement_id))
    return found, stances


def _figures(connection: Connection, numbers: Sequence[int]) -> dict[int, Figure]:
    passages, money = tables.passages.c, tables.figures.c
    here = and_(money.article_id == passages.article_id, money.seq == passages.seq)
    query = select(passages.number.label("passage"), tables.figures)
    query = query.join_from(tables.passages, tables.figures, here)
    query = query.where(passages.number.in_(numbers), passages.kind == PassageKind.FIGURE.value)
    return {row.passage: read.figure_from(row, row.id) for row in connection.execute(query)}
