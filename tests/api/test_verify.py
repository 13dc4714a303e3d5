"""``standpoint verify``: every kind of damage is told with its place, and a sound database passes."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from api.store import Store, engines
from api.store.bulk import Fresh
from api.store.verifying import Fault
from nlp.records import Analysis

Make = Callable[..., Analysis]
Run = Callable[..., Any]


@pytest.fixture
def filled(store: Store, analysis: Analysis, make_analysis: Make) -> Store:
    store.writer.write_analysis(analysis)
    for number in range(3):
        store.writer.write_analysis(make_analysis(f"{number}.txt", words=f"the pot is shared by {number} towns"))
    store.writer.record("export.made", "map.csv")
    return store


def damage(store: Store, *statements: str) -> list[Fault]:
    with engines.writing(store.engine) as connection:
        for statement in statements:
            connection.execute(text(statement))
    return list(store.faults())


def spans_of(found: list[Fault]) -> list[Fault]:
    """What search reads is of the same words as spans are: it mostly suffers with them."""
    return [fault for fault in found if fault.check not in ("passages", "index")]


@pytest.fixture
def in_file(filled: Store) -> Store:
    if filled.path is None:
        pytest.skip("PostgreSQL lets no such fault come about")
    return filled


def test_a_sound_database_has_no_fault(filled: Store) -> None:
    assert list(filled.faults()) == []


def test_an_empty_database_has_no_fault(store: Store) -> None:
    assert list(store.faults()) == []


@pytest.mark.parametrize(
    ("statement", "table"),
    [
        ("""UPDATE statements SET spans = '[[0,3,"xyz"]]', text = 'xyz' WHERE seq = 0""", "statements"),
        ("""UPDATE statements SET cue = '[0,3,"xyz"]' WHERE cue IS NOT NULL""", "statements"),
        ("""UPDATE statements SET repeats = '[[0,3,"xyz"]]' WHERE seq = 1""", "statements"),
        ("UPDATE statements SET text = 'other words' WHERE seq = 1", "statements"),
        ("""UPDATE mentions SET span = '[1,4,"xyz"]' WHERE seq = 2""", "mentions"),
        ("""UPDATE stances SET condition = '[1,4,"xyz"]' WHERE condition IS NOT NULL""", "stances"),
        ("""UPDATE stances SET rationales = '[[1,4,"xyz"]]' WHERE seq = 1""", "stances"),
        ("""UPDATE figures SET what = '[1,4,"xyz"]' WHERE what IS NOT NULL""", "figures"),
        ("""UPDATE figures SET evidence_spans = '[[1,4,"xyz"]]' WHERE seq = 1""", "figures"),
        ("""UPDATE articles SET blocks = '[["paragraph",0,99999]]' WHERE author IS NOT NULL""", "article"),
        ("""UPDATE articles SET issues = '[["open","x",[0,3,"xyz"]]]' WHERE author IS NULL""", "article"),
    ],
)
def test_a_span_that_does_not_say_what_the_text_says_is_told_with_its_place(
    filled: Store, statement: str, table: str
) -> None:
    found = spans_of(damage(filled, statement))
    assert found and {fault.check for fault in found} == {"spans"}
    assert all(fault.where.startswith(table) and "reanalyse" in fault.do for fault in found)


def test_a_text_that_was_changed_shows_in_its_spans(filled: Store, analysis: Analysis) -> None:
    found = spans_of(damage(filled, f"UPDATE articles SET text = 'x' || text WHERE id = '{analysis.article.id}'"))
    assert {fault.check for fault in found} == {"spans"} and len(found) > 5
    assert all(analysis.article.id in fault.where for fault in found)


def test_an_index_without_a_row_and_with_one_too_many_is_told(in_file: Store) -> None:
    missing = "INSERT INTO statements_fts(statements_fts, rowid, text) SELECT 'delete', number, text FROM statements"
    (found,) = damage(in_file, f"{missing} WHERE number = 2")
    assert found.check == "index" and "row 2 of statements is not in the index" in found.what
    assert found.where == "statements_fts" and "rebuild" in found.do
    back = "INSERT INTO statements_fts(statements_fts) VALUES ('rebuild')"
    more = "INSERT INTO articles_fts(rowid, title, text) VALUES (99, 'a', 'b')"
    (found,) = damage(in_file, back, more)
    assert "holds row 99, which articles has not" in found.what and found.where == "articles_fts"
    assert damage(in_file, "INSERT INTO articles_fts(articles_fts) VALUES ('rebuild')") == []


def test_an_index_with_other_words_is_told_with_the_row(in_file: Store) -> None:
    found = damage(
        in_file,
        "DROP TRIGGER articles_fts_update",
        "UPDATE articles SET title = 'Quite another headline' WHERE number = 3",
    )
    found = [fault for fault in found if fault.check == "index"]
    assert [(fault.check, fault.where) for fault in found] == [("index", "articles_fts")]
    assert "other words for row 3" in found[0].what


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE passages SET about = 'nobody' WHERE number = 2",
        "UPDATE passages SET title = title || 'x' WHERE number = 2",
        "UPDATE passages SET text = 'other words' WHERE number = 2",
        "DELETE FROM passages WHERE number = 2",
        "INSERT INTO passages (kind, article_id, seq, about, title, text) "
        "SELECT kind, article_id, 99, about, title, text FROM passages WHERE number = 2",
    ],
)
def test_a_passage_that_is_not_what_it_is_made_of_is_told(filled: Store, statement: str) -> None:
    found = [fault for fault in damage(filled, statement) if fault.check == "passages"]
    assert len(found) == 1 and found[0].where.startswith("article ") and "reanalyse" in found[0].do


def test_an_index_of_passages_without_a_row_is_told(filled: Store) -> None:
    (found,) = damage(filled, "DELETE FROM passages_fts WHERE rowid = 2")
    assert (found.check, found.where) == ("index", "passages_fts")
    assert "row 2 of passages is not in the index" in found.what and found.do


@pytest.mark.parametrize("table", ["statements", "articles", "passages"])
def test_words_that_a_server_reads_in_another_way_since_are_told_on_postgresql(filled: Store, table: str) -> None:
    if filled.path is not None:
        pytest.skip("SQLite compares words in its own way")
    # As when an upgrade of the server brings another stemmer: what is stored was made by the one before.
    stop = "ALTER TEXT SEARCH CONFIGURATION standpoint ALTER MAPPING FOR asciiword WITH simple"
    found = [fault for fault in damage(filled, stop) if fault.where == f"{table}_fts"]
    assert found and all("other words for row" in fault.what and fault.do for fault in found)


def test_a_reference_to_nothing_is_told(in_file: Store) -> None:
    raw = in_file.engine.raw_connection()
    raw.cursor().execute("PRAGMA foreign_keys = OFF")
    raw.cursor().execute("UPDATE stances SET holder = 'nobody' WHERE seq = 0")
    raw.close()
    found = list(in_file.faults())
    assert found and {fault.check for fault in found} == {"keys"} and "stakeholders" in found[0].what


def test_a_changed_record_of_what_was_done_is_told(filled: Store) -> None:
    trigger = "audit_no_update" if filled.path else "audit_no_change ON audit"
    found = damage(filled, f"DROP TRIGGER {trigger}", "UPDATE audit SET subject = 'other.csv'")
    assert [(fault.check, fault.where) for fault in found] == [("audit", "audit, row 1")]


def test_damage_to_the_file_is_a_fault_and_no_crash(in_file: Store) -> None:
    in_file.close()
    assert in_file.path
    content = bytearray(in_file.path.read_bytes())
    for page in range(2, len(content) // 4096):
        content[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    in_file.path.write_bytes(bytes(content))
    found = list(in_file.faults())
    assert "file" in {fault.check for fault in found} and all(fault.do for fault in found)


def test_the_command_says_what_where_and_what_to_do(run: Run, filled: Store, data: list[str]) -> None:
    sound = run("verify", *data)
    assert sound.code == 0 and sound.out == "" and "nothing is wrong" in sound.err and "1 audit row" in sound.err
    document = run("verify", "--json", *data).document
    assert document["ok"] and document["extent"]["articles"] == 4 and len(document["extent"]["head"]) == 64
    damage(filled, """UPDATE figures SET evidence_spans = '[[1,4,"xyz"]]' WHERE seq = 1""")
    broken = run("verify", *data)
    assert broken.code == 3 and broken.out.startswith("spans: figures, article ") and "1 fault found" in broken.err
    document = run("verify", "--json", *data)
    assert document.code == 3 and document.document["faults"]["spans"] == 1
    assert set(document.document["told"][0]) == {"check", "what", "where", "do"}


def fill(store: Store, make: Make, articles: int, *, since: int = 0) -> None:
    # All at once: written one by one, 1,000 articles took 25 s of each engine.
    made = (make(f"{each}.txt", words=f"the pot is shared by {each} towns", run="d") for each in range(since, articles))
    store.writer.write_new([Fresh(each, each.article.id, datetime.now(UTC)) for each in made])


def peak(store: Store) -> int:
    tracemalloc.start()
    try:
        assert list(store.faults()) == []
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_database(store: Store, make_analysis: Make) -> None:
    fill(store, make_analysis, 250)
    peak(store)
    small = peak(store)
    fill(store, make_analysis, 1_000, since=250)
    assert peak(store) < 1.5 * small + 100_000
