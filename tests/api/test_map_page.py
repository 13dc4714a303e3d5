"""The map as it is asked for: grouped, as known on a day, in an order, and as a file."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import StringIO

import pytest
from fastapi.testclient import TestClient
from lxml import html

from api.app import create_app
from api.pages.map_view import cell_view
from api.settings import Settings
from api.store import Filters, Store
from api.store.analyst import Question
from nlp.records import Analysis, StanceLabel

BASE = "http://127.0.0.1"
Make = Callable[..., Analysis]


@pytest.fixture
def client(settings: Settings, store: Store, make_analysis: Callable[..., Analysis]) -> Iterator[TestClient]:
    """An officer who opposes for a body that supports, and a body with the newest view and the last name."""
    rows = (
        ("a.txt", "person:ann-bell", "body:north", StanceLabel.OPPOSE, "2014-02-01", "they would lose control"),
        ("b.txt", "person:ann-bell", None, StanceLabel.OPPOSE, "2015-02-01", "it takes money from surgeries"),
        ("c.txt", "body:zeal", None, StanceLabel.SUPPORT, "2016-02-01", "one budget ends the quarrel"),
        ("d.txt", "body:north", None, StanceLabel.SUPPORT, "2016-01-01", "pooling would help patients"),
    )
    for source, holder, body, label, day, words in rows:
        store.writer.write_analysis(
            make_analysis(source, holder=holder, body=body, label=label, published=day, words=words)
        )
    with TestClient(create_app(settings, store=store), base_url=BASE) as found:
        yield found


def rows_of(client: TestClient, query: str) -> dict[str, str]:
    tree = html.fromstring(client.get(f"/{query}").text)
    return {
        row.xpath("./th/a")[0].text_content(): " ".join(row.xpath("./td")[0].text_content().split())
        for row in tree.xpath("//tbody/tr")
    }


def test_bodies_stand_in_one_row_with_their_officers_when_asked(client: TestClient) -> None:
    apart = rows_of(client, "")
    assert apart["Ann Bell"].startswith("Opposes ▼ 2") and "North" in apart
    together = rows_of(client, "?group=body-and-its-officers")
    assert set(together) == {"North", "Zeal"}


def test_quotes_of_a_grouped_row_hold_what_its_officers_say_in_any_capacity(client: TestClient) -> None:
    tree = html.fromstring(client.get("/?group=body-and-its-officers").text)
    (href,) = tree.xpath("//tr[th/a='North']/td/a/@href")
    assert href == "/positions/body%3Anorth/pooling?group=body-and-its-officers"
    quotes = html.fromstring(client.get(href).text).xpath("//li[contains(@class, 'quote')]")
    assert len(quotes) == 3 and "it takes money from surgeries" in quotes[1].text_content()


def test_map_is_as_it_was_known_on_a_day(client: TestClient) -> None:
    assert set(rows_of(client, "?as_of=2014-12-31")) == {"Ann Bell", "North"}
    assert rows_of(client, "?as_of=2014-12-31")["Ann Bell"].startswith("Opposes ▼ 1")
    tree = html.fromstring(client.get("/?as_of=2014-12-31").text)
    assert "as known on 31 December 2014" in tree.xpath("//caption")[0].text_content()
    assert all("as_of=2014-12-31" in href for href in tree.xpath("//tbody//a/@href"))


@pytest.mark.parametrize(
    ("sort", "names"),
    [
        ("stories", ["Ann Bell", "North", "Zeal"]),
        ("name", ["Ann Bell", "North", "Zeal"]),
        ("latest", ["Zeal", "North", "Ann Bell"]),
        ("stance", ["Zeal", "North", "Ann Bell"]),
    ],
)
def test_rows_come_in_the_order_asked_for(client: TestClient, sort: str, names: list[str]) -> None:
    found = list(rows_of(client, f"?sort={sort}"))
    assert found == names or (sort == "stance" and set(found[:-1]) == {"Zeal", "North"} and found[-1] == "Ann Bell")


def test_map_exports_what_it_shows(client: TestClient) -> None:
    tree = html.fromstring(client.get("/?kind=person&as_of=2015-12-31").text)
    csv_href, json_href, _ = tree.xpath("//p[@class='exports']//a/@href")
    answer = client.get(csv_href)
    assert (
        answer.headers["content-type"].startswith("text/csv") and "attachment" in answer.headers["content-disposition"]
    )
    rows = list(csv.DictReader(StringIO(answer.text)))
    assert {row["stakeholder"] for row in rows} == set(rows_of(client, "?kind=person&as_of=2015-12-31"))
    officer = next(row for row in rows if row["stakeholder"] == "Ann Bell")
    assert (officer["stance"], officer["stories"], officer["thin"]) == ("oppose", "2", "yes")
    assert client.get(officer["page"]).status_code == 200
    document = json.loads(client.get(json_href).text)
    assert len(document["positions"]) == len(rows) and document["made_by"].startswith("machine-extracted")


def test_two_of_one_name_are_told_apart_by_their_ids(
    client: TestClient, store: Store, make_analysis: Callable[..., Analysis]
) -> None:
    store.writer.write_analysis(make_analysis("e.txt", holder="group:zeal", words="it would be a quiet gain"))
    text = " ".join(html.fromstring(client.get("/").text).text_content().split())
    assert "Zeal person, group:zeal" in text and "Zeal person, body:zeal" in text


def test_quotes_are_a_file_of_their_own(client: TestClient) -> None:
    tree = html.fromstring(client.get("/positions/body%3Anorth/pooling?group=body-and-its-officers").text)
    csv_href, json_href, _ = tree.xpath("//p[@class='exports']//a/@href")
    rows = list(csv.DictReader(StringIO(client.get(csv_href).text)))
    assert [(row["holder"], row["published"], row["stance"]) for row in rows] == [
        ("North", "2016-01-01", "support"),
        ("Ann Bell", "2015-02-01", "oppose"),
        ("Ann Bell", "2014-02-01", "oppose"),
    ]
    assert rows[1]["words"] == "it takes money from surgeries" and rows[2]["on_behalf_of"] == "North"
    assert client.get(rows[0]["page"].partition("#")[0]).status_code == 200
    assert client.get(json_href).json()["quotes"][0]["why"] == "built by hand"
    assert client.get("/positions/x/pooling/quotes.csv").status_code == 404


def test_cells_say_what_the_records_of_the_same_positions_say(store: Store, client: TestClient) -> None:
    sheet = store.analyst.sheet(Question(filters=Filters(min_confidence=0)))
    tree = html.fromstring(client.get("/?min_confidence=0&from=2013-01-01").text)
    shown = {
        link.get("href").partition("?")[0]: (link.get("title"), link.text_content().split(), link.getparent())
        for link in tree.xpath("//tbody//td/a")
    }
    views = [cell_view(cell, "") for code in sheet.holders for cell in sheet.row(code)]
    assert len(views) == len(shown) > 2
    for view in views:
        title, words, cell = shown[view.href]
        stories = "story" if view.count == 1 else "stories"
        assert (title, words) == (view.title, [view.word, view.sign, str(view.count), stories])
        assert cell.xpath("string(small[@class='note'])") == view.note
    (link,) = tree.xpath("//tr[th/a='North']/td/a")
    assert link.get("href").endswith("?from=2013-01-01&min_confidence=0")


def test_names_from_articles_are_text_in_the_rows(settings: Settings, store: Store, make_analysis: Make) -> None:
    made = make_analysis("a.txt", holder="body:<b>&amp;\"'")
    hostile = replace(made.stakeholders[0], name='<script>alert(1)</script> & "Co"')
    store.writer.write_analysis(replace(made, stakeholders=(hostile,)))
    answer = TestClient(create_app(settings, store=store), base_url=BASE).get("/?publisher=Wexshire%20Health%20News")
    assert "<script>alert" not in answer.text and "<b>&amp;" not in answer.text
    (row,) = html.fromstring(answer.text).xpath("//tbody/tr/th/a")
    assert row.text == hostile.name
    assert row.get("href") == "/stakeholders/body%3A%3Cb%3E%26amp%3B%22%27?publisher=Wexshire+Health+News"
