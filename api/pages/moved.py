"""The address of a merged stakeholder leads to that of the one that stands for it, for as long as it does."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse


def moved(path: str, request: Request) -> RedirectResponse:
    """There, with the same query; not for good, as a merge can be taken back."""
    query = request.url.query
    return RedirectResponse(f"{path}?{query}" if query else path, status_code=307)
