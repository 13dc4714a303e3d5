"""Briefings over HTTP, and the record of which briefing carried which line, on both engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.briefing.formats import MEDIA_TYPES, Format, schema
from api.keys import Scope, make_key
from api.settings import Settings
from api.store import Filters, Store
from api.store.analyst import Question
from nlp.records import Analysis, StanceLabel

Make = Callable[..., Analysis]


@pytest.fixture
def client(settings: Settings, store: Store, make_analysis: Make) -> Iterator[TestClient]:
    for index, label in enumerate((StanceLabel.SUPPORT, StanceLabel.OPPOSE)):
        store.writer.write_analysis(make_analysis(f"{index}.txt", holder=f"person:p{index}", label=label))
    with TestClient(create_app(settings, store=store), base_url="http://127.0.0.1") as found:
        yield found


def made(client: TestClient, **body: Any) -> Any:
    answer = client.post("/v1/briefings", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


@pytest.mark.parametrize("format", list(Format))
def test_every_format_is_served_as_what_it_is(client: TestClient, format: Format) -> None:
    answer = client.get("/v1/briefings", params={"topic": "pooling", "format": format.value})
    assert answer.status_code == 200 and answer.headers["content-type"] == MEDIA_TYPES[format]
    name = answer.headers.get("content-disposition", "")
    assert (name == "") == (format is Format.JSON) and (not name or name.endswith(f'.{format.ending}"'))


def test_the_schema_is_served(client: TestClient) -> None:
    assert client.get("/v1/schemas/briefing").json() == schema()


def test_filters_narrow_the_coverage(client: TestClient) -> None:
    assert len(client.get("/v1/briefings?topic=pooling").json()["positions"]) == 2
    assert client.get("/v1/briefings?topic=pooling&from=2015-01-01").json()["positions"] == []
    one = client.get("/v1/briefings?stakeholder=person%3Ap1").json()
    assert [each["stance"] for each in one["positions"]] == ["oppose"] and one["asked"]["stakeholders"] == ["person:p1"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "query.topic"),
        ("topic=pooling&topic=capitation", "query.topic"),
        ("topic=nothing", "query.topic"),
        ("stakeholder=nobody", "query.stakeholder"),
        ("topic=pooling&from=2015-01-01&to=2014-01-01", "query.to"),
        ("topic=pooling&format=pdf", "query.format"),
        ("topic=pooling&colour=red", "query.colour"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_its_field(client: TestClient, query: str, field: str) -> None:
    answer = client.get(f"/v1/briefings?{query}")
    assert answer.status_code == 422 and field in [error["field"] for error in answer.json()["errors"]]


def test_a_body_is_checked_as_the_query_is(client: TestClient) -> None:
    answer = client.post("/v1/briefings", json={"topic": ["nothing"]})
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "body.topic"


def test_it_says_what_reviewers_checked(client: TestClient, store: Store) -> None:
    asked = {"topic": "pooling", "format": "markdown"}
    before = client.get("/v1/briefings", params={"topic": "pooling"}).json()["made"]
    assert before["checked"] == 0 and "checked by no one" in before["confidence"] and before["quoted"] >= 2
    assert ", checked by no one" in client.get("/v1/briefings", params=asked).text
    (stated, *_) = client.get("/v1/statements?stakeholder=person%3Ap1").json()["items"]
    for by in ("Ann Orrell", "Bo Venn"):
        body = {"target": f"{stated['id']}/pooling", "verdict": "confirm", "by": by}
        assert client.post("/v1/judgements", json=body).status_code == 201
    after = client.get("/v1/briefings", params={"topic": "pooling"}).json()
    assert {each["who"]["id"]: each["checked"] for each in after["positions"]} == {"person:p0": 0, "person:p1": 2}
    assert after["made"]["checked"] == 1 and after["made"]["quoted"] == before["quoted"]
    assert "but for what reviewers confirmed or corrected checked by no one" in after["made"]["confidence"]
    text = client.get("/v1/briefings", params=asked).text
    assert (
        f"reviewers checked 1 of the {before['quoted']} statements and sums quoted, the rest is checked by no" in text
    )
    assert ", checked by no one" not in text and "checked by 2 reviewers" in text


def test_asking_writes_nothing_and_making_one_is_on_record(client: TestClient, store: Store) -> None:
    asked = client.get("/v1/briefings?topic=pooling").json()
    line = asked["positions"][0]["id"]
    assert asked["recorded"] is None and client.get(f"/v1/briefings/carried?line={line}").json()["items"] == []
    record = made(client, topic=["pooling"])
    assert record["id"] == asked["id"] and record["positions"] == asked["positions"]
    (found,) = client.get(f"/v1/briefings/carried?line={line}").json()["items"]
    assert (found["id"], found["briefing"], found["lines"]) == (record["recorded"], record["id"], [line])
    assert found["asked"]["topics"] == ["pooling"] and found["by"] is None
    assert list(store.faults()) == []


def test_a_line_is_found_by_its_statement_its_figure_and_its_article(client: TestClient) -> None:
    first, second = made(client, topic=["pooling"]), made(client, stakeholder=["person:p0"], format="json")
    quote, money = first["positions"][0]["quote"], first["money"]["sums"][0]["quote"]
    carried = [each["id"] for each in first["positions"] if each["quote"]["target"] == quote["target"]]
    by_statement = client.get("/v1/briefings/carried", params={"statement": quote["target"]}).json()["items"]
    assert [each["id"] for each in by_statement][-1] == first["recorded"] and by_statement[-1]["lines"] == carried
    by_figure = client.get("/v1/briefings/carried", params={"statement": money["target"]}).json()["items"]
    assert first["recorded"] in {each["id"] for each in by_figure}
    by_article = client.get("/v1/briefings/carried", params={"article": quote["article"]}).json()["items"]
    assert {each["id"] for each in by_article} <= {first["recorded"], second["recorded"]} and by_article


def test_silence_of_several_is_that_of_each(client: TestClient, store: Store, make_analysis: Make) -> None:
    store.writer.write_analysis(make_analysis("c.txt", holder="person:p2", topic="capitation", body="person:p1"))
    topics, people = ("pooling", "capitation", "co-commissioning"), ("person:p1", "person:p2", "person:p9")
    question = Question(filters=Filters(stakeholder=people))
    found = store.analyst.silences(question, topics)
    assert found == [(topic, each) for topic in topics for each in store.analyst.silent(question, topic)]
    assert {(topic, each.id) for topic, each in found} == {
        ("pooling", "person:p2"),
        ("co-commissioning", "person:p1"),
        ("co-commissioning", "person:p2"),
    }


def test_a_record_outlives_its_article(client: TestClient, store: Store) -> None:
    record = made(client, topic=["pooling"])
    quote = record["positions"][0]["quote"]
    store.holdings.withdraw(quote["article"])
    assert client.get("/v1/briefings?topic=pooling").json()["id"] != record["id"]
    for params in ({"line": record["positions"][0]["id"]}, {"article": quote["article"]}):
        (found,) = client.get("/v1/briefings/carried", params=params).json()["items"]
        assert found["id"] == record["recorded"]


def test_the_newest_record_comes_first_and_they_come_in_pages(client: TestClient) -> None:
    ids = [made(client, topic=["pooling"])["recorded"] for _ in range(3)]
    line = client.get("/v1/briefings?topic=pooling").json()["positions"][0]["id"]
    first = client.get("/v1/briefings/carried", params={"line": line, "limit": 2}).json()
    rest = client.get("/v1/briefings/carried", params={"line": line, "limit": 2, "after": first["next"]}).json()
    assert [each["id"] for each in (*first["items"], *rest["items"])] == ids[::-1] and rest["next"] is None


@pytest.mark.parametrize("query", ["", "line=a&article=b"])
def test_carried_asks_for_one_thing(client: TestClient, query: str) -> None:
    assert client.get(f"/v1/briefings/carried?{query}").json()["errors"][0]["field"] == "query.line"


def test_a_record_names_the_key_that_asked(settings: Settings, store: Store, make_analysis: Make) -> None:
    store.writer.write_analysis(make_analysis())
    reviewer, reader = (make_key(store.access, scope.value, [scope]) for scope in (Scope.REVIEW, Scope.READ))
    keyed = settings.model_copy(update={"require_keys": True})
    with TestClient(create_app(keyed, store=store), base_url="http://127.0.0.1") as client:
        body = {"topic": ["pooling"]}
        refused = client.post("/v1/briefings", json=body, headers={"Authorization": f"Bearer {reader.token}"})
        answer = client.post("/v1/briefings", json=body, headers={"Authorization": f"Bearer {reviewer.token}"})
    assert (refused.status_code, answer.status_code) == (403, 201)
    (found,) = store.briefings.carrying(line=answer.json()["positions"][0]["id"])
    assert found.by == reviewer.id


def test_a_repeated_request_is_recorded_once(client: TestClient, store: Store) -> None:
    headers = {"Idempotency-Key": "once"}
    first, again = (client.post("/v1/briefings", json={"topic": ["pooling"]}, headers=headers) for _ in range(2))
    assert first.json() == again.json()
    assert len(store.briefings.carrying(line=first.json()["positions"][0]["id"])) == 1
