"""Judgements over HTTP: who may, what is refused and why, and what reads of it afterwards."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.keys import Scope, make_key
from api.settings import Settings
from api.store import Store
from nlp.records import Analysis, Licence

Make = Callable[..., Analysis]
BASE = "http://127.0.0.1:8000"


@pytest.fixture
def told(store: Store, make_analysis: Make) -> Analysis:
    analysis = make_analysis("one.txt", confidence=0.6)
    store.writer.write_analysis(analysis)
    store.writer.write_analysis(make_analysis("two.txt", holder="person:j-tarn", words="it will not work here"))
    return analysis


@pytest.fixture
def client(settings: Settings, store: Store, told: Analysis) -> Iterator[TestClient]:
    with TestClient(create_app(settings, store=store), base_url=BASE) as opened:
        yield opened


def target(told: Analysis, place: str) -> str:
    return f"{told.article.id}:{place}"


def send(client: TestClient, target: str, verdict: str, **more: Any) -> Any:
    return client.post("/v1/judgements", json={"target": target, "verdict": verdict, "by": "Ann Orrell", **more})


def test_a_corrected_stance_is_what_the_api_says_from_then_on(client: TestClient, told: Analysis) -> None:
    answer = send(client, target(told, "s1/pooling"), "correct", correction={"stance": "oppose"}, note="Read it again.")
    assert answer.status_code == 201 and answer.json()["changed"] == 1
    made = answer.json()["judgement"]
    assert made["found"]["stance"] == "support" and made["right"] is False and made["confidence"] == 0.6
    assert made["target"]["quote"] == [told.statements[0].text] and made["target"]["topic"] == "pooling"
    stance = client.get(f"/v1/statements/{told.article.id}:s1").json()["stances"][0]
    assert stance["label"] == "oppose" and stance["evidence"]["method"] == "corrected by a reviewer"
    assert stance["evidence"]["confidence"] == 1
    gone = client.delete(f"/v1/judgements/{made['id']}", params={"by": "Bo Venn"})
    assert gone.json()["judgement"]["withdrawn"]["by"] == "Bo Venn"
    assert client.get(f"/v1/statements/{told.article.id}:s1").json()["stances"][0]["label"] == "support"
    assert client.delete(f"/v1/judgements/{made['id']}", params={"by": "Bo Venn"}).status_code == 409
    assert client.delete("/v1/judgements/none", params={"by": "Bo Venn"}).status_code == 404


def test_the_list_is_filtered_and_comes_in_pages(client: TestClient, told: Analysis) -> None:
    for place, verdict in (("s1", "confirm"), ("s1/pooling", "reject"), ("f1", "confirm")):
        assert send(client, target(told, place), verdict).status_code == 201
    found = client.get("/v1/judgements", params={"verdict": "confirm", "limit": 1}).json()
    assert [each["target"]["kind"] for each in found["items"]] == ["figure"]
    more = client.get("/v1/judgements", params={"verdict": "confirm", "limit": 1, "after": found["next"]}).json()
    assert [each["target"]["kind"] for each in more["items"]] == ["holder"] and more["next"] is None
    assert len(client.get("/v1/judgements", params={"kind": "stance"}).json()["items"]) == 1
    assert client.get("/v1/judgements", params={"orphaned": True}).json()["items"] == []
    assert client.get("/v1/judgements", params={"colour": "red"}).status_code == 422


@pytest.mark.parametrize(
    ("place", "verdict", "more", "field"),
    [
        ("s9", "confirm", {}, "body.target"),
        ("s1/capitation", "confirm", {}, "body.target"),
        ("s1", "correct", {}, "body.correction"),
        ("s1", "correct", {"correction": {"stance": "oppose"}}, "body.correction"),
        ("s1", "correct", {"correction": {"holder": "Nobody Known"}}, "body.target"),
        ("s1/pooling", "correct", {"correction": {"holder": "bma"}}, "body.correction"),
        ("f1", "correct", {"correction": {"value": "1", "low": "1", "high": "2"}}, "body.correction"),
        ("f1", "correct", {"correction": {"low": "3", "high": "2"}}, "body.correction"),
        ("s1", "confirm", {"correction": {"holder": "bma"}}, "body.target"),
        ("s1", "confirm", {"by": "\u0007"}, "body.by"),
    ],
)
def test_what_cannot_be_judged_is_refused_by_its_field(
    client: TestClient, told: Analysis, place: str, verdict: str, more: dict[str, Any], field: str
) -> None:
    answer = send(client, target(told, place), verdict, **more)
    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["errors"]] == [field]
    assert client.get("/v1/judgements").json()["items"] == []


def test_without_a_name_or_a_key_nobody_judges(client: TestClient, store: Store, told: Analysis) -> None:
    body = {"target": target(told, "s1"), "verdict": "confirm"}
    assert client.post("/v1/judgements", json=body).json()["errors"][0]["field"] == "body.by"
    reader, reviewer = (make_key(store.access, name, [Scope(name)]) for name in ("read", "review"))

    def sent(token: str) -> Any:
        return client.post("/v1/judgements", json=body, headers={"Authorization": f"Bearer {token}"})

    assert sent(reader.token).status_code == 403
    assert sent(reviewer.token).json()["judgement"]["by"] == "review"


def test_a_holder_nobody_knew_is_named_and_found_from_then_on(client: TestClient, told: Analysis) -> None:
    correction = {"holder": "Mo Ferris", "new": "person"}
    assert send(client, target(told, "s1"), "correct", correction=correction).status_code == 201
    positions = client.get("/v1/positions", params={"stakeholder": "mo-ferris"}).json()["items"]
    assert [each["holder"]["name"] for each in positions] == ["Mo Ferris"]
    send(client, target(told, "s1"), "correct", correction={"holder": None})
    assert client.get(f"/v1/statements/{told.article.id}:s1").json()["holder"] is None


def test_a_corrected_figure_says_all_that_was_said(client: TestClient, told: Analysis) -> None:
    correction = {"value": 1200000, "kind": "saving", "status": "claimed", "direction": "down", "period": "2015/16"}
    made = send(client, target(told, "f1"), "correct", correction={**correction, "cited_by": "bma"})
    assert made.status_code == 201
    figures = {each["id"]: each for each in client.get("/v1/figures").json()["items"]}
    figure = figures[target(told, "f1")]
    assert (figure["value"], figure["kind"], figure["status"], figure["direction"]) == (
        1200000,
        "saving",
        "claimed",
        "down",
    )
    assert figure["period"]["start"] == "2015-04-01" and figure["cited_by"]["name"] == "British Medical Association"
    assert figure["evidence"]["method"] == "corrected by a reviewer"


def test_a_merged_id_answers_with_the_one_that_stands_for_it(client: TestClient, told: Analysis) -> None:
    made = client.post("/v1/stakeholders/person:j-tarn/merge", json={"into": "person:jo-tarn", "by": "Ann Orrell"})
    assert made.status_code == 201 and made.json()["changed"] == 1
    answer = client.get("/v1/stakeholders/person:j-tarn")
    assert answer.headers["content-location"] == "/v1/stakeholders/person%3Ajo-tarn"
    assert answer.json()["stakeholder"]["id"] == "person:jo-tarn"
    for id in ("person:j-tarn", "person:jo-tarn"):
        statements = client.get("/v1/statements", params={"stakeholder": id, "min_confidence": 0}).json()["items"]
        assert len(statements) == 2
    gone = client.delete(f"/v1/judgements/{made.json()['judgement']['id']}", params={"by": "Ann Orrell"})
    assert gone.status_code == 200
    assert client.get("/v1/stakeholders/person:j-tarn").json()["stakeholder"]["id"] == "person:j-tarn"
    assert client.post("/v1/stakeholders/none/merge", json={"into": "bma", "by": "A"}).status_code == 404
    circle = client.post("/v1/stakeholders/person:j-tarn/merge", json={"into": "person:j-tarn", "by": "A"})
    assert circle.json()["errors"][0]["field"] == "body.into"


def test_a_merge_is_a_judgement_of_two(client: TestClient, told: Analysis) -> None:
    pair = "person:j-tarn=person:jo-tarn"
    assert send(client, pair, "confirm").json()["judgement"]["target"]["stakeholder"] == "person:j-tarn"
    assert send(client, pair, "reject").json()["changed"] == 1
    assert client.get("/v1/stakeholders/person:j-tarn").json()["stakeholder"]["id"] == "person:j-tarn"
    assert send(client, pair, "correct").status_code == 422


def test_a_split_gives_some_articles_to_another(client: TestClient, told: Analysis) -> None:
    body = {"articles": [told.article.id], "name": "Jo Tarn of Kent", "by": "Ann Orrell"}
    unknown = client.post("/v1/stakeholders/person:jo-tarn/split", json={**body, "articles": ["none"]})
    assert unknown.json()["errors"][0]["field"] == "body.articles"
    made = client.post("/v1/stakeholders/person:jo-tarn/split", json=body).json()["judgement"]
    assert client.get(f"/v1/stakeholders/{made['correction']['to']}").json()["stakeholder"]["name"] == "Jo Tarn of Kent"


def test_accuracy_by_judgements_stands_beside_that_on_gold(client: TestClient, told: Analysis) -> None:
    send(client, target(told, "s1"), "confirm")
    send(client, target(told, "s1/pooling"), "reject")
    found = client.get("/v1/accuracy").json()
    assert found["gold"] and "look at" in found["bias"]
    every = {each["kind"]: each for each in found["judgements"] if each["tier"] is None and not each["drawn"]}
    assert (every["holder"]["judged"], every["holder"]["right"]) == (1, 1)
    assert (every["stance"]["judged"], every["stance"]["right"], every["stance"]["share"]) == (1, 0, 0)
    assert every["figure"]["share"] is None and every["figure"]["low"] == 0


def test_map_and_positions_say_how_many_people_checked_them(client: TestClient, told: Analysis) -> None:
    def counts(path: str) -> dict[str, int]:
        items = client.get(path, params={"topic": "pooling", "min_confidence": 0}).json()
        if "rows" in items:
            return {row["stakeholder"]["id"]: row["positions"]["pooling"]["checked"] for row in items["rows"]}
        return {(each.get("holder") or each["stakeholder"])["id"]: _checked(each) for each in items["items"]}

    paths = ("/v1/map", "/v1/positions", "/v1/divides")
    assert all(counts(path) == {"person:jo-tarn": 0, "person:j-tarn": 0} for path in paths)
    for by in ("Ann Orrell", "Bo Venn"):
        assert send(client, target(told, "s1/pooling"), "confirm", by=by).status_code == 201
    assert all(counts(path) == {"person:jo-tarn": 2, "person:j-tarn": 0} for path in paths)
    assert client.get("/v1/positions/person:jo-tarn/pooling").json()["position"]["checked"] == 2
    assert client.get("/v1/stakeholders/person:jo-tarn").json()["positions"][0]["checked"] == 2
    assert client.get(f"/v1/articles/{told.article.id}").json()["positions"][0]["checked"] == 2
    assert client.get(f"/v1/statements/{told.article.id}:s1").json()["stances"][0]["evidence"]["checked"] == 2
    file = client.get("/v1/exports", params={"what": "positions", "format": "jsonl", "min_confidence": 0}).text
    assert {row["stakeholder_id"]: row["checked"] for row in map(json.loads, file.splitlines())}["person:jo-tarn"] == 2


def _checked(item: dict[str, Any]) -> int:
    found: int = item["checked"] if "checked" in item else item["position"]["checked"]
    return found


def test_words_that_a_licence_keeps_back_are_in_no_judgement(client: TestClient, store: Store, told: Analysis) -> None:
    assert send(client, target(told, "s1"), "confirm").status_code == 201
    store.holdings.license([told.article.id], licence=Licence.LINKS_ONLY, expires=None)
    assert client.get("/v1/judgements").json()["items"][0]["target"]["quote"] == []
    for path in ("/judgements", "/judgements.csv", "/judgements.json", f"/articles/{told.article.id}"):
        assert told.statements[0].text not in client.get(path).text, path
    assert "allows no words of it" in client.get("/judgements").text
