"""Withdrawals, licences and copies as the API, the pages and the commands tell them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.keys import Scope, make_key
from api.purging import Purger
from api.services import Services
from api.settings import Settings
from api.store import Store
from nlp.records import Analysis, Block, BlockKind, Licence, PartialDate, Span

Make = Callable[..., Analysis]


@pytest.fixture
def client(settings: Settings, store: Store) -> Iterator[TestClient]:
    with TestClient(create_app(settings, store=store), base_url="http://127.0.0.1:8000") as opened:
        yield opened


def licensed(made: Analysis, licence: Licence | None, expires: date | None = None) -> Analysis:
    return replace(made, article=replace(made.article, licence=licence, expires=expires))


def copy_of(made: Analysis, source: str, publisher: str, day: str) -> Analysis:
    """The same with so many words behind it that it is told to be a copy."""
    more = " ".join(f"Line {n} of the report was about ward {n} alone." for n in range(12))
    text = f"{made.article.text}\n\n{more}"
    end = len(made.article.text)
    blocks = (Block(BlockKind.PARAGRAPH, 0, end), Block(BlockKind.PARAGRAPH, end + 2, len(text)))
    article = replace(
        made.article,
        id=made.article.identify(source, text),
        source=source,
        text=text,
        publisher=publisher,
        published=PartialDate.parse(day),
        blocks=blocks,
        title=f"Report in {publisher}",
    )
    return replace(made, article=article)


def test_withdrawal_by_api_is_a_tombstone_with_when_and_why(
    client: TestClient, store: Store, analysis: Analysis
) -> None:
    store.writer.write_analysis(analysis)
    path = f"/v1/articles/{analysis.article.id}"
    assert client.delete(path, params={"colour": "red"}).status_code == 422
    assert client.delete(path, params={"reason": "it was wrong"}).status_code == 204
    for answer in (client.get(path), client.delete(path)):
        assert answer.status_code == 410
        assert "withdrawn on 20" in answer.json()["detail"]
        assert "it was wrong" in answer.json()["detail"]
    page = client.get(f"/articles/{analysis.article.id}")
    assert page.status_code == 410
    assert "it was wrong" in page.text
    assert client.get("/v1/articles/never").status_code == client.delete("/v1/articles/never").status_code == 404
    assert client.get("/v1/articles").json()["items"] == []
    assert store.reader.positions() == ()


def test_withdrawal_needs_the_scope_ingest_and_names_the_key(
    settings: Settings, store: Store, analysis: Analysis
) -> None:
    store.writer.write_analysis(analysis)
    read, ingest = (make_key(store.access, scope, [scope]) for scope in (Scope.READ, Scope.INGEST))
    open_to_all = settings.model_copy(update={"host": "0.0.0.0"})
    with TestClient(create_app(open_to_all, store=store)) as client:
        path = f"/v1/articles/{analysis.article.id}"
        assert client.delete(path, headers={"Authorization": f"Bearer {read.token}"}).status_code == 403
        assert client.delete(path, headers={"Authorization": f"Bearer {ingest.token}"}).status_code == 204
    from api.store import audit, engines

    with engines.reading(store.engine) as connection:
        (row,) = [row for row in audit.rows(connection) if row.action == "article.withdrawn"]
    assert row.actor == ingest.id


def test_quotes_only_shows_the_quote_and_links_only_neither(
    client: TestClient, store: Store, analysis: Analysis
) -> None:
    store.writer.write_analysis(licensed(analysis, Licence.QUOTES_ONLY))
    path, quoted, around = f"/v1/articles/{analysis.article.id}", "would end the blame game", "she added"
    holder = "/positions/person:asha-merton/pooling"
    addresses = [path, f"/articles/{analysis.article.id}", holder, f"{holder}/quotes.csv", "/v1/statements"]
    addresses += [
        "/search?q=blame",
        "/v1/search?q=blame&mode=lexical",
        "/v1/positions",
        f"/v1{holder}",
        "/v1/conditions?topic=pooling",
    ]
    addresses += ["/stakeholders/person:asha-merton", "/topics/pooling", "/figures", "/figures.csv", "/v1/figures"]
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert around not in answer.text, address
    for address in (path, holder, f"{holder}/quotes.csv", "/v1/statements", f"/v1{holder}"):
        assert quoted in client.get(address).text, address
    body = client.get(path).json()
    assert (body["text"], body["blocks"], body["article"]["shown"]) == ("", [], "quotes only")
    assert "Its licence allows quotes only" in client.get(f"/articles/{analysis.article.id}").text
    store.holdings.license([analysis.article.id], licence=Licence.LINKS_ONLY, expires=None)
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert quoted not in answer.text and "blame game" not in answer.text, address
    # The citation stays: the title is no part of the text.
    assert "GPs’ budgets" in client.get(holder).text


def test_copies_are_shown_beside_an_article_and_evidence_collapses_them(
    client: TestClient, store: Store, make_analysis: Make
) -> None:
    made = make_analysis()
    papers = [("a.txt", "Fenmoor Echo", "2014-05-20"), ("b.txt", "Ashwick News", "2014-05-21")]
    first, second = (copy_of(made, *each) for each in papers)
    other = make_analysis("c.txt", words="pooling is what the county needs", published="2014-05-22")
    for each in (first, second, other):
        store.writer.write_analysis(each)
    body = client.get(f"/v1/articles/{first.article.id}").json()
    assert [copy["publisher"] for copy in body["copies"]] == ["Ashwick News"]
    assert body["copy_count"] == 1
    assert body["article"]["story"] == body["copies"][0]["story"] == min(first.article.id, second.article.id)
    page = client.get(f"/articles/{first.article.id}").text
    assert "Also in" in page and "Report in Ashwick News" in page
    quotes = client.get("/positions/person:jo-tarn/pooling").text
    assert quotes.count("<blockquote>") == 2
    assert "Also in" in quotes and f'href="/articles/{first.article.id}#text">Fenmoor Echo</a>' in quotes
    # With the newest copy filtered out, the other one is what shows the position.
    only = client.get("/positions/person:jo-tarn/pooling", params={"publisher": "Fenmoor Echo"}).text
    assert only.count("<blockquote>") == 1
    assert "Report in Fenmoor Echo" in only


def test_server_purges_what_has_expired_when_it_starts(settings: Settings, store: Store, analysis: Analysis) -> None:
    store.writer.write_analysis(licensed(analysis, None, date(2020, 1, 1)))
    with TestClient(create_app(settings, store=store), base_url="http://127.0.0.1:8000") as client:
        assert store.holdings.purged_articles() == {analysis.article.id}
        page = client.get(f"/articles/{analysis.article.id}").text
        assert "Its text was taken away on" in page
        assert analysis.article.title and "should be pooled" in page


def test_purger_waits_for_a_database_that_is_not_there(settings: Settings) -> None:
    with Services(settings) as services:
        purger = Purger(services)
        purger.start()
        purger.stop()
    assert not settings.data.exists()


def test_commands_withdraw_license_purge_and_regroup(
    store: Store, data: list[str], run: Callable[..., Any], analysis: Analysis, make_analysis: Make
) -> None:
    made = make_analysis()
    for each in (analysis, made):
        store.writer.write_analysis(each)
    id = made.article.id
    assert run("withdraw", id, "--reason", "wrong", "--json", *data).document["withdrawn"] == [id]
    again = run("withdraw", id, *data)
    assert again.code == 2 and "wrong" in again.err
    assert run("withdraw", id, "--undo", *data).code == 0
    assert "refused" in run("withdraw", "c.txt", "--source", *data).out
    for wrong in (["licence"], ["licence", id, "--publisher", "x"], ["licence", analysis.article.id, "--show", "all"]):
        assert run(*wrong, *data).code == 2
    assert run("licence", analysis.article.id, "--expires", "May", *data).code == 2
    assert run("licence", "none", "--show", "links only", *data).code == 2
    told = run("licence", analysis.article.id, "--show", "quotes only", "--expires", "2020-01-01", *data)
    assert told.out.strip() == "1 article: quotes only until 2020-01-01"
    assert run("purge", "--dry-run", "--json", *data).document["expired"] == [analysis.article.id]
    assert run("purge", "--json", *data).document == {"expired": 1, "purged": 1}
    assert run("regroup", "--json", *data).document["now"] == 1
    assert "the text was purged" in run("verify", *data).err
    assert run("reanalyse", "--article", analysis.article.id, "--dry-run", *data).code == 3


def test_doctor_says_when_stories_wait_to_be_told(
    store: Store, data: list[str], run: Callable[..., Any], analysis: Analysis
) -> None:
    from api.store import engines
    from api.store.holding_tables import story_members

    store.writer.write_analysis(analysis)

    def told() -> str:
        checks = run("doctor", "--json", *data).document["checks"]
        return str(next(check for check in checks if check["name"] == "database"))

    assert "regroup" not in told()
    with engines.writing(store.engine) as connection:
        connection.execute(story_members.delete())
    assert "for the stories of 1 articles run standpoint regroup once" in told()


def test_spans_under_no_licence_have_no_length() -> None:
    from api.store.licences import NO_WORDS

    assert Span(0, 0, "") == NO_WORDS
