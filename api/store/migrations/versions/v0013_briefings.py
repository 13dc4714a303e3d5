"""The record of briefings: which were made, and which lines each carried."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

STRING = sa.String().with_variant(sa.String(collation="C"), "postgresql")
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "briefings",
        sa.Column("id", STRING, primary_key=True),
        sa.Column("briefing", STRING, nullable=False, index=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("title", TEXT, nullable=False),
        sa.Column("format", STRING, nullable=False),
        sa.Column("asked", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("actor", STRING),
    )
    op.create_table(
        "briefing_lines",
        sa.Column("briefing_id", STRING, sa.ForeignKey("briefings.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("line", STRING, primary_key=True, index=True),
        sa.Column("target", STRING, primary_key=True, index=True),
    )


def downgrade() -> None:
    op.drop_table("briefing_lines")
    op.drop_table("briefings")
