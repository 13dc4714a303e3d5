"""What the models of attribution learn from: cases of gold articles, and a regression that finds the sign."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("sklearn", reason="needs scikit-learn (pip install -e '.[train]')")

from nlp.annotations import GoldDocument, read_gold
from nlp.language import HEADS, load_heads, load_models
from nlp.learn.attribution import Case, fit, holder_cases, reported_cases, source_cases

pytestmark = pytest.mark.train
GOLD = Path("corpora/gold")


@pytest.fixture(scope="module")
def document() -> GoldDocument:
    """The train article with most reported speech."""
    return max(read_gold(GOLD, "train"), key=lambda d: sum(s.manner == "indirect" for s in d.annotation.statements))


def test_a_feature_of_right_cases_gets_a_positive_weight() -> None:
    cases = [Case("a", {"good": 1.0, "rare": 1.0}, True), Case("a", {"bad": 1.0}, False)]
    cases += [Case("a", {"good": 1.0}, True), Case("a", {"bad": 1.0}, False)] * 5
    model = fit(cases)
    assert model.weights["good"] > 0 > model.weights["bad"]
    assert "rare" not in model.weights
    assert model.probability({"good": 1.0}) > 0.5 > model.probability({"bad": 1.0})


def test_every_model_has_right_and_wrong_cases_of_an_article(document: GoldDocument) -> None:
    language, heads = load_models().language, load_heads()[0]
    for cases in (
        reported_cases(document, language),
        holder_cases(document, language, heads["reported"]),
        source_cases(document, language, heads["reported"], heads["holder"]),
    ):
        assert {case.answer for case in cases} == {True, False}
        assert {case.article for case in cases} == {document.name}


def test_a_verb_inside_what_is_reported_is_right_far_less_often(document: GoldDocument) -> None:
    cases = reported_cases(document, load_models().language)
    inner = [case.answer for case in cases if {"under-cue", "dep=ccomp"} <= case.features.keys()]
    outer = [case.answer for case in cases if "dep=ROOT" in case.features]
    assert inner and outer and sum(inner) / len(inner) < 0.5 * sum(outer) / len(outer)


def test_the_shipped_models_are_those_that_the_program_asks_for() -> None:
    heads, manifest = load_heads()
    assert tuple(heads) == HEADS == manifest.features
    assert all(model.weights for model in heads.values())
