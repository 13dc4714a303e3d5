"""Tables of what comes in from feeds and goes out to others: watched feeds, the log of updates, webhooks."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from api.store.tables import UtcDateTime, json_column, metadata

#: What changed, each item once, at its last change (``api.store.updates``). ``item`` is an id, of a position the
#: SHA-256 of its holder and topic; ``digest`` is of what the item says, empty when it is gone.
updates = Table(
    "updates",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("kind", String, nullable=False),
    Column("item", String, nullable=False),
    Column("article_id", String),
    Column("change", String, nullable=False),
    Column("digest", String, nullable=False),
    json_column("about"),
    Column("at", UtcDateTime, nullable=False),
    UniqueConstraint("kind", "item"),
    Index(None, "article_id"),
)

#: One row: ``log`` names this log among all others, ``number`` is the last one given out. ``consumed`` is how far
#: ``observation_changes`` is read, ``scan`` behind which article a look at all of them goes on (NULL: none goes on),
#: ``positions`` whether they are still to be compared.
update_state = Table(
    "update_state",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("log", String, nullable=False),
    Column("number", Integer, nullable=False),
    Column("consumed", Integer, nullable=False),
    Column("scan", String),
    Column("positions", Boolean, nullable=False),
)

#: ``sent_to`` is the number of the last update that is in a delivery; ``lease`` and ``leased_until`` are those of the
#: server that delivers at the moment. The secret is not kept: ``secret_mark`` tells whether a server can derive it.
webhooks = Table(
    "webhooks",
    metadata,
    Column("id", String, primary_key=True),
    Column("url", Text, nullable=False),
    Column("secret_mark", String, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("sent_to", Integer, nullable=False),
    Column("delivered", Integer, nullable=False),
    Column("delivered_at", UtcDateTime),
    Column("error", Text),
    Column("lease", String),
    Column("leased_until", UtcDateTime),
)

#: What waits to be delivered, or could not be (``dead_at``); ``body`` is the same at every attempt.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", String, primary_key=True),
    Column("webhook_id", String, ForeignKey("webhooks.id", ondelete="CASCADE"), nullable=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("next_at", UtcDateTime, nullable=False),
    Column("error", Text),
    Column("created_at", UtcDateTime, nullable=False),
    Column("dead_at", UtcDateTime),
    Index(None, "webhook_id", "first"),
)

#: A feed that was watched: what its server said of its state, and when it may be asked again.
feeds = Table(
    "feeds",
    metadata,
    Column("url", String, primary_key=True),
    Column("etag", Text),
    Column("modified", Text),
    Column("asked_at", UtcDateTime),
    Column("not_before", UtcDateTime),
    Column("failures", Integer, nullable=False),
    Column("gone", Boolean, nullable=False),
    Column("error", Text),
)

#: An entry that was seen, by the SHA-256 of its id: read (``done``), or how often it was tried and what was wrong.
feed_entries = Table(
    "feed_entries",
    metadata,
    Column("feed", String, ForeignKey("feeds.url", ondelete="CASCADE"), primary_key=True),
    Column("entry", String, primary_key=True),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("done", Boolean, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("error", Text),
)
