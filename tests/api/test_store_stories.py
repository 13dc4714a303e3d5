"""Stories told by texts: the same groups in whatever order articles come and go, on both engines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import permutations
from random import Random

from sqlalchemy import func, select

from api.store import Store, engines, tables
from api.store.holding_tables import story_bands, story_bodies, story_members
from nlp.records import Analysis, Article, PartialDate, Precision, Run

DAY = date(2015, 3, 2)


def words(seed: int, count: int = 120) -> list[str]:
    random = Random(seed)
    return [f"{random.choice('bcdfgl')}{random.choice('aeiou')}{random.choice('mnprst')}{n}" for n in range(count)]


def printed(source: str, text: Sequence[str], *, day: date | None = DAY, title: str = "A title") -> Analysis:
    whole = " ".join(text)
    article = Article(
        id=Article.identify(source, whole),
        source=source,
        text=whole,
        reader="test/1",
        title=title,
        publisher=f"Publisher of {source}",
        published=PartialDate(day, Precision.DAY) if day else None,
    )
    return Analysis(article, Run("0.1.0", "d1"))


def grouped(store: Store) -> set[frozenset[str]]:
    """The stories as sets of sources; each is named by its smallest article."""
    found: dict[str, set[tuple[str, str]]] = {}
    with engines.reading(store.engine) as connection:
        for row in connection.execute(select(tables.articles)):
            found.setdefault(row.story_id, set()).add((row.id, row.source))
    assert all(story == min(id for id, _ in members) for story, members in found.items())
    return {frozenset(source for _, source in members) for members in found.values()}


def ladder() -> list[Analysis]:
    """Four copies of which only neighbours are alike enough, and an article of its own."""
    text = words(1, 160)
    parts = [text[start : start + 100] for start in (0, 20, 40, 60)]
    return [*(printed(f"copy-{n}", part) for n, part in enumerate(parts)), printed("other", words(2))]


def test_story_is_the_same_in_whatever_order_its_copies_come(store: Store) -> None:
    wanted = {frozenset(f"copy-{n}" for n in range(4)), frozenset({"other"})}
    made = ladder()
    for order in list(permutations(made))[::13]:
        for each in order:
            store.writer.write_analysis(each)
        assert grouped(store) == wanted
        for each in made:
            store.holdings.withdraw(each.article.id)
            store.holdings.readmit(each.article.id)


def test_withdrawn_copy_that_held_a_story_together_leaves_two(store: Store) -> None:
    for each in (made := ladder()):
        store.writer.write_analysis(each)
    store.holdings.withdraw(made[1].article.id)
    assert grouped(store) == {frozenset({"copy-0"}), frozenset({"copy-2", "copy-3"}), frozenset({"other"})}
    store.writer.write_analysis(made[1], forced=True)
    assert frozenset(f"copy-{n}" for n in range(4)) in grouped(store)


def test_nothing_stays_of_bodies_that_no_article_has(store: Store) -> None:
    made = [*ladder(), printed("again", words(2), title="Another title")]
    for each in made:
        store.writer.write_analysis(each)
    with engines.reading(store.engine) as connection:
        assert connection.scalar(select(func.count()).select_from(story_bodies)) == 5
    for each in made:
        store.holdings.withdraw(each.article.id)
    with engines.reading(store.engine) as connection:
        for table in (story_members, story_bodies, story_bands):
            assert connection.scalar(select(func.count()).select_from(table)) == 0


def test_same_words_long_after_are_a_copy_and_like_words_are_not(store: Store) -> None:
    text, later = words(3), DAY + timedelta(days=200)
    for each in (
        printed("first", text),
        printed("reprint", text, day=later),
        printed("near in time", text[:100], day=DAY + timedelta(days=3)),
    ):
        store.writer.write_analysis(each)
    assert grouped(store) == {frozenset({"first", "reprint", "near in time"})}
    for each in (printed("series 1", words(4)), printed("series 2", words(4)[:100], day=later)):
        store.writer.write_analysis(each)
    assert frozenset({"series 1"}) in grouped(store)
    store.writer.write_analysis(printed("undated", words(4)[:110], day=None))
    assert frozenset({"series 1", "series 2", "undated"}) in grouped(store)


def test_new_date_of_an_article_tells_its_story_anew(store: Store) -> None:
    text = words(5)
    late = printed("late", text[:100], day=DAY + timedelta(days=90))
    for each in (printed("first", text), late):
        store.writer.write_analysis(each)
    assert len(grouped(store)) == 2
    soon = PartialDate(DAY + timedelta(days=1), Precision.DAY)
    store.writer.write_analysis(replace(late, article=replace(late.article, published=soon)))
    assert len(grouped(store)) == 1
    store.writer.write_analysis(late)
    assert len(grouped(store)) == 2


def test_regroup_tells_what_was_never_told_and_what_was_told_by_hand(store: Store) -> None:
    made = ladder()
    for each in made:
        store.writer.write_analysis(each)
    wanted = grouped(store)
    store.writer.group_story("by-hand", [made[0].article.id, made[4].article.id])
    with engines.writing(store.engine) as connection:
        for table in (story_members, story_bands, story_bodies):
            connection.execute(table.delete())
    assert store.holdings.ungrouped() == 5
    told = store.holdings.regroup()
    assert grouped(store) == wanted
    assert (told.articles, told.now, told.changed) == (5, 2, 2)
    assert store.holdings.ungrouped() == 0
    assert store.holdings.regroup().changed == 0


def test_map_and_counts_follow_when_a_copy_joins_two_stories(store: Store) -> None:
    for each in (made := ladder())[:1] + ladder()[2:]:
        store.writer.write_analysis(each)
    assert store.reader.counts().stories == 3
    store.writer.write_analysis(made[1])
    assert store.reader.counts().stories == 2
    shown = store.reader.shown(made[0].article.id)
    assert {copy.source for copy in shown.copies} == {"copy-1", "copy-2", "copy-3"}
    assert shown.copy_count == 3
