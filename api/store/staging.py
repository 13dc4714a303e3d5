"""Analyses beside those that are stored: claimed one by one, kept, and swapped in by one transaction.

An open re-analysis has a row a chosen article: waiting, claimed by a worker, done, or failed. Whoever is killed leaves
a claim that the next worker takes over, so that only the article in hand is done again.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_hex
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, Engine, delete, func, insert, select, update

from api.store import audit, engines, gather, laying, packing, queries, tables
from api.store import records as read
from api.store.filters import Filters
from api.store.rows import AnalysisRows, rows_of, run_row
from api.store.work_tables import part_runs, reanalyses, staged
from api.store.writer import write_rows
from nlp.positions import Observation
from nlp.records import Analysis, Run

#: What can be found anew by itself; each of the first three brings what stands on it.
PARTS = ("stakeholders", "statements", "stances", "figures")
#: A claim of a worker that cannot be asked (on another machine) is taken over after so long.
CLAIMED = timedelta(hours=1)
#: Rows that are read at once.
LOT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How many articles of a re-analysis stand where."""

    waiting: int
    claimed: int
    done: int
    failed: int

    @property
    def total(self) -> int:
        return self.waiting + self.claimed + self.done + self.failed


@dataclass(frozen=True, slots=True, kw_only=True)
class Anew:
    """An analysis in which the parts ``found`` are new; ``part_runs`` are those that another run than its own found."""

    analysis: Analysis
    found: Sequence[str]
    part_runs: Mapping[str, Run]


@dataclass(frozen=True, slots=True)
class Kept:
    """What came of one article: what would change in it (``api.differences``), or why it failed."""

    article: str
    changes: Mapping[str, Any] | None
    reason: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Swapped:
    """``swapped`` articles say now what was found anew; ``left`` were written or taken away by others meanwhile.

    ``orphaned`` judgements have lost their words by it.
    """

    swapped: int
    left: int
    orphaned: int = 0


def this_worker() -> str:
    """The name of this process among those that claim work: machine, number, and when it began."""
    return f"{socket.gethostname()}:{os.getpid()}:{_began(os.getpid())}"


def is_gone(worker: str | None) -> bool:
    """Whether a worker is a process of this machine that lives no more, or this one itself.

    Numbers are given out again, so another process may have the number of one that was killed: in 500 kills over
    10,000 articles a batch waited ten minutes for such a one.
    """
    host, number, began = [*(worker or "").split(":"), "", ""][:3]
    if host != socket.gethostname() or not number.isdecimal():
        return False
    if int(number) == os.getpid():
        return True
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        pass
    now = _began(int(number))
    return now == _DEAD or bool(began and now and began != now)


#: A process that was killed, and that nobody has asked for its end yet.
_DEAD = "Z"


def _began(process: int) -> str:
    """When a process began, in ticks since the machine did; "Z" for a dead one, empty where the system does not say."""
    try:
        # Fields of proc(5); the second is a name in brackets that may hold anything.
        fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return ""
    return _DEAD if fields[0] == _DEAD else fields[19]


