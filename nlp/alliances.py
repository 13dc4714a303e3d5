"""Who stands alike: a network of stakeholders over the stances that they share.

After Discourse Network Analyzer (P. Leifeld, Discourse Network Analysis: Policy Debates as Dynamic Networks, in The
Oxford Handbook of Political Networks, 2017; its settings "qualifier aggregation" and "normalization"). A stakeholder's
row of the two-mode matrix holds a 1 for each topic and stance that is its position (support, oppose, conditional,
mixed; a neutral position is none). Of two rows a and b, with n_a and n_b positions,

* *congruence* is the number of topics on which both have one position, *conflict* of those on which one supports what
  the other opposes, *subtract* the first less the second;
* ``none`` leaves the number as it is; ``activity`` divides it by the mean of n_a and n_b (DNA's average activity);
  ``jaccard`` by the number of topic-stance pairs that either has; ``cosine`` by the root of n_a n_b, the product of
  the lengths of both rows; ``prominence`` divides each topic by the number of stakeholders that have a position on it
  before anything is counted (DNA's prominence of the two-mode network), so that standing together where few stand
  weighs more than where everybody does.

DNA counts statements; here each topic counts once, by the position, so that the most quoted do not ally by noise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import overload

import numpy as np
from numpy.typing import NDArray

from nlp.records import StanceLabel

#: The stances that can be shared; two of them can be opposed.
SHARED = (StanceLabel.SUPPORT, StanceLabel.OPPOSE, StanceLabel.CONDITIONAL, StanceLabel.MIXED)
#: More stakeholders make more pairs than anybody reads: those with the most positions are compared.
MOST_COMPARED = 1500
#: Decimal places of a weight: what is equal to so many ranks alike.
PLACES = 6
DEFINITION = (
    "A stakeholder's row holds a 1 for each topic and stance that is its position (support, oppose, conditional or "
    "mixed). Modes: congruence counts the topics on which two have one position, conflict those on which one supports "
    "what the other opposes, subtract is the first less the second. Normalizations, after Leifeld's Discourse Network "
    "Analyzer (Oxford Handbook of Political Networks, 2017): activity divides by the mean number of positions of the "
    "two, jaccard by the number of topic-stance pairs that either has, cosine by the root of the product of both "
    "numbers; prominence divides each topic by the number of stakeholders with a position on it before counting; none "
    "leaves the count."
)


class Mode(StrEnum):
    CONGRUENCE = "congruence"
    CONFLICT = "conflict"
    SUBTRACT = "subtract"


class Normalization(StrEnum):
    NONE = "none"
    ACTIVITY = "activity"
    PROMINENCE = "prominence"
    JACCARD = "jaccard"
    COSINE = "cosine"


@dataclass(frozen=True, slots=True)
class Tie:
    """Two stakeholders, in the order of their ids, how strongly they are tied, and the topics on which."""

    first: str
    second: str
    weight: float
    alike: tuple[str, ...]
    opposed: tuple[str, ...]


Positions = Mapping[str, Mapping[str, StanceLabel]]


@dataclass(frozen=True, slots=True)
class Ties(Sequence[Tie]):
    """Ties, strongest first, each made when it is asked for: there may be a million."""

    who: tuple[str, ...]
    taken: Positions
    first: NDArray[np.int64]
    second: NDArray[np.int64]
    weight: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.weight)

    @overload
    def __getitem__(self, at: int) -> Tie: ...
    @overload
    def __getitem__(self, at: slice) -> list[Tie]: ...
    def __getitem__(self, at: int | slice) -> Tie | list[Tie]:
        if isinstance(at, slice):
            return [self[place] for place in range(*at.indices(len(self)))]
        if not -len(self) <= at < len(self):
            raise IndexError(at)
        a, b = self.who[self.first[at]], self.who[self.second[at]]
        return Tie(a, b, round(float(self.weight[at]), PLACES), *_topics(self.taken[a], self.taken[b]))


def find_ties(
    positions: Positions,
    *,
    mode: Mode = Mode.CONGRUENCE,
    normalization: Normalization = Normalization.NONE,
    least: int = 1,
) -> Ties:
    """The ties of positions by stakeholder and topic that are not 0, the strongest first (in ``subtract`` either way).

    ``least`` is the number of topics on which both must have a position that can be shared.
    """
    taken = {who: {t: label for t, label in own.items() if label in SHARED} for who, own in positions.items()}
    ranked = sorted((who for who in taken if taken[who]), key=lambda who: (-len(taken[who]), who))[:MOST_COMPARED]
    who = sorted(ranked)
    topics = sorted({topic for each in who for topic in taken[each]})
    weights, opposed = _weights(who, topics, taken, mode, normalization)
    held = np.array([[topic in taken[each] for topic in topics] for each in who], float).reshape(len(who), len(topics))
    first, second = np.nonzero(np.triu((weights != 0) & (held @ held.T >= least), 1))
    ranks = (second, first, -opposed[first, second], -np.abs(weights[first, second]).round(PLACES))
    order = np.lexsort(ranks)
    return Ties(tuple(who), taken, first[order], second[order], weights[first[order], second[order]])


def find_ties_with(positions: Positions, who: str) -> list[Tie]:
    """The ties between one stakeholder and each other one, by ``subtract``: those who stand alike come first.

    Of equals those who share more topics come first, then the order of ids. The weight counts topics.
    """
    own = {topic: label for topic, label in positions.get(who, {}).items() if label in SHARED}
    found = []
    for other, theirs in positions.items():
        alike, opposed = _topics(own, theirs)
        if other != who and (alike or opposed):
            found.append(Tie(min(who, other), max(who, other), len(alike) - len(opposed), alike, opposed))
    return sorted(found, key=lambda tie: (-tie.weight, -len(tie.alike), tie.first, tie.second))


def _weights(
    who: list[str], topics: list[str], taken: Positions, mode: Mode, normalization: Normalization
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The matrix of ties, and that of the number of topics on which two stand alike or against each other."""
    held = np.zeros((len(who), len(topics), len(SHARED)))
    column = {topic: place for place, topic in enumerate(topics)}
    for row, each in enumerate(who):
        for topic, label in taken[each].items():
            held[row, column[topic], SHARED.index(label)] = 1.0
    has = held.sum(axis=2)
    weighed = held
    if normalization is Normalization.PROMINENCE:
        weighed = held / np.maximum(has.sum(axis=0), 1.0)[None, :, None]
    ties = _counted(held, weighed, mode)
    shared = _counted(held, held, Mode.CONGRUENCE) + _counted(held, held, Mode.CONFLICT)
    return ties / _divisor(held, normalization), shared


