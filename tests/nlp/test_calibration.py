"""Calibration error and AUROC, against numbers worked out by hand and against scikit-learn."""

from __future__ import annotations

import os
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.calibration import Bin, Verdict, auroc, calibration_bins, expected_calibration_error

VERDICTS = st.lists(st.builds(Verdict, st.sampled_from([0.1, 0.3, 0.5, 0.7, 0.9]) | st.floats(0, 1), st.booleans()))


def verdicts(*rows: tuple[float, int]) -> list[Verdict]:
    return [Verdict(confidence, bool(right)) for confidence, right in rows]


def test_bins_have_equal_mass_whatever_the_confidences_are() -> None:
    found = calibration_bins(verdicts(*((0.9 + i / 1000, 1) for i in range(23))), bins=10)
    assert sorted(b.size for b in found) == [2] * 7 + [3] * 3


def test_a_bin_tells_mean_confidence_and_share_right() -> None:
    found = calibration_bins(verdicts((0.2, 0), (0.4, 1), (0.8, 1), (0.6, 0)), bins=2)
    assert found == (Bin(2, pytest.approx(0.3), 0.5), Bin(2, pytest.approx(0.7), 0.5))


def test_calibration_error_by_hand() -> None:
    # bins (0.2, 0.4) -> 0.3 sure, 0.5 right; (0.6, 0.8, 1.0) -> 0.8 sure, 1 right: (2 x 0.2 + 3 x 0.2) / 5
    rows = verdicts((0.2, 0), (0.4, 1), (0.6, 1), (0.8, 1), (1.0, 1))
    assert expected_calibration_error(rows, bins=2) == pytest.approx(0.2)


def test_one_confidence_that_is_as_often_right_as_it_says_has_no_error() -> None:
    rows = verdicts(*((0.75, i % 4 != 0) for i in range(40)))
    assert expected_calibration_error(rows) == pytest.approx(0)


def test_confidence_of_one_for_what_is_always_wrong_is_an_error_of_one() -> None:
    assert expected_calibration_error(verdicts((1.0, 0), (1.0, 0))) == 1


def test_nothing_decided_has_no_error_and_no_area() -> None:
    assert (expected_calibration_error([]), auroc([])) == (None, None)


def test_area_by_hand() -> None:
    # right 0.9 and 0.6 against wrong 0.6 and 0.2: 1 + 1 + half + 1 of four
    assert auroc(verdicts((0.9, 1), (0.6, 1), (0.6, 0), (0.2, 0))) == pytest.approx(3.5 / 4)


@pytest.mark.parametrize("right", [0, 1])
def test_area_needs_both_right_and_wrong(right: int) -> None:
    assert auroc(verdicts((0.9, right), (0.2, right))) is None


@given(VERDICTS)
def test_the_order_of_decisions_changes_nothing(rows: list[Verdict]) -> None:
    mixed = random.Random(1).sample(rows, len(rows))
    assert auroc(mixed) == auroc(rows)
    assert expected_calibration_error(mixed) == pytest.approx(expected_calibration_error(rows) or 0) or not rows


@given(VERDICTS)
def test_both_measures_stay_between_nought_and_one(rows: list[Verdict]) -> None:
    assert all(value is None or 0 <= value <= 1 + 1e-9 for value in (auroc(rows), expected_calibration_error(rows)))


@pytest.mark.parametrize("seed", range(30))
def test_area_is_that_of_scikit_learn(seed: int) -> None:
    if "train" not in os.environ.get("STANDPOINT_REQUIRE", "").split(","):
        pytest.importorskip("sklearn", reason="scikit-learn is missing: make .venv/.train installs it")
    from sklearn.metrics import roc_auc_score

    chance = random.Random(seed)
    rows = [Verdict(chance.choice([0.3, 0.6, chance.random()]), chance.random() < 0.8) for _ in range(40)]
    theirs = roc_auc_score([v.right for v in rows], [v.confidence for v in rows])
    assert auroc(rows) == pytest.approx(theirs)
