"""Kind, direction and status of a figure: the rules' answers, or what the figure models make of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from nlp.linear import Choice, Choices
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

    models: Choices

    def __call__(self, case: Case) -> Labels:
        chosen, rules = self.models.choose(read_features(case)), case.by_rules
        known = rules.kind in self.models["kind"].labels
        return Labels(
            FigureKind(chosen["kind"]) if known else rules.kind,
            Direction(chosen["direction"]),
            FigureStatus(chosen["status"]),
        )


def labeller_of(models: Mapping[str, Choice]) -> Labeller:
    """The labeller of these models; the rules without any."""
    if not models:
        return label_by_rules
    return ModelLabeller(models if isinstance(models, Choices) else Choices(models))
