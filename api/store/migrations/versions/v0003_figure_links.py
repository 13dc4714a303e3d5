"""Figures in cash or real terms, one-off or recurring, and linked with one another."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("terms", "recurrence"):
        op.add_column("figures", sa.Column(name, sa.String(), nullable=False, server_default="unspecified"))
    op.add_column("figures", sa.Column("links", sa.JSON(), nullable=False, server_default=sa.text("'[]'")))


def downgrade() -> None:
    for name in ("links", "recurrence", "terms"):
        op.drop_column("figures", name)
