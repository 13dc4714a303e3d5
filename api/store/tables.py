"""The schema, for every engine; full-text indexes and triggers are made by the migrations.

Everything found in an article hangs on it and goes with it. A stakeholder is one row for the whole
store; what single articles know of them stands in ``profiles``, shared by all articles that agree.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    text,
)

from nlp.positions import SKETCH

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC, kept without its zone because not every engine has one."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC).replace(tzinfo=None) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value else None


def _article() -> Column[Any]:
    return Column("article_id", String, ForeignKey("articles.id", ondelete="CASCADE"), nullable=False)


def _item() -> list[Column[Any]]:
    """The key of what has no id of its own: its article and its place there."""
    return [
        Column("article_id", String, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
        Column("seq", Integer, primary_key=True, autoincrement=False),
    ]


def _holder(name: str, *, nullable: bool = True, index: bool = True) -> Column[Any]:
    return Column(name, String, ForeignKey("stakeholders.id"), nullable=nullable, index=index)


def _evidence(*, nullable: bool = False) -> list[Column[Any]]:
    return [
        Column("confidence", Float, nullable=nullable),
        Column("method", String, nullable=nullable),
        Column("reason", Text, nullable=nullable),
        Column("evidence_spans", JSON(none_as_null=True), nullable=nullable),
    ]


def _judged() -> list[Column[Any]]:
    """The same of what people judge, and the names of those who confirmed or corrected it."""
    return [*_evidence(), json_column("checked_by", nullable=True)]


def json_column(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, JSON(none_as_null=True), nullable=nullable)


def _description() -> list[Column[Any]]:
    return [
        Column("name", String, nullable=False),
        Column("kind", String, nullable=False),
        Column("parent", String),
        json_column("successors"),
        Column("begins", Date),
        Column("ends", Date),
    ]


runs = Table(
    "runs",
    metadata,
    Column("id", String, primary_key=True),
    Column("version", String, nullable=False),
    Column("digest", String, nullable=False),
    json_column("models"),
)

#: ``published`` is as read, ``day`` and ``last_day`` bound what it can mean; undated articles have date.min.
#: ``digest`` is of the whole analysis: equal digests need no second write.
articles = Table(
    "articles",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("source", String, nullable=False, index=True),
    Column("text", Text, nullable=False),
    Column("reader", String, nullable=False),
    Column("title", Text),
    Column("publisher", String),
    Column("published", Date),
    Column("precision", String),
    Column("day", Date, nullable=False),
    Column("last_day", Date, nullable=False),
    Column("author", String),
    Column("url", String, index=True),
    Column("genre", String),
    Column("licence", String),
    Column("expires", Date),
    # When its text was taken away because it had expired (api.store.holdings).
    Column("purged_at", UtcDateTime),
    json_column("hints"),
    json_column("blocks"),
    json_column("issues"),
    Column("story_id", String, nullable=False, index=True),
    Column("run_id", String, ForeignKey("runs.id"), nullable=False, index=True),
    Column("digest", String, nullable=False),
    Column("added_at", UtcDateTime, nullable=False),
    Index(None, "day", "number"),
    Index(None, "publisher", "day", "number"),
)

stakeholders = Table(
    "stakeholders",
    metadata,
    Column("id", String, primary_key=True),
    Column("sort_name", String, nullable=False),
    *_description(),
    Index(None, "sort_name", "id"),
)

profiles = Table(
    "profiles",
    metadata,
    Column("id", String, primary_key=True),
    _holder("stakeholder_id", nullable=False),
    *_description(),
    json_column("aliases"),
)

names = Table(
    "names",
    metadata,
    Column("profile_id", String, ForeignKey("profiles.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    _holder("stakeholder_id", nullable=False),
    Column("name", String, nullable=False),
    Column("norm", String, nullable=False, index=True),
)

appearances = Table(
    "appearances",
    metadata,
    *_item(),
    _holder("stakeholder_id", nullable=False),
    Column("profile_id", String, ForeignKey("profiles.id"), nullable=False, index=True),
    UniqueConstraint("article_id", "stakeholder_id"),
)

affiliations = Table(
    "affiliations",
    metadata,
    Column("article_id", String, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("stakeholder_id", String, ForeignKey("stakeholders.id"), primary_key=True, index=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("organisation", String, nullable=False, index=True),
    Column("role", String),
)

mentions = Table(
    "mentions",
    metadata,
    *_item(),
    _holder("stakeholder_id"),
    json_column("span"),
    Column("organisation", String),
    Column("role", String),
    *_evidence(nullable=True),
)

statements = Table(
    "statements",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("local_id", String, nullable=False),
    _article(),
    Column("seq", Integer, nullable=False),
    _holder("holder"),
    _holder("on_behalf_of"),
    Column("manner", String, nullable=False),
    Column("capacity", String, nullable=False),
    Column("text", Text, nullable=False),
    json_column("spans"),
    json_column("cue", nullable=True),
    json_column("repeats"),
    json_column("chain"),
    *_judged(),
    UniqueConstraint("article_id", "seq"),
)

#: Who says what, holders and the bodies spoken for, in the order of lists (``api.store.listing``).
spoken = Table(
    "spoken",
    metadata,
    Column("who", String, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("article", Integer, primary_key=True, autoincrement=False),
    Column("place", Integer, primary_key=True, autoincrement=False),
    Column("statement", Integer, nullable=False),
    Column("article_id", String, ForeignKey("articles.id", ondelete="CASCADE"), nullable=False, index=True),
    sqlite_with_rowid=False,
)

stances = Table(
    "stances",
    metadata,
    *_item(),
    Column("statement_id", String, ForeignKey("statements.id", ondelete="CASCADE")),
    Column("topic", String, nullable=False),
    _holder("holder", nullable=False, index=False),
    _holder("on_behalf_of", index=False),
    Column("label", String, nullable=False),
    Column("strength", String, nullable=False),
    json_column("condition", nullable=True),
    Column("earlier", String),
    json_column("rationales"),
    *_judged(),
    # With the topic as second column, no engine mistakes the few topics for the better way in.
    *(Index(None, first, "topic") for first in ("article_id", "statement_id", "holder", "on_behalf_of")),
    Index(None, "topic", "label"),
)

#: What the map is computed from: the stances once more, narrow and without texts, whose shingles' hashes stand
#: here. A change of any article is noted in the transaction that makes it, so that readers who hold these rows in
#: memory read anew only what changed (``article_id`` NULL: everything). The counter orders changes by commit.
observations = Table(
    "observations",
    metadata,
    *_item(),
    Column("holder", String, nullable=False),
    Column("body", String),
    Column("topic", String, nullable=False),
    Column("label", String, nullable=False),
    Column("strength", String, nullable=False),
    Column("confidence", Float, nullable=False),
    Column("earlier", String),
    *(Column(f"hash_{place}", BigInteger) for place in range(SKETCH)),
    # What lists are sorted by, of the article and the statement (``api.store.listing``).
    Column("day", Date),
    Column("last_day", Date),
    Column("number", Integer),
    Column("statement", Integer),
    Index("ix_observations_listed", "topic", "label", "day", "number", "last_day", "statement", "confidence"),
)

observation_state = Table(
    "observation_state",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("number", Integer, nullable=False),
)

observation_changes = Table(
    "observation_changes",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("article_id", String),
)

figures = Table(
    "figures",
    metadata,
    Column("id", String, primary_key=True),
    Column("local_id", String, nullable=False),
    _article(),
    Column("seq", Integer, nullable=False),
    json_column("spans"),
    Column("unit", String, nullable=False),
    Column("value", String),
    Column("low", String),
    Column("high", String),
    Column("per", String),
    Column("kind", String, nullable=False),
    Column("direction", String, nullable=False),
    Column("status", String, nullable=False),
    json_column("what", nullable=True),
    _holder("payer"),
    _holder("recipient"),
    _holder("cited_by"),
    Column("period_text", String),
    Column("period_start", Date),
    Column("period_end", Date),
    Column("modifier", String),
    Column("terms", String, nullable=False, server_default="unspecified"),
    Column("recurrence", String, nullable=False, server_default="unspecified"),
    Column("links", JSON(), nullable=False, server_default=text("'[]'")),
    *_judged(),
    UniqueConstraint("article_id", "seq"),
)

topics = Table(
    "topics",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("claim", Text, nullable=False),
    Column("counter_claim", Text, nullable=False),
    json_column("phrases"),
    json_column("supports"),
    json_column("opposes"),
    Column("begins", Date),
    Column("ends", Date),
    Column("added_at", UtcDateTime, nullable=False),
    Column("named_only", Boolean, nullable=False, server_default=false()),
)

#: What search reads: one row for every statement, article and figure, with what it stands under. Its words are in
#: the full-text index ``passages_fts`` (an article's with its whole text, of which the row holds the beginning).
passages = Table(
    "passages",
    metadata,
    # Never given twice: what is held in memory knows by them what is new.
    Column("number", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    _article(),
    Column("seq", Integer, nullable=False),
    Column("about", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    UniqueConstraint("article_id", "kind", "seq"),
    sqlite_autoincrement=True,
)

#: What a passage means, by the encoder that ``search_state`` names: ``api.store.vectors`` says how it is coded.
vectors = Table(
    "vectors",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("passage", Integer, ForeignKey("passages.number", ondelete="CASCADE"), nullable=False, unique=True),
    Column("code", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)

#: One row of counters, kept by triggers: what is held in memory is of the state that they name.
search_state = Table(
    "search_state",
    metadata,
    Column("id", Integer, primary_key=True),
    *(Column(name, Integer, nullable=False) for name in ("added", "removed", "vectors", "epoch")),
    Column("encoder", String),
)
