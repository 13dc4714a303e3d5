"""Words that a person who never saw the tool reads on the pages, and the ways that lead on from each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from lxml import html
from starlette.testclient import TestClient

from api.app import create_app
from api.exports.formats import FORMS, What
from api.pages.upload_page import FORMAT_WORDS
from api.settings import Settings
from api.store import Store
from api.words import kinds_told
from nlp.readers.formats import FORMATS
from nlp.records import Analysis


def tree(page: str) -> Any:
    return html.fromstring(page)


@pytest.fixture
def client(settings: Settings, store: Store) -> Iterator[TestClient]:
    with TestClient(create_app(settings, store=store), base_url="http://127.0.0.1") as opened:
        yield opened


def test_namesakes_are_told_apart_by_their_bodies_and_by_ids_only_where_nothing_else_does() -> None:
    bodies = {"kent-lmc": "Kent LMC", "bma": "BMA"}
    people = [
        ("ann-bell--kent-lmc", "Ann Bell", "person"),
        ("ann-bell", "Ann Bell", "person"),
        ("ann-bell--gone", "Ann Bell", "person"),
        ("bo-cole--bma", "Bo Cole", "person"),
    ]
    told = kinds_told(people, lambda id: bodies.get(id, ""))
    assert told == {
        "ann-bell--kent-lmc": "person, Kent LMC",
        "ann-bell": "person, ann-bell",
        "ann-bell--gone": "person, ann-bell--gone",
        "bo-cole--bma": "person",
    }


def test_the_map_says_the_body_of_a_namesake(
    client: TestClient, store: Store, make_analysis: Callable[..., Analysis]
) -> None:
    for source, holder, body in (("a.txt", "ann-bell--body:kent", "body:kent"), ("b.txt", "ann-bell", None)):
        made = make_analysis(source, holder=holder, body=body, words=f"said in {source}")
        store.writer.write_analysis(made)
    page = tree(client.get("/").text)
    kinds = {row.xpath("string(./a/@href)"): row.xpath("string(./small)") for row in page.xpath("//tbody/tr/th")}
    assert "ann-bell" not in " ".join(kinds.values()), kinds


def test_every_format_that_is_read_is_named_in_words_on_the_page_of_uploads(client: TestClient) -> None:
    assert {name for names in FORMAT_WORDS.values() for name in names} == {format.name for format in FORMATS}
    page = client.get("/upload").text
    assert "exports of Factiva, LexisNexis and ProQuest" in page and "newsml-g2" not in page


def test_every_format_of_export_has_a_name_and_words(client: TestClient) -> None:
    for what in What:
        page = tree(client.get(f"/exports?what={what.value}").text)
        names = page.xpath("//main//a[@download]/text()")
        assert len(names) == sum(what in form.holds for form in FORMS.values())
        assert all(name != name.lower() or name == "doccano" for name in names), names


def test_the_key_stands_before_the_map_and_says_what_is_counted(
    client: TestClient, store: Store, analysis: Analysis
) -> None:
    store.writer.write_analysis(analysis)
    page = client.get("/").text
    assert page.index('aria-label="Key"') < page.index('<table class="map')
    assert "the number counts the stories that show the stance" in page


def test_the_citation_comes_before_what_reviewers_do(client: TestClient, store: Store, analysis: Analysis) -> None:
    store.writer.write_analysis(analysis)
    page = client.get("/positions/person:asha-merton/pooling").text
    assert page.index("Cite this") < page.index("Judge this stance")


@pytest.mark.parametrize("path", ["/", "/figures"])
def test_an_empty_store_leads_to_the_page_of_uploads(client: TestClient, path: str) -> None:
    page = tree(client.get(path).text)
    assert page.xpath("//main//a[@href='/upload']")


def test_every_page_of_the_bar_says_where_one_is(client: TestClient) -> None:
    bar = tree(client.get("/").text).xpath("//nav[@aria-label='Main']//a/@href")
    assert "/briefing" in bar
    for path in bar:
        current = tree(client.get(path).text).xpath("//nav[@aria-label='Main']//a[@aria-current]/@href")
        assert current == [path]


@pytest.mark.parametrize("path", ["/nothing", "/articles/nothing", "/stakeholders/nobody", "/positions/nobody/pooling"])
def test_an_error_leads_on_to_the_map_and_to_search(client: TestClient, path: str) -> None:
    answer = client.get(path)
    links = tree(answer.text).xpath("//main//a/@href")
    assert answer.status_code == 404 and links == ["/", "/search"]
