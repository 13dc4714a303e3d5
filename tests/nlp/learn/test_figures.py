"""What the models of figures learn from: the figures of gold articles, each with the answers of its gold row."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("sklearn", reason="needs scikit-learn (pip install -e '.[train]')")

from nlp.annotations import GoldDocument, read_gold
from nlp.language import FIGURE_FIELDS, load_figure_models
from nlp.learn.figures import Example, accuracy, examples_of, fit, paired, read_figures
from nlp.records import FigureKind
from nlp.steps.figure_labels import label_by_rules, labeller_of

pytestmark = pytest.mark.train
GOLD = Path("corpora/gold")


@pytest.fixture(scope="module")
def documents() -> tuple[GoldDocument, ...]:
    """The five train articles with most figures."""
    return tuple(sorted(read_gold(GOLD, "train"), key=lambda d: -len(d.annotation.figures))[:5])


def test_a_feature_speaks_for_the_label_it_is_seen_with() -> None:
    def example(feature: str, kind: str) -> Example:
        return Example("a", {feature: 1.0, "common": 1.0}, {"kind": kind})

    examples = [example("verb=earn", "income"), example("verb=charge", "cost")] * 4
    model = fit([*examples, example("rare", "cost")], "kind")
    earns, charges = model.probabilities({"verb=earn": 1.0}), model.probabilities({"verb=charge": 1.0})
    assert earns["income"] > charges["income"] and charges["cost"] > earns["cost"]
    assert "rare" not in model.weights


def test_every_example_is_a_place_of_a_gold_figure_and_its_places_count_one(
    documents: tuple[GoldDocument, ...],
) -> None:
    for document in documents:
        examples = examples_of(document)
        rows = paired(document, read_figures(document, label_by_rules))
        assert sum(example.first for example in examples) == len(rows) <= len(document.annotation.figures)
        assert sum(example.weight for example in examples) == pytest.approx(len(rows))
        assert {example.answers["kind"] for example in examples} <= set(FigureKind)


def test_the_shipped_models_are_asked_for_and_beat_the_rules_on_what_they_learnt(
    documents: tuple[GoldDocument, ...],
) -> None:
    models, manifest = load_figure_models()
    assert tuple(models) == FIGURE_FIELDS == manifest.features
    learnt, rules = accuracy(documents, labeller_of(models)), accuracy(documents, label_by_rules)
    assert all(learnt[name] > rules[name] for name in FIGURE_FIELDS)
