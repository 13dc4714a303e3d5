"""Whether what search reads is what it is made of: passages against their articles, indexes against their rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, func, select, text

from api.store.engines import is_sqlite
from api.store.passages import stored_passages
from api.store.tables import articles, passages

#: Articles, or rows of an index, that are looked at together.
LOT = 100
#: The words of each index of PostgreSQL as its rows have them now; a newer server may stem or fold in another way.
_WORDS = {
    "statements": "lexemes IS DISTINCT FROM standpoint_lexemes(text)",
    "articles": "lexemes IS DISTINCT FROM setweight(standpoint_lexemes(coalesce(title, '')), 'A') "
    "|| setweight(standpoint_lexemes(text), 'D')",
}
_STALE = """
SELECT made.number, fts.rowid IS NULL AS missing
FROM passages AS made
LEFT JOIN articles ON made.kind = 'article' AND articles.id = made.article_id
LEFT JOIN passages_fts AS fts ON fts.rowid = made.number
WHERE made.number > :after AND made.number <= :last
AND fts.lexemes IS DISTINCT FROM standpoint_passage(coalesce(articles.text, made.text), made.about, made.title)
ORDER BY made.number
"""
#: What puts an index of PostgreSQL right again, by the table whose rows it is of.
REPAIRS = {
    "statements": "make it anew with psql: UPDATE statements SET text = text",
    "articles": "make it anew with psql: UPDATE articles SET text = text",
    "passages": "standpoint migrate --down 0008 and then standpoint migrate make it anew",
}
#: Where the index of passages, which keeps no text on SQLite, and the passages differ.
_ROWS = {
    "row %s of passages is not in the index": "SELECT number FROM passages EXCEPT SELECT {key} FROM {index}",
    "the index holds row %s, which passages has not": "SELECT {key} FROM {index} EXCEPT SELECT number FROM passages",
}


def other_words(connection: Connection) -> Iterator[tuple[str, int]]:
    """Table and number of the rows whose words in the index of PostgreSQL are not those that they have."""
    for table, differs in _WORDS.items():
        for (number,) in connection.execute(text(f"SELECT number FROM {table} WHERE {differs} ORDER BY number")):
            yield table, number
    last, after = connection.scalar(select(func.max(passages.c.number))) or 0, 0
    while after < last:
        for row in connection.execute(text(_STALE), {"after": after, "last": after + LOT}):
            if not row.missing:
                yield "passages", row.number
        after += LOT


def unmatched_rows(connection: Connection) -> Iterator[str]:
    """Passages that the index lacks, and rows of the index that are of none, each as a sentence."""
    there = {"key": "id", "index": "passages_fts_docsize"}
    if not is_sqlite(connection):
        there = {"key": "rowid", "index": "passages_fts"}
    for what, query in _ROWS.items():
        for (number,) in connection.execute(text(f"{query.format(**there)} ORDER BY 1")):
            yield what % number


def other_passages(connection: Connection) -> Iterator[tuple[str, str]]:
    """Article, and kind and number of a passage that is not what its article, statement or figure makes of it."""
    after = -1
    while True:
        query = select(articles.c.number, articles.c.id).where(articles.c.number > after)
        lot = connection.execute(query.order_by(articles.c.number).limit(LOT)).all()
        for row in lot:
            for kind, seq in _differing(connection, row.id):
                yield row.id, f"{kind} {seq}"
        if len(lot) < LOT:
            return
        after = lot[-1].number


def _differing(connection: Connection, article: str) -> list[tuple[str, int]]:
    found = connection.execute(select(passages).where(passages.c.article_id == article))
    there = {_place(row): _words(row) for row in map(dict, found.mappings())}
    made = {_place(row): _words(row) for row in stored_passages(connection, article)}
    return sorted(place for place in there.keys() | made.keys() if there.get(place) != made.get(place))


def _place(passage: Mapping[str, Any]) -> tuple[str, int]:
    return passage["kind"], passage["seq"]


def _words(passage: Mapping[str, Any]) -> tuple[str, str, str]:
    return passage["about"], passage["title"], passage["text"]
