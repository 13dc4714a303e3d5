"""Positions are arithmetic over stances: which sides, how recent, how often, and for whom."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.pipeline import analyse
from nlp.positions import Observation, article_positions, decide_label, derive_positions
from nlp.records import (
    Article,
    Evidence,
    PartialDate,
    Position,
    Precision,
    Span,
    Stance,
    StanceLabel,
    Strength,
)

SUPPORT, OPPOSE, MIXED = StanceLabel.SUPPORT, StanceLabel.OPPOSE, StanceLabel.MIXED
CONDITIONAL, NEUTRAL, UNCLEAR = StanceLabel.CONDITIONAL, StanceLabel.NEUTRAL, StanceLabel.UNCLEAR
DAY = date(2014, 5, 14)
WORDS = (
    "a single budget would end the quarrel between the county and its surgeries",
    "nobody has shown me how the money would reach a practice in time for winter",
    "we were promised a report in March and it has still not been printed",
    "the hospital has already spent what it was given for the whole of the year",
)


def seen(
    label: StanceLabel,
    *,
    on: date | None = DAY,
    words: str = WORDS[0],
    story: str = "one",
    body: str | None = None,
    confidence: float = 0.9,
    strength: Strength = Strength.PLAIN,
    earlier: StanceLabel | None = None,
) -> Observation:
    evidence = Evidence(confidence, "hand", "built by hand", (Span(0, len(words), words),))
    stance = Stance("maud-ellery", "pooling", label, evidence, on_behalf_of=body, strength=strength, earlier=earlier)
    return Observation(stance, story, story, PartialDate(on, Precision.DAY) if on else None, words)


def position(*observations: Observation) -> Position:
    (found,) = derive_positions(observations)
    return found


@pytest.mark.parametrize("label", [SUPPORT, OPPOSE, MIXED, CONDITIONAL, NEUTRAL])
def test_one_utterance_is_its_own_position(label: StanceLabel) -> None:
    assert position(seen(label)).label is label


def test_both_sides_are_mixed_and_never_neutral() -> None:
    both = position(seen(SUPPORT, words=WORDS[0]), seen(OPPOSE, words=WORDS[1], story="two"))
    assert both.label is MIXED


def test_mixed_stays_mixed_beside_neutral_words() -> None:
    found = position(seen(MIXED, words=WORDS[0]), seen(NEUTRAL, words=WORDS[1]), seen(NEUTRAL, words=WORDS[2]))
    assert found.label is MIXED


def test_an_opinion_outweighs_any_number_of_neutral_words() -> None:
    neutral = [seen(NEUTRAL, words=words, story=words) for words in WORDS[1:]]
    assert position(seen(OPPOSE), *neutral).label is OPPOSE


def test_unclear_words_make_no_position() -> None:
    assert derive_positions([seen(UNCLEAR)]) == ()


def test_nothing_observed_no_position() -> None:
    assert derive_positions([]) == ()


def test_the_recent_view_outweighs_the_old_one() -> None:
    old = seen(OPPOSE, on=DAY - timedelta(days=3 * 365), words=WORDS[1], story="old")
    found = position(old, seen(SUPPORT, story="new"))
    assert (found.label, found.earlier) == (SUPPORT, OPPOSE)
    assert (str(found.first), str(found.last)) == ("2011-05-15", "2014-05-14")


def test_a_former_view_that_the_text_tells_is_kept() -> None:
    assert position(seen(SUPPORT, earlier=OPPOSE)).earlier is OPPOSE


@pytest.mark.parametrize(("days", "label"), [(0, SUPPORT), (14, SUPPORT), (15, MIXED)])
def test_the_same_words_within_a_fortnight_count_once(days: int, label: StanceLabel) -> None:
    again = seen(OPPOSE, on=DAY + timedelta(days=days), words=WORDS[1], story="copy")
    found = position(
        seen(SUPPORT, words=WORDS[0], story="a", confidence=0.95),
        seen(SUPPORT, words=WORDS[2], story="b", confidence=0.95),
        seen(OPPOSE, words=WORDS[1], story="c"),
        again,
    )
    assert found.label is label


def test_different_words_within_a_fortnight_count_apart() -> None:
    found = position(
        seen(SUPPORT, words=WORDS[0]),
        seen(SUPPORT, words=WORDS[3], story="b"),
        seen(OPPOSE, words=WORDS[1], story="c"),
        seen(OPPOSE, words=WORDS[2], on=DAY + timedelta(days=3), story="d"),
    )
    assert found.label is MIXED


def test_copies_of_a_story_count_once() -> None:
    found = position(seen(SUPPORT, story="one"), seen(SUPPORT, words=WORDS[1], story="one"))
    assert found.stories == ((SUPPORT, 1),)


def test_an_official_stance_counts_for_the_body_too() -> None:
    found = {p.holder: p.label for p in derive_positions([seen(OPPOSE, body="kent-lmc")])}
    assert found == {"maud-ellery": OPPOSE, "kent-lmc": OPPOSE}


def test_a_stance_without_a_body_counts_for_the_person_alone() -> None:
    assert [p.holder for p in derive_positions([seen(OPPOSE)])] == ["maud-ellery"]


def test_a_bodys_own_row_stands_for_nobody_else() -> None:
    rows = derive_positions([seen(OPPOSE, body="kent-lmc")])
    assert [p.on_behalf_of for p in rows if p.holder == "kent-lmc"] == [None]


def test_a_personal_stance_never_reaches_the_body_of_a_whole_article() -> None:
    text = "Speaking in a personal capacity, Dr Maud Ellery, chair of Kent LMC, said the pooled budget was a mistake."
    (found,) = article_positions(analyse(Article("a", "test", text, "text 1")))
    assert (found.holder, found.on_behalf_of) == ("maud-ellery--kent-lmc", None)


def test_contrary_words_lower_the_confidence() -> None:
    alone = position(seen(SUPPORT))
    doubted = position(
        seen(SUPPORT), seen(SUPPORT, words=WORDS[1]), seen(SUPPORT, words=WORDS[2]), seen(OPPOSE, words=WORDS[3])
    )
    assert doubted.label is SUPPORT
    assert doubted.confidence < alone.confidence


def test_a_strong_word_makes_the_position_strong() -> None:
    assert position(seen(OPPOSE, strength=Strength.STRONG), seen(OPPOSE, words=WORDS[1])).strength is Strength.STRONG


def test_an_undated_utterance_counts() -> None:
    found = position(seen(SUPPORT, on=None))
    assert (found.label, found.first, found.last) == (SUPPORT, None, None)


LABELS = st.sampled_from([SUPPORT, OPPOSE, MIXED, CONDITIONAL, NEUTRAL])
OBSERVATIONS = st.lists(
    st.builds(
        lambda label, days, words, story, sure: seen(
            label, on=None if days is None else DAY + timedelta(days=days), words=words, story=story, confidence=sure
        ),
        LABELS,
        st.none() | st.integers(-2000, 2000),
        st.sampled_from(WORDS),
        st.sampled_from(["one", "two", "three"]),
        st.floats(0.01, 0.99),
    ),
    min_size=1,
    max_size=8,
)


@given(OBSERVATIONS)
def test_a_position_keeps_within_what_was_seen(observations: list[Observation]) -> None:
    found = position(*observations)
    labels = {o.stance.label for o in observations}
    assert found.label in labels | {MIXED}
    assert 0.0 <= found.confidence <= max(o.stance.evidence.confidence for o in observations) + 0.0001
    assert {label for label, _ in found.stories} == labels
    days = [o.published.value for o in observations if o.published]
    assert (found.first and found.first.value, found.last and found.last.value) == (
        min(days, default=None),
        max(days, default=None),
    )


@given(st.dictionaries(LABELS, st.floats(0.01, 10), min_size=1))
def test_the_label_turns_round_with_the_sides(weights: dict[StanceLabel, float]) -> None:
    turn = {SUPPORT: OPPOSE, OPPOSE: SUPPORT}
    label = decide_label(weights)
    other = decide_label({turn.get(key, key): weight for key, weight in weights.items()})
    if weights.get(SUPPORT) != weights.get(OPPOSE):
        assert other is turn.get(label, label)
