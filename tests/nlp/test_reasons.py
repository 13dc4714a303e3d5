"""Reasons are told in words that a reader who is no statistician knows."""

from __future__ import annotations

import pytest

from nlp.reasons import read_as, words_show
from nlp.records import StanceLabel

OPPOSE, SUPPORT = StanceLabel.OPPOSE, StanceLabel.SUPPORT


def test_words_are_shown_once_as_printed() -> None:
    assert (
        words_show(["wrong", "a\nrisk", "wrong", ""], OPPOSE)
        == "the words “wrong”, “a risk” speak against the proposal"
    )


def test_a_view_without_words_of_its_own_is_told_of_the_wording() -> None:
    assert words_show([], StanceLabel.CONDITIONAL) == "the wording makes it depend on a condition"


@pytest.mark.parametrize(
    ("likely", "word"), [(0.95, "almost certainly"), (0.72, "very likely"), (0.5, "probably"), (0.26, "perhaps")]
)
def test_a_probability_is_told_in_words(likely: float, word: str) -> None:
    assert read_as(SUPPORT, likely) == f"read as a whole, the statement {word} speaks for the proposal"


def test_what_the_rules_found_comes_first_where_both_agree_and_as_an_objection_where_not() -> None:
    why = words_show(["wrong"], OPPOSE)
    assert read_as(OPPOSE, 0.8, rule=OPPOSE, why=why).startswith(why)
    assert read_as(SUPPORT, 0.8, rule=OPPOSE, why=why).endswith(f", although {why}")


@pytest.mark.parametrize("label", [label for label in StanceLabel if label is not StanceLabel.UNCLEAR])
def test_every_stance_has_its_words(label: StanceLabel) -> None:
    assert words_show(["x"], label) and read_as(label, 0.3)


def test_what_is_told_by_other_statements_is_not_said_of_the_words() -> None:
    assert read_as(OPPOSE, 0.6, alone=False).startswith("taken with what else is said for its holder")
