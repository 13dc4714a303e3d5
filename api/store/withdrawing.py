"""Articles that were taken away, or whose text was, and why they may not come back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, and_, delete, or_, select

from api.store import tables
from api.store.engines import insert_new
from api.store.holding_tables import withdrawals
from nlp.errors import ExpiredError, NotFoundError, WithdrawnError

NO_WHY = "no reason was given"


def bury(connection: Connection, article: Any, reason: str) -> None:
    """Keep in mind that an article, a row of the table, was taken away, when and why."""
    row = {"id": article.id, "source": article.source, "whole_source": False, "title": article.title}
    insert_new(connection, withdrawals, [{**row, "reason": reason or NO_WHY, "at": datetime.now(UTC)}])


def refuse_withdrawn(connection: Connection, id: str, source: str, url: str | None) -> None:
    """Raises WithdrawnError, with when and why, when this article or its whole source was withdrawn."""
    row = connection.execute(select(withdrawals).where(_about(id, source, url)).limit(1)).one_or_none()
    if row is not None:
        what = f"it was withdrawn on {row.at:%Y-%m-%d}: {row.reason}"
        raise WithdrawnError(what, where=source, do=f"standpoint withdraw --undo {row.id} lets it in again")


def absent(connection: Connection, id: str) -> NotFoundError:
    """Why an article is not there: a WithdrawnError that says when it was taken away and why, where it was."""
    row = connection.execute(select(withdrawals).where(withdrawals.c.id == id)).one_or_none()
    if row is None or row.whole_source:
        return NotFoundError("there is no such article", where=id)
    return WithdrawnError(f"this article was withdrawn on {row.at:%Y-%m-%d}: {row.reason}", where=id)


def readmit(connection: Connection, id: str, source: str, url: str | None) -> bool:
    """Forget that an article was withdrawn; whether it was."""
    return bool(connection.execute(delete(withdrawals).where(_about(id, source, url))).rowcount)


def refuse_purged(connection: Connection, id: str) -> None:
    """Raises ExpiredError when the text of an article was purged: no analysis brings it back."""
    columns = tables.articles.c
    here = columns.id == id, columns.purged_at.is_not(None)
    row = connection.execute(select(columns.source, columns.purged_at).where(*here)).one_or_none()
    if row is not None:
        raise ExpiredError(
            f"its text was purged on {row.purged_at:%Y-%m-%d}, as its licence had ended", where=row.source
        )


def _about(id: str, source: str, url: str | None) -> Any:
    named = [withdrawals.c.source == each for each in (source, url) if each]
    return or_(withdrawals.c.id == id, and_(withdrawals.c.whole_source, or_(*named)))
