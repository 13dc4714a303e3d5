"""Linear models over named features: what they answer, and that they survive being written down."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlp.linear import Choice, LinearModel, logistic, read_choice, read_linear, write_choice, write_linear

MODEL = LinearModel(-1.0, {"sort=cue": 2.0, "gap": -0.5, "dull": 0.0})


def test_a_score_is_the_bias_and_the_weighted_features() -> None:
    assert MODEL.score({"sort=cue": 1.0, "gap": 3.0}) == pytest.approx(-0.5)
    assert MODEL.probability({"sort=cue": 1.0, "gap": 2.0}) == pytest.approx(0.5)


def test_a_feature_that_the_model_does_not_know_counts_nothing() -> None:
    assert MODEL.score({"unheard of": 9.0}) == MODEL.bias


def test_log_odds_of_any_size_are_a_probability() -> None:
    assert logistic(-1e9) < 1e-20 and logistic(1e9) == pytest.approx(1.0)


def test_a_model_is_the_same_once_written_and_read(tmp_path: Path) -> None:
    write_linear(tmp_path / "m.json", MODEL)
    assert read_linear(tmp_path / "m.json") == LinearModel(-1.0, {"sort=cue": 2.0, "gap": -0.5})


CHOICE = Choice(("cost", "income"), (0.5, -0.5), {"verb=earn": (-2.0, 2.0), "dull": (0.0, 0.0)})


def test_a_choice_is_the_label_with_the_highest_sum() -> None:
    assert CHOICE.choose({}) == "cost"
    assert CHOICE.choose({"verb=earn": 1.0, "unheard of": 9.0}) == "income"


def test_the_probabilities_of_a_choice_sum_to_one_however_sure_it_is() -> None:
    likely = CHOICE.probabilities({"verb=earn": 1000.0})
    assert sum(likely.values()) == pytest.approx(1.0)
    assert likely["income"] == pytest.approx(1.0)


def test_a_choice_is_the_same_once_written_and_read(tmp_path: Path) -> None:
    write_choice(tmp_path / "c.json", CHOICE)
    assert read_choice(tmp_path / "c.json") == Choice(CHOICE.labels, CHOICE.biases, {"verb=earn": (-2.0, 2.0)})
