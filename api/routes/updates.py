"""What is new, changed or withdrawn: for programs that keep in step with what is stored."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Header, Query
from pydantic import Field
from starlette.responses import Response, StreamingResponse

from api.dependencies import ServicesDep
from api.routes.bodies import CleanText
from api.routes.params import MAX_CURSOR, NoParams
from api.store.updates import Kind
from api.updates import UpdateOut, UpdatesOut, lines_of, page_of, place_of

router = APIRouter(prefix="/updates", tags=["updates"])
JSON_LINES = "application/x-ndjson"
_STREAM = {JSON_LINES: {"schema": {"$ref": "#/components/schemas/UpdateOut"}}}


class UpdateParams(NoParams):
    """From where on, and of what."""

    since: (
        Annotated[CleanText, Field(max_length=MAX_CURSOR, json_schema_extra={"pattern": "^[A-Za-z0-9_-]+$"})] | None
    ) = Field(default=None, description="the `next` of the answer before, or the `cursor` of the last row seen")
    limit: int = Field(default=200, ge=1, le=1000, description="how many rows at most; JSON Lines have them all")
    kind: list[Kind] = Field(default=[], max_length=4, description="only these kinds; by default all")
    format: Literal["json", "jsonl"] | None = Field(
        default=None, description=f"jsonl, as `Accept: {JSON_LINES}`, streams all rows as lines of JSON"
    )


@router.get(
    "",
    response_model=UpdatesOut,
    responses={200: {"content": _STREAM, "description": "Rows in order, as one document or as lines"}},
)
def list_updates(
    params: Annotated[UpdateParams, Query()],
    services: ServicesDep,
    accept: Annotated[str, Header(include_in_schema=False)] = "",
) -> UpdatesOut | Response:
    """Articles, statements, figures and positions that are new, changed or withdrawn, in the order of their changes.

    Keep `next` and ask again with it: no row that was written meanwhile is missed, however many write at once. An
    item stands in the feed once, at its last change, so reading it from the beginning gives all that is stored.
    Rows name what changed and where it stands, without its text; `href` leads to it. Positions are those that the
    map shows by default, and changed when label, strength, former stance, body or number of stories did.
    """
    lines = params.format == "jsonl" or (params.format is None and _asks_for_lines(accept))
    if not lines:
        return page_of(services, params.since, params.limit, params.kind)
    # A cursor that cannot be used is refused before anything is sent.
    after = place_of(services, params.since)
    stream = lines_of(services, after, params.kind)
    return StreamingResponse(stream, media_type=JSON_LINES, headers={"Vary": "Accept"})


def _asks_for_lines(accept: str) -> bool:
    return JSON_LINES in {part.partition(";")[0].strip().lower() for part in accept.split(",")}


__all__ = ["UpdateOut", "router"]
