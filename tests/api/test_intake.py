"""Articles that are sent are kept by a job, and every file of them is accounted for, by the API and on pages."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from lxml import html
from sqlalchemy import select, update

from api.app import create_app
from api.settings import Settings
from api.store import Store, engines
from api.store.intake_tables import uploads
from api.store.jobs import MOST_LOST, JobState
from api.store.staging import this_worker
from api.store.work_tables import jobs
from nlp.errors import StandpointError
from nlp.records import Analysis, Article, Run, Topic

BASE = "http://127.0.0.1"
FORM = {"Sec-Fetch-Site": "same-origin"}
RUN = Run("0.1.0", "d1")
TEXT = "Practices split over budget\n\nThe board met. It said nothing of note."


def analyse(article: Article, topics: Sequence[Topic]) -> Analysis:
    if "unlucky" in article.text:
        raise StandpointError("no analysis today")
    return Analysis(article, RUN)


@pytest.fixture
def app(settings: Settings, store: Store) -> FastAPI:
    return create_app(settings, store=store, analyse=analyse, run=lambda topics: RUN)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    app.state.services.encoder = None
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as found:
        yield found


def ended(client: TestClient, job: str) -> Any:
    """The job when it has ended, by its address."""
    for _ in range(600):
        found = client.get(job).json()
        if found["state"] in ("done", "failed"):
            return found
        time.sleep(0.05)
    raise AssertionError("the job does not end")


def test_text_is_stored_with_what_is_said_of_it(client: TestClient, store: Store) -> None:
    url = "https://local-paper.example/split"
    body = {"text": TEXT, "title": "Split", "publisher": "The Ledger", "published": "2015-03", "url": url}
    answer = client.post("/v1/articles", json=body)
    assert answer.status_code == 202
    job = ended(client, answer.headers["location"])
    assert (job["kind"], job["state"], job["progress"]) == ("articles.ingest", "done", {"done": 1, "total": 1})
    assert (job["result"]["stored"], job["result"]["skipped"]) == (1, [])
    found = store.reader.stored(Article.identify(url, TEXT))
    assert found and (found.article.title, found.article.publisher, str(found.article.published)) == (
        "Split",
        "The Ledger",
        "2015-03",
    )
    assert (found.article.source, found.article.url) == (url, url)


def test_same_text_from_two_addresses_is_two_articles(client: TestClient, store: Store) -> None:
    for name in ("a", "b", "a"):
        answer = client.post("/v1/articles", json={"text": TEXT, "url": f"https://paper.example/{name}"})
        ended(client, answer.headers["location"])
    assert store.reader.article_count() == 2


def test_files_are_each_accounted_for(client: TestClient, store: Store) -> None:
    sent = [
        ("files", ("one.txt", TEXT.encode())),
        ("files", ("two.txt", b"Head\n\nThis is unlucky.")),
        ("files", ("three.png", b"\x89PNG")),
    ]
    job = ended(client, client.post("/v1/articles", files=sent).headers["location"])
    result = job["result"]
    assert (result["stored"], result["skipped_count"]) == (1, 2)
    assert {(each["file"], each["reason"].partition(" (")[0]) for each in result["skipped"]} == {
        ("two.txt", "no analysis today"),
        ("three.png", "is an image, which is not read"),
    }
    assert [(each["file"], each["format"], each["parsed"]) for each in result["files"]] == [
        ("one.txt", "text", 1),
        ("two.txt", "text", 1),
    ]
    with engines.reading(store.engine) as connection:
        assert connection.scalars(select(uploads.c.name)).all() == [], "what was read is kept as articles alone"


def test_lines_of_json_are_one_file_in_the_hands_of_its_reader(client: TestClient) -> None:
    line = b'{"title": "Split", "text": "Practices split over budget. The board met."}\n'
    answer = client.post("/v1/articles", content=line, headers={"Content-Type": "application/x-ndjson"})
    assert answer.status_code == 202
    result = ended(client, answer.headers["location"])["result"]
    assert result["stored"] + result["skipped_count"] == 1
    assert {row["file"] for row in [*result["skipped"], *result["files"]]} == {"articles.jsonl"}


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"json": {"text": " \n"}}, "body.text"),
        ({"json": {"text": "x", "published": "today"}}, "body.published"),
        ({"json": {"text": "x", "url": "file:///etc/hosts"}}, "body.url"),
        ({"json": {"text": "x", "colour": "red"}}, "body.colour"),
        ({"json": [1]}, "body"),
        ({"content": b"{", "headers": {"Content-Type": "application/json"}}, "body"),
        ({"content": b"words", "headers": {"Content-Type": "text/plain"}}, "header.Content-Type"),
        ({"content": b"words"}, "header.Content-Type"),
        ({"content": b"words", "headers": {"Content-Type": "application/x-ndjson"}}, "body"),
        ({"files": {"other": ("a.txt", b"x")}}, "body.files"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_its_field(client: TestClient, sent: dict[str, Any], field: str) -> None:
    answer = client.post("/v1/articles", **sent)
    assert answer.status_code == 422, answer.text
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_too_much_at_once_is_refused(settings: Settings, store: Store) -> None:
    app = create_app(settings.model_copy(update={"max_upload_bytes": 1_000}), store=store)
    client = TestClient(app, base_url=BASE)
    assert client.post("/v1/articles", json={"text": "x" * 2_000}).status_code == 413
    assert client.post("/upload", files={"files": ("a.txt", b"x" * 2_000)}, headers=FORM).status_code == 413


def test_same_request_under_one_key_is_one_job(client: TestClient) -> None:
    headers = {"Idempotency-Key": "k1"}
    first, second = (client.post("/v1/articles", json={"text": TEXT}, headers=headers) for _ in range(2))
    assert first.json()["id"] == second.json()["id"] and second.headers["idempotency-replayed"] == "true"


def test_sending_asks_for_the_scope_ingest(settings: Settings, store: Store) -> None:
    app = create_app(settings.model_copy(update={"require_keys": True}), store=store)
    client = TestClient(app, base_url=BASE)
    assert client.post("/v1/articles", json={"text": TEXT}).status_code == 401
    assert client.post("/upload", files={"files": ("a.txt", b"x")}, headers=FORM).status_code == 401


def test_job_of_a_server_that_ended_goes_on_and_not_for_ever(store: Store) -> None:
    job = store.jobs.add("articles.ingest", {"upload": "x", "files": 1})
    gone = f"{this_worker().partition(':')[0]}:4194303"
    for lost in range(1, MOST_LOST + 2):
        claimed = store.jobs.claim()
        assert claimed and claimed.id == job.id
        with engines.writing(store.engine) as connection:
            connection.execute(update(jobs).values(worker=gone))
        assert store.jobs.fail_lost() == (1 if lost <= MOST_LOST else 0)
    assert store.jobs.get(job.id).state is JobState.FAILED


def test_form_is_readable_without_a_script_and_says_what_it_takes(client: TestClient) -> None:
    page = html.fromstring(client.get("/upload").text)
    (field,) = page.xpath("//form[@method='post'][@enctype='multipart/form-data']//input[@type='file'][@multiple]")
    assert field.get("name") == "files" and page.xpath(f"//label[@for='{field.get('id')}']")
    assert "web pages" in page.text_content() and "at most 20 MB" in page.text_content()
    assert page.xpath("//nav//a[@aria-current='page']")[0].text == "Upload"


def test_form_leads_to_the_job_and_shows_each_file_with_its_reason(client: TestClient) -> None:
    sent = [
        ("files", ("press\\one.txt", TEXT.encode())),
        ("files", ("<b>three.png", b"\x89PNG")),
    ]
    answer = client.post("/upload", files=sent, headers=FORM, follow_redirects=False)
    assert answer.status_code == 303
    address = answer.headers["location"]
    ended(client, address.replace("/upload/", "/v1/jobs/"))
    page = html.fromstring(client.get(address).text)
    rows = [[cell.text_content().strip() for cell in row] for row in page.xpath("//tbody/tr")]
    assert rows[0] == ["one.txt", "text", "–", "1", "1", "–"]
    assert rows[1][0] == "<b>three.png" and "is an image" in rows[1][5]
    assert "1 article stored" in page.text_content() and not page.xpath("//*[@data-follow]")


def test_job_that_goes_on_is_followed(client: TestClient, store: Store) -> None:
    with engines.writing(store.engine) as connection:
        connection.execute(
            jobs.insert(),
            {
                "id": "j1", "kind": "articles.ingest", "state": "running", "body": {}, "done": 2, "total": 7,
                "worker": "elsewhere:7", "added_at": datetime.now(UTC),
            },
        )  # fmt: skip
    page = html.fromstring(client.get("/upload/j1").text)
    assert page.xpath("//*[@id='state'][@data-follow]//progress[@value='2'][@max='7']")
    assert client.get("/upload/none").status_code == 404


def test_form_without_files_or_from_another_site_is_refused(client: TestClient) -> None:
    answer = client.post("/upload", files={"files": ("", b"")}, headers=FORM)
    assert answer.status_code == 422 and "Choose at least one file" in answer.text
    foreign = {"Sec-Fetch-Site": "cross-site"}
    assert client.post("/upload", files={"files": ("a.txt", b"x")}, headers=foreign).status_code == 403
