"""The page that analyses a text: everything marked in place, nothing stored, and limits in words."""

from __future__ import annotations

import io
import json
import time
import zipfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from lxml import html

from api.app import create_app
from api.contained import ContainedReader, ReaderEndedError
from api.pages.analyse_form import MAX_FILE, MAX_TEXT
from api.services import models_of
from api.settings import Settings
from api.store import Filters, Store
from nlp.records import Analysis, Article, PartialDate, Topic

BASE = "http://127.0.0.1"


class Reader:
    """Stands in for the pipeline: notes what it is given, and finds in it what the full analysis has."""

    def __init__(self, found: Analysis) -> None:
        self.found = found
        self.given: list[Article] = []

    def __call__(self, article: Article, topics: Sequence[Topic]) -> Analysis:
        self.given.append(article)
        title, publisher, published = article.title, article.publisher, article.published
        known = replace(self.found.article, title=title, publisher=publisher, published=published)
        return replace(self.found, article=known)


@pytest.fixture
def reader(analysis: Analysis) -> Reader:
    return Reader(analysis)


@pytest.fixture
def client(settings: Settings, store: Store, reader: Reader) -> Iterator[TestClient]:
    app = create_app(settings, store=store, analyse=reader)
    with TestClient(app, base_url=BASE, raise_server_exceptions=False) as found:
        yield found


def _text(element: html.HtmlElement) -> str:
    return " ".join(element.text_content().split())


def test_everything_found_is_listed_marked_in_place_and_not_stored(
    client: TestClient, analysis: Analysis, store: Store
) -> None:
    answer = client.post("/analyse", data={"text": analysis.article.text})
    tree = html.fromstring(answer.text)
    text = _text(tree)
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    assert "Nothing was stored." in text
    assert "2 positions, 2 statements, 2 figures, 3 stakeholders" in text
    assert "Asha Merton chair, Mid Wexshire CCG" in text and "Mid Wexshire CCG organisation" in text
    anchors = {href[1:] for href in tree.xpath("//section//a/@href") if href.startswith("#")}
    assert anchors == {"s1", "s2", "f1", "f2"}
    assert all(tree.xpath(f"//*[@id='{anchor}']/following-sibling::mark") for anchor in anchors)
    assert "".join(block.text_content() for block in tree.xpath("//div[@class='text']")).count("blame game") == 2
    # What is not stored has no evidence to lead to.
    assert not [href for href in tree.xpath("//main//a/@href") if href.startswith("/positions/")]
    assert store.reader.articles(Filters(min_confidence=0), limit=1).items == ()


def test_text_is_read_as_a_file_would_be_and_the_form_wins(client: TestClient, reader: Reader) -> None:
    text = "Publisher: Some Paper\r\nDate: 3 May 2014\r\n\r\nBoard asks for control\r\n\r\nIt met."
    client.post("/analyse", data={"text": text})
    client.post("/analyse", data={"text": text, "publisher": " The  Local ", "published": "2015-06", "title": "Mine"})
    found, said = reader.given
    assert "\r" not in found.text and (found.publisher, found.published) == (
        "Some Paper",
        PartialDate.parse("2014-05-03"),
    )
    assert (said.title, said.publisher, said.published) == ("Mine", "The Local", PartialDate.parse("2015-06"))


PAGE = (
    "<!doctype html><html><head><title>Board asks for control</title></head><body><article><h1>Board asks for control"
    "</h1><p>The board met on Monday and asked for control of the budgets of practices in the county.</p>"
    "<p>It heard that £2m would go to practices in the north of the county.</p></article></body></html>"
)


@pytest.mark.parametrize(("name", "content"), [("a.txt", "Café costs £2m.".encode("cp1252")), ("page", PAGE.encode())])
def test_a_file_of_text_or_html_is_read(client: TestClient, reader: Reader, name: str, content: bytes) -> None:
    answer = client.post("/analyse", data={"text": ""}, files={"file": (name, content)})
    assert answer.status_code == 200 and "£2m" in reader.given[0].text


def _lines(*texts: str) -> bytes:
    return "".join(json.dumps({"id": f"a{n}", "text": text}) + "\n" for n, text in enumerate(texts)).encode()


def _zip() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("a.txt", " ")
    return made.getvalue()


