"""The log of updates: what is new, changed or gone, in order, once each, and nothing missed however many write."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from api.store import Store
from api.store.bulk import Fresh
from api.store.updates import Change, Kind, Update
from nlp.records import Analysis, StanceLabel

Make = Callable[..., Analysis]
Row = tuple[Kind, Change, str | None]


def rows(store: Store, after: int = 0) -> list[Update]:
    assert store.updates.catch_up()
    return store.updates.page(after, 1000)[0]


def told(found: list[Update]) -> list[Row]:
    return [(each.kind, each.change, each.article_id) for each in found]


def test_an_empty_store_has_no_updates(store: Store) -> None:
    assert rows(store) == [] and store.updates.end().number == 0


def test_a_new_article_is_told_with_all_that_was_found_in_it(store: Store, make_analysis: Make) -> None:
    made = make_analysis()
    store.writer.write_analysis(made)
    article, statement, figure, position = rows(store)
    assert told([article, statement, figure, position]) == [
        (Kind.ARTICLE, Change.NEW, made.article.id),
        (Kind.STATEMENT, Change.NEW, made.article.id),
        (Kind.FIGURE, Change.NEW, made.article.id),
        (Kind.POSITION, Change.NEW, None),
    ]
    assert (article.item, statement.item) == (made.article.id, f"{made.article.id}:s1")
    assert article.article is not None and article.article.title == made.article.title
    assert statement.about == {"holder": "person:jo-tarn", "confidence": 0.9}
    assert {key: position.about[key] for key in ("holder", "topic", "label")} == {
        "holder": "person:jo-tarn",
        "topic": "pooling",
        "label": "support",
    }


def test_what_is_written_again_as_it_was_is_no_update(store: Store, make_analysis: Make) -> None:
    store.writer.write_analysis(make_analysis())
    end = rows(store)[-1].number
    # Another run that finds the same has another digest, and says nothing new.
    store.writer.write_analysis(make_analysis(run="d2"))
    assert rows(store, end) == []


def test_a_change_is_told_of_what_changed_alone(store: Store, make_analysis: Make) -> None:
    store.writer.write_analysis(make_analysis())
    store.writer.write_analysis(make_analysis("two.txt", holder="person:ann-dorrit"))
    end = rows(store)[-1].number
    store.writer.write_analysis(make_analysis(label=StanceLabel.OPPOSE))
    found = rows(store, end)
    assert [(each.kind, each.change) for each in found] == [
        (Kind.STATEMENT, Change.CHANGED),
        (Kind.POSITION, Change.CHANGED),
    ]
    assert found[1].about["label"] == "oppose"
    assert len(rows(store)) == 8, "each item stands in the log once"


def test_what_goes_is_told_and_nothing_of_it_is_kept(store: Store, make_analysis: Make) -> None:
    made = make_analysis()
    store.writer.write_analysis(made)
    end = rows(store)[-1].number
    store.holdings.withdraw(made.article.id)
    found = rows(store, end)
    assert {each.kind for each in found} == set(Kind)
    assert {each.change for each in found} == {Change.WITHDRAWN}
    assert {each.kind: each.about for each in found} == {
        Kind.ARTICLE: {},
        Kind.STATEMENT: {},
        Kind.FIGURE: {},
        Kind.POSITION: {"holder": "person:jo-tarn", "topic": "pooling"},
    }
    assert all(each.article is None for each in found)
    end = found[-1].number
    store.writer.write_analysis(made, forced=True)
    assert {each.change for each in rows(store, end)} == {Change.NEW}, "what comes back is new"


def test_what_came_and_went_between_two_looks_was_never_there(store: Store, make_analysis: Make) -> None:
    made = make_analysis()
    store.writer.write_analysis(made)
    store.holdings.withdraw(made.article.id)
    assert rows(store) == []


def test_articles_that_are_grouped_changed(store: Store, make_analysis: Make) -> None:
    ids = []
    for name in ("one.txt", "two.txt"):
        made = make_analysis(name)
        store.writer.write_analysis(made)
        ids.append(made.article.id)
    end = rows(store)[-1].number
    store.writer.group_story("story", ids)
    found = rows(store, end)
    assert {(each.kind, each.change, each.article_id) for each in found} == {
        (Kind.ARTICLE, Change.CHANGED, ids[0]),
        (Kind.ARTICLE, Change.CHANGED, ids[1]),
        # Two stories are one now.
        (Kind.POSITION, Change.CHANGED, None),
    }


def test_a_change_that_names_no_article_is_found_by_a_look_at_all(
    store: Store, make_analysis: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.store.updates.LOT", 3)
    lot = [Fresh(make_analysis(f"{n}.txt", holder=f"person:h-{n}"), f"s{n}", datetime.now(UTC)) for n in range(10)]
    store.writer.write_new(lot)
    assert len(rows(store)) == 40
    gone = lot[4].analysis.article.id
    end = store.updates.end().number
    store.holdings.withdraw(gone)
    store.writer.write_new([Fresh(make_analysis("new.txt"), "new", datetime.now(UTC))])
    found = rows(store, end)
    assert {each.article_id for each in found if each.change is Change.WITHDRAWN} == {gone, None}
    assert sum(each.change is Change.NEW for each in found) == 4 and len(found) == 8


def test_work_that_is_stopped_goes_on_where_it_was(
    store: Store, make_analysis: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.store.updates.LOT", 2)
    for number in range(7):
        store.writer.write_analysis(make_analysis(f"{number}.txt", holder=f"person:h-{number}"))
    steps = 0
    while not store.updates.catch_up(seconds=-1):
        steps += 1
    assert steps > 3 and len(rows(store)) == 28


def test_pages_follow_one_another_and_can_be_of_some_kinds(store: Store, make_analysis: Make) -> None:
    for number in range(5):
        store.writer.write_analysis(make_analysis(f"{number}.txt", holder=f"person:h-{number}"))
    everything = rows(store)
    seen, after = list[Update](), 0
    while True:
        page, place = store.updates.page(after, 7)
        seen += page
        after = place.number
        if len(page) < 7:
            break
    assert seen == everything and after == everything[-1].number
    only, place = store.updates.page(0, 1000, [Kind.FIGURE])
    assert len(only) == 5 and place == store.updates.end()


def test_nobody_who_reads_on_misses_what_many_write_at_once(store: Store, same_place: Any, make_analysis: Make) -> None:
    writers, each_writes = 4, 12
    done = threading.Event()
    seen: dict[str, list[int]] = {}
    faults: list[str] = []

    def write(who: int) -> None:
        with same_place.open(create=False) as own:
            for number in range(each_writes):
                own.writer.write_analysis(make_analysis(f"{who}-{number}.txt", holder=f"person:h-{who}-{number}"))

    def follow() -> None:
        # Another process, as far as the store can tell, that reads on from the number it has.
        with same_place.open(create=False) as own:
            after, last = 0, False
            while not last:
                last = done.is_set()
                own.updates.catch_up()
                page, place = own.updates.page(after, 1000)
                numbers = [row.number for row in page]
                if numbers != sorted(numbers) or (numbers and numbers[0] <= after):
                    faults.append(f"{numbers} behind {after}")
                for row in page:
                    seen.setdefault(row.item, []).append(row.number)
                after = place.number

    threads = [threading.Thread(target=write, args=(who,)) for who in range(writers)]
    followers = [threading.Thread(target=follow) for _ in range(2)]
    for thread in (*followers, *threads):
        thread.start()
    for thread in threads:
        thread.join()
    done.set()
    for thread in followers:
        thread.join()
    assert faults == []
    stored = {row.item: row.number for row in rows(store)}
    assert len(stored) == writers * each_writes * 4
    # Nothing changed after it came, so each of the two followers met each item once.
    assert {item: numbers for item, numbers in seen.items() if numbers != [stored[item]] * 2} == {}


def test_the_log_survives_a_text_of_any_characters(store: Store, make_analysis: Make) -> None:
    made = make_analysis(words="a “single” budget 🏥 \\u0000 'x' is best")
    store.writer.write_analysis(replace(made, article=replace(made.article, title='"; DROP TABLE updates; --')))
    assert len(rows(store)) == 4
