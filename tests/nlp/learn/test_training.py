"""Each model trains for a few steps on a few lines, is saved, loads, and predicts the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from nlp.artifacts import verify
from nlp.encoders import LABELS, CrossEncoder, MiniLM

pytestmark = pytest.mark.train


def test_stance_trains_resumes_exports_and_predicts_the_same(
    shared: Path, gold: Path, bank: Path, tmp_path: Path
) -> None:
    from nlp.learn import stance

    public, statements, articles = (
        replace(each, epochs=1, batch=4) for each in (stance.PUBLIC, stance.STATEMENTS, stance.ARTICLES)
    )
    recipes = stance.Recipes(public, statements, replace(articles, epochs=2))
    data = stance.Data(shared, gold, bank, limit=12)
    model = stance.train(tmp_path / "work", data, recipes)
    pairs = [("Dr Menon: she would never sign it", "The contract should be signed."), ("It rained.", "Fees should go.")]
    first = stance.score(model, pairs)
    resumed = stance.train(tmp_path / "work", data, recipes)
    assert np.allclose(first, stance.score(resumed, pairs), atol=1e-4)

    sets = replace(stance.dev_sets(shared, gold, bank), bank=stance.dev_sets(shared, gold, bank).bank[:10])
    scores = stance.write_stance(model, tmp_path / "model", sets, gold, bank)
    manifest = verify(tmp_path / "model", kind="stance", features=LABELS)
    assert manifest.scores == scores and scores
    shipped = CrossEncoder(tmp_path / "model")
    assert np.allclose(first, shipped.logits(pairs), atol=0.35), "int8 and bfloat16 both round"
    assert np.array_equal(shipped.logits(pairs), CrossEncoder(tmp_path / "model").logits(pairs))


def test_the_head_reads_articles_with_a_cross_encoder_that_does_not_know_them(
    shared: Path, gold: Path, bank: Path, tmp_path: Path
) -> None:
    from nlp.annotations import read_gold
    from nlp.language import load_models
    from nlp.learn import stance
    from nlp.learn.examined import Half, examine, reader_of
    from nlp.topics import load_topics

    recipes = stance.Recipes(
        replace(stance.PUBLIC, epochs=0),
        replace(stance.STATEMENTS, epochs=1, batch=4),
        replace(stance.ARTICLES, epochs=1, batch=4),
    )
    stance.train_half(tmp_path, stance.Data(shared, gold, bank, limit=8), 0, recipes)
    models = load_models()
    reader = reader_of(models, Half(tmp_path / "without-0"), np.zeros(385, dtype=np.float32))
    found = examine(read_gold(gold, "train")[0], load_topics(gold / "topics.json"), models, reader)
    labels = {case.label for case in found.cases}
    assert len(found.cases) == len(found.readings) and labels & set(LABELS)


def test_language_trains_resumes_and_predicts_the_same(shared: Path, gold: Path, tmp_path: Path) -> None:
    from nlp.learn import language

    data = shared / "datasets" / "train"
    first = language.train(tmp_path / "work", data, gold, epochs=1, limit=4)
    again = language.train(tmp_path / "work", data, gold, epochs=1, limit=4)
    text = "Dr Asha Menon of Fenland LMC rejected the plan."
    assert [t.tag_ for t in first(text)] == [t.tag_ for t in again(text)]
    assert [(t.dep_, t.head.i) for t in first(text)] == [(t.dep_, t.head.i) for t in again(text)]
    assert first.vocab["Board"].has_vector and first.vocab["board"].has_vector


def test_encoder_is_true_to_the_original(gold: Path, tmp_path: Path) -> None:
    """Mean cosine and nearest neighbours on 500 sentences of the gold corpus; swapping it for the wheel's works."""
    from importlib.resources import files

    from nlp.learn import encoder
    from nlp.learn.base import base_folder
    from nlp.user_encoder import UserEncoder

    sentences = encoder.gold_sentences(Path(str(files("corpora") / "gold")), "train")
    assert len(sentences) == encoder.SAMPLE
    original = encoder.original_vectors(sentences)
    shipped = MiniLM(Path(str(files("models") / "encoder-minilm-int8")))
    found = encoder.compare(original, shipped.encode(sentences))
    assert found.cosine >= 0.985 and found.neighbours >= 0.9
    users = UserEncoder(str(base_folder()))
    assert np.allclose(users.encode(sentences[:8]), original[:8], atol=1e-5)
