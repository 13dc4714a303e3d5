"""How far long work is, and what came of it."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.dependencies import ServicesDep
from api.problems import not_found
from api.routes.params import Identifier, NoParams
from api.routes.topic_jobs import JobOut
from nlp.errors import NotFoundError

router = APIRouter(prefix="/jobs", tags=["jobs"])


@router.get("/{id}")
def get_job(id: Identifier, _: Annotated[NoParams, Query()], services: ServicesDep) -> JobOut:
    """One job. It waits, is running, is done with a result, or failed with a reason; ask again until it ended.

    Jobs are done one after the other. One that was running when the server ended has failed as "restarted".
    """
    try:
        return JobOut.from_record(services.store.jobs.get(id))
    except NotFoundError:
        raise not_found("job") from None
