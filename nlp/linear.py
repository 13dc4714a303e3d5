"""Linear models over named features: trained with scikit-learn, kept as JSON, read without it.

A logistic regression is a bias and a weight a feature: written out, it can be read by eye, loads in milliseconds
and runs nothing when it is loaded.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import exp
from pathlib import Path

#: Named features of one case; one that is not named is 0.
Features = dict[str, float]


@dataclass(frozen=True, slots=True)
class LinearModel:
    """A logistic regression: features that it does not know count nothing."""

    bias: float
    weights: Mapping[str, float]

    def score(self, features: Mapping[str, float]) -> float:
        """The log odds of a yes."""
        weights = self.weights
        return self.bias + sum([value * weights[name] for name, value in features.items() if name in weights])

    def probability(self, features: Mapping[str, float]) -> float:
        """The probability of a yes, from 0 to 1."""
        return logistic(self.score(features))


def logistic(score: float) -> float:
    """Log odds to a probability."""
    return 1.0 / (1.0 + exp(-max(-60.0, min(60.0, score))))


def read_linear(path: Path) -> LinearModel:
    """The model in a file of a folder that was verified."""
    row = json.loads(path.read_text(encoding="utf-8"))
    return LinearModel(float(row["bias"]), {str(name): float(weight) for name, weight in row["weights"].items()})


def write_linear(path: Path, model: LinearModel) -> None:
    """Weights in the order of their names, to five digits, those of 0 left out."""
    weights = {name: round(model.weights[name], 5) for name in sorted(model.weights) if round(model.weights[name], 5)}
    path.write_text(json.dumps({"bias": round(model.bias, 5), "weights": weights}, indent=0) + "\n", encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Choice:
    """A multinomial logistic regression: one of ``labels``, by a bias each and a weight each for every feature."""

    labels: tuple[str, ...]
    biases: tuple[float, ...]
    weights: Mapping[str, tuple[float, ...]]

    def probabilities(self, features: Mapping[str, float]) -> dict[str, float]:
        """The probability of every label; they sum to 1."""
        rows: dict[float, list[tuple[float, ...]]] = {}
        for name, value in features.items():
            if name in self.weights:
                rows.setdefault(value, []).append(self.weights[name])
        scores = list(self.biases)
        for value, same in rows.items():  # most features count 1: their columns are summed at once
            scores = [
                score + value * sum(column) for score, column in zip(scores, zip(*same, strict=True), strict=True)
            ]
        highest = max(scores)
        odds = [exp(score - highest) for score in scores]
        return {label: one / sum(odds) for label, one in zip(self.labels, odds, strict=True)}

    def choose(self, features: Mapping[str, float]) -> str:
        """The likeliest label."""
        likely = self.probabilities(features)
        return max(likely, key=likely.__getitem__)


def read_choice(path: Path) -> Choice:
    """The multinomial model in a file of a folder that was verified."""
    row = json.loads(path.read_text(encoding="utf-8"))
    weights = {str(name): tuple(map(float, values)) for name, values in row["weights"].items()}
    return Choice(tuple(map(str, row["labels"])), tuple(map(float, row["biases"])), weights)


def write_choice(path: Path, model: Choice) -> None:
    """One feature a line in the order of their names, to three digits, those of 0 left out."""
    rounded = {name: [round(weight, 3) for weight in model.weights[name]] for name in sorted(model.weights)}
    lines = [f"{json.dumps(name)}: {json.dumps(values)}" for name, values in rounded.items() if any(values)]
    head = f'"labels": {json.dumps(list(model.labels))},\n"biases": {json.dumps([round(b, 3) for b in model.biases])},'
    path.write_text("{\n" + head + '\n"weights": {\n' + ",\n".join(lines) + "\n}\n}\n", encoding="utf-8")
