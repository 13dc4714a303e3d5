"""Search by words and by meaning: what is a hit, in which order, how it is counted, and that it stays right while
articles come and go."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from sqlalchemy import func, select

from api.store import Filters, Store, engines, postings, ranking, tables
from api.store.catalogue import refreshed
from api.store.columns import ARTICLE, FIGURE, STATEMENT
from api.store.filters import where_articles, where_figures, where_statements
from api.store.masks import allowed
from api.store.passages import PassageKind
from api.store.questions import Answer, Mode, Question
from api.store.ranking import fuse
from api.store.relatives import Include, with_relatives
from api.store.search import Query, matching_passages
from api.store.vectors import RANGE, to_codes, to_vectors
from nlp.errors import NotSetUpError, UsageError
from nlp.records import (
    Analysis,
    Evidence,
    Manner,
    Stakeholder,
    StakeholderKind,
    Stance,
    StanceLabel,
    Strength,
    Tier,
)

Make = Callable[..., Analysis]
WIDTH = 256
#: Words that mean the same to the stand-in for the encoder.
SAME = {"pot": "budget", "purse": "budget", "shared": "single", "joint": "single"}


class Bag:
    """A stand-in for the encoder: texts are near when they share words, or words of the same meaning."""

    def __init__(self, name: str = "bag") -> None:
        self.name, self.read = name, list[str]()

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.read += texts
        found = np.full((len(texts), WIDTH), 1e-3, dtype=np.float32)
        for row, text in enumerate(texts):
            for word in text.lower().replace(".", " ").replace(":", " ").split():
                found[row, sha256(SAME.get(word, word).encode()).digest()[0]] += 1
        # Spread out, as a real encoder's numbers are: none beyond the range that codes can hold.
        found = found @ np.linalg.qr(np.random.default_rng(1).normal(size=(WIDTH, WIDTH)))[0].astype(np.float32)
        found = np.clip(found / np.linalg.norm(found, axis=1, keepdims=True), -RANGE, RANGE)
        return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture
def bag(store: Store) -> Bag:
    """A store that reads meaning with the stand-in."""
    found = Bag()
    store.writer.load_embedder = store.searcher.load_encoder = lambda: found
    return found


def ask(store: Store, query: str, mode: Mode = Mode.HYBRID, filters: Filters | None = None, **more: object) -> Answer:
    question = Question(query=query, mode=mode, filters=filters or Filters(), **more)  # type: ignore[arg-type]
    return store.searcher.search(question)


def texts(answer: Answer) -> list[str]:
    return [hit.statement.text if hit.statement else hit.kind.value for hit in answer.items]


def counts(answer: Answer, facet: str) -> dict[str, int]:
    return {each.value: each.count for each in answer.facets[facet]}


STATEMENTS_ONLY = (PassageKind.STATEMENT,)


@pytest.fixture
def said(store: Store, bag: Bag, make_analysis: Make) -> Store:
    for number, (words, label) in enumerate(
        [
            ("a single budget keeps surgeries open", StanceLabel.SUPPORT),
            ("the shared pot will be spent on wards", StanceLabel.OPPOSE),
            ("roads in the county need repair", StanceLabel.NEUTRAL),
        ]
    ):
        made = make_analysis(
            f"{number}.txt",
            words=words,
            label=label,
            holder=f"person:holder-{number}",
            publisher=f"Paper {number % 2}",
            published=f"201{number}-03-01",
            confidence=0.95 if number else 0.6,
        )
        store.writer.write_analysis(made)
    return store


def test_meaning_finds_what_words_do_not(said: Store) -> None:
    lexical = ask(said, "single budget", Mode.LEXICAL, within=STATEMENTS_ONLY)
    assert texts(lexical) == ["a single budget keeps surgeries open"]
    semantic = ask(said, "joint purse", Mode.SEMANTIC, within=STATEMENTS_ONLY)
    assert set(texts(semantic)[:2]) == {"a single budget keeps surgeries open", "the shared pot will be spent on wards"}
    hybrid = ask(said, "single budget", within=STATEMENTS_ONLY)
    assert texts(hybrid)[0] == "a single budget keeps surgeries open" and hybrid.mode is Mode.HYBRID


def test_holder_and_title_are_words_of_a_statement(said: Store) -> None:
    found = ask(said, "holder budget", Mode.LEXICAL, within=STATEMENTS_ONLY)
    assert texts(found) == ["a single budget keeps surgeries open"]
    assert len(texts(ask(said, "report holder", Mode.LEXICAL, within=STATEMENTS_ONLY))) == 3


def test_acronym_of_a_holder_is_a_word_of_its_statements(store: Store, make_analysis: Make) -> None:
    made = make_analysis(words="roads need repair")
    who = Stakeholder("person:jo-tarn", "Road Menders Union", StakeholderKind.ORGANISATION, ("RMU", "the menders"))
    store.writer.write_analysis(replace(made, stakeholders=(who,)))
    assert len(ask(store, "RMU repair", Mode.LEXICAL, within=STATEMENTS_ONLY).items) == 1


def test_phrases_and_excluded_words_hold_for_meaning_too(said: Store) -> None:
    assert texts(ask(said, '"single budget" pot', Mode.SEMANTIC, within=STATEMENTS_ONLY)) == [
        "a single budget keeps surgeries open"
    ]
    assert "the shared pot will be spent on wards" not in texts(ask(said, "budget -wards", Mode.SEMANTIC))


def test_figures_are_found_by_words_and_by_amount_however_written(said: Store, analysis: Analysis) -> None:
    said.writer.write_analysis(analysis)
    figures = (PassageKind.FIGURE,)
    for query in ("£1m", "£1 million", "1,000,000 pounds"):
        found = ask(said, query, Mode.LEXICAL, within=figures)
        assert {hit.figure.spans[0].text for hit in found.items if hit.figure} == {"£1m"}, query
    assert len(ask(said, "practices", Mode.LEXICAL, within=figures).items) == 5
    assert len(ask(said, "£3.5m practices", Mode.LEXICAL, within=figures).items) == 1


def test_snippet_marks_the_words_and_falls_back_to_the_beginning(said: Store) -> None:
    first = ask(said, "budgets", within=STATEMENTS_ONLY).items[0]
    assert [(piece.text, piece.match) for piece in first.snippet][1] == ("budget", True)
    other = ask(said, "purse", Mode.SEMANTIC, within=STATEMENTS_ONLY).items[0]
    assert other.snippet and not any(piece.match for piece in other.snippet)


def test_total_and_facets_count_all_hits_and_not_the_page(said: Store) -> None:
    question = Question(query="report", mode=Mode.LEXICAL, within=STATEMENTS_ONLY)
    found = said.searcher.search(question, limit=1, names={"pooling": "Pooled budgets"})
    assert (len(found.items), found.total) == (1, 3)
    assert counts(found, "stance") == {"support": 1, "oppose": 1, "neutral": 1}
    assert counts(found, "publisher") == {"Paper 0": 2, "Paper 1": 1}
    assert counts(found, "year") == {"2010": 1, "2011": 1, "2012": 1}
    assert counts(found, "tier") == {"high": 2, "medium": 1}
    assert counts(found, "kind") == {"person": 3} and counts(found, "strength") == {"plain": 3}
    assert [facet.name for facet in found.facets["topic"]] == ["Pooled budgets"]
    assert counts(found, "in") == {"statement": 3}


FACETS = {
    "stakeholder": lambda value: Question(query="report", filters=Filters(stakeholder=(value,))),
    "topic": lambda value: Question(query="report", filters=Filters(topic=(value,))),
    "stance": lambda value: Question(query="report", filters=Filters(stance=(StanceLabel(value),))),
    "publisher": lambda value: Question(query="report", filters=Filters(publisher=(value,))),
    "kind": lambda value: Question(query="report", kind=(StakeholderKind(value),)),
    "strength": lambda value: Question(query="report", strength=(Strength(value),)),
    "year": lambda value: Question(query="report", year=(int(value),)),
    "tier": lambda value: Question(query="report", tier=(Tier(value),)),
    "in": lambda value: Question(query="report", within=(PassageKind(value),)),
}


@pytest.mark.parametrize("facet", FACETS)
def test_count_of_a_facet_is_the_number_of_hits_with_that_filter(said: Store, analysis: Analysis, facet: str) -> None:
    said.writer.write_analysis(replace(analysis, article=replace(analysis.article, title="A report")))
    whole = ask(said, "report", Mode.LEXICAL)
    assert whole.total > 8 and counts(whole, facet)
    for value, count in counts(whole, facet).items():
        question = replace(FACETS[facet](value), mode=Mode.LEXICAL)
        assert said.searcher.search(question).total == count, value


def test_pages_join_up_while_articles_are_added(said: Store, make_analysis: Make) -> None:
    question = Question(query="report", mode=Mode.LEXICAL)
    whole = said.searcher.search(question, limit=100)
    seen, after = [], None
    for number in range(20):
        page = said.searcher.search(question, after=after, limit=2)
        seen += page.items
        said.writer.write_analysis(make_analysis(f"later-{number}.txt"))
        if (after := page.next) is None:
            break
    assert seen == list(whole.items) and len(seen) == 9


def test_later_page_that_is_no_longer_kept_shows_nothing_newer(said: Store, make_analysis: Make) -> None:
    question = Question(query="report", mode=Mode.LEXICAL)
    first = said.searcher.search(question, limit=2)
    said.writer.write_analysis(make_analysis("later.txt"))
    said.searcher._kept.clear()
    rest = said.searcher.search(question, after=first.next, limit=100)
    assert rest.total == first.total and not any(hit.article.source == "later.txt" for hit in rest.items)


def test_a_question_is_ranked_anew_when_something_changed_alone(
    said: Store, make_analysis: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    ranked: list[object] = []
    rank = said.searcher._rank

    def note(*given: Any) -> Any:
        ranked.append(given)
        return rank(*given)

    monkeypatch.setattr(said.searcher, "_rank", note)
    question = Question(query="report", mode=Mode.LEXICAL)
    first = said.searcher.search(question)
    assert said.searcher.search(question) == first and len(ranked) == 1
    said.searcher.search(question, names={"pooling": "Pooled budgets"})
    assert len(ranked) == 2
    said.writer.write_analysis(make_analysis("later.txt", words="one more report"))
    assert said.searcher.search(question).total > first.total and len(ranked) == 3


def test_the_engine_lists_a_word_once_until_something_is_written(
    said: Store, make_analysis: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Query] = []

    def note(query: Query) -> Any:
        asked.append(query)
        return matching_passages(query)

    monkeypatch.setattr(ranking, "matching_passages", note)
    found = [ask(said, query, Mode.LEXICAL).total for query in ("report", "report budget", "report -budget")]
    assert asked == [Query((("report",),)), Query((("budget",),))]
    assert found[0] == found[1] + found[2] and found[1] and found[2]
    said.writer.write_analysis(make_analysis("later.txt", words="one more report"))
    assert ask(said, "report", Mode.LEXICAL).total > found[0] and len(asked) == 3


def test_postings_let_go_of_what_was_asked_for_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postings, "MOST_BYTES", 5)
    masks = {(word,): np.arange(12) % number == 0 for number, word in enumerate("abc", 1)}
    kept = postings.Postings()
    for group in (("a",), ("b",), ("a",), ("c",)):
        if kept.get(group, 12) is None:
            kept.keep(group, masks[group])
    assert kept.get(("b",), 12) is None
    for group in (("a",), ("c",)):
        found = kept.get(group, 12)
        assert found is not None and found.tolist() == masks[group].tolist()


def test_cursor_of_another_question_is_refused(said: Store) -> None:
    cursor = (
        ask(said, "report", Mode.LEXICAL).next
        or said.searcher.search(Question(query="report", mode=Mode.LEXICAL), limit=1).next
    )
    with pytest.raises(UsageError, match="another query"):
        said.searcher.search(Question(query="budget", mode=Mode.LEXICAL), after=cursor)
    with pytest.raises(UsageError, match="no cursor"):
        said.searcher.search(Question(query="report"), after="SECRET")


def test_search_sees_what_was_written_replaced_and_taken_away(said: Store, make_analysis: Make) -> None:
    assert ask(said, "bridge").total == ask(said, "bridge", Mode.SEMANTIC).total
    assert ask(said, "bridge", Mode.LEXICAL).total == 0
    made = make_analysis("new.txt", words="the bridge is closed")
    said.writer.write_analysis(made)
    assert texts(ask(said, "bridge", Mode.LEXICAL, within=STATEMENTS_ONLY)) == ["the bridge is closed"]
    opposed = (replace(made.stances[0], label=StanceLabel.OPPOSE),)
    said.writer.write_analysis(replace(made, stances=opposed))
    assert counts(ask(said, "bridge", Mode.LEXICAL, within=STATEMENTS_ONLY), "stance") == {"oppose": 1}
    said.holdings.withdraw(made.article.id)
    assert ask(said, "bridge", Mode.LEXICAL).total == 0
    assert "the bridge is closed" not in texts(ask(said, "bridge", Mode.SEMANTIC))


def test_stances_of_a_topic_go_with_it(said: Store) -> None:
    from nlp.records import Topic

    said.writer.add_topic(Topic("pooling", "Pooling", "Budgets should be pooled."))
    assert counts(ask(said, "report", Mode.LEXICAL), "stance")
    said.writer.delete_topic("pooling")
    assert counts(ask(said, "report", Mode.LEXICAL), "stance") == {}


def test_vectors_go_with_their_article_and_stay_with_their_words(said: Store, bag: Bag, make_analysis: Make) -> None:
    made = make_analysis("new.txt", words="the bridge is closed")
    said.writer.write_analysis(made)
    read = len(bag.read)
    again = replace(made, stances=())
    assert said.writer.replace_analysis(again, over=made.run)
    said.writer.load_embedder = None
    assert len(bag.read) == read and said.reader.articles_without_vectors() == ()
    before = _count(said, tables.vectors)
    said.holdings.withdraw(made.article.id)
    assert _count(said, tables.vectors) == before - 3 and _count(said, tables.passages) == before - 3


def _count(store: Store, table: object) -> int:
    with engines.reading(store._engine) as connection:
        return int(connection.scalar(select(func.count()).select_from(table)) or 0)  # type: ignore[arg-type]


def test_without_vectors_hybrid_looks_for_words_and_says_so(store: Store, make_analysis: Make) -> None:
    store.writer.write_analysis(make_analysis())
    found = ask(store, "budget")
    assert found.mode is Mode.LEXICAL and found.note and "standpoint index" in found.note and found.items
    with pytest.raises(NotSetUpError, match="mode=lexical"):
        ask(store, "budget", Mode.SEMANTIC)


def test_without_the_encoder_hybrid_looks_for_words_and_says_so(said: Store) -> None:
    def missing() -> Bag:
        raise NotSetUpError("there is no encoder")

    said.searcher.load_encoder = missing
    found = ask(said, "budget")
    assert found.mode is Mode.LEXICAL and found.note and "encoder" in found.note


def test_vectors_of_another_encoder_are_not_mixed_in(said: Store, make_analysis: Make) -> None:
    from api.indexing import index_store

    other = Bag("another")
    said.writer.load_embedder = said.searcher.load_encoder = lambda: other
    said.writer.write_analysis(make_analysis("new.txt"))
    assert len(said.reader.articles_without_vectors()) == 1
    assert ask(said, "budget").mode is Mode.LEXICAL
    report = index_store(said, other)
    assert (report.articles, report.passages, report.forgotten) == (4, 12, 9)
    assert ask(said, "budget").mode is Mode.HYBRID
    assert index_store(said, other).passages == 0


def test_index_goes_on_where_it_was_stopped(store: Store, make_analysis: Make) -> None:
    from api.indexing import index_store

    for number in range(4):
        store.writer.write_analysis(make_analysis(f"{number}.txt"))

    def stop(done: int, total: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        index_store(store, Bag(), progress=stop)
    assert index_store(store, Bag()).articles == 2


def test_codes_keep_vectors_near_and_agree_with_faiss() -> None:
    from api.store.nearest import make_index

    vectors = np.random.default_rng(3).normal(size=(50, 384)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    codes = to_codes(vectors)
    assert (np.sum(to_vectors(codes) * vectors, axis=1) > 0.999).all()
    assert (make_index(384).sa_encode(vectors) == codes).all()


def test_fusion_adds_weighted_places() -> None:
    rows, scores = fuse([(1.0, np.array([5, 7])), (2.0, np.array([7, 9]))], 60)
    assert rows.tolist() == [7, 9, 5]
    assert scores.tolist() == pytest.approx([1 / 62 + 2 / 61, 2 / 62, 1 / 61])


def test_relatives_come_along_when_asked_for(store: Store, analysis: Analysis) -> None:
    store.writer.write_analysis(analysis)
    own = ("ccg:mid-wexshire",)
    assert with_relatives(own, [], store.reader) == own
    assert set(with_relatives(own, [Include.SUCCESSORS], store.reader)) == {*own, "icb:wexshire", "icb:other"}
    found = with_relatives(("public-health-england",), [Include.SUCCESSORS], store.reader)
    assert {"ukhsa", "ohid"} <= set(found)
    assert with_relatives(own, [Include.PARENTS], store.reader)[1] == "nhs-england"


SOME = hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def varied(store: Store, analysis: Analysis, make_analysis: Make) -> Store:
    """Articles that differ in everything that a filter can ask."""
    store.writer.write_analysis(analysis)
    labels, manners = list(StanceLabel), list(Manner)
    for number in range(24):
        made = make_analysis(
            f"{number}.txt",
            holder=f"person:holder-{number % 3}",
            body=f"group:body-{number % 2}" if number % 4 else None,
            topic=("pooling", "capitation")[number % 2],
            label=labels[number % len(labels)],
            manner=manners[number % len(manners)],
            confidence=(0.3, 0.5, 0.9, 0.97)[number % 4],
            publisher=(None, "Paper A", "Paper B")[number % 3],
            published=(None, "2014", "2014-05", f"2015-0{number % 9 + 1}-11")[number % 4],
        )
        if number % 5 == 0:
            second = Stance("person:holder-1", "co-commissioning", StanceLabel.MIXED, Evidence(0.8, "x", "y"))
            made = replace(made, stances=(*made.stances, second), stakeholders=_with_holder(made))
        store.writer.write_analysis(made)
    return store


def _with_holder(made: Analysis) -> tuple[Stakeholder, ...]:
    more = Stakeholder("person:holder-1", "Holder 1", StakeholderKind.PERSON)
    return (*(each for each in made.stakeholders if each.id != more.id), more)


def _several(values: Sequence[object]) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(st.sampled_from(list(values)), max_size=2, unique=True).map(tuple)


FILTERS = st.builds(
    Filters,
    stakeholder=_several(["person:holder-0", "group:body-1", "ccg:mid-wexshire", "nobody"]),
    topic=_several(["pooling", "capitation", "co-commissioning", "none"]),
    stance=_several(list(StanceLabel)),
    manner=_several(list(Manner)),
    publisher=_several(["Paper A", "Wexshire Health News", "none"]),
    since=st.none() | st.sampled_from([date(2014, 5, 20), date(2015, 1, 1)]),
    until=st.none() | st.sampled_from([date(2014, 5, 20), date(2015, 6, 1)]),
    min_confidence=st.sampled_from([0.0, 0.3, 0.5, 0.9]),
)


@SOME
@given(filters=FILTERS)
def test_filters_in_memory_let_through_what_the_database_would(varied: Store, filters: Filters) -> None:
    with engines.reading(varied._engine) as connection:
        catalogue = refreshed(connection, None)
        rows = allowed(catalogue, Question(query="x", filters=filters))
        passages, articles = tables.passages.c, tables.articles.c
        for kind, code, table, where in (
            (PassageKind.STATEMENT, STATEMENT, tables.statements, where_statements),
            (PassageKind.FIGURE, FIGURE, tables.figures, where_figures),
            (PassageKind.ARTICLE, ARTICLE, None, where_articles),
        ):
            if kind is PassageKind.FIGURE and (filters.stance or filters.manner):
                wanted = set()
            else:
                query = select(passages.number).where(passages.kind == kind.value)
                query = query.join_from(tables.passages, tables.articles, articles.id == passages.article_id)
                if table is not None:
                    here = (table.c.article_id == passages.article_id) & (table.c.seq == passages.seq)
                    query = query.join(table, here)
                wanted = set(connection.scalars(query.where(*where(filters))))
            found = catalogue.columns.number[rows & (catalogue.columns.kind == code)]
            assert set(found.tolist()) == wanted, kind


@pytest.mark.parametrize("reload", [False, True])
def test_catalogue_grown_in_parts_is_the_one_read_at_once(varied: Store, make_analysis: Make, reload: bool) -> None:
    with engines.reading(varied._engine) as connection:
        grown = refreshed(connection, None)
    for number in (30, 31):
        varied.writer.write_analysis(make_analysis(f"{number}.txt", holder=f"person:late-{number}"))
    if reload:
        varied.writer.write_analysis(make_analysis("5.txt", holder="person:holder-2", label=StanceLabel.UNCLEAR))
        varied.holdings.withdraw(varied.reader.articles().items[0].article.id)
    with engines.reading(varied._engine) as connection:
        grown, whole = refreshed(connection, grown), refreshed(connection, None)
    question = Question(query="x", filters=Filters(stakeholder=("person:late-30", "person:holder-2")))
    first, second = (catalogue.columns.number[allowed(catalogue, question)].tolist() for catalogue in (grown, whole))
    assert first == second and first


def test_nothing_newer_than_its_state_is_read_twice(varied: Store) -> None:
    with engines.reading(varied._engine) as connection:
        grown = refreshed(connection, None)
        assert refreshed(connection, grown).columns is grown.columns


def test_passages_of_an_older_schema_are_those_of_today(store: Store, analysis: Analysis) -> None:
    store.writer.write_analysis(analysis)
    with engines.writing(store._engine) as connection:
        made = connection.execute(select(tables.passages).order_by(tables.passages.c.number)).all()
        connection.execute(tables.passages.delete())
    from api.store.passages import fill_passages

    with engines.writing(store._engine) as connection:
        fill_passages(connection)
        again = connection.execute(select(tables.passages).order_by(tables.passages.c.number)).all()
    assert [row[1:] for row in again] == [row[1:] for row in made]


def test_server_that_searches_by_meaning_loads_the_encoder_and_no_other_model(
    store: Store, same_place: Any, analysis: Analysis
) -> None:
    import subprocess
    import sys

    from api.indexing import index_store
    from nlp.sentence_encoder import load_encoder

    store.writer.write_analysis(analysis)
    assert index_store(store, load_encoder()).passages == 5
    code = (
        "import sys; from pathlib import Path; from api.settings import Settings; from fastapi.testclient import "
        "TestClient; from api.app import create_app; "
        f"app = create_app(Settings(data=Path({str(same_place.folder)!r}))); "
        "client = TestClient(app, base_url='http://127.0.0.1'); "
        "found = client.get('/v1/search', params={'q': 'shared money'}).json(); "
        "print(found['mode'], len(found['items']), sorted({'spacy', 'torch'} & set(sys.modules)))"
    )
    url = {"STANDPOINT_DATABASE_URL": same_place.url} if same_place.url else {}
    environment = {**os.environ, **url}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["hybrid", "4", "[]"]
