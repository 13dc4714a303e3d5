"""Claims and rival sums over HTTP and on the command line."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from jsonschema import Draft202012Validator
from sqlalchemy import event

from api.app import create_app
from api.settings import Settings
from api.store import Store
from nlp.records import Analysis, FigureStatus

BASE = "http://127.0.0.1"
Make = Callable[..., Analysis]
MINISTER, UNION, LOW = "person:ada-vale", "person:rob-stone", "person:low-voice"


@pytest.fixture
def filled(store: Store, make_money: Make, make_analysis: Make) -> Store:
    """Two rival sums, one of them in three articles of two stories, a rounding of it, and what is no rival."""
    copies = [make_money(f"{n}.txt", "£350m", "350000000", by=MINISTER, published=f"2015-05-0{n}") for n in (1, 2, 3)]
    others = [
        make_money("union.txt", "£1.2bn", "1200000000", by=UNION, status=FigureStatus.CLAIMED, published="2015-06-01"),
        make_money("paper.txt", "£1,200m", "1200000000", publisher="The Ledger", published="2015-06-02"),
        make_money("premises.txt", "£5m", "5000000", what="premises"),
        make_money("doubtful.txt", "£9m", "9000000", by=LOW, confidence=0.3),
        make_analysis("topical.txt"),
    ]
    for each in (*copies, *others):
        store.writer.write_analysis(each)
    store.writer.group_story("one-story", [each.article.id for each in copies[:2]])
    return store


@pytest.fixture
def client(settings: Settings, filled: Store) -> Iterator[TestClient]:
    with TestClient(create_app(settings, store=filled), base_url=BASE, raise_server_exceptions=False) as found:
        yield found


def _items(client: TestClient, path: str, **params: object) -> list[dict[str, Any]]:
    answer = client.get(f"/v1/figures/{path}", params={k: str(v) for k, v in params.items()})
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def test_rivals_stand_side_by_side_with_voices_stories_dates_and_sentences(client: TestClient) -> None:
    (rivalry,) = _items(client, "rivals")
    assert (rivalry["purpose"], rivalry["unit"], rivalry["family"], rivalry["period"]) == (
        "winter pressures",
        "GBP",
        "sum",
        None,
    )
    less, more = rivalry["amounts"]
    assert (less["text"], less["low"], less["stories"], less["articles"]) == ("£350m", 350000000, 2, 3)
    assert (less["first"], less["last"]) == ("2015-05-01", "2015-05-03")
    assert less["voices"] == [
        {
            "holder": {"id": MINISTER, "name": "Ada Vale"},
            "publisher": None,
            "stories": 2,
            "first": "2015-05-01",
            "last": "2015-05-03",
        }
    ]
    assert {(v["publisher"], (v["holder"] or {}).get("name")) for v in more["voices"]} == {
        ("The Ledger", None),
        (None, "Rob Stone"),
    }
    quoted = next(each for each in more["quoted"] if each["cited_by"])
    assert quoted["sentence"] == "It heard that £1.2bn would go to winter pressures in the county."
    assert quoted["page"] == f"/articles/{quoted['article']}#f1" and quoted["status"] == "claimed"
    assert rivalry["reason"].startswith("2 amounts for “winter pressures” without a period")


def test_place_of_a_quoted_sum_is_on_the_page_of_its_article(client: TestClient) -> None:
    page = _items(client, "rivals")[0]["amounts"][0]["quoted"][0]["page"]
    path, _, anchor = page.partition("#")
    assert f'id="{anchor}"' in client.get(path).text


def test_quoted_are_of_different_stories_first(client: TestClient) -> None:
    less = _items(client, "rivals")[0]["amounts"][0]
    assert [each["published"] for each in less["quoted"]] == ["2015-05-03", "2015-05-02", "2015-05-01"]
    assert [each["story"] == "one-story" for each in less["quoted"]] == [False, True, True]


def test_claims_are_what_more_than_one_article_quotes(client: TestClient) -> None:
    found = _items(client, "claims")
    assert [(c["text"], c["stories"], c["articles"], c["purpose"]) for c in found] == [
        ("£350m", 2, 3, "winter pressures"),
        ("£1.2bn", 2, 2, "winter pressures"),
    ]
    assert _items(client, "claims", purpose="premises") == []


@pytest.mark.parametrize(
    ("params", "count"),
    [
        ({"stakeholder": UNION}, 1),
        ({"stakeholder": "nobody"}, 0),
        ({"purpose": "the pressure"}, 1),
        ({"purpose": "summer"}, 0),
        ({"topic": "pooling"}, 0),
        ({"publisher": "The Ledger"}, 0),
        ({"from": "2015-05-03"}, 1),
        ({"to": "2015-05-31"}, 0),
    ],
)
def test_filters_narrow_rivals(client: TestClient, params: dict[str, str], count: int) -> None:
    assert len(_items(client, "rivals", **params)) == count


def test_doubtful_sum_is_a_rival_when_asked_for(client: TestClient) -> None:
    (rivalry,) = _items(client, "rivals", min_confidence=0)
    assert [claim["text"] for claim in rivalry["amounts"]] == ["£350m", "£1.2bn", "£9m"]


@pytest.mark.parametrize("path", ["rivals", "claims"])
def test_answers_fit_the_document_and_come_in_pages(client: TestClient, path: str) -> None:
    document = client.get("/openapi.json").json()
    answers = document["paths"][f"/v1/figures/{path}"]["get"]["responses"]
    schema = answers["200"]["content"]["application/json"]["schema"]
    body = client.get(f"/v1/figures/{path}").json()
    Draft202012Validator({**schema, "components": document["components"]}).validate(body)
    first = client.get(f"/v1/figures/{path}?limit=1").json()
    rest = client.get(f"/v1/figures/{path}", params={"after": first["next"]}).json()["items"] if first["next"] else []
    assert first["items"] + rest == body["items"]


@pytest.mark.parametrize(
    "query", ["colour=SECRET", "after=SECRET", "from=SECRET", "purpose=", "limit=0", "stance=oppose", "q=-word"]
)
@pytest.mark.parametrize("path", ["rivals", "claims"])
def test_senseless_request_is_a_problem_that_does_not_repeat_it(client: TestClient, path: str, query: str) -> None:
    answer = client.get(f"/v1/figures/{path}?{query}")
    assert answer.status_code == 422 and "SECRET" not in answer.text


@pytest.mark.parametrize("path", ["/v1/figures/rivals", "/v1/figures/claims", "/figures", "/figures.json"])
def test_number_of_statements_does_not_grow_with_what_is_stored(
    client: TestClient, filled: Store, make_money: Make, path: str
) -> None:
    def statements() -> int:
        seen: list[str] = []

        def note(*given: Any) -> None:
            # What the server does beside, such as to look for hooks that wait, has threads of its own.
            if threading.current_thread().name.startswith("AnyIO"):
                seen.append(given[2])

        event.listen(filled._engine, "before_cursor_execute", note)
        assert client.get(path).status_code == 200
        event.remove(filled._engine, "before_cursor_execute", note)
        return len(seen)

    assert statements()
    before = statements()
    for index in range(30):
        sum_ = str(index % 7 + 2)
        filled.writer.write_analysis(
            make_money(
                f"more-{index}.txt", f"£{sum_}m", f"{sum_}000000", what=f"ward {chr(97 + index % 3) * 3}", by=UNION
            )
        )
        filled.writer.write_analysis(
            make_money(f"less-{index}.txt", f"£1{sum_}m", f"1{sum_}000000", what=f"ward {chr(97 + index % 3) * 3}")
        )
    # What is kept while nothing is written is read anew once.
    assert statements() <= before + 2
    assert statements() == before < 12


def test_rivals_command_prints_sums_voices_and_sentences(run: Callable[..., Any], filled: Store) -> None:
    result = run("--data", str(filled.path.parent), "rivals")
    assert result.code == 0
    for part in (
        "winter pressures, no period said",
        "£350m: 2 stories, stated as a fact, 2015-05-01 to 2015-05-03",
        "Ada Vale (2 stories)",
        "the writer, The Ledger (1 story)",
        "“It heard that £350m would go to winter pressures in the county.”",
    ):
        assert part in result.out
    assert "1 of 1 purpose with rival sums" in result.err


def test_rivals_command_narrows_and_speaks_json(run: Callable[..., Any], filled: Store) -> None:
    data = str(filled.path.parent)
    items = run("rivals", "--data", data, "--json", "--purpose", "pressures", "--stakeholder", "Rob Stone").document[
        "items"
    ]
    assert [claim["text"] for claim in items[0]["amounts"]] == ["£350m", "£1.2bn"]
    nothing = run("rivals", "--data", data, "--topic", "pooling")
    assert nothing.code == 0 and nothing.out == "" and "Nobody sets another amount" in nothing.err
    unknown = run("rivals", "--data", data, "--topic", "nope")
    assert unknown.code == 2 and "the topics are" in unknown.err
