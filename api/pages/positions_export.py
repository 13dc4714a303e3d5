"""Positions as rows of a file: of the map, of one stakeholder, or of one topic."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from api.exports.csv_table import Cell as FileCell
from api.exports.made import made_now
from api.pages.paths import evidence_path
from api.services import Services
from api.store.analyst import Sheet
from api.words import story_count
from nlp.cells import Cell
from nlp.records import Tier, Topic

COLUMNS = (
    "stakeholder", "stakeholder_id", "kind", "topic", "topic_id", "stance", "stories", "all_stories", "strength",
    "confidence", "tier", "first", "last", "trend", "thin", "checked", "earlier", "page", "made_by",
)  # fmt: skip


def position_rows(
    sheet: Sheet,
    codes: Iterable[int],
    topics: Mapping[str, Topic],
    services: Services,
    query: str = "",
) -> Iterator[dict[str, FileCell]]:
    """The positions of these rows of a sheet, row by row; ``query`` keeps their pages to the same coverage."""
    made, checked = made_now(), services.store.judging.cells()
    order: Sequence[str] = list(topics)
    places = {id: place for place, id in enumerate(order)}
    for code in codes:
        holder = sheet.holder(code)
        own = sorted(sheet.row(code), key=lambda cell: places.get(cell.position.topic, len(places)))
        for cell in own:
            who = {"stakeholder": holder.name, "stakeholder_id": holder.id, "kind": holder.kind.value}
            by = checked.get((holder.id, cell.position.topic), 0)
            yield {**who, **_fields(cell, topics, query), "checked": by, "made_by": made}


def _fields(cell: Cell, topics: Mapping[str, Topic], query: str) -> dict[str, FileCell]:
    position = cell.position
    return {
        "topic": topics[position.topic].name if position.topic in topics else position.topic,
        "topic_id": position.topic,
        "stance": position.label.value,
        "stories": story_count(position),
        "all_stories": position.story_count,
        "strength": position.strength.value,
        "confidence": position.confidence,
        "tier": Tier.of(position.confidence).value,
        "first": str(position.first) if position.first else None,
        "last": str(position.last) if position.last else None,
        "trend": cell.trend.value if cell.trend else None,
        "thin": "yes" if cell.thin else "no",
        "earlier": position.earlier.value if position.earlier else None,
        "page": evidence_path(position.holder, position.topic) + query,
    }
