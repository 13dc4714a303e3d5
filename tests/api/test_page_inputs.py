"""What nobody planned for, put into every form: an answer in words, nothing taken as markup, nothing broken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from lxml import html
from starlette.testclient import TestClient

from api.app import create_app
from api.settings import Settings
from api.store import Store
from nlp.records import Analysis

ODD = {
    "a null": "%00",
    "half a character": "%ED%A0%80",
    "text turned round": "%E2%80%AEevil",
    "markup": "%3Cscript%3Ealert(1)%3C/script%3E",
    "no number": "nan",
    "a day that is none": "2014-02-30",
    "a digit that is none": "%C2%B2",
    "far too long": "a" * 20_000,
}
FORMS = {
    "/": ("topic", "kind", "publisher", "from", "to", "as_of", "group", "sort", "min_confidence", "page", "rows"),
    "/figures": ("topic", "stakeholder", "purpose", "kind", "publisher", "from", "min_confidence", "page", "rivals"),
    "/search": ("q", "mode", "from", "min_confidence", "in", "stakeholder", "include", "after", "stance", "year"),
    "/briefing": ("topic", "stakeholder", "from", "min_confidence", "all_topics"),
    "/topics": ("publisher", "from", "as_of", "group"),
    "/topics/pooling": ("publisher", "from", "group", "camp", "page", "conditions"),
    "/stakeholders/person:asha-merton": ("publisher", "from", "as_of", "min_confidence"),
    "/positions/person:asha-merton/pooling": ("after", "from", "min_confidence", "group"),
    "/judgements": ("kind", "verdict", "state", "after"),
    "/exports": ("what", "topic", "stakeholder", "from"),
}


@pytest.fixture
def client(settings: Settings, store: Store, analysis: Analysis) -> Iterator[TestClient]:
    store.writer.write_analysis(analysis)
    with TestClient(create_app(settings, store=store), base_url="http://127.0.0.1", follow_redirects=False) as opened:
        yield opened


def tree(page: str) -> Any:
    return html.fromstring(page)


def check(answer: Any, where: str) -> None:
    """A whole page, with its one heading, and nothing of what was sent in it as markup or header."""
    assert answer.status_code in (200, 404, 422), where
    page = tree(answer.text)
    assert len(page.xpath("//h1")) == 1 and page.xpath("//main"), where
    assert "<script>alert" not in answer.text and "set-cookie" not in answer.headers, where


@pytest.mark.parametrize("path", FORMS)
def test_whatever_stands_in_an_address_is_answered_with_a_page(client: TestClient, path: str) -> None:
    for name in FORMS[path]:
        for what, value in ODD.items():
            check(client.get(f"{path}?{name}={value}"), f"{path}?{name}: {what}")


@pytest.mark.parametrize(
    "path",
    ["/", "/figures", "/search", "/briefing", "/topics", "/topics/pooling", *list(FORMS)[6:8]],
)
def test_a_wrong_day_is_told_in_a_summary_that_leads_to_its_field(client: TestClient, path: str) -> None:
    answer = client.get(f"{path}?from=2014-02-30")
    page = tree(answer.text)
    assert answer.status_code == 422 and page.xpath("string(//title)").startswith("Error: ")
    summary = page.xpath("//div[@role='alert']")[0]
    assert "There is a problem" in summary.text_content() and "YYYY-MM-DD" in summary.text_content()
    for href in summary.xpath(".//a/@href"):
        assert page.xpath(f"//*[@id='{href[1:]}' and @aria-invalid='true']"), href
    assert summary.xpath(".//a") or path.startswith("/positions")


def test_a_fault_without_a_field_leads_nowhere(client: TestClient) -> None:
    for path in (
        "/search?stance=x",
        "/topics?sort=x",
        "/stakeholders/person:asha-merton?sort=x",
        "/positions/person:asha-merton/pooling?kind=x",
    ):
        page = tree(client.get(path).text)
        assert page.xpath("//div[@role='alert']//li") and not page.xpath("//div[@role='alert']//a"), path


def test_a_page_without_a_fault_has_no_summary(client: TestClient) -> None:
    for path in FORMS:
        assert "There is a problem" not in client.get(path).text


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/judgements", ("target", "what", "verdict", "by", "note", "back", "c_stance")),
        ("/stakeholders/person:asha-merton/merge", ("into", "by", "note")),
        ("/stakeholders/person:asha-merton/split", ("articles", "name", "by", "keeps")),
    ],
)
def test_whatever_a_reviewer_sends_is_kept_or_refused_in_words(
    client: TestClient, analysis: Analysis, path: str, fields: tuple[str, ...]
) -> None:
    right = {"target": f"{analysis.article.id}:s1/pooling", "what": "stance", "verdict": "confirm", "by": "Ann Orrell"}
    for name in fields:
        for value in ("a\0b", "\u202eevil", "<script>alert(1)</script>", "b" * 50_000, "//evil.example", "\r\nX: y"):
            answer = client.post(path, data={**right, name: value})
            if answer.status_code == 303:
                assert answer.headers["location"].startswith("/") and "//" not in answer.headers["location"]
            else:
                check(answer, f"{path} {name}={value[:20]!r}")


@pytest.mark.parametrize("name", ["../../etc/passwd", "<b>bold</b>.txt", "a" * 300, "\u202etxt.exe", "no format"])
def test_whatever_a_file_is_called_it_is_named_as_text(
    client: TestClient, name: str, make_analysis: Callable[..., Analysis]
) -> None:
    answer = client.post("/upload", files={"files": (name, b"\0\0\0")})
    assert answer.status_code == 303
    for _ in range(100):
        page = client.get(answer.headers["location"]).text
        if "data-follow" not in page:
            break
    assert "<b>bold" not in page and "etc/passwd" not in page
