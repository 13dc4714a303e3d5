"""A page of hits, read from the tables: three selects however many there are, and one for each kind of marks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, and_, case, select

from api.store import queries, search, tables
from api.store import records as read
from api.store.passages import PassageKind
from api.store.questions import FoundHit
from api.store.search import split_snippet
from nlp.records import Figure, Stance, Statement


def read_hits(
    connection: Connection, query: search.Query, numbers: Sequence[int], scores: Sequence[float]
) -> tuple[FoundHit, ...]:
    """The hits with these passage numbers, in their order; one that is gone is left out."""
    rows = {row.number: row for row in connection.execute(_passages(numbers))}
    there = [(rows[number], score) for number, score in zip(numbers, scores, strict=True) if number in rows]
    statements, stances = _statements(connection, numbers)
    figures = _figures(connection, numbers)
    texts = search.mark_texts(connection, query, [row.words for row, _ in there])
    titles = search.mark_texts(connection, query, [row.article_title or "" for row, _ in there])
    return tuple(
        FoundHit(
            kind=PassageKind(row.kind),
            article=read.head_from(row),
            statement=statements.get(row.number),
            stances=tuple(stances[statement.id]) if (statement := statements.get(row.number)) else (),
            figure=figures.get(row.number),
            title=title or split_snippet(row.article_title or ""),
            snippet=text or split_snippet(search.beginning(row.text)),
            score=score,
        )
        for (row, score), text, title in zip(there, texts, titles, strict=True)
    )


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
