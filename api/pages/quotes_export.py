"""The quotes behind a position as rows of a file: the words, who said them, where, how sure, and why."""

from __future__ import annotations

from collections.abc import Iterator

from api.exports.csv_table import Cell
from api.pages.evidence_view import anchor_of, name_of
from api.pages.paths import article_path
from api.schemas import Names
from api.store import Filters, Reader, StanceRow

#: Rows that are read at a time.
LOT = 200
COLUMNS = (
    "stance", "strength", "words", "holder", "holder_id", "on_behalf_of", "manner", "condition", "reasons", "publisher",
    "published", "title", "confidence", "why", "page", "made_by",
)  # fmt: skip


def quote_rows(reader: Reader, filters: Filters, made: str) -> Iterator[dict[str, Cell]]:
    """Every stance that passes, newest article first."""
    after: str | None = None
    while True:
        page = reader.stances(filters, after=after, limit=LOT)
        ids = {id for row in page.items for id in (row.stance.holder, row.stance.on_behalf_of) if id}
        names = reader.titles(ids)
        yield from (_row(row, names, made) for row in page.items)
        after = page.next
        if after is None:
            return


def _row(row: StanceRow, names: Names, made: str) -> dict[str, Cell]:
    stance, statement, head = row.stance, row.statement, row.article
    spans = statement.spans if statement else stance.evidence.spans
    return {
        "stance": stance.label.value,
        "strength": stance.strength.value,
        "words": statement.text if statement else " ".join(span.text for span in spans),
        "holder": name_of(stance.holder, names),
        "holder_id": stance.holder,
        "on_behalf_of": name_of(stance.on_behalf_of, names) or None,
        "manner": statement.manner.value if statement else None,
        "condition": stance.condition.text if stance.condition else None,
        "reasons": "; ".join(span.text for span in stance.rationales) or None,
        "publisher": head.publisher,
        "published": str(head.published) if head.published else None,
        "title": head.title,
        "confidence": stance.evidence.confidence,
        "why": stance.evidence.reason,
        "page": article_path(head.id, anchor_of(statement.id if statement else None, spans)),
        "made_by": made,
    }
