"""The page that makes a briefing: a form, the briefing as it would be printed, and its five files.

Nothing is recorded here: a page is looked at by anybody. ``POST /v1/briefings`` and ``standpoint brief --record`` do.
"""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse
from starlette.responses import Response

from api.briefing.build import make_briefing
from api.briefing.formats import MEDIA_TYPES, Format, kept_as, write_briefing
from api.briefing.layout import lay_out
from api.briefing.web import body_of
from api.dependencies import ServicesDep
from api.pages.briefing_form import BriefingForm
from api.pages.map_view import CONFIDENCES
from api.pages.templating import render
from api.problems import not_found

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

_NAMES = {
    Format.DOCX: "Word (DOCX)",
    Format.ODT: "OpenDocument (ODT)",
    Format.HTML: "HTML",
    Format.MARKDOWN: "Markdown",
    Format.JSON: "JSON",
}


@router.get("/briefing")
def briefing_page(request: Request, services: ServicesDep) -> HTMLResponse:
    """The form and, once it asks for something, the briefing."""
    form = BriefingForm.read(request.query_params.multi_items(), services)
    made = make_briefing(services, form.asked) if form.asked else None
    return render(
        "briefing.html",
        status=422 if form.errors else 200,
        here="briefing",
        form=form,
        title=made.title.untrusted_text if made else "",
        # The page has the title as its own heading.
        body=body_of(lay_out(made)[1:]) if made else "",
        formats=[(name, f"/briefing/file{form.query(format=format.value)}") for format, name in _NAMES.items()],
        topics=services.topics(),
        confidences=CONFIDENCES,
    )


@router.get("/briefing/file")
def briefing_file(request: Request, services: ServicesDep) -> Response:
    """The briefing as a file. Raises ProblemError where none is asked for."""
    form = BriefingForm.read(request.query_params.multi_items(), services)
    given = request.query_params.get("format", "")
    if form.asked is None or given not in set(Format):
        raise not_found("briefing")
    made, format = make_briefing(services, form.asked), Format(given)
    return Response(write_briefing(made, format), media_type=MEDIA_TYPES[format], headers=kept_as(made, format))
