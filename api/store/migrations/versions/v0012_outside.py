"""The log of updates, webhooks with what waits for them, and watched feeds."""

from __future__ import annotations

from secrets import token_hex

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

TABLES = ("feed_entries", "feeds", "deliveries", "webhooks", "update_state", "updates")


def _string() -> sa.types.TypeEngine[str]:
    """Text in the order of code points, whatever the server speaks."""
    return sa.String().with_variant(sa.String(collation="C"), "postgresql")


def _text() -> sa.types.TypeEngine[str]:
    return sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    _updates()
    _webhooks()
    _feeds()


def _updates() -> None:
    op.create_table(
        "updates",
        sa.Column("number", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("kind", _string(), nullable=False),
        sa.Column("item", _string(), nullable=False),
        sa.Column("article_id", _string()),
        sa.Column("change", _string(), nullable=False),
        sa.Column("digest", _string(), nullable=False),
        sa.Column("about", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.UniqueConstraint("kind", "item", name="uq_updates_kind_item"),
    )
    op.create_index("ix_updates_article_id", "updates", ["article_id"])
    state = op.create_table(
        "update_state",
        sa.Column("id", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("log", _string(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("consumed", sa.Integer(), nullable=False),
        sa.Column("scan", _string()),
        sa.Column("positions", sa.Boolean(), nullable=False),
    )
    # Everything that is stored already is new to a log that is empty.
    row = {"id": 1, "log": token_hex(8), "number": 0, "consumed": 0, "scan": "", "positions": True}
    op.bulk_insert(state, [row])


def _webhooks() -> None:
    op.create_table(
        "webhooks",
        sa.Column("id", _string(), primary_key=True),
        sa.Column("url", _text(), nullable=False),
        sa.Column("secret_mark", _string(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("sent_to", sa.Integer(), nullable=False),
        sa.Column("delivered", sa.Integer(), nullable=False),
        sa.Column("delivered_at", sa.DateTime()),
        sa.Column("error", _text()),
        sa.Column("lease", _string()),
        sa.Column("leased_until", sa.DateTime()),
    )
    hook = sa.ForeignKey("webhooks.id", ondelete="CASCADE", name="fk_deliveries_webhook_id")
    op.create_table(
        "deliveries",
        sa.Column("id", _string(), primary_key=True),
        sa.Column("webhook_id", _string(), hook, nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("body", _text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(), nullable=False),
        sa.Column("error", _text()),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.Column("dead_at", sa.DateTime()),
    )
    op.create_index("ix_deliveries_webhook_id_first", "deliveries", ["webhook_id", "first"])


def _feeds() -> None:
    op.create_table(
        "feeds",
        sa.Column("url", _string(), primary_key=True),
        sa.Column("etag", _text()),
        sa.Column("modified", _text()),
        sa.Column("asked_at", sa.DateTime()),
        sa.Column("not_before", sa.DateTime()),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("error", _text()),
    )
    feed = sa.ForeignKey("feeds.url", ondelete="CASCADE", name="fk_feed_entries_feed")
    op.create_table(
        "feed_entries",
        sa.Column("feed", _string(), feed, primary_key=True),
        sa.Column("entry", _string(), primary_key=True),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("error", _text()),
    )


def downgrade() -> None:
    for name in TABLES:
        op.drop_table(name)
