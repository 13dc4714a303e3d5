"""The page that makes a briefing: its form, what it shows, its files, and the links that lead to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from docx import Document
from fastapi.testclient import TestClient
from lxml import html

from api.app import create_app
from api.settings import Settings
from api.store import Store
from nlp.records import Analysis, StanceLabel


@pytest.fixture
def client(settings: Settings, store: Store, make_analysis: Callable[..., Analysis]) -> Iterator[TestClient]:
    for index, label in enumerate((StanceLabel.SUPPORT, StanceLabel.OPPOSE)):
        store.writer.write_analysis(make_analysis(f"{index}.txt", holder=f"person:p{index}", label=label))
    with TestClient(create_app(settings, store=store), base_url="http://127.0.0.1") as found:
        yield found


def tree_of(client: TestClient, path: str, status: int = 200) -> html.HtmlElement:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    return html.fromstring(answer.text)


def test_form_alone_asks_what_the_briefing_is_on(client: TestClient) -> None:
    tree = tree_of(client, "/briefing")
    assert "Choose a proposal" in tree.text_content() and tree.xpath("//div[@class='briefing']") == []


def test_page_shows_the_briefing_and_leads_to_its_files(client: TestClient) -> None:
    tree = tree_of(client, "/briefing?topic=pooling&stakeholder=P1")
    assert tree.xpath("string(//h1)") == "Briefing: P1 on Pooling of GP and NHS budgets"
    (shown,) = tree.xpath("//div[@class='briefing']")
    assert [row.text_content() for row in shown.xpath(".//table[caption='Positions']/tbody/tr/td[1]")] == ["P1"]
    links = tree.xpath("//p[@class='exports']//a/@href")
    assert len(links) == 5
    answers = {link.rpartition("=")[2]: client.get(link) for link in links}
    assert {answer.status_code for answer in answers.values()} == {200}
    assert answers["json"].json()["asked"]["stakeholders"] == ["person:p1"]
    assert Document(BytesIO(answers["docx"].content)).tables[0].rows[1].cells[0].text == "P1"


def test_looking_at_a_page_records_nothing(client: TestClient, store: Store) -> None:
    document = client.get("/briefing/file?topic=pooling&format=json").json()
    assert document["recorded"] is None and store.briefings.carrying(line=document["positions"][0]["id"]) == []


def test_several_names_make_a_meeting_brief(client: TestClient) -> None:
    tree = tree_of(client, "/briefing?stakeholder=P0%3B+P1&all_topics=1")
    assert tree.xpath("string(//h1)") == "Briefing: P0 and P1"
    assert tree.xpath("//input[@name='all_topics'][@checked]") and "Silent on" in tree.text_content()


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("stakeholder=nobody+known", "There is no stakeholder “nobody known”"),
        ("topic=nothing", "Choose one of the list."),
        ("topic=pooling&from=May", "Write a day as YYYY-MM-DD"),
    ],
)
def test_faults_stand_at_their_fields(client: TestClient, query: str, told: str) -> None:
    tree = tree_of(client, f"/briefing?{query}", 422)
    assert told in tree.xpath("string(//form)") and tree.xpath("//*[@aria-invalid]")


@pytest.mark.parametrize("query", ["", "format=json", "topic=pooling", "topic=pooling&format=pdf"])
def test_there_is_no_file_of_nothing(client: TestClient, query: str) -> None:
    assert client.get(f"/briefing/file?{query}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/topics/pooling?to=2020-01-01&group=person&publisher=Wexshire+Health+News",
        "/stakeholders/person%3Ap1?to=2020-01-01",
        "/",
    ],
)
def test_pages_lead_to_briefings_and_charts_of_the_same_coverage(client: TestClient, path: str) -> None:
    tree = tree_of(client, path)
    charts = tree.xpath("//a[starts-with(@href, '/v1/charts/')]/@href")
    briefings = tree.xpath("//main//a[starts-with(@href, '/briefing')]/@href")
    assert charts and len(briefings) == (0 if path == "/" else 1)
    for link in (*charts, *briefings):
        assert client.get(link).status_code == 200 and ("to=2020-01-01" in link) == (path != "/")
