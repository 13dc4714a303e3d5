"""Who judges: the name that a reviewer gives, or that of the API key which the request carries."""

from __future__ import annotations

from typing import NamedTuple

from starlette.requests import Request

from api.callers import ASKED
from api.services import Services


class Reviewer(NamedTuple):
    """``name`` is kept with what is said, and ``key`` (an id, or empty) in the audit chain."""

    name: str
    key: str


def reviewer_of(request: Request, services: Services, given: str | None) -> Reviewer | None:
    """Who judges by this request; None where neither a name nor a key says so."""
    asked = request.scope.get(ASKED)
    key = services.store.access.key(asked.key) if asked is not None and asked.key else None
    name = " ".join((given or "").split()) or (key.name if key else "")
    return Reviewer(name, key.id if key else "") if name else None
