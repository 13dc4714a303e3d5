"""Who says what, in the order of lists, and the articles of a publisher in theirs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

LISTED = "ix_articles_publisher_day_number"
_STRING = sa.String().with_variant(sa.String(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "spoken",
        sa.Column("who", _STRING, primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("article", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("place", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("statement", sa.Integer(), nullable=False),
        sa.Column("article_id", _STRING, sa.ForeignKey("articles.id", ondelete="CASCADE"), nullable=False, index=True),
        sqlite_with_rowid=False,
    )
    for who in ("holder", "on_behalf_of"):
        # Whoever speaks for itself is named once.
        other = "AND holder IS DISTINCT FROM on_behalf_of" if who == "on_behalf_of" else ""
        op.execute(
            f"""INSERT INTO spoken (who, day, article, place, statement, article_id)
            SELECT statements.{who}, articles.day, articles.number, statements.seq, statements.number, articles.id
            FROM statements JOIN articles ON articles.id = statements.article_id
            WHERE statements.{who} IS NOT NULL {other}"""
        )
    op.drop_index("ix_articles_publisher", "articles")
    op.create_index(LISTED, "articles", ["publisher", "day", "number"])


def downgrade() -> None:
    op.drop_index(LISTED, "articles")
    op.create_index("ix_articles_publisher", "articles", ["publisher"])
    op.drop_table("spoken")
