"""The weights of the writers' own statements, fitted on invented paragraphs."""

from __future__ import annotations

import pytest

pytest.importorskip("sklearn")

from nlp.judging import Setting, Told, own_run
from nlp.learn.judging import Case, fit, measure

pytestmark = pytest.mark.train

TOLD = (
    Told("The train to Leeds was late on Tuesday.", False, False),
    Told("The county spent £4m on it and should stop.", False, False),
    Told("She rang the office for the minutes.", False, False),
)


def cases(number: int) -> list[Case]:
    setting = Setting("comment", False)
    return [Case(f"article {i}", TOLD, setting, (False, True, False)) for i in range(number)]


def test_what_marks_a_statement_gets_a_weight_above_what_does_not() -> None:
    weights = fit(cases(40))
    assert weights["money"] > 0 > weights["ends"]
    assert own_run(TOLD, Setting("comment", False), weights) == (1, 1)


def test_folds_count_what_is_right_found_and_wanted() -> None:
    assert measure(cases(40)) == (40, 40, 40)
