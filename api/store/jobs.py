"""Long work that the server took on: kept, claimed by one worker, and told of while it goes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from secrets import token_hex
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select, update

from api.store import engines
from api.store.staging import is_gone, this_worker
from api.store.work_tables import jobs
from nlp.errors import NotFoundError

#: What ended so long ago is taken away when a job is added.
KEPT = timedelta(days=30)
#: What is said of a job that was running when its server ended.
RESTARTED = "restarted: the server ended before this was done; send the request again, what is applied is kept"


#: Jobs that go on where they were, in this or another server, and how often one may be lost before it has failed.
RESUMED = frozenset({"articles.ingest"})
MOST_LOST = 3


class JobState(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One piece of work: ``done`` of ``total`` articles; ``result`` when it is done, ``error`` when it failed."""

    id: str
    kind: str
    state: JobState
    body: Mapping[str, Any]
    done: int
    total: int
    result: Mapping[str, Any] | None
    error: str | None
    added_at: datetime
    began_at: datetime | None
    ended_at: datetime | None


class Jobs:
    """The jobs of a database; threads and servers may share it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, kind: str, body: Mapping[str, Any], *, total: int = 0) -> Job:
        """A job that waits."""
        now, id = datetime.now(UTC), token_hex(8)
        row = {"id": id, "kind": kind, "state": JobState.WAITING, "body": dict(body), "done": 0, "total": total}
        with engines.writing(self._engine) as connection:
            connection.execute(delete(jobs).where(jobs.c.ended_at < now - KEPT))
            connection.execute(insert(jobs), {**row, "added_at": now})
            return _job(connection, id)

    def get(self, id: str) -> Job:
        """Raises NotFoundError."""
        with engines.reading(self._engine) as connection:
            return _job(connection, id)

    def claim(self) -> Job | None:
        """The job that waits longest, which is this worker's now; None when none waits, or another one is run."""
        with engines.writing(self._engine) as connection:
            running = select(jobs.c.worker).where(jobs.c.state == JobState.RUNNING)
            if any(not is_gone(worker) for worker in connection.scalars(running)):
                return None
            waiting = select(jobs.c.id).where(jobs.c.state == JobState.WAITING).order_by(jobs.c.added_at, jobs.c.id)
            id = connection.scalar(waiting.limit(1).with_for_update(skip_locked=True))
            if id is None:
                return None
            _set(connection, id, state=JobState.RUNNING, worker=this_worker(), began_at=datetime.now(UTC))
            return _job(connection, id)

    def advance(self, id: str, done: int, total: int) -> None:
        """Say how far a job is."""
        with engines.writing(self._engine) as connection:
            _set(connection, id, done=done, total=total)

    def finish(self, id: str, result: Mapping[str, Any]) -> None:
        """A job is done, and this came of it."""
        with engines.writing(self._engine) as connection:
            _set(connection, id, state=JobState.DONE, result=dict(result), ended_at=datetime.now(UTC), worker=None)

    def fail(self, id: str, error: str) -> None:
        """A job is over, and this is why."""
        with engines.writing(self._engine) as connection:
            _set(connection, id, state=JobState.FAILED, error=error, ended_at=datetime.now(UTC), worker=None)

    def lose(self, id: str) -> None:
        """The server ends while a job is run: it waits again where it can go on, and has failed otherwise."""
        with engines.writing(self._engine) as connection:
            _lose(connection, _job(connection, id))

    def fail_lost(self) -> int:
        """Do as ``lose`` with the jobs of servers that are gone; how many waiting ones there are."""
        with engines.writing(self._engine) as connection:
            running = select(jobs.c.id, jobs.c.worker).where(jobs.c.state == JobState.RUNNING)
            for row in connection.execute(running).all():
                if is_gone(row.worker):
                    _lose(connection, _job(connection, row.id))
            waiting = select(jobs.c.id).where(jobs.c.state == JobState.WAITING)
            return len(connection.scalars(waiting).all())


def _lose(connection: Connection, job: Job) -> None:
    lost = job.body.get("lost", 0) + 1
    if job.kind in RESUMED and lost <= MOST_LOST:
        _set(connection, job.id, state=JobState.WAITING, worker=None, body={**job.body, "lost": lost})
    else:
        _set(connection, job.id, state=JobState.FAILED, error=RESTARTED, ended_at=datetime.now(UTC), worker=None)


def _set(connection: Connection, id: str, **values: Any) -> None:
    connection.execute(update(jobs).where(jobs.c.id == id).values(**values))


def _job(connection: Connection, id: str) -> Job:
    row = connection.execute(select(jobs).where(jobs.c.id == id)).one_or_none()
    if row is None:
        raise NotFoundError("there is no such job", where=id)
    values = {name: value for name, value in row._mapping.items() if name != "worker"}
    return Job(**{**values, "state": JobState(row.state)})
