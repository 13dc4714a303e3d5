"""How a text refers to a proposal that was added by its name and claim alone."""

from __future__ import annotations

import pytest

from nlp.records import Topic
from nlp.references import own_phrases, short_names
from nlp.relevance import topic_references

LEVY = Topic("t-1", "Tourist levy", "Visitors to the bay should pay a levy for each night of their stay.")
GATE = Topic("t-2", "Mill Street bus gate", "The bus gate on Mill Street should be kept.")
DESK = Topic(
    "t-3", "Closing the front desk at Ash police station", "The front desk at Ash police station should close."
)
DEGREES = Topic("t-4", "Closing language degrees", "The University of Ash should stop teaching language degrees.")
LICENCE = Topic("t-5", "Licences for landlords", "Private landlords should need a licence from the council.")


@pytest.mark.parametrize(
    ("topic", "phrases"),
    [(GATE, {"bus gate"}), (DESK, {"front desk"}), (DEGREES, {"language degrees"}), (LICENCE, set())],
)
def test_a_topic_without_phrases_is_named_by_the_noun_phrases_of_name_and_claim(
    topic: Topic, phrases: set[str]
) -> None:
    assert {phrase.lower() for phrase in own_phrases(topic)} == phrases


def test_phrases_that_a_topic_has_are_all_that_name_it() -> None:
    assert not own_phrases(Topic("t-2", "Mill Street bus gate", GATE.claim, phrases=("bus filter",)))


@pytest.mark.parametrize(
    ("topic", "text", "found"),
    [
        (LEVY, "She said the levy would pay for itself.", ["the levy"]),
        (LEVY, "He collects a small levy.", ["a small levy"]),
        (LEVY, "He said the taxes were high.", []),
        (GATE, "He wants the gate taken out.", ["the gate"]),
        (DESK, "Nobody came to the desk.", ["the desk"]),
        (LICENCE, "A licence costs £750.", ["A licence"]),
        (DEGREES, "The university has no choice.", []),
    ],
)
def test_a_short_name_is_a_head_noun_with_its_determiner(topic: Topic, text: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in topic_references(text, topic, 0, len(text))] == found


def test_what_a_phrase_would_end_is_no_name_of_the_proposal() -> None:
    topic = Topic("t-6", "Pay by the head", "Trusts should be paid by the head.", phrases=("scrap the tariff",))
    names = short_names(topic)
    assert names is None or not names.search("They welcomed the tariff.")
