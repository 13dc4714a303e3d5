"""A standalone SQLite database for Datasette and others: tables with keys between them, full-text search, metadata.

Statements make ``articles``, ``stakeholders``, ``topics``, ``statements`` and ``stances`` (with ``statements_fts``, an
FTS5 table over quote and title); figures ``articles``, ``stakeholders`` and ``figures``; positions ``stakeholders``,
``topics`` and ``positions``; the map is one table. ``metadata`` says what was asked and made, ``columns`` what each
column means.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from api.exports import figures, positions, statements
from api.exports.about import About
from api.exports.tables import Column, Kind, Table, Value, columns, lots
from api.store.engines import sqlite_driver
from api.store.export_rows import Line, Money, Party, Source

_TYPES = {Kind.COUNT: "INTEGER", Kind.SHARE: "REAL", Kind.SUM: "NUMERIC"}
_LOT = 500
ARTICLES = columns(
    id="text: the article's id",
    **{name: about for name, about in statements.SOURCE.items() if name not in ("article", "page", "made_by")},
)
STAKEHOLDERS = columns(
    id="text: the stakeholder's id", name="text: its name", kind="text: person, organisation or group"
)
TOPICS = columns(id="text: the proposal's id", name="text: its name")
STATEMENTS = columns(
    id="text: the statement's id, or one made of article and place where narration alone shows the stance",
    article="text: the article it stands in",
    holder="text: who holds it",
    on_behalf_of="text: the body that the holder speaks for",
    capacity="text: official, personal or unspecified",
    manner="text: direct, indirect, mixed or authorial; empty in narration",
    quote="text: the words, copied",
    start="count: where they begin in the article's text, in code points",
    end="count: where they end",
    confidence="share: the probability that the statement is the holder's",
)
STANCES = columns(
    statement="text: the statement",
    topic="text: the proposal",
    stance="text: support, oppose, conditional, mixed, neutral or unclear",
    strength="text: hedged, plain or strong",
    condition="text: what support or consent depends on",
    earlier="text: the stance that the holder says to have had before",
    reasons="text: the reasons given",
    confidence="share: the probability that the stance is right",
    why="text: why the program takes it so",
)
_KEYS = {
    "article": "articles",
    "holder": "stakeholders",
    "on_behalf_of": "stakeholders",
    "statement": "statements",
    "topic": "topics",
    "topic_id": "topics",
    "stakeholder_id": "stakeholders",
    "payer_id": "stakeholders",
    "recipient_id": "stakeholders",
    "cited_by_id": "stakeholders",
}


def write_statements(path: Path, lines: Iterable[Line], topics: Mapping[str, str], about: About) -> int:
    """Statements with their articles, stakeholders, topics and stances; returns how many stances and statements."""
    with _File(path, about) as file:
        for name, described in (("articles", ARTICLES), ("stakeholders", STAKEHOLDERS), ("topics", TOPICS)):
            file.make(name, described)
        file.make("statements", STATEMENTS, keys=("article", "holder", "on_behalf_of"))
        file.make("stances", STANCES, keys=("statement", "topic"), ids=())
        total = 0
        for lot in lots(lines, _LOT):
            file.add("articles", (_article(line.source) for line in lot))
            file.add("stakeholders", (_party(each) for line in lot for each in (line.holder, line.body) if each))
            views = [(line, line.view) for line in lot if line.view]
            file.add("topics", ((view.topic, topics.get(view.topic, view.topic)) for _, view in views))
            file.add("statements", map(_statement, lot))
            file.add("stances", (_stance(line) for line, _ in views))
            total += len(lot)
        file.index("statements", ("quote",))
        return total


def write_figures(path: Path, sums: Iterable[Money], about: About) -> int:
    """Figures with their articles and stakeholders; returns how many figures."""
    told = [c for c in figures.COLUMNS if c.name == "article" or c.name not in statements.SOURCE]
    roles = {"payer", "recipient", "cited_by"}
    kept = [each.name not in roles for each in told]
    described = [each for each, keep in zip(told, kept, strict=True) if keep]
    places = [figures.COLUMNS.index(each) for each in described]
    with _File(path, about) as file:
        file.make("articles", ARTICLES)
        file.make("stakeholders", STAKEHOLDERS)
        file.make("figures", described, keys=("article", "payer_id", "recipient_id", "cited_by_id"), ids=("figure",))
        total = 0
        for lot in lots(sums, _LOT):
            file.add("articles", (_article(money.source) for money in lot))
            file.add("stakeholders", (_party(each) for money in lot for each in money.parties.values()))
            rows = figures.figure_table(lot).rows
            file.add("figures", ([row[place] for place in places] for row in rows))
            total += len(lot)
        file.index("figures", ("what", "amount"))
        return total


def write_positions(path: Path, found: Iterable[positions.Standing], topics: Mapping[str, str], about: About) -> int:
    """Positions with their stakeholders and topics; returns how many positions."""
    with _File(path, about) as file:
        file.make("stakeholders", STAKEHOLDERS)
        file.make("topics", TOPICS)
        described = positions.COLUMNS
        file.make("positions", described, keys=("stakeholder_id", "topic_id"), ids=("stakeholder_id", "topic_id"))
        total = 0
        for lot in lots(found, _LOT):
            rows = list(positions.position_table(lot, topics).rows)
            file.add("stakeholders", ((row[1], row[0], row[2]) for row in rows))
            file.add("topics", ((row[4], row[3]) for row in rows))
            file.add("positions", rows)
            total += len(rows)
        file.index("positions", ("quote",))
        return total


def write_table(path: Path, table: Table, about: About) -> int:
    """One table by itself; returns how many rows."""
    with _File(path, about) as file:
        file.make(table.name, table.columns, ids=())
        total = 0
        for lot in lots(table.rows, _LOT):
            file.add(table.name, lot)
            total += len(lot)
        return total


class _File:
    """A database that is written once; use it in a ``with``."""

    def __init__(self, path: Path, about: About) -> None:
        self._database = sqlite_driver().connect(str(path), isolation_level=None)
        self._about = about
        self._wide: dict[str, int] = {}

    def __enter__(self) -> _File:
        run = self._database.execute
        run("PRAGMA foreign_keys = ON")
        run("PRAGMA journal_mode = OFF")
        run("BEGIN")
        run("CREATE TABLE metadata (key TEXT PRIMARY KEY, value TEXT NOT NULL)")
        run(
            "CREATE TABLE columns (of_table TEXT, of_column TEXT, about TEXT NOT NULL, "
            "PRIMARY KEY (of_table, of_column))"
        )
        told = [(name.lower(), text) for name, text in self._about.lines()]
        self._database.executemany("INSERT INTO metadata VALUES (?, ?)", told)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        with closing(self._database):
            self._database.execute("ROLLBACK" if kind else "COMMIT")

    def make(
        self, name: str, described: Sequence[Column], *, keys: Sequence[str] = (), ids: Sequence[str] = ("id",)
    ) -> None:
        """A table with these columns; ``keys`` are the columns that refer to other tables."""
        parts = [f"{_named(each.name)} {_TYPES.get(each.kind, 'TEXT')}" for each in described]
        parts += [f"PRIMARY KEY ({', '.join(map(_named, ids))})"] if ids else []
        parts += [f"FOREIGN KEY ({_named(key)}) REFERENCES {_named(_KEYS[key])} (id)" for key in keys]
        self._database.execute(f"CREATE TABLE {_named(name)} ({', '.join(parts)})")
        for key in keys:
            self._database.execute(f"CREATE INDEX {_named(f'{name}_{key}')} ON {_named(name)} ({_named(key)})")
        told = [(name, each.name, each.about) for each in described]
        self._database.executemany("INSERT INTO columns VALUES (?, ?, ?)", told)
        self._wide[name] = len(described)

    def add(self, name: str, rows: Iterable[Sequence[Value]]) -> None:
        """Put rows; one whose id is there already is left out."""
        places = ", ".join("?" * self._wide[name])
        plain = ([_plain(value) for value in row] for row in rows)
        self._database.executemany(f"INSERT OR IGNORE INTO {_named(name)} VALUES ({places})", plain)

    def index(self, name: str, texts: Sequence[str]) -> None:
        """A full-text index over columns of a table."""
        listed, full = ", ".join(map(_named, texts)), _named(f"{name}_fts")
        self._database.execute(f"CREATE VIRTUAL TABLE {full} USING fts5({listed}, content={_named(name)})")
        self._database.execute(f"INSERT INTO {full}({full}) VALUES ('rebuild')")


def _named(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _plain(value: Value) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() and abs(value) < 2**63 else float(value)
    return value.isoformat() if isinstance(value, date) else value


def _article(source: Source) -> list[Value]:
    own = dict(zip(statements.SOURCE, statements.source_values(source, "", ""), strict=True))
    return [source.id, *(own[column.name] for column in ARTICLES[1:])]


def _party(party: Party) -> tuple[Value, ...]:
    return party.id, party.name, party.kind


def _statement(line: Line) -> tuple[Value, ...]:
    return (
        line.passage,
        line.source.id,
        line.holder.id if line.holder else None,
        line.body.id if line.body else None,
        line.capacity,
        line.manner,
        line.words,
        line.spans[0].start if line.spans else None,
        line.spans[-1].end if line.spans else None,
        line.confidence,
    )


def _stance(line: Line) -> tuple[Value, ...]:
    topic = line.view.topic if line.view else None
    _, _, label, strength, condition, earlier, reasons, confidence, why = statements.view_values(line, {})
    return line.passage, topic, label, strength, condition, earlier, reasons, confidence, why
