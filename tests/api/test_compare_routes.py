"""The map's addresses: what they answer, in which shape, and what they refuse by the field's name."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator

from api.app import create_app
from api.seeding import synthetic_articles
from api.settings import Settings
from api.store import Store

BASE = "http://127.0.0.1"
TOPICS = ("pooling", "capitation", "co-commissioning")
#: Each address with what it must be asked, and the field that holds its list.
ADDRESSES = {
    "map": ("", "rows"),
    "positions": ("", "items"),
    "changes": ("", "items"),
    "divides": ("topic=pooling", "items"),
    "alliances": ("", "items"),
    "silent": ("topic=capitation", "items"),
    "conditions": ("topic=pooling", "items"),
}


@pytest.fixture(scope="module")
def client(shared_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    url = shared_store.engine.url.render_as_string(hide_password=False)
    folder = shared_store.path.parent if shared_store.path else tmp_path_factory.mktemp("data")
    settings = Settings(data=folder, database_url=None if shared_store.path else url)
    shared_store.writer.write_new(list(synthetic_articles(900, TOPICS, seed=4)))
    app = create_app(settings, store=shared_store)
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as found:
        yield found


def get(client: TestClient, name: str, query: str = "") -> Any:
    answer = client.get(f"/v1/{name}?{'&'.join(filter(None, [ADDRESSES[name][0], query]))}")
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize("name", ADDRESSES)
def test_answer_is_not_empty_and_fits_the_document(client: TestClient, name: str) -> None:
    body = get(client, name, "min_confidence=0.2")
    assert body[ADDRESSES[name][1]]
    document = client.get("/openapi.json").json()
    schema = document["paths"][f"/v1/{name}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    Draft202012Validator({**schema, "components": document["components"]}).validate(body)


@pytest.mark.parametrize("name", ADDRESSES)
def test_pages_join_without_gap_or_repeat(client: TestClient, name: str) -> None:
    key = ADDRESSES[name][1]
    whole = get(client, name, "limit=60")[key]
    seen: list[object] = []
    after = ""
    while len(seen) < len(whole):
        page = get(client, name, f"limit=7{after}")
        seen += page[key]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"
    assert len(whole) > 7 and seen[: len(whole)] == whole


@pytest.mark.parametrize("name", ADDRESSES)
@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("from=2016-01-01&to=2015-01-01", "query.to"),
        ("from=2016-01-01&as_of=2015-01-01", "query.as_of"),
        ("as_of=SECRET", "query.as_of"),
        ("kind=SECRET", "query.kind.0"),
        ("min_confidence=2", "query.min_confidence"),
        ("after=SECRET", "query.after"),
        ("colour=SECRET", "query.colour"),
        ("limit=0", "query.limit"),
        ("publisher=%00", "query.publisher.0"),
    ],
)
def test_senseless_value_is_named_and_not_repeated(client: TestClient, name: str, query: str, field: str) -> None:
    needed = ADDRESSES[name][0]
    answer = client.get(f"/v1/{name}?{'&'.join(filter(None, [needed, query]))}")
    assert answer.status_code == 422 and answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    if not (name == "conditions" and field == "query.after"):  # a cursor of the store says what to do instead
        assert field in [error["field"] for error in body["errors"]]
    assert "SECRET" not in json.dumps(body)


@pytest.mark.parametrize("name", ADDRESSES)
def test_unknown_topic_is_a_problem_of_its_field(client: TestClient, name: str) -> None:
    answer = client.get(f"/v1/{name}?topic=SECRET")
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"].startswith("query.topic")
    assert "SECRET" not in answer.text


@pytest.mark.parametrize("name", ["divides", "silent", "conditions"])
def test_topic_is_asked_for(client: TestClient, name: str) -> None:
    answer = client.get(f"/v1/{name}")
    assert answer.status_code == 422 and answer.json()["errors"][0]["field"] == "query.topic"


@pytest.mark.parametrize(("name", "query"), [("map", "group=all"), ("alliances", "mode=x"), ("changes", "change=x")])
def test_unknown_word_of_a_choice_is_refused(client: TestClient, name: str, query: str) -> None:
    assert client.get(f"/v1/{name}?{query}").status_code == 422


def test_map_says_where_its_evidence_is_and_that_address_answers(client: TestClient) -> None:
    row = get(client, "map", "limit=1")["rows"][0]
    for cell in row["positions"].values():
        why = client.get(cell["evidence"])
        assert why.status_code == 200
        body = why.json()
        assert body["position"]["label"] == cell["label"]
        assert len(body["history"]) == len(body["grounds"])


def test_history_is_every_utterance_by_date_in_its_sentence(client: TestClient) -> None:
    row = get(client, "map", "limit=1")["rows"][0]
    cell = next(iter(row["positions"].values()))
    history = client.get(cell["evidence"]).json()["history"]
    dates = [each["article"]["published"] or "" for each in history]
    assert [date[:4] for date in dates] == sorted(date[:4] for date in dates)
    assert all(each["text"] in each["sentence"] for each in history)


def test_map_as_of_a_day_knows_nothing_later(client: TestClient) -> None:
    body = get(client, "map", "as_of=2016-06-30&min_confidence=0&limit=1000")
    cells = [cell for row in body["rows"] for cell in row["positions"].values()]
    assert cells and all(cell["last"] <= "2016-06-30" for cell in cells)
    assert body["total"] < get(client, "map", "min_confidence=0")["total"]


def test_map_counts_each_story_once(client: TestClient) -> None:
    for row in get(client, "map", "limit=20")["rows"]:
        for cell in row["positions"].values():
            counts = [each["stories"] for each in cell["stories"]]
            assert max(counts) <= cell["story_count"] <= sum(counts)


def test_group_of_people_has_people_alone(client: TestClient) -> None:
    for group, kinds in (("person", {"person"}), ("organisation", {"organisation", "group"})):
        rows = get(client, "map", f"group={group}&limit=1000")["rows"]
        assert {row["stakeholder"]["kind"] for row in rows} <= kinds and rows


def test_change_shows_two_sentences_in_their_order(client: TestClient) -> None:
    items = get(client, "changes", "change=reversal&min_confidence=0&limit=20")["items"]
    for each in items:
        assert {each["before"], each["after"]} == {"support", "oppose"}
        assert each["old"]["article"]["published"][:4] <= each["new"]["article"]["published"][:4]
        assert each["old"]["sentence"] and each["new"]["sentence"]
    told = get(client, "changes", "change=told&min_confidence=0")["items"]
    assert told and all(each["old"] is None and each["new"]["earlier"] == each["before"] for each in told)


def test_divides_publish_their_definition_here_and_in_the_document(client: TestClient) -> None:
    body = get(client, "divides")
    assert "Esteban and Ray" in body["definition"] and 0 <= body["polarization"] <= 1
    document = client.get("/openapi.json").json()
    assert body["definition"] in document["paths"]["/v1/divides"]["get"]["description"]
    assert sum(camp["stakeholders"] for camp in body["camps"]) >= len(body["items"])


@pytest.mark.parametrize("normalization", ["none", "activity", "prominence", "jaccard", "cosine"])
@pytest.mark.parametrize("mode", ["congruence", "conflict", "subtract"])
def test_alliances_answer_in_every_mode_and_normalization(client: TestClient, mode: str, normalization: str) -> None:
    body = get(client, "alliances", f"mode={mode}&normalization={normalization}&min_confidence=0")
    weights = [abs(item["weight"]) for item in body["items"]]
    assert body["total"] >= len(weights) > 0 and weights == sorted(weights, reverse=True)
    assert (body["mode"], body["normalization"]) == (mode, normalization) and "Leifeld" in body["definition"]


def test_silent_have_a_number_and_no_position(client: TestClient) -> None:
    silent = {item["stakeholder"]["id"] for item in get(client, "silent", "limit=200")["items"]}
    speaking = get(client, "map", "topic=capitation&min_confidence=0&limit=1000")["rows"]
    assert not silent & {row["stakeholder"]["id"] for row in speaking}


def test_condition_stands_by_offset_in_the_text_of_its_article(client: TestClient) -> None:
    for item in get(client, "conditions", "limit=10")["items"]:
        article = client.get(f"/v1/articles/{item['said']['article']['id']}").json()
        condition = item["condition"]
        assert article["text"][condition["start"] : condition["end"]] == condition["text"]
        assert condition["text"] in item["said"]["sentence"]


def test_filters_narrow_every_comparison(client: TestClient) -> None:
    publisher = client.get("/v1/articles?limit=1").json()["items"][0]["publisher"]
    for name in ("changes", "conditions"):
        items = get(client, name, f"min_confidence=0&publisher={publisher}&limit=50")["items"]
        articles = [item.get("new", item.get("said"))["article"] for item in items]
        assert all(article["publisher"] == publisher for article in articles)


def test_commands_say_what_the_addresses_say(client: TestClient, run: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = client.app.state.services.settings  # type: ignore[attr-defined]
    folder = str(settings.data)
    if settings.database_url:
        monkeypatch.setenv("STANDPOINT_DATABASE_URL", settings.database_url)
    for command, name, query in (
        (["changes"], "changes", "limit=50"),
        (["divides", "pooling"], "divides", "limit=200"),
        (["silent", "capitation"], "silent", "limit=50"),
    ):
        printed = run("--data", folder, *command, "--json").document
        assert printed["items"][:50] == get(client, name, query)["items"][:50]
        assert run("--data", folder, *command).out.strip()


def test_seed_fills_an_empty_folder_once(run: Any) -> None:
    assert run("--data", "big", "seed", "--statements", "50", "--seed", "2", "--json").document["statements"] == 50
    again = run("--data", "big", "seed", "--statements", "50")
    assert again.code == 2 and "not empty" in again.err
    assert run("--data", "big", "silent", "no-such-topic").code != 0
