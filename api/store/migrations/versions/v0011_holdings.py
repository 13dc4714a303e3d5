"""Stories told by the texts, withdrawn articles, and texts that were purged when their licence ended.

Articles that are there already stay in the stories they are in; ``standpoint regroup`` tells them by their texts.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

#: One order of texts on every server, as for the tables before.
_STRING = sa.String().with_variant(sa.String(collation="C"), "postgresql")
_TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
#: What a licence may say; before, it could be any words, and nothing was done by them.
LICENCES = ("full text", "quotes only", "links only")
SOUGHT = ("source", "url")


def upgrade() -> None:
    op.create_table(
        "story_bodies",
        sa.Column("number", sa.Integer(), primary_key=True),
        sa.Column("digest", _STRING, nullable=False, unique=True),
        sa.Column("signature", sa.LargeBinary()),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "story_bands",
        sa.Column("key", sa.BigInteger(), primary_key=True, autoincrement=False),
        sa.Column("body", sa.Integer(), primary_key=True, autoincrement=False),
        sqlite_with_rowid=False,
    )
    article = sa.ForeignKey("articles.id", ondelete="CASCADE")
    op.create_table(
        "story_members",
        sa.Column("article_id", _STRING, article, primary_key=True),
        sa.Column("body", sa.Integer(), sa.ForeignKey("story_bodies.number"), nullable=False, index=True),
        sa.Column("day", sa.Date()),
        sa.Column("last_day", sa.Date()),
    )
    op.create_table(
        "withdrawals",
        sa.Column("id", _STRING, primary_key=True),
        sa.Column("source", _STRING, nullable=False, index=True),
        sa.Column("whole_source", sa.Boolean(), nullable=False),
        sa.Column("title", _TEXT),
        sa.Column("reason", _TEXT, nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
    )
    op.add_column("articles", sa.Column("purged_at", sa.DateTime()))
    for column in SOUGHT:
        op.create_index(f"ix_articles_{column}", "articles", [column])
    articles = sa.table("articles", sa.column("licence"))
    op.execute(sa.update(articles).where(articles.c.licence.not_in(LICENCES)).values(licence=None))


def downgrade() -> None:
    for column in SOUGHT:
        op.drop_index(f"ix_articles_{column}", "articles")
    op.drop_column("articles", "purged_at")
    for name in ("withdrawals", "story_members", "story_bands", "story_bodies"):
        op.drop_table(name)
