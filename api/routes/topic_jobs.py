"""Topics checked and applied as jobs, and what is told of a job."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Self

from pydantic import BaseModel, Field
from starlette.responses import JSONResponse

from api.applying import apply_to_stored, check_stored
from api.jobs import Handler, Progress
from api.routes.bodies import TopicIn
from api.routes.intake_bodies import IntakeOut
from api.routes.params import names_for
from api.routes.why_bodies import AppliedOut, CheckOut
from api.services import Services
from api.store.jobs import Job, JobState
from api.topic_work import APPLY, CHECK
from nlp.records import Topic


class JobProgress(BaseModel):
    done: int = Field(examples=[120])
    total: int = Field(description="articles, or files that were sent", examples=[500])


class JobOut(BaseModel):
    """Long work that the server took on; ask again until ``state`` is done or failed."""

    id: str = Field(examples=["5f3a9c0e1b2d4f68"])
    kind: str = Field(examples=[CHECK])
    state: JobState
    progress: JobProgress
    result: CheckOut | AppliedOut | IntakeOut | None = Field(
        description="as the address that took the work on would answer it"
    )
    error: str | None = Field(description="why it failed, and what to do", examples=[None])
    added: datetime
    began: datetime | None
    ended: datetime | None

    @classmethod
    def from_record(cls, job: Job) -> Self:
        return cls.model_validate(
            {
                "id": job.id,
                "kind": job.kind,
                "state": job.state,
                "progress": {"done": job.done, "total": job.total},
                "result": job.result,
                "error": job.error,
                "added": job.added_at,
                "began": job.began_at,
                "ended": job.ended_at,
            }
        )


def accepted(job: Job) -> JSONResponse:
    """202 with the job, and where to ask for it."""
    body = JobOut.from_record(job).model_dump(mode="json")
    return JSONResponse(body, status_code=202, headers={"Location": job_address(job)})


def job_address(job: Job) -> str:
    return f"/v1/jobs/{job.id}"


def check_now(services: Services, topic: Topic, *, articles: int, limit: int, progress: Progress | None) -> CheckOut:
    """What a topic would catch, as it is answered."""
    report = check_stored(services, topic, most=articles, progress=progress)
    shown = (*report.caught[:limit], *report.missed[:limit])
    names = names_for(services.store.reader, (catch.holder for catch in shown))
    return CheckOut.from_record(report, names, limit=limit)


def _topic(body: Mapping[str, Any]) -> Topic:
    return TopicIn.model_validate(body["topic"]).to_record()


def _check(services: Services, body: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
    found = check_now(services, _topic(body), articles=body["articles"], limit=body["limit"], progress=progress)
    return found.model_dump(mode="json")


def _apply(services: Services, body: Mapping[str, Any], progress: Progress) -> Mapping[str, Any]:
    report = apply_to_stored(services, (_topic(body),), progress=progress)
    return AppliedOut.from_record(report).model_dump(mode="json")


HANDLERS: Mapping[str, Handler] = {CHECK: _check, APPLY: _apply}
