"""Which of several proposals a statement is about that names none."""

from __future__ import annotations

import numpy as np

from nlp.bearing import Bearing
from nlp.course import UNNAMED, follow, meant
from nlp.encoders import LABELS, Floats
from nlp.polarity import read_polarity
from nlp.records import Article, Evidence, Manner, StakeholderKind, Statement, Topic
from nlp.stance_features import Reading

TEXT = "It cannot go on."


def _reading(topic: str, *named: float) -> Reading:
    """A statement in the last of as many sentences as there are numbers, which say how far each names the topic."""
    made = Article("a", "test", TEXT, "text 1")
    last = len(named) - 1
    return Reading(
        statement=Statement("s1", "ann", Manner.INDIRECT, (made.span(0, len(TEXT)),), Evidence(0.9, "cue", "said")),
        bearing=Bearing(Topic(topic, topic, f"There should be a {topic}."), named, [0.5] * len(named)),
        scores=np.zeros(len(LABELS), dtype=np.float32),
        inside=range(last, last + 1),
        polarity=read_polarity(TEXT, 0, len(TEXT)),
        governed={},
        tone=0.0,
        leaning=0.0,
        back=False,
        rule=None,
        kind=StakeholderKind.PERSON,
        genre=None,
    )


def _bears(likely: float) -> Floats:
    return np.array([likely, *[0.0] * (len(LABELS) - 2), 1 - likely], dtype=np.float32)


def test_a_topic_that_comes_later_is_not_meant_where_another_was_named() -> None:
    one, other = follow([_reading("levy", 1.0, 0.0), _reading("toll", 0.0, 0.0)], [_bears(0.4), _bears(0.8)])
    assert np.allclose([1 - one[-1], 1 - other[-1]], [0.4, 0.8 * UNNAMED], atol=1e-5)


def test_where_no_topic_has_been_named_all_stay_as_they_are() -> None:
    rows = [_bears(0.4), _bears(0.8)]
    assert follow([_reading("levy", 0.0, 0.0), _reading("toll", 0.0, 0.0)], rows) == rows


def test_a_statement_that_names_a_topic_keeps_what_it_says_of_others() -> None:
    rows = [_bears(0.4), _bears(0.8)]
    assert follow([_reading("levy", 0.0, 1.0), _reading("toll", 0.0, 0.0)], rows) == rows


def test_what_was_named_right_before_is_meant() -> None:
    near, far = _reading("levy", 0.0, 0.0, 0.0, 0.0, 1.0, 0.0), _reading("toll", 1.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    assert meant([(near, _bears(0.3)), (far, _bears(0.6))])[0] is near
    assert meant([(near, _bears(0.1)), (far, _bears(0.6))])[0] is far


def test_what_was_named_last_is_meant_some_sentences_on() -> None:
    last, first = _reading("levy", 0.0, 1.0, *[0.0] * 5), _reading("toll", 1.0, 0.0, *[0.0] * 5)
    assert meant([(last, _bears(0.3)), (first, _bears(0.6))])[0] is last
