"""Withdrawals, licences and purges on both engines: what is gone is gone, and what may not be shown is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from api.analysing import Loaded
from api.contained import ContainedReader
from api.ingest import Wanted, ingest
from api.pools import OwnPool
from api.store import Filters, Store, audit, engines, tables
from api.store.licences import shown_of, today
from api.store.questions import Mode, Question
from api.store.verifying import extent
from nlp.errors import ExpiredError, NotFoundError, WithdrawnError
from nlp.readers import Reading
from nlp.records import Analysis, Article, Licence

Make = Callable[..., Analysis]
PAST = date(2020, 1, 31)


def licensed(made: Analysis, licence: Licence | None, expires: date | None = None) -> Analysis:
    return replace(made, article=replace(made.article, licence=licence, expires=expires))


def actions(store: Store) -> list[str]:
    with engines.reading(store.engine) as connection:
        return [row.action for row in audit.rows(connection)]


def found(store: Store, query: str) -> list[str]:
    answer = store.searcher.search(Question(query=query, mode=Mode.LEXICAL))
    return ["".join(part.text for part in item.snippet) for item in answer.items]


def test_withdrawn_article_is_gone_and_says_when_and_why(store: Store, analysis: Analysis) -> None:
    store.writer.write_analysis(analysis)
    store.holdings.withdraw(analysis.article.id, reason="the publisher asked for it", actor="key-1")
    assert store.reader.counts().articles == 0
    assert found(store, "budget") == []
    assert store.analyst.names() == {}
    with pytest.raises(WithdrawnError, match=f"withdrawn on {today()}: the publisher asked for it"):
        store.reader.shown(analysis.article.id)
    with pytest.raises(WithdrawnError):
        store.holdings.withdraw(analysis.article.id)
    with pytest.raises(NotFoundError, match="no such article"):
        store.holdings.withdraw("never-there")
    assert actions(store) == ["article.withdrawn"]
    assert list(store.faults()) == []


def test_withdrawn_article_comes_back_only_when_forced_or_readmitted(store: Store, make_analysis: Make) -> None:
    made, other = make_analysis(), make_analysis("two.txt")
    for each in (made, other):
        store.writer.write_analysis(each)
        store.holdings.withdraw(each.article.id, reason="wrong")
        with pytest.raises(WithdrawnError, match="wrong"):
            store.writer.write_analysis(each)
    store.writer.write_analysis(made, forced=True)
    store.holdings.readmit(other.article.id)
    store.writer.write_analysis(other)
    assert store.reader.counts().articles == 2
    assert actions(store).count("article.readmitted") == 2
    with pytest.raises(NotFoundError):
        store.holdings.readmit(made.article.id)


def test_ingest_skips_what_was_withdrawn_with_the_reason_before_it_is_analysed(
    store: Store, make_analysis: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_analysis()
    asked: list[str] = []

    def analyse(article: Article) -> Analysis:
        asked.append(article.id)
        return made

    monkeypatch.setattr(ContainedReader, "read", lambda *_, **__: Reading(format="text", articles=(made.article,)))

    def again(forced: bool) -> tuple[int, list[str]]:
        wanted = Wanted(forced=forced, retry=True)
        report = ingest([file], store, OwnPool(Loaded(analyse, made.run.digest)), wanted=wanted)
        return report.exit_code, [skipped.reason for skipped in report.skipped]

    file = tmp_path / "one.txt"
    file.write_text("text")
    assert again(forced=False) == (0, [])
    store.holdings.withdraw(made.article.id, reason="it was wrong")
    code, reasons = again(forced=False)
    assert code == 3
    assert len(asked) == 1
    assert "it was wrong" in reasons[0]
    assert again(forced=True) == (0, [])


def test_source_that_its_publisher_takes_back_is_refused_before_and_after(store: Store, make_analysis: Make) -> None:
    made = make_analysis("urn:paper:1")
    changed = make_analysis("urn:paper:1", words="the plan was changed since")
    store.writer.write_analysis(made)
    assert store.holdings.withdraw_source("urn:paper:1", reason="corrected") == (made.article.id,)
    assert store.holdings.withdraw_source("urn:paper:2") == ()
    for each in (made, changed, make_analysis("urn:paper:2")):
        with pytest.raises(WithdrawnError):
            store.writer.write_analysis(each)
    store.holdings.readmit("urn:paper:1")
    store.writer.write_analysis(changed)
    assert actions(store) == ["article.withdrawn", "source.withdrawn", "source.withdrawn", "article.readmitted"]


@pytest.mark.parametrize(
    ("licence", "expires", "shown"),
    [
        (None, None, Licence.FULL_TEXT),
        (Licence.QUOTES_ONLY, None, Licence.QUOTES_ONLY),
        (Licence.LINKS_ONLY, None, Licence.LINKS_ONLY),
        (None, date(2026, 5, 1), Licence.FULL_TEXT),
        (None, date(2026, 4, 30), Licence.LINKS_ONLY),
        (Licence.QUOTES_ONLY, date(2026, 4, 30), Licence.QUOTES_ONLY),
        (Licence.LINKS_ONLY, date(2026, 4, 30), Licence.LINKS_ONLY),
    ],
)
def test_what_may_be_shown_on_the_last_day_and_behind_it(
    licence: Licence | None, expires: date | None, shown: Licence
) -> None:
    assert shown_of(licence, expires, on=date(2026, 5, 1)) is shown


def test_quotes_only_keeps_the_words_that_prove_and_nothing_around_them(store: Store, analysis: Analysis) -> None:
    store.writer.write_analysis(licensed(analysis, Licence.QUOTES_ONLY))
    shown = store.reader.shown(analysis.article.id)
    assert shown.analysis.article.text == ""
    assert shown.analysis.statements == analysis.statements
    assert store.reader.articles_by_id([analysis.article.id])[analysis.article.id].text == ""
    (row,) = store.reader.stances(Filters(topic=("pooling",), min_confidence=0)).items
    assert row.statement and row.statement.text == analysis.statements[0].text
    assert not any("Sign in" in words or "Dr Asha" in words for words in found(store, "merton"))
    assert found(store, "blame") != []


def test_links_only_shows_who_stands_where_and_no_words(store: Store, analysis: Analysis) -> None:
    store.writer.write_analysis(licensed(analysis, Licence.LINKS_ONLY))
    plain = [(each.holder, each.topic, each.label) for each in store.reader.positions()]
    assert plain
    for position in store.reader.positions():
        assert position.rationales == () and all(not span.text for span in position.evidence)
    for row in store.reader.stances(Filters(min_confidence=0)).items:
        assert row.stance.evidence.spans == () and not (row.statement and row.statement.text.strip())
    for said in store.reader.statements(Filters(min_confidence=0)).items:
        assert said.statement.text == "" and said.statement.evidence.spans == ()
    assert set(found(store, "blame")) <= {""}
    # What it works on is the whole article: nothing is lost by a licence that may change.
    assert store.reader.article(analysis.article.id).statements == analysis.statements
    store.holdings.license([analysis.article.id], licence=None, expires=None)
    assert store.reader.shown(analysis.article.id).analysis.article.text == analysis.article.text


def test_licence_is_set_by_article_or_publisher_and_outlives_a_new_analysis(store: Store, make_analysis: Make) -> None:
    made, other = make_analysis(), make_analysis("two.txt", publisher="Another")
    for each in (made, other):
        store.writer.write_analysis(each)
    last = today() + timedelta(days=9)
    assert store.holdings.license(publisher="Another", licence=Licence.QUOTES_ONLY, expires=last) == 1
    with pytest.raises(NotFoundError):
        store.holdings.license([made.article.id, "none"], licence=Licence.LINKS_ONLY, expires=None)
    store.writer.write_analysis(make_analysis("two.txt", publisher="Another", run="d2"))
    kept = store.reader.stored(other.article.id)
    assert kept and (kept.article.licence, kept.article.expires) == (Licence.QUOTES_ONLY, last)
    first = store.reader.stored(made.article.id)
    assert first and first.article.licence is None


@pytest.mark.parametrize("licence", [None, Licence.QUOTES_ONLY, Licence.LINKS_ONLY])
def test_purge_takes_every_word_away_but_quotes_that_may_stay(
    store: Store, analysis: Analysis, make_analysis: Make, licence: Licence | None
) -> None:
    store.writer.write_analysis(licensed(analysis, licence, PAST))
    kept = make_analysis("kept.txt")
    store.writer.write_analysis(kept)
    before = [(each.holder, each.topic, each.label, each.story_count) for each in store.reader.positions()]
    assert store.holdings.expired(on=PAST) == ()
    assert store.holdings.purge(on=today()) == 1
    assert store.holdings.purge(on=today()) == 0
    after = [(each.holder, each.topic, each.label, each.story_count) for each in store.reader.positions()]
    assert after == before
    quotes = licence is Licence.QUOTES_ONLY
    assert bool(words_in(store, analysis.article.id, "blame game")) is quotes
    assert (
        words_in(store, analysis.article.id, "Sign in") == words_in(store, analysis.article.id, "idea in 2013,") == []
    )
    # The title is part of the citation, and still finds the article; a word of the text does not.
    assert found(store, "pooled") != []
    assert found(store, "she") == []
    assert list(store.faults()) == []
    assert extent(store.engine).purged == 1
    shown = store.reader.shown(analysis.article.id)
    article = shown.analysis.article
    assert (article.title, article.publisher, article.url) == (
        analysis.article.title,
        analysis.article.publisher,
        analysis.article.url,
    )
    assert shown.purged and article.text == ""
    assert "text.purged" in actions(store)
    assert store.reader.stored(kept.article.id)


def words_in(store: Store, article: str, words: str) -> list[str]:
    """The tables in which a row of an article, or of what search reads, holds some words."""
    holding = []
    with engines.reading(store.engine) as connection:
        for table in tables.metadata.sorted_tables:
            key = table.c.get("article_id") if table.name != "articles" else table.c.id
            if key is None:
                continue
            for row in connection.execute(select(table).where(key == article)):
                if any(words in str(value) for value in row):
                    holding.append(table.name)
    return holding


def test_purged_text_does_not_come_back(store: Store, analysis: Analysis) -> None:
    store.writer.write_analysis(licensed(analysis, None, PAST))
    store.holdings.purge(on=today())
    for again in (analysis, licensed(analysis, None, PAST), replace(analysis, run=replace(analysis.run, digest="d9"))):
        with pytest.raises(ExpiredError, match="purged"):
            store.writer.write_analysis(again, forced=True)
        with pytest.raises(ExpiredError):
            store.holdings.refuse(again.article)
    assert not store.writer.replace_analysis(analysis, over=analysis.run)
    assert store.reader.article_runs() == ()
    assert store.holdings.purged_articles() == {analysis.article.id}


def test_purge_leaves_vectors_of_nothing_that_is_gone(store: Store, analysis: Analysis) -> None:
    import numpy as np

    class Embedder:
        name = "stand-in"

        def encode(self, texts: list[str]) -> np.ndarray:
            return np.full((len(texts), 384), 384**-0.5, np.float32)

    store.writer.load_embedder = Embedder  # type: ignore[assignment]
    store.writer.write_analysis(licensed(analysis, None, PAST))
    store.holdings.purge(on=today())
    with engines.reading(store.engine) as connection:
        assert connection.scalar(select(func.count()).select_from(tables.vectors)) == 0


def test_purged_text_is_not_left_in_the_file(store: Store, analysis: Analysis) -> None:
    if store.path is None:
        pytest.skip("PostgreSQL reuses the room when it cleans up")
    mark = "Quibblethorpe and Vanderhaven"
    long = f"{analysis.article.text}\n\n" + f"{mark} met again, at some length. " * 400
    article = replace(analysis.article, text=long, expires=PAST, licence=None)
    store.writer.write_analysis(replace(analysis, article=article))
    store.holdings.purge(on=today())
    beside = [path for path in store.path.parent.iterdir() if path.name.startswith(store.path.name)]
    assert [path.name for path in beside if mark.encode() in path.read_bytes()] == []
