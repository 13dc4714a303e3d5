"""Expressions of a view: negation, concession, conditions, and what they add up to."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.polarity import Polarity, add_cue, decide_view, read_polarity
from nlp.records import StanceLabel


def view(text: str) -> StanceLabel | None:
    return decide_view(read_polarity(text, 0, len(text)), 1.0)[0]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("It is the right thing to do and we welcome it.", StanceLabel.SUPPORT),
        ("It would be a disaster and we are opposed to it.", StanceLabel.OPPOSE),
        ("We do not support it.", StanceLabel.OPPOSE),
        ("It is not a good idea.", StanceLabel.OPPOSE),
        ("We could support it provided that the board has a lay majority.", StanceLabel.CONDITIONAL),
        ("The meeting begins at ten and lunch is at one.", None),
    ],
)
def test_a_sentence_shows_its_view(text: str, label: StanceLabel | None) -> None:
    assert view(text) is label


def test_only_the_stretch_is_read() -> None:
    text = "We welcome it. The meeting begins at ten."
    assert read_polarity(text, text.index("The"), len(text)).hits == ()


def test_words_of_the_topics_own_name_show_no_view() -> None:
    text = "The Better Care Fund begins in April."
    assert read_polarity(text, 0, len(text), [(4, 20)]).hits == ()


def test_a_negated_verb_of_support_weighs_against() -> None:
    empty = Polarity(0.0, 0.0, (), False, False, None, False)
    assert decide_view(add_cue(empty, "welcome", False), 1.0)[0] is StanceLabel.SUPPORT
    assert decide_view(add_cue(empty, "welcome", True), 1.0)[0] is StanceLabel.OPPOSE


@settings(max_examples=200, deadline=None)
@given(st.floats(0, 20), st.floats(0, 20), st.booleans(), st.floats(0.1, 3))
def test_turning_the_weights_round_turns_the_view_round(
    support: float, oppose: float, mixed: bool, least: float
) -> None:
    turned = {StanceLabel.SUPPORT: StanceLabel.OPPOSE, StanceLabel.OPPOSE: StanceLabel.SUPPORT}
    one, factor = decide_view(Polarity(support, oppose, (), False, False, None, mixed), least)
    other, same = decide_view(Polarity(oppose, support, (), False, False, None, mixed), least)
    assert 0.0 <= factor <= 1.0 and factor == same
    if support != oppose:
        assert other is (turned.get(one, one) if one else None)
