"""What every answer keeps to: writes done once, time limits, compression, other sites, metrics, logs, request ids."""

from __future__ import annotations

import gc
import gzip
import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import uvicorn
from fastapi.testclient import TestClient
from sqlalchemy import select, update

from api.addresses import UNKNOWN, Addresses
from api.app import create_app
from api.commands import processes
from api.commands.processes import server_config
from api.keys import Scope, make_key
from api.logs import set_up_logs
from api.settings import Settings, load_settings
from api.store import Store, engines
from api.store.access import idempotency
from nlp.errors import DataError, UsageError
from nlp.records import Analysis, Article, Run, Topic

BASE = "http://127.0.0.1"
TOLL = {"id": "toll", "name": "Toll", "claim": "The bridge should have a toll."}
KEY = {"Idempotency-Key": "5f1c"}


class _Engine:
    def apply(self, analysis: Analysis, topics: Sequence[Topic], before: Sequence[Topic] | None) -> Analysis:
        return analysis


def _analyse(article: Article, _: Sequence[Topic]) -> Analysis:
    return Analysis(article, Run("0", "d"))


def _client(settings: Settings, store: Store, *, analyse: Any = _analyse, **changed: Any) -> TestClient:
    app = create_app(settings.model_copy(update=changed), store=store, analyse=analyse, engine=_Engine())  # type: ignore[arg-type]
    return TestClient(app, base_url=BASE, raise_server_exceptions=False)


@pytest.fixture
def client(settings: Settings, store: Store, make_analysis: Callable[..., Analysis]) -> TestClient:
    for index in range(4):
        store.writer.write_analysis(make_analysis(f"{index}.txt", holder=f"person:holder-{index}"))
    return _client(settings, store)


# Idempotency-Key


def test_the_same_key_and_body_are_done_once_and_answered_twice(client: TestClient, store: Store) -> None:
    first = client.post("/v1/topics", json=TOLL, headers=KEY)
    assert first.status_code == 202 and "idempotency-replayed" not in first.headers
    store.writer.delete_topic("toll")
    again = client.post("/v1/topics", json=TOLL, headers=KEY)
    assert (again.status_code, again.content) == (202, first.content)
    assert again.headers["idempotency-replayed"] == "true" and again.headers["content-type"] == "application/json"
    assert store.reader.topics() == ()
    assert client.post("/v1/topics", json=TOLL, headers={"Idempotency-Key": "another"}).status_code == 202
    assert len(store.reader.topics()) == 1


def test_the_same_key_with_another_request_is_refused_by_name(client: TestClient, store: Store) -> None:
    client.post("/v1/topics", json=TOLL, headers=KEY)
    for answer in (
        client.post("/v1/topics", json={**TOLL, "id": "other"}, headers=KEY),
        client.delete("/v1/topics/toll", headers=KEY),
    ):
        assert answer.status_code == 422 and "5f1c" not in answer.text
        assert [error["field"] for error in answer.json()["errors"]] == ["header.Idempotency-Key"]
    assert [topic.id for topic in store.reader.topics()] == ["toll"]


def test_refusals_are_kept_too_and_faults_are_not(client: TestClient, store: Store, monkeypatch: Any) -> None:
    bad = client.post("/v1/topics", json={**TOLL, "claim": "x"}, headers=KEY)
    assert bad.status_code == 422
    assert client.post("/v1/topics", json={**TOLL, "claim": "x"}, headers=KEY).headers["idempotency-replayed"]

    def fail(_: object) -> None:
        raise RuntimeError

    other = {"Idempotency-Key": "other"}
    with monkeypatch.context() as patched:
        patched.setattr(store.writer, "add_topic", fail)
        assert client.post("/v1/topics", json=TOLL, headers=other).status_code == 500
    assert client.post("/v1/topics", json=TOLL, headers=other).status_code == 202


def test_an_answer_is_forgotten_after_a_day(client: TestClient, store: Store) -> None:
    client.post("/v1/topics", json=TOLL, headers=KEY)
    _age(store, timedelta(hours=23))
    assert "idempotency-replayed" in client.post("/v1/topics", json=TOLL, headers=KEY).headers
    _age(store, timedelta(hours=25))
    assert client.post("/v1/topics", json={**TOLL, "id": "new"}, headers=KEY).status_code == 202
    with engines.reading(store._engine) as connection:
        assert len(connection.execute(select(idempotency)).all()) == 1


def _age(store: Store, by: timedelta) -> None:
    with engines.writing(store._engine) as connection:
        connection.execute(update(idempotency).values(created_at=datetime.now(UTC) - by))


