"""GET /v1/updates: whoever keeps the cursor misses nothing, and no text of an article goes out."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import update

from api.app import create_app
from api.client import Standpoint
from api.routes.updates import JSON_LINES
from api.settings import Settings
from api.store import Store, engines
from api.store.feed_tables import update_state
from nlp.records import Analysis, StanceLabel

Make = Callable[..., Analysis]
BASE = "http://127.0.0.1"


class _Engine:
    """Models that read nothing."""

    def read(self, *_: object) -> None:
        return None


@pytest.fixture
def client(settings: Settings, store: Store) -> TestClient:
    engine: Any = _Engine()
    return TestClient(create_app(settings, store=store, engine=engine), base_url=BASE)


def read(client: TestClient, **params: Any) -> dict[str, Any]:
    answer = client.get("/v1/updates", params=params)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_rows_have_ids_a_citation_and_where_to_read_them(client: TestClient, store: Store, make_analysis: Make) -> None:
    made = make_analysis()
    store.writer.write_analysis(made)
    items = read(client)["items"]
    assert [(item["kind"], item["change"]) for item in items] == [
        ("article", "new"),
        ("statement", "new"),
        ("figure", "new"),
        ("position", "new"),
    ]
    assert items[1]["article"] == {
        "id": made.article.id,
        "title": "Report one.txt",
        "publisher": "Wexshire Health News",
        "published": "2014-05-20",
        "url": None,
    }
    assert items[1]["holder"] == {"id": "person:jo-tarn", "name": "Jo Tarn"}
    assert items[3]["id"] == "person:jo-tarn/pooling" and items[3]["label"] == "support"
    for item in items:
        assert client.get(item["href"]).status_code == 200, item["href"]
    assert "only way to keep" not in json.dumps(items), "no words of the article"


def test_who_keeps_the_cursor_gets_what_came_since_and_nothing_twice(
    client: TestClient, store: Store, make_analysis: Make
) -> None:
    first = read(client)
    assert first["items"] == [] and not first["more"]
    store.writer.write_analysis(make_analysis())
    second = read(client, since=first["next"])
    assert len(second["items"]) == 4
    assert read(client, since=second["next"])["items"] == []
    store.writer.write_analysis(make_analysis(label=StanceLabel.OPPOSE))
    third = read(client, since=second["next"])
    assert {(item["kind"], item["change"]) for item in third["items"]} == {
        ("statement", "changed"),
        ("position", "changed"),
    }
    # The cursor of a row goes on behind that row.
    assert read(client, since=third["items"][0]["cursor"])["items"] == third["items"][1:]


def test_pages_say_whether_there_is_more(client: TestClient, store: Store, make_analysis: Make) -> None:
    for number in range(3):
        store.writer.write_analysis(make_analysis(f"{number}.txt", holder=f"person:h-{number}"))
    seen, since, more = [], None, True
    while more:
        page = read(client, limit=5, **({"since": since} if since else {}))
        seen += [item["id"] for item in page["items"]]
        since, more = page["next"], page["more"]
    assert len(seen) == len(set(seen)) == 12
    figures = read(client, kind="figure", limit=2)
    assert [item["kind"] for item in figures["items"]] == ["figure"] * 2 and figures["more"]


def test_what_is_withdrawn_has_its_id_alone(client: TestClient, store: Store, make_analysis: Make) -> None:
    made = make_analysis()
    store.writer.write_analysis(made)
    since = read(client)["next"]
    store.holdings.withdraw(made.article.id)
    items = {item["kind"]: item for item in read(client, since=since)["items"]}
    assert items["article"]["id"] == made.article.id
    assert {(item["change"], item["href"], item["article"]) for item in items.values()} == {("withdrawn", None, None)}
    assert items["statement"]["holder"] is None and items["position"]["holder"]["id"] == "person:jo-tarn"


@pytest.mark.parametrize("how", ["accept", "format"])
def test_lines_of_json_hold_every_row(client: TestClient, store: Store, make_analysis: Make, how: str) -> None:
    for number in range(60):
        store.writer.write_analysis(make_analysis(f"{number}.txt", holder=f"person:h-{number}"))
    asked: dict[str, Any] = {"params": {"format": "jsonl"}} if how == "format" else {"headers": {"Accept": JSON_LINES}}
    answer = client.get("/v1/updates", **asked)
    assert answer.headers["content-type"].startswith(JSON_LINES) and "Accept" in answer.headers["vary"]
    lines = [json.loads(line) for line in answer.text.splitlines()]
    assert lines == read(client, limit=1000)["items"] and len(lines) == 240
    cut = client.get("/v1/updates", params={"format": "jsonl", "since": lines[200]["cursor"]})
    assert [json.loads(line) for line in cut.text.splitlines()] == lines[201:], "what broke off goes on"


def test_lines_come_as_they_are_read_and_not_all_at_once(
    client: TestClient, store: Store, make_analysis: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.updates.LOT", 3)
    for number in range(4):
        store.writer.write_analysis(make_analysis(f"{number}.txt", holder=f"person:h-{number}"))
    sent: list[bytes] = []
    asked: list[bool] = []

    async def call() -> None:
        async def receive() -> dict[str, Any]:
            if asked:
                await asyncio.Event().wait()
            asked.append(True)
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Any) -> None:
            if message["type"] == "http.response.body" and message.get("body"):
                sent.append(message["body"])

        scope = {
            **{"type": "http", "method": "GET", "path": "/v1/updates", "raw_path": b"/v1/updates", "root_path": ""},
            **{"query_string": b"format=jsonl", "headers": [(b"host", b"127.0.0.1")], "scheme": "http"},
            **{"http_version": "1.1", "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80)},
        }
        await client.app(scope, receive, send)

    asyncio.run(call())
    assert len(sent) > 4 and len(b"".join(sent).splitlines()) == 16


def test_the_client_reads_on_behind_the_last_row(client: TestClient, store: Store, make_analysis: Make) -> None:
    def handle(request: httpx.Request) -> httpx.Response:
        answer = client.get(str(request.url))
        return httpx.Response(answer.status_code, content=answer.content)

    for number in range(3):
        store.writer.write_analysis(make_analysis(f"{number}.txt", holder=f"person:h-{number}"))
    with Standpoint(http=httpx.Client(transport=httpx.MockTransport(handle), base_url=BASE)) as server:
        seen = list(server.updates())
        assert len(seen) == 12 and list(server.updates(seen[-1].cursor)) == []
        assert [row.kind for row in server.updates(kind="figure")] == ["figure"] * 3
        assert list(server.updates(seen[4].cursor)) == seen[5:]


@pytest.mark.parametrize("since", ["bzI", "x" * 50, "WyJhIiwiYiJd"])
def test_a_cursor_of_nobody_is_refused_by_name(client: TestClient, since: str) -> None:
    for params in ({}, {"format": "jsonl"}):
        answer = client.get("/v1/updates", params={"since": since, **params})
        assert answer.status_code == 422 and since not in answer.text
        assert answer.json()["errors"][0]["field"] == "query.since"


def test_a_cursor_of_another_state_of_the_database_is_refused(
    client: TestClient, store: Store, make_analysis: Make
) -> None:
    store.writer.write_analysis(make_analysis())
    since = read(client)["next"]
    for values in ({"number": 1}, {"number": 4, "log": "other"}):
        with engines.writing(store.engine) as connection:
            connection.execute(update(update_state).values(**values))
        answer = client.get("/v1/updates", params={"since": since})
        assert answer.status_code == 422 and "another state" in answer.json()["errors"][0]["detail"]


def test_a_cursor_of_another_list_is_refused(client: TestClient, store: Store, make_analysis: Make) -> None:
    for number in range(2):
        store.writer.write_analysis(make_analysis(f"{number}.txt"))
    other = client.get("/v1/articles", params={"limit": 1}).json()["next"]
    assert client.get("/v1/updates", params={"since": other}).status_code == 422
