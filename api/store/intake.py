"""What came in, file by file: claimed by one process, settled item by item, and known when it comes again.

The row of a file is its claim. Whoever is killed leaves it open, and the next to come takes it over; what was written
by then is there, and is not written again. An article and the word that it is there are one transaction.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from api.store import engines, tables, vectors
from api.store.intake_tables import intake_files, intake_items
from api.store.rows import AnalysisRows
from api.store.staging import CLAIMED, is_gone, this_worker
from api.store.writer import Written, admit, write_rows

#: Rows that are read or written at once.
LOT = 500
#: The longest path or reason that is kept, in characters.
LONGEST = 2_000


class FileState(StrEnum):
    OPEN = "open"
    DONE = "done"
    FAILED = "failed"
    QUARANTINED = "quarantined"


class ItemState(StrEnum):
    WAITING = "waiting"
    STORED = "stored"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    SKIPPED = "skipped"
    WITHDRAWN = "withdrawn"


#: Items that gave no article, and why is to be told.
_FAULTY = (ItemState.FAILED, ItemState.SKIPPED)
_HELD = (ItemState.STORED, ItemState.UNCHANGED)


class Claim(StrEnum):
    """What a claim of a file came to: it is ours, another process has it, or this batch had it before."""

    OURS = "ours"
    BUSY = "busy"
    REPEATED = "repeated"


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownFile:
    """A file that came before; ``items`` counts those that are stored."""

    id: str
    path: str
    state: FileState
    stamp: str
    batch: str | None
    tries: int
    format: str | None
    declared: int | None
    parsed: int
    reason: str | None
    items: int


class Item(NamedTuple):
    """An item of a file as it was read: where it stands, its state so far, its article, and why it is skipped."""

    place: str
    state: ItemState
    article: str | None = None
    reason: str | None = None


class Fault(NamedTuple):
    """A file, or an item of it at ``place``, that gave no article, and why."""

    path: str
    place: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A file in the hands of a batch: ``stamp`` is the program that reads it, as its run's digest."""

    id: str
    path: str
    stamp: str
    batch: str


