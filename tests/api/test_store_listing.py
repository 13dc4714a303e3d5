"""A page of statements by topic is the page that joining and sorting everything gives, however it is found."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Connection, text

from api.seeding import synthetic_articles
from api.store import Filters, Store, engines, listing, queries
from nlp.errors import UsageError
from nlp.records import Analysis, Manner, StanceLabel

Make = Callable[..., Analysis]
TOPICS = ("pooling", "capitation", "budget-delegation")
ASKED = {
    "topic": Filters(topic=("pooling",)),
    "topics": Filters(topic=TOPICS[:2], min_confidence=0.0),
    "stance": Filters(topic=("pooling",), stance=(StanceLabel.SUPPORT,)),
    "stances": Filters(topic=TOPICS, stance=(StanceLabel.SUPPORT, StanceLabel.OPPOSE), min_confidence=0.7),
    "since": Filters(topic=("pooling",), since=date(2016, 5, 3)),
    "until": Filters(topic=("pooling",), until=date(2016, 5, 3)),
    "as_of": Filters(topic=("pooling",), as_of=date(2016, 5, 3)),
    "manner": Filters(topic=("capitation",), manner=(Manner.DIRECT,)),
    "nobody's": Filters(topic=("unheard-of",)),
}
#: Whose statements are asked for comes from what is stored: who says most of them, and the body spoken for most.
SAID = {
    "holder": Filters(),
    "holder and topic": Filters(topic=("pooling",), min_confidence=0.0),
    "holder and stance": Filters(stance=(StanceLabel.OPPOSE,)),
    "holder and days": Filters(since=date(2015, 1, 1), until=date(2016, 5, 3)),
    "holder as of a day": Filters(as_of=date(2016, 5, 3)),
    "holder and manner": Filters(manner=(Manner.DIRECT,)),
    "holder and publisher": Filters(publisher=("Wexshire Health News", "Aldfield Health News")),
}


@pytest.fixture
def seeded(store: Store, make_analysis: Make) -> Store:
    """What tests that write begin with."""
    return seed(store, make_analysis)


@pytest.fixture
def lists(shared_store: Store, make_analysis: Make) -> Store:
    """The same, made once for all that only read."""
    return shared_store if shared_store.reader.counts().articles else seed(shared_store, make_analysis)


def seed(store: Store, make_analysis: Make) -> Store:
    """600 synthetic statements, and articles dated to the month, the year and not at all."""
    store.writer.write_new(list(synthetic_articles(600, TOPICS, seed=3)))
    for number, published in enumerate(("2016-05", "2016", None, "2016-05-03", "2016-05")):
        store.writer.write_analysis(make_analysis(f"{number}.txt", published=published, holder=f"person:p{number}"))
    return store


def by_joining(store: Store, filters: Filters, limit: int = 200) -> list[str]:
    with engines.reading(store._engine) as connection:
        return [row.id for row in connection.execute(queries.statement_page(filters, None, limit))][:limit]


def by_pages(store: Store, filters: Filters, limit: int) -> list[str]:
    found: list[str] = []
    after = None
    while len(found) < 200:
        page = store.reader.statements(filters, after=after, limit=limit)
        found += [row.statement.id for row in page.items]
        after = page.next
        if after is None:
            break
    return found[:200]


@pytest.mark.parametrize("name", ASKED)
def test_pages_of_any_size_hold_what_joining_finds_in_its_order(lists: Store, name: str) -> None:
    assert listing.is_listed(ASKED[name])
    expected = by_joining(lists, ASKED[name])
    assert bool(expected) == (name != "nobody's")
    for limit in (3, 50, 200):
        assert by_pages(lists, ASKED[name], limit) == expected, limit


@pytest.mark.parametrize("name", SAID)
def test_what_somebody_says_is_listed_as_joining_finds_it(lists: Store, name: str) -> None:
    with engines.reading(lists._engine) as connection:
        most = "SELECT {0} FROM statements WHERE {0} IS NOT NULL GROUP BY {0} ORDER BY count(*) DESC, {0} LIMIT 2"
        holders, bodies = (connection.scalars(text(most.format(who))).all() for who in ("holder", "on_behalf_of"))
    for who in ((holders[0],), (bodies[0],), (*holders, *bodies), ("person:nobody",)):
        asked = replace(SAID[name], stakeholder=who)
        assert listing.is_listed(asked)
        expected = by_joining(lists, asked)
        assert bool(expected) == (who != ("person:nobody",)) or name == "holder and publisher"
        for limit in (3, 200):
            assert by_pages(lists, asked, limit) == expected, (who, limit)


@pytest.mark.parametrize("labels", [(StanceLabel.OPPOSE,), (StanceLabel.SUPPORT, StanceLabel.MIXED)])
def test_a_stance_on_whichever_topic_is_found_topic_by_topic(lists: Store, labels: tuple[StanceLabel, ...]) -> None:
    asked = Filters(stance=labels)
    with engines.reading(lists._engine) as connection:
        found = listing.with_topics(connection, asked)
        assert set(found.topic) == set(connection.scalars(text("SELECT DISTINCT topic FROM stances")))
    assert listing.is_listed(found)
    assert by_pages(lists, asked, 50) == by_joining(lists, asked) != []


def test_articles_are_narrowed_by_topic_and_stance_without_reading_all_of_them(lists: Store) -> None:
    asked = Filters(topic=("pooling",), stance=(StanceLabel.OPPOSE,), publisher=("Wexshire Health News",))
    with engines.reading(lists._engine) as connection:
        if engines.is_sqlite(connection):
            plan = plan_of(connection, queries.article_page(asked, None, 50))
            assert "USING INDEX ix_articles_publisher_day_number (publisher=?)" in plan
            assert "ix_stances_article_id" in plan and "TEMP B-TREE FOR ORDER BY" not in plan


@pytest.mark.parametrize(
    "filters",
    [
        *(Filters(), Filters(until=date(2017, 1, 1)), Filters(manner=(Manner.DIRECT,))),
        Filters(publisher=("Wexshire Health News",), topic=("pooling",), stance=(StanceLabel.SUPPORT,)),
    ],
    ids=str,
)
def test_pages_of_everything_hold_it_in_its_order(lists: Store, filters: Filters) -> None:
    assert by_pages(lists, filters, 50) == by_joining(lists, filters)


def test_a_statement_with_several_of_the_stances_comes_once(store: Store, make_analysis: Make) -> None:
    made = make_analysis("a.txt")
    other = replace(made.stances[0], topic="capitation", label=StanceLabel.OPPOSE)
    store.writer.write_analysis(replace(made, stances=(*made.stances, other)))
    found = by_pages(store, Filters(topic=("pooling", "capitation")), 50)
    assert len(found) == len(set(found)) == 1


def test_an_article_that_is_given_another_day_moves_in_the_list(seeded: Store, make_analysis: Make) -> None:
    seeded.writer.write_analysis(make_analysis("1.txt", published="2031-01-02", holder="person:p1"))
    asked = Filters(topic=("pooling",))
    assert seeded.reader.statements(asked, limit=1).items[0].statement.holder == "person:p1"
    assert by_pages(seeded, asked, 50) == by_joining(seeded, asked)
    assert list(seeded.faults()) == []


def test_a_page_goes_on_behind_its_last_row_whatever_is_written_before_it(seeded: Store, make_analysis: Make) -> None:
    asked = Filters(topic=("pooling",))
    whole = by_joining(seeded, asked)
    page = seeded.reader.statements(asked, limit=20)
    seeded.writer.write_analysis(make_analysis("late.txt", published="2031-01-02", holder="person:late"))
    following = seeded.reader.statements(asked, after=page.next, limit=20)
    assert [row.statement.id for row in following.items] == whole[20:40]


def test_a_cursor_that_is_none_is_refused(lists: Store) -> None:
    with pytest.raises(UsageError, match="no cursor of this list"):
        lists.reader.statements(Filters(topic=("pooling",)), after="nonsense")


@pytest.mark.parametrize(
    "change",
    ["UPDATE observations SET number = number + 1", "UPDATE spoken SET article = article + 1", "DELETE FROM spoken"],
)
def test_verify_names_articles_whose_stances_stand_elsewhere(seeded: Store, change: str) -> None:
    assert list(seeded.faults()) == []
    with engines.writing(seeded._engine) as connection:
        id = connection.scalar(text("SELECT min(article_id) FROM spoken"))
        connection.execute(text(f"{change} WHERE article_id = :id"), {"id": id})
    (fault,) = seeded.faults()
    assert fault.check == "order" and str(id) in fault.where and "reanalyse" in fault.do


@pytest.mark.parametrize("name", ["topic", "since", "holder", "everything"])
def test_a_page_reads_an_index_in_its_order(lists: Store, name: str) -> None:
    with engines.reading(lists._engine) as connection:
        # What PostgreSQL does depends on what it knows of the rows.
        if engines.is_sqlite(connection):
            holder = Filters(stakeholder=("person:p1",), topic=("pooling",), publisher=("Wexshire Health News",))
            asked = {**ASKED, "holder": holder}.get(name)
            query = listing.statement_numbers(asked, None, 50) if asked else queries.statement_page(Filters(), None, 50)
            plan = plan_of(connection, query)
            ways = {"everything": "ix_articles_day_number", "holder": "SEARCH spoken USING PRIMARY KEY (who=?"}
            assert ways.get(name, "ix_observations_listed") in plan
            assert "SCAN statements" not in plan


def plan_of(connection: Connection, query: Any) -> str:
    sql = str(query.compile(connection.engine, compile_kwargs={"literal_binds": True}))
    return " ".join(row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}"))
