"""What exports are read from, on both engines: every line once, whatever the size of a page."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from api.store import Filters, Store, audit, engines
from api.store.exporting import Exporter
from nlp.records import Analysis, Licence, Manner, StanceLabel

ALL = Filters(min_confidence=0)


@pytest.fixture
def filled(store: Store, analysis: Analysis, make_analysis: Callable[..., Analysis]) -> Store:
    store.writer.write_analysis(analysis)
    for number in range(9):
        label = tuple(StanceLabel)[number % 3]
        made = make_analysis(
            f"{number}.txt", holder=f"person:h-{number % 2}", label=label, published="2014-05-2" + str(number % 4)
        )
        store.writer.write_analysis(made)
    return store


def test_lines_are_the_statements_and_what_narration_shows(filled: Store, analysis: Analysis) -> None:
    lines = list(Exporter(filled.engine).lines(ALL))
    page = filled.reader.statements(ALL, limit=200).items
    assert [line.statement for line in lines if line.statement] == [row.statement.id for row in page]
    (narrated,) = [line for line in lines if line.statement is None]
    assert narrated.words == analysis.stances[1].evidence.spans[0].text and narrated.view
    assert (narrated.view.topic, narrated.view.label) == ("capitation", "oppose")
    own = [line for line in lines if line.source.id == analysis.article.id]
    assert [line.passage.partition(":")[2] for line in own] == ["s1", "s2", "n1"]
    first = own[0]
    assert first.source.licence == Licence.FULL_TEXT and first.holder and first.holder.name == "Asha Merton"
    assert first.body and first.body.parent == "nhs-england" and first.view and first.view.condition
    assert own[1].holder is None and own[1].view is None
    at = next(place for place, line in enumerate(lines) if line is first)
    assert lines[at : at + 3] == own, "an article's lines stand together"


@pytest.mark.parametrize("size", [1, 2, 3, 5, 50])
def test_pages_of_any_size_hold_the_same(filled: Store, monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    whole = [line.name for line in Exporter(filled.engine).lines(ALL)]
    money = [each.figure.id for each in Exporter(filled.engine).money(ALL)]
    monkeypatch.setattr("api.store.exporting.LOT", size)
    assert [line.name for line in Exporter(filled.engine).lines(ALL)] == whole and len(whole) == len(set(whole)) == 12
    assert [each.figure.id for each in Exporter(filled.engine).money(ALL)] == money and len(money) == 11


def test_filters_choose_among_the_stances_of_a_statement(filled: Store) -> None:
    exporter = Exporter(filled.engine)
    opposed = list(exporter.lines(Filters(min_confidence=0, stance=(StanceLabel.OPPOSE,))))
    assert {line.view.label for line in opposed if line.view} == {"oppose"} and len(opposed) == 4
    assert all(line.manner == "mixed" for line in exporter.lines(Filters(min_confidence=0, manner=(Manner.MIXED,))))
    assert [line.statement for line in exporter.lines(Filters(min_confidence=0, q="budget"))].count(None) == 0
    sure = exporter.lines(Filters(min_confidence=0.92))
    assert [line.view for line in sure] == [None], "a statement may be surer than its stance"


def test_lines_texts_mentions_and_cues_are_found_by_id(filled: Store, analysis: Analysis) -> None:
    exporter, id = Exporter(filled.engine), analysis.article.id
    ((name, (line,)),) = exporter.lines_of([f"{id}:s1", "nothing:s1"]).items()
    assert name == line.statement == f"{id}:s1"
    assert exporter.texts([id, "nothing"]) == {id: analysis.article.text}
    assert exporter.mentions(id)["person:asha-merton"] == (analysis.mentions[0].span,)
    assert exporter.cues(id) == {f"{id}:s1": analysis.statements[0].cue} and exporter.cues("nothing") == {}


def test_an_export_is_noted_in_the_chain(filled: Store) -> None:
    Exporter(filled.engine).note("map", {"format": "csv"}, actor="key-1")
    with engines.reading(filled.engine) as connection:
        last = list(audit.rows(connection))[-1]
        assert (last.action, last.subject, last.actor) == ("export.made", "map", "key-1")
        assert list(audit.breaks(connection)) == []
