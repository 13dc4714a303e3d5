"""The list of proposals and the page of one: camps, division, arguments, conditions, silence, and time."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from dataclasses import replace
from io import StringIO

import pytest
from fastapi.testclient import TestClient
from lxml import html

from api.app import create_app
from api.settings import Settings
from api.store import Store
from nlp.records import Analysis, StanceLabel

BASE = "http://127.0.0.1"
TABLES = ("positions", "arguments", "conditions", "silent", "years")


@pytest.fixture
def client(settings: Settings, store: Store) -> Iterator[TestClient]:
    with TestClient(create_app(settings, store=store), base_url=BASE) as found:
        yield found


def argued(analysis: Analysis, words: str, *, condition: bool = False) -> Analysis:
    """The analysis with a part of its statement as the reason, or the condition, of its stance."""
    at = analysis.article.text.index(words)
    span = analysis.article.span(at, at + len(words))
    (stance,) = analysis.stances
    more = replace(stance, condition=span) if condition else replace(stance, rationales=(span,))
    return replace(analysis, stances=(more,))


@pytest.fixture
def filled(client: TestClient, store: Store, make_analysis: Callable[..., Analysis]) -> TestClient:
    def write(source: str, who: str, label: StanceLabel, day: str, words: str, part: str) -> None:
        made = make_analysis(source, holder=f"person:{who}", label=label, published=day, words=words)
        store.writer.write_analysis(argued(made, part, condition=label is StanceLabel.CONDITIONAL))

    support, oppose = StanceLabel.SUPPORT, StanceLabel.OPPOSE
    write(
        "a.txt", "ann", support, "2013-01-05", "yes, as it ends the quarrel over beds", "it ends the quarrel over beds"
    )
    write(
        "b.txt",
        "ben",
        support,
        "2014-01-05",
        "good, since it would end quarrels over beds",
        "it would end quarrels over beds",
    )
    write("c.txt", "cat", oppose, "2015-01-05", "no, because surgeries lose money", "surgeries lose money")
    write(
        "d.txt",
        "dan",
        StanceLabel.CONDITIONAL,
        "2015-02-05",
        "yes if the board has a doctor",
        "if the board has a doctor",
    )
    store.writer.write_analysis(make_analysis("e.txt", holder="person:eve", topic="capitation", published="2015-03-05"))
    return client


def tree_of(client: TestClient, path: str, status: int = 200) -> html.HtmlElement:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    return html.fromstring(answer.text)


def text_of(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def table(tree: html.HtmlElement, caption: str) -> list[list[str]]:
    (found,) = tree.xpath(f"//table[caption/@id='{caption}']")
    return [[text_of(cell) for cell in row] for row in found.xpath("./tbody/tr")]


def test_column_heads_of_the_map_lead_to_topics(filled: TestClient) -> None:
    heads = tree_of(filled, "/?publisher=Wexshire+Health+News").xpath("//thead//a/@href")
    assert "/topics/pooling?publisher=Wexshire+Health+News" in heads


def test_topic_is_a_claim_with_its_contrary(filled: TestClient) -> None:
    tree = tree_of(filled, "/topics/pooling")
    facts = {text_of(dt): text_of(dt.getnext()) for dt in tree.xpath("//dl[@class='facts']/dt")}
    assert facts["The proposal"].startswith("Core general practice") and "kept apart" in facts["Its contrary"]
    assert facts["Stakeholders"] == "4 stakeholders with a position"


def test_camps_count_and_name_their_members(filled: TestClient) -> None:
    tree = tree_of(filled, "/topics/pooling")
    camps = {
        text_of(each.xpath("./h3")[0]): [text_of(a) for a in each.xpath(".//li/span/a")]
        for each in tree.xpath("//section[starts-with(@class, 'camp')]")
    }
    assert camps == {
        "Supports ▲ 2 stakeholders in 2 stories": ["Ann", "Ben"],
        "Opposes ▼ 1 stakeholder in 1 story": ["Cat"],
        "Conditional ◆ 1 stakeholder in 1 story": ["Dan"],
    }
    assert tree.xpath("//a[@class='count']/@href")[0] == "/positions/person%3Aann/pooling"


def test_division_is_said_in_words_with_its_number_and_definition(filled: TestClient) -> None:
    text = text_of(tree_of(filled, "/topics/pooling"))
    # 2 * (p_s^2 p_o 2 + p_o^2 p_s 2 + p_s^2 p_c + p_c^2 p_s + p_o^2 p_c + p_c^2 p_o), p = 1/2, 1/4, 1/4
    assert "Divided, 0.62 of 1" in text and "Esteban and Ray" in text


def test_arguments_worded_alike_are_one_with_all_who_give_it(filled: TestClient) -> None:
    tree = tree_of(filled, "/topics/pooling")
    (side,) = tree.xpath("//section[h3/@id='side-for']")
    (argument,) = side.xpath(".//li")
    assert [text_of(a) for a in argument.xpath(".//a")][::2] == ["Ben", "Ann"]
    assert text_of(argument.xpath("./q")[0]) == "it would end quarrels over beds"
    (against,) = tree.xpath("//section[h3/@id='side-against']//li/q")
    assert text_of(against) == "surgeries lose money"
    for href in side.xpath(".//a[contains(@href, '#')]/@href"):
        path, _, anchor = href.partition("#")
        assert tree_of(filled, path).xpath(f"//*[@id='{anchor}']")


def test_conditions_stand_in_their_sentences(filled: TestClient) -> None:
    (quote,) = tree_of(filled, "/topics/pooling").xpath("//li[@class='quote conditional']")
    assert text_of(quote).startswith("Dan: if the board has a doctor") and "yes if the board" in text_of(quote)


def test_conditions_come_in_pages(client: TestClient, store: Store, make_analysis: Callable[..., Analysis]) -> None:
    for index in range(12):
        words = f"yes if ward {index} stays open"
        made = make_analysis(f"{index}.txt", holder=f"person:p{index}", label=StanceLabel.CONDITIONAL, words=words)
        store.writer.write_analysis(argued(made, words[4:], condition=True))
    path = "/topics/pooling?to=2020-01-01"
    (older,) = tree_of(client, path).xpath("//nav[@aria-label='Pages of conditions']/a/@href")
    assert len(tree_of(client, older.partition("#")[0]).xpath("//li[@class='quote conditional']")) == 2


def test_silent_ones_are_those_who_speak_of_other_things(filled: TestClient) -> None:
    assert [row[0] for row in table(tree_of(filled, "/topics/pooling"), "silent-caption")] == ["Eve person"]


def test_chart_of_years_and_its_table_tell_the_same(filled: TestClient) -> None:
    tree = tree_of(filled, "/topics/pooling")
    rows = table(tree, "years-caption")
    assert [row[:4] for row in rows] == [["2013", "1", "0", "0"], ["2014", "2", "0", "0"], ["2015", "2", "1", "1"]]
    words = [text_of(each) for each in tree.xpath("//svg//text")]
    numbers = [word for word in words if word.isdecimal() and len(word) < 4]
    assert sorted(numbers) == sorted(cell for row in rows for cell in row[1:6])


def test_one_camp_comes_in_pages(client: TestClient, store: Store, make_analysis: Callable[..., Analysis]) -> None:
    for index in range(101):
        store.writer.write_analysis(make_analysis(f"{index}.txt", holder=f"person:p{index:03}"))
    (href,) = tree_of(client, "/topics/pooling").xpath("//section[@class='camp support']/p/a/@href")
    first = tree_of(client, href)
    assert len(table(first, "camp-caption")) == 100
    (more,) = first.xpath("//a[@rel='next']/@href")
    assert table(tree_of(client, more), "camp-caption")[0][0] == "P100 person"
    assert "There is no page 9" in text_of(tree_of(client, f"{href}&page=9"))
    assert "Nobody stands here" in text_of(tree_of(client, "/topics/pooling?camp=oppose"))


def test_list_counts_the_camps_of_every_topic(filled: TestClient) -> None:
    tree = tree_of(filled, "/topics")
    (pooling, capitation) = table(tree, "topics-caption")
    assert pooling[1:] == ["2", "1", "1", "0", "0", "Divided, 0.62 of 1", "5 February 2015"]
    assert capitation[1] == "1" and capitation[6] == "Hardly divided, 0.00 of 1"
    assert "Co-commissioning" in text_of(tree.xpath("//ul[@class='unspoken']")[0])
    rows = list(csv.DictReader(StringIO(filled.get("/topics.csv").text)))
    assert len(rows) == len(filled.get("/topics.json").json()["topics"]) > 20


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_a_file(filled: TestClient, name: str) -> None:
    rows = list(csv.DictReader(StringIO(filled.get(f"/topics/pooling/{name}.csv").text)))
    assert rows and all(row["made_by"].startswith("machine-extracted") for row in rows)
    assert len(filled.get("/topics/pooling/all.json").json()[name]) == len(rows)


def test_empty_states_say_what_to_do(client: TestClient, store: Store, make_analysis: Callable[..., Analysis]) -> None:
    assert "Show those of low confidence too" in text_of(tree_of(client, "/topics"))
    assert "Show those of low confidence too" in text_of(tree_of(client, "/topics/pooling"))
    assert "No article that was read" in text_of(tree_of(client, "/topics/pooling?min_confidence=0"))
    store.writer.write_analysis(make_analysis("a.txt"))
    assert "Look at all of it" in text_of(tree_of(client, "/topics/pooling?to=2001-01-01"))
    assert "Write a day as" in text_of(tree_of(client, "/topics/pooling?to=x", 422))
