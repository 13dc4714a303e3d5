"""The shipped encoders: shapes, order, and equal results whatever else an article holds."""

from __future__ import annotations

import numpy as np
import pytest

from nlp.encoders import LABELS, CrossEncoder
from nlp.language import STANCE, Models, folder_of, load_models
from nlp.stance_reader import StanceReader


@pytest.fixture(scope="module")
def models() -> Models:
    return load_models()


def _reader(models: Models) -> StanceReader:
    assert models.reader is not None
    return models.reader


def test_vectors_have_unit_length_and_follow_the_order_of_the_texts(models: Models) -> None:
    texts = [
        "a single budget for health and care",
        "x",
        "wind turbines on the hill " * 30,
        "one pot for NHS and council",
    ]
    vectors = models.encoder.encode(texts)
    assert vectors.shape == (4, 384) and np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert vectors[0] @ vectors[3] > vectors[0] @ vectors[2]


@pytest.mark.parametrize("texts", [[], [""], ["🏥 \x00 é\u0301"]])
def test_odd_texts_are_encoded(models: Models, texts: list[str]) -> None:
    assert models.encoder.encode(texts).shape == (len(texts), 384)
    assert _reader(models).probabilities([(text, text) for text in texts]).shape == (len(texts), len(LABELS))


def test_probabilities_sum_to_one_and_read_the_claim(models: Models) -> None:
    text = "Dr Menon: she told the board that the budgets must never be merged || The plan was published on Monday."
    rows = _reader(models).probabilities(
        [(text, "NHS and council budgets should be merged."), (text, "More wind turbines should be built on land.")]
    )
    assert np.allclose(rows.sum(axis=1), 1, atol=1e-5)
    none = LABELS.index("none")
    assert rows[0][none] < rows[1][none]


def test_likeness_does_not_depend_on_other_topics(models: Models) -> None:
    texts, claims = ["one pot for health and care"], ["Budgets should be merged.", "A third runway should be built."]

    def fresh() -> StanceReader:  # of its own, as each remembers the claims it has seen
        stance = CrossEncoder(folder_of(STANCE))
        return StanceReader(models.encoder, models.encoder, stance, _reader(models).head, models.language)

    alone = fresh().likeness(texts, claims[:1])
    both = fresh().likeness(texts, claims)
    assert np.allclose(alone[:, 0], both[:, 0], atol=1e-6)
