"""The Python client: typed answers, lists walked page by page, problems as errors of the family."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from api import client as clients
from api.app import create_app
from api.client import Standpoint
from api.keys import Scope, make_key
from api.routes.bodies import AnalyseIn, TopicIn
from api.routes.intake_bodies import ArticleIn
from api.routes.judgement_bodies import JudgementIn
from api.settings import Settings
from api.store import Store
from nlp.errors import NotFoundError, NotSetUpError, StandpointError, UsageError
from nlp.judgements import Verdict
from nlp.records import Analysis, Article, Run, StanceLabel, Topic
from nlp.topic_check import Catch

BASE = "http://127.0.0.1"
TOLL = TopicIn(id="toll", name="Toll", claim="The bridge should have a toll.", **{"from": date(2014, 1, 1)})


class _Engine:
    def apply(self, analysis: Analysis, topics: Sequence[Topic], before: Sequence[Topic] | None) -> Analysis:
        return analysis

    def check(self, analysis: Analysis, topic: Topic, topics: Sequence[Topic]) -> tuple[Catch, ...]:
        return (Catch(analysis.article.id, "s1", "person:jo-tarn", "words", True, StanceLabel.OPPOSE, 0.8, "made up"),)

    def read(self, *_: object) -> None:
        return None


def _analyse(article: Article, _: Sequence[Topic]) -> Analysis:
    return Analysis(article, Run("0", "d"))


class Through(httpx.BaseTransport):
    """Hands the requests of httpx to an application in this process, and counts them."""

    def __init__(self, client: TestClient) -> None:
        self.client, self.seen = client, list[httpx.Request]()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        headers = {name: value for name, value in request.headers.items() if name != "content-length"}
        answer = self.client.request(request.method, str(request.url), content=request.read(), headers=headers)
        kept = [(name, value) for name, value in answer.headers.items() if name != "content-encoding"]
        return httpx.Response(answer.status_code, headers=kept, content=answer.content)


def _connect(settings: Settings, store: Store, key: str | None = None, **changed: Any) -> tuple[Standpoint, Through]:
    app = create_app(settings.model_copy(update=changed), store=store, analyse=_analyse, engine=_Engine())  # type: ignore[arg-type]
    through = Through(TestClient(app, base_url=BASE, raise_server_exceptions=False))
    return Standpoint(key=key, http=httpx.Client(base_url=BASE, transport=through)), through


@pytest.fixture
def filled(store: Store, analysis: Analysis, make_analysis: Callable[..., Analysis]) -> Store:
    store.writer.write_analysis(analysis)
    for index in range(4):
        label = StanceLabel.OPPOSE if index % 2 else StanceLabel.SUPPORT
        store.writer.write_analysis(
            make_analysis(f"{index}.txt", holder=f"person:holder-{index}", label=label, published=f"201{index}-03-01")
        )
    return store


@pytest.fixture
def map(settings: Settings, filled: Store) -> Standpoint:
    return _connect(settings, filled)[0]


def test_lists_are_walked_page_by_page(settings: Settings, filled: Store) -> None:
    client, through = _connect(settings, filled)
    walks: dict[str, Callable[..., Any]] = {
        "articles": client.articles,
        "statements": client.statements,
        "stakeholders": client.stakeholders,
        "figures": client.figures,
        "positions": client.positions,
    }
    for name, walk in walks.items():
        whole = list(walk())
        through.seen.clear()
        assert list(walk(limit=1)) == whole and len(whole) > 2, name
        assert len(through.seen) == len(whole)
    through.seen.clear()
    next(iter(client.articles(limit=1)))
    assert len(through.seen) == 1
    assert [row.stakeholder.id for row in client.map(limit=2).rows] == [row.stakeholder.id for row in client.map().rows]
    assert len(list(client.search("budget", limit=2))) == len(list(client.search("budget")))
    assert {"pooling", "capitation"} <= {topic.id for topic in client.topics()}


def test_filters_are_sent_under_the_names_of_the_addresses(map: Standpoint) -> None:
    found = list(map.positions(stakeholder=["person:holder-0", "person:holder-1"], stance=StanceLabel.OPPOSE))
    assert [(position.holder.id, position.label) for position in found] == [("person:holder-1", StanceLabel.OPPOSE)]
    dated = map.articles(since=date(2011, 1, 1), until=date(2012, 12, 31))
    assert {str(row.published)[:4] for row in dated} == {"2011", "2012"}
    assert list(map.statements(topic="capitation", min_confidence=0.99)) == []


def test_single_things_are_found_by_id(map: Standpoint, analysis: Analysis) -> None:
    article = map.article(analysis.article.id)
    assert article.text == analysis.article.text and article.figures[0].low == 2_000_000
    assert map.statement(f"{analysis.article.id}:s1").holder.name == "Asha Merton"  # type: ignore[union-attr]
    assert map.stakeholder("ccg:mid-wexshire").kin.successors[0].id == "icb:wexshire"
    why = map.why("person:holder-0", "pooling")
    assert why.position.label is StanceLabel.SUPPORT and why.grounds
    assert map.match("the NHS Commissioning Board", on=date(2014, 5, 21)).candidates[0].match
    assert map.topic("pooling").shipped and map.ready() and map.version().api == "v1"
    assert map.analyse(AnalyseIn(text="A headline\n\nA body.", topics=["pooling"])).text.startswith("A headline")


def test_what_is_compared_is_walked_too(settings: Settings, filled: Store) -> None:
    client, through = _connect(settings, filled)
    camps = client.divides("pooling")
    assert len(camps.items) > 2 and camps.next is None
    assert client.divides("pooling", limit=1) == camps
    assert {len(list(walk)) > 0 for walk in (client.alliances(least=1), client.silent("capitation"))} == {True}
    assert all(each.condition.text for each in client.conditions("pooling", min_confidence=0))
    assert {change.kind for change in client.changes(topic="pooling", min_confidence=0, limit=1)} == {"told"}
    assert list(client.rivals(purpose="nothing")) == []
    assert list(client.claims(purpose="nothing")) == []
    through.seen.clear()
    hits = list(client.search("budget", within="statements", mode="lexical", min_confidence=0))
    assert {hit.kind for hit in hits} == {"statement"}
    assert "in=statements" in str(through.seen[0].url)
    dated = client.map(as_of=date(2011, 6, 1), kind="person", group="person")
    assert {row.stakeholder.id for row in dated.rows} == {"person:holder-0", "person:holder-1"}


def test_articles_are_sent_watched_and_withdrawn(settings: Settings, filled: Store) -> None:
    client, _ = _connect(settings, filled)
    job = client.add_article(ArticleIn(text="Practices split\n\nThey met on Monday.", publisher="The Local Paper"))
    assert client.job(job.id).kind == job.kind
    assert client.add_files([("one.txt", b"One\n\nThey met."), ("two.txt", b"Two\n\nThey met.")]).progress.total == 2
    gone = next(client.articles()).id
    client.withdraw_article(gone, reason="the publisher asked for it")
    with pytest.raises(StandpointError, match="the publisher asked for it"):
        client.article(gone)


def test_judgements_are_made_listed_and_taken_back(settings: Settings, filled: Store, analysis: Analysis) -> None:
    client, _ = _connect(settings, filled)
    target = f"{analysis.article.id}:s1/pooling"
    made = client.judge(JudgementIn(target=target, verdict=Verdict.CONFIRM, by="Ann Orrell")).judgement
    assert [each.id for each in client.judgements(kind="stance", withdrawn=False)] == [made.id]
    assert max(position.checked for position in client.positions(topic="pooling")) == 1
    assert client.withdraw_judgement(made.id, by="Bo Venn").judgement.withdrawn is not None


def test_files_are_exported_piece_by_piece(map: Standpoint) -> None:
    rows = b"".join(map.export("positions", "csv", topic="pooling")).decode().splitlines()
    assert len(rows) == 1 + len(list(map.positions(topic="pooling")))
    with pytest.raises(UsageError, match=r"query\.format"):
        list(map.export("positions", "ris"))


def test_topics_are_checked_added_and_removed(settings: Settings, filled: Store) -> None:
    client, through = _connect(settings, filled)
    assert client.check_topic(TOLL, articles=2).read == 2
    state = client.add_topic(TOLL)
    assert state.topic.id == "toll" and str(state.topic.start) == "2014-01-01" and not state.shipped
    assert through.seen[-1].headers["idempotency-key"]
    client.remove_topic("toll")
    with pytest.raises(NotFoundError):
        client.topic("toll")


def test_problems_are_errors_that_name_the_field(map: Standpoint) -> None:
    with pytest.raises(UsageError) as refusal:
        list(map.articles(since=date(2015, 1, 1), until=date(2014, 1, 1)))
    assert isinstance(refusal.value, clients.RefusedRequest) and refusal.value.status == 422
    assert refusal.value.problem.errors[0].field == "query.to" and "query.to" in str(refusal.value)
    with pytest.raises(NotFoundError, match="no such article"):
        map.article("none?c")
    with pytest.raises(clients.RefusedRequest):
        map.add_topic(TOLL.model_copy(update={"id": "pooling"}))
    with pytest.raises(UsageError, match=r"query\.q"):
        list(map.search("-word"))


def test_keys_and_too_many_requests_have_errors_of_their_own(settings: Settings, filled: Store) -> None:
    token = make_key(filled.access, "reader", [Scope.READ]).token
    changed = {"require_keys": True, "rate_limit": 1}
    with pytest.raises(clients.NotAllowed) as refusal:
        _connect(settings, filled, **changed)[0].version()
    assert refusal.value.status == 401
    client, _ = _connect(settings, filled, token, **changed)
    assert client.version().api == "v1"
    with pytest.raises(clients.NotAllowed, match="ingest"):
        client.add_topic(TOLL)
    with pytest.raises(clients.TooOften) as often:
        for _ in range(5):
            client.version()
    assert often.value.retry_after == 1 and token not in str(often.value)


def test_a_server_without_a_database_is_not_ready(settings: Settings, tmp_path: Any) -> None:
    app = create_app(Settings(data=tmp_path / "none"))
    client = Standpoint(http=httpx.Client(base_url=BASE, transport=Through(TestClient(app, base_url=BASE))))
    assert not client.ready()
    with pytest.raises(NotSetUpError, match="no database"):
        list(client.articles())


def _answering(handler: Callable[[httpx.Request], httpx.Response]) -> Standpoint:
    return Standpoint(http=httpx.Client(base_url=BASE, transport=httpx.MockTransport(handler)))


def test_what_is_no_standpoint_is_told() -> None:
    for answer in (httpx.Response(200, text="<html>"), httpx.Response(502, text="Bad gateway")):
        with pytest.raises(clients.Unreached):
            _answering(lambda _, answer=answer: answer).version()

    def refuse(_: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("nobody there")

    with pytest.raises(NotSetUpError, match="no answer came"):
        _answering(refuse).version()
    assert not _answering(refuse).ready()


def test_a_write_is_sent_again_with_its_key_when_the_connection_breaks() -> None:
    seen: list[str] = []

    def handle(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers["idempotency-key"])
        if len(seen) == 1:
            raise httpx.ReadError("broken")
        topic = {"id": "toll", "name": "Toll", "claim": "x", "counter_claim": "", "phrases": [], "supports": []}
        rest = {"opposes": [], "start": None, "end": None, "named_only": False}
        return httpx.Response(
            202, text=json.dumps({"topic": topic | rest, "shipped": False, "articles": 0, "waiting": 0})
        )

    _answering(handle).add_topic(TOLL)
    assert len(seen) == 2 and seen[0] == seen[1]


def test_every_error_of_the_client_is_of_the_family() -> None:
    kinds = [kind for kind in vars(clients).values() if isinstance(kind, type) and issubclass(kind, Exception)]
    kinds = [kind for kind in kinds if kind.__module__ == clients.__name__]
    assert all(issubclass(kind, StandpointError) for kind in kinds) and len(kinds) > 6