def test_what_else_a_file_held_is_said(client: TestClient) -> None:
    answer = client.post("/analyse", files={"file": ("a.jsonl", _lines("It met and asked for £2m.", " "))})
    assert answer.status_code == 200 and "Line 2: has no text" in _text(html.fromstring(answer.text))


def test_a_file_that_ends_its_reader_is_a_fault(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def read(self: object, data: bytes, *, source: str) -> None:
        raise ReaderEndedError("takes longer to read than 10 seconds", blamed=True)

    monkeypatch.setattr(ContainedReader, "read_any", read)
    answer = client.post("/analyse", files={"file": ("a.txt", b"It met.")})
    assert answer.status_code == 422 and "The file takes longer to read than 10 seconds." in answer.text


@pytest.mark.parametrize(
    ("data", "file", "field", "words"),
    [
        ({}, None, "text", "Paste a text, or choose a file."),
        ({"text": " \n "}, None, "text", "Paste a text, or choose a file."),
        ({"text": "a " * MAX_TEXT}, None, "text", "The text has 200,000 characters, and at most 100,000"),
        ({"text": "a\0b"}, None, "text", "The text is a binary file, not text"),
        ({"text": "a"}, b"b", "file", "Give a text or a file, not both."),
        ({}, b"%PDF-1.5", "file", "The file is a PDF that is damaged or cut off: get it again, or give its text."),
        ({}, b"   ", "file", "The file holds no text"),
        ({}, _lines("It met.", "It rose."), "file", "The file holds 2 articles, and one is read at once"),
        ({}, _zip(), "file", "The file holds no article"),
        ({}, b"a" * (MAX_FILE + 1), "file", "The file is larger than 2 MB"),
        ({}, b"a " * MAX_TEXT, "file", "at most 100,000 are read at once"),
        ({"text": "a", "published": "soon"}, None, "published", "Write the date as 2014, 2014-05 or 2014-05-23"),
        ({"text": "a", "published": "2014-13"}, None, "published", "Write the date as"),
        ({"text": "a", "title": "t" * 501}, None, "title", "The title is longer than 500 characters."),
    ],
)
def test_faults_are_said_in_words_and_the_form_keeps_its_text(
    client: TestClient, reader: Reader, data: dict[str, str], file: bytes | None, field: str, words: str
) -> None:
    files = {"file": ("chosen.txt" if file is not None else "", file or b"")}
    answer = client.post("/analyse", data=data, files=files)
    tree = html.fromstring(answer.text.replace("\0", ""))
    assert answer.status_code == 422 and reader.given == []
    (link,) = tree.xpath(f"//div[@role='alert']//a[@href='#f-{field}']")
    assert words in _text(link)
    assert words in _text(tree.get_element_by_id(f"e-{field}"))
    assert tree.get_element_by_id(f"f-{field}").get("aria-invalid") == "true"
    assert tree.xpath("//textarea")[0].text.strip() == data.get("text", "").replace("\0", "").strip()


def test_limits_are_said_before_anything_is_sent(client: TestClient) -> None:
    text = _text(html.fromstring(client.get("/analyse").text))
    assert "at most 100,000 characters" in text and "at most 2 MB" in text and "Nothing is stored" in text


def test_a_request_that_is_too_large_is_a_page_in_plain_words(store: Store, settings: Settings, reader: Reader) -> None:
    small = settings.model_copy(update={"max_upload_bytes": 5_000})
    with TestClient(create_app(small, store=store, analyse=reader), base_url=BASE) as client:
        answer = client.post("/analyse", data={"text": "a" * 6_000})
    assert answer.status_code == 413 and answer.headers["content-type"].startswith("text/html")
    assert "That was too much at once" in answer.text and "default-src" in answer.headers["content-security-policy"]


def test_first_questions_at_once_load_the_models_once(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    loads: list[str] = []

    @cache
    def load(language: str, encoder: str) -> object:
        loads.append(language)
        time.sleep(0.1)
        return object()

    monkeypatch.setattr("nlp.language.load_models", load)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(models_of, [settings] * 4))
    assert len(loads) == 1 and len(set(map(id, found))) == 1


def test_a_text_is_analysed_without_a_database(tmp_path: Path, analysis: Analysis) -> None:
    app = create_app(Settings(data=tmp_path / "none"), analyse=Reader(analysis))
    answer = TestClient(app, base_url=BASE).post("/analyse", data={"text": "It met."})
    assert answer.status_code == 200 and not (tmp_path / "none").exists()
