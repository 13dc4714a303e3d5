"""What tells that a holder takes a position in an article: statements together, and what others say."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from nlp.bearing import Bearing
from nlp.encoders import LABELS, Floats
from nlp.polarity import read_polarity
from nlp.position_features import SURE, by_holder, log_odds, position_features
from nlp.records import Capacity, Evidence, Genre, Manner, Span, StakeholderKind, Statement, Topic
from nlp.stance_features import Reading

TEXT = "The levy is a mistake, she said."


def reading(
    holder: str, topic: str, *, confidence: float = 0.9, body: str | None = None, named: float = 0.8
) -> Reading:
    statement = Statement(
        f"{holder}-{topic}",
        holder,
        Manner.INDIRECT,
        (Span(0, len(TEXT), TEXT),),
        Evidence(confidence, "cue", "said"),
        on_behalf_of=body,
        capacity=Capacity.OFFICIAL if body else Capacity.UNSPECIFIED,
    )
    return Reading(
        statement=statement,
        bearing=Bearing(Topic(topic, topic, f"There should be a {topic}."), (named,), (0.4,)),
        scores=np.zeros(len(LABELS), dtype=np.float32),
        inside=range(1),
        polarity=read_polarity(TEXT, 0, len(TEXT)),
        governed={},
        tone=0.0,
        leaning=0.0,
        back=False,
        rule=None,
        kind=StakeholderKind.PERSON,
        genre=Genre.NEWS,
    )


def likely(*bears: float) -> Sequence[Floats]:
    return [np.array([each, 0, 0, 0, 0, 1 - each], dtype=np.float32) for each in bears]


def test_statements_are_gathered_by_holder_and_topic() -> None:
    rows = [reading("ann", "levy"), reading("bob", "levy"), reading("ann", "levy"), reading("ann", "tariff")]
    assert by_holder(rows) == {("ann", "levy"): [0, 2], ("bob", "levy"): [1], ("ann", "tariff"): [3]}


def test_all_statements_of_a_holder_tell_together() -> None:
    found = position_features([reading("ann", "levy")] * 2, likely(0.5, 0.5))["ann", "levy"]
    assert found["bears: surest"] == found["bears: second"] == pytest.approx(0)
    assert found["bears: any"] == pytest.approx(log_odds(0.75)) and found["bears: on average"] == pytest.approx(0)


def test_one_statement_has_no_second_and_stands_for_all() -> None:
    found = position_features([reading("ann", "levy")], likely(0.7))["ann", "levy"]
    assert found["bears: second"] == pytest.approx(-SURE) and found["others: behind the likeliest topic"] == 0.0
    assert found["others: holders on average"] == found["others: surest holder"] == found["bears: surest"]


def test_other_topics_of_the_holder_and_other_holders_are_rivals() -> None:
    rows = [reading("ann", "levy"), reading("ann", "tariff"), reading("bob", "levy")]
    found = position_features(rows, likely(0.3, 0.8, 0.6))["ann", "levy"]
    assert found["others: behind the likeliest topic"] == pytest.approx(log_odds(0.8) - log_odds(0.3), abs=1e-5)
    assert found["others: surest holder"] == pytest.approx(log_odds(0.6), abs=1e-5)
    assert found["others: holders on average"] == pytest.approx(log_odds(0.45), abs=1e-5)


def test_who_names_two_proposals_speaks_on_both() -> None:
    rows = [reading("ann", "levy", named=1.0), reading("ann", "tariff")]
    found = position_features(rows, likely(0.3, 0.8))["ann", "levy"]
    assert found["names: by a phrase"] == 1.0 and found["others: behind the likeliest topic"] == 0.0


def test_the_clearest_statement_shows_how_it_is_told() -> None:
    rows = [reading("ann", "levy", confidence=0.9), reading("ann", "levy", confidence=0.6, body="lmc")]
    found = position_features(rows, likely(0.2, 0.7))["ann", "levy"]
    assert found["told: officially"] == 1.0 and found["told: holder"] == pytest.approx(log_odds(0.6))
    assert found["told: surest holder"] == 0.9 and found["told: by person"] == found["told: in news"] == 1.0


def test_log_odds_are_cut_where_they_are_sure() -> None:
    assert (log_odds(0.0), log_odds(1.0), log_odds(0.5)) == pytest.approx((-SURE, SURE, 0))
