"""What is written comes back equal, once, whole or not at all."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from api.store import Filters, Store, Written
from nlp.errors import NotFoundError, StandpointError
from nlp.records import Analysis, Span, Stance, StanceLabel, Statement, Topic

Make = Callable[..., Analysis]
ALL = Filters(min_confidence=0)


def check_text_indexes(store: Store) -> None:
    """Raises when a full-text index and its table have fallen out of step; PostgreSQL computes it from the row."""
    if store.path is None:
        return
    with store._engine.connect() as connection:
        for table in ("articles", "statements"):
            connection.execute(text(f"INSERT INTO {table}_fts({table}_fts, rank) VALUES ('integrity-check', 1)"))
        connection.rollback()


def rows_in(store: Store, table: str) -> int:
    with store._engine.connect() as connection:
        return int(connection.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


def test_article_comes_back_equal_to_what_was_written(store: Store, analysis: Analysis) -> None:
    assert store.writer.write_analysis(analysis) is Written.STORED
    assert store.reader.article(analysis.article.id) == analysis


def test_ids_that_hold_their_article_already_come_back_equal(store: Store, analysis: Analysis) -> None:
    article = analysis.article.id
    statements = tuple(replace(each, id=f"{article}:{each.id}") for each in analysis.statements)
    stances = (replace(analysis.stances[0], statement=f"{article}:s1"), analysis.stances[1])
    given_ids = replace(analysis, statements=statements, stances=stances)
    store.writer.write_analysis(given_ids)
    assert store.reader.article(article) == given_ids
    assert store.reader.statement(f"{article}:s1").statement.id == f"{article}:s1"


def test_links_name_figures_by_their_ids_among_all_articles_in_a_list(store: Store, analysis: Analysis) -> None:
    store.writer.write_analysis(analysis)
    listed = {row.figure.id: row.figure for row in store.reader.figures(ALL).items}
    (link,) = listed[f"{analysis.article.id}:f1"].links
    assert link.figure == f"{analysis.article.id}:f2" and link.figure in listed


def test_same_article_twice_is_one_row_and_no_second_write(store: Store, analysis: Analysis) -> None:
    store.writer.write_analysis(analysis)
    first = store.reader.stored(analysis.article.id)
    assert store.writer.write_analysis(analysis) is Written.UNCHANGED
    assert store.reader.stored(analysis.article.id) == first
    assert store.reader.counts().articles == 1


def test_new_analysis_takes_the_place_of_the_earlier_one(store: Store, analysis: Analysis) -> None:
    store.writer.write_analysis(analysis)
    newer = replace(
        analysis,
        run=replace(analysis.run, digest="d2"),
        stakeholders=analysis.stakeholders[:1],
        mentions=(),
        statements=(replace(analysis.statements[1], id="s1"),),
        stances=(),
        figures=(),
    )
    assert store.writer.write_analysis(newer) is Written.REPLACED
    assert store.reader.article(analysis.article.id) == newer
    counts = store.reader.counts()
    assert (counts.articles, counts.statements, counts.stances, counts.figures) == (1, 1, 0, 0)
    check_text_indexes(store)


def test_replacing_keeps_story_and_date_of_entry(store: Store, analysis: Analysis) -> None:
    store.writer.write_analysis(analysis)
    store.writer.group_story("story-1", [analysis.article.id])
    before = store.reader.stored(analysis.article.id)
    store.writer.write_analysis(replace(analysis, figures=()))
    after = store.reader.stored(analysis.article.id)
    assert before and after
    assert (after.story, after.added) == ("story-1", before.added)


def test_article_is_its_own_story_at_first(store: Store, analysis: Analysis) -> None:
    store.writer.write_analysis(analysis)
    stored = store.reader.stored(analysis.article.id)
    assert stored and stored.story == analysis.article.id


def test_replacing_and_deleting_leave_nothing_unused_behind(store: Store, analysis: Analysis) -> None:
    store.writer.write_analysis(analysis)
    renamed = replace(analysis.stakeholders[0], aliases=("Dr A Merton",))
    newer = replace(analysis, stakeholders=(renamed, *analysis.stakeholders[1:]), run=replace(analysis.run, digest="2"))
    store.writer.write_analysis(newer)
    assert store.reader.stakeholder("person:asha-merton").aliases == ("Dr A Merton",)
    assert rows_in(store, "runs") == 1
    store.holdings.withdraw(analysis.article.id)
    for table in ("articles", "runs", "stakeholders", "profiles", "names", "affiliations", "mentions", "statements"):
        assert rows_in(store, table) == 0, table
    check_text_indexes(store)


def test_deleting_keeps_what_another_article_refers_to(store: Store, make_analysis: Make) -> None:
    gone, stays = make_analysis("gone.txt"), make_analysis("stays.txt")
    store.writer.write_analysis(gone)
    store.writer.write_analysis(stays)
    store.holdings.withdraw(gone.article.id)
    assert store.reader.article(stays.article.id) == stays
    with pytest.raises(NotFoundError):
        store.reader.article(gone.article.id)


def test_deleting_an_unknown_article_says_so(store: Store) -> None:
    with pytest.raises(NotFoundError, match="no such article"):
        store.holdings.withdraw("nowhere")


def test_failure_in_the_middle_of_a_write_leaves_the_earlier_analysis(store: Store, analysis: Analysis) -> None:
    store.writer.write_analysis(analysis)
    broken = replace(analysis.figures[0], unit=None)  # type: ignore[arg-type]
    with pytest.raises(IntegrityError):
        store.writer.write_analysis(replace(analysis, figures=(broken,), statements=analysis.statements))
    assert store.reader.article(analysis.article.id) == analysis
    check_text_indexes(store)


def test_failure_in_the_middle_of_a_first_write_leaves_nothing(store: Store, analysis: Analysis) -> None:
    broken = replace(analysis.figures[0], unit=None)  # type: ignore[arg-type]
    with pytest.raises(IntegrityError):
        store.writer.write_analysis(replace(analysis, figures=(broken,)))
    assert all(rows_in(store, table) == 0 for table in ("articles", "runs", "stakeholders", "statements"))


def contradict(analysis: Analysis, fault: str) -> Analysis:
    statement, stance, person = analysis.statements[0], analysis.stances[0], analysis.stakeholders[0]
    changes: dict[str, dict[str, Any]] = {
        "does not say what the text says": {"statements": (replace(statement, spans=(Span(0, 3, "xyz"),)),)},
        "does not list: nobody": {"statements": (replace(statement, holder="nobody"),)},
        "not there: s9": {"stances": (replace(stance, statement="s9"),)},
        "two statements": {"statements": (statement, statement)},
        "two stakeholders": {"stakeholders": (person, person)},
        "two figures": {"figures": (analysis.figures[0], analysis.figures[0])},
        "half a character": {"article": replace(analysis.article, author="\ud800")},
        "NUL character": {"article": replace(analysis.article, author="a\0b")},
    }
    return replace(analysis, **changes[fault])


@pytest.mark.parametrize(
    "fault",
    [
        "does not say what the text says",
        "does not list: nobody",
        "not there: s9",
        "two statements",
        "two stakeholders",
        "two figures",
        "half a character",
        "NUL character",
    ],
)
def test_analysis_that_contradicts_itself_is_refused(store: Store, analysis: Analysis, fault: str) -> None:
    with pytest.raises(StandpointError, match=fault):
        store.writer.write_analysis(contradict(analysis, fault))
    assert store.reader.counts().articles == 0


def test_eight_writers_at_once_lose_nothing(store: Store, make_analysis: Make) -> None:
    def write(worker: int) -> list[Written]:
        # Every worker writes 40 articles of its own and ten that all of them write.
        own = [make_analysis(f"{worker}-{number}.txt", body="body:wexshire-lmc") for number in range(40)]
        shared = [make_analysis(f"all-{number}.txt", run=f"d{worker}") for number in range(10)]
        return [store.writer.write_analysis(each) for each in (*own, *shared)]

    with ThreadPoolExecutor(8) as pool:
        written = [outcome for outcomes in pool.map(write, range(8)) for outcome in outcomes]
    assert len(written) == 400
    assert written.count(Written.STORED) == 8 * 40 + 10
    counts = store.reader.counts()
    assert (counts.articles, counts.statements, counts.stances, counts.figures) == (330, 330, 330, 330)
    check_text_indexes(store)


def test_readers_see_whole_analyses_while_others_write(store: Store, make_analysis: Make) -> None:
    store.writer.write_analysis(make_analysis("one.txt", run="d0"))
    id = make_analysis("one.txt").article.id

    def write(number: int) -> None:
        store.writer.write_analysis(make_analysis("one.txt", run=f"d{number}"))

    def read(_: int) -> tuple[int, int]:
        found = store.reader.article(id)
        return len(found.statements), len(found.stances)

    with ThreadPoolExecutor(8) as pool:
        writes, reads = pool.map(write, range(40)), pool.map(read, range(80))
        assert list(writes) == [None] * 40
        assert set(reads) == {(1, 1)}


def test_topics_of_users_are_kept_changed_and_deleted(store: Store) -> None:
    topic = Topic("list-size", "List size cap", "Lists are capped.", "Not.", ("a cap",), ("cap it",), ("no cap",))
    store.writer.add_topic(topic)
    store.writer.add_topic(replace(topic, name="Cap on list size"))
    assert store.reader.topics() == (replace(topic, name="Cap on list size"),)
    store.writer.delete_topic("list-size")
    assert store.reader.topics() == ()
    with pytest.raises(NotFoundError):
        store.writer.delete_topic("list-size")


def test_grouping_an_unknown_article_changes_nothing(store: Store, make_analysis: Make) -> None:
    known = make_analysis()
    store.writer.write_analysis(known)
    with pytest.raises(NotFoundError):
        store.writer.group_story("story", [known.article.id, "nowhere"])
    stored = store.reader.stored(known.article.id)
    assert stored and stored.story == known.article.id


def test_officers_without_a_listed_body_are_refused(store: Store, make_analysis: Make) -> None:
    officer = make_analysis()
    speaks = replace(officer.statements[0], on_behalf_of="body:unlisted")
    with pytest.raises(StandpointError, match="does not list: body:unlisted"):
        store.writer.write_analysis(replace(officer, statements=(speaks,)))


WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=40)


# The maker of analyses is a function without state: sharing it between examples is safe.
@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=WORDS, title=WORDS, label=st.sampled_from(StanceLabel), confidence=st.floats(0, 1))
def test_any_text_comes_back_as_it_was(
    shared_store: Store, make_analysis: Make, words: str, title: str, label: StanceLabel, confidence: float
) -> None:
    analysis = make_analysis("any.txt", words=words, label=label, confidence=confidence)
    analysis = replace(analysis, article=replace(analysis.article, title=title, author=words))
    shared_store.writer.write_analysis(analysis)
    assert shared_store.reader.article(analysis.article.id) == analysis


def test_records_of_pages_are_plain_frozen_records(store: Store, analysis: Analysis) -> None:
    store.writer.write_analysis(analysis)
    row = store.reader.stances(ALL).items[0]
    assert type(row.stance) is Stance and type(row.statement) is Statement
    assert row.statement.spans == analysis.statements[0].spans


def test_no_read_modify_write_is_lost_among_writers(store: Store) -> None:
    tally = bench_store().count_with_threads(store._engine, writers=4, times=25)
    assert (tally.kept, tally.lost, tally.errors) == (100, 0, ())


def bench_store() -> Any:
    """The module behind ``make bench-store``: tests and benches are no package."""
    path = Path(__file__).resolve().parents[1] / "bench_store.py"
    spec = importlib.util.spec_from_file_location("bench_store", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["bench_store"] = module
    spec.loader.exec_module(module)
    return module
