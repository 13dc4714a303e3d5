"""What every page has: a title of its own, errors in plain words, a citation to copy, and the measured accuracy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest
from fastapi.testclient import TestClient
from lxml import html

from api.app import create_app
from api.pages.citation import cite
from api.settings import Settings
from api.store import Store
from nlp.accuracy import read_accuracy
from nlp.records import Analysis, Manner

BASE = "http://127.0.0.1"
CELL = "/positions/person%3Aasha-merton/pooling"


@pytest.fixture
def client(settings: Settings, store: Store, analysis: Analysis) -> Iterator[TestClient]:
    store.writer.write_analysis(analysis)
    with TestClient(create_app(settings, store=store), base_url=BASE, raise_server_exceptions=False) as found:
        yield found


def _text(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_every_page_has_a_title_of_its_own_one_heading_and_the_icon(client: TestClient, analysis: Analysis) -> None:
    paths = ["/", CELL, f"/articles/{analysis.article.id}", "/figures", "/search", "/about", "/docs", "/nope"]
    titles = set()
    for path in [*paths, "/topics/new", "/topics/own", "/analyse"]:
        tree = html.fromstring(client.get(path).text)
        (title,) = tree.xpath("//title")
        titles.add(title.text)
        assert title.text.endswith(" · Standpoint") and len(tree.xpath("//h1")) == 1, path
        assert tree.xpath("//link[@rel='icon']/@href") == ["/static/favicon.svg"]
        assert tree.xpath("//a[@class='skip']/@href") == ["#main"] and tree.xpath("//html/@lang") == ["en-GB"]
        assert "Machine-extracted" in _text(tree.xpath("//footer")[0])
    assert len(titles) == len(paths) + 3
    assert client.get("/static/favicon.svg").headers["content-type"] == "image/svg+xml"


def test_quote_has_a_citation_in_a_plain_field(client: TestClient) -> None:
    tree = html.fromstring(client.get(CELL).text)
    (field,) = tree.xpath("//textarea[@readonly]")
    assert field.text.startswith(
        "Asha Merton (chair, Mid Wexshire CCG), quoted word for word: “A single budget … would end the blame game”. "
        "In: “GPs’ budgets “should be pooled” 🏥”, Wexshire Health News, May 2014, https://example.org/pooled. "
        "Found by Standpoint 0.1.0 on "
    )
    assert tree.xpath(f"//label[@for='{field.get('id')}']")
    # The same words stand in print, where no field can be opened.
    assert _text(tree.xpath("//p[@class='cited']")[0]) == " ".join(field.text.split())


@pytest.mark.parametrize(
    ("manner", "words"),
    [
        (Manner.INDIRECT, "reported in the writer's words: A single budget"),
        (Manner.AUTHORIAL, "written by the holder: “A single budget”"),
        (None, "told by the writer: A single budget"),
    ],
)
def test_citation_puts_only_the_holders_own_words_in_quotation_marks(
    analysis: Analysis, manner: Manner | None, words: str
) -> None:
    article = replace(analysis.article, publisher=None, published=None, url="javascript:alert(1)", title=None)
    spans = analysis.statements[0].spans[:1]
    found = cite(article, spans, holder="Jo Tarn", role="", manner=manner, version="1", on=date(2020, 1, 2))
    place = f"{article.source}, publisher unknown, date unknown"
    assert found == f"Jo Tarn, {words}. In: {place}. Found by Standpoint 1 on 2 January 2020."


def test_about_shows_the_measured_accuracy_limits_and_models(client: TestClient) -> None:
    tree = html.fromstring(client.get("/about").text)
    shown = [[_text(cell) for cell in row] for row in tree.xpath("//table[@class='scores']/tbody/tr")]
    table = read_accuracy()
    assert [row[1:] for row in shown] == [[row.press_words, row.test_words] for row in table.rows]
    text = _text(tree)
    for name in ("stance-minilm", "attribution", "language-en", "figures", "blocks", "Known limits"):
        assert name in text


@pytest.mark.parametrize(
    ("headers", "status", "words"),
    [
        ({"Host": "evil.example"}, 421, "This server goes by another name"),
        ({"Origin": "https://evil.example"}, 403, "This is not allowed"),
        ({"Authorization": "Bearer x"}, 401, "This server asks for a key"),
        ({"Content-Length": "99999999999"}, 413, "That was too much at once"),
    ],
)
def test_refusals_are_pages_on_pages_and_problems_elsewhere(
    client: TestClient, headers: dict[str, str], status: int, words: str
) -> None:
    page = client.get("/", headers=headers)
    assert page.status_code == status and words in _text(html.fromstring(page.text))
    assert page.headers["content-type"].startswith("text/html") and page.headers["x-content-type-options"] == "nosniff"
    assert int(page.headers["content-length"]) == len(page.content)
    problem = client.get("/v1/map", headers=headers)
    assert problem.status_code == status and problem.headers["content-type"] == "application/problem+json"
    bare = client.head("/", headers=headers)
    assert bare.status_code == status and bare.content == b""


def test_waits_and_late_answers_are_pages_too(
    settings: Settings, store: Store, monkeypatch: pytest.MonkeyPatch, make_analysis: Callable[..., Analysis]
) -> None:
    late = settings.model_copy(update={"request_seconds": 0.0001})
    with TestClient(create_app(late, store=store), base_url=BASE) as client:
        answer = client.get("/")
    assert answer.status_code == 503 and answer.headers["retry-after"] == "5"
    assert "There is nothing to show just now" in answer.text
    keyed = settings.model_copy(update={"require_keys": True, "rate_limit": 0.1})
    with TestClient(create_app(keyed, store=store), base_url=BASE) as client:
        client.get("/")
        answer = client.get("/")
    assert answer.status_code == 429 and "Too many requests in a short time" in answer.text
    assert answer.headers["retry-after"]
