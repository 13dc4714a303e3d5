"""Tables of the record of briefings: which were made, of what, and which lines each carried."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String, Table, Text

from api.store.tables import UtcDateTime, json_column, metadata

#: ``briefing`` is the id that the document itself carries, the same for the same lines; ``actor`` the id of a key.
briefings = Table(
    "briefings",
    metadata,
    Column("id", String, primary_key=True),
    Column("briefing", String, nullable=False, index=True),
    Column("made_at", UtcDateTime, nullable=False),
    Column("title", Text, nullable=False),
    Column("format", String, nullable=False),
    json_column("asked"),
    Column("actor", String),
)

#: A line that a briefing carried, once for each thing that it stands on: the id of an article, a statement or a
#: figure; empty where it stands on none. No foreign keys: what was withdrawn must still be found.
carried = Table(
    "briefing_lines",
    metadata,
    Column("briefing_id", String, ForeignKey("briefings.id", ondelete="CASCADE"), primary_key=True),
    Column("line", String, primary_key=True, index=True),
    Column("target", String, primary_key=True, index=True),
)
