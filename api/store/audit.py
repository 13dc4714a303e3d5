"""The audit chain: every row holds the SHA-256 of the row before, so that a change of any of them shows.

What is recorded and its row are one transaction. A row's digest is that of its other columns as canonical JSON: keys
sorted, no spaces, UTF-8. Rows that are cut off at the end leave no mark in the chain itself: whoever must notice that
keeps the digest of the last row elsewhere (``standpoint verify`` prints it).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, insert, select, text

from api.store import engines
from api.store.work_tables import audit

#: What the first row holds in place of a row before it.
NOTHING = "0" * 64
#: Rows of the chain that are read at once.
LOT = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """One row: ``action`` on ``subject`` (an id) by ``actor`` (None: whoever uses this machine), with its detail."""

    number: int
    at: str
    action: str
    subject: str
    actor: str | None
    detail: Mapping[str, Any]
    previous: str
    digest: str

    def true_digest(self) -> str:
        """The digest that the row's content has."""
        content = {key: value for key, value in asdict(self).items() if key != "digest"}
        return sha256(canonical(content).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Break:
    """Where the chain does not hold, and how."""

    number: int
    what: str


def canonical(content: Mapping[str, Any]) -> str:
    """The one JSON text of a content. Raises TypeError for what JSON has no form for."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


def append(
    connection: Connection, action: str, subject: str, detail: Mapping[str, Any] | None = None, *, actor: str = ""
) -> AuditRow:
    """Add a row in the transaction of what it records. Actions are words with a dot, such as "topic.added"."""
    if not engines.is_sqlite(connection):
        # Two transactions must not both follow the same row; a SQLite writer is alone anyway.
        connection.execute(text("LOCK TABLE audit IN SHARE ROW EXCLUSIVE MODE"))
    last = connection.execute(select(audit.c.number, audit.c.digest).order_by(audit.c.number.desc()).limit(1)).first()
    row = {
        "number": last.number + 1 if last else 1,
        "at": datetime.now(UTC).isoformat(timespec="microseconds"),
        "action": action,
        "subject": subject,
        "actor": actor or None,
        "detail": json.loads(canonical(detail or {})),
        "previous": last.digest if last else NOTHING,
    }
    made = AuditRow(**row, digest=sha256(canonical(row).encode()).hexdigest())
    connection.execute(insert(audit), asdict(made))
    return made


def rows(connection: Connection, *, after: int = 0) -> Iterator[AuditRow]:
    """The rows from the first on, a lot at a time."""
    while True:
        lot = connection.execute(select(audit).where(audit.c.number > after).order_by(audit.c.number).limit(LOT)).all()
        yield from (AuditRow(**row._mapping) for row in lot)
        if len(lot) < LOT:
            return
        after = lot[-1].number


def breaks(connection: Connection) -> Iterator[Break]:
    """Every place where a row is not what it was, or does not follow the one before."""
    number, digest = 0, NOTHING
    for row in rows(connection):
        if row.number != number + 1:
            yield Break(row.number, f"the row before it should be {row.number - 1} and is {number or 'missing'}")
        if row.previous != digest:
            yield Break(row.number, "it does not hold the SHA-256 of the row before")
        if row.true_digest() != row.digest:
            yield Break(row.number, "its content is not what was written")
        number, digest = row.number, row.digest


def head(connection: Connection) -> tuple[int, str]:
    """Number and digest of the last row; 0 and zeros when there is none."""
    last = connection.execute(select(audit.c.number, audit.c.digest).order_by(audit.c.number.desc()).limit(1)).first()
    return (last.number, last.digest) if last else (0, NOTHING)
