"""Long work is a job: taken on with 202, done by one worker, told of while it goes on, and never lost silently."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from threading import Event
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import update

from api.app import create_app
from api.applying import Step
from api.jobs import JobRunner
from api.services import Services
from api.settings import Settings
from api.store import Filters, Store, engines
from api.store.jobs import JobState
from api.store.work_tables import jobs
from nlp.errors import NotFoundError, StandpointError
from nlp.explanations import Reading
from nlp.positions import Observation
from nlp.records import Analysis, Article, Evidence, Run, Stance, StanceLabel, Topic
from nlp.topic_check import Catch
from nlp.topics import shipped_topics, topics_digest

BASE = "http://127.0.0.1"
TOLL = {"id": "toll", "name": "Toll", "claim": "The bridge should have a toll.", "phrases": ["bridge toll"]}
SHIPPED = {topic.id for topic in shipped_topics()}
Make = Callable[..., Analysis]


class FakeEngine:
    """Waits for ``go`` before each article, so that a test can look at work that goes on."""

    def __init__(self) -> None:
        self.go, self.checked = Event(), list[str]()
        self.go.set()
        self.error: Exception | None = None

    def apply(self, analysis: Analysis, topics: Sequence[Topic], before: Sequence[Topic] | None) -> Analysis:
        self.go.wait(10)
        said = analysis.statements[0]
        evidence = Evidence(0.9, "fake", "made up", said.spans)
        own = [topic.id for topic in topics if topic.id not in SHIPPED]
        made = [Stance(said.holder or "", id, StanceLabel.OPPOSE, evidence, statement=said.id) for id in own]
        run = Run("0.1.0", "now", (("topics", topics_digest(topics)),))
        return replace(analysis, run=run, stances=tuple(made))

    def check(self, analysis: Analysis, topic: Topic, topics: Sequence[Topic]) -> tuple[Catch, ...]:
        self.go.wait(10)
        if self.error:
            raise self.error
        self.checked.append(analysis.article.id)
        holder = analysis.statements[0].holder or ""
        return (Catch(analysis.article.id, "s1", holder, "words", True, StanceLabel.OPPOSE, 0.8, "made up"),)

    def read(self, article: Article, observation: Observation, topic: Topic, holder: str) -> Reading | None:
        return None


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def app(settings: Settings, store: Store, make_analysis: Make, engine: FakeEngine) -> FastAPI:
    for number in range(5):
        store.writer.write_analysis(make_analysis(f"{number}.txt", words=f"a single pot for town {number}"))
    return create_app(settings.model_copy(update={"job_articles": 3}), store=store, engine=engine)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as found:
        yield found


def ended(client: TestClient, address: str) -> dict[str, Any]:
    for _ in range(200):
        body: dict[str, Any] = client.get(address).json()
        if body["state"] in ("done", "failed"):
            return body
        time.sleep(0.02)
    raise AssertionError("the job does not end")


def test_a_check_of_many_articles_is_a_job_whose_result_is_the_answer(client: TestClient, engine: FakeEngine) -> None:
    engine.go.clear()
    answer = client.post("/v1/topics/check", json=TOLL, params={"limit": 2})
    assert answer.status_code == 202, answer.text
    taken = answer.json()
    assert answer.headers["location"] == f"/v1/jobs/{taken['id']}"
    assert (taken["kind"], taken["progress"], taken["result"]) == ("topics.check", {"done": 0, "total": 5}, None)
    engine.go.set()
    body = ended(client, answer.headers["location"])
    assert body["state"] == "done" and body["progress"] == {"done": 5, "total": 5} and body["error"] is None
    assert body["began"] and body["ended"]
    client.app.state.services.settings = client.app.state.services.settings.model_copy(update={"job_articles": 5})  # type: ignore[attr-defined]
    at_once = client.post("/v1/topics/check", json=TOLL, params={"limit": 2})
    assert at_once.status_code == 200 and at_once.json() == body["result"]


def test_a_check_of_few_articles_is_answered_at_once(client: TestClient) -> None:
    assert client.post("/v1/topics/check", json=TOLL, params={"articles": 3}).status_code == 200


def test_a_topic_is_applied_by_a_job_where_much_is_stored(client: TestClient, store: Store) -> None:
    answer = client.post("/v1/topics", json={**TOLL, "from": "2014-01-01"})
    assert answer.status_code == 202 and answer.json()["waiting"] == 5
    assert answer.headers["location"] == f"/v1/jobs/{answer.json()['job']}"
    body = ended(client, answer.headers["location"])
    assert body["state"] == "done" and body["kind"] == "topics.apply"
    assert body["result"] == {"articles": 5, "changed": 5, "failed": [], "stopped": False}
    assert len(store.reader.stances(Filters(topic=("toll",))).items) == 5
    again = client.post("/v1/topics", json={**TOLL, "from": "2014-01-01"})
    assert again.json()["job"] is None and "location" not in again.headers, "nothing waits"
    gone = client.delete("/v1/topics/toll")
    assert gone.status_code == 204 and ended(client, gone.headers["location"])["result"]["articles"] == 5
    assert client.get("/v1/topics/pooling").json()["waiting"] == 0


def test_one_job_is_done_after_the_other(client: TestClient, engine: FakeEngine) -> None:
    engine.go.clear()
    first, second = (client.post("/v1/topics/check", json=TOLL).headers["location"] for _ in range(2))
    for _ in range(100):
        if client.get(first).json()["state"] == "running":
            break
        time.sleep(0.02)
    assert client.get(second).json()["state"] == "waiting"
    engine.go.set()
    one, two = ended(client, first), ended(client, second)
    assert one["state"] == two["state"] == "done" and one["ended"] <= two["began"]


def test_a_job_that_fails_says_why_and_the_next_one_is_done(client: TestClient, engine: FakeEngine) -> None:
    engine.error = StandpointError("no reading today", do="come back tomorrow")
    body = ended(client, client.post("/v1/topics/check", json=TOLL).headers["location"])
    assert body["state"] == "failed" and body["error"] == "no reading today (come back tomorrow)"
    engine.error = None
    assert ended(client, client.post("/v1/topics/check", json=TOLL).headers["location"])["state"] == "done"


def test_a_job_that_is_not_there_is_a_problem(client: TestClient) -> None:
    answer = client.get("/v1/jobs/none")
    assert answer.status_code == 404 and answer.headers["content-type"] == "application/problem+json"
    assert client.get("/v1/jobs/none", params={"x": "1"}).status_code == 422


def test_a_job_that_was_running_when_the_server_ended_is_told_as_restarted(
    app: FastAPI, client: TestClient, engine: FakeEngine, settings: Settings, same_place: Any
) -> None:
    engine.go.clear()
    address = client.post("/v1/topics/check", json=TOLL).headers["location"]
    waiting = client.post("/v1/topics/check", json=TOLL).headers["location"]
    while client.get(address).json()["state"] != "running":
        time.sleep(0.02)
    app.state.services.stopping.set()
    engine.go.set()
    app.state.jobs.stop()
    with same_place.open(create=False) as store:
        again = create_app(settings, store=store, engine=engine)
        with TestClient(again, base_url=BASE) as other:
            lost = ended(other, address)
            assert lost["state"] == "failed" and lost["error"].startswith("restarted")
            assert ended(other, waiting)["state"] == "done", "what waited is done by the next server"


def run_job(services: Services, handler: Callable[..., Mapping[str, Any]]) -> JobRunner:
    return JobRunner(services, {"test": handler})


def test_a_killed_server_s_job_is_told_as_restarted_and_another_server_s_is_left(
    settings: Settings, store: Store
) -> None:
    lost, running = store.jobs.add("test", {}), store.jobs.add("test", {})
    with engines.writing(store.engine) as connection:
        for id, worker in ((lost.id, None), (running.id, "elsewhere:1")):
            given = {"state": JobState.RUNNING, "worker": worker}
            connection.execute(update(jobs).where(jobs.c.id == id).values(**given))
        from api.store.staging import this_worker

        connection.execute(update(jobs).where(jobs.c.id == lost.id).values(worker=this_worker()))
    runner = run_job(Services(settings, store=store), lambda services, body, progress: {})
    runner.start()
    assert store.jobs.get(lost.id).state is JobState.FAILED and "restarted" in (store.jobs.get(lost.id).error or "")
    assert store.jobs.get(running.id).state is JobState.RUNNING
    waiting = store.jobs.add("test", {})
    assert store.jobs.claim() is None, "one heavy job at once, whoever does it"
    assert store.jobs.get(waiting.id).state is JobState.WAITING


def test_progress_is_told_while_a_job_goes_on(settings: Settings, store: Store) -> None:
    half, go = Event(), Event()

    def handler(services: Services, body: Mapping[str, Any], progress: Callable[[Step], None]) -> Mapping[str, Any]:
        progress(Step(done=1, total=body["many"], article="a"))
        half.set()
        go.wait(10)
        progress(Step(done=2, total=2, article="b"))
        return {"many": body["many"]}

    services = Services(settings, store=store)
    runner = run_job(services, handler)
    job = runner.submit("test", {"many": 2}, total=2)
    assert half.wait(10)
    assert (store.jobs.get(job.id).done, store.jobs.get(job.id).state) == (1, JobState.RUNNING)
    go.set()
    for _ in range(200):
        if store.jobs.get(job.id).state is JobState.DONE:
            break
        time.sleep(0.02)
    assert store.jobs.get(job.id).result == {"many": 2} and store.jobs.get(job.id).done == 2
    runner.stop()


def test_a_job_of_an_unknown_kind_fails_and_unknown_jobs_are_not_there(settings: Settings, store: Store) -> None:
    runner = run_job(Services(settings, store=store), lambda services, body, progress: {})
    job = runner.submit("other", {})
    for _ in range(200):
        if store.jobs.get(job.id).state is JobState.FAILED:
            break
        time.sleep(0.02)
    assert "other" in (store.jobs.get(job.id).error or "")
    with pytest.raises(NotFoundError):
        store.jobs.get("none")
    runner.stop()


def test_a_server_without_a_database_starts(settings: Settings) -> None:
    with TestClient(create_app(settings), base_url=BASE) as client:
        assert client.get("/healthz").status_code == 200 and client.get("/v1/jobs/x").status_code == 503
