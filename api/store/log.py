"""The log of changed articles, for whoever holds observations in memory (``api.store.narrow``)."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, insert, select, update

from api.store import tables


def note_changes(connection: Connection, ids: Sequence[str | None]) -> None:
    """Say to whoever holds observations in memory that these articles changed; None says that any may have."""
    if not ids:
        return
    # The counter's row is locked until the transaction ends, so that numbers become visible in their order.
    state = tables.observation_state
    connection.execute(update(state).values(number=state.c.number + len(ids)))
    last = connection.scalar(select(state.c.number)) or 0
    rows = [{"number": last - place, "article_id": id} for place, id in enumerate(ids)]
    connection.execute(insert(tables.observation_changes), rows)
