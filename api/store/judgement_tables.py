"""Tables of what people say: judgements, the program's own results under them, and who stands for whom."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Text, false

from api.store.tables import UtcDateTime, json_column, metadata

#: A judgement names its item by its words (``nlp.judgements``) and hangs on no article, so that it outlives them all.
#: ``found`` and ``correction`` are values by name; ``orphaned``, ``correct`` and ``confidence`` say how it stands to
#: what the program finds now, and are written whenever the article is. ``place`` stands instead of the words where they
#: were taken away with the text.
judgements = Table(
    "judgements",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("id", String, nullable=False, unique=True),
    Column("kind", String, nullable=False),
    Column("article_id", String),
    json_column("quote"),
    Column("occurrence", Integer, nullable=False),
    Column("topic", String),
    Column("stakeholder_id", String, index=True),
    Column("verdict", String, nullable=False),
    json_column("correction"),
    json_column("found"),
    json_column("people"),
    Column("note", Text, nullable=False),
    Column("drawn", Boolean, nullable=False, server_default=false()),
    Column("by", String, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("withdrawn_by", String),
    Column("withdrawn_at", UtcDateTime),
    Column("orphaned", Text),
    Column("correct", Boolean),
    Column("confidence", Float),
    Column("place", Integer),
    Index(None, "article_id", "number"),
    Index(None, "kind", "number"),
    sqlite_autoincrement=True,
)

#: What the program found in an article where people said otherwise; where there is no row, what is stored is that.
machine_results = Table(
    "machine_results",
    metadata,
    Column("article_id", String, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    json_column("rows"),
)

#: Ids of the program in an article that stand for another stakeholder there.
resolutions = Table(
    "resolutions",
    metadata,
    Column("article_id", String, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("found", String, primary_key=True, index=True),
    Column("shown", String, nullable=False, index=True),
)

#: Items that were drawn by lot for a reviewer: only what was drawn says how good the program is on all.
draws = Table(
    "draws",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("kind", String, nullable=False),
    Column("article_id", String, nullable=False),
    json_column("quote"),
    Column("occurrence", Integer, nullable=False),
    Column("topic", String),
    Column("at", UtcDateTime, nullable=False),
    Column("place", Integer),
    Index(None, "article_id", "kind"),
    sqlite_autoincrement=True,
)