class Intake:
    """What came in to a database; threads and processes may share it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self, id: str) -> KnownFile | None:
        """The file of this name and these bytes, if it came before."""
        held = (intake_items.c.file_id == id, intake_items.c.state.in_(_HELD))
        items = select(func.count()).select_from(intake_items).where(*held).scalar_subquery()
        names = ("id", "path", "state", "stamp", "batch", "tries", "format", "declared", "parsed", "reason")
        columns = [intake_files.c[name] for name in names]
        with engines.reading(self._engine) as connection:
            query = select(*columns, items.label("items")).where(intake_files.c.id == id)
            row = connection.execute(query).one_or_none()
        return None if row is None else KnownFile(**{**row._mapping, "state": FileState(row.state)})

    def is_intact(self, id: str, run: str) -> bool:
        """Whether every article that came of a file is still there, as the run of this digest found it."""
        query = (
            select(func.count())
            .select_from(intake_items)
            .outerjoin(tables.articles, tables.articles.c.id == intake_items.c.article_id)
            .outerjoin(tables.runs, tables.runs.c.id == tables.articles.c.run_id)
            .where(intake_items.c.file_id == id, intake_items.c.state.in_(_HELD))
            .where(func.coalesce(tables.runs.c.digest, "") != run)
        )
        with engines.reading(self._engine) as connection:
            return not connection.scalar(query)

    def faults(self, id: str) -> list[Fault]:
        """The items of a file that gave no article."""
        with engines.reading(self._engine) as connection:
            return [Fault(row.path, row.place, row.reason or "") for row in connection.execute(_faulty_items(id))]

    def every_fault(self) -> Iterator[Fault]:
        """All files and items that gave no article, by file."""
        after = ""
        states = (FileState.FAILED, FileState.QUARANTINED, FileState.DONE)
        while True:
            columns = (intake_files.c.id, intake_files.c.path, intake_files.c.state, intake_files.c.reason)
            query = select(*columns).where(intake_files.c.id > after, intake_files.c.state.in_(states))
            with engines.reading(self._engine) as connection:
                lot = connection.execute(query.order_by(intake_files.c.id).limit(LOT)).all()
                items: dict[str, list[Fault]] = {}
                for row in connection.execute(_faulty_items(*(row.id for row in lot))) if lot else ():
                    items.setdefault(row.file_id, []).append(Fault(row.path, row.place, row.reason or ""))
            for row in lot:
                yield from [Fault(row.path, "", row.reason)] if row.reason else ()
                yield from items.get(row.id, ())
            if len(lot) < LOT:
                return
            after = lot[-1].id

    def blame(self, file: Incoming) -> int:
        """Note that a file ended its reader; how often it has, in all."""
        with engines.writing(self._engine) as connection:
            tries = connection.scalar(select(intake_files.c.tries).where(intake_files.c.id == file.id)) or 0
            _put_file(connection, file, state=FileState.OPEN, tries=tries + 1, **_claimed())
        return tries + 1

    def fail(self, file: Incoming, reason: str, *, quarantine: bool = False, format: str | None = None) -> None:
        """Say why nothing of a file can be read."""
        state = FileState.QUARANTINED if quarantine else FileState.FAILED
        with engines.writing(self._engine) as connection:
            connection.execute(delete(intake_items).where(intake_items.c.file_id == file.id))
            _put_file(connection, file, state=state, reason=_kept(reason), format=format, parsed=0, **_ended())

    def forget(self, id: str) -> None:
        """Take the word away that a file failed, so that it is read like a new one."""
        with engines.writing(self._engine) as connection:
            connection.execute(delete(intake_files).where(intake_files.c.id == id))

    def failed_items(self, file: Incoming) -> frozenset[int]:
        """The items of a file whose analysis failed under the same program."""
        here = (intake_items.c.file_id == file.id, intake_items.c.state == ItemState.FAILED)
        query = select(intake_items.c.seq).join_from(intake_items, intake_files)
        with engines.reading(self._engine) as connection:
            return frozenset(connection.scalars(query.where(*here, intake_files.c.stamp == file.stamp)))

    def open(
        self, file: Incoming, items: Sequence[Item], *, format: str, declared: int | None, reason: str | None
    ) -> Claim:
        """Claim a file with its items; one with none that waits is done. ``reason``: what is wrong with all of it."""
        done = all(item.state is not ItemState.WAITING for item in items)
        state = FileState.DONE if done else FileState.OPEN
        with engines.writing(self._engine) as connection:
            query = select(intake_files).where(intake_files.c.id == file.id).with_for_update()
            row = connection.execute(query).one_or_none()
            if (claim := _claim(row, file)) is not Claim.OURS:
                return claim
            connection.execute(delete(intake_items).where(intake_items.c.file_id == file.id))
            told = {"format": format, "declared": declared, "parsed": len(items), "reason": reason and _kept(reason)}
            # The bytes were read this time, whatever they did to readers before.
            _put_file(connection, file, state=state, tries=0, **told, **(_ended() if done else _claimed()))
            rows = [_item_row(file.id, seq, item) for seq, item in enumerate(items)]
            for start in range(0, len(rows), LOT):
                connection.execute(insert(intake_items), rows[start : start + LOT])
        return Claim.OURS

    def keep(
        self,
        id: str,
        seq: int,
        rows: AnalysisRows,
        embedded: vectors.Embedded | None,
        *,
        last: bool,
        forced: bool = False,
    ) -> Written:
        """Write an article and settle its item, which is the ``last`` of its file: both or neither.

        Raises WithdrawnError, unless the article is ``forced``, and ExpiredError, and keeps nothing.
        """
        with engines.writing(self._engine) as connection:
            admit(connection, rows, forced=forced)
            written = write_rows(connection, rows)
            if embedded and vectors.agrees(connection, embedded.encoder):
                vectors.put_codes(connection, rows.article["id"], embedded.codes)
            state = ItemState.UNCHANGED if written is Written.UNCHANGED else ItemState.STORED
            _settle(connection, id, seq, last=last, state=state)
        return written

    def fail_item(self, id: str, seq: int, reason: str, *, last: bool) -> None:
        """Say why an item gave no article."""
        with engines.writing(self._engine) as connection:
            _settle(connection, id, seq, last=last, state=ItemState.FAILED, reason=_kept(reason))


def _claim(row: Any, file: Incoming) -> Claim:
    if row is None:
        return Claim.OURS
    if row.batch == file.batch:
        # A file that its reader was ended by is claimed while it is tried again, and has no format yet.
        return Claim.OURS if row.state == FileState.OPEN and row.format is None else Claim.REPEATED
    held = row.state == FileState.OPEN and row.worker is not None and not is_gone(row.worker)
    return Claim.BUSY if held and row.claimed_at > datetime.now(UTC) - CLAIMED else Claim.OURS


def _claimed() -> dict[str, Any]:
    return {"worker": this_worker(), "claimed_at": datetime.now(UTC), "ended_at": None}


def _ended() -> dict[str, Any]:
    return {"worker": None, "ended_at": datetime.now(UTC)}


def _put_file(connection: Connection, file: Incoming, **values: Any) -> None:
    known = {"id": file.id, "path": _kept(file.path), "stamp": file.stamp, "batch": file.batch}
    change = update(intake_files).where(intake_files.c.id == file.id).values({**known, **values})
    if not connection.execute(change).rowcount:
        connection.execute(insert(intake_files), {"tries": 0, "parsed": 0, **known, **values})


def _item_row(file: str, seq: int, item: Item) -> dict[str, Any]:
    reason = item.reason and _kept(item.reason)
    row = {"file_id": file, "seq": seq, "place": _kept(item.place), "state": item.state}
    return {**row, "article_id": item.article, "reason": reason}


def _settle(connection: Connection, id: str, seq: int, *, last: bool, **values: Any) -> None:
    here = (intake_items.c.file_id == id, intake_items.c.seq == seq)
    connection.execute(update(intake_items).where(*here).values(**values))
    told = {"state": FileState.DONE, **_ended()} if last else {"claimed_at": datetime.now(UTC)}
    connection.execute(update(intake_files).where(intake_files.c.id == id).values(**told))


def _faulty_items(*files: str) -> Any:
    query = select(intake_items.c.file_id, intake_files.c.path, intake_items.c.place, intake_items.c.reason)
    here = (intake_items.c.file_id.in_(files), intake_items.c.state.in_(_FAULTY))
    return query.join_from(intake_items, intake_files).where(*here).order_by(intake_items.c.file_id, intake_items.c.seq)


def _kept(text: str) -> str:
    """The text as every database keeps it: no NUL, no half characters, not without end."""
    return text[:LONGEST].replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
