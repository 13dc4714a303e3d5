"""What a route or a page is handed by FastAPI: the services of the program, its reader, and what runs its jobs."""

from __future__ import annotations

from typing import Annotated

from fastapi import Depends, Request

from api.jobs import JobRunner
from api.services import Services
from api.store import Reader


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


ServicesDep = Annotated[Services, Depends(_services)]


def _reader(services: ServicesDep) -> Reader:
    return services.store.reader


def _runner(request: Request) -> JobRunner:
    runner: JobRunner = request.app.state.jobs
    return runner


ReaderDep = Annotated[Reader, Depends(_reader)]
RunnerDep = Annotated[JobRunner, Depends(_runner)]
