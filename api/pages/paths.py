"""The addresses of pages, by the ids of what they show."""

from __future__ import annotations

from urllib.parse import quote


def evidence_path(holder: str, topic: str) -> str:
    """The quotes behind a position."""
    return f"/positions/{quote(holder, safe='')}/{quote(topic, safe='')}"


def stakeholder_path(id: str) -> str:
    return f"/stakeholders/{quote(id, safe='')}"


def topic_path(id: str) -> str:
    return f"/topics/{quote(id, safe='')}"


def article_path(id: str, anchor: str = "text") -> str:
    """An article, at one of its statements or figures or at its beginning."""
    return f"/articles/{quote(id, safe='')}#{quote(anchor, safe='')}"