def _counted(held: NDArray[np.float64], weighed: NDArray[np.float64], mode: Mode) -> NDArray[np.float64]:
    size, width = len(held), held.shape[1] * held.shape[2]
    alike = weighed.reshape(size, width) @ held.reshape(size, width).T
    support, oppose = SHARED.index(StanceLabel.SUPPORT), SHARED.index(StanceLabel.OPPOSE)
    one_way = weighed[:, :, support] @ held[:, :, oppose].T
    opposed = one_way + weighed[:, :, oppose] @ held[:, :, support].T
    return {Mode.CONGRUENCE: alike, Mode.CONFLICT: opposed, Mode.SUBTRACT: alike - opposed}[mode]


def _divisor(held: NDArray[np.float64], normalization: Normalization) -> NDArray[np.float64] | float:
    size, width = len(held), held.shape[1] * held.shape[2]
    active = held.reshape(size, width).sum(axis=1)
    match normalization:
        case Normalization.ACTIVITY:
            return np.asarray((active[:, None] + active[None, :]) / 2)
        case Normalization.JACCARD:
            alike = held.reshape(size, width) @ held.reshape(size, width).T
            return np.asarray(active[:, None] + active[None, :] - alike)
        case Normalization.COSINE:
            return np.sqrt(np.outer(active, active))
        case _:
            return 1.0


def _topics(a: Mapping[str, StanceLabel], b: Mapping[str, StanceLabel]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    sides = {StanceLabel.SUPPORT, StanceLabel.OPPOSE}
    both = sorted(set(a) & set(b))
    return tuple(t for t in both if a[t] is b[t]), tuple(t for t in both if a[t] is not b[t] and {a[t], b[t]} == sides)
