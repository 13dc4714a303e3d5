"""Search over HTTP and on its page: modes, filters, counts, marks, and input that cannot be used."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from lxml import html

from api.app import create_app
from api.pages.search_form import SearchForm
from api.settings import Settings
from api.store import Store
from nlp.records import Analysis, StanceLabel

BASE = "http://127.0.0.1"


@pytest.fixture
def client(
    settings: Settings, store: Store, analysis: Analysis, make_analysis: Callable[..., Analysis]
) -> Iterator[TestClient]:
    store.writer.write_analysis(analysis)
    for index, label in enumerate([StanceLabel.SUPPORT, StanceLabel.OPPOSE, StanceLabel.OPPOSE]):
        made = make_analysis(
            f"{index}.txt", holder=f"person:holder-{index}", label=label, published=f"201{index}-03-01"
        )
        store.writer.write_analysis(made)
    with TestClient(create_app(settings, store=store), base_url=BASE, raise_server_exceptions=False) as found:
        yield found


def problem_field(client: TestClient, query: str) -> str:
    answer = client.get(f"/v1/search?{query}")
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json" and "SECRET" not in answer.text
    return str(answer.json()["errors"][0]["field"])


def test_answer_fits_the_document_and_counts_all_hits(client: TestClient) -> None:
    body = client.get("/v1/search", params={"q": "budget", "limit": 2}).json()
    document = client.get("/openapi.json").json()
    schema = document["paths"]["/v1/search"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    Draft202012Validator({**schema, "components": document["components"]}).validate(body)
    assert len(body["items"]) == 2 and body["total"] > 2 and body["next"]
    assert {facet["value"]: facet["count"] for facet in body["facets"]["stance"]}["oppose"] == 4
    assert body["mode"] == "lexical" and "standpoint index" in body["note"]


def test_lists_to_look_in_are_chosen_and_repeat(client: TestClient) -> None:
    for name, kind in (("statements", "statement"), ("articles", "article"), ("figures", "figure")):
        items = client.get("/v1/search", params={"q": "practices", "in": name}).json()["items"]
        assert items and {item["kind"] for item in items} == {kind}
    both = client.get("/v1/search?q=practices&in=articles&in=figures").json()["items"]
    assert {item["kind"] for item in both} == {"article", "figure"}
    assert all(item["figure"] for item in both if item["kind"] == "figure")


def test_filters_and_relatives_narrow_before_ranking(client: TestClient) -> None:
    def total(query: str) -> int:
        return int(client.get(f"/v1/search?q=budget&in=statements&{query}").json()["total"])

    assert total("stance=oppose") == 2 and total("stance=oppose&year=2011") == 1
    assert total("kind=person") == 4 and total("kind=group") == 0 and total("strength=strong") == 1
    assert total("tier=high&tier=medium") == 4 and total("from=2012-01-01&to=2012-12-31") == 1
    assert total("stakeholder=icb:wexshire") == 0
    # Its parent is asked for too; nobody stands above this one, so nothing is added.
    assert total("stakeholder=ccg:mid-wexshire&include=parents&include=successors") == 1


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("", "query.q"),
        ("q=", "query.q"),
        ("q=OR+-SECRET", "query.q"),
        ("q=%22%22+-+*", "query.q"),
        ("q=a%00SECRET", "query.q"),
        ("q=%ED%A0%80", "query.q"),
        ("q=" + "SECRET" * 9_000, "query.q"),
        ("q=" + "a+" * 51, "query.q"),
        ("q=a&mode=SECRET", "query.mode"),
        ("q=a&in=SECRET", "query.in.0"),
        ("q=a&include=SECRET", "query.include.0"),
        ("q=a&tier=SECRET", "query.tier.0"),
        ("q=a&year=0", "query.year.0"),
        ("q=a&after=SECRET", "query.after"),
        ("q=a&from=2015-01-01&to=2014-01-01", "query.to"),
        ("q=a&SECRET_=1", "query.SECRET_"),
    ],
)
def test_senseless_question_is_a_problem_that_names_the_field(client: TestClient, query: str, field: str) -> None:
    if field == "query.SECRET_":
        assert client.get(f"/v1/search?{query}").status_code == 422
    else:
        assert problem_field(client, query) == field


def test_relatives_are_asked_for_with_commas_too(client: TestClient) -> None:
    asked = {"q": "budget", "stakeholder": "ccg:mid-wexshire", "min_confidence": 0}
    both = client.get("/v1/search", params={**asked, "include": ["parents", "successors"]})
    comma = client.get("/v1/search", params={**asked, "include": "parents,successors"})
    assert both.status_code == comma.status_code == 200
    assert comma.json()["items"] == both.json()["items"]
    assert client.get("/v1/search", params={**asked, "include": "parents,cousins"}).status_code == 422


def test_what_the_page_shows_is_exported_in_its_order(client: TestClient) -> None:
    asked = {"q": "budget", "mode": "lexical", "min_confidence": 0}
    whole = client.get("/v1/search", params={**asked, "limit": 200}).json()
    rows = client.get("/search.json", params=asked).json()["results"]
    assert [(row["kind"], row["article"]) for row in rows] == [
        (hit["kind"], hit["article"]["id"]) for hit in whole["items"]
    ]
    assert [row["rank"] for row in rows] == list(range(1, whole["total"] + 1))
    file = client.get("/search.csv", params=asked)
    assert file.headers["content-type"].startswith("text/csv") and file.text.count("machine-extracted") == len(rows)
    assert "/search.csv?q=budget" in client.get("/search", params=asked).text
    assert client.get("/search.json", params={"q": ""}).json()["results"] == []


def test_cursor_of_another_question_is_refused(client: TestClient) -> None:
    cursor = client.get("/v1/search?q=budget&limit=1").json()["next"]
    assert client.get(f"/v1/search?q=budget&limit=1&after={cursor}").status_code == 200
    assert problem_field(client, f"q=budget&stance=oppose&after={cursor}") == "query.after"


def test_meaning_alone_without_an_encoder_says_what_to_do(client: TestClient) -> None:
    answer = client.get("/v1/search?q=budget&mode=semantic")
    assert answer.status_code == 503 and "mode=lexical" in answer.json()["detail"]


def having(found: html.HtmlElement, name: str, tag: str = "*") -> list[html.HtmlElement]:
    """The elements below one with the class ``name``, or that one itself where no tag is asked for."""
    inside = f"//*[contains(concat(' ', @class, ' '), ' {name} ')]"
    return list(found.xpath(inside if tag == "*" else f"{inside}//{tag}"))


def page(client: TestClient, query: str, status: int = 200) -> html.HtmlElement:
    answer = client.get(f"/search{query}")
    assert answer.status_code == status, answer.text[:300]
    return html.fromstring(answer.text)


def test_page_shows_marks_counts_and_a_note(client: TestClient) -> None:
    found = page(client, "?q=budget")
    assert {mark.text_content().lower() for mark in having(found, "quotes", "mark")} >= {"budget"}
    assert re.search(r"\d+ hits", found.text_content()) and "words only" in found.text_content()
    assert [summary.text for summary in having(found, "facets", "summary")][:4] == [
        "Who", "Kind of stakeholder", "Proposal", "Stance",
    ]  # fmt: skip


def test_every_state_of_the_page_is_an_address(client: TestClient) -> None:
    whole = page(client, "?q=budget")
    narrow = next(a for a in having(whole, "facets", "a") if a.text == "Opposes")
    count = int(narrow.getparent().find("span").text)
    chosen = page(client, narrow.get("href").removeprefix("/search"))
    assert f"{count} hits" in chosen.text_content()
    (off,) = having(chosen, "chosen", "a")
    assert off.get("href") == "/search?q=budget"
    kept = [(field.get("name"), field.get("value")) for field in chosen.xpath("//input[@type='hidden']")]
    assert ("stance", "oppose") in kept


def test_hits_lead_to_their_place_in_the_article(client: TestClient) -> None:
    for link in having(page(client, "?q=budget"), "quotes", "a"):
        path, _, anchor = link.get("href").partition("#")
        article = client.get(path)
        assert article.status_code == 200 and (not anchor or f'id="{anchor}"' in article.text)


def test_page_says_what_is_wrong_beside_the_field_and_escapes_the_rest(client: TestClient) -> None:
    assert "at least one word" in page(client, "?q=-word", 422).get_element_by_id("e-q").text
    assert page(client, "?q=a&mode=SECRET", 422).get_element_by_id("e-mode").text
    assert "<b>bold" not in client.get("/search?q=%3Cb%3Ebold").text
    assert having(page(client, "?q=zebra"), "notice", "h2")[-1].text == "Nothing found"


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pairs=st.lists(
        st.tuples(
            st.sampled_from(["q", "mode", "in", "include", "kind", "stance", "year", "tier", "from", "to", "after",
                             "min_confidence", "topic", "stakeholder"]),
            st.text(max_size=12)
            | st.sampled_from(["budget", "oppose", "2014", "0.5", "2014-05-21", "high", "parents"]),
        ),
        max_size=8,
    )
)  # fmt: skip
def test_no_form_input_fails(client: TestClient, pairs: list[tuple[str, str]]) -> None:
    form = SearchForm.read(pairs)
    assert SearchForm.read(form.pairs()).pairs() == form.pairs()
    printable = [(name, value.encode("utf-8", "replace").decode()) for name, value in pairs]
    answer = client.get("/search", params=printable)
    assert answer.status_code in (200, 422)
    assert client.get("/v1/search", params=printable).status_code in (200, 422, 503)


def test_judgements_are_whole() -> None:
    from pathlib import Path

    lines = Path(__file__).with_name("search_judgements.jsonl").read_text(encoding="utf-8").splitlines()
    queries = [json.loads(line) for line in lines]
    assert len({line["query"] for line in queries}) == 60
    for line in queries:
        assert {grade for *_, grade in line["judged"]} <= {0, 1, 2, 3} and len(line["judged"]) >= 10
