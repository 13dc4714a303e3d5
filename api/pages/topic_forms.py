"""The pages where a topic is added, tried out, followed while it is applied, and removed."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, BackgroundTasks
from fastapi.responses import HTMLResponse
from starlette.responses import RedirectResponse, Response

from api.applying import add_topic, remove_topic, waiting_articles
from api.dependencies import RunnerDep, ServicesDep
from api.pages.forms import Fault, PostedDep, by_field, text_in
from api.pages.templating import render
from api.pages.topic_form import TopicForm
from api.problems import Problem, ProblemError, not_found
from api.services import Services
from api.store.jobs import Job, JobState
from api.topic_work import APPLY, CHECK, check_body, own_topic, start_applying
from api.words import STANCES, StanceWord, confidence_words
from nlp.errors import NotFoundError, TopicError
from nlp.records import StanceLabel, Topic

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

#: A preview reads so many articles, those that came last, and shows so many statements of each list. An article that
#: bears on the topic takes about 0.2 s of processor time: more would be minutes.
PREVIEW_ARTICLES, PREVIEW_SHOWN = 200, 20
#: How long a page waits for a preview before it says how far that is, in seconds, and how often it looks.
PATIENCE, LOOK = 4.0, 0.1
_ENDED = (JobState.DONE, JobState.FAILED)


@dataclass(frozen=True, slots=True)
class CatchView:
    """A statement that the topic would catch, or narrowly miss; what is missed has a likeliest stance only."""

    label: str
    stance: StanceWord
    holder: str
    text: str
    confidence: str
    reason: str
    href: str


@dataclass(frozen=True, slots=True)
class Preview:
    """How far a preview is, and what came of it."""

    job: Job
    caught: tuple[CatchView, ...] = ()
    missed: tuple[CatchView, ...] = ()
    caught_count: int = 0
    missed_count: int = 0
    read: int = 0
    articles: int = 0

    @property
    def ended(self) -> bool:
        return self.job.state in _ENDED


@router.get("/topics/new")
def new_page(services: ServicesDep) -> HTMLResponse:
    """The empty form."""
    return _form_page(TopicForm(), services)


@router.post("/topics/new")
def post_new(posted: PostedDep, services: ServicesDep, runner: RunnerDep, background: BackgroundTasks) -> Response:
    """Try the topic out, or keep it; then another page, so that reloading does nothing twice."""
    form = TopicForm.read(posted)
    faults = form.faults(services.topics())
    if faults:
        return _form_page(form, services, faults=faults)
    topic = form.to_topic()
    if text_in(posted, "do") != "save":
        total = min(PREVIEW_ARTICLES, services.store.reader.article_count())
        asked = check_body(topic, articles=PREVIEW_ARTICLES, limit=PREVIEW_SHOWN)
        return _see(f"/topics/new/{runner.submit(CHECK, asked, total=total).id}#preview")
    try:
        add_topic(services, topic)
    except TopicError as error:
        # Somebody else took the name in this moment.
        return _form_page(form, services, faults=[Fault("name", f"{error.what.replace(repr('id'), 'The name')}.")])
    return _apply(topic, services, runner, background)


@router.get("/topics/new/{id}")
def preview_page(id: str, services: ServicesDep) -> HTMLResponse:
    """The form with a preview under it: what the topic catches, and what it narrowly misses."""
    job = _wait_for(_job(services, id, CHECK), services)
    return _form_page(TopicForm.of(job.body["topic"]), services, preview=_preview(job))


@router.get("/topics/own")
def own_page(services: ServicesDep) -> HTMLResponse:
    """The topics that were added, and how many articles wait to be brought to the topics as they are."""
    topics = services.store.reader.topics()
    return render("topics_own.html", here="add", topics=topics, waiting=_waiting(services))


@router.get("/topics/{id}/state")
def state_page(id: str, services: ServicesDep, job: str = "") -> HTMLResponse:
    """How far a topic is applied to what is stored."""
    topic = _own(services, id)
    reader = services.store.reader
    return render(
        "topic_state.html",
        here="add",
        topic=topic,
        waiting=_waiting(services),
        articles=len(reader.article_runs()),
        job=_job(services, job, APPLY) if job else None,
    )


@router.post("/topics/{id}/state")
def post_state(
    id: str, _: PostedDep, services: ServicesDep, runner: RunnerDep, background: BackgroundTasks
) -> Response:
    """Go on with work that was interrupted."""
    return _apply(_own(services, id), services, runner, background)


@router.get("/topics/{id}/remove")
def remove_page(id: str, services: ServicesDep) -> HTMLResponse:
    """Ask whether the topic is really to go."""
    topic = _own(services, id)
    return render("topic_remove.html", here="add", topic=topic)


@router.post("/topics/{id}/remove")
def post_remove(
    id: str, _: PostedDep, services: ServicesDep, runner: RunnerDep, background: BackgroundTasks
) -> Response:
    """Take the topic away with every stance on it, and show those that are left."""
    _own(services, id)
    topic = remove_topic(services, id)
    start_applying(topic, services, runner, background.add_task, waiting=_waiting(services))
    return _see("/topics/own")


def _apply(topic: Topic, services: Services, runner: RunnerDep, background: BackgroundTasks) -> Response:
    job = start_applying(topic, services, runner, background.add_task, waiting=_waiting(services))
    return _see(f"/topics/{quote(topic.id, safe='')}/state{f'?job={job.id}' if job else ''}")


def _see(address: str) -> RedirectResponse:
    """Post, redirect, get: 303 makes the browser ask for the address."""
    return RedirectResponse(address, status_code=303)


def _form_page(
    form: TopicForm, services: Services, *, faults: Sequence[Fault] = (), preview: Preview | None = None
) -> HTMLResponse:
    return render(
        "topic_new.html",
        status=422 if faults else 200,
        here="add",
        form=form,
        faults=faults,
        errors=by_field(faults),
        preview=preview,
        most=PREVIEW_ARTICLES,
        articles=services.store.reader.article_count(),
    )


def _own(services: Services, id: str) -> Topic:
    topic = own_topic(services, id)
    if topic is not None:
        return topic
    if id in services.topics():
        detail = "This proposal ships with Standpoint: it is always there, and nothing of it waits or can be removed."
        raise ProblemError(Problem.of(409, detail))
    raise not_found("proposal")


def _waiting(services: Services) -> int:
    return len(waiting_articles(services.store, tuple(services.topics().values())))


def _job(services: Services, id: str, kind: str) -> Job:
    try:
        job = services.store.jobs.get(id)
    except NotFoundError:
        raise not_found("piece of work; what is done is kept for 30 days") from None
    if job.kind != kind:
        raise not_found("piece of work")
    return job


def _wait_for(job: Job, services: Services) -> Job:
    """The job when it has ended, or as it is when patience does."""
    until = time.monotonic() + PATIENCE
    while job.state not in _ENDED and time.monotonic() < until:
        time.sleep(LOOK)
        job = services.store.jobs.get(job.id)
    return job


def _preview(job: Job) -> Preview:
    if job.result is None:
        return Preview(job)
    found = job.result
    return Preview(
        job,
        caught=tuple(_catch(row, caught=True) for row in found["caught"]),
        missed=tuple(_catch(row, caught=False) for row in found["missed"]),
        caught_count=found["caught_count"],
        missed_count=found["missed_count"],
        read=found["read"],
        articles=found["articles"],
    )


def _catch(row: Mapping[str, Any], *, caught: bool) -> CatchView:
    label, score = StanceLabel(row["label"]), float(row["score"])
    anchor = str(row["statement"] or "").rpartition(":")[2] or "text"
    return CatchView(
        label=label.value,
        stance=STANCES[label],
        holder=row["holder"]["name"],
        text=row["text"],
        confidence=confidence_words(score) if caught else f"the likeliest stance, with {score:.2f}",
        reason=row["reason"],
        href=f"/articles/{quote(row['article'], safe='')}#{anchor}",
    )