def test_work_that_is_being_done_is_not_begun_again_until_it_is_lost(client: TestClient, store: Store) -> None:
    client.post("/v1/topics", json=TOLL, headers=KEY)
    with engines.writing(store._engine) as connection:
        connection.execute(update(idempotency).values(status=None))
    answer = client.post("/v1/topics", json=TOLL, headers=KEY)
    assert answer.status_code == 409 and answer.headers["retry-after"] == "1"
    _age(store, timedelta(minutes=5))
    assert client.post("/v1/topics", json=TOLL, headers=KEY).status_code == 202


@pytest.mark.parametrize("key", ["", " ", "x" * 201, "two words", "é"])
def test_a_key_that_is_none_is_refused(client: TestClient, store: Store, key: str) -> None:
    answer = client.post("/v1/topics", json=TOLL, headers={"Idempotency-Key": key.encode()})
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "header.Idempotency-Key"
    assert store.reader.topics() == ()


def test_reads_by_post_keep_nothing(client: TestClient, store: Store) -> None:
    for _ in range(2):
        answer = client.post("/v1/analyse", json={"text": "A text of somebody."}, headers=KEY)
        assert answer.status_code == 200 and "idempotency-replayed" not in answer.headers
    with engines.reading(store._engine) as connection:
        assert connection.execute(select(idempotency)).all() == []


def test_callers_do_not_see_each_others_answers(settings: Settings, store: Store) -> None:
    client = _client(settings, store, require_keys=True, rate_limit=0)
    tokens = [make_key(store.access, name, [Scope.INGEST]).token for name in ("one", "two")]
    answers = [
        client.post("/v1/topics", json=TOLL, headers={**KEY, "Authorization": f"Bearer {token}"}) for token in tokens
    ]
    assert ["idempotency-replayed" in answer.headers for answer in answers] == [False, False]


def test_writers_at_once_do_the_work_once(client: TestClient) -> None:
    answers: list[Any] = []
    threads = [
        threading.Thread(target=lambda: answers.append(client.post("/v1/topics", json=TOLL, headers=KEY)))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    statuses = [answer.status_code for answer in answers]
    done = [answer for answer in answers if answer.status_code == 202 and "idempotency-replayed" not in answer.headers]
    assert len(done) == 1 and set(statuses) <= {202, 409}


def test_a_body_that_is_too_large_is_refused_with_a_key_too(settings: Settings, store: Store) -> None:
    client = _client(settings, store, max_upload_bytes=100)
    body = json.dumps({**TOLL, "supports": ["x" * 200]}).encode()
    answer = client.post("/v1/topics", content=iter([body[:90], body[90:]]), headers=KEY)
    assert answer.status_code == 413 and answer.headers["content-type"] == "application/problem+json"


# Time


@pytest.mark.parametrize(("length", "field"), [(1_000_000, "query.q"), (60_000, "query.q")])
def test_a_query_of_a_megabyte_is_told_which_field_is_too_long(
    settings: Settings, store: Store, length: int, field: str
) -> None:
    app = create_app(settings, store=store)
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        found.listen()
        server = uvicorn.Server(server_config(app))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [found]}, daemon=True)
        thread.start()
        with socket.create_connection(found.getsockname(), timeout=30) as asking:
            head = b" HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"
            asking.sendall(b"GET /v1/search?q=" + b"x" * length + head)
            answer = b"".join(iter(lambda: asking.recv(65536), b""))
        server.should_exit = True
        thread.join(10)
    status, _, body = answer.partition(b"\r\n")[0], *answer.partition(b"\r\n\r\n")[1:]
    assert status.split()[1] == b"422" and b"xxxx" not in answer
    assert json.loads(body)["errors"][0]["field"] == field


def test_what_takes_too_long_is_a_problem(settings: Settings, store: Store) -> None:
    going_on = threading.Event()

    def slow(article: Article, topics: Sequence[Topic]) -> Analysis:
        time.sleep(1)
        going_on.set()
        return _analyse(article, topics)

    with _client(settings, store, analyse=slow, request_seconds=0.1) as client:
        answer = client.post("/v1/analyse", json={"text": "x"})
        assert not going_on.is_set()
        assert answer.status_code == 503 and answer.headers["retry-after"] == "5"
        assert answer.headers["content-type"] == "application/problem+json"
        assert client.get("/v1/topics").status_code == 200
        assert going_on.wait(10)


def test_the_work_behind_an_answer_has_its_own_time(settings: Settings, store: Store, make_analysis: Any) -> None:
    store.writer.write_analysis(make_analysis())

    class Slow(_Engine):
        def apply(self, *arguments: Any) -> Analysis:
            time.sleep(1.2)
            return super().apply(*arguments)

    app = create_app(settings.model_copy(update={"request_seconds": 1.0}), store=store, engine=Slow())  # type: ignore[arg-type]
    assert TestClient(app, base_url=BASE).post("/v1/topics", json=TOLL).status_code == 202


