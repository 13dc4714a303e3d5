"""API keys, and answers to writes that are given again to whoever sends the same Idempotency-Key."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "api_keys",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("scopes", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("revoked_at", sa.DateTime()),
    )
    op.create_table(
        "idempotency",
        sa.Column("id", sa.String(), primary_key=True),
        sa.Column("request", sa.String(), nullable=False),
        sa.Column("status", sa.Integer()),
        sa.Column("media_type", sa.Text()),
        sa.Column("body", sa.LargeBinary()),
        sa.Column("created_at", sa.DateTime(), nullable=False, index=True),
    )


def downgrade() -> None:
    op.drop_table("idempotency")
    op.drop_table("api_keys")
