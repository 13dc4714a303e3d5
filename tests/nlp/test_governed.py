"""Words for and against, in relation to what they govern, to negation and to whose view they are."""

from __future__ import annotations

import pytest

from nlp.governed import Parsed, governed_views
from nlp.language import load_models
from nlp.linear import Features
from nlp.polarity import read_polarity


def views(text: str, proposal: str, cue: str = "") -> Features:
    parsed = Parsed(0, load_models().language(text))
    at = text.index(proposal)
    own = (text.index(cue), text.index(cue) + len(cue)) if cue else None
    return governed_views([parsed], read_polarity(text, 0, len(text)).hits, [(at, at + len(proposal))], own)


@pytest.mark.parametrize(
    ("text", "proposal", "relation"),
    [
        ("The union supports the levy.", "levy", "governs for"),
        ("The union opposes the levy.", "levy", "governs against"),
        ("The levy is a disaster.", "levy", "said of against"),
        ("The levy is the right approach.", "levy", "said of for"),
    ],
)
def test_a_word_governs_the_proposal_or_is_said_of_it(text: str, proposal: str, relation: str) -> None:
    assert relation in views(text, proposal)


def test_a_negation_of_the_governing_verb_turns_the_view_round() -> None:
    assert "governs against" in views("The union does not support the levy.", "levy")
    assert "said of against" in views("I don’t think the levy is the right approach.", "levy")


def test_a_word_of_another_clause_is_elsewhere() -> None:
    found = views("Members welcomed the new chairman, and the levy was discussed after lunch.", "levy")
    assert found and set(found) <= {"elsewhere for"}


def test_what_others_are_said_to_think_is_not_the_holders_view() -> None:
    text = "She said that critics say the levy is wrong."
    assert set(views(text, "levy", cue="said")) == {"others against"}
    assert "others against" not in views("She said the levy is wrong.", "levy", cue="said")


@pytest.mark.parametrize("text", ["", "levy", "🏥 levy\u0301 \x00"])
def test_odd_texts_have_no_views(text: str) -> None:
    parsed = Parsed(0, load_models().language(text))
    assert governed_views([parsed], read_polarity(text, 0, len(text)).hits, [(0, len(text))], None) == {}