# Compression, other sites, Vary


def test_large_answers_are_compressed_for_those_who_take_it(client: TestClient) -> None:
    plain = client.get("/v1/topics", headers={"Accept-Encoding": "identity"})
    packed = client.get("/v1/topics", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in plain.headers and packed.headers["content-encoding"] == "gzip"
    assert plain.json() == packed.json() and plain.headers["etag"] == packed.headers["etag"]
    assert int(packed.headers["content-length"]) < len(plain.content) / 2
    assert "Accept-Encoding" in plain.headers["vary"] and "Accept-Encoding" in packed.headers["vary"]
    small = client.get("/version", headers={"Accept-Encoding": "gzip"})
    assert "content-encoding" not in small.headers
    text = client.post("/v1/analyse", json={"text": "x " * 2000}, headers={"Accept-Encoding": "gzip"})
    assert text.headers["content-encoding"] == "gzip"
    assert len(gzip.compress(plain.content)) < len(plain.content)


def test_other_sites_read_nothing_unless_they_are_named(settings: Settings, store: Store) -> None:
    closed = _client(settings, store).get("/v1/topics", headers={"Origin": "https://maps.example.org"})
    assert closed.status_code == 403 and "access-control-allow-origin" not in closed.headers
    client = _client(settings, store, allowed_origins="https://maps.example.org, https://other.example.org/")
    for origin in ("https://maps.example.org", "https://other.example.org"):
        answer = client.get("/v1/topics", headers={"Origin": origin})
        assert answer.status_code == 200 and answer.headers["access-control-allow-origin"] == origin
        assert "Origin" in answer.headers["vary"] and "ETag" in answer.headers["access-control-expose-headers"]
        assert "access-control-allow-credentials" not in answer.headers
    evil = client.get("/v1/topics", headers={"Origin": "https://evil.test"})
    assert evil.status_code == 403 and "access-control-allow-origin" not in evil.headers
    assert "Origin" in client.get("/v1/topics").headers["vary"]


def test_a_preflight_is_answered_without_a_key(settings: Settings, store: Store) -> None:
    client = _client(settings, store, allowed_origins="https://maps.example.org", require_keys=True)
    asked = {"Origin": "https://maps.example.org", "Access-Control-Request-Method": "GET"}
    answer = client.options("/v1/map", headers={**asked, "Access-Control-Request-Headers": "authorization"})
    assert answer.status_code == 200 and "Authorization" in answer.headers["access-control-allow-headers"]
    assert client.options("/v1/map", headers={**asked, "Origin": "https://evil.test"}).status_code == 403


@pytest.mark.parametrize("value", ["*", "https://a.example, *", "maps.example.org", "ftp://a.example", "https://a/b"])
def test_an_allowed_origin_is_one_site(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("STANDPOINT_ALLOWED_ORIGINS", value)
    with pytest.raises(UsageError, match="STANDPOINT_ALLOWED_ORIGINS"):
        load_settings()


# Metrics, logs, ids


def _metrics(client: TestClient) -> dict[str, float]:
    answer = client.get("/metrics")
    assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/plain; version=")
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines)}


def test_metrics_count_by_address_and_hold_nothing_that_was_sent(client: TestClient) -> None:
    for path in ("/v1/topics/pooling", "/v1/topics/SECRET", "/SECRET", "/v1/search?q=SECRET", "/static/style.css"):
        client.get(path)
    client.request("SECRET", "/v1/topics")
    client.head("/v1/topics")
    metrics = _metrics(client)
    assert "SECRET" not in json.dumps(metrics)
    count = 'standpoint_requests_total{{method="{}",route="{}",status="{}"}}'
    assert metrics[count.format("GET", "/v1/topics/{id}", 200)] == 1
    assert metrics[count.format("GET", "/v1/topics/{id}", 404)] == 1
    assert metrics[count.format("GET", UNKNOWN, 404)] == 1
    assert metrics[count.format("OTHER", "/v1/topics", 405)] == 1
    assert metrics[count.format("HEAD", "/v1/topics", 200)] == 1
    assert metrics[count.format("GET", "/static", 200)] == 1
    assert metrics['standpoint_request_seconds_bucket{le="+Inf",method="GET",route="/v1/search"}'] == 1
    assert (metrics["standpoint_articles"], metrics["standpoint_statements"]) == (4, 4)


def test_metrics_are_answered_without_a_database(tmp_path: Any) -> None:
    client = TestClient(create_app(Settings(data=tmp_path / "none")), base_url=BASE)
    assert not any(name.startswith("standpoint_articles") for name in _metrics(client))


