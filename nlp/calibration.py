"""Whether a confidence means what it says: calibration error and AUROC of (confidence, right) pairs.

Pure arithmetic over any decision that was right or wrong: holders of statements, stances.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

#: Bins of equal mass. Bins of equal width leave most of them empty where nearly every confidence is high.
BINS = 10


@dataclass(frozen=True, slots=True)
class Verdict:
    """One decision: ``confidence``, the probability it was given, and whether it was right."""

    confidence: float
    right: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """Decisions of neighbouring confidence: how many, their mean confidence, the share that was right."""

    size: int
    confidence: float
    accuracy: float


def calibration_bins(verdicts: Sequence[Verdict], *, bins: int = BINS) -> tuple[Bin, ...]:
    """The decisions from the least sure to the surest in ``bins`` bins whose sizes differ by one at most.

    Decisions of one confidence that lie across an edge are spread evenly over the bins beside it: each stands for
    the mean of its equals, so the order in which equals come changes nothing. Fewer decisions than bins: one a bin.
    """
    even = sorted(_levelled(verdicts))
    count = min(bins, len(even))
    edges = [round(i * len(even) / count) for i in range(count + 1)] if count else [0]
    return tuple(_bin(even[start:end]) for start, end in pairwise(edges))


def expected_calibration_error(verdicts: Sequence[Verdict], *, bins: int = BINS) -> float | None:
    """The mean distance of confidence and accuracy over bins of equal mass, each weighted by its size.

    After Naeini, Cooper and Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning" (AAAI 2015),
    with bins of equal mass in place of equal width. None where nothing was decided.
    """
    found = calibration_bins(verdicts, bins=bins)
    if not found:
        return None
    return sum(b.size * abs(b.confidence - b.accuracy) for b in found) / sum(b.size for b in found)


def auroc(verdicts: Sequence[Verdict]) -> float | None:
    """The chance that a right decision has a higher confidence than a wrong one; equal ones count half.

    The area under the ROC curve as Mann and Whitney's U by ranks. None where all are right or all are wrong.
    """
    right = sum(v.right for v in verdicts)
    wrong = len(verdicts) - right
    if not right or not wrong:
        return None
    below, wins = 0, 0.0
    for _, group in groupby(sorted(verdicts, key=lambda v: v.confidence), key=lambda v: v.confidence):
        equals = list(group)
        good = sum(v.right for v in equals)
        bad = len(equals) - good
        wins += good * (below + bad / 2)
        below += bad
    return wins / (right * wrong)


def _levelled(verdicts: Sequence[Verdict]) -> list[tuple[float, float]]:
    """(confidence, share right among the decisions of that confidence), once a decision."""
    rows: list[tuple[float, float]] = []
    for confidence, group in groupby(sorted(verdicts, key=lambda v: v.confidence), key=lambda v: v.confidence):
        equals = list(group)
        rows += [(confidence, sum(v.right for v in equals) / len(equals))] * len(equals)
    return rows


def _bin(rows: Sequence[tuple[float, float]]) -> Bin:
    size = len(rows)
    return Bin(size, sum(confidence for confidence, _ in rows) / size, sum(share for _, share in rows) / size)