class Staging:
    """The open re-analyses of a database; threads may share it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def find(self, plan: str) -> str | None:
        """The open re-analysis of that plan."""
        with engines.reading(self._engine) as connection:
            return connection.scalar(select(reanalyses.c.id).where(reanalyses.c.plan == plan))

    def open(self, plan: str, articles: Sequence[str]) -> str:
        """Begin a re-analysis of these articles, in place of any other that was not swapped in."""
        id = token_hex(8)
        with engines.writing(self._engine) as connection:
            _discard(connection)
            connection.execute(insert(reanalyses), {"id": id, "plan": plan, "began_at": datetime.now(UTC)})
            rows = (
                {"reanalysis_id": id, "article_id": article, "seq": seq, "state": "waiting"}
                for seq, article in enumerate(articles)
            )
            connection.execute(insert(staged), list(rows))
        return id

    def discard(self) -> None:
        """Take away every re-analysis that was not swapped in."""
        with engines.writing(self._engine) as connection:
            _discard(connection)

    def release(self, id: str) -> int:
        """Let go of the claims of workers that are gone; how many."""
        old = datetime.now(UTC) - CLAIMED
        with engines.writing(self._engine) as connection:
            here = (staged.c.reanalysis_id == id, staged.c.state == "claimed")
            rows = connection.execute(select(staged.c.article_id, staged.c.worker, staged.c.claimed_at).where(*here))
            free = [row.article_id for row in rows if is_gone(row.worker) or row.claimed_at < old]
            change = update(staged).where(*here, staged.c.article_id.in_(free)).values(state="waiting", worker=None)
            connection.execute(change)
        return len(free)

    def retry(self, id: str) -> None:
        """Let what failed wait once more."""
        with engines.writing(self._engine) as connection:
            here = (staged.c.reanalysis_id == id, staged.c.state == "failed")
            connection.execute(update(staged).where(*here).values(state="waiting", reason=None))

    def claim(self, id: str) -> str | None:
        """The id of the next article that waits, which is this worker's now; None when none does."""
        with engines.writing(self._engine) as connection:
            waits = (staged.c.reanalysis_id == id, staged.c.state == "waiting")
            query = select(staged.c.article_id).where(*waits).order_by(staged.c.seq).limit(1)
            article = connection.scalar(query.with_for_update(skip_locked=True))
            if article is not None:
                _set(connection, id, article, state="claimed", worker=this_worker(), claimed_at=datetime.now(UTC))
            return article

    def over(self, article: str) -> str | None:
        """What names the stored analysis of an article; another one has another name."""
        with engines.reading(self._engine) as connection:
            return connection.scalar(select(tables.articles.c.digest).where(tables.articles.c.id == article))

    def keep(self, id: str, anew: Anew, *, over: str, changes: Mapping[str, Any]) -> None:
        """Put an analysis beside the one of digest ``over``. Raises StandpointError when it contradicts itself."""
        runs = {part: run_row(run) for part, run in anew.part_runs.items()}
        rows = {**packing.pack(rows_of(anew.analysis)), "found": list(anew.found), "part_runs": runs}
        with engines.writing(self._engine) as connection:
            done = {"rows": rows, "changes": dict(changes), "over": over}
            _set(connection, id, anew.analysis.article.id, state="done", worker=None, **done)

    def fail(self, id: str, article: str, reason: str) -> None:
        """Say why an article cannot be read anew; it stays as it is."""
        with engines.writing(self._engine) as connection:
            _set(connection, id, article, state="failed", worker=None, reason=reason)

    def drop(self, id: str, article: str) -> None:
        """Leave out an article that is not there any more."""
        with engines.writing(self._engine) as connection:
            connection.execute(delete(staged).where(staged.c.reanalysis_id == id, staged.c.article_id == article))

    def progress(self, id: str) -> Progress:
        query = select(staged.c.state, func.count()).where(staged.c.reanalysis_id == id).group_by(staged.c.state)
        with engines.reading(self._engine) as connection:
            counts = {row[0]: row[1] for row in connection.execute(query)}
        return Progress(**{state: counts.get(state, 0) for state in ("waiting", "claimed", "done", "failed")})

    def kept(self, id: str) -> Iterator[Kept]:
        """What came of every article that is done or failed, in their order."""
        with engines.reading(self._engine) as connection:
            for row in _lots(connection, id, staged.c.changes, staged.c.reason):
                yield Kept(row.article_id, row.changes, row.reason)

    def part_runs(self) -> dict[str, dict[str, Run]]:
        """By article, the runs of the parts that another run than the article's found."""
        run = (tables.runs.c.version.label("run_version"), tables.runs.c.digest.label("run_digest"))
        query = select(part_runs.c.article_id, part_runs.c.part, *run, tables.runs.c.models.label("run_models"))
        found: dict[str, dict[str, Run]] = {}
        with engines.reading(self._engine) as connection:
            for row in connection.execute(query.join_from(part_runs, tables.runs)):
                found.setdefault(row.article_id, {})[row.part] = read.run_from(row)
        return found

    def observations(
        self, id: str, topic: str, articles: Iterable[str], *, min_confidence: float
    ) -> tuple[list[Observation], list[Observation]]:
        """What is stored on a topic, and the same with what is staged of some articles in its place."""
        ids = set(articles)
        asked = Filters(topic=(topic,), min_confidence=min_confidence)
        with engines.reading(self._engine) as connection:
            before = [gather.observation_from(row) for row in connection.execute(queries.observation_rows(asked))]
            rows = _staged_stances(connection, id, sorted(ids), topic)
            fresh = [gather.observation_from(row) for row in rows if row.confidence >= min_confidence]
        return before, [*(each for each in before if each.article not in ids), *fresh]

    def swap(self, id: str, detail: Mapping[str, Any]) -> Swapped:
        """Put everything that is done in the place of what is stored, and record it: one transaction."""
        swapped = left = orphaned = 0
        with engines.writing(self._engine) as connection:
            before = laying.orphans(connection)
            for row in _lots(connection, id, staged.c.rows, staged.c.over):
                if row.rows is None:
                    continue
                here = select(tables.articles.c.digest).where(tables.articles.c.id == row.article_id)
                if connection.scalar(here.with_for_update()) == row.over:
                    _put(connection, row.rows)
                    swapped += 1
                else:
                    left += 1
            gone = delete(reanalyses).where(reanalyses.c.id == id)
            connection.execute(delete(staged).where(staged.c.reanalysis_id == id))
            if connection.execute(gone).rowcount:
                orphaned = len(laying.orphans(connection) - before)
                counts = {"swapped": swapped, "left": left, "orphaned": orphaned}
                audit.append(connection, "reanalysis.swapped", id, {**detail, **counts})
        return Swapped(swapped=swapped, left=left, orphaned=orphaned)


