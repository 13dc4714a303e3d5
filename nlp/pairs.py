"""Minimal pairs for stance: two sentences that differ in a word or two and stand differently to one claim.

A pair is right only when both sides are; a model that reads tone instead of grammar gets one of them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nlp.errors import DataError
from nlp.records import StanceLabel, Topic
from nlp.tallies import Accuracy

_FIELDS = ("id", "topic", "claim", "a", "b", "stance_a", "stance_b", "tag", "split")
_SPLITS = frozenset({"train", "dev", "test"})
_STANCES = frozenset(StanceLabel) - {StanceLabel.UNCLEAR}


@dataclass(frozen=True, slots=True)
class Pair:
    id: str
    topic: str
    claim: str
    a: str
    b: str
    stance_a: StanceLabel
    stance_b: StanceLabel
    tag: str
    split: str


def read_pairs(path: Path, topics: Mapping[str, Topic]) -> tuple[Pair, ...]:
    """The pairs of a JSON Lines file. Raises DataError that names file, line, key and value."""
    found: list[Pair] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            pair = _pair(line, topics, f"{path}, line {number}")
            for key in (pair.id, pair.a.casefold(), pair.b.casefold()):
                if key in seen:
                    raise DataError(f"{key!r} stands in line {seen[key]} too", where=f"{path}, line {number}")
                seen[key] = number
            found.append(pair)
    return tuple(found)


def _pair(line: str, topics: Mapping[str, Topic], where: str) -> Pair:
    try:
        row: Any = json.loads(line)
    except ValueError as error:
        raise DataError(f"is no JSON: {error}", where=where) from error
    if not isinstance(row, dict) or row.keys() != set(_FIELDS):
        wrong = sorted(row.keys() ^ set(_FIELDS)) if isinstance(row, dict) else row
        raise DataError(f"keys = {wrong!r} are missing or unknown", where=where)
    for key in _FIELDS:
        if not isinstance(row[key], str) or not row[key].strip():
            raise DataError(f"{key} = {row[key]!r} must be text", where=where)
    for key, allowed in (("stance_a", _STANCES), ("stance_b", _STANCES), ("split", _SPLITS), ("topic", topics)):
        if row[key] not in allowed:
            raise DataError(f"{key} = {row[key]!r} is unknown", where=where)
    if row["stance_a"] == row["stance_b"]:
        raise DataError(f"stance_b = {row['stance_b']!r} is that of a", where=where)
    if row["claim"] != topics[row["topic"]].claim:
        raise DataError(f"claim = {row['claim']!r} is not the topic's", where=where)
    row |= {"stance_a": StanceLabel(row["stance_a"]), "stance_b": StanceLabel(row["stance_b"])}
    return Pair(**row)


def score_pairs(pairs: Iterable[Pair], judge: Callable[[str, str], StanceLabel]) -> dict[str, Accuracy]:
    """How often both sides are right, and how often a side is; ``judge`` takes a text and a topic id."""
    both: list[bool] = []
    sides: list[bool] = []
    for pair in pairs:
        right = (judge(pair.a, pair.topic) is pair.stance_a, judge(pair.b, pair.topic) is pair.stance_b)
        both.append(all(right))
        sides += right
    return {"pairs": Accuracy.of(both), "pair_sides": Accuracy.of(sides)}
