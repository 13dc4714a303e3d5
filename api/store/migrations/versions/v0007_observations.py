"""What the map is computed from: stances without their texts, and a log of the articles that changed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from nlp.positions import sketch

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

#: Hashes of shingles a row has, as they were when this table was made.
HASHES = 4
LOT = 2000


def upgrade() -> None:
    observations = op.create_table(
        "observations",
        sa.Column("article_id", sa.String(), sa.ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("seq", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("body", sa.String()),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("strength", sa.String(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("earlier", sa.String()),
        *(sa.Column(f"hash_{place}", sa.BigInteger()) for place in range(HASHES)),
    )
    state = op.create_table(
        "observation_state",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer(), nullable=False),
    )
    op.create_table(
        "observation_changes",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("article_id", sa.String()),
    )
    op.bulk_insert(state, [{"id": 1, "number": 0}])
    connection = op.get_bind()
    for lot in _lots(connection):
        connection.execute(sa.insert(observations), lot)


def downgrade() -> None:
    for name in ("observation_changes", "observation_state", "observations"):
        op.drop_table(name)


def _lots(connection: sa.Connection) -> Iterator[list[dict[str, Any]]]:
    """The rows of the stances that are stored already, some thousands at a time."""
    stances = sa.table("stances", *map(sa.column, (*_COPIED, "statement_id")), sa.column("evidence_spans", sa.JSON()))
    statements = sa.table("statements", sa.column("id"), sa.column("text"))
    query = sa.select(
        *(stances.c[name] for name in _COPIED),
        statements.c.text.label("said"),
        stances.c.evidence_spans.label("spans"),
    ).select_from(stances.outerjoin(statements, stances.c.statement_id == statements.c.id))
    last = ("", -1)
    while True:
        place = sa.tuple_(stances.c.article_id, stances.c.seq)
        page = query.where(place > last).order_by(stances.c.article_id, stances.c.seq).limit(LOT)
        rows = connection.execute(page).all()
        if not rows:
            return
        yield [_row(row) for row in rows]
        last = (rows[-1].article_id, rows[-1].seq)


_COPIED = ("article_id", "seq", "holder", "on_behalf_of", "topic", "label", "strength", "confidence", "earlier")


def _row(row: Any) -> dict[str, Any]:
    hashes = sketch(row.said or " ".join(text for _, _, text in row.spans))
    copied = {("body" if name == "on_behalf_of" else name): getattr(row, name) for name in _COPIED}
    found = {f"hash_{place}": hashes[place] if place < len(hashes) else None for place in range(HASHES)}
    return {**copied, **found}
