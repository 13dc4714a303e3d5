"""Briefings: made from what is stored when asked for, and on record where somebody answers for them."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, Response

from api.briefing.build import make_briefing
from api.briefing.formats import MEDIA_TYPES, Format, kept_as, schema, write_briefing
from api.briefing.record import Briefing
from api.briefing.recording import record_briefing
from api.callers import ASKED
from api.dependencies import ServicesDep
from api.problems import bad_field
from api.routes.briefing_bodies import BriefingIn, CarriedParams, RecordedOut
from api.routes.params import CursorDep, NoParams
from api.schemas import Items

router = APIRouter(tags=["briefings"])

_BINARY = {"schema": {"type": "string", "format": "binary"}}
_TEXT = {"schema": {"type": "string"}}
_PRINTED: dict[int | str, dict[str, Any]] = {
    status: {
        "description": "The briefing in the format that was asked for",
        "content": {
            MEDIA_TYPES[format].partition(";")[0]: _TEXT if format in (Format.MARKDOWN, Format.HTML) else _BINARY
            for format in Format
            if format is not Format.JSON
        },
    }
    for status in (200, 201)
}


@router.get("/briefings", response_model=Briefing, responses={200: _PRINTED[200]})
def get_briefing(params: Annotated[BriefingIn, Query()], services: ServicesDep) -> Response:
    """Who stands where on a proposal, or where some stakeholders stand: positions with their latest words, arguments
    and who makes them, changes, money, who is silent, and numbered sources. Nothing is written: `POST` makes one that
    is kept on record.

    Quotes are copied by offset, and everything that came from an article stands under `untrusted_text`. A line has
    the same id whenever its content is the same. `GET /v1/schemas/briefing` has the JSON Schema.
    """
    return _printed(make_briefing(services, params.to_asked(services, "query")), params.format)


@router.post("/briefings", response_model=Briefing, status_code=201, responses={201: _PRINTED[201]})
def post_briefing(
    body: BriefingIn, _: Annotated[NoParams, Query()], request: Request, services: ServicesDep
) -> Response:
    """The same, kept on record: when it was made, what for, with which key, and which lines it carries.

    `GET /v1/briefings/carried` finds it by any of them, so that whoever was told something that is withdrawn or
    corrected later can be told so. `recorded` has the id of the record.
    """
    caller = request.scope.get(ASKED)
    made = record_briefing(
        services, body.to_asked(services, "body"), body.format, by=caller.key if caller is not None else None
    )
    return _printed(made, body.format, status=201)


@router.get("/briefings/carried")
def list_carried(
    params: Annotated[CarriedParams, Query()], services: ServicesDep, cursor: CursorDep
) -> Items[RecordedOut]:
    """The recorded briefings that carried a line, or any line on a statement, a figure or an article, newest first."""
    given = [value for value in (params.line, params.statement, params.article) if value]
    if len(given) != 1:
        raise bad_field("query.line", "is asked for, or `statement` or `article`: one of the three")
    found = services.store.briefings.carrying(line=params.line, target=params.statement or params.article)
    page = cursor.part(found, params.limit, row=lambda each: [each.id])
    return Items(items=[RecordedOut.from_record(each) for each in page.items], next=page.next)


_SCHEMA = {"type": "object", "examples": [{"$schema": "https://json-schema.org/draft/2020-12/schema"}]}


@router.get(
    "/schemas/briefing",
    response_model=None,
    responses={200: {"content": {"application/json": {"schema": _SCHEMA}}}},
)
def get_schema(_: Annotated[NoParams, Query()]) -> JSONResponse:
    """The JSON Schema (2020-12) of a briefing, for whoever builds on it."""
    return JSONResponse(schema())


def _printed(briefing: Briefing, format: Format, *, status: int = 200) -> Response:
    content, headers = write_briefing(briefing, format), kept_as(briefing, format)
    return Response(content, status_code=status, media_type=MEDIA_TYPES[format], headers=headers)
