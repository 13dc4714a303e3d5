"""The recorded briefings that carried what is shown, so that whoever was told it can be told that it changed."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from api.store.briefings import Briefings, Recorded

#: How many briefings are named, the newest; ``standpoint brief --carried`` lists all.
NAMED = 20


@dataclass(frozen=True, slots=True)
class CarriedView:
    """A recorded briefing; ``href`` asks for the same once more and is empty where the page cannot ask it."""

    id: str
    title: str
    made: date
    format: str
    lines: int
    href: str


def carried_views(log: Briefings, targets: Collection[str]) -> dict[str, tuple[CarriedView, ...]]:
    """By article, statement or figure, the briefings with a line on it, the newest first."""
    found = log.carrying_any(targets)
    return {target: tuple(_view(each) for each in records[:NAMED]) for target, records in found.items()}


def _view(record: Recorded) -> CarriedView:
    return CarriedView(
        record.id, record.title, record.made.date(), record.format, len(record.lines), _href(record.asked)
    )


def _href(asked: Mapping[str, Any]) -> str:
    topics = asked.get("topics") or ()
    if len(topics) > 1:
        return ""
    pairs = [("topic", name) for name in topics]
    pairs += [("stakeholder", "; ".join(asked.get("stakeholders") or ()))]
    pairs += [("from", asked.get("since") or ""), ("to", asked.get("until") or "")]
    pairs += [("all_topics", "1" if asked.get("all_topics") else "")]
    pairs += [("min_confidence", f"{asked.get('min_confidence') or 0:g}")]
    return f"/briefing?{urlencode([(name, value) for name, value in pairs if value])}"
