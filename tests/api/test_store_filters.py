"""Filters narrow every list as asked; pages neither repeat nor hide; no call's statements grow with its rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event

from api.store import Filters, Page, Reader, Store
from api.store.questions import Mode, Question
from nlp.errors import NotFoundError, UsageError
from nlp.records import Analysis, Manner, Stakeholder, StakeholderKind, StanceLabel

Make = Callable[..., Analysis]
LISTS = ("articles", "statements", "stances", "figures", "stakeholders")


@pytest.fixture
def filled(store: Store, make_analysis: Make) -> Store:
    """Four articles: a (2014, pooling, for), b (2015, capitation, against, official), c (undated), d (low)."""
    made = (
        make_analysis("a.txt", published="2014-05-20"),
        make_analysis(
            "b.txt",
            holder="person:al-fenn",
            body="body:wexshire-lmc",
            topic="capitation",
            label=StanceLabel.OPPOSE,
            manner=Manner.DIRECT,
            publisher="The Ledger",
            published="2015-03",
            words="payment by head would ruin small practices",
        ),
        make_analysis("c.txt", published=None, publisher=None, label=StanceLabel.MIXED),
        make_analysis("d.txt", confidence=0.49, published="2016"),
    )
    for each in made:
        store.writer.write_analysis(each)
    return store


def sources(page: Page[Any]) -> list[str]:
    return [item.article.source.removesuffix(".txt") for item in page.items]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, "bac"),
        ({"min_confidence": 0.4}, "dbac"),
        ({"min_confidence": 0.95}, ""),
        ({"stakeholder": ("person:al-fenn",)}, "b"),
        ({"stakeholder": ("body:wexshire-lmc",)}, "b"),
        ({"stakeholder": ("person:al-fenn", "person:jo-tarn")}, "bac"),
        ({"topic": ("pooling",)}, "ac"),
        ({"topic": ("pooling", "capitation")}, "bac"),
        ({"stance": (StanceLabel.SUPPORT, StanceLabel.OPPOSE)}, "ba"),
        ({"topic": ("pooling",), "stance": (StanceLabel.OPPOSE,)}, ""),
        ({"manner": (Manner.DIRECT,)}, "b"),
        ({"publisher": ("The Ledger", "Nobody's News")}, "b"),
        ({"since": date(2015, 3, 31)}, "b"),
        ({"since": date(2015, 4, 1)}, ""),
        ({"until": date(2015, 3, 1)}, "ba"),
        ({"until": date(2014, 5, 19)}, ""),
        ({"since": date(2014, 5, 20), "until": date(2014, 5, 20)}, "a"),
        ({"q": "ruin practice"}, "b"),
        ({"q": "single -ruin", "stance": (StanceLabel.MIXED,)}, "c"),
    ],
)
def test_statements_and_stances_pass_the_filters(filled: Store, filters: dict[str, Any], expected: str) -> None:
    narrowed = Filters(**filters)
    assert sources(filled.reader.statements(narrowed)) == list(expected)
    assert sources(filled.reader.stances(narrowed)) == list(expected)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, "dbac"),
        ({"stakeholder": ("person:jo-tarn",)}, "dac"),
        ({"topic": ("pooling",)}, "ac"),
        ({"topic": ("pooling",), "min_confidence": 0.4}, "dac"),
        ({"stance": (StanceLabel.OPPOSE,), "topic": ("capitation",)}, "b"),
        ({"topic": ("pooling",), "stakeholder": ("person:al-fenn",)}, ""),
        ({"manner": (Manner.DIRECT,)}, "b"),
        ({"until": date(2014, 12, 31)}, "a"),
        ({"since": date(2016, 6, 1)}, "d"),
        ({"q": '"payment by head"'}, "b"),
        ({"q": "report"}, "dbac"),
    ],
)
def test_articles_pass_the_filters(filled: Store, filters: dict[str, Any], expected: str) -> None:
    assert sources(filled.reader.articles(Filters(**filters))) == list(expected)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, "bac"),
        ({"stakeholder": ("person:al-fenn",)}, "b"),
        ({"topic": ("pooling",)}, "ac"),
        ({"publisher": ("The Ledger",)}, "b"),
        ({"q": "ruin"}, "b"),
    ],
)
def test_figures_pass_the_filters(filled: Store, filters: dict[str, Any], expected: str) -> None:
    assert sources(filled.reader.figures(Filters(**filters))) == list(expected)


@pytest.mark.parametrize("filters", [Filters(stance=(StanceLabel.MIXED,)), Filters(manner=(Manner.DIRECT,))])
def test_figures_refuse_filters_that_they_cannot_answer(filled: Store, filters: Filters) -> None:
    with pytest.raises(UsageError, match="no stance and no manner"):
        filled.reader.figures(filters)


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({}, ["Al Fenn", "Jo Tarn", "Wexshire Lmc"]),
        ({"topic": ("capitation",)}, ["Al Fenn", "Wexshire Lmc"]),
        ({"stance": (StanceLabel.MIXED,)}, ["Jo Tarn"]),
        ({"manner": (Manner.DIRECT,)}, ["Al Fenn", "Wexshire Lmc"]),
        ({"publisher": ("The Ledger",)}, ["Al Fenn", "Wexshire Lmc"]),
        ({"topic": ("pooling",), "since": date(2015, 1, 1)}, []),
        ({"stakeholder": ("person:jo-tarn",)}, ["Jo Tarn"]),
        ({"q": "LMC"}, ["Wexshire Lmc"]),
        ({"q": "100%"}, []),
    ],
)
def test_stakeholders_pass_the_filters(filled: Store, filters: dict[str, Any], expected: list[str]) -> None:
    rows = filled.reader.stakeholders(Filters(**filters)).items
    assert [row.stakeholder.name for row in rows] == expected


def test_stakeholders_come_with_their_counts(filled: Store) -> None:
    rows = {row.stakeholder.id: row for row in filled.reader.stakeholders().items}
    tarn, body = rows["person:jo-tarn"], rows["body:wexshire-lmc"]
    assert (tarn.articles, tarn.statements, tarn.stances) == (3, 2, 2)
    assert (body.articles, body.statements, body.stances) == (1, 1, 1)


def test_articles_come_with_their_counts(filled: Store) -> None:
    row = filled.reader.articles(Filters(q="ruin")).items[0]
    assert (row.statements, row.stances, row.figures) == (1, 1, 1)
    assert row.added.tzinfo is not None


def test_single_article_can_be_asked_for(filled: Store, make_analysis: Make) -> None:
    id = make_analysis("a.txt").article.id
    for name in LISTS[:4]:
        assert sources(getattr(filled.reader, name)(Filters(article=(id,)))) == ["a"]


def walk(read: Callable[..., Page[Any]], limit: int) -> Iterator[Any]:
    cursor = None
    while True:
        page = read(after=cursor, limit=limit)
        yield from page.items
        if page.next is None:
            return
        cursor = page.next


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("limit", [1, 2, 4, 5])
def test_pages_of_any_size_give_the_whole_list_once(filled: Store, name: str, limit: int) -> None:
    read = getattr(filled.reader, name)
    assert list(walk(read, limit)) == list(read().items)


@pytest.mark.parametrize("name", LISTS)
def test_paging_goes_on_rightly_while_articles_come_and_change(store: Store, make_analysis: Make, name: str) -> None:
    for number in range(6):
        store.writer.write_analysis(make_analysis(f"{number}.txt", holder=f"person:p{number}"))
    read = getattr(store.reader, name)
    before = read().items
    first = read(limit=3)
    for number in range(4):
        # Written again: the rows are new ones, their places must be the old ones.
        store.writer.write_analysis(make_analysis(f"{number}.txt", holder=f"person:p{number}", run="d2"))
        store.writer.write_analysis(make_analysis(f"new-{number}.txt", holder=f"person:a{number}", published="2020"))
    rest = read(after=first.next)
    assert [key(item) for item in (*first.items, *rest.items)] == [key(item) for item in before]


def key(item: Any) -> str:
    return str(item.article.source if hasattr(item, "article") else item.stakeholder.id)


@pytest.mark.parametrize(
    "cursor", ["", "x", "e30", "WzFd", "WzEsMiwzXQ", "bnVsbA", "W251bGxd", "é", "WyIyMDE0IiwgMV0", "=" * 9]
)
@pytest.mark.parametrize("name", LISTS)
def test_cursors_that_are_not_ours_are_refused(filled: Store, name: str, cursor: str) -> None:
    with pytest.raises(UsageError, match="no cursor of this list"):
        getattr(filled.reader, name)(after=cursor)


def test_cursor_of_another_list_is_refused(filled: Store) -> None:
    cursor = filled.reader.articles(limit=1).next
    with pytest.raises(UsageError, match="no cursor"):
        filled.reader.statements(after=cursor)


@pytest.mark.parametrize("limit", [0, -1, 201])
def test_page_sizes_are_bounded(filled: Store, limit: int) -> None:
    with pytest.raises(UsageError, match="1 to 200"):
        filled.reader.articles(limit=limit)


@contextmanager
def counted(store: Store) -> Iterator[list[str]]:
    asked: list[str] = []

    def note(connection: Any, cursor: Any, sql: str, *_: Any) -> None:
        asked.append(sql)

    event.listen(store._engine, "before_cursor_execute", note)
    yield asked
    event.remove(store._engine, "before_cursor_execute", note)


CALLS: dict[str, tuple[int, Callable[[Reader], object]]] = {
    "articles": (1, lambda reader: reader.articles()),
    "figures": (1, lambda reader: reader.figures()),
    "statements": (2, lambda reader: reader.statements()),
    "stances": (2, lambda reader: reader.stances()),
    "stakeholders": (2, lambda reader: reader.stakeholders()),
    "positions": (1, lambda reader: reader.positions()),
    "counts": (8, lambda reader: reader.counts()),
}


@pytest.mark.parametrize("name", CALLS)
def test_number_of_sql_statements_does_not_grow(store: Store, make_analysis: Make, name: str) -> None:
    most, call = CALLS[name]
    for number in range(40):
        store.writer.write_analysis(make_analysis(f"{number}.txt", holder=f"person:p{number}"))
    with counted(store) as asked:
        call(store.reader)
    assert len([sql for sql in asked if not sql.startswith("BEGIN")]) <= most


def test_number_of_sql_statements_of_a_search_does_not_grow(store: Store, make_analysis: Make) -> None:
    def needed(start: int, end: int) -> int:
        for number in range(start, end):
            store.writer.write_analysis(make_analysis(f"{number}.txt", holder=f"person:p{number}"))
        store.searcher.search(Question(query="practices"))
        with counted(store) as asked:
            found = store.searcher.search(Question(query="budget", mode=Mode.LEXICAL))
        assert found.total == 2 * end
        return len(asked)

    assert needed(0, 5) == needed(5, 40)


@pytest.mark.parametrize(
    "name",
    ["ccg:mid-wexshire", "Mid Wexshire CCG", "the NHS MID-WEXSHIRE ccg", "Mid Wexshire Clinical Commissioning Group"],
)
def test_stakeholder_is_found_by_id_name_and_alias(store: Store, analysis: Analysis, name: str) -> None:
    store.writer.write_analysis(analysis)
    assert store.reader.stakeholder(name).id == "ccg:mid-wexshire"


@pytest.mark.parametrize("name", ["Merton", "Asha Mertin", "asha mertens"])
def test_near_names_are_suggested_and_never_taken(store: Store, analysis: Analysis, name: str) -> None:
    store.writer.write_analysis(analysis)
    with pytest.raises(NotFoundError, match=r"did you mean .*Merton"):
        store.reader.stakeholder(name)
    assert "Asha Merton" in store.reader.suggest(name)


def test_name_of_nobody_near_suggests_nothing(store: Store, analysis: Analysis) -> None:
    store.writer.write_analysis(analysis)
    assert store.reader.suggest("Zzyzx") == ()
    with pytest.raises(NotFoundError, match=r"no stakeholder of this name$"):
        store.reader.stakeholder("Zzyzx")


def test_name_that_means_several_is_refused(store: Store, make_analysis: Make) -> None:
    for id in ("person:a", "person:b"):
        made = make_analysis(f"{id}.txt", holder=id)
        who = Stakeholder(id, "Pat Lowe", StakeholderKind.PERSON)
        store.writer.write_analysis(replace(made, stakeholders=(who,)))
    with pytest.raises(UsageError, match=r"several stakeholders .*person:a or person:b"):
        store.reader.stakeholder("pat lowe")


def test_aliases_of_all_articles_come_together(store: Store, make_analysis: Make) -> None:
    for number, alias in enumerate(("JT", "J. Tarn", "JT")):
        made = make_analysis(f"{number}.txt")
        store.writer.write_analysis(replace(made, stakeholders=(replace(made.stakeholders[0], aliases=(alias,)),)))
    found = store.reader.stakeholders_by_id(["person:jo-tarn", "person:unknown"])
    assert {id: who.aliases for id, who in found.items()} == {"person:jo-tarn": ("J. Tarn", "JT")}


def test_unknown_statement_says_so(store: Store) -> None:
    with pytest.raises(NotFoundError, match="no such statement"):
        store.reader.statement("nowhere:s1")


def test_publishers_are_listed_once(filled: Store) -> None:
    assert filled.reader.publishers() == ("The Ledger", "Wexshire Health News")


def test_titles_are_the_names_of_those_who_are_known(filled: Store) -> None:
    known = filled.reader.names()
    found = filled.reader.titles([*known, "person:unknown"])
    assert {id: title.name for id, title in found.items()} == {id: own[0] for id, own in known.items()}


def test_what_is_kept_of_a_state_is_found_anew_after_a_write(filled: Store, make_analysis: Make) -> None:
    before, publishers = filled.reader.counts(), filled.reader.publishers()
    assert filled.reader.counts() == before
    made = make_analysis("late.txt")
    filled.writer.write_analysis(replace(made, article=replace(made.article, publisher="The Late Post")))
    after = filled.reader.counts()
    assert (after.articles, after.statements) == (before.articles + 1, before.statements + len(made.statements))
    assert set(filled.reader.publishers()) == {*publishers, "The Late Post"}
    filled.holdings.withdraw(made.article.id)
    assert (filled.reader.counts(), filled.reader.publishers()) == (before, publishers)
