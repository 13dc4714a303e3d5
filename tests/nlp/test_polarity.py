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


def _of(name: str, text: str, *, undoing: bool = False) -> StanceLabel | None:
    at = text.lower().index(name)
    return decide_view(read_polarity(text, 0, len(text), [(at, at + len(name))], undoing=undoing), 1.0)[0]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Scrapping the care cap would be a betrayal.", StanceLabel.SUPPORT),
        ("Scrapping the care cap would be the right thing.", StanceLabel.OPPOSE),
        ("They told ministers to end the care cap.", StanceLabel.OPPOSE),
        ("They told ministers not to abandon the care cap.", StanceLabel.SUPPORT),
        ("The care cap should be scrapped.", StanceLabel.OPPOSE),
        ("The care cap should not be scrapped.", StanceLabel.SUPPORT),
        ("They would hate to lose the care cap.", StanceLabel.SUPPORT),
        ("The care cap must stay.", StanceLabel.SUPPORT),
        ("It would be a mistake to keep the care cap.", StanceLabel.OPPOSE),
    ],
)
def test_what_is_said_of_the_end_of_a_proposal_counts_the_other_way_round(text: str, label: StanceLabel | None) -> None:
    assert _of("care cap", text) is label


def test_a_proposal_to_end_something_is_not_turned_round_by_its_own_verb() -> None:
    text = "Closing the centre would be the right thing."
    assert _of("centre", text, undoing=True) is StanceLabel.SUPPORT
    assert _of("centre", text) is StanceLabel.OPPOSE


@pytest.mark.parametrize(
    "text",
    [
        "She had yet to reach a view.",
        "It has not taken a position on that.",
        "They have not decided.",
        "He is undecided.",
    ],
)
def test_who_says_to_have_no_view_shows_none(text: str) -> None:
    told = read_polarity(text, 0, len(text))
    assert told.none and decide_view(told, 1.0)[0] is None
