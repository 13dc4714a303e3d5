"""Tables of what is held and no longer held: bodies that tell copies of one story, and articles that were withdrawn."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Date, ForeignKey, Integer, LargeBinary, String, Table, Text

from api.store.tables import UtcDateTime, metadata

#: The distinct bodies of articles (``nlp.stories``). Exact copies share one; a short one has no signature.
story_bodies = Table(
    "story_bodies",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("digest", String, nullable=False, unique=True),
    Column("signature", LargeBinary),
    sqlite_autoincrement=True,
)

#: By the bands of their signatures bodies find those that may be copies. The rows of a body are known by its
#: signature, so they need no second index, and go with it by hand.
story_bands = Table(
    "story_bands",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("body", Integer, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)

#: Which body an article has, and the days on which it can have been published (NULL: unknown).
story_members = Table(
    "story_members",
    metadata,
    Column("article_id", String, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("body", Integer, ForeignKey("story_bodies.number"), nullable=False, index=True),
    Column("day", Date),
    Column("last_day", Date),
)

#: What was taken away and is not taken in again. ``whole_source``: nothing of that source is, whatever its text;
#: ``id`` is then that of an empty text.
withdrawals = Table(
    "withdrawals",
    metadata,
    Column("id", String, primary_key=True),
    Column("source", String, nullable=False, index=True),
    Column("whole_source", Boolean, nullable=False),
    Column("title", Text),
    Column("reason", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
)
