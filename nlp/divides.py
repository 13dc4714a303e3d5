"""Who stands against whom on a topic, and how far apart they are.

The index is the polarization of Esteban and Ray (On the Measurement of Polarization, Econometrica 62(4), 1994),
P = K sum_i sum_j p_i^(1+a) p_j |y_i - y_j|, over three camps: opposition at -1, conditional and mixed positions at 0,
support at 1; p_i is the share of a camp among the stakeholders that take one of these positions, each counting once.
With a = ``ALPHA`` = 1, within the range that their axioms allow (0 to 1.6), and K = 2 it is 0 where all stand in one
camp and 1 where support and opposition are two equal camps. Whoever is neutral is told and not counted.
"""

from __future__ import annotations

from collections.abc import Mapping

from nlp.records import StanceLabel

ALPHA, SCALE = 1, 2
#: Where each stance stands on the line between opposition and support.
PLACES: Mapping[StanceLabel, int] = {
    StanceLabel.OPPOSE: -1,
    StanceLabel.CONDITIONAL: 0,
    StanceLabel.MIXED: 0,
    StanceLabel.SUPPORT: 1,
}
DEFINITION = (
    "Polarization after Esteban and Ray (Econometrica 62(4), 1994): P = 2 × the sum over pairs of camps i, j of "
    "p_i² p_j |y_i − y_j|, with opposition at y = −1, conditional and mixed positions at 0 and support at 1, and p the "
    "share of a camp among the stakeholders with such a position, each counting once; neutral ones are left out. "
    "0: all stand in one camp. 1: two equal camps, for and against. Null where nobody takes a position."
)


def polarization(camps: Mapping[StanceLabel, int]) -> float | None:
    """The index of the numbers of stakeholders by stance, from 0 to 1; None where none takes a position."""
    sizes: dict[int, int] = {}
    for label, count in camps.items():
        if label in PLACES:
            sizes[PLACES[label]] = sizes.get(PLACES[label], 0) + count
    total = sum(sizes.values())
    if not total:
        return None
    pairs = ((a, b) for a in sizes for b in sizes)
    summed: int = sum(sizes[a] ** (1 + ALPHA) * sizes[b] * abs(a - b) for a, b in pairs)
    return SCALE * summed / float(total ** (2 + ALPHA))
