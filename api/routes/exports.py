"""Exports: everything that passes the filters as one file, in the formats of the tools it goes to."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import StreamingResponse

from api.callers import ASKED, Asked
from api.dependencies import ServicesDep
from api.exports.export import export
from api.exports.formats import FORMS, Format, What
from api.problems import bad_field
from api.routes.coverage import FileParams, question_of
from nlp.errors import UsageError

router = APIRouter(prefix="/exports", tags=["exports"])
_FILES = {form.media_type: {"schema": {"type": "string", "format": "binary"}} for form in FORMS.values()}


class ExportParams(FileParams):
    """What is wanted, in which format, and which part of the coverage."""

    what: What = Field(default=What.STATEMENTS, description="what a row is")
    format: Format = Field(
        default=Format.CSV,
        description="; ".join(f"{name.value}: {form.words} ({', '.join(form.holds)})" for name, form in FORMS.items()),
    )


@router.get("", response_class=StreamingResponse, responses={200: {"description": "The file", "content": _FILES}})
def get_export(params: Annotated[ExportParams, Query()], services: ServicesDep, request: Request) -> StreamingResponse:
    """All that passes the filters, complete rather than a page, as a file to keep. What is written meanwhile may or may
    not be in it. `kind` and `group` are for positions and the map; figures have no stance and no manner.
    XLSX, ODS, Parquet, SQLite and networks are written before the answer begins, within the time that one may take:
    for more than some 100,000 rows of them use `standpoint export`."""
    question, asked = question_of(params, services), request.scope.get(ASKED) or Asked("")
    try:
        ready = export(services, params.what, params.format, question, actor=asked.key or "")
    except UsageError as error:
        raise bad_field(
            "query.format" if "format" in error.what else "query.what", f"{error.what}; {error.do}"
        ) from error
    headers = {"Content-Disposition": f'attachment; filename="{ready.name}"', "Cache-Control": "no-store"}
    headers |= {"Content-Length": str(ready.size)} if ready.size is not None else {}
    return StreamingResponse(ready.pieces, media_type=ready.media_type, headers=headers)
