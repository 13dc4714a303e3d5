"""Whether the server lives, whether it can answer, and what it is made of."""

import platform
from typing import Annotated

from fastapi import APIRouter, Query, Request
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.responses import PlainTextResponse, Response

from api.dependencies import ServicesDep
from api.observe import Metrics
from api.problems import Problem, ProblemError
from api.routes.bodies import HealthOut, VersionOut
from api.routes.params import NoParams
from api.services import version

router = APIRouter(tags=["system"])


@router.get("/healthz")
def healthz(_: Annotated[NoParams, Query()]) -> HealthOut:
    """The process answers."""
    return HealthOut(status="ok")


@router.get("/readyz", responses={503: {"model": Problem, "description": "The database is not there"}})
def readyz(_: Annotated[NoParams, Query()], services: ServicesDep) -> HealthOut:
    """The database is there and answers."""
    store = services.store
    if not store.is_there:
        raise ProblemError(Problem.of(503, "The database is gone; run `standpoint ingest` and start again."))
    store.reader.publishers()
    return HealthOut(status="ready")


@router.get("/version")
def get_version(_: Annotated[NoParams, Query()]) -> VersionOut:
    """Versions of the program, the API and Python."""
    return VersionOut(standpoint=version(), api="v1", python=platform.python_version())


@router.get("/metrics", response_class=PlainTextResponse)
def get_metrics(request: Request, _: Annotated[NoParams, Query()]) -> Response:
    """Metrics for Prometheus: requests by address and status, the time they took, how much is stored."""
    metrics: Metrics = request.app.state.metrics
    return Response(metrics.text(), headers={"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"})
