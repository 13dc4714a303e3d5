"""Tables of what comes in: files with their claims, what each item of them came to, and files sent to the server."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, String, Table, Text

from api.store.tables import UtcDateTime, json_column, metadata

#: ``id`` hashes name and bytes, which is all that a reading depends on beside ``stamp``, the program that made it.
#: ``batch`` is the run of the command that has the file in hand, ``tries`` how often it ended its reader.
intake_files = Table(
    "intake_files",
    metadata,
    Column("id", String, primary_key=True),
    Column("path", Text, nullable=False),
    Column("state", String, nullable=False),
    Column("stamp", String, nullable=False),
    Column("batch", String),
    Column("worker", String),
    Column("claimed_at", UtcDateTime),
    Column("tries", Integer, nullable=False),
    Column("format", String),
    Column("declared", Integer),
    Column("parsed", Integer, nullable=False),
    Column("reason", Text),
    Column("ended_at", UtcDateTime),
)

intake_items = Table(
    "intake_items",
    metadata,
    Column("file_id", String, ForeignKey("intake_files.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("place", Text, nullable=False),
    Column("state", String, nullable=False),
    Column("article_id", String, index=True),
    Column("reason", Text),
)

#: What was sent waits here for its job; ``given`` is what the sender says of the one article in it.
uploads = Table(
    "uploads",
    metadata,
    Column("id", String, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("data", LargeBinary, nullable=False),
    json_column("given", nullable=True),
    Column("added_at", UtcDateTime, nullable=False, index=True),
)
