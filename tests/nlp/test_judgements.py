"""Judgements over an analysis: pure, found by exact words, and blind to everything else."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from nlp.judgements import CORRECTED, Item, Judgement, Target, Verdict, attach, lay_over, target_of
from nlp.records import Analysis, Direction, FigureKind, StanceLabel

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def judged(target: Target, verdict: str, number: int = 1, **correction: str | None) -> Judgement:
    return Judgement(
        id=f"j{number}",
        number=number,
        target=target,
        verdict=Verdict(verdict),
        by="Ann Orrell",
        at=NOW,
        correction=correction,
    )


def items(analysis: Analysis) -> list[Item]:
    return [*analysis.statements, *analysis.stances, *analysis.figures]


def test_nothing_judged_changes_nothing(analysis: Analysis) -> None:
    assert lay_over(analysis, ()).analysis is analysis


def test_every_item_is_found_again_by_its_words_alone(analysis: Analysis) -> None:
    renamed = replace(
        analysis,
        statements=tuple(replace(each, id=f"new-{each.id}") for each in reversed(analysis.statements)),
        stances=tuple(
            replace(each, statement=each.statement and f"new-{each.statement}") for each in reversed(analysis.stances)
        ),
        figures=tuple(replace(each, id=f"new-{each.id}", links=()) for each in reversed(analysis.figures)),
    )
    for item in items(analysis):
        found = attach(renamed, judged(target_of(analysis, item), "confirm"))
        assert found is not None and target_of(renamed, found) == target_of(analysis, item)


def test_a_word_more_or_another_place_is_another_item(analysis: Analysis) -> None:
    target = target_of(analysis, analysis.figures[1])
    for other in (
        replace(target, quote=("£2",)),
        replace(target, occurrence=1),
        replace(target, quote=(*target.quote, "a")),
    ):
        laid = lay_over(analysis, [judged(other, "reject")])
        assert laid.analysis is analysis and laid.fits["j1"].orphaned


def test_a_rejected_statement_takes_its_stances_along_and_leaves_the_told_ones(analysis: Analysis) -> None:
    found = lay_over(analysis, [judged(target_of(analysis, analysis.statements[0]), "reject")]).analysis
    assert [each.id for each in found.statements] == ["s2"]
    assert [each.statement for each in found.stances] == [None]


def test_a_rejected_figure_is_linked_to_no_more(analysis: Analysis) -> None:
    found = lay_over(analysis, [judged(target_of(analysis, analysis.figures[1]), "reject")]).analysis
    assert [each.id for each in found.figures] == ["f1"] and found.figures[0].links == ()


def test_a_correction_changes_what_it_names_and_nothing_else(analysis: Analysis) -> None:
    given = judged(target_of(analysis, analysis.figures[0]), "correct", kind="saving", direction="down")
    (figure, other) = lay_over(analysis, [given]).analysis.figures
    evidence = figure.evidence
    assert (figure.kind, figure.direction, evidence.method) == (FigureKind.SAVING, Direction.DOWN, CORRECTED)
    old = analysis.figures[0]
    assert replace(figure, kind=old.kind, direction=old.direction, evidence=old.evidence) == old
    assert other == analysis.figures[1]


@pytest.mark.parametrize("order", [1, -1])
def test_the_later_number_holds_however_they_come(analysis: Analysis, order: int) -> None:
    target = target_of(analysis, analysis.stances[0])
    given = [judged(target, "correct", 1, stance="oppose"), judged(target, "correct", 2, stance="mixed")]
    assert lay_over(analysis, given[::order]).analysis.stances[0].label is StanceLabel.MIXED


def test_the_program_is_right_when_it_comes_to_say_what_the_reviewer_said(analysis: Analysis) -> None:
    stance = analysis.stances[0]
    given = replace(
        judged(target_of(analysis, stance), "correct", stance="mixed"),
        found={"stance": "support", "strength": "strong"},
    )
    assert lay_over(analysis, [given]).fits["j1"].right is False
    learnt = replace(analysis, stances=(replace(stance, label=StanceLabel.MIXED), *analysis.stances[1:]))
    assert lay_over(learnt, [given]).fits["j1"].right is True


def test_hostile_text_takes_linear_time(analysis: Analysis, linear: object) -> None:
    assert callable(linear)

    def work(size: int) -> object:
        text = "ab" * size
        article = replace(analysis.article, text=text, blocks=(), hints=())
        span = article.span(2 * size - 2, 2 * size)
        figure = replace(analysis.figures[1], spans=(span,), evidence=replace(analysis.figures[1].evidence, spans=()))
        own = replace(analysis, article=article, statements=(), stances=(), figures=(figure,), mentions=(), issues=())
        return lay_over(own, [judged(target_of(own, figure), "confirm")])

    linear(work, 20_000)
