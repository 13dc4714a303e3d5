"""The share of right answers by judgements, with its interval."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from nlp.judged_accuracy import measure, wilson
from nlp.judgements import Judged, Judgement, Target, Verdict
from nlp.records import Tier

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def judged(
    number: int, *, right: bool | None, words: str = "", confidence: float = 0.95, drawn: bool = False
) -> Judgement:
    return Judgement(
        id=str(number),
        number=number,
        target=Target(kind=Judged.STANCE, article="a", quote=(words or f"words {number}",), topic="pooling"),
        verdict=Verdict.CONFIRM,
        by="Ann Orrell",
        at=NOW,
        right=right,
        confidence=confidence,
        drawn=drawn,
    )


def counts(*judgements: Judgement, tier: Tier | None = None, drawn: bool = False) -> tuple[int, int]:
    (share,) = [
        each for each in measure(judgements) if (each.kind, each.tier, each.drawn) == (Judged.STANCE, tier, drawn)
    ]
    return share.right, share.judged


@pytest.mark.parametrize(
    ("right", "judged", "low", "high"),
    # Reckoned by the formula with pencil and paper, and as tables of the interval have them.
    [(0, 10, 0.0, 0.2775), (10, 10, 0.7225, 1.0), (8, 10, 0.4902, 0.9433), (81, 263, 0.2553, 0.3662), (0, 0, 0.0, 1.0)],
)
def test_the_interval_is_wilsons(right: int, judged: int, low: float, high: float) -> None:
    found = wilson(right, judged)
    assert found.low == pytest.approx(low, abs=1e-4)
    assert found.high == pytest.approx(high, abs=1e-4)


def test_the_last_word_on_an_item_counts_and_withdrawn_ones_and_orphans_do_not() -> None:
    gone = replace(judged(3, right=True), withdrawn_at=NOW, withdrawn_by="Bo Venn")
    orphan = replace(judged(4, right=None), orphaned="gone")
    first, last = judged(1, right=True, words="same"), judged(2, right=False, words="same")
    assert counts(last, first, gone, orphan) == (0, 1)


def test_tiers_are_of_the_programs_confidence_and_lots_are_counted_apart() -> None:
    made = (judged(1, right=True), judged(2, right=False, confidence=0.4, drawn=True))
    assert counts(*made) == (1, 2)
    assert counts(*made, tier=Tier.HIGH) == (1, 1) and counts(*made, tier=Tier.LOW) == (0, 1)
    assert counts(*made, drawn=True) == (0, 1)


def test_nothing_judged_is_a_dash_and_not_a_zero() -> None:
    assert {each.words for each in measure(())} == {"–"}
    (share,) = [each for each in measure([judged(1, right=True)]) if each.judged and not each.tier and not each.drawn]
    assert share.words == "1.00 (0.21–1.00) of 1"
