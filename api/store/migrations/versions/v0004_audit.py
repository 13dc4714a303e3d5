"""The audit chain, re-analyses staged beside what is stored, parts of articles found by another run, and jobs."""

from __future__ import annotations

from typing import Any

from alembic import op
from sqlalchemy import JSON, Column, DateTime, ForeignKey, Integer, String, Text

from api.store.engines import is_sqlite

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_REFUSAL = "the audit chain is only ever added to"
#: What keeps rows of the chain from being changed or taken away, by engine.
_SQLITE = tuple(
    f"CREATE TRIGGER audit_no_{act} BEFORE {act} ON audit BEGIN SELECT RAISE(ABORT, '{_REFUSAL}'); END"
    for act in ("update", "delete")
)
_POSTGRESQL = (
    "CREATE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{_REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$",
    "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
    "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse()",
)


def upgrade() -> None:
    _create_audit()
    _create_reanalyses()
    _create_jobs()
    for statement in _SQLITE if is_sqlite(op.get_bind()) else _POSTGRESQL:
        op.execute(statement)


def downgrade() -> None:
    for table in ("jobs", "staged", "reanalyses", "part_runs", "audit"):
        op.drop_table(table)
    if not is_sqlite(op.get_bind()):
        op.execute("DROP FUNCTION audit_refuse()")


def _json(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, JSON(none_as_null=True), nullable=nullable)


def _create_audit() -> None:
    op.create_table(
        "audit",
        Column("number", Integer, primary_key=True, autoincrement=False),
        Column("at", String, nullable=False),
        Column("action", String, nullable=False),
        Column("subject", String, nullable=False),
        Column("actor", String),
        _json("detail"),
        Column("previous", String, nullable=False),
        Column("digest", String, nullable=False),
    )


def _create_reanalyses() -> None:
    op.create_table(
        "part_runs",
        Column("article_id", String, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
        Column("part", String, primary_key=True),
        Column("run_id", String, ForeignKey("runs.id"), nullable=False, index=True),
    )
    op.create_table(
        "reanalyses",
        Column("id", String, primary_key=True),
        Column("plan", String, nullable=False),
        Column("began_at", DateTime, nullable=False),
    )
    op.create_table(
        "staged",
        Column("reanalysis_id", String, ForeignKey("reanalyses.id", ondelete="CASCADE"), primary_key=True),
        Column("article_id", String, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
        Column("seq", Integer, nullable=False),
        Column("state", String, nullable=False),
        Column("worker", String),
        Column("claimed_at", DateTime),
        Column("over", String),
        _json("rows", nullable=True),
        _json("changes", nullable=True),
        Column("reason", Text),
    )
    op.create_index(None, "staged", ["reanalysis_id", "state", "seq"])
    op.create_index(None, "staged", ["article_id"])


def _create_jobs() -> None:
    op.create_table(
        "jobs",
        Column("id", String, primary_key=True),
        Column("kind", String, nullable=False),
        Column("state", String, nullable=False, index=True),
        _json("body"),
        Column("done", Integer, nullable=False),
        Column("total", Integer, nullable=False),
        _json("result", nullable=True),
        Column("error", Text),
        Column("worker", String),
        Column("added_at", DateTime, nullable=False),
        Column("began_at", DateTime),
        Column("ended_at", DateTime),
    )
