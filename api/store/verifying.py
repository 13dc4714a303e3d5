"""Whether a database is what it should be: every check a stream of faults, nothing of it is kept in memory.

Checked are the file itself, foreign keys, the full-text indexes against their tables in both directions, what search
reads against what it is made of, every span of every record against the text of its article, and the audit chain.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Connection, Engine, Table, func, select, text
from sqlalchemy.exc import DatabaseError

from api.store import audit, engines, listing
from api.store.tables import articles, figures, mentions, stances, statements
from api.store.verifying_search import REPAIRS, other_passages, other_words, unmatched_rows
from nlp.errors import NotSetUpError
from nlp.records import BlockKind

#: Articles whose rows are looked at together.
LOT = 100
#: At most so many words of a text are looked for in the index: a phrase.
WORDS = 12
_SPANS: Mapping[Table, tuple[str, ...]] = {
    mentions: ("span", "evidence_spans"),
    statements: ("spans", "cue", "repeats", "evidence_spans"),
    stances: ("condition", "rationales", "evidence_spans"),
    figures: ("spans", "what", "evidence_spans"),
}
_ANEW = "standpoint reanalyse --article {} --yes finds it anew; if it comes back, restore a backup"
_BACKUP = "stop every program that uses it and restore a backup"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong: the check that found it, what, where, and what to do."""

    check: str
    what: str
    where: str
    do: str


Check = Callable[[Connection], Iterator[Fault]]


def faults(engine: Engine) -> Iterator[Fault]:
    """Everything that is wrong, check by check, as it is found."""
    for name, check in CHECKS.items():
        # The comparison of an index is an insert to SQLite, which a transaction that only reads may not come to.
        opened = engines.writing if check is _indexes else engines.reading
        try:
            with opened(engine) as connection:
                yield from check(connection)
        except NotSetUpError as error:
            yield Fault(check=name, what=error.what, where=error.where, do=_BACKUP)


def _file(connection: Connection) -> Iterator[Fault]:
    if engines.is_sqlite(connection):
        for (line,) in connection.execute(text("PRAGMA integrity_check(100)")):
            if line != "ok":
                yield Fault(check="file", what=str(line), where="the database file", do=_BACKUP)


def _keys(connection: Connection) -> Iterator[Fault]:
    """References to rows that are not there; PostgreSQL lets none come about."""
    if engines.is_sqlite(connection):
        for table, row, parent, _ in connection.execute(text("PRAGMA foreign_key_check")):
            where = f"{table}, row {row}" if row is not None else str(table)
            yield Fault(check="keys", what=f"it names a row of {parent} that is not there", where=where, do=_BACKUP)


def _indexes(connection: Connection) -> Iterator[Fault]:
    """Full-text indexes against the rows that they are of, in both directions and word by word."""
    do = _BACKUP if engines.is_sqlite(connection) else REPAIRS["passages"]
    for what in unmatched_rows(connection):
        yield Fault(check="index", what=what, where="passages_fts", do=do)
    if not engines.is_sqlite(connection):
        for table, number in other_words(connection):
            what = f"the index has other words for row {number} than {table}"
            yield Fault(check="index", what=what, where=f"{table}_fts", do=REPAIRS[table])
        return
    query = text("SELECT name, sql FROM sqlite_master WHERE type = 'table' AND sql LIKE '%USING fts5%' ORDER BY name")
    for index, sql in connection.execute(query).all():
        content = sql.partition("content='")[2].partition("'")[0]
        if content:
            yield from _index(connection, index, content)


def _index(connection: Connection, index: str, table: str) -> Iterator[Fault]:
    do = f"rebuild it: sqlite3 FILE \"INSERT INTO {index}({index}) VALUES ('rebuild')\""
    ways = {
        f"row %s of {table} is not in the index": (table, "number", f"{index}_docsize", "id"),
        f"the index holds row %s, which {table} has not": (f"{index}_docsize", "id", table, "number"),
    }
    found = False
    for what, (here, own, there, other) in ways.items():
        query = f"SELECT {own} FROM {here} WHERE {own} NOT IN (SELECT {other} FROM {there}) ORDER BY 1"
        for (number,) in connection.execute(text(query)):
            found = True
            yield Fault(check="index", what=what % number, where=index, do=do)
    if not found and (reason := _differs(connection, index)):
        rows = list(_other_words(connection, index, table))
        for number in rows:
            what = f"the index has other words for row {number} than {table}"
            yield Fault(check="index", what=what, where=index, do=do)
        if not rows:
            yield Fault(check="index", what=f"its words are not those of {table}: {reason}", where=index, do=do)


