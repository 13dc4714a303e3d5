"""Tables of work and of its record: the audit chain, re-analyses beside what is stored, and jobs of the server."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from api.store.tables import UtcDateTime, json_column, metadata

#: ``previous`` is the ``digest`` of the row before, ``digest`` that of this one (``api.store.audit``). ``at`` is
#: text, so that its digest is the same whatever an engine keeps of a moment.
audit = Table(
    "audit",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", String, nullable=False),
    Column("action", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("actor", String),
    json_column("detail"),
    Column("previous", String, nullable=False),
    Column("digest", String, nullable=False),
)

#: The run behind a part of an article (``api.store.staging.PARTS``) where it is not that of the article.
part_runs = Table(
    "part_runs",
    metadata,
    Column("article_id", String, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("part", String, primary_key=True),
    Column("run_id", String, ForeignKey("runs.id"), nullable=False, index=True),
)

#: A re-analysis that has not been swapped in; ``plan`` names what was asked for, so that it is gone on with.
reanalyses = Table(
    "reanalyses",
    metadata,
    Column("id", String, primary_key=True),
    Column("plan", String, nullable=False),
    Column("began_at", UtcDateTime, nullable=False),
)

#: An article of a re-analysis: ``over`` is the digest of the analysis that ``rows`` would take the place of.
staged = Table(
    "staged",
    metadata,
    Column("reanalysis_id", String, ForeignKey("reanalyses.id", ondelete="CASCADE"), primary_key=True),
    Column("article_id", String, ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("worker", String),
    Column("claimed_at", UtcDateTime),
    Column("over", String),
    json_column("rows", nullable=True),
    json_column("changes", nullable=True),
    Column("reason", Text),
    Index(None, "reanalysis_id", "state", "seq"),
    Index(None, "article_id"),
)

jobs = Table(
    "jobs",
    metadata,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("state", String, nullable=False, index=True),
    json_column("body"),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    json_column("result", nullable=True),
    Column("error", Text),
    Column("worker", String),
    Column("added_at", UtcDateTime, nullable=False),
    Column("began_at", UtcDateTime),
    Column("ended_at", UtcDateTime),
)
