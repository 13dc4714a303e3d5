"""The map counts stories, not rows, and speaks for bodies only through their officers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from api.store import Filters, Store
from nlp.records import Analysis, Position, StanceLabel

Make = Callable[..., Analysis]
LMC = "body:wexshire-lmc"
WORDS = (
    "a single budget is the only way to keep our practices open",
    "we have asked for pooled money since the board was formed",
    "joining the two pots would spare every clinic months of argument",
)


def only(positions: tuple[Position, ...]) -> Position:
    assert len(positions) == 1
    return positions[0]


def test_map_counts_distinct_stories(store: Store, make_analysis: Make) -> None:
    made = [make_analysis(f"{number}.txt", words=words) for number, words in enumerate(WORDS)]
    for each in made:
        store.writer.write_analysis(each)
    assert only(store.reader.positions()).stories == ((StanceLabel.SUPPORT, 3),)
    store.writer.group_story("one-story", [each.article.id for each in made[:2]])
    assert only(store.reader.positions()).stories == ((StanceLabel.SUPPORT, 2),)
    assert store.reader.counts().stories == 2


def test_official_stance_is_the_position_of_the_body_too(store: Store, make_analysis: Make) -> None:
    store.writer.write_analysis(make_analysis(body=LMC))
    assert {each.holder for each in store.reader.positions()} == {"person:jo-tarn", LMC}
    assert only(store.reader.positions(Filters(stakeholder=(LMC,)))).holder == LMC
    assert store.reader.counts().positions == 2


def test_asking_for_an_officer_does_not_bring_half_of_the_body(store: Store, make_analysis: Make) -> None:
    store.writer.write_analysis(make_analysis("a.txt", body=LMC))
    store.writer.write_analysis(make_analysis("b.txt", holder="person:al-fenn", body=LMC, label=StanceLabel.OPPOSE))
    assert only(store.reader.positions(Filters(stakeholder=("person:jo-tarn",)))).holder == "person:jo-tarn"


def test_stance_filter_asks_for_the_derived_label(store: Store, make_analysis: Make) -> None:
    store.writer.write_analysis(make_analysis("a.txt", words=WORDS[0]))
    store.writer.write_analysis(make_analysis("b.txt", words=WORDS[1], label=StanceLabel.OPPOSE))
    assert store.reader.positions(Filters(stance=(StanceLabel.SUPPORT,))) == ()
    assert only(store.reader.positions(Filters(stance=(StanceLabel.MIXED,)))).label is StanceLabel.MIXED


@pytest.mark.parametrize(
    ("filters", "stories"),
    [
        (Filters(), 2),
        (Filters(min_confidence=0), 3),
        (Filters(until=date(2014, 12, 31)), 1),
        (Filters(publisher=("The Ledger",)), 1),
        (Filters(topic=("pooling",), q="pots OR pooled"), 1),
    ],
)
def test_positions_rest_on_the_stances_that_pass(
    store: Store, make_analysis: Make, filters: Filters, stories: int
) -> None:
    store.writer.write_analysis(make_analysis("a.txt", words=WORDS[0], published="2014-01-01"))
    store.writer.write_analysis(make_analysis("b.txt", words=WORDS[1], published="2015-01-01", publisher="The Ledger"))
    store.writer.write_analysis(make_analysis("c.txt", words=WORDS[2], published="2016-01-01", confidence=0.45))
    assert only(store.reader.positions(filters)).stories == ((StanceLabel.SUPPORT, stories),)


def test_positions_name_statements_that_can_be_read(store: Store, make_analysis: Make) -> None:
    made = make_analysis()
    store.writer.write_analysis(made)
    position = only(store.reader.positions())
    assert position.statements == (f"{made.article.id}:s1",)
    assert store.reader.statement(position.statements[0]).statement.spans == made.statements[0].spans


def test_empty_store_has_no_position(store: Store) -> None:
    assert store.reader.positions() == ()


def test_narrated_view_makes_a_position_without_a_statement(store: Store, analysis: Analysis) -> None:
    store.writer.write_analysis(analysis)
    narrated = only(store.reader.positions(Filters(topic=("capitation",), min_confidence=0)))
    assert narrated.statements == ()
    assert narrated.evidence == analysis.stances[1].evidence.spans
