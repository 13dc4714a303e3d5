"""Articles that are sent to be kept: as text, as files, or a line of JSON each."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from api.dependencies import RunnerDep, ServicesDep
from api.intake_work import MOST_FILES, start_intake
from api.problems import bad_field
from api.routes.intake_bodies import ArticleIn
from api.routes.params import NoParams
from api.routes.topic_jobs import JobOut, accepted
from api.store.uploads import Upload

router = APIRouter(prefix="/articles", tags=["articles"])

JSON, LINES, FORM = "application/json", "application/x-ndjson", "multipart/form-data"
_FILES = {
    "type": "object",
    "properties": {"files": {"type": "array", "items": {"type": "string", "format": "binary"}, "minItems": 1}},
    "required": ["files"],
    "additionalProperties": False,
    "examples": [{"files": ["the bytes of a file"]}],
}
_LINE = '{"text": "Practices split over shared budget", "publisher": "The Local Paper", "published": "2015-03-12"}\n'
_BODY = {
    "required": True,
    "content": {
        JSON: {"schema": ArticleIn.model_json_schema()},
        LINES: {
            "schema": {"type": "string", "pattern": r"^\{", "description": "an article a line", "examples": [_LINE]}
        },
        FORM: {"schema": _FILES},
    },
}


@router.post("", status_code=202, response_model=JobOut, openapi_extra={"requestBody": _BODY})
async def add_articles(
    request: Request, _: Annotated[NoParams, Query()], services: ServicesDep, runner: RunnerDep
) -> Response:
    """Take articles in: a text with what is known of it, files of any format that is read, or a line of JSON each.

    The answer is 202 and a job: `GET /v1/jobs/{id}` has its progress by files and, in the end, what was stored, what
    was skipped, and why. What was sent is kept until the job has read it.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == FORM:
        files = await _files(request)
    elif kind in (JSON, LINES):
        body = await request.body()
        files = [_lines(body) if kind == LINES else _article(body).to_upload()]
    else:
        raise bad_field("header.Content-Type", f"must be {JSON}, {LINES} or {FORM}")
    return accepted(await run_in_threadpool(start_intake, services, runner, files))


def _lines(body: bytes) -> Upload:
    # What is wrong with single lines is told by the job.
    if not body.startswith(b"{"):
        raise bad_field("body", "must be lines that are JSON objects each; the first does not begin with {")
    return Upload("articles.jsonl", body)


def _article(body: bytes) -> ArticleIn:
    try:
        article = ArticleIn.model_validate_json(body)
    except ValidationError as error:
        faults: list[Any] = [{**fault, "loc": ("body", *fault["loc"])} for fault in error.errors(include_url=False)]
        raise RequestValidationError(faults) from None
    if not article.text.strip():
        raise bad_field("body.text", "must not be empty")
    return article


async def _files(request: Request) -> list[Upload]:
    async with request.form(max_files=MOST_FILES, max_fields=0) as form:
        sent = [value for name, value in form.multi_items() if name == "files" and isinstance(value, UploadFile)]
        if not sent or len(sent) != len(form.multi_items()):
            raise bad_field("body.files", "must be files, and nothing else may be sent with them")
        return [Upload(file.filename or "file", await file.read()) for file in sent]
