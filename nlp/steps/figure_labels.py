"""Kind, direction and status of a figure: the rules' answers, or what the figure models make of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from nlp.linear import Choice
from nlp.records import Direction, FigureKind, FigureStatus
from nlp.steps.figure_features import Case, Labels, read_features


class Labeller(Protocol):
    """Says what a figure is taken for."""

    def __call__(self, case: Case) -> Labels: ...


def label_by_rules(case: Case) -> Labels:
    """The rules' own answers."""
    return case.by_rules


@dataclass(frozen=True, slots=True)
class ModelLabeller:
    """The likeliest labels by the models, one for each of ``nlp.language.FIGURE_FIELDS``.

    A kind that no model knows, as the training data has none of it, stays as the rules say.
    """

    models: Mapping[str, Choice]

    def __call__(self, case: Case) -> Labels:
        features, rules = read_features(case), case.by_rules
        kinds = self.models["kind"]
        return Labels(
            FigureKind(kinds.choose(features)) if rules.kind in kinds.labels else rules.kind,
            Direction(self.models["direction"].choose(features)),
            FigureStatus(self.models["status"].choose(features)),
        )


def labeller_of(models: Mapping[str, Choice]) -> Labeller:
    """The labeller of these models; the rules without any."""
    return ModelLabeller(models) if models else label_by_rules
