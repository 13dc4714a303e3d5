"""Linear models over named features: trained with scikit-learn, kept as JSON, read without it.

A logistic regression is a bias and a weight a feature: written out, it can be read by eye, loads in milliseconds
and runs nothing when it is loaded.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import exp
from pathlib import Path

import numpy as np

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
        scores = self.scores(features)
        highest = max(scores)
        odds = [exp(score - highest) for score in scores]
        return {label: one / sum(odds) for label, one in zip(self.labels, odds, strict=True)}

    def scores(self, features: Mapping[str, float]) -> list[float]:
        """The score of every label, of which odds are the exponentials."""
        rows: dict[float, list[tuple[float, ...]]] = {}
        for name, value in features.items():
            if (weights := self.weights.get(name)) is not None:
                rows.setdefault(value, []).append(weights)
        scores = list(self.biases)
        for value, same in rows.items():  # most features count 1: their columns are summed at once
            sums = map(sum, zip(*same, strict=True))
            scores = [score + value * column for score, column in zip(scores, sums, strict=True)]
        return scores

    def choose(self, features: Mapping[str, float]) -> str:
        """The likeliest label."""
        scores = self.scores(features)
        return self.labels[scores.index(max(scores))]


class Choices(Mapping[str, Choice]):
    """Several models that read the same features, by name. All are asked at once, in a sixth of the time."""

    def __init__(self, models: Mapping[str, Choice]) -> None:
        self._models = dict(models)
        names = sorted({name for model in self._models.values() for name in model.weights})
        self._rows = {name: row for row, name in enumerate(names)}
        self._biases = np.array([bias for model in self._models.values() for bias in model.biases])
        self._weights = np.zeros((len(names), len(self._biases)))
        column = 0
        for model in self._models.values():
            for name, weights in model.weights.items():
                self._weights[self._rows[name], column : column + len(weights)] = weights
            column += len(model.labels)

    def choose(self, features: Mapping[str, float]) -> dict[str, str]:
        """The likeliest label of every model."""
        row_of = self._rows.get
        found = [(row, value) for name, value in features.items() if (row := row_of(name)) is not None]
        rows, values = zip(*found, strict=True) if found else ((), ())
        scores = (self._biases + np.array(values) @ self._weights.take(rows, 0) if found else self._biases).tolist()
        chosen, column = {}, 0
        for name, model in self._models.items():
            own = scores[column : column + len(model.labels)]
            chosen[name] = model.labels[own.index(max(own))]
            column += len(model.labels)
        return chosen

    def __getitem__(self, name: str) -> Choice:
        return self._models[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._models)

    def __len__(self) -> int:
        return len(self._models)


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
