"""Full-text search in a small language of our own; what a user types never reaches the engine unparsed.

===================  ===========================================================================
``gp budget``        both words, in any order; endings do not matter ("budget" finds "budgets")
``"single budget"``  these words next to each other
``pooled OR single``  either; OR joins its two neighbours only: ``a b OR c`` is a and (b or c)
``-tariff``          without this word; ``-"red line"`` without this phrase
===================  ===========================================================================

Case, accents and punctuation do not matter. A query needs at least one word that is wanted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from json import dumps
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Connection,
    Select,
    String,
    TableClause,
    bindparam,
    column,
    func,
    literal_column,
    select,
    table,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from api.store.engines import is_sqlite
from api.store.joined import joined
from api.store.lexemes import make_snippet, render_tsquery
from api.store.views import Fragment
from api.store.weighing import rank_passages
from nlp.errors import UsageError

LONGEST_QUERY = 1000
MOST_TERMS = 50
_TOKEN = re.compile(r'(?P<minus>-?)"(?P<phrase>[^"]*)(?:"|$)|(?P<word>[^\s"]+)')
#: Put around what matched; an article that holds these control characters can only misplace a mark.
_OPEN, _CLOSE = "\x02", "\x03"
SNIPPET_WORDS = 32

STATEMENTS = table("statements_fts", column("rowid"))
ARTICLES = table("articles_fts", column("rowid"))
PASSAGES = table("passages_fts", column("rowid"))
#: The weights of a passage's own words, of what it is about and of the title of its article.
WEIGHTS = (1.0, 0.8, 0.4)


@dataclass(frozen=True, slots=True)
class Query:
    """Every group must match, by any of its terms; no excluded term may. A term is a run of words."""

    groups: tuple[tuple[str, ...], ...]
    excluded: tuple[str, ...] = ()
    #: The groups in which a phrase stands: what is found by its meaning must match these all the same.
    phrases: tuple[tuple[str, ...], ...] = field(default=(), compare=False)

    @property
    def wanted(self) -> str:
        """The words and phrases that are looked for, as a text to be understood."""
        return " ".join(term for group in self.groups for term in group)


@dataclass(frozen=True, slots=True)
class _Token:
    text: str
    excluded: bool = False
    joins: bool = False
    phrase: bool = False


def parse_query(text: str) -> Query:
    """Raises UsageError when nothing is asked for, or too much."""
    if len(text) > LONGEST_QUERY:
        raise UsageError(f"a query has at most {LONGEST_QUERY} characters")
    tokens = [token for token in _tokens(text) if token.joins or token.text]
    if sum(not token.joins for token in tokens) > MOST_TERMS:
        raise UsageError(f"a query has at most {MOST_TERMS} words and phrases")
    groups: list[tuple[_Token, ...]] = []
    joining = False
    for token in tokens:
        if not token.joins and not token.excluded:
            groups.append((*(groups.pop() if joining and groups else ()), token))
        joining = token.joins
    if not groups:
        raise UsageError("a query needs at least one word to look for", do='such as: pooled "single budget" -tariff')
    return Query(
        groups=tuple(tuple(token.text for token in group) for group in groups),
        excluded=tuple(token.text for token in tokens if token.excluded),
        phrases=tuple(tuple(token.text for token in group) for group in groups if any(each.phrase for each in group)),
    )


def _tokens(text: str) -> Iterator[_Token]:
    for found in _TOKEN.finditer(text):
        word, phrase = found["word"], found["phrase"]
        if word == "OR":
            yield _Token("", joins=True)
        elif word is not None:
            yield _Token(_plain(word), excluded=word.startswith("-"))
        else:
            yield _Token(_plain(phrase), excluded=bool(found["minus"]), phrase=True)


def _plain(text: str) -> str:
    """Only the letters and digits of a term: nothing is left that the engine could take for an operator."""
    composed = unicodedata.normalize("NFC", text)
    return " ".join("".join(letter if letter.isalnum() else " " for letter in composed).split())


def render_fts5(query: Query) -> str:
    """The query in the language of SQLite's FTS5."""
    wanted = " AND ".join(f"({' OR '.join(map(_quoted, group))})" for group in query.groups)
    unwanted = " OR ".join(map(_quoted, query.excluded))
    return f"({wanted}) NOT ({unwanted})" if unwanted else wanted


def _quoted(term: str) -> str:
    return f'"{term}"'


def statement_numbers(query: Query) -> Select[tuple[Any]]:
    """The numbers of the statements that match."""
    return select(STATEMENTS.c.rowid).where(_matches(STATEMENTS, query))


def article_numbers(query: Query) -> Select[tuple[Any]]:
    """The numbers of the articles whose title or text match."""
    return select(ARTICLES.c.rowid).where(_matches(ARTICLES, query))


def _matches(index: TableClause, query: Query) -> ColumnElement[bool]:
    return _Match(*_worded(index, query))


