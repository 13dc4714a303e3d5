"""The addresses of pages, by the ids of what they show."""

from __future__ import annotations

from urllib.parse import quote, urlencode


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


def exports_path(what: str, query: str = "", **more: str) -> str:
    """The page of all formats for the rows that a page shows; ``query`` is the page's own, with its question mark."""
    parts = (urlencode([("what", what), *more.items()]), query.removeprefix("?"))
    return f"/exports?{'&'.join(filter(None, parts))}"
