"""How often the program is right by what reviewers said, beside its scores on the gold corpus.

A share of right answers with its 95 % interval by Wilson's score (E. B. Wilson, "Probable inference, the law of
succession, and statistical inference", Journal of the American Statistical Association 22, 1927), which holds for few
cases and shares near 1 too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import sqrt

from nlp.judgements import IN_ARTICLE, Judged, Judgement
from nlp.records import Tier

#: The two-sided 95 % quantile of the normal distribution.
_Z = 1.959963984540054
BIAS = (
    "Reviewers judge what they look at, and look at what is odd: of what was judged anyhow the program is likely to be "
    "right less often than of all. Only what was drawn by lot estimates the rest."
)


@dataclass(frozen=True, slots=True)
class Interval:
    """Two shares, 0 to 1."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Share:
    """Of ``judged`` items the program is right on ``right``; ``tier`` is of its own confidence, None for all tiers.

    ``drawn``: only what was drawn by lot is counted.
    """

    kind: Judged
    tier: Tier | None
    drawn: bool
    judged: int
    right: int

    @property
    def share(self) -> float | None:
        """0 to 1; None where nothing was judged."""
        return self.right / self.judged if self.judged else None

    @property
    def interval(self) -> Interval:
        """Where the true share lies in 95 of 100 cases; everything, where nothing was judged."""
        return wilson(self.right, self.judged)

    @property
    def words(self) -> str:
        """ "0.83 (0.55–0.95) of 12", or a dash."""
        if self.share is None:
            return "–"
        bounds = self.interval
        return f"{self.share:.2f} ({bounds.low:.2f}–{bounds.high:.2f}) of {self.judged}"


def wilson(right: int, judged: int) -> Interval:
    """Wilson's score interval of a share, at 95 %."""
    if not judged:
        return Interval(0.0, 1.0)
    share, square = right / judged, _Z * _Z
    middle = (share + square / (2 * judged)) / (1 + square / judged)
    half = _Z / (1 + square / judged) * sqrt(share * (1 - share) / judged + square / (4 * judged * judged))
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def measure(judgements: Iterable[Judgement]) -> tuple[Share, ...]:
    """Shares by kind, first of all that was judged, then of what was drawn; each for all tiers and by tier.

    Of several judgements on one item the last that is not withdrawn counts; orphans count nowhere.
    """
    counted = list(_last(judgements))
    return tuple(
        _share(kind, tier, drawn, counted) for drawn in (False, True) for kind in IN_ARTICLE for tier in (None, *Tier)
    )


def _last(judgements: Iterable[Judgement]) -> Iterator[Judgement]:
    last: dict[object, Judgement] = {}
    for each in judgements:
        known = each.withdrawn_at is None and not each.orphaned and each.right is not None
        # Two speakers of the same words are two items; what is judged of them is told apart by whom was found.
        place = (each.target, each.found.get("holder"))
        if known and (place not in last or last[place].number < each.number):
            last[place] = each
    yield from last.values()


def _share(kind: Judged, tier: Tier | None, drawn: bool, counted: list[Judgement]) -> Share:
    own = [
        each
        for each in counted
        if each.target.kind is kind
        and (each.drawn or not drawn)
        and (tier is None or Tier.of(each.confidence or 0.0) is tier)
    ]
    return Share(kind, tier, drawn, len(own), sum(bool(each.right) for each in own))
