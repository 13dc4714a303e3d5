"""Logistic regressions over named features, as every linear model of the project is fitted (scikit-learn)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from nlp.linear import Choice, Features, LinearModel


def fit_linear(
    rows: Sequence[Features],
    answers: Sequence[bool],
    *,
    penalty: float,
    seen: int,
    weights: Sequence[float] | None = None,
    scaled: bool = False,
) -> LinearModel:
    """Yes or no. ``penalty`` is inverse; a feature that fewer than ``seen`` rows have is left out; ``scaled`` divides
    each by its spread, so that one penalty fits numbers of any size.
    """
    columns = _Columns(rows, seen, scaled=scaled)
    model = columns.fit(answers, penalty, weights)
    named = zip(columns.names, columns.plain(model.coef_[0]), strict=True)
    return LinearModel(float(model.intercept_[0]), {name: float(weight) for name, weight in named})


def fit_choice(
    rows: Sequence[Features],
    answers: Sequence[str],
    *,
    penalty: float,
    seen: int,
    weights: Sequence[float] | None = None,
    scaled: bool = False,
) -> Choice:
    """One of the labels that the answers hold; the rest as ``fit_linear``."""
    columns = _Columns(rows, seen, scaled=scaled)
    model = columns.fit(answers, penalty, weights)
    coefficients, biases = model.coef_, model.intercept_
    if len(model.classes_) == 2:  # one row, for the second label
        coefficients, biases = np.vstack([-coefficients / 2, coefficients / 2]), np.hstack([-biases / 2, biases / 2])
    named = zip(columns.names, columns.plain(coefficients).T.tolist(), strict=True)
    return Choice(
        tuple(map(str, model.classes_)), tuple(biases.tolist()), {name: tuple(values) for name, values in named}
    )


def parts_of(articles: Collection[str], count: int) -> Mapping[str, int]:
    """The part that each article falls in, of ``count`` parts of about one size."""
    return {name: i % count for i, name in enumerate(sorted(set(articles)))}


class _Columns:
    """Rows of named features as a matrix."""

    def __init__(self, rows: Sequence[Features], seen: int, *, scaled: bool) -> None:
        counts = Counter(name for row in rows for name, value in row.items() if value)
        kept = {name for name, count in counts.items() if count >= seen}
        vectorizer = DictVectorizer(sparse=not scaled)
        self.matrix: Any = vectorizer.fit_transform([{k: v for k, v in row.items() if k in kept} for row in rows])
        self.names = [str(name) for name in vectorizer.get_feature_names_out()]
        self.spread = np.maximum(self.matrix.std(axis=0), 1e-6) if scaled else np.ones(len(self.names))
        if scaled:
            self.matrix = self.matrix / self.spread

    def fit(self, answers: Sequence[Any], penalty: float, weights: Sequence[float] | None) -> LogisticRegression:
        return LogisticRegression(C=penalty, max_iter=5000).fit(self.matrix, np.array(answers), sample_weight=weights)

    def plain(self, coefficients: Any) -> Any:
        """Weights of the features as they are, of those of the columns."""
        return coefficients / self.spread