def _worded(index: TableClause, query: Query) -> tuple[ColumnElement[Any], ...]:
    """The index and the query in the language of each engine, of which a statement takes its own."""
    name: ColumnElement[Any] = literal_column(index.name)
    return (name, *(bindparam(None, words, String) for words in (render_fts5(query), render_tsquery(query))))


class _Match(FunctionElement[bool]):
    """Of an index, a query for FTS5 and one for PostgreSQL: whether a row matches."""

    type = Boolean()
    inherit_cache = True
    # Otherwise SQLite is asked for "MATCH … = 1", which it cannot do.
    _is_implicitly_boolean = True


def _parts(element: FunctionElement[Any], compiler: Any, options: Any, *wanted: int) -> list[str]:
    clauses = list(element.clauses)
    return [str(compiler.process(clauses[number], **options)) for number in wanted]


@compiles(_Match, "sqlite")
def _match_fts5(element: _Match, compiler: Any, **options: Any) -> str:
    return "{} MATCH {}".format(*_parts(element, compiler, options, 0, 1))


@compiles(_Match, "postgresql")
def _match_lexemes(element: _Match, compiler: Any, **options: Any) -> str:
    return "{}.lexemes @@ to_tsquery('standpoint', {})".format(*_parts(element, compiler, options, 0, 2))


def split_snippet(marked: str) -> tuple[Fragment, ...]:
    """The pieces of a marked snippet, in order; empty ones are left out."""
    fragments, match = [], False
    for piece in re.split(f"([{_OPEN}{_CLOSE}])", marked):
        if piece in (_OPEN, _CLOSE):
            match = piece == _OPEN
        elif piece:
            fragments.append(Fragment(text=piece, match=match))
    return tuple(fragments)


def matching_passages(query: Query) -> Select[Any]:
    """One row: the numbers of all passages that match, as ``numbers_of`` takes them."""
    return select(joined(PASSAGES.c.rowid)).where(_matches(PASSAGES, query))


def ranked_passages(
    connection: Connection, query: Query, allowed: Sequence[int], rarity: Mapping[str, float]
) -> Sequence[Any]:
    """Number and score (bm25, lower is better) of the ``allowed`` passages that match, best first.

    ``rarity`` is the weight of each term, which SQLite counts itself; terms without one weigh the same.
    """
    if is_sqlite(connection):
        return connection.execute(_ranked_by_fts5(query, allowed)).all()
    return rank_passages(connection, query, allowed, rarity, WEIGHTS)


def _ranked_by_fts5(query: Query, allowed: Sequence[int]) -> Select[Any]:
    listed: Select[Any] = select(literal_column("value")).select_from(func.json_each(dumps(list(allowed))))
    # The plus keeps SQLite from asking the index once for every number; each answer would count all matches anew.
    number: ColumnElement[int] = literal_column("+passages_fts.rowid")
    score: ColumnElement[float] = literal_column(f"bm25(passages_fts, {', '.join(map(str, WEIGHTS))})")
    found = select(PASSAGES.c.rowid.label("number"), score.label("score"))
    # The index is read from here on: of very many matches only the newest are allowed.
    newest = PASSAGES.c.rowid >= min(allowed)
    return found.where(_matches(PASSAGES, query), newest, number.in_(listed)).order_by("score", PASSAGES.c.rowid.desc())


def mark_texts(connection: Connection, query: Query, texts: Sequence[str]) -> list[tuple[Fragment, ...] | None]:
    """The part of each text that holds most of what was looked for, as a snippet; None where nothing of it is."""
    if is_sqlite(connection):
        return _mark_by_fts5(connection, query, texts)
    marked = [make_snippet(text, query, words=SNIPPET_WORDS) for text in texts]
    return [pieces if any(piece.match for piece in pieces) else None for pieces in marked]


def _mark_by_fts5(connection: Connection, query: Query, texts: Sequence[str]) -> list[tuple[Fragment, ...] | None]:
    names = "CREATE VIRTUAL TABLE IF NOT EXISTS temp.marking USING fts5(text, tokenize={})"
    connection.exec_driver_sql(names.format("'porter unicode61 remove_diacritics 2'"))
    connection.exec_driver_sql("DELETE FROM temp.marking")
    if texts:
        rows = list(enumerate(texts))
        connection.exec_driver_sql("INSERT INTO temp.marking(rowid, text) VALUES (?, ?)", rows)
    wanted = " OR ".join(_quoted(term) for group in query.groups for term in group)
    marked = connection.exec_driver_sql(
        f"SELECT rowid, snippet(marking, 0, char(2), char(3), '…', {SNIPPET_WORDS}) FROM temp.marking "
        "WHERE marking MATCH ?",
        (wanted,),
    )
    found = {row[0]: split_snippet(row[1]) for row in marked}
    return [found.get(place) for place in range(len(texts))]


def beginning(text: str) -> str:
    """As much of a text as a snippet holds."""
    first = text.split(None, SNIPPET_WORDS)
    return " ".join(first[:SNIPPET_WORDS]) + ("…" if len(first) > SNIPPET_WORDS else "")
