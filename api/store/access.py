"""Who may call, and what was answered to writes: API keys, hashed, and answers kept to be given again."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    Engine,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    select,
    update,
)

from api.store import audit, engines
from api.store.tables import UtcDateTime, articles, metadata, statements
from nlp.errors import NotFoundError, UsageError

#: How long an answer to a write is kept for whoever sends the same ``Idempotency-Key``.
ANSWERS_KEPT = timedelta(hours=24)

api_keys = Table(
    "api_keys",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("scopes", JSON(none_as_null=True), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("revoked_at", UtcDateTime),
)

#: ``id`` is a digest of who sent which key, ``request`` one of what was asked; without a status it is being answered.
idempotency = Table(
    "idempotency",
    metadata,
    Column("id", String, primary_key=True),
    Column("request", String, nullable=False),
    Column("status", Integer),
    Column("media_type", Text),
    Column("body", LargeBinary),
    Column("created_at", UtcDateTime, nullable=False, index=True),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredKey:
    """An API key as it is kept: ``digest`` is the SHA-256 of its token in hexadecimal digits."""

    id: str
    name: str
    digest: str
    scopes: tuple[str, ...]
    created: datetime
    revoked: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAnswer:
    """What was answered to a write; ``status`` is None while it is being done."""

    request: str
    status: int | None
    media_type: str | None
    body: bytes


class Access:
    """Reads and writes API keys and kept answers; threads may share it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def all_keys(self) -> tuple[StoredKey, ...]:
        """Every key, the revoked ones too, oldest first."""
        order = (api_keys.c.created_at, api_keys.c.id)
        with engines.reading(self._engine) as connection:
            return tuple(_key_from(row) for row in connection.execute(select(api_keys).order_by(*order)))

    def key(self, id: str) -> StoredKey | None:
        """The key of this id, revoked or not."""
        with engines.reading(self._engine) as connection:
            row = connection.execute(select(api_keys).where(api_keys.c.id == id)).one_or_none()
        return None if row is None else _key_from(row)

    def add_key(self, *, id: str, name: str, digest: str, scopes: Collection[str]) -> None:
        """Keep a key. Raises UsageError when a key in use has this name."""
        columns = api_keys.c
        with engines.writing(self._engine) as connection:
            same = select(columns.id).where(columns.name == name, columns.revoked_at.is_(None))
            if connection.execute(same).first():
                raise UsageError("a key of this name is in use", where=name, do="choose another name, or revoke it")
            row = {"id": id, "name": name, "digest": digest, "scopes": list(scopes), "created_at": datetime.now(UTC)}
            connection.execute(insert(api_keys), row)
            audit.append(connection, "key.added", id, {"name": name, "scopes": list(scopes)})

    def revoke_key(self, named: str) -> StoredKey:
        """Take the rights of the key of this id or name away. Raises NotFoundError when none in use has it."""
        columns = api_keys.c
        wanted = ((columns.id == named) | (columns.name == named)) & columns.revoked_at.is_(None)
        with engines.writing(self._engine) as connection:
            row = connection.execute(select(api_keys).where(wanted)).first()
            if row is None:
                raise NotFoundError("there is no such key in use", where=named, do="see standpoint keys list")
            now = datetime.now(UTC)
            connection.execute(update(api_keys).where(columns.id == row.id).values(revoked_at=now))
            audit.append(connection, "key.revoked", row.id, {"name": row.name})
        return _key_from(row)

    def sizes(self) -> dict[str, int]:
        """How many articles and statements there are: what can be counted often, even in a large database."""
        counts = {
            each.name: select(func.count()).select_from(each).scalar_subquery() for each in (articles, statements)
        }
        with engines.reading(self._engine) as connection:
            row = connection.execute(select(*(count.label(name) for name, count in counts.items()))).one()
        return dict(row._mapping)

    def claim_answer(self, id: str, request: str, *, patience: timedelta) -> StoredAnswer | None:
        """None to whoever is to do the work, and else what was answered or is being done.

        What is older than a day is forgotten, and work that nobody finished within ``patience``: its server died.
        """
        columns, now = idempotency.c, datetime.now(UTC)
        lost = columns.status.is_(None) & (columns.created_at < now - patience)
        with engines.writing(self._engine) as connection:
            connection.execute(delete(idempotency).where((columns.created_at < now - ANSWERS_KEPT) | lost))
            row = connection.execute(select(idempotency).where(columns.id == id)).one_or_none()
            if row is None:
                connection.execute(insert(idempotency), {"id": id, "request": request, "created_at": now})
                return None
        return StoredAnswer(request=row.request, status=row.status, media_type=row.media_type, body=row.body or b"")

    def keep_answer(self, id: str, *, status: int, media_type: str | None, body: bytes) -> None:
        """Keep what was answered, to be given again."""
        values = {"status": status, "media_type": media_type, "body": body}
        with engines.writing(self._engine) as connection:
            connection.execute(update(idempotency).where(idempotency.c.id == id).values(values))

    def drop_claim(self, id: str) -> None:
        """Let the work be tried again: it failed through no fault of the request."""
        with engines.writing(self._engine) as connection:
            connection.execute(delete(idempotency).where(idempotency.c.id == id, idempotency.c.status.is_(None)))


def _key_from(row: Any) -> StoredKey:
    return StoredKey(
        id=row.id,
        name=row.name,
        digest=row.digest,
        scopes=tuple(row.scopes),
        created=row.created_at,
        revoked=row.revoked_at,
    )
