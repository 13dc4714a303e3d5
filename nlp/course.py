"""Which of several proposals a statement is about that names none: the course of the article tells.

What was named last is meant rather than what is named only further down. Gold, with one proposal to an article as a
rule, is the same with and without; where proposals are neighbours each had taken the others' statements.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nlp.bearing import NAMED
from nlp.encoders import Floats
from nlp.stance_features import REACH, Reading

#: What the probability that a statement bears on a topic is multiplied with where another topic has been named so far
#: and this one has not, and where it has been named in the REACH sentences before or is the last named in FAR.
UNNAMED, JUST_NAMED = 0.2, 3.0
FAR = 8
#: So many sentences before a statement are looked through for the names of its topics.
LOOK_BACK = 40


def follow(readings: Sequence[Reading], read: Sequence[Floats]) -> list[Floats]:
    """The probabilities of each reading, with those of topics lowered that have not been named yet."""
    found = list(read)
    by_statement: dict[str, list[int]] = {}
    for i, reading in enumerate(readings):
        by_statement.setdefault(reading.statement.id, []).append(i)
    for rows in by_statement.values():
        if any(names(readings[i]) for i in rows):
            continue
        later = [i for i in rows if _named_before(readings[i]) is None]
        for i in later if len(later) < len(rows) else ():
            sides = read[i][:-1] * UNNAMED
            found[i] = np.append(sides, 1 - sides.sum()).astype(np.float32)
    return found


def names(reading: Reading) -> bool:
    """Whether the statement's own sentences name the topic."""
    return any(reading.bearing.named[i] >= NAMED for i in reading.inside)


def meant(rows: Sequence[tuple[Reading, Floats]]) -> tuple[Reading, Floats]:
    """Of the topics that one statement is read against and names none of, the one that it likeliest bears on."""
    before = [_named_before(reading) for reading, _ in rows]
    last = min((gap for gap in before if gap is not None), default=0)

    def likely(at: int) -> float:
        gap = before[at]
        near = gap is not None and (gap <= REACH or last == gap <= FAR)
        return (1 - float(rows[at][1][-1])) * (JUST_NAMED if near else 1.0)

    return rows[max(range(len(rows)), key=likely)]


def _named_before(reading: Reading) -> int | None:
    """How many sentences before the statement its topic was named last; None where it has not been named yet."""
    first, named = reading.inside.start, reading.bearing.called or reading.bearing.named
    return next((first - i for i in range(first - 1, max(-1, first - 1 - LOOK_BACK), -1) if named[i] >= NAMED), None)
