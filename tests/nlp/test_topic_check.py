"""What a topic would catch and what it would narrowly miss, each with its reason. The models are stand-ins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import cast

import numpy as np
import pytest

from nlp.encoders import LABELS, Floats
from nlp.language import Models, load_models
from nlp.linear import Choice, Features, LinearModel
from nlp.pipeline import analyse
from nlp.records import Article, PartialDate, StanceLabel, Topic
from nlp.stance_head import StanceHead
from nlp.stance_reader import PairScorer, StanceReader
from nlp.topic_check import Catch, check_topic_on

LEVY = Topic("levy", "Parking levy", "Councils should charge a parking levy.", "", ("parking levy",))
BARE = Topic("winter-charge", "Winter charge", "Drivers should pay more in winter.")
TEXT = """Council meets on Tuesday

Cllr Ann Hale said: ‘The parking levy is a mistake for this town and I will vote against it.’

Tom Reed, a shopkeeper, said: ‘The high street would be empty by Christmas.’

The meeting begins at seven. It is open to all.
"""


class Through(StanceHead):
    """A head that takes the cross-encoder at its word."""

    def probabilities(self, found: Features) -> Floats:
        return np.exp(np.array([found[f"cross: {label}"] for label in LABELS], dtype=np.float32))


HEAD = Through(
    LinearModel(0.0, {}), Choice((), (), {}), np.zeros(385, dtype=np.float32), LinearModel(0.0, {"bears: surest": 1.0})
)


class Reader(StanceReader):
    """Cosines by claim, and probabilities by a word of the statement."""

    def __init__(self, near: dict[str, float], labels: dict[str, tuple[str, float]]) -> None:
        models = load_models()
        super().__init__(models.encoder, models.encoder, cast(PairScorer, None), HEAD, models.language)
        self.near, self.labels = near, labels

    def scores(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        return np.log(np.maximum(self.probabilities(pairs), 1e-6))

    def likeness(self, texts: Sequence[str], claims: Sequence[str]) -> Floats:
        return np.array([[self.near.get(claim, 0.0) for claim in claims] for _ in texts], dtype=np.float32)

    def probabilities(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        found = np.zeros((len(pairs), len(LABELS)), dtype=np.float32)
        for row, (line, _) in enumerate(pairs):
            said = line.split(" || ")[0]
            told = (answer for word, answer in self.labels.items() if word in said)
            label, sure = next(told, ("none", 1.0))
            found[row, -1] = 1 - sure
            found[row, LABELS.index(label)] = sure
        return found


def models_with(reader: Reader | None) -> Models:
    return replace(load_models(), reader=reader)


def check(topic: Topic, reader: Reader | None, *others: Topic, published: str | None = None) -> list[Catch]:
    models = models_with(reader)
    date = PartialDate.parse(published) if published else None
    analysis = analyse(Article("a", "t", TEXT, "text 1", published=date), others, models)
    return list(check_topic_on(analysis, topic, others, models))


def only_miss(found: Sequence[Catch], holder: str) -> Catch:
    (miss,) = [each for each in found if each.holder == holder]
    assert not miss.caught
    return miss


def test_what_is_caught_comes_with_its_score_and_reason() -> None:
    caught = [each for each in check(LEVY, Reader({}, {"mistake": ("oppose", 0.95)})) if each.caught]
    assert [(each.holder, each.label, each.statement) for each in caught] == [("ann-hale", StanceLabel.OPPOSE, "s1")]
    assert 0.7 <= caught[0].score <= 1 and caught[0].reason and "mistake" in caught[0].text


def test_a_statement_that_names_the_proposal_without_a_sure_stance_is_a_near_miss() -> None:
    topic = replace(LEVY, phrases=("for this town", "parking levy"))
    miss = only_miss(check(topic, Reader({}, {"mistake": ("neutral", 0.2)})), "ann-hale")
    assert (miss.label, miss.score) == (StanceLabel.NEUTRAL, pytest.approx(0.2))
    assert "names the proposal" in miss.reason and "neutral is the likeliest with 0.20" in miss.reason


def test_a_near_statement_of_an_article_that_names_nothing_says_what_is_lacking() -> None:
    miss = only_miss(check(BARE, Reader({BARE.claim: 0.45}, {"high street": ("oppose", 0.9)})), "tom-reed")
    assert miss.score == pytest.approx(0.9) and "nearness to the claim is 0.45" in miss.reason
    assert "the article names it too little" in miss.reason


def test_a_topic_that_must_be_named_misses_what_is_only_near() -> None:
    topic = replace(BARE, phrases=("winter charge",), named_only=True)
    miss = only_miss(check(topic, Reader({BARE.claim: 0.6}, {"high street": ("oppose", 0.9)})), "tom-reed")
    assert "none of the phrases" in miss.reason


def test_a_statement_that_another_topic_took_is_a_near_miss_that_names_it() -> None:
    other = Topic("shops", "Shops", "The high street should be kept open.", "", ("high street",))
    found = check(LEVY, Reader({LEVY.claim: 0.6, other.claim: 0.6}, {"high street": ("oppose", 0.95)}), other)
    miss = only_miss(found, "tom-reed")
    assert "read as a statement on shops" in miss.reason


def test_far_and_unlikely_statements_are_no_near_misses() -> None:
    assert check(BARE, Reader({}, {"high street": ("oppose", 0.9)})) == []
    assert check(BARE, Reader({BARE.claim: 0.45}, {"high street": ("oppose", 0.2)})) == []


def test_an_article_out_of_the_topics_time_has_neither() -> None:
    late = replace(LEVY, start=date(2020, 1, 1))
    assert check(late, Reader({LEVY.claim: 0.9}, {"mistake": ("oppose", 0.95)}), published="2015-05-01") == []


def test_without_a_model_only_what_the_rules_catch_is_told() -> None:
    assert all(each.caught for each in check(LEVY, None))
