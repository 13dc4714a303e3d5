"""Files that were sent to the server and wait for the job that reads them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import Engine, delete, insert, select

from api.store import engines
from api.store.intake_tables import uploads

#: What no job has read within so long is taken away when more is sent.
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent; ``given`` is what its sender says of the one article in it."""

    name: str
    data: bytes
    given: Mapping[str, Any] | None = None


class Uploads:
    """The files that wait in a database; threads and servers may share it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, files: Sequence[Upload]) -> str:
        """Keep files; the id under which they are found."""
        id, now = token_hex(8), datetime.now(UTC)
        rows = [
            {"id": id, "seq": seq, "name": file.name, "data": file.data, "given": file.given, "added_at": now}
            for seq, file in enumerate(files)
        ]
        with engines.writing(self._engine) as connection:
            connection.execute(delete(uploads).where(uploads.c.added_at < now - KEPT))
            connection.execute(insert(uploads), rows)
        return id

    def files(self, id: str) -> Iterator[Upload]:
        """What was sent, a file at a time."""
        with engines.reading(self._engine) as connection:
            numbers = connection.scalars(select(uploads.c.seq).where(uploads.c.id == id).order_by(uploads.c.seq)).all()
        for seq in numbers:
            query = select(uploads.c.name, uploads.c.data, uploads.c.given)
            with engines.reading(self._engine) as connection:
                row = connection.execute(query.where(uploads.c.id == id, uploads.c.seq == seq)).one_or_none()
            if row is not None:
                yield Upload(row.name, row.data, row.given)

    def drop(self, id: str) -> None:
        """Take away what was sent: it has been read."""
        with engines.writing(self._engine) as connection:
            connection.execute(delete(uploads).where(uploads.c.id == id))
