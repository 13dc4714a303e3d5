"""The application: routes, pages, the layers round them, and one handler table for errors."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.responses import Response

from api.guard import SECURITY_HEADERS, Gate, Tags
from api.pages import search_page, views
from api.pages.templating import FOLDER, render_problem
from api.problems import MEDIA_TYPE, Problem, ProblemError, problem_of, problem_response
from api.routes import analyse as analyse_route
from api.routes import articles, figures, positions, search, stakeholders, statements, system, topics
from api.services import Analyse, Engine, Services, version
from api.settings import Settings
from api.store import Store
from nlp.errors import StandpointError

DESCRIPTION = """\
Who stands where on which proposal, in whose words, since when, and with what money quoted. \
Everything is machine-extracted and checked by no one; every answer carries its evidence
and a confidence, which is not calibrated in this version.

Lists come in pages: give the `next` of one as `after` of the following. Filters repeat: the same key again \
widens (or), another key narrows (and); an unknown parameter is refused. Offsets are half-open and count code \
points of the article's text. Errors are problems (RFC 9457). Answers to GET carry an ETag.

Version 1 has no keys: the server answers on this machine only."""

#: Answered with problems; every other address is a page and answers in words.
MACHINE = ("/v1", "/healthz", "/readyz", "/version", "/openapi.json")
_TAGS = {
    "positions": "Who stands where, computed when asked for",
    "statements": "Who said what, where",
    "stakeholders": "People, organisations and groups",
    "topics": "The proposals one can be for or against",
    "articles": "What was read",
    "figures": "The money that articles quote",
    "search": "Statements, articles and figures by their words and by what they mean",
    "analyse": "A text of your own, not stored",
    "system": "Life, readiness, versions",
}


def create_app(
    settings: Settings,
    *,
    store: Store | None = None,
    analyse: Analyse | None = None,
    engine: Engine | None = None,
    create: bool = False,
) -> FastAPI:
    """The application over one data folder; ``create`` makes an empty database where there is none."""
    services = Services(settings, store=store, analyse=analyse, engine=engine, create=create)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        services.close()

    app = FastAPI(title="Standpoint", version=version(), docs_url=None, redoc_url=None, lifespan=lifespan)
    app.state.services = services
    _add_routes(app)
    for kind in (ProblemError, RequestValidationError, HTTPException, StandpointError, Exception):
        app.add_exception_handler(kind, _answer_error)
    app.add_middleware(Tags)
    app.add_middleware(Gate, max_body=settings.max_upload_bytes)
    app.openapi = lambda: app.openapi_schema or _describe(app)  # type: ignore[method-assign]
    return app


def _add_routes(app: FastAPI) -> None:
    v1 = APIRouter(prefix="/v1")
    for module in (positions, statements, stakeholders, topics, articles, figures, search, analyse_route):
        v1.include_router(module.router)
    app.include_router(v1)
    app.include_router(system.router)
    app.include_router(views.router)
    app.include_router(search_page.router)
    app.mount("/static", StaticFiles(directory=FOLDER / "static"), name="static")


def _answer_error(request: Request, error: Exception) -> Response:
    problem = problem_of(error)
    response = problem_response(problem) if request.url.path.startswith(MACHINE) else render_problem(problem)
    # What nobody foresaw is answered outside of the gate, so the headers are set here too.
    for name, value in SECURITY_HEADERS.items():
        response.headers[name] = value
    if isinstance(error, HTTPException) and error.headers:
        response.headers.update(error.headers)
    return response


def _describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document, with problems in place of the framework's own errors."""
    document = get_openapi(
        title=app.title,
        version=app.version,
        summary="Who stands where on which proposal",
        description=DESCRIPTION,
        routes=app.routes,
        tags=[{"name": name, "description": text} for name, text in _TAGS.items()],
    )
    schemas = document["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= problem.pop("$defs") | {"Problem": problem}
    for path, methods in document["paths"].items():
        for operation in methods.values():
            operation["operationId"] = operation["operationId"].partition("_v1_")[0].partition("_get")[0]
            operation["responses"] = _answers(path, operation["responses"])
    app.openapi_schema = document
    return document


def _answers(path: str, answers: dict[str, Any]) -> dict[str, Any]:
    described = {"422": "A part of the request cannot be used", "503": "The database is not there"}
    described |= {"404": "There is none"} if "{" in path else {}
    described |= {"413": "The text is too long"} if path.endswith("/analyse") else {}
    described |= {"409": "Another topic has this id"} if path == "/v1/topics" else {}
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    kept = {status: answer for status, answer in answers.items() if status.startswith("2")}
    if path in ("/healthz", "/version"):
        described.pop("503")
    problems = {status: {"description": text, "content": content} for status, text in sorted(described.items())}
    return kept | problems
