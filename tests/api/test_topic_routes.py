"""Topics and explanations over HTTP: 202 and the work behind it, 409 for a clash, and what stands behind a position."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from api.store import Filters, Store
from nlp.explanations import Reading, Words
from nlp.positions import Observation
from nlp.records import Analysis, Article, Evidence, Run, Stance, StanceLabel, Topic
from nlp.topic_check import Catch
from nlp.topics import shipped_topics, topics_digest

BASE = "http://127.0.0.1"
TOLL = {
    "id": "toll",
    "name": "Toll",
    "claim": "The bridge should have a toll.",
    "counter_claim": "The bridge should stay free.",
    "phrases": ["bridge toll"],
    "supports": ["make drivers pay"],
    "opposes": ["keep it free"],
    "from": "2014-01-01",
    "named_only": True,
}
SHIPPED = {topic.id for topic in shipped_topics()}


class FakeEngine:
    def apply(self, analysis: Analysis, topics: Sequence[Topic], before: Sequence[Topic] | None) -> Analysis:
        said = analysis.statements[0]
        evidence = Evidence(0.9, "fake", "made up", said.spans)
        kept = [stance for stance in analysis.stances if stance.topic in SHIPPED]
        own = [topic.id for topic in topics if topic.id not in SHIPPED]
        made = [Stance(said.holder or "", id, StanceLabel.OPPOSE, evidence, statement=said.id) for id in own]
        run = Run("0.1.0", "now", (("topics", topics_digest(topics)),))
        return replace(analysis, run=run, stances=(*kept, *made))

    def check(self, analysis: Analysis, topic: Topic, topics: Sequence[Topic]) -> tuple[Catch, ...]:
        holder = analysis.statements[0].holder or ""
        return tuple(
            Catch(analysis.article.id, "s1", holder, "words", caught, StanceLabel.OPPOSE, 0.8, "made up")
            for caught in (True, False)
        )

    def read(self, article: Article, observation: Observation, topic: Topic, holder: str) -> Reading | None:
        span = article.span(observation.spans[0].start, observation.spans[0].start + 8)
        return Reading((("support", 0.9), ("none", 0.1)), (Words(span, 0.5),), (Words(span, -0.1),))


@pytest.fixture
def app(settings: Settings, store: Store, make_analysis: Callable[..., Analysis]) -> FastAPI:
    words = ("a single budget keeps practices open", "pooled money is right for this town", "we cannot accept one pot")
    labels = (StanceLabel.SUPPORT, StanceLabel.SUPPORT, StanceLabel.OPPOSE)
    for number, (said, label) in enumerate(zip(words, labels, strict=True)):
        published = f"201{3 + number}-03-01" if label is StanceLabel.SUPPORT else "2012-03-01"
        store.writer.write_analysis(make_analysis(f"{number}.txt", words=said, label=label, published=published))
    store.writer.write_analysis(make_analysis("low.txt", words="perhaps not", confidence=0.4, label=StanceLabel.MIXED))
    return create_app(settings, store=store, engine=FakeEngine())


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as found:
        yield found


def test_a_topic_is_kept_and_applied_to_what_is_stored(client: TestClient, store: Store) -> None:
    answer = client.post("/v1/topics", json=TOLL)
    assert answer.status_code == 202, answer.text
    body = answer.json()
    assert body["topic"]["id"] == "toll" and not body["shipped"] and (body["articles"], body["waiting"]) == (4, 4)
    assert client.get("/v1/topics/toll").json()["waiting"] == 0
    assert len(store.reader.stances(Filters(topic=("toll",))).items) == 4
    (kept,) = store.reader.topics()
    assert kept.named_only and kept.start is not None and kept.supports == ("make drivers pay",)
    assert client.get("/v1/topics", params={"limit": 200}).json()["items"][-1]["id"] == "toll"


def test_the_same_topic_again_goes_on_and_another_under_its_id_is_refused(client: TestClient) -> None:
    client.post("/v1/topics", json=TOLL)
    assert client.post("/v1/topics", json=TOLL).json()["waiting"] == 0
    clash = client.post("/v1/topics", json={**TOLL, "claim": "The bridge should be closed."})
    assert clash.status_code == 409 and clash.headers["content-type"] == "application/problem+json"
    shipped = client.post("/v1/topics", json={**TOLL, "id": "pooling"})
    assert shipped.status_code == 409


@pytest.mark.parametrize(
    "change",
    [
        {"id": "Bad Id"},
        {"claim": "SECRET"},
        {"claim": "— … —"},
        {"claim": "SECRET " * 100},
        {"phrases": ["!?"]},
        {"phrases": ["over there"]},
        {"phrases": [f"SECRET {n}" for n in range(201)]},
        {"name": "\0"},
        {"to": "2013-01-01"},
        {"colour": "SECRET"},
    ],
)
@pytest.mark.parametrize("path", ["/v1/topics", "/v1/topics/check"])
def test_a_topic_that_breaks_a_rule_is_a_problem_that_does_not_repeat_it(
    client: TestClient, store: Store, path: str, change: dict[str, Any]
) -> None:
    answer = client.post(path, json={**TOLL, **change})
    (field,) = change
    assert any(error["field"].startswith(f"body.{field}") for error in answer.json()["errors"])
    assert answer.status_code == 422 and answer.headers["content-type"] == "application/problem+json"
    assert "SECRET" not in answer.text and store.reader.topics() == ()


def test_a_topic_goes_with_its_stances_and_shipped_ones_stay(client: TestClient, store: Store) -> None:
    client.post("/v1/topics", json=TOLL)
    assert client.delete("/v1/topics/toll").status_code == 204
    assert store.reader.topics() == () and not store.reader.stances(Filters(topic=("toll",))).items
    assert client.get("/v1/topics/toll").status_code == 404
    assert client.delete("/v1/topics/toll").status_code == 404
    assert client.delete("/v1/topics/pooling").status_code == 409
    assert client.get("/v1/topics/pooling").json()["waiting"] == 0


def test_a_check_tells_what_would_be_caught_and_writes_nothing(client: TestClient, store: Store) -> None:
    body = client.post("/v1/topics/check", json=TOLL, params={"limit": 2, "articles": 3}).json()
    assert (body["articles"], body["read"], body["caught_count"], body["missed_count"]) == (4, 3, 3, 3)
    assert len(body["caught"]) == len(body["missed"]) == 2
    row = body["caught"][0]
    assert row["holder"]["name"] == "Jo Tarn" and row["statement"].startswith(row["article"]) and row["reason"]
    assert store.reader.topics() == ()


def test_a_position_is_explained_with_all_that_made_it(client: TestClient) -> None:
    body = client.get("/v1/positions/person:jo-tarn/pooling").json()
    assert body["position"]["label"] == "support" and body["topic"]["id"] == "pooling"
    assert {row["label"] for row in body["weights"]} == {"support", "oppose"} and "weights by stance" in body["rule"]
    grounds = body["grounds"]
    assert [row["counts"] for row in grounds] == ["for", "for", "against", "unsure"]
    assert [row["article"]["published"] for row in grounds[:3]] == ["2014-03-01", "2013-03-01", "2012-03-01"]
    assert "pooled money is right" in grounds[0]["sentence"] and grounds[0]["weight"] == pytest.approx(0.81)
    assert grounds[0]["scores"] == {"support": 0.9, "none": 0.1} and grounds[0]["decided"][0]["change"] == 0.5
    assert grounds[0]["against"] and grounds[3]["weight"] == 0 and grounds[3]["scores"] is None


def test_a_lower_bound_lets_more_statements_count(client: TestClient) -> None:
    body = client.get("/v1/positions/person:jo-tarn/pooling", params={"min_confidence": 0.3}).json()
    assert "unsure" not in {row["counts"] for row in body["grounds"]}


@pytest.mark.parametrize(
    "path", ["nobody/pooling", "person:jo-tarn/none", "person:jo-tarn/capitation", "Jo%20Tarn/pooling"]
)
def test_a_position_that_is_not_there_is_a_problem(client: TestClient, path: str) -> None:
    answer = client.get(f"/v1/positions/{path}")
    assert answer.status_code == 404 and answer.headers["content-type"] == "application/problem+json"


def test_the_document_describes_the_new_addresses(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert set(paths["/v1/topics"]) == {"get", "post"} and set(paths["/v1/topics/{id}"]) == {"get", "delete"}
    assert "post" in paths["/v1/topics/check"] and "get" in paths["/v1/positions/{holder}/{topic}"]
    assert "409" in paths["/v1/topics"]["post"]["responses"] and "202" in paths["/v1/topics"]["post"]["responses"]
    assert client.get("/docs").status_code == 200
