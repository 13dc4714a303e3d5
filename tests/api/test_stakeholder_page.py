"""The page of a stakeholder: facts, positions, time, changes, figures, and who stands alike."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from io import StringIO
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient
from lxml import html

from api.app import create_app
from api.settings import Settings
from api.store import Store
from nlp.records import Analysis, StanceLabel

BASE = "http://127.0.0.1"
JO = "/stakeholders/person%3Ajo-tarn"


@pytest.fixture
def client(settings: Settings, store: Store) -> Iterator[TestClient]:
    with TestClient(create_app(settings, store=store), base_url=BASE) as found:
        yield found


@pytest.fixture
def filled(client: TestClient, store: Store, make_analysis: Callable[..., Analysis]) -> TestClient:
    """Jo Tarn opposes pooling, then supports it; Kit stands alike on one topic, Mo against on it."""
    rows = (
        ("a.txt", "person:jo-tarn", "pooling", StanceLabel.OPPOSE, "2013-03-01", "it takes money from surgeries"),
        ("b.txt", "person:jo-tarn", "pooling", StanceLabel.SUPPORT, "2016-03-01", "one budget ends the quarrel"),
        ("c.txt", "person:jo-tarn", "pooling", StanceLabel.SUPPORT, "2016-05-01", "pooling would help patients"),
        ("d.txt", "person:jo-tarn", "capitation", StanceLabel.MIXED, None, "there is much on both sides"),
        ("e.txt", "person:kit", "pooling", StanceLabel.SUPPORT, "2015-01-01", "it is the way to go"),
        ("f.txt", "person:mo", "pooling", StanceLabel.OPPOSE, "2015-01-01", "it is the wrong way"),
    )
    for source, holder, topic, label, day, words in rows:
        made = make_analysis(source, holder=holder, topic=topic, label=label, published=day, words=words)
        store.writer.write_analysis(made)
    return client


def tree_of(client: TestClient, path: str, status: int = 200) -> html.HtmlElement:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    return html.fromstring(answer.text)


def text_of(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def facts(tree: html.HtmlElement) -> dict[str, str]:
    return {text_of(dt): text_of(dt.getnext()) for dt in tree.xpath("//dl[@class='facts']/dt")}


def table(tree: html.HtmlElement, caption: str) -> list[list[str]]:
    (found,) = tree.xpath(f"//table[caption/@id='{caption}']")
    return [[text_of(cell) for cell in row] for row in found.xpath("./tbody/tr")]


def test_map_and_quotes_lead_to_the_page(filled: TestClient) -> None:
    assert JO in tree_of(filled, "/").xpath("//tbody/tr/th/a/@href")
    assert JO in tree_of(filled, "/positions/person%3Ajo-tarn/pooling").xpath("//nav//a/@href")


def test_positions_say_word_count_since_when_and_what_to_note(filled: TestClient) -> None:
    rows = {row[0]: row[1:] for row in table(tree_of(filled, JO), "stands-caption")}
    pooling = rows["Pooling of GP and NHS budgets"]
    assert pooling[:3] == ["Supports ▲ 2 stories", "1 March 2013", "1 May 2016"] and "thin evidence" in pooling[3]
    assert rows["Capitated budgets"][1] == "date unknown"


def test_timeline_and_its_table_tell_the_same(filled: TestClient) -> None:
    tree = tree_of(filled, JO)
    (svg,) = tree.xpath("//svg[@role='img']")
    names = svg.get("aria-labelledby").split()
    assert all(text_of(tree.get_element_by_id(name)) for name in names)
    rows = table(tree, "moments-caption")
    assert rows == [
        ["April to June 2016", "Pooling of GP and NHS budgets", "Supports ▲", "1"],
        ["January to March 2016", "Pooling of GP and NHS budgets", "Supports ▲", "1"],
        ["January to March 2013", "Pooling of GP and NHS budgets", "Opposes ▼", "1"],
    ]
    shown = [text_of(each) for each in svg.xpath(".//path/title")]
    assert sorted(shown) == sorted(f"{when}: {stance[:-2]}, 1 story" for when, _, stance, _ in rows)
    assert "1 story without a date is not shown here" in text_of(tree)


def test_change_shows_its_two_sentences_and_leads_to_both(filled: TestClient) -> None:
    tree = tree_of(filled, JO)
    (turn,) = tree.xpath("//li[contains(@class, 'quote')]")
    assert "changed sides, 1 March 2016" in text_of(turn)
    assert [text_of(mark) for mark in turn.xpath(".//mark")] == [
        "it takes money from surgeries",
        "one budget ends the quarrel",
    ]
    for href in turn.xpath(".//a/@href"):
        path, _, anchor = href.partition("#")
        assert tree_of(filled, path).xpath(f"//*[@id='{anchor}']")


def test_figures_are_those_that_the_stakeholder_quotes(filled: TestClient) -> None:
    rows = table(tree_of(filled, JO), "sums-caption")
    assert len(rows) == 4 and all(row[0].startswith("£1m") for row in rows)


def test_others_stand_alike_or_on_the_other_side(filled: TestClient) -> None:
    tree = tree_of(filled, JO)
    assert table(tree, "alike-caption") == [["Kit person", "Pooling of GP and NHS budgets", "–"]]
    assert table(tree, "against-caption") == [["Mo person", "–", "Pooling of GP and NHS budgets"]]


def test_page_looks_at_the_coverage_asked_for(filled: TestClient) -> None:
    tree = tree_of(filled, f"{JO}?to=2014-01-01")
    assert table(tree, "stands-caption")[0][1] == "Opposes ▼ 1 story"
    assert tree.xpath("//details[@class='narrow'][@open]")
    assert all("to=2014-01-01" in href for href in tree.xpath("//table//td/a/@href"))
    assert "in this part of the coverage" in text_of(tree_of(filled, f"{JO}?to=2010-01-01"))


def test_body_shows_names_relatives_and_officers(client: TestClient, store: Store, analysis: Analysis) -> None:
    store.writer.write_analysis(analysis)
    path = "/stakeholders/ccg%3Amid-wexshire"
    body = facts(tree_of(client, path))
    assert body["Existed"] == "1 April 2013 to 30 June 2022" and "NHS Mid Wexshire CCG" in body["Also called"]
    assert body["Part of"] == "NHS England"
    assert body["Officers and members"].startswith("Asha Merton chair, 1 article")
    person = facts(tree_of(client, "/stakeholders/person%3Aasha-merton"))
    assert person["Kind"] == "person" and person["Offices"].startswith("Mid Wexshire CCG chair, 1 article")
    # The record names this body, but nobody knows it: there is no page to lead to.
    assert "icb:other" in body["Followed by"] and "icb%3Aother" not in client.get(path).text


def test_body_of_the_register_has_a_page_without_any_article(client: TestClient) -> None:
    tree = tree_of(client, "/stakeholders/nhs-england")
    assert facts(tree)["Names in turn"].startswith("NHS Commissioning Board")
    assert "No position of NHS England is sure enough to show" in text_of(tree)
    assert client.get("/stakeholders/nhs-england/all.json").json()["positions"] == []


@pytest.mark.parametrize("name", ["positions", "changes", "figures", "alike"])
def test_every_table_is_a_file(filled: TestClient, name: str) -> None:
    answer = filled.get(f"{JO}/{name}.csv")
    rows = list(csv.DictReader(StringIO(answer.text)))
    assert rows and all(row["made_by"].startswith("machine-extracted") for row in rows)
    document = filled.get(f"{JO}/all.json").json()
    assert len(document[name]) == len(rows)


def test_hostile_names_stay_text(client: TestClient, store: Store, make_analysis: Callable[..., Analysis]) -> None:
    id = "x:<svg onload=alert(1)>=1+1"
    store.writer.write_analysis(make_analysis("n.txt", holder=id, topic="<b>t</b>"))
    page = client.get(f"/stakeholders/{quote(id, safe='')}")
    assert page.status_code == 200 and "<svg onload" not in page.text.lower() and "<b>t" not in page.text.lower()
    assert "<svg onload" not in client.get("/").text.lower()