def _discard(connection: Connection) -> None:
    connection.execute(delete(staged))
    connection.execute(delete(reanalyses))


def _set(connection: Connection, id: str, article: str, **values: Any) -> None:
    here = (staged.c.reanalysis_id == id, staged.c.article_id == article)
    connection.execute(update(staged).where(*here).values(**values))


def _lots(connection: Connection, id: str, *columns: Any) -> Iterator[Any]:
    """The rows that are done or failed, a lot at a time, so that others may be written between."""
    after = -1
    settled = (staged.c.reanalysis_id == id, staged.c.state.in_(("done", "failed")))
    while True:
        query = select(staged.c.article_id, staged.c.seq, *columns).where(*settled, staged.c.seq > after)
        lot = connection.execute(query.order_by(staged.c.seq).limit(LOT)).all()
        yield from lot
        if len(lot) < LOT:
            return
        after = lot[-1].seq


def _put(connection: Connection, packed: Mapping[str, Any]) -> None:
    rows, found, runs = packing.unpack(packed), packed["found"], packed["part_runs"]
    article = rows.article["id"]
    write_rows(connection, rows, kept=tuple(part for part in PARTS if part not in found))
    connection.execute(delete(part_runs).where(part_runs.c.article_id == article, part_runs.c.part.in_(found)))
    if runs:
        engines.insert_new(connection, tables.runs, list(runs.values()))
        named = [{"article_id": article, "part": part, "run_id": run["id"]} for part, run in runs.items()]
        connection.execute(insert(part_runs), named)


def _staged_stances(connection: Connection, id: str, articles: Sequence[str], topic: str) -> Iterator[Any]:
    """The staged stances of some articles on a topic, as rows of ``queries.observation_rows``."""
    for start in range(0, len(articles), LOT):
        query = select(staged.c.rows, tables.articles.c.story_id).join_from(staged, tables.articles)
        here = (staged.c.reanalysis_id == id, staged.c.article_id.in_(articles[start : start + LOT]))
        for row in connection.execute(query.where(*here).order_by(staged.c.seq)):
            yield from _stances(packing.unpack(row.rows), row.story_id, topic)


def _stances(rows: AnalysisRows, story: str, topic: str) -> Iterator[Any]:
    items = {table.name: found for table, found in rows.items}
    texts = {row["id"]: row["text"] for row in items["statements"]}
    head = {f"article_{name}": rows.article[name] for name in packing.HEAD} | {
        "article_story": story,
        "article_purged": None,
    }
    for row in items["stances"]:
        if row["topic"] == topic:
            yield SimpleNamespace(**{**row, **head, "statement_text": texts.get(row["statement_id"])})
