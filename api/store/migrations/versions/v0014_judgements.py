"""Judgements, the program's own results under them, who stands for whom, and what was drawn for reviewers."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy import JSON, Boolean, Column, DateTime, Float, ForeignKey, Integer, false

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

String = sa.String().with_variant(sa.String(collation="C"), "postgresql")
Text = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    _create_judgements()
    op.create_table("machine_results", _article(), _json("rows"))
    op.create_table(
        "resolutions",
        _article(),
        Column("found", String, primary_key=True, index=True),
        Column("shown", String, nullable=False, index=True),
    )
    op.create_table(
        "draws",
        Column("number", Integer, primary_key=True),
        Column("kind", String, nullable=False),
        Column("article_id", String, nullable=False),
        _json("quote"),
        Column("occurrence", Integer, nullable=False),
        Column("topic", String),
        Column("at", DateTime, nullable=False),
        sqlite_autoincrement=True,
    )
    op.create_index(None, "draws", ["article_id", "kind"])


def downgrade() -> None:
    # Where people said otherwise, what is stored is not what the program found: the next analysis is written anew.
    op.execute("UPDATE articles SET digest = '' WHERE id IN (SELECT article_id FROM machine_results)")
    for table in ("draws", "resolutions", "machine_results", "judgements"):
        op.drop_table(table)


def _json(name: str) -> Column[Any]:
    return Column(name, JSON(none_as_null=True), nullable=False)


def _article() -> Column[Any]:
    return Column("article_id", String, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True)


def _create_judgements() -> None:
    op.create_table(
        "judgements",
        Column("number", Integer, primary_key=True),
        Column("id", String, nullable=False, unique=True),
        Column("kind", String, nullable=False),
        Column("article_id", String),
        _json("quote"),
        Column("occurrence", Integer, nullable=False),
        Column("topic", String),
        Column("stakeholder_id", String, index=True),
        Column("verdict", String, nullable=False),
        _json("correction"),
        _json("found"),
        _json("people"),
        Column("note", Text, nullable=False),
        Column("drawn", Boolean, nullable=False, server_default=false()),
        Column("by", String, nullable=False),
        Column("at", DateTime, nullable=False),
        Column("withdrawn_by", String),
        Column("withdrawn_at", DateTime),
        Column("orphaned", Text),
        Column("correct", Boolean),
        Column("confidence", Float),
        sqlite_autoincrement=True,
    )
    op.create_index(None, "judgements", ["article_id", "number"])
    op.create_index(None, "judgements", ["kind", "number"])
