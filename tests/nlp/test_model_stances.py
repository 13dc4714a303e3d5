"""From probabilities to stances: which topic a statement bears on, what is unclear, and what each stance tells."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from nlp.bearing import Bearing
from nlp.encoders import LABELS, Floats
from nlp.linear import LinearModel
from nlp.model_stances import ASIDE, CLEAR, LEAST, hold, pool, stances_of
from nlp.polarity import read_polarity, tells_former_view
from nlp.positions import derive_positions, observe
from nlp.records import (
    Analysis,
    Article,
    Block,
    BlockKind,
    Evidence,
    Manner,
    Run,
    StakeholderKind,
    Stance,
    StanceLabel,
    Statement,
    Strength,
    Topic,
)
from nlp.stance_features import Reading, features

LEVY, SHOPS = (Topic(id, id.title(), f"There should be a {id}.") for id in ("levy", "subsidy"))


def article(text: str) -> Article:
    return Article("a", "test", text, "text 1", blocks=(Block(BlockKind.PARAGRAPH, 0, len(text)),))


def reading(made: Article, topic: Topic, *, named: float = 1.0, scores: Sequence[float] = (0,) * 6) -> Reading:
    whole = made.span(0, len(made.text))
    return Reading(
        statement=Statement("s1", "ann", Manner.INDIRECT, (whole,), Evidence(0.9, "cue", "said")),
        bearing=Bearing(topic, (named,), (0.5,)),
        scores=np.array(scores, dtype=np.float32),
        inside=range(1),
        polarity=read_polarity(made.text, 0, len(made.text)),
        governed={},
        tone=0.0,
        leaning=0.0,
        back=False,
        rule=None,
        kind=StakeholderKind.PERSON,
        genre=None,
    )


def sure(label: str, likely: float) -> Floats:
    found = np.zeros(len(LABELS), dtype=np.float32)
    found[-1] = 1 - likely
    found[LABELS.index(label)] = likely
    return found


def only(text: str, label: str, likely: float = 0.9) -> Stance:
    made = article(text)
    (stance,) = stances_of(made, [reading(made, LEVY)], [sure(label, likely)])
    return stance


def test_a_likely_stance_is_given_with_its_confidence() -> None:
    stance = only("the levy is a mistake", "oppose")
    assert (stance.label, stance.topic, stance.holder) == (StanceLabel.OPPOSE, "levy", "ann")
    assert (
        stance.evidence.confidence == pytest.approx(0.81, abs=1e-3)
        and "speaks against the proposal" in stance.evidence.reason
    )


def test_an_unsure_stance_is_unclear_and_makes_no_position() -> None:
    made = article("the levy is a mistake")
    (stance,) = stances_of(made, [reading(made, LEVY)], [sure("oppose", (CLEAR + LEAST) / 2)])
    assert stance.label is StanceLabel.UNCLEAR
    analysis = Analysis(made, Run("0", "0", ()), (), (), (), (stance,), (), ())
    assert derive_positions([observe(analysis, stance, {})]) == ()


def test_an_unlikely_stance_is_none() -> None:
    made = article("the levy is a mistake")
    assert list(stances_of(made, [reading(made, LEVY)], [sure("oppose", LEAST - 0.05)])) == []


def test_a_statement_bears_on_the_topics_that_it_names_alone() -> None:
    made = article("the levy is a mistake")
    rows = [reading(made, LEVY), reading(made, SHOPS, named=0.0)]
    assert [s.topic for s in stances_of(made, rows, [sure("oppose", 0.8), sure("oppose", 0.9)])] == ["levy"]


def test_a_statement_that_names_no_topic_bears_on_the_likeliest() -> None:
    made = article("it is a mistake")
    rows = [reading(made, LEVY, named=0.0), reading(made, SHOPS, named=0.0)]
    assert [s.topic for s in stances_of(made, rows, [sure("oppose", 0.8), sure("oppose", 0.9)])] == ["subsidy"]


def test_the_words_give_strength_condition_and_former_view() -> None:
    stance = only("we could support the levy only if the money stays here, and that is a red line", "conditional")
    assert stance.strength is Strength.STRONG
    assert stance.condition is not None and stance.condition.text == "only if the money stays here"
    turned = only("originally I was not in favour of the levy but now I back it", "support")
    assert turned.earlier is StanceLabel.OPPOSE


def test_what_a_holder_says_elsewhere_of_the_topic_weighs_in() -> None:
    made = article("the levy is a mistake")
    doubtful, clear = sure("support", 0.5), sure("oppose", 0.5)
    doubtful[:2] = (0.26, 0.24)
    one, _ = pool([reading(made, LEVY), reading(made, LEVY)], [doubtful, clear])
    assert one[1] > one[0] and one[-1] == pytest.approx(0.5)
    (alone,) = pool([reading(made, LEVY)], [doubtful])
    assert alone[0] > alone[1]


def test_the_surest_statement_is_as_likely_as_that_its_holder_takes_a_position() -> None:
    made = article("the levy is a mistake")
    rows = [reading(made, LEVY), reading(made, LEVY)]
    always = LinearModel(np.log(3.0), {})
    first, second = hold(rows, [sure("oppose", 0.5), sure("support", 0.25)], always)
    assert first == pytest.approx(sure("oppose", 0.75), abs=1e-5) and second == pytest.approx(sure("support", 0.375))


def test_a_view_told_as_one_of_the_past_is_the_other_side_of_todays() -> None:
    made = article("five years ago we voted against the levy")
    past = replace(reading(made, LEVY, scores=(0, 4, 0, 0, 0, 0)), former=True)
    (read,) = pool([past], [sure("oppose", 0.9)])
    assert LABELS[int(read[:-1].argmax())] == "support"
    (stance,) = stances_of(made, [past], [read])
    assert (stance.label, stance.earlier) == (StanceLabel.SUPPORT, StanceLabel.OPPOSE)


@pytest.mark.parametrize(
    ("text", "former"),
    [
        ("At first we were against the levy", True),
        ("I was once a supporter of the levy", True),
        ("I used to think it a tax, but I have changed my mind", False),
        ("The levy is a mistake", False),
    ],
)
def test_a_view_of_the_past_alone_is_told_from_a_turn_of_mind(text: str, former: bool) -> None:
    assert tells_former_view(text, 0, len(text)) is former


def test_features_have_names_and_say_what_the_rest_of_the_article_shows() -> None:
    made = article("the levy is a mistake")
    first = reading(made, LEVY, scores=(0, 4, 0, 0, 0, 0))
    alone = features([first])
    assert alone[0]["holder: says no more"] == 1.0 and alone[0]["cross: for less against"] == -4.0
    second = reading(made, LEVY, scores=(0, 4, 0, 0, 0, 0))
    both = features([first, second])
    assert "holder: says no more" not in both[0] and both[0]["holder: bears on it elsewhere"] > 0.9
    assert both[0]["holder: for less against elsewhere"] < 0


def test_what_is_told_aside_must_be_likelier_to_be_a_position() -> None:
    made = article("pharmacies would receive a fee")
    rows = [reading(made, LEVY, named=named) for named in (0.0, 1.0)]
    told = [next(stances_of(made, [row], [sure("neutral", (CLEAR + ASIDE) / 2)])).label for row in rows]
    assert told == [StanceLabel.UNCLEAR, StanceLabel.NEUTRAL]
