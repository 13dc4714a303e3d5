"""What tells whether a stakeholder takes a position on a topic in an article: named numbers of all its statements.

One statement by itself often does not tell; how sure the surest is, how near the others come, and what the article
holds besides (other topics of the holder, other holders on the topic) does.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nlp.encoders import Floats
from nlp.linear import Features
from nlp.records import Capacity
from nlp.stance_features import Reading

#: A holder (None: unattributed) and the id of a topic.
Held = tuple[str | None, str]
#: Log odds beyond these are as sure as need be.
SURE = 6.0


def log_odds(probability: float) -> float:
    """Of a probability, cut to -SURE and SURE."""
    edge = 1 / (1 + np.exp(SURE))
    inside = min(max(probability, edge), 1 - edge)
    return float(np.log(inside / (1 - inside)))


def by_holder(readings: Sequence[Reading]) -> dict[Held, list[int]]:
    """The places in ``readings`` of each holder's statements against each topic."""
    found: dict[Held, list[int]] = {}
    for i, reading in enumerate(readings):
        found.setdefault((reading.statement.holder, reading.bearing.topic.id), []).append(i)
    return found


def by_house(readings: Sequence[Reading]) -> dict[Held, list[int]]:
    """As ``by_holder``, an officer's statements for a body together with the body's own."""
    found: dict[Held, list[int]] = {}
    for i, reading in enumerate(readings):
        statement = reading.statement
        house = statement.on_behalf_of if statement.capacity is Capacity.OFFICIAL else None
        found.setdefault((house or statement.holder, reading.bearing.topic.id), []).append(i)
    return found


def position_features(readings: Sequence[Reading], read: Sequence[Floats]) -> dict[Held, Features]:
    """Of every holder and topic of one article, by the probabilities that each reading has: shape (labels,)."""
    groups = by_holder(readings)
    bears = {held: [1 - float(read[i][-1]) for i in rows] for held, rows in groups.items()}
    surest = {held: max(values) for held, values in bears.items()}
    found = {}
    for held, rows in groups.items():
        holder, topic = held
        topics = [value for (who, _), value in surest.items() if who == holder]
        holders = [value for (_, what), value in surest.items() if what == topic]
        clearest = readings[max(rows, key=lambda i: 1 - float(read[i][-1]))]
        found[held] = (
            _of_statements(bears[held])
            | _of_place([readings[i] for i in rows])
            | _of_clearest(clearest)
            | _of_rivals(surest[held], topics, holders, by_phrase=_by_phrase([readings[i] for i in rows]))
        )
    return found


def _of_statements(bears: Sequence[float]) -> Features:
    first, *others = sorted(bears, reverse=True)
    return {
        "bears: surest": log_odds(first),
        "bears: second": log_odds(others[0] if others else 0.0),
        "bears: any": log_odds(1 - float(np.prod([1 - each for each in bears]))),
        "bears: on average": log_odds(float(np.mean(bears))),
    }


def _by_phrase(readings: Sequence[Reading]) -> bool:
    return any(reading.bearing.named[i] >= 1.0 for reading in readings for i in reading.inside)


def _of_place(readings: Sequence[Reading]) -> Features:
    return {
        "names: by a phrase": float(_by_phrase(readings)),
        "names: at most": max((r.bearing.named[i] for r in readings for i in r.inside), default=0.0),
        "names: nearest": max((r.bearing.near[i] for r in readings for i in r.inside), default=0.0),
        "rule: any": float(any(r.rule is not None for r in readings)),
        "told: surest holder": max(r.statement.evidence.confidence for r in readings),
    }


def _of_clearest(reading: Reading) -> Features:
    """How the statement is told that likeliest bears on the topic."""
    statement = reading.statement
    return {
        "told: holder": log_odds(statement.evidence.confidence),
        "told: officially": float(statement.on_behalf_of is not None),
        f"told: by {reading.kind.value}": 1.0,
        f"told: {statement.manner.value}": 1.0,
        f"told: in {reading.genre.value if reading.genre else 'news'}": 1.0,
    }


def _of_rivals(surest: float, topics: Sequence[float], holders: Sequence[float], *, by_phrase: bool) -> Features:
    """``topics`` of the holder and ``holders`` on the topic count this one too: who speaks alone is no outlier, as it
    would be if these began from nothing (a text of one sentence fell from 0.5 to 0.03). Who names two proposals speaks
    on both: only one that is not named ``by_phrase`` is measured by the likeliest.
    """
    behind = 0.0 if by_phrase else log_odds(max(topics)) - log_odds(surest)
    return {
        "others: behind the likeliest topic": behind,
        "others: holders on average": log_odds(float(np.mean(holders))),
        "others: surest holder": log_odds(max(holders)),
    }
