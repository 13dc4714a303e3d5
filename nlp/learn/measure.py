"""What a stance model is worth: the same measures for a PyTorch model in training and for the shipped one.

A model is a function from (premise, claim) pairs to scores before softmax, of shape (pairs, LABELS).
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nlp.bank import CORE
from nlp.encoders import LABELS, Floats
from nlp.learn.examples import Example

Scorer = Callable[[Sequence[tuple[str, str]]], Floats]
_SIDES = ("support", "oppose")


@dataclass(frozen=True, slots=True)
class DevSets:
    """What is measured on: project examples by source, public examples, VAST, and the proposals seen in training."""

    gold: Sequence[Example]
    bank: Sequence[Example]
    pairs: Sequence[Example]
    public: Sequence[Example]
    vast: Sequence[Example]
    seen: frozenset[str]


def read_vast(path: Path) -> list[Example]:
    """VAST dev (measure only): its targets are nouns and are made claims."""
    names = {"favor": "support", "against": "oppose", "none": "none"}
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [Example(row["text"], f"{row['target']} should be supported.", names[row["label"]], "vast") for row in rows]


def measure(scorer: Scorer, sets: DevSets) -> dict[str, float]:
    """Every measure of the stance model, by name; what has no examples is left out."""
    found: dict[str, float] = {}
    project = {"gold": sets.gold, "bank": sets.bank}
    guessed = {name: _scores(scorer, rows) for name, rows in project.items()}
    both = [*sets.gold, *sets.bank]
    joined = np.concatenate([guessed["gold"], guessed["bank"]])
    for name, rows, scores in (
        ("gold", sets.gold, guessed["gold"]),
        ("bank", sets.bank, guessed["bank"]),
        ("both", both, joined),
    ):
        found |= {
            f"{name}: sides, core": two_way(rows, scores, lambda e: e.topic in CORE),
            f"{name}: sides, unseen": two_way(rows, scores, lambda e: e.topic not in sets.seen),
            f"{name}: sides": two_way(rows, scores),
            f"{name}: macro-F1 of five": macro_f1(rows, scores, LABELS[:5]),
            f"{name}: bears on the claim or not": bearing(rows, scores),
        }
    found["pairs: both sides"] = pairs_right(sets.pairs, _scores(scorer, sets.pairs))
    public = _scores(scorer, sets.public)
    for source in sorted({e.source for e in sets.public} - {"dse"}):
        found[f"{source}: sides"] = two_way(sets.public, public, _from(source))
    if sets.vast:
        found["VAST: macro-F1 of three"] = three_way(sets.vast, _scores(scorer, sets.vast))
    return {name: round(value, 4) for name, value in found.items() if not np.isnan(value)}


def _from(source: str) -> Callable[[Example], bool]:
    return lambda example: example.source == source


def _scores(scorer: Scorer, rows: Sequence[Example]) -> Floats:
    return scorer([(e.premise, e.claim) for e in rows])


def two_way(rows: Sequence[Example], scores: Floats, keep: Callable[[Example], bool] = lambda _: True) -> float:
    """How often the right one of support and oppose scores higher, over examples that are one of them."""
    right = [
        (score[0] > score[1]) == (row.label == "support")
        for row, score in zip(rows, scores, strict=True)
        if row.label in _SIDES and keep(row)
    ]
    return float(np.mean(right)) if right else float("nan")


def macro_f1(rows: Sequence[Example], scores: Floats, labels: Iterable[str]) -> float:
    """The mean over labels of F1, all six labels being guessed."""
    guesses = [LABELS[i] for i in np.argmax(scores, axis=1)] if len(scores) else []
    return float(np.mean([f1([row.label for row in rows], guesses, label) for label in labels]))


def f1(truth: Sequence[str], guesses: Sequence[str], label: str) -> float:
    """F1 of one label; 0 where it is never right."""
    hit = sum(t == g == label for t, g in zip(truth, guesses, strict=True))
    wrong = sum((t == label) != (g == label) for t, g in zip(truth, guesses, strict=True))
    return 2 * hit / (2 * hit + wrong) if hit else 0.0


def bearing(rows: Sequence[Example], scores: Floats) -> float:
    """How often "none" and not "none" are told apart."""
    none = LABELS.index("none")
    right = [(row.label == "none") == (int(np.argmax(s)) == none) for row, s in zip(rows, scores, strict=True)]
    return float(np.mean(right)) if right else float("nan")


def pairs_right(rows: Sequence[Example], scores: Floats) -> float:
    """Share of minimal pairs of which both sides get the right label of six."""
    sides: dict[str, list[bool]] = {}
    for row, score in zip(rows, scores, strict=True):
        sides.setdefault(row.group, []).append(LABELS[int(np.argmax(score))] == row.label)
    return float(np.mean([all(right) for right in sides.values()])) if sides else float("nan")


def three_way(rows: Sequence[Example], scores: Floats) -> float:
    """Macro-F1 of for, against and neither; conditional, mixed and neutral count as neither."""
    names: Mapping[str, str] = {"support": "support", "oppose": "oppose"}
    guesses = [names.get(LABELS[int(np.argmax(score))], "none") for score in scores]
    return float(np.mean([f1([row.label for row in rows], guesses, label) for label in (*_SIDES, "none")]))