@pytest.fixture
def logged(capsys: pytest.CaptureFixture[str]) -> Iterator[Callable[[str], list[str]]]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level

    def start(form: Any) -> list[str]:
        set_up_logs(form)
        return capsys.readouterr().err.splitlines()

    yield start
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.getLogger("uvicorn.access").disabled = False
    for name in ("standpoint", "uvicorn"):
        logging.getLogger(name).setLevel(logging.NOTSET)


def test_a_json_log_has_a_line_a_request_without_what_was_asked(
    client: TestClient, logged: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    logged("json")
    client.get("/v1/search?q=SECRET", headers={"X-Request-ID": "proxy-1"})
    client.post("/v1/analyse", json={"text": "SECRET"})
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    first, second = [line for line in lines if line["logger"] == "standpoint.requests"]
    assert first.keys() == {
        "time",
        "level",
        "logger",
        "message",
        "request_id",
        "method",
        "route",
        "status",
        "ms",
        "key",
    }
    assert (first["request_id"], first["route"], first["status"]) == ("proxy-1", "/v1/search", 200)
    assert (second["method"], second["route"]) == ("POST", "/v1/analyse") and "SECRET" not in json.dumps(lines)
    assert datetime.fromisoformat(first["time"]).tzinfo is not None


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_fault_is_logged_with_its_place_and_without_its_message(
    settings: Settings, store: Store, logged: Any, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    def fail(_: Article, __: Sequence[Topic]) -> Analysis:
        raise RuntimeError("SECRET")

    logged(form)
    client = _client(settings, store, analyse=fail)
    answer = client.post("/v1/analyse", json={"text": "SECRET"})
    assert answer.status_code == 500 and answer.headers["x-request-id"]
    client.get("/v1/topics")
    try:
        fail(None, ())  # type: ignore[arg-type]
    except RuntimeError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application")
    text = capsys.readouterr().err
    assert "SECRET" not in text and "RuntimeError at" in text and "test_conventions.py" in text
    assert text.count("GET /v1/topics") == (1 if form == "json" else 0)


def test_every_answer_has_an_id_and_a_strange_one_is_not_taken_over(client: TestClient) -> None:
    given = client.get("/healthz", headers={"X-Request-ID": "abc-1.2_3"}).headers["x-request-id"]
    assert given == "abc-1.2_3"
    for odd in ("", "<script>", "x" * 65, "a b"):
        made = client.get("/v1/nope", headers={"X-Request-ID": odd}).headers["x-request-id"]
        assert made != odd and len(made) == 16
    ids = {client.get("/healthz").headers["x-request-id"] for _ in range(5)}
    assert len(ids) == 5


def test_addresses_are_a_closed_list_and_the_written_out_one_wins() -> None:
    found = Addresses([("/v1/topics/{id}", {"GET"}), ("/v1/topics/check", {"POST"}), ("/v1/topics/{id}", {"DELETE"})])
    assert found.template("/v1/topics/check") == "/v1/topics/check"
    assert found.template("/v1/topics/x") == "/v1/topics/{id}" and found.template("/v1/topics/x/y") == UNKNOWN
    assert found.methods("/v1/topics/x") == ("DELETE", "GET", "HEAD")


# Settings


@pytest.mark.parametrize(
    ("name", "value"),
    [("RATE_LIMIT", "-1"), ("REQUEST_SECONDS", "0"), ("LOG_FORMAT", "xml"), ("REQUIRE_KEYS", "perhaps")],
)
def test_a_setting_that_does_not_fit_is_one_line(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"STANDPOINT_{name}", value)
    with pytest.raises(UsageError, match=f"STANDPOINT_{name}"):
        load_settings()


def test_who_needs_a_key_follows_from_who_can_reach_the_server() -> None:
    assert not any(Settings(host=host).keyed for host in ("127.0.0.1", "localhost", "::1", "LOCALHOST"))
    assert all(Settings(host=host).keyed for host in ("0.0.0.0", "::", "192.0.2.1", "", "127.0.0.2"))
    assert Settings(allowed_hosts="a.example").keyed and Settings(require_keys=True).keyed
    assert Settings(allowed_hosts=" A.example ,b.example,").hosts == {"a.example", "b.example"}


def test_what_a_server_keeps_is_left_out_of_the_search_for_garbage(store: Store) -> None:
    gc.unfreeze()
    try:
        processes._warm(store)
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()


def test_a_server_starts_where_the_database_cannot_be_read(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Store) -> None:
        raise DataError("the file is not a database")

    monkeypatch.setattr(type(store), "warm", broken)
    try:
        processes._warm(store)
    finally:
        gc.unfreeze()
