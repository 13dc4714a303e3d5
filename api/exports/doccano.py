"""Articles for doccano (sequence labelling with relations), JSON Lines: text, entities and relations.

A statement's label is ``stance:topic`` ("oppose:pooling"), or ``statement`` where it takes none; the others are
``holder``, ``cue`` and ``condition``. Offsets count code points, as doccano's do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from api.exports.about import About
from api.exports.jsonl import json_line
from api.exports.regions import Marked, Region


def stream_doccano(found: Iterable[Marked], about: About) -> Iterator[str]:
    """A line an article."""
    for article in found:
        numbers = {id: number for number, id in enumerate(article.regions)}
        entities = [
            {"id": numbers[each.id], "label": _label(each), "start_offset": each.start, "end_offset": each.end}
            for each in article.regions.values()
        ]
        relations = [
            {"id": number, "from_id": numbers[tie.source], "to_id": numbers[tie.target], "type": tie.kind}
            for number, tie in enumerate(article.ties)
        ]
        own = {"article": article.source.id, "licence": article.source.licence, "made_by": about.made}
        yield json_line({"text": article.text, "entities": entities, "relations": relations, **own})


def _label(region: Region) -> str:
    view = region.line.view if region.line else None
    return f"{view.label}:{view.topic}" if view else region.kind
