"""Topics: the proposals that one can be for or against, and what comes of a new one."""

from typing import Annotated, Any

from fastapi import APIRouter, BackgroundTasks, Query, Response
from pydantic import Field

from api.applying import add_topic, remove_topic, waiting_articles
from api.dependencies import RunnerDep, ServicesDep
from api.problems import Problem, ProblemError, not_found
from api.routes.bodies import TopicIn
from api.routes.params import CursorDep, Identifier, ListParams, NoParams
from api.routes.topic_jobs import JobOut, accepted, check_now, job_address
from api.routes.why_bodies import CheckOut, TopicState
from api.schemas import Items, TopicOut
from api.services import Services
from api.store.jobs import Job
from api.topic_work import CHECK, check_body, start_applying
from nlp.errors import TopicError
from nlp.records import Topic
from nlp.topics import load_topics

router = APIRouter(prefix="/topics", tags=["topics"])


class CheckParams(NoParams):
    """How much is read, and how much is told."""

    articles: int = Field(default=500, ge=1, le=5000, description="so many articles, those that came last, are read")
    limit: int = Field(default=50, ge=1, le=200, description="how many statements of each list at most")


@router.get("")
def list_topics(params: Annotated[ListParams, Query()], services: ServicesDep, cursor: CursorDep) -> Items[TopicOut]:
    """The shipped topics, then those that users added."""
    places = {topic.id: place for place, topic in enumerate(load_topics(None))}

    def key(topic: Topic) -> list[Any]:
        return [places.get(topic.id, len(places)), topic.id]

    page = cursor.page(sorted(services.topics().values(), key=key), params.limit, key=key)
    return Items(items=[TopicOut.from_record(topic) for topic in page.items], next=page.next)


@router.post("", status_code=202)
def post_topic(
    body: TopicIn,
    _: Annotated[NoParams, Query()],
    services: ServicesDep,
    background: BackgroundTasks,
    runner: RunnerDep,
    response: Response,
) -> TopicState:
    """Keep a topic of your own and apply it to what is stored, without training and without reading anew.

    The answer comes at once; `GET /v1/topics/{id}` says how many articles still wait. Sent again, the same topic
    goes on where the work was interrupted; another one under its id is refused. Where many articles are stored, the
    work is a job, which `job` and `Location` name.
    """
    topic = body.to_record()
    _refuse_clash(topic, services)
    try:
        add_topic(services, topic)
    except TopicError as error:
        # Somebody else took the id in this moment.
        raise _clash(error) from None
    state = _state(topic, services)
    job = start_applying(topic, services, runner, background.add_task, waiting=state.waiting)
    response.headers.update(_where(job))
    return state.model_copy(update={"job": job.id if job else None})


@router.post("/check", response_model=CheckOut, responses={202: {"model": JobOut, "description": "It takes longer"}})
def check_topic(
    body: TopicIn, params: Annotated[CheckParams, Query()], services: ServicesDep, runner: RunnerDep
) -> CheckOut | Response:
    """Which stored statements a topic would catch, and which it narrowly would not. Nothing is written.

    Where more articles are to be read than the server does at once (STANDPOINT_JOB_ARTICLES), the answer is 202 and
    a job; `GET /v1/jobs/{id}` has its progress and, in the end, this answer as its `result`.
    """
    topic = body.to_record()
    total = min(params.articles, services.store.reader.article_count())
    if total > services.settings.job_articles:
        asked = check_body(topic, articles=params.articles, limit=params.limit)
        return accepted(runner.submit(CHECK, asked, total=total))
    return check_now(services, topic, articles=params.articles, limit=params.limit, progress=None)


@router.get("/{id}")
def get_topic(id: Identifier, _: Annotated[NoParams, Query()], services: ServicesDep) -> TopicState:
    """One topic, and how many stored articles still wait to be brought to the topics as they are."""
    topic = services.topics().get(id)
    if topic is None:
        raise not_found("topic")
    return _state(topic, services)


@router.delete("/{id}", status_code=204)
def delete_topic(
    id: Identifier,
    _: Annotated[NoParams, Query()],
    services: ServicesDep,
    background: BackgroundTasks,
    runner: RunnerDep,
) -> Response:
    """Take a topic of your own away with every stance on it; those that ship cannot be removed."""
    try:
        topic = remove_topic(services, id)
    except TopicError as error:
        raise _clash(error) from None
    waiting = len(waiting_articles(services.store, tuple(services.topics().values())))
    job = start_applying(topic, services, runner, background.add_task, waiting=waiting)
    return Response(status_code=204, background=background, headers=_where(job))


def _where(job: Job | None) -> dict[str, str]:
    return {"Location": job_address(job)} if job else {}


def _refuse_clash(topic: Topic, services: Services) -> None:
    known = services.topics().get(topic.id)
    if known is not None and known != topic:
        raise ProblemError(Problem.of(409, "Another topic has this id; choose another one, or delete that topic."))


def _clash(error: TopicError) -> ProblemError:
    return ProblemError(Problem.of(409, f"{error.what[:1].upper()}{error.what[1:]}."))


def _state(topic: Topic, services: Services) -> TopicState:
    topics = tuple(services.topics().values())
    reader = services.store.reader
    return TopicState(
        topic=TopicOut.from_record(topic),
        shipped=any(shipped.id == topic.id for shipped in load_topics(None)),
        articles=len(reader.article_runs()),
        waiting=len(waiting_articles(services.store, topics)),
    )
