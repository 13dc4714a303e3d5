"""The map over columns says what the map over records says, and keeps in step with what is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from itertools import islice
from typing import Any

import pytest
from sqlalchemy import event, select

from api import seeding
from api.routes.map_bodies import cell_fields, map_document
from api.seeding import synthetic_articles
from api.store import Filters, Store, analyst, engines, narrow, tables
from api.store.analyst import Question
from nlp.cells import Grouping
from nlp.records import Analysis, Manner, Position, Stakeholder, StakeholderKind, StanceLabel, Topic

Make = Callable[..., Analysis]
TOPICS = ("pooling", "capitation", "named-gp")


@pytest.fixture
def seeded(store: Store) -> Store:
    """A store of 600 synthetic statements."""
    store.writer.write_new(list(synthetic_articles(600, TOPICS, seed=3)))
    return store


def bare(position: Position) -> Position:
    return replace(position, rationales=(), statements=(), evidence=())


def cells(store: Store, question: Question) -> dict[tuple[str, str], Position]:
    sheet = store.analyst.sheet(question)
    found = [cell.position for code in sheet.holders for cell in sheet.row(code)]
    return {(each.holder, each.topic): each for each in found}


@pytest.mark.parametrize(
    "filters",
    [
        Filters(min_confidence=0),
        Filters(topic=("pooling",), min_confidence=0),
        Filters(since=date(2015, 1, 1), until=date(2018, 6, 30), min_confidence=0),
        Filters(as_of=date(2017, 2, 3), min_confidence=0),
        Filters(stance=(StanceLabel.OPPOSE, StanceLabel.MIXED)),
        Filters(q="practices -rents"),
        Filters(manner=(Manner.INDIRECT,)),
        Filters(),
    ],
)
def test_map_is_that_of_the_records(store: Store, filters: Filters, monkeypatch: pytest.MonkeyPatch) -> None:
    # Repeats are told over all that is stored by the one and over what passes by the other: without any, both agree.
    monkeypatch.setattr(seeding, "COPIES", 0.0)
    store.writer.write_new(list(synthetic_articles(600, TOPICS, seed=3)))
    expected = {(each.holder, each.topic): bare(each) for each in store.reader.positions(filters)}
    assert cells(store, Question(filters=filters)) == expected
    assert bool(expected) != bool(filters.manner)


def test_repeats_of_all_that_is_stored_are_those_of_the_records(seeded: Store) -> None:
    filters = Filters(min_confidence=0)
    expected = {(each.holder, each.topic): bare(each) for each in seeded.reader.positions(filters)}
    assert cells(seeded, Question(filters=filters)) == expected


def test_what_is_written_is_in_the_next_answer(seeded: Store, make_analysis: Make) -> None:
    question = Question(filters=Filters(min_confidence=0))
    before = cells(seeded, question)
    made = make_analysis(holder="person:new-voice", topic="pooling")
    seeded.writer.write_analysis(made)
    assert set(cells(seeded, question)) - set(before) == {("person:new-voice", "pooling")}
    seeded.writer.write_analysis(replace(made, stances=(replace(made.stances[0], label=StanceLabel.OPPOSE),)))
    assert cells(seeded, question)["person:new-voice", "pooling"].label is StanceLabel.OPPOSE
    seeded.holdings.withdraw(made.article.id)
    assert cells(seeded, question) == before


def test_columns_in_step_are_those_read_anew(seeded: Store, make_analysis: Make) -> None:
    question = Question(filters=Filters(min_confidence=0))
    cells(seeded, question)
    taken = seeded.reader.articles(limit=3).items
    for number in range(20):
        label = StanceLabel.OPPOSE if number % 3 else StanceLabel.CONDITIONAL
        seeded.writer.write_analysis(make_analysis(f"{number}.txt", holder="nils-farrow", label=label))
        if number < 3:
            seeded.holdings.withdraw(taken[number].article.id)
        cells(seeded, question)
    in_step = cells(seeded, question)
    seeded.analyst._narrow._now = None
    seeded.analyst._kept.clear()
    assert cells(seeded, question) == in_step


def test_stories_that_are_joined_count_once_in_the_next_answer(store: Store, make_analysis: Make) -> None:
    words = ("a single budget is the only way to go on", "we have asked for pooled money since the spring came")
    made = [make_analysis(f"{n}.txt", words=each) for n, each in enumerate(words)]
    for each in made:
        store.writer.write_analysis(each)
    assert cells(store, Question())["person:jo-tarn", "pooling"].story_count == 2
    store.writer.group_story("one", [each.article.id for each in made])
    assert cells(store, Question())["person:jo-tarn", "pooling"].story_count == 1


def test_topic_that_is_taken_away_leaves_the_map(store: Store, make_analysis: Make) -> None:
    store.writer.add_topic(Topic("toll", "Toll", "The bridge should have a toll."))
    store.writer.write_analysis(make_analysis(topic="toll"))
    assert cells(store, Question())
    store.writer.delete_topic("toll")
    assert cells(store, Question()) == {}


def test_many_changes_are_read_at_once(seeded: Store, make_analysis: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    cells(seeded, Question())
    monkeypatch.setattr(narrow, "MOST_CHANGES", 1)
    for number in range(3):
        seeded.writer.write_analysis(make_analysis(f"{number}.txt", holder=f"person:late-{number}"))
    assert {f"person:late-{number}" for number in range(3)} <= {holder for holder, _ in cells(seeded, Question())}


@contextmanager
def counted(store: Store) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(connection: Any, cursor: Any, sql: str, *_: Any) -> None:
        asked.append(sql)

    event.listen(store._engine, "before_cursor_execute", note)
    yield asked
    event.remove(store._engine, "before_cursor_execute", note)


CALLS: dict[str, tuple[int, Callable[[Store], object]]] = {
    "sheet": (1, lambda store: store.analyst.sheet(Question(filters=Filters(min_confidence=0.1)))),
    "grouped": (1, lambda store: store.analyst.sheet(Question(group=Grouping.BODY_AND_ITS_OFFICERS))),
    "words": (2, lambda store: store.analyst.sheet(Question(filters=Filters(q="practices")))),
    "positions": (2, lambda store: store.analyst.positions(Question(), range(50))),
    "changes": (1, lambda store: store.analyst.changes(Question())),
    "conditions": (2, lambda store: store.analyst.conditions(Question(filters=Filters(topic=("pooling",))), None, 50)),
    "silent": (1, lambda store: store.analyst.silent(Question(), "pooling")),
}


@pytest.mark.parametrize("name", CALLS)
def test_number_of_sql_statements_does_not_grow(seeded: Store, name: str) -> None:
    most, call = CALLS[name]
    seeded.analyst.sheet(Question())
    with counted(seeded) as asked:
        call(seeded)
    assert len([sql for sql in asked if not sql.startswith("BEGIN")]) <= most


def test_a_warm_store_reads_no_columns_when_it_is_asked(seeded: Store) -> None:
    def reads_columns(statements: list[str]) -> bool:
        return any("FROM observations" in sql for sql in statements)

    with counted(seeded) as before:
        seeded.warm()
    with counted(seeded) as after:
        seeded.analyst.sheet(Question())
        seeded.searcher.warm()
    assert reads_columns(before) and not reads_columns(after)
    assert len([sql for sql in after if not sql.startswith("BEGIN")]) < len(before)


def test_one_write_costs_five_statements_and_no_texts(seeded: Store, make_analysis: Make) -> None:
    seeded.analyst.sheet(Question())
    seeded.writer.write_analysis(make_analysis())
    with counted(seeded) as asked:
        seeded.analyst.sheet(Question())
    read = [sql for sql in asked if not sql.startswith("BEGIN")]
    assert len(read) <= 5 and not any("evidence_spans" in sql or "articles.text" in sql for sql in read)


def test_kinds_and_groups_choose_the_rows(seeded: Store) -> None:
    def kinds(question: Question) -> set[StakeholderKind]:
        sheet = seeded.analyst.sheet(question)
        return {sheet.holder(code).kind for code in sheet.holders}

    bodies = {StakeholderKind.ORGANISATION, StakeholderKind.GROUP}
    assert kinds(Question(kind=(StakeholderKind.GROUP,))) == {StakeholderKind.GROUP}
    assert kinds(Question(group=Grouping.PERSON)) == {StakeholderKind.PERSON}
    assert kinds(Question(group=Grouping.ORGANISATION)) == bodies
    assert kinds(Question(group=Grouping.ORGANISATION, kind=(StakeholderKind.PERSON,))) == set()
    everybody = seeded.analyst.sheet(Question())
    joined = seeded.analyst.sheet(Question(group=Grouping.BODY_AND_ITS_OFFICERS))
    assert 0 < len(joined.holders) < len(everybody.holders)


def test_positions_of_a_list_tell_their_surest_words(seeded: Store) -> None:
    question = Question(filters=Filters(min_confidence=0))
    listed = seeded.analyst.positions(question, range(10))
    full = {(each.holder, each.topic): each for each in seeded.reader.positions(Filters(min_confidence=0))}
    for each in listed:
        whole = full[each.holder, each.topic]
        assert 0 < len(each.statements) <= 5 and set(each.statements) <= set(whole.statements)
        assert each.evidence and bare(each) == bare(whole)


def test_silent_speak_in_the_coverage_and_never_on_the_topic(seeded: Store) -> None:
    found = seeded.analyst.silent(Question(), "named-gp")
    assert found and [each.statements for each in found] == sorted((each.statements for each in found), reverse=True)
    with engines.reading(seeded._engine) as connection:
        columns = tables.stances.c
        said = select(columns.holder, columns.on_behalf_of).where(columns.topic == "named-gp")
        on_it = {id for row in connection.execute(said) for id in row}
    assert not on_it & {each.id for each in found}


def test_conditions_come_newest_first_with_their_words_in_the_sentence(seeded: Store) -> None:
    question = Question(filters=Filters(topic=("pooling",), min_confidence=0))
    page = seeded.analyst.conditions(question, None, 5)
    rest = seeded.analyst.conditions(question, page.next, 200)
    every = [*page.items, *rest.items]
    assert page.next and len(every) == len({(each.article.id, each.stance.statement) for each in every})
    for each in every:
        assert each.stance.condition and each.stance.condition.text in each.sentence
        assert each.stance.label is StanceLabel.CONDITIONAL and each.stance.topic == "pooling"


def test_synthetic_articles_are_the_same_for_the_same_seed_and_hold_as_many_statements_as_asked() -> None:
    first = list(synthetic_articles(97, TOPICS, seed=5))
    assert first == list(synthetic_articles(97, TOPICS, seed=5))
    assert first != list(synthetic_articles(97, TOPICS, seed=6))
    assert sum(len(each.analysis.statements) for each in first) == 97


def test_every_span_of_a_synthetic_article_is_what_its_text_says() -> None:
    for each in islice(synthetic_articles(300, TOPICS, seed=8), 100):
        article = each.analysis.article
        assert all(article.holds(span) for span in each.analysis.spans())
        assert all(span.text for span in each.analysis.spans())


def test_synthetic_coverage_is_skewed_and_has_copies() -> None:
    made = list(synthetic_articles(4000, TOPICS, seed=1))
    holders: dict[str, int] = {}
    for each in made:
        for statement in each.analysis.statements:
            holders[str(statement.holder)] = holders.get(str(statement.holder), 0) + 1
    ranked = sorted(holders.values(), reverse=True)
    assert ranked[0] > 8 * ranked[len(ranked) // 2]
    assert 0.05 < sum(each.story != each.analysis.article.id for each in made) / len(made) < 0.2


def test_positions_of_seeded_articles_are_those_of_the_analyses(store: Store) -> None:
    made = list(synthetic_articles(200, TOPICS, seed=2))
    store.writer.write_new(made)
    stored = {store.reader.article(each.analysis.article.id) for each in made[:5]}
    assert stored == {each.analysis for each in made[:5]}


def test_cells_written_at_once_are_those_of_the_records(seeded: Store) -> None:
    sheet = seeded.analyst.sheet(Question(filters=Filters(min_confidence=0)))
    document = map_document(sheet, sheet.holders, {}, query="?x=1")
    found = {
        (row["stakeholder"]["id"], topic): cell for row in document["rows"] for topic, cell in row["positions"].items()
    }
    records = [cell for code in sheet.holders for cell in sheet.row(code)]
    assert found == {(each.position.holder, each.position.topic): cell_fields(each, "?x=1") for each in records}
    assert len(found) == sheet.size


def test_reader_of_an_older_state_takes_the_newer_columns_and_reads_nothing_anew(
    seeded: Store, make_analysis: Make
) -> None:
    seeded.analyst.sheet(Question())
    with engines.reading(seeded._engine) as earlier:
        earlier.execute(select(tables.observation_state.c.number)).all()
        seeded.writer.write_analysis(make_analysis())
        newest = seeded.analyst.sheet(Question()).snapshot
        assert seeded.analyst._narrow.fresh(earlier) is newest


def test_kept_answers_are_few_enough_and_of_this_state(
    seeded: Store, make_analysis: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = seeded.analyst.sheet(Question())
    assert seeded.analyst.sheet(Question()) is first
    monkeypatch.setattr(analyst, "KEPT", len(first.columns) + 10)
    seeded.analyst.sheet(Question(filters=Filters(min_confidence=0.1)))
    assert len(seeded.analyst._kept) == 1
    seeded.writer.write_analysis(make_analysis())
    seeded.analyst.sheet(Question())
    assert {number for number, _ in seeded.analyst._kept} == {first.snapshot.number + 1}


def test_namesakes_are_told_apart_by_their_bodies(store: Store, make_analysis: Make) -> None:
    made = make_analysis()
    body = Stakeholder("kent-lmc", "Kent LMC", StakeholderKind.ORGANISATION)
    for number, holder in enumerate(("ann-lee", "ann-lee--kent-lmc", "bob-orr--kent-lmc")):
        person = Stakeholder(holder, "Ann Lee" if "ann" in holder else "Bob Orr", StakeholderKind.PERSON)
        each = replace(
            made,
            article=replace(made.article, id=f"article-{number}", source=f"{number}.txt"),
            stakeholders=(person, body),
            mentions=(),
            statements=tuple(replace(s, holder=holder, on_behalf_of=None) for s in made.statements),
            stances=tuple(replace(s, holder=holder, on_behalf_of=None) for s in made.stances),
            figures=(),
        )
        store.writer.write_analysis(each)
    sheet = store.analyst.sheet(Question())
    assert sorted(sheet.title(code) for code in sheet.holders) == ["Ann Lee", "Ann Lee (Kent LMC)", "Bob Orr"]
