"""The addresses of pages, by the ids of what they show."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote, urlencode


@lru_cache(maxsize=8192)
def _part(text: str) -> str:
    """A part of a path; kept, as a map names each holder and proposal in many cells."""
    return quote(text, safe="")


def evidence_path(holder: str, topic: str) -> str:
    """The quotes behind a position."""
    return f"/positions/{_part(holder)}/{_part(topic)}"


def stakeholder_path(id: str) -> str:
    return f"/stakeholders/{_part(id)}"


def topic_path(id: str) -> str:
    return f"/topics/{_part(id)}"


def article_path(id: str, anchor: str = "text") -> str:
    """An article, at one of its statements or figures or at its beginning."""
    return f"/articles/{_part(id)}#{_part(anchor)}"


def exports_path(what: str, query: str = "", **more: str) -> str:
    """The page of all formats for the rows that a page shows; ``query`` is the page's own, with its question mark."""
    parts = (urlencode([("what", what), *more.items()]), query.removeprefix("?"))
    return f"/exports?{'&'.join(filter(None, parts))}"
