"""What is withdrawn or corrected names the recorded briefings that carried it, on the pages where one meets it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from lxml import html
from starlette.testclient import TestClient

from api.app import create_app
from api.briefing.formats import Format
from api.briefing.record import Asked
from api.briefing.recording import record_briefing
from api.judging import Given, judge
from api.pages.carried_view import carried_views
from api.services import Services
from api.settings import Settings
from api.store import Store
from nlp.judgements import Verdict
from nlp.records import Analysis, StanceLabel

CELL = "/positions/person:asha-merton/pooling"


def tree(page: str) -> Any:
    return html.fromstring(page)


@pytest.fixture
def told(store: Store, analysis: Analysis, make_analysis: Callable[..., Analysis]) -> Analysis:
    store.writer.write_analysis(make_analysis("two.txt", holder="person:jo-tarn", label=StanceLabel.OPPOSE))
    store.writer.write_analysis(analysis)
    return analysis


@pytest.fixture
def services(settings: Settings, store: Store, told: Analysis) -> Services:
    return Services(settings, store=store)


@pytest.fixture
def client(settings: Settings, store: Store, told: Analysis) -> Iterator[TestClient]:
    with TestClient(create_app(settings, store=store), base_url="http://127.0.0.1") as opened:
        yield opened


def links(page: str) -> list[str]:
    return [str(href) for href in tree(page).xpath("//a/@href") if str(href).startswith("/briefing?")]


def test_a_withdrawn_article_says_who_was_told_it(client: TestClient, services: Services, told: Analysis) -> None:
    made = record_briefing(services, Asked(topics=("pooling",), min_confidence=0.5), Format.DOCX)
    services.store.holdings.withdraw(told.article.id, reason="asked for by the publisher")
    answer = client.get(f"/articles/{told.article.id}")
    assert answer.status_code == 410 and "asked for by the publisher" in answer.text
    assert "1 recorded briefing carried it" in answer.text and f"record {made.recorded}" in answer.text
    assert links(answer.text) == ["/briefing?topic=pooling&min_confidence=0.5"]
    assert client.get(links(answer.text)[0]).status_code == 200


def test_a_withdrawn_article_that_nobody_was_told_says_nothing_of_it(
    client: TestClient, services: Services, told: Analysis
) -> None:
    record_briefing(services, Asked(stakeholders=("person:jo-tarn",)), Format.JSON)
    services.store.holdings.withdraw(told.article.id, reason="a mistake")
    answer = client.get(f"/articles/{told.article.id}")
    assert answer.status_code == 410 and "recorded briefing" not in answer.text


def test_a_corrected_quote_says_which_briefings_carried_it(
    client: TestClient, services: Services, told: Analysis
) -> None:
    record_briefing(services, Asked(topics=("pooling",)), Format.ODT)
    assert "recorded briefing" not in client.get(CELL).text
    given = Given(
        target=f"{told.article.id}:s1/pooling",
        verdict=Verdict.CORRECT,
        by="Ann Orrell",
        correction={"stance": "oppose"},
    )
    judge(services, given)
    page = client.get(CELL).text
    assert "Briefings that carried it" in page and "1 recorded briefing carried it" in page
    assert "Briefings that carried it (1)" in client.get(f"/articles/{told.article.id}").text
    listed = client.get("/judgements").text
    assert "Briefings that carried its article" in listed and "as odt" in listed


def test_briefings_are_found_for_several_targets_at_once(services: Services, store: Store, told: Analysis) -> None:
    older = record_briefing(services, Asked(topics=("pooling",)), Format.ODT)
    newer = record_briefing(services, Asked(topics=("pooling", "capitation")), Format.ODT)
    article, statement = told.article.id, f"{told.article.id}:s1"
    found = store.briefings.carrying_any([article, statement, "nothing"])
    assert set(found) == {article, statement}
    assert {each.id for each in found[article]} == {older.recorded, newer.recorded}
    assert all(each.lines == tuple(sorted(set(each.lines))) for each in found[article])
    assert store.briefings.carrying_any([]) == {}
    views = {each.id: each.href for each in carried_views(store.briefings, [article])[article]}
    assert views[newer.recorded or ""] == "" and views[older.recorded or ""].startswith("/briefing?topic=pooling")
