"""Items drawn by lot for reviewers, out of all that the program found: they alone say how good it is on the rest.

Whoever judges what he looks at looks at what is odd, so that a share of what was judged anyhow is no estimate.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from random import Random
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from api.store import laying, tables
from api.store.judgement_tables import draws, judgements, machine_results
from nlp.judgements import Item, Judged, Target, target_of

_TABLES = {Judged.HOLDER: tables.statements, Judged.STANCE: tables.stances, Judged.FIGURE: tables.figures}


@dataclass(frozen=True, slots=True)
class Drawn:
    """What was drawn; ``judged`` when a judgement on it was there already."""

    target: Target
    item: Item
    judged: bool


def draw(connection: Connection, kinds: Sequence[Judged], count: int, *, seed: int | None = None) -> list[Drawn]:
    """Draw ``count`` items, or all where there are fewer; a ``seed`` draws the same again."""
    found = []
    places = [(kind, article, number) for kind in kinds for article, number in _counts(connection, kind)]
    ends = list(accumulate(number for _, _, number in places))
    total = ends[-1] if ends else 0
    for lot in sorted(Random(seed).sample(range(total), min(count, total))):
        at = bisect_right(ends, lot)
        kind, article, number = places[at]
        analysis = laying.machine_of(connection, article)
        item = _items(kind, analysis)[lot - (ends[at] - number)]
        found.append(_note(connection, target_of(analysis, item), item))
    return found


def _counts(connection: Connection, kind: Judged) -> list[tuple[str, int]]:
    """How many items of a kind the program found, by article."""
    table = _TABLES[kind]
    query = select(table.c.article_id, func.count()).group_by(table.c.article_id)
    counts = {row[0]: row[1] for row in connection.execute(query)}
    # What was judged is counted as the program found it, so that what was rejected is drawn as often.
    for row in connection.execute(select(machine_results)):
        counts[row.article_id] = len(row.rows[table.name])
    return sorted(counts.items())


def _items(kind: Judged, analysis: Any) -> Sequence[Item]:
    found: Sequence[Item] = getattr(analysis, _TABLES[kind].name)
    return found


def _note(connection: Connection, target: Target, item: Item) -> Drawn:
    columns = judgements.c
    there = connection.execute(select(columns.id, columns.quote, columns.withdrawn_at).where(*_near(columns, target)))
    same = [row for row in there if tuple(row.quote) == target.quote]
    ids = [row.id for row in same]
    connection.execute(update(judgements).where(columns.id.in_(ids)).values(drawn=True))
    if not was_drawn(connection, target):
        connection.execute(insert(draws), {**place_row(target), "at": datetime.now(UTC)})
    return Drawn(target, item, any(row.withdrawn_at is None for row in same))


def was_drawn(connection: Connection, target: Target) -> bool:
    """Whether a lot fell on what is judged."""
    found = connection.scalars(select(draws.c.quote).where(*_near(draws.c, target)))
    return any(tuple(quote) == target.quote for quote in found)


def _near(columns: Any, target: Target) -> list[Any]:
    """Everything that names an item but its words, which engines do not compare inside of JSON."""
    topic = columns.topic.is_(None) if target.topic is None else columns.topic == target.topic
    here = (columns.article_id == target.article, columns.kind == target.kind.value)
    place = columns.place.is_(None) if target.place is None else columns.place == target.place
    return [*here, columns.occurrence == target.occurrence, topic, place]


def place_row(target: Target) -> dict[str, Any]:
    """The columns that name an item."""
    return {
        "kind": target.kind.value,
        "article_id": target.article,
        "quote": list(target.quote),
        "occurrence": target.occurrence,
        "topic": target.topic,
        "place": target.place,
    }
