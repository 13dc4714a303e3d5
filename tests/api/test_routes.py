"""The HTTP API: what it answers, what it refuses, and that no answer echoes what was sent."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator

from api.app import create_app
from api.settings import Settings
from api.store import Store
from nlp.records import Analysis, Article, BlockKind, StanceLabel, Topic
from nlp.topics import shipped_topics

BASE = "http://127.0.0.1"
LISTS = ("articles", "statements", "stakeholders", "topics", "positions", "figures", "map")


def _echo(article: Article, topics: object) -> Analysis:
    """A pipeline that finds nothing but tells which topics it was given."""
    from nlp.records import Issue, Run

    chosen = topics if isinstance(topics, list) else []
    return Analysis(article, Run("0", "d"), issues=tuple(Issue("topic", topic.id) for topic in chosen))


@pytest.fixture
def app(settings: Settings, store: Store, analysis: Analysis, make_analysis: Callable[..., Analysis]) -> FastAPI:
    store.writer.write_analysis(analysis)
    for index in range(4):
        label = StanceLabel.OPPOSE if index % 2 else StanceLabel.SUPPORT
        store.writer.write_analysis(
            make_analysis(f"{index}.txt", holder=f"person:holder-{index}", label=label, published=f"201{index}-03-01")
        )
    return create_app(settings, store=store, analyse=_echo)


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as found:
        yield found


def _problem(client: TestClient, path: str, status: int) -> dict[str, object]:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, object] = answer.json()
    assert body["status"] == status and body["title"] and body["detail"]
    return body


@pytest.mark.parametrize("name", LISTS)
def test_lists_answer_and_fit_the_document(client: TestClient, name: str) -> None:
    answer = client.get(f"/v1/{name}", params={"min_confidence": "0"} if name != "topics" else {})
    assert answer.status_code == 200
    body = answer.json()
    assert body["rows" if name == "map" else "items"]
    document = client.get("/openapi.json").json()
    schema = document["paths"][f"/v1/{name}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    Draft202012Validator({**schema, "components": document["components"]}).validate(body)


@pytest.mark.parametrize("name", LISTS)
def test_pages_of_a_list_join_without_gap_or_repeat(client: TestClient, name: str) -> None:
    key = "rows" if name == "map" else "items"
    whole = client.get(f"/v1/{name}").json()[key]
    seen: list[object] = []
    after: str | None = None
    while True:
        page = client.get(f"/v1/{name}", params={"limit": 1} | ({"after": after} if after else {})).json()
        seen += page[key]
        after = page["next"]
        if after is None:
            break
    assert len(whole) > 1 and seen == whole


@pytest.mark.parametrize("name", [*LISTS, "search"])
def test_unknown_parameter_is_named_and_refused(client: TestClient, name: str) -> None:
    body = _problem(client, f"/v1/{name}?colour=SECRET&q=budget", 422)
    assert {"field": "query.colour", "detail": "There is no such parameter."} in body["errors"]  # type: ignore[operator]
    assert "SECRET" not in json.dumps(body)


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("cursor", ["SECRET", "W10", "e30", "%00", "%ED%A0%80", "bzk5OTk5OTk5OTk5OTk", "é"])
def test_malformed_cursor_is_a_problem(client: TestClient, name: str, cursor: str) -> None:
    body = _problem(client, f"/v1/{name}?after={cursor}", 422)
    assert "SECRET" not in json.dumps(body)


@pytest.mark.parametrize(
    "query",
    [
        "from=2015-01-01&to=2014-01-01",
        "from=0",
        "from=2015-02-30",
        "to=SECRET",
        "stance=SECRET",
        "manner=SECRET",
        "min_confidence=2",
        "min_confidence=nan",
        "limit=0",
        "limit=201",
        "limit=SECRET",
        "topic=",
        "topic=%00",
        "q=%00",
        "q=-word",
        "q=" + "x" * 1001,
    ],
)
def test_senseless_value_is_a_problem_that_does_not_repeat_it(client: TestClient, query: str) -> None:
    assert "SECRET" not in json.dumps(_problem(client, f"/v1/articles?{query}", 422))


def test_invented_parameter_name_is_not_repeated(client: TestClient) -> None:
    assert "<script>" not in json.dumps(_problem(client, "/v1/articles?%3Cscript%3E=1", 422))


def test_same_key_widens_and_other_key_narrows(client: TestClient) -> None:
    def holders(query: str) -> set[str]:
        return {item["holder"]["id"] for item in client.get(f"/v1/positions?{query}").json()["items"]}

    both = "stakeholder=person:holder-0&stakeholder=person:holder-1"
    assert holders(both) == {"person:holder-0", "person:holder-1"}
    assert holders(f"{both}&stance=oppose") == {"person:holder-1"}
    assert holders(f"{both}&from=2011-01-01&to=2012-01-01") == {"person:holder-1"}
    assert holders(f"{both}&topic=capitation") == set()


def test_low_confidence_is_shown_when_asked_for(client: TestClient) -> None:
    path = "/v1/positions?stakeholder=person:asha-merton&topic=capitation"
    assert client.get(path).json()["items"] == []
    (position,) = client.get(f"{path}&min_confidence=0.4").json()["items"]
    assert position["tier"] == "low" and position["label"] == "oppose"


def test_article_carries_everything_found_in_it(client: TestClient, analysis: Analysis) -> None:
    body = client.get(f"/v1/articles/{analysis.article.id}").json()
    text = body["text"]
    assert body["article"]["published"] == "2014-05" and body["article"]["story"] == analysis.article.id
    assert body["blocks"][0]["kind"] == "headline"
    spans = [span for row in body["statements"] + body["figures"] for span in row["spans"]]
    assert spans and all(text[span["start"] : span["end"]] == span["text"] for span in spans)
    first = body["figures"][0]
    assert (first["low"], first["high"], first["payer"]["name"]) == (2000000, 3500000, "Mid Wexshire CCG")
    assert (first["terms"], first["recurrence"]) == ("real", "recurring")
    assert [(link["figure"], link["relation"]) for link in first["links"]] == [("f2", "changed_from")]
    assert body["positions"] and body["issues"] and body["run"]["digest"] == "d1"


def test_statement_and_stakeholder_are_found_by_id(client: TestClient, analysis: Analysis) -> None:
    statement = client.get(f"/v1/statements/{analysis.article.id}:s1").json()
    assert statement["holder"] == {"id": "person:asha-merton", "name": "Asha Merton"}
    assert [stance["label"] for stance in statement["stances"]] == ["support"]
    detail = client.get("/v1/stakeholders/ccg:mid-wexshire").json()
    assert detail["stakeholder"]["successors"][0] == {"id": "icb:wexshire", "on": "2022-07-01"}
    assert [position["topic"] for position in detail["positions"]] == ["pooling"]


def test_parents_parts_and_successors_of_a_body_are_shown_with_their_names(client: TestClient) -> None:
    kin = client.get("/v1/stakeholders/gpc").json()["kin"]
    assert kin["parents"] == [{"id": "bma", "name": "British Medical Association"}]
    assert {"id": "gpc-england", "name": "GPC England"} in kin["parts"]
    kin = client.get("/v1/stakeholders/nhs-commissioning-board").json()["kin"]
    assert kin["successors"] == [{"id": "nhs-england", "name": "NHS England"}]
    assert next((name["name"], name["until"]) for name in kin["names"]) == ("NHS Commissioning Board", "2013-03-31")
    stored = client.get("/v1/stakeholders/ccg:mid-wexshire").json()["kin"]
    assert [each["id"] for each in stored["successors"]] == ["icb:wexshire", "icb:other"]


def _match(client: TestClient, body: object) -> tuple[int, dict[str, object]]:
    answer = client.post("/v1/stakeholders/match", json=body)
    return answer.status_code, answer.json()


def test_match_scores_bodies_of_the_register_and_people_of_the_store(client: TestClient) -> None:
    status, body = _match(client, {"name": "the NHS Commissioning Board", "on": "2014-05-21"})
    candidates = body["candidates"]
    assert status == 200 and isinstance(candidates, list)
    assert [(c["stakeholder"]["id"], c["match"], c["suggestion"]) for c in candidates] == [
        ("nhs-commissioning-board", True, False),
        ("nhs-england", False, False),
    ]
    assert [point["test"] for point in candidates[0]["points"]] == ["exact name", "not alive"]
    _, body = _match(client, {"name": "Dr A. Merton", "limit": 1.0})
    (person,) = body["candidates"] if isinstance(body["candidates"], list) else ()
    assert person["stakeholder"]["id"] == "person:asha-merton" and person["suggestion"] and not person["match"]
    assert _match(client, {"name": "qwrtz vbnm"}) == (200, {"candidates": []})


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "body.name"),
        ({"name": " ’ "}, "body.name"),
        ({"name": "SECRET" * 40}, "body.name"),
        ({"name": "SECRET", "on": "May 2014"}, "body.on"),
        ({"name": "SECRET", "limit": 0}, "body.limit"),
        ({"name": "SECRET", "limit": "5"}, "body.limit"),
        ({"name": "SECRET", "limit": True}, "body.limit"),
        ({"name": "SECRET", "on": 0}, "body.on"),
        ({"name": "SECRET", "colour": 1}, "body.colour"),
    ],
)
def test_match_names_the_field_that_is_wrong(client: TestClient, body: object, field: str) -> None:
    status, problem = _match(client, body)
    assert status == 422 and "SECRET" not in json.dumps(problem)
    errors = problem["errors"]
    assert isinstance(errors, list) and [error["field"] for error in errors] == [field]


@pytest.mark.parametrize("path", ["articles/SECRET", "statements/SECRET", "stakeholders/SECRET", "SECRET"])
def test_what_is_not_there_is_a_problem(client: TestClient, path: str) -> None:
    assert "SECRET" not in json.dumps(_problem(client, f"/v1/{path}", 404))


def test_search_marks_what_matched(client: TestClient) -> None:
    items = client.get("/v1/search", params={"q": '"single budget" -tariff', "limit": 2}).json()["items"]
    assert [piece["text"] for piece in items[0]["snippet"] if piece["match"]]
    assert _problem(client, "/v1/search", 422)["errors"] == [{"field": "query.q", "detail": "Field required"}]


def test_map_holds_the_positions_by_stakeholder_and_topic(client: TestClient) -> None:
    body = client.get("/v1/map").json()
    assert body["topics"] == [{"id": "pooling", "name": "Pooling of GP and NHS budgets"}]
    rows = {row["stakeholder"]["id"]: row["positions"] for row in body["rows"]}
    assert rows["person:holder-1"]["pooling"]["label"] == "oppose"
    assert rows["person:holder-1"]["pooling"]["stories"] == [{"label": "oppose", "stories": 1}]


def test_etag_saves_the_second_answer(client: TestClient) -> None:
    first = client.get("/v1/map")
    tag = first.headers["etag"]
    for header in (tag, f'"x", {tag}', tag.removeprefix("W/"), "*"):
        again = client.get("/v1/map", headers={"If-None-Match": header})
        assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert client.get("/v1/map", headers={"If-None-Match": '"other"'}).status_code == 200


def test_head_is_get_without_body(client: TestClient) -> None:
    answer = client.head("/v1/topics")
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-length"] == client.get("/v1/topics").headers["content-length"]


def _post(client: TestClient, body: object) -> tuple[int, dict[str, object]]:
    answer = client.post("/v1/analyse", json=body)
    return answer.status_code, answer.json()


def test_analyse_answers_and_stores_nothing(client: TestClient, store: Store) -> None:
    before = store.reader.counts()
    body = {
        "text": "A headline\n\nA body.",
        "published": "2015-03",
        "url": "https://example.org/a",
        "topics": ["pooling"],
    }
    status, answer = _post(client, body)
    assert status == 200
    assert answer["article"]["published"] == "2015-03"  # type: ignore[index]
    assert answer["article"]["source"] == "https://example.org/a"  # type: ignore[index]
    assert [issue["message"] for issue in answer["issues"]] == ["pooling"]  # type: ignore[attr-defined,union-attr]
    assert store.reader.counts() == before


def test_analyse_takes_topics_of_the_caller(client: TestClient, store: Store) -> None:
    store.writer.add_topic(Topic("stored-topic", "Stored", "It should be stored."))
    own = {"id": "seven-day", "name": "Seven-day access", "claim": "Practices should open every day."}
    _, answer = _post(client, {"text": "x", "topics": [own, "stored-topic"]})
    assert [issue["message"] for issue in answer["issues"]] == ["seven-day", "stored-topic"]  # type: ignore[attr-defined,union-attr]
    _, answer = _post(client, {"text": "x"})
    assert len(answer["issues"]) == len(shipped_topics()) + 1  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"text": ""}, "body.text"),
        ({"text": "  \n"}, "body.text"),
        ({"text": "a\u0000SECRET"}, "body.text"),
        ({"text": 5}, "body.text"),
        ({}, "body.text"),
        ({"text": "x", "colour": "SECRET"}, "body.colour"),
        ({"text": "x", "published": "SECRET"}, "body.published"),
        ({"text": "x", "url": "javascript:SECRET"}, "body.url"),
        ({"text": "x", "topics": ["SECRET"]}, "body.topics.0"),
        ({"text": "x", "topics": ["pooling"] * 21}, "body.topics"),
        ({"text": "x", "title": "a\u0000"}, "body.title"),
    ],
)
def test_analyse_names_the_field_that_is_wrong(client: TestClient, body: object, field: str) -> None:
    status, answer = _post(client, body)
    assert status == 422 and "SECRET" not in json.dumps(answer)
    assert any(error["field"].startswith(field) for error in answer["errors"])  # type: ignore[attr-defined,union-attr]


@pytest.mark.parametrize("content", [b'{"text": "\\ud800"}', b'{"text": "a', b"\xff\xfe", b"", b"[" * 5000, b"null"])
def test_broken_bodies_are_problems(client: TestClient, content: bytes) -> None:
    answer = client.post("/v1/analyse", content=content, headers={"Content-Type": "application/json"})
    assert 400 <= answer.status_code < 500, answer.text
    assert answer.headers["content-type"] == "application/problem+json"


def test_large_bodies_are_refused_with_and_without_a_stated_length(settings: Settings, store: Store) -> None:
    app = create_app(settings.model_copy(update={"max_upload_bytes": 1000}), store=store, analyse=_echo)
    client = TestClient(app, base_url=BASE, raise_server_exceptions=False)
    body = json.dumps({"text": "x" * 2000}).encode()
    kinds = {"Content-Type": "application/json"}
    stated = client.post("/v1/analyse", content=body, headers=kinds)
    chunked = client.post("/v1/analyse", content=iter([body[:900], body[900:]]), headers=kinds)
    assert (stated.status_code, chunked.status_code) == (413, 413)
    assert stated.json()["detail"] == chunked.json()["detail"]


@pytest.mark.parametrize("host", ["evil.test", "127.0.0.1.evil.test", "localhost@evil.test", "", "10.0.0.1:8000"])
def test_foreign_host_is_refused(client: TestClient, host: str) -> None:
    answer = client.get("/v1/map", headers={"Host": host})
    assert answer.status_code == 421 and answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8000", "127.0.0.1:9", "[::1]:8000"])
def test_names_of_this_machine_are_answered(client: TestClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


def test_requests_from_pages_of_other_sites_are_refused(client: TestClient) -> None:
    body = {"text": "x"}
    assert client.post("/v1/analyse", json=body, headers={"Origin": "https://evil.test"}).status_code == 403
    assert client.post("/v1/analyse", json=body, headers={"Origin": "null"}).status_code == 403
    assert client.post("/v1/analyse", json=body, headers={"Origin": BASE}).status_code == 200


@pytest.mark.parametrize("path", ["/", "/v1/map", "/v1/nope", "/static/style.css", "/nope", "/v1/search"])
def test_every_answer_carries_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["content-security-policy"].startswith("default-src 'none'; style-src 'self'")
    assert "unsafe" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff" and headers["referrer-policy"] == "same-origin"


def test_health_readiness_and_version(client: TestClient) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready"}
    assert set(client.get("/version").json()) == {"standpoint", "api", "python"}


def test_without_a_database_only_readiness_and_data_fail(tmp_path: Path) -> None:
    client = TestClient(create_app(Settings(data=tmp_path / "none"), analyse=_echo), base_url=BASE)
    assert client.get("/healthz").status_code == 200
    for path in ("/readyz", "/v1/map", "/v1/articles/x"):
        body = _problem(client, path, 503)
        assert "standpoint ingest" in str(body["detail"]) and str(tmp_path) not in json.dumps(body)
    assert client.get("/v1/topics").status_code == 200
    assert client.post("/v1/analyse", json={"text": "x"}).status_code == 200
    assert not (tmp_path / "none").exists()


def test_readiness_ends_when_the_database_is_taken_away(client: TestClient, store: Store) -> None:
    store.path.unlink()
    _problem(client, "/readyz", 503)


def test_what_nobody_foresaw_is_a_500_without_its_cause(settings: Settings, store: Store) -> None:
    def fail(article: Article, topics: object) -> Analysis:
        raise RuntimeError("SECRET")

    client = TestClient(create_app(settings, store=store, analyse=fail), base_url=BASE, raise_server_exceptions=False)
    answer = client.post("/v1/analyse", json={"text": "x"})
    assert answer.status_code == 500 and "SECRET" not in answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert "content-security-policy" in answer.headers


def test_wrong_method_is_a_problem_that_names_the_right_one(client: TestClient) -> None:
    answer = client.put("/v1/analyse", json={})
    assert answer.status_code == 405 and answer.headers["allow"] == "POST"
    assert answer.headers["content-type"] == "application/problem+json"


def test_addresses_of_articles_that_are_no_web_links_are_left_out(
    client: TestClient, store: Store, make_analysis: Callable[..., Analysis]
) -> None:
    analysis = make_analysis("odd.txt")
    odd = replace(analysis, article=replace(analysis.article, url="javascript:alert(1)"))
    store.writer.write_analysis(odd)
    assert client.get(f"/v1/articles/{odd.article.id}").json()["article"]["url"] is None


def test_document_describes_every_address_with_examples_and_problems(client: TestClient, app: FastAPI) -> None:
    document = client.get("/openapi.json").json()
    wanted = {f"/v1/{name}" for name in (*LISTS, "search", "analyse")} | {"/healthz", "/readyz", "/version"}
    assert wanted <= set(document["paths"])
    ids = [operation["operationId"] for path in document["paths"].values() for operation in path.values()]
    assert len(ids) == len(set(ids)) and not any("v1" in id for id in ids)
    for methods in document["paths"].values():
        for operation in methods.values():
            assert operation["description"] and operation["tags"]
            assert operation["responses"]["422"] == {"$ref": "#/components/responses/Problem422"}
    assert set(document["components"]["responses"]["Problem422"]["content"]) == {"application/problem+json"}
    assert "HTTPValidationError" not in document["components"]["schemas"]
    (example,) = document["components"]["schemas"]["AnalyseIn"]["examples"]
    assert client.post("/v1/analyse", json=example).status_code == 200
    text = json.dumps(document)
    for name in ("StatementOut", "FigureOut", "PositionOut", "ArticleOut", "StakeholderOut", "TopicOut"):
        assert f"#/components/schemas/{name}" in text


def test_kinds_of_blocks_are_a_closed_list_in_the_document(client: TestClient) -> None:
    schemas = client.get("/openapi.json").json()["components"]["schemas"]
    assert schemas["BlockKind"]["enum"] == [kind.value for kind in BlockKind]
