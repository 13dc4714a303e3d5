"""The record of briefings: which were made, and which lines each carried."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "briefings",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("briefing", sa.String(), nullable=False, index=True),
        sa.Column("made_at", sa.DateTime(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("format", sa.String(), nullable=False),
        sa.Column("asked", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("actor", sa.String()),
    )
    op.create_table(
        "briefing_lines",
        sa.Column("briefing_id", sa.String(), sa.ForeignKey("briefings.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("line", sa.String(), primary_key=True, index=True),
        sa.Column("target", sa.String(), primary_key=True, index=True),
    )


def downgrade() -> None:
    op.drop_table("briefing_lines")
    op.drop_table("briefings")
