"""Where each observation stands in lists: the days and the number of its article, and the place of its statement."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

INDEX = "ix_observations_listed"
COLUMNS = ("topic", "label", "day", "number", "last_day", "statement", "confidence")


def upgrade() -> None:
    for name, kind in (
        ("day", sa.Date()),
        ("last_day", sa.Date()),
        ("number", sa.Integer()),
        ("statement", sa.Integer()),
    ):
        op.add_column("observations", sa.Column(name, kind))
    op.execute(
        """UPDATE observations SET
        day = (SELECT articles.day FROM articles WHERE articles.id = observations.article_id),
        last_day = (SELECT articles.last_day FROM articles WHERE articles.id = observations.article_id),
        number = (SELECT articles.number FROM articles WHERE articles.id = observations.article_id),
        statement = (SELECT statements.seq FROM stances JOIN statements ON statements.id = stances.statement_id
            WHERE stances.article_id = observations.article_id AND stances.seq = observations.seq)"""
    )
    op.create_index(INDEX, "observations", COLUMNS)


def downgrade() -> None:
    op.drop_index(INDEX, "observations")
    for name in ("statement", "number", "last_day", "day"):
        op.drop_column("observations", name)
