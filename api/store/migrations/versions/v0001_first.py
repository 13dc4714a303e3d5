"""The first schema: articles and what hangs on them, stakeholders, topics, and two full-text indexes."""

from __future__ import annotations

from typing import Any

from alembic import op
from sqlalchemy import JSON, Column, Date, DateTime, Float, ForeignKey, Integer, String, Text, UniqueConstraint

from api.store.engines import is_sqlite

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

#: The indexes hold no text of their own: they read it from the table, and triggers keep them in step.
FULL_TEXT = {"articles": ("title", "text"), "statements": ("text",)}

TABLES = (
    "figures", "stances", "statements", "mentions", "affiliations", "appearances", "names", "profiles", "articles",
    "topics", "stakeholders", "runs",
)  # fmt: skip


def upgrade() -> None:
    _create_shared()
    _create_articles()
    _create_stakeholder_details()
    _create_found()
    if is_sqlite(op.get_bind()):
        for table, columns in FULL_TEXT.items():
            _index_text_in_sqlite(table, columns)


def downgrade() -> None:
    """Leave nothing: the tables are dropped in an order that breaks no reference."""
    if is_sqlite(op.get_bind()):
        for table in FULL_TEXT:
            op.execute(f"DROP TABLE {table}_fts")
    for table in TABLES:
        op.drop_table(table)


def _index_text_in_sqlite(table: str, columns: tuple[str, ...]) -> None:
    listed = ", ".join(columns)
    new, old = (", ".join(f"{side}.{column}" for column in columns) for side in ("new", "old"))
    index = f"{table}_fts"
    add = f"INSERT INTO {index}(rowid, {listed}) VALUES (new.number, {new});"
    drop = f"INSERT INTO {index}({index}, rowid, {listed}) VALUES ('delete', old.number, {old});"
    op.execute(
        f"CREATE VIRTUAL TABLE {index} USING fts5({listed}, content='{table}', content_rowid='number', "
        "tokenize='porter unicode61 remove_diacritics 2')"
    )
    op.execute(f"CREATE TRIGGER {index}_insert AFTER INSERT ON {table} BEGIN {add} END")
    op.execute(f"CREATE TRIGGER {index}_delete AFTER DELETE ON {table} BEGIN {drop} END")
    op.execute(f"CREATE TRIGGER {index}_update AFTER UPDATE OF {listed} ON {table} BEGIN {drop} {add} END")


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


def _json(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, JSON(none_as_null=True), nullable=nullable)


def _description() -> list[Column[Any]]:
    return [
        Column("name", String, nullable=False),
        Column("kind", String, nullable=False),
        Column("parent", String),
        _json("successors"),
        Column("begins", Date),
        Column("ends", Date),
    ]


def _create_shared() -> None:
    op.create_table(
        "runs",
        Column("id", String, primary_key=True),
        Column("version", String, nullable=False),
        Column("digest", String, nullable=False),
        _json("models"),
    )
    op.create_table(
        "stakeholders",
        Column("id", String, primary_key=True),
        Column("sort_name", String, nullable=False),
        *_description(),
    )
    op.create_index(None, "stakeholders", ["sort_name", "id"])
    op.create_table(
        "topics",
        Column("id", String, primary_key=True),
        Column("name", String, nullable=False),
        Column("claim", Text, nullable=False),
        Column("counter_claim", Text, nullable=False),
        _json("phrases"),
        _json("supports"),
        _json("opposes"),
        Column("begins", Date),
        Column("ends", Date),
        Column("added_at", DateTime, nullable=False),
    )


def _create_articles() -> None:
    op.create_table(
        "articles",
        Column("number", Integer, primary_key=True),
        Column("id", String, nullable=False, unique=True),
        Column("source", String, nullable=False),
        Column("text", Text, nullable=False),
        Column("reader", String, nullable=False),
        Column("title", Text),
        Column("publisher", String, index=True),
        Column("published", Date),
        Column("precision", String),
        Column("day", Date, nullable=False),
        Column("last_day", Date, nullable=False),
        Column("author", String),
        Column("url", String),
        Column("genre", String),
        Column("licence", String),
        Column("expires", Date),
        _json("hints"),
        _json("blocks"),
        _json("issues"),
        Column("story_id", String, nullable=False, index=True),
        Column("run_id", String, ForeignKey("runs.id"), nullable=False, index=True),
        Column("digest", String, nullable=False),
        Column("added_at", DateTime, nullable=False),
    )
    op.create_index(None, "articles", ["day", "number"])


def _create_stakeholder_details() -> None:
    op.create_table(
        "profiles",
        Column("id", String, primary_key=True),
        _holder("stakeholder_id", nullable=False),
        *_description(),
        _json("aliases"),
    )
    op.create_table(
        "names",
        Column("profile_id", String, ForeignKey("profiles.id", ondelete="CASCADE"), primary_key=True),
        Column("seq", Integer, primary_key=True, autoincrement=False),
        _holder("stakeholder_id", nullable=False),
        Column("name", String, nullable=False),
        Column("norm", String, nullable=False, index=True),
    )
    op.create_table(
        "appearances",
        *_item(),
        _holder("stakeholder_id", nullable=False),
        Column("profile_id", String, ForeignKey("profiles.id"), nullable=False, index=True),
        UniqueConstraint("article_id", "stakeholder_id"),
    )
    op.create_table(
        "affiliations",
        Column("article_id", String, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
        Column("stakeholder_id", String, ForeignKey("stakeholders.id"), primary_key=True, index=True),
        Column("seq", Integer, primary_key=True, autoincrement=False),
        Column("organisation", String, nullable=False, index=True),
        Column("role", String),
    )


def _create_found() -> None:
    op.create_table(
        "mentions",
        *_item(),
        _holder("stakeholder_id"),
        _json("span"),
        Column("organisation", String),
        Column("role", String),
        *_evidence(nullable=True),
    )
    op.create_table(
        "statements",
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
        _json("spans"),
        _json("cue", nullable=True),
        _json("repeats"),
        _json("chain"),
        *_evidence(),
        UniqueConstraint("article_id", "seq"),
    )
    op.create_table(
        "stances",
        *_item(),
        Column("statement_id", String, ForeignKey("statements.id", ondelete="CASCADE")),
        Column("topic", String, nullable=False),
        _holder("holder", nullable=False, index=False),
        _holder("on_behalf_of", index=False),
        Column("label", String, nullable=False),
        Column("strength", String, nullable=False),
        _json("condition", nullable=True),
        Column("earlier", String),
        _json("rationales"),
        *_evidence(),
    )
    for first in ("article_id", "statement_id", "holder", "on_behalf_of"):
        op.create_index(None, "stances", [first, "topic"])
    op.create_index(None, "stances", ["topic", "label"])
    op.create_table(
        "figures",
        Column("id", String, primary_key=True),
        Column("local_id", String, nullable=False),
        _article(),
        Column("seq", Integer, nullable=False),
        _json("spans"),
        Column("unit", String, nullable=False),
        Column("value", String),
        Column("low", String),
        Column("high", String),
        Column("per", String),
        Column("kind", String, nullable=False),
        Column("direction", String, nullable=False),
        Column("status", String, nullable=False),
        _json("what", nullable=True),
        _holder("payer"),
        _holder("recipient"),
        _holder("cited_by"),
        Column("period_text", String),
        Column("period_start", Date),
        Column("period_end", Date),
        Column("modifier", String),
        *_evidence(),
        UniqueConstraint("article_id", "seq"),
    )
