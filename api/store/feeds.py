"""What is known of watched feeds: what their servers said, when they may be asked again, which entries were read."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Engine, insert, select, update

from api.store import engines
from api.store.feed_tables import feed_entries, feeds

#: Values in one statement, which every engine takes.
_LOT = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """A feed: ``etag`` and ``modified`` as its server gave them, and how often in a row it could not be read."""

    url: str
    etag: str | None = None
    modified: str | None = None
    asked_at: datetime | None = None
    not_before: datetime | None = None
    failures: int = 0
    gone: bool = False
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """An entry that was seen: whether it is done with, and how often it was tried."""

    done: bool
    attempts: int


class Feeds:
    """The watched feeds of a database."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def get(self, url: str) -> Feed:
        """What is known of a feed; nothing of a new one."""
        with engines.reading(self._engine) as connection:
            row = connection.execute(select(feeds).where(feeds.c.url == url)).one_or_none()
        return Feed(url=url) if row is None else Feed(**row._mapping)

    def note(self, url: str, **values: Any) -> None:
        """Keep what a look at a feed gave: fields of Feed."""
        given = {"asked_at": datetime.now(UTC), **values}
        with engines.writing(self._engine) as connection:
            if not connection.execute(update(feeds).where(feeds.c.url == url).values(given)).rowcount:
                connection.execute(insert(feeds), {"url": url, "failures": 0, "gone": False, **given})

    def seen(self, url: str, keys: Collection[str]) -> Mapping[str, Seen]:
        """Which of these entries were seen before."""
        wanted, found = list(keys), dict[str, Seen]()
        columns = feed_entries.c
        with engines.reading(self._engine) as connection:
            for start in range(0, len(wanted), _LOT):
                query = select(columns.entry, columns.done, columns.attempts).where(columns.feed == url)
                for row in connection.execute(query.where(columns.entry.in_(wanted[start : start + _LOT]))):
                    found[row.entry] = Seen(row.done, row.attempts)
        return found

    def mark(self, url: str, key: str, *, done: bool, error: str | None = None) -> None:
        """Say that an entry was read, or tried once more and why it could not be."""
        columns = feed_entries.c
        here = (columns.feed == url, columns.entry == key)
        with engines.writing(self._engine) as connection:
            values = {"done": done, "error": error, "attempts": columns.attempts + 1}
            if not connection.execute(update(feed_entries).where(*here).values(values)).rowcount:
                row = {"feed": url, "entry": key, "seen_at": datetime.now(UTC)}
                connection.execute(insert(feed_entries), {**row, "done": done, "attempts": 1, "error": error})