def _differs(connection: Connection, index: str) -> str:
    """What SQLite says when every word of the index is compared with the table; empty when all agree."""
    try:
        # The comparison is written as an insert, and writes nothing.
        connection.execute(text(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)"))
    except DatabaseError as error:
        return str(error.orig)
    return ""


def _other_words(connection: Connection, index: str, table: str) -> Iterator[int]:
    """The rows that their own first words do not find."""
    columns = [name for (name,) in connection.execute(text(f"SELECT name FROM pragma_table_info('{index}')"))]
    find = text(f"SELECT 1 FROM {index} WHERE {index} MATCH :query AND rowid = :number")
    after = -1
    while True:
        query = f"SELECT number, {', '.join(columns)} FROM {table} WHERE number > :after ORDER BY number LIMIT {LOT}"
        lot = connection.execute(text(query), {"after": after}).all()
        for row in lot:
            for name, value in zip(columns, row[1:], strict=True):
                phrase = _phrase(name, value or "")
                asked = {"query": phrase, "number": row.number}
                if phrase and connection.execute(find, asked).first() is None:
                    yield row.number
                    break
        if len(lot) < LOT:
            return
        after = lot[-1].number


def _phrase(column: str, value: str) -> str:
    words = "".join(letter if letter.isalnum() else " " for letter in value).split()[:WORDS]
    return f'{column} : "{" ".join(words)}"' if words else ""


def _passages(connection: Connection) -> Iterator[Fault]:
    """What search reads of every article, statement and figure is what these say."""
    for article, passage in other_passages(connection):
        what = "what search reads is not what is stored"
        yield Fault(check="passages", what=what, where=f"article {article}, {passage}", do=_ANEW.format(article))


def _spans(connection: Connection) -> Iterator[Fault]:
    """Every span of every record says what its article's text says there."""
    after = -1
    columns = articles.c
    wanted = (
        columns.number,
        columns.id,
        columns.text,
        columns.blocks,
        columns.hints,
        columns.issues,
        columns.purged_at,
    )
    while True:
        query = select(*wanted).where(columns.number > after).order_by(columns.number).limit(LOT)
        lot = connection.execute(query).all()
        # Quotes that stayed when a text was purged have nothing to be checked against.
        texts = {row.id: row.text for row in lot if row.purged_at is None}
        for row in lot:
            yield from _of_article(row)
        for table in _SPANS:
            yield from _of_table(connection, table, texts)
        if len(lot) < LOT:
            return
        after = lot[-1].number


def _of_article(row: Any) -> Iterator[Fault]:
    if row.purged_at is not None and row.text:
        yield Fault(check="spans", what="its text was purged and is there", where=f"article {row.id}", do=_BACKUP)
    kinds = {kind.value for kind in BlockKind}
    for what, ranges in (("block", row.blocks), ("hint", row.hints)):
        for kind, start, end in ranges:
            if not 0 <= start <= end <= len(row.text) or (what == "block" and kind not in kinds):
                yield _span_fault(row.id, f"the {what} {start}-{end} lies outside of the text", f"article {row.id}")
    for code, _, span in row.issues:
        yield from _wrong(row.text, [span] if span else [], row.id, f"article {row.id}, issue {code}")


def _of_table(connection: Connection, table: Table, texts: Mapping[str, str]) -> Iterator[Fault]:
    names = ("article_id", "seq", *(("text",) if table is statements else ()), *_SPANS[table])
    query = select(*(table.c[name] for name in names)).where(table.c.article_id.in_(texts))
    rows = connection.execution_options(stream_results=True).execute(query.order_by(table.c.article_id, table.c.seq))
    for article, group in groupby(rows, key=lambda row: row.article_id):
        for row in group:
            where = f"{table.name}, article {article}, number {row.seq}"
            for name in _SPANS[table]:
                yield from _wrong(texts[article], _as_list(getattr(row, name)), article, where)
            if table is statements and row.text != " ".join(span[2] for span in row.spans):
                yield _span_fault(article, "its text is not that of its spans", where)


def _as_list(value: Any) -> Sequence[Any]:
    """The spans of a column, which holds none, one or several."""
    if not value:
        return ()
    return [value] if isinstance(value[0], int) else value


def _wrong(content: str, spans: Iterable[Any], article: str, where: str) -> Iterator[Fault]:
    for start, end, words in spans:
        if start < 0 or content[start:end] != words:
            yield _span_fault(article, f"the span {start}-{end} does not say what the text says there", where)


def _span_fault(article: str, what: str, where: str) -> Fault:
    return Fault(check="spans", what=what, where=where, do=_ANEW.format(article))


def _order(connection: Connection) -> Iterator[Fault]:
    """What lists are sorted by beside the stances, against the articles and statements that it is of."""
    for id in listing.misplaced(connection):
        what = "its statements or stances do not stand in lists where the article does"
        yield Fault(check="order", what=what, where=f"article {id}", do=_ANEW.format(id))


def _audit(connection: Connection) -> Iterator[Fault]:
    for found in audit.breaks(connection):
        do = "somebody changed the record past Standpoint: compare it with a backup"
        yield Fault(check="audit", what=found.what, where=f"audit, row {found.number}", do=do)


CHECKS: Mapping[str, Check] = {
    "file": _file,
    "keys": _keys,
    "index": _indexes,
    "passages": _passages,
    "spans": _spans,
    "order": _order,
    "audit": _audit,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Extent:
    """How much there is to check; ``head`` is the digest of the last row of the audit chain.

    The spans of ``purged`` articles are checked against nothing, as their texts are gone.
    """

    articles: int
    purged: int
    statements: int
    stances: int
    figures: int
    mentions: int
    audit: int
    head: str


def extent(engine: Engine) -> Extent:
    """The number of rows of each kind, and where the audit chain ends."""
    with engines.reading(engine) as connection:
        counts = {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in (articles, statements, stances, figures, mentions)
        }
        gone = select(func.count()).select_from(articles).where(articles.c.purged_at.is_not(None))
        purged = connection.scalar(gone) or 0
        number, head = audit.head(connection)
    return Extent(**counts, purged=purged, audit=number, head=head)
