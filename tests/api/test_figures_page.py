"""The figures page: its table, its rival sums, its filters, and what it exports."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from io import StringIO
from urllib.parse import urlsplit

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from api.app import create_app
from api.exports.csv_table import neutral, write_csv
from api.pages.figures_form import FiguresForm
from api.pages.figures_view import amount_words
from api.settings import Settings
from api.store import Store
from nlp.records import Analysis, FigureKind, FigureStatus, Period

BASE = "http://127.0.0.1"
Make = Callable[..., Analysis]
MINISTER, UNION = "person:ada-vale", "person:rob-stone"


@pytest.fixture
def empty(settings: Settings, store: Store) -> Iterator[TestClient]:
    with TestClient(create_app(settings, store=store), base_url=BASE, raise_server_exceptions=False) as found:
        yield found


@pytest.fixture
def client(empty: TestClient, store: Store, make_money: Make) -> TestClient:
    """A sum in two copies of one story, another for the same purpose, and one for something else."""
    copies = [make_money(f"{n}.txt", "£350m", "350000000", by=MINISTER, published=f"2015-05-0{n}") for n in (1, 2)]
    union = make_money(
        "union.txt", "£1.2bn", "1200000000", by=UNION, status=FigureStatus.CLAIMED, publisher="The Ledger",
        published="2015-06-01", modifier="about",
    )  # fmt: skip
    beds = make_money(
        "beds.txt", "£5m", "5000000", what="hospital beds", kind=FigureKind.COST, period=Period("next year"),
        published=None,
    )  # fmt: skip
    for each in (*copies, union, beds):
        store.writer.write_analysis(each)
    store.writer.group_story("one-story", [each.article.id for each in copies])
    return empty


def _tree(client: TestClient, path: str, status: int = 200) -> html.HtmlElement:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    return html.fromstring(answer.text)


def _text(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def _rows(tree: html.HtmlElement) -> list[list[str]]:
    return [[_text(cell) for cell in row] for row in tree.xpath("//table[@class='money']/tbody/tr")]


def test_table_says_how_much_for_what_when_who_and_how_firm(client: TestClient) -> None:
    tree = _tree(client, "/figures")
    assert tree.xpath("//nav//a[@aria-current='page']/text()") == ["Figures"]
    assert _text(tree.xpath("//caption")[0]) == "3 figures in 3 articles, newest first"
    assert len(tree.xpath("//thead//th[@scope='col']")) == 7 and len(tree.xpath("//tbody//th[@scope='row']")) == 3
    assert _rows(tree) == [
        ["about £1.2bn allocation", "winter pressures", "not said", "Rob Stone", "Claimed high confidence, 0.90",
         "Report union.txt The Ledger, 1 June 2015", "1 story rival sums of about £1.2bn"],
        ["£350m allocation", "winter pressures", "not said", "Ada Vale", "Stated as a fact high confidence, 0.90",
         "Report 2.txt Wexshire Health News, 2 May 2015", "1 story (2 articles) rival sums of £350m"],
        ["£5m cost", "hospital beds", "next year", "the writer", "Stated as a fact high confidence, 0.90",
         "Report beds.txt Wexshire Health News, date unknown", "1 story"],
    ]  # fmt: skip


def test_every_amount_is_one_click_from_its_sentence_in_context(client: TestClient) -> None:
    tree = _tree(client, "/figures")
    links = tree.xpath("//table[@class='money']//th/a/@href") + tree.xpath("//p[@class='sum']/a/@href")
    assert len(links) == 5
    for href in links:
        parts = urlsplit(href)
        (target,) = _tree(client, parts.path).xpath(f"//*[@id='{parts.fragment}']")
        assert "£" in _text(target.getnext()) and "figure" in target.getnext().get("class")


def test_rival_sums_stand_side_by_side_with_their_sentences(client: TestClient) -> None:
    (section,) = _tree(client, "/figures").xpath("//section[@class='rivalry']")
    assert _text(section.find("h3")) == "Winter pressures period not said"
    sums = [_text(item) for item in section.xpath("./ul/li")]
    assert len(sums) == 2 and "£350m" in sums[0] and "1 story (2 articles), 1 May 2015 to 2 May 2015" in sums[0]
    assert "Rob Stone" in sums[1] and "Claimed." in sums[1]
    assert sums[1].startswith("about £1.2bn allocation")
    assert [_text(mark) for mark in section.xpath(".//blockquote/mark")] == ["£350m", "£1.2bn"]
    assert "It heard that £1.2bn would go to winter pressures in the county." in sums[1]


def test_row_leads_to_its_rivals(client: TestClient) -> None:
    tree = _tree(client, "/figures")
    (href,) = set(tree.xpath("//td/a[contains(., 'rival sums')]/@href"))
    assert href == "?#rival-0" and tree.get_element_by_id("rival-0") is not None


@pytest.mark.parametrize(
    ("query", "amounts"),
    [
        ("kind=cost", ["£5m"]),
        ("kind=cost&kind=allocation&publisher=The+Ledger", ["£1.2bn"]),
        ("purpose=pressure", ["£1.2bn", "£350m"]),
        ("stakeholder=Rob+Stone", ["£1.2bn"]),
        ("stakeholder=person:ada-vale", ["£350m"]),
        ("from=2015-05-15", ["£1.2bn"]),
        ("to=2015-05-15", ["£350m"]),
        ("topic=pooling", []),
        ("min_confidence=0.95", []),
    ],
)
def test_filters_narrow_the_table_and_stay_in_the_form(client: TestClient, query: str, amounts: list[str]) -> None:
    tree = _tree(client, f"/figures?{query}")
    assert [row[0].removeprefix("about ").split()[0] for row in _rows(tree)] == amounts
    name, _, value = query.partition("&")[0].partition("=")
    (field,) = tree.xpath(f"//form//*[@name='{name}']")
    assert value.replace("+", " ") in (field.xpath("./option[@selected]/@value") or [field.get("value")])


def test_rivals_of_a_stakeholder_show_what_others_say(client: TestClient) -> None:
    tree = _tree(client, "/figures?stakeholder=Rob+Stone")
    assert len(tree.xpath("//section[@class='rivalry']/ul/li")) == 2
    assert "quoted, paid or received by Rob Stone" in _text(tree.xpath("//caption")[0])


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("from=x", "Write a day as YYYY-MM-DD"),
        ("kind=robot", "Choose allocation, spending"),
        ("purpose=the", "Write a word that says what the money is for"),
        ("stakeholder=Rob+Ston", "did you mean Rob Stone?"),
        ("min_confidence=2", "Choose one of the list"),
    ],
)
def test_field_that_cannot_be_used_is_explained_beside_it(client: TestClient, query: str, words: str) -> None:
    tree = _tree(client, f"/figures?{query}", 422)
    (field,) = tree.xpath("//*[@aria-invalid='true']")
    assert words in _text(tree.get_element_by_id(field.get("aria-describedby")))
    assert _rows(tree)


def test_empty_states_say_what_to_do(empty: TestClient, store: Store, make_money: Make) -> None:
    assert "standpoint ingest PATH" in _text(_tree(empty, "/figures"))
    store.writer.write_analysis(make_money("low.txt", "£5m", "5000000", confidence=0.2))
    assert "Show figures of low confidence too" in _text(_tree(empty, "/figures"))
    assert "clear them all" in _text(_tree(empty, "/figures?publisher=Nobody"))
    tree = _tree(empty, "/figures?min_confidence=0")
    assert _rows(tree) and "More articles may bring some" in _text(tree)
    assert "no page 9" in _text(_tree(empty, "/figures?min_confidence=0&page=9"))


def test_many_figures_come_in_pages_and_are_exported_whole(empty: TestClient, store: Store, make_money: Make) -> None:
    for index in range(53):
        what = f"ward {'x' * (index + 1)}"
        store.writer.write_analysis(make_money(f"{index}.txt", f"£{index + 2}m", f"{index + 2}000000", what=what))
    tree = _tree(empty, "/figures?kind=allocation")
    assert len(_rows(tree)) == 50 and "page 1 of 2" in _text(tree.xpath("//caption")[0])
    (more,) = tree.xpath("//nav[@class='pager']/a/@href")
    assert len(_rows(_tree(empty, f"/figures{more}"))) == 3
    assert len(list(csv.reader(StringIO(empty.get("/figures.csv?kind=allocation&page=2").text)))) == 54


def test_csv_holds_what_is_shown_with_sentence_and_origin(client: TestClient) -> None:
    answer = client.get("/figures.csv?kind=allocation")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    first, second = csv.DictReader(StringIO(answer.content.decode("utf-8")))
    assert (first["amount"], first["value"], first["cited_by"], first["status"]) == (
        "£1.2bn", "1200000000", "Rob Stone", "claimed",
    )  # fmt: skip
    assert (second["copies"], second["stories"], second["articles"]) == ("2", "1", "2")
    assert first["sentence"] == "It heard that £1.2bn would go to winter pressures in the county."
    assert first["made_by"].startswith("machine-extracted by Standpoint") and first["page"].startswith("/articles/")


def test_rivals_are_exported_row_by_row(client: TestClient) -> None:
    rows = list(csv.DictReader(StringIO(client.get("/figures/rivals.csv").text)))
    assert [(row["purpose"], row["amount"], row["cited_by"], row["first"]) for row in rows] == [
        ("winter pressures", "£350m", "Ada Vale", "2015-05-01"),
        ("winter pressures", "£1.2bn", "Rob Stone", "2015-06-01"),
    ]


def test_json_holds_both_tables(client: TestClient) -> None:
    body = client.get("/figures.json").json()
    assert [row["value"] for row in body["figures"]] == [1200000000, 350000000, 5000000]
    assert [row["low"] for row in body["rivals"]] == [350000000, 1200000000]
    assert body["made_by"].startswith("machine-extracted") and len(body["figures"]) == 3
    assert client.get("/figures.json?purpose=beds").json()["rivals"] == []


@pytest.mark.parametrize(
    ("modifier", "words"), [(None, "£5m"), ("Nearly", "nearly £5m"), ("or so", "£5m or so"), ("plus", "£5m plus")]
)
def test_amount_is_said_with_what_qualifies_it(make_money: Make, modifier: str | None, words: str) -> None:
    (figure,) = make_money("x", "£5m", "5000000", modifier=modifier).figures
    assert amount_words(figure) == words


@pytest.mark.parametrize("opener", ["=", "+", "-", "@", "\t", "\r"])
def test_cell_that_a_spreadsheet_would_run_is_neutralised(opener: str) -> None:
    assert neutral(f"{opener}cmd") == f"'{opener}cmd"


def test_formula_in_an_article_stays_text_in_the_export(empty: TestClient, store: Store, make_money: Make) -> None:
    store.writer.write_analysis(
        make_money("bad.txt", "£5m", "5000000", what="=HYPERLINK(1)", publisher="@evil", published=None)
    )
    (row,) = csv.DictReader(StringIO(empty.get("/figures.csv").text))
    assert (row["what"], row["publisher"]) == ("'=HYPERLINK(1)", "'@evil")


def test_text_of_articles_is_escaped(empty: TestClient, store: Store, make_money: Make) -> None:
    nasty = "<img src=x onerror=alert(1)>"
    for index, amount in enumerate(("5", "6")):
        store.writer.write_analysis(
            make_money(f"{index}.txt", f"£{amount}m", f"{amount}000000", what=nasty, publisher=nasty)
        )
    page = empty.get("/figures").text
    assert "<img src=x" not in page and "&lt;img src=x" in page


@given(st.lists(st.text()))
def test_csv_reads_back_what_was_written(cells: list[str]) -> None:
    columns = [f"c{index}" for index in range(len(cells))]
    text = write_csv(columns, [dict(zip(columns, cells, strict=True))])
    read = list(csv.reader(StringIO(text, newline="")))
    assert read[0] == columns and read[1] == [neutral(cell) for cell in cells]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                ["topic", "kind", "publisher", "from", "to", "min_confidence", "page", "rivals", "purpose"]
            ),
            st.text(),
        )
    )
)
def test_no_form_input_fails(pairs: list[tuple[str, str]]) -> None:
    form = FiguresForm.read(pairs)
    assert form.rivals >= 1 and form.query(page=2).startswith("?") and form.to_filters() is not None


@pytest.mark.parametrize("query", ["topic=%00", "stakeholder=%00", "purpose=%ED%A0%80", "rivals=x", "page=999999"])
@pytest.mark.parametrize("path", ["/figures", "/figures.csv", "/figures.json"])
def test_odd_queries_never_fail(client: TestClient, path: str, query: str) -> None:
    assert client.get(f"{path}?{query}").status_code in (200, 422)
