"""A file is claimed by one process, its articles are there with the word that they are, and a kill loses neither."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from api.store import Store, Written, engines
from api.store.intake import Claim, FileState, Incoming, Item, ItemState
from api.store.intake_tables import intake_files
from api.store.rows import rows_of
from api.store.staging import this_worker
from api.store.uploads import Upload
from nlp.records import Analysis

FILE = Incoming(id="f1", path="in/many.txt", stamp="d1", batch="b1")
WAITING = (Item("one", ItemState.WAITING, "a1"), Item("two", ItemState.WAITING, "a2"))
Make = Callable[..., Analysis]


def opened(store: Store, file: Incoming = FILE, items: tuple[Item, ...] = WAITING, reason: str | None = None) -> Claim:
    return store.intake.open(file, items, format="text", declared=None, reason=reason)


def other(worker: str, store: Store) -> None:
    """Have the open file in the hands of another process."""
    with engines.writing(store.engine) as connection:
        connection.execute(update(intake_files).values(worker=worker))


def test_file_is_done_with_its_last_item(store: Store, make_analysis: Make) -> None:
    first, second = make_analysis("1.txt"), make_analysis("2.txt")
    items = tuple(Item(each.article.source, ItemState.WAITING, each.article.id) for each in (first, second))
    assert opened(store, items=items) is Claim.OURS
    assert store.intake.keep("f1", 0, rows_of(first), None, last=False) is Written.STORED
    known = store.intake.find("f1")
    assert known and (known.state, known.items) == (FileState.OPEN, 1)
    assert store.intake.keep("f1", 1, rows_of(second), None, last=True) is Written.STORED
    known = store.intake.find("f1")
    assert known and (known.state, known.items, known.parsed) == (FileState.DONE, 2, 2)
    assert store.intake.is_intact("f1", first.run.digest) and not store.intake.is_intact("f1", "another")
    store.holdings.withdraw(first.article.id)
    assert not store.intake.is_intact("f1", first.run.digest)


def test_article_and_its_item_are_kept_both_or_neither(store: Store, make_analysis: Make) -> None:
    made = make_analysis("1.txt")
    opened(store, items=(Item("one", ItemState.WAITING, made.article.id),))
    rows = rows_of(made)
    broken = replace(rows, items=[(table, [*found, *found]) for table, found in rows.items])
    with pytest.raises(Exception, match=r"UNIQUE|duplicate"):
        store.intake.keep("f1", 0, broken, None, last=True)
    known = store.intake.find("f1")
    assert known and (known.state, known.items) == (FileState.OPEN, 0)
    assert store.reader.counts().articles == 0


def test_file_in_the_hands_of_another_process_is_left_to_it(store: Store) -> None:
    opened(store)
    mine = replace(FILE, batch="b2")
    other("elsewhere:7", store)
    assert opened(store, mine) is Claim.BUSY
    with engines.writing(store.engine) as connection:
        connection.execute(update(intake_files).values(claimed_at=datetime.now(UTC) - timedelta(hours=3)))
    assert opened(store, mine) is Claim.OURS, "it was not heard of for hours"


def test_file_of_a_process_that_is_gone_is_taken_over(store: Store) -> None:
    opened(store)
    host = this_worker().partition(":")[0]
    other(f"{host}:4194303", store)
    assert opened(store, replace(FILE, batch="b2")) is Claim.OURS


def test_same_file_twice_in_a_batch_is_told_apart(store: Store) -> None:
    assert opened(store) is Claim.OURS
    assert opened(store) is Claim.REPEATED


def test_file_that_ended_its_reader_is_counted_and_may_be_opened_all_the_same(store: Store) -> None:
    assert store.intake.blame(FILE) == 1
    assert opened(store) is Claim.OURS
    known = store.intake.find("f1")
    assert known and known.tries == 0
    assert [store.intake.blame(replace(FILE, id="f2")) for _ in range(2)] == [1, 2]
    store.intake.fail(replace(FILE, id="f2"), "ends its reader", quarantine=True)
    known = store.intake.find("f2")
    assert known and (known.state, known.reason) == (FileState.QUARANTINED, "ends its reader")
    store.intake.forget("f2")
    assert store.intake.find("f2") is None


def test_every_fault_is_listed(store: Store) -> None:
    items = (Item("one", ItemState.WAITING), Item("item 2", ItemState.SKIPPED, reason="is empty"))
    opened(store, items=items)
    assert list(store.intake.every_fault()) == [], "it is still under way"
    store.intake.fail_item("f1", 0, "no analysis today", last=True)
    store.intake.fail(replace(FILE, id="f2", path="in/x.png"), "is an image")
    opened(store, replace(FILE, id="f3", path="in/none.txt"), (), "there is no article in the file")
    assert [tuple(fault) for fault in store.intake.every_fault()] == [
        ("in/many.txt", "one", "no analysis today"),
        ("in/many.txt", "item 2", "is empty"),
        ("in/x.png", "", "is an image"),
        ("in/none.txt", "", "there is no article in the file"),
    ]
    assert store.intake.failed_items(FILE) == {0}
    assert store.intake.failed_items(replace(FILE, stamp="d2")) == frozenset()


def test_many_faults_are_listed_in_lots(store: Store) -> None:
    names = [f"f{number:04}" for number in range(1_100)]
    with engines.writing(store.engine) as connection:
        rows = [
            {"id": name, "path": name, "state": "failed", "stamp": "d1", "tries": 0, "parsed": 0, "reason": "x"}
            for name in names
        ]
        connection.execute(intake_files.insert(), rows)
    assert [fault.path for fault in store.intake.every_fault()] == names


def test_names_that_no_database_keeps_are_kept_as_near_as_can_be(store: Store) -> None:
    store.intake.fail(replace(FILE, path="in/\udcff\0.txt"), "x" * 5_000)
    (fault,) = store.intake.every_fault()
    assert fault.path == "in/?\N{REPLACEMENT CHARACTER}.txt" and len(fault.reason) == 2_000


def test_files_that_were_sent_wait_and_are_dropped(store: Store) -> None:
    sent = [Upload("a.txt", b"one"), Upload("b.txt", b"\x00\xff", {"title": "B"})]
    id = store.uploads.add(sent)
    assert list(store.uploads.files(id)) == sent
    store.uploads.drop(id)
    assert list(store.uploads.files(id)) == []
