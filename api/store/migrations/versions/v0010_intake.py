"""Files and their items as they come in, claimed by whoever reads them, and files that were sent to the server."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

#: As every column of text since 0008: a text is ordered by code point whatever the server speaks.
STRING = sa.String().with_variant(sa.String(collation="C"), "postgresql")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "intake_files",
        sa.Column("id", STRING, primary_key=True),
        sa.Column("path", TEXT, nullable=False),
        sa.Column("state", STRING, nullable=False),
        sa.Column("stamp", STRING, nullable=False),
        sa.Column("batch", STRING),
        sa.Column("worker", STRING),
        sa.Column("claimed_at", sa.DateTime()),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("format", STRING),
        sa.Column("declared", sa.Integer()),
        sa.Column("parsed", sa.Integer(), nullable=False),
        sa.Column("reason", TEXT),
        sa.Column("ended_at", sa.DateTime()),
    )
    op.create_table(
        "intake_items",
        sa.Column("file_id", STRING, sa.ForeignKey("intake_files.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("seq", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("place", TEXT, nullable=False),
        sa.Column("state", STRING, nullable=False),
        sa.Column("article_id", STRING, index=True),
        sa.Column("reason", TEXT),
    )
    op.create_table(
        "uploads",
        sa.Column("id", STRING, primary_key=True),
        sa.Column("seq", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("given", sa.JSON(none_as_null=True)),
        sa.Column("added_at", sa.DateTime(), nullable=False, index=True),
    )


def downgrade() -> None:
    op.drop_table("uploads")
    op.drop_table("intake_items")
    op.drop_table("intake_files")
