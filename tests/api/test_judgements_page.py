"""The pages on which reviewers judge: forms beside what was found, and the list of what was said."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.judging import Given, judge, merge
from api.pages.judge_form import own_address
from api.services import Services
from api.settings import Settings
from api.store import Store
from nlp.judgements import Verdict
from nlp.records import Analysis, StanceLabel

Make = Callable[..., Analysis]
BASE = "http://127.0.0.1:8000"


@pytest.fixture
def told(store: Store, analysis: Analysis, make_analysis: Make) -> Analysis:
    store.writer.write_analysis(make_analysis("two.txt", holder="person:jo-tarn"))
    store.writer.write_analysis(analysis)
    return analysis


@pytest.fixture
def services(settings: Settings, store: Store) -> Services:
    return Services(settings, store=store)


@pytest.fixture
def client(settings: Settings, store: Store, told: Analysis) -> Iterator[TestClient]:
    with TestClient(create_app(settings, store=store), base_url=BASE, follow_redirects=False) as opened:
        yield opened


def send(client: TestClient, target: str, what: str, verdict: str, **more: str) -> Any:
    posted = {"target": target, "what": what, "verdict": verdict, "by": "Ann Orrell", **more}
    return client.post("/judgements", data=posted)


def targets(page: str) -> set[str]:
    return set(re.findall(r'name="target" value="([^"]+)"', page))


def test_an_article_has_a_form_for_every_statement_stance_and_figure(client: TestClient, told: Analysis) -> None:
    id = told.article.id
    page = client.get(f"/articles/{id}").text
    clause = told.stances[1].evidence.spans[0].start
    expected = {f"{id}:{place}" for place in ("s1", "s2", "s1/pooling", f"c{clause}/capitation", "f1", "f2")}
    assert targets(page) == expected
    for target in expected:
        what = "stance" if "/" in target else "figure" if ":f" in target else "holder"
        assert send(client, target, what, "confirm").status_code == 303


def test_the_evidence_of_a_cell_is_judged_where_it_is_shown(client: TestClient, store: Store, told: Analysis) -> None:
    address = "/positions/person:asha-merton/pooling"
    page = client.get(address).text
    assert "in what is marked so below" not in page
    assert "checked by a reviewer" not in client.get("/stakeholders/person:asha-merton").text
    assert targets(page) == {f"{told.article.id}:s1", f"{told.article.id}:s1/pooling"}
    done = send(client, f"{told.article.id}:s1/pooling", "stance", "correct", c_stance="oppose", back=address)
    assert (done.status_code, done.headers["location"]) == (303, address)
    page = client.get(address).text
    assert "Corrected by a reviewer" in page and "Ann Orrell corrected it" in page
    assert "by a reviewer, in what is marked so below" in page
    assert "checked by a reviewer" in client.get("/stakeholders/person:asha-merton").text
    assert store.reader.article(told.article.id).stances[0].label is StanceLabel.OPPOSE
    send(client, f"{told.article.id}:s1/pooling", "stance", "reject", back=address)
    page = client.get(address).text
    assert "Rejected by reviewers (1 quote)" in page and "Who said so" not in page


def test_what_is_wrong_is_said_with_the_form_as_it_was_sent(client: TestClient, store: Store, told: Analysis) -> None:
    target = f"{told.article.id}:f1"
    done = send(client, target, "figure", "correct", c_value="<b>much</b>", note="see p. 2", by="Bo & Co")
    assert done.status_code == 422
    assert "no number" in done.text and "see p. 2" in done.text and "Bo &amp; Co" in done.text
    assert "<b>much" not in done.text and "&lt;b&gt;much" in done.text
    assert "Say who judges" in send(client, target, "figure", "confirm", by=" ").text
    assert store.judging.page().items == ()


def test_forms_of_other_sites_are_refused(client: TestClient, store: Store, told: Analysis) -> None:
    posted = {"target": f"{told.article.id}:s1", "what": "holder", "verdict": "reject", "by": "x"}
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}):
        for address in ("/judgements", "/judgements/x/withdraw", "/stakeholders/bma/merge", "/stakeholders/bma/split"):
            assert client.post(address, data=posted, headers=headers).status_code == 403
    assert store.judging.page().items == ()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("/articles/x#s1", "/articles/x#s1"),
        ("/positions/a/b?min_confidence=0", "/positions/a/b?min_confidence=0"),
        ("//elsewhere.example/articles/", "/judgements"),
        ("https://elsewhere.example", "/judgements"),
        ("/articles/x\r\nSet-Cookie: a=b", "/judgements"),
        ("/judgementsx", "/judgements"),
        ("", "/judgements"),
    ],
)
def test_a_form_leads_back_to_our_own_pages_alone(given: str, kept: str) -> None:
    assert own_address(given) == kept


def test_the_map_says_which_positions_a_reviewer_looked_at(client: TestClient, told: Analysis) -> None:
    assert "checked by a reviewer" not in client.get("/").text.lower()
    send(client, f"{told.article.id}:s1/pooling", "stance", "confirm")
    # Whoever spoke, and the body that was spoken for.
    assert client.get("/").text.lower().count("checked by a reviewer") == 2


def test_the_list_shows_filters_and_withdraws(client: TestClient, store: Store, told: Analysis) -> None:
    send(client, f"{told.article.id}:s1", "holder", "reject", note="He <i>never</i> said so.")
    page = client.get("/judgements").text
    assert "Rejected</strong> by Ann Orrell" in page and "He &lt;i&gt;never" in page
    assert "Show all of them" in client.get("/judgements?verdict=confirm").text
    assert "Show all of them" in client.get("/judgements?state=withdrawn&colour=red").text
    id = store.judging.page().items[0].id
    assert client.post(f"/judgements/{id}/withdraw", data={"by": "Bo Venn"}).status_code == 303
    assert "Withdrawn by Bo Venn" in client.get("/judgements?state=withdrawn").text
    assert client.post(f"/judgements/{id}/withdraw", data={"by": "Bo Venn"}).status_code == 422
    assert client.post("/judgements/none/withdraw", data={"by": "Bo Venn"}).status_code == 404
    assert client.get("/judgements?after=nonsense").status_code == 404


def test_pages_of_the_list_are_whole(client: TestClient, services: Services, told: Analysis) -> None:
    given = Given(target=f"{told.article.id}:s1", verdict=Verdict.CONFIRM, by="Ann Orrell")
    for _ in range(51):
        judge(services, given)
    page = client.get("/judgements").text
    assert page.count("Confirmed</strong>") == 50
    after = re.search(r'rel="next" href="([^"]+)"', page)
    assert after is not None
    assert client.get(f"/judgements{after[1].replace('&amp;', '&')}").text.count("Confirmed</strong>") == 1


def test_orphans_are_announced(client: TestClient, store: Store, told: Analysis) -> None:
    send(client, f"{told.article.id}:s1", "holder", "confirm")
    store.holdings.withdraw(told.article.id)
    assert "1 judgement lost the words" in client.get("/judgements").text
    assert "not stored any more" in client.get("/judgements?state=orphaned").text


def test_a_merged_stakeholder_is_shown_where_it_counts(client: TestClient, services: Services, told: Analysis) -> None:
    done = client.post("/stakeholders/person:jo-tarn/merge", data={"into": "Asha Merton", "by": "Ann Orrell"})
    assert (done.status_code, done.headers["location"]) == (303, "/stakeholders/person%3Aasha-merton")
    moved = client.get("/stakeholders/person:jo-tarn?min_confidence=0")
    assert (moved.status_code, moved.headers["location"]) == (
        307,
        "/stakeholders/person%3Aasha-merton?min_confidence=0",
    )
    moved = client.get("/positions/person:jo-tarn/pooling")
    assert moved.headers["location"] == "/positions/person%3Aasha-merton/pooling"
    assert client.get(moved.headers["location"]).text.count('class="quote ') == 2
    wrong = client.post("/stakeholders/person:asha-merton/merge", data={"into": "nobody", "by": "Ann Orrell"})
    assert wrong.status_code == 422 and "no stakeholder of this name" in wrong.text


def test_a_stakeholder_is_split_by_articles(client: TestClient, store: Store, told: Analysis) -> None:
    posted = {"articles": told.article.id, "name": "A. Merton (Kent)", "by": "Ann Orrell"}
    done = client.post("/stakeholders/person:asha-merton/split", data=posted)
    assert done.status_code == 303
    assert "A. Merton (Kent)" in client.get(done.headers["location"]).text
    assert client.post("/stakeholders/person:jo-tarn/split", data={"by": "Ann Orrell"}).status_code == 422


def test_about_tells_what_judgements_show_only_where_there_are_some(client: TestClient, told: Analysis) -> None:
    assert "By what reviewers judged here" not in client.get("/about").text
    send(client, f"{told.article.id}:s1", "holder", "confirm")
    page = client.get("/about").text
    assert "By what reviewers judged here" in page and "1.00 (0.21–1.00) of 1" in page and "look at what is odd" in page


def test_the_page_of_a_merge_says_what_was_said(client: TestClient, services: Services, told: Analysis) -> None:
    merge(services, "person:jo-tarn", "person:asha-merton", by="Ann Orrell", note="Married name.")
    page = client.get("/judgements?kind=merge").text
    assert "person:jo-tarn is person:asha-merton" in page and "Married name." in page


def test_the_list_is_exported_as_it_is_filtered(client: TestClient, services: Services, told: Analysis) -> None:
    for place, verdict in (("s1", Verdict.CONFIRM), ("f1", Verdict.REJECT)):
        given = Given(target=f"{told.article.id}:{place}", verdict=verdict, by="Ann Orrell")
        judge(services, given)
    page = client.get("/judgements?verdict=reject").text
    assert "/judgements.csv?verdict=reject" in page and "/judgements.json?verdict=reject" in page
    (row,) = client.get("/judgements.json?verdict=reject").json()["judgements"]
    assert (row["kind"], row["by"], row["words"]) == ("figure", "Ann Orrell", told.figures[0].spans[0].text)
    assert len(client.get("/judgements.csv").text.splitlines()) == 3
