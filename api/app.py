"""The application: routes, pages, the layers round them, and one handler table for errors."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.routing import Route

from api.addresses import STATIC, Addresses
from api.callers import ASKED, Buckets, Callers
from api.deadline import Bare, Deadline
from api.delivering import Deliverer
from api.describing import describe
from api.guard import LOOPBACK, SECURITY_HEADERS, Gate, Names, Tags
from api.intake_work import INGEST, do_intake
from api.jobs import JobRunner
from api.observe import REQUEST_ID, Metrics, Observe
from api.pages import (
    about_page,
    analyse_page,
    briefing_page,
    exports_page,
    figures_page,
    judgements_page,
    search_page,
    stakeholder_page,
    topic_forms,
    topic_page,
    upload_page,
    views,
)
from api.pages.plain import PlainWords
from api.pages.templating import FOLDER, render_problem
from api.problems import ProblemError, problem_of, problem_response
from api.purging import Purger
from api.repeats import HEADER, Repeats
from api.routes import analyse as analyse_route
from api.routes import (
    articles,
    briefings,
    charts,
    claims,
    compare,
    exports,
    figures,
    intake,
    jobs,
    judgements,
    positions,
    search,
    stakeholders,
    statements,
    system,
    topics,
    updates,
    webhooks,
)
from api.routes.topic_jobs import HANDLERS
from api.services import Analyse, Engine, RunOf, Services, version
from api.settings import THIS_MACHINE, Settings
from api.store import Store
from nlp.errors import StandpointError

#: Answered with problems; every other address is a page and answers in words.
MACHINE = ("/v1", "/healthz", "/readyz", "/version", "/metrics", "/openapi.json")
V1 = "/v1"
ROUTES = (
    *(positions, compare, statements, stakeholders, topics, articles, intake, figures, claims, search, analyse_route),
    *(jobs, updates, webhooks, judgements, exports, briefings, charts),
)
#: An address that is written out stands before one with a hole in its place: /topics/new is no topic.
PAGES = (
    topic_forms,
    analyse_page,
    upload_page,
    about_page,
    views,
    exports_page,
    figures_page,
    judgements_page,
    search_page,
    briefing_page,
    stakeholder_page,
    topic_page,
)


def create_app(
    settings: Settings,
    *,
    store: Store | None = None,
    analyse: Analyse | None = None,
    engine: Engine | None = None,
    create: bool = False,
    run: RunOf | None = None,
) -> FastAPI:
    """The application over one data folder; ``create`` makes an empty database where there is none."""
    services = Services(settings, store=store, analyse=analyse, engine=engine, create=create, run=run)
    runner = JobRunner(services, {**HANDLERS, INGEST: do_intake})
    purger, deliverer = Purger(services), Deliverer(services)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        runner.start()
        purger.start()
        deliverer.start()
        yield
        runner.stop()
        purger.stop()
        deliverer.stop()
        services.close()

    app = FastAPI(title="Standpoint", version=version(), docs_url=None, redoc_url=None, lifespan=lifespan)
    app.state.services, app.state.jobs = services, runner
    _add_routes(app)
    for kind in (ProblemError, RequestValidationError, HTTPException, StandpointError, Exception):
        app.add_exception_handler(kind, _answer_error)
    _add_layers(app, services)
    app.openapi = lambda: app.openapi_schema or describe(app)  # type: ignore[method-assign]
    return app


def _add_layers(app: FastAPI, services: Services) -> None:
    """The layers round the routes; the one added last is the first to see a request."""
    settings = services.settings
    app.state.addresses = addresses = Addresses(_declared())
    app.state.metrics = metrics = Metrics(services)
    app.add_middleware(Tags)
    patience = timedelta(seconds=2 * settings.request_seconds)
    app.add_middleware(Repeats, services=services, addresses=addresses, patience=patience)
    app.add_middleware(Deadline, seconds=settings.request_seconds)
    app.add_middleware(Callers, services=services, addresses=addresses, buckets=Buckets(settings.rate_limit))
    # Level 5: nearly as small as 9, in a third of the time.
    app.add_middleware(GZipMiddleware, minimum_size=1024, compresslevel=5)
    if settings.origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.origins,
            allow_methods=("GET", "HEAD", "POST", "DELETE"),
            allow_headers=("Authorization", "Content-Type", HEADER, "If-None-Match"),
            expose_headers=("ETag", "Retry-After", REQUEST_ID),
        )
    app.add_middleware(Bare)
    app.add_middleware(Gate, max_body=settings.max_upload_bytes, names=_names(settings))
    app.add_middleware(PlainWords, machine=(*MACHINE, STATIC))
    app.add_middleware(Observe, metrics=metrics, addresses=addresses)


def _declared() -> Iterator[tuple[str, set[str]]]:
    """Every address of the program with the methods of one of its routes."""
    for prefix, module in (*(("", each) for each in (system, *PAGES)), *((V1, each) for each in ROUTES)):
        yield from (
            (f"{prefix}{route.path}", route.methods or set())
            for route in module.router.routes
            if isinstance(route, Route)
        )


def _names(settings: Settings) -> Names:
    # A server that everybody can reach has names that it does not know; no page can send a key that it does not have.
    open_to_all = settings.host.lower() not in THIS_MACHINE and not settings.hosts
    hosts = None if open_to_all else LOOPBACK | settings.hosts
    return Names(hosts=hosts, origins=frozenset(settings.origins))


def _add_routes(app: FastAPI) -> None:
    v1 = APIRouter(prefix=V1)
    for module in ROUTES:
        v1.include_router(module.router)
    app.include_router(v1)
    app.include_router(system.router)
    for page in PAGES:
        app.include_router(page.router)
    app.mount(STATIC, StaticFiles(directory=FOLDER / "static"), name="static")


def _answer_error(request: Request, error: Exception) -> Response:
    problem = problem_of(error)
    response = problem_response(problem) if request.url.path.startswith(MACHINE) else render_problem(problem)
    # What nobody foresaw is answered outside of the gate, so the headers are set here too.
    for name, value in SECURITY_HEADERS.items():
        response.headers[name] = value
    if ASKED in request.scope:
        response.headers[REQUEST_ID] = request.scope[ASKED].id
    if isinstance(error, HTTPException) and error.headers:
        response.headers.update(error.headers)
    if problem.status == 405:
        response.headers["Allow"] = ", ".join(request.app.state.addresses.methods(request.url.path))
    return response
