"""Cues: verbs of speech and position, passives, "according to", negation, and what only looks like a cue."""

from __future__ import annotations

import pytest

from nlp.cues import Cue, CueKind, cue_lemma, find_cues


def cues(text: str) -> list[Cue]:
    return sorted(find_cues(text, 0, len(text)), key=lambda cue: cue.start)


@pytest.mark.parametrize(
    ("text", "words", "kind"),
    [
        ("Dr Cobb said it was late.", "said", CueKind.SPEECH),
        ("Dr Cobb has repeatedly argued that it was late.", "argued", CueKind.SPEECH),
        ("Kent LMC opposes the plan.", "opposes", CueKind.POSITION),
        ("Kent LMC welcomed the plan.", "welcomed", CueKind.POSITION),
        ("The plan was rejected by Kent LMC.", "rejected", CueKind.PASSIVE),
        ("According to Dr Cobb, it was late.", "According to", CueKind.ACCORDING),
    ],
)
def test_a_cue_is_found_with_its_kind(text: str, words: str, kind: CueKind) -> None:
    (cue,) = cues(text)
    assert (text[cue.start : cue.end], cue.kind) == (words, kind)


def test_the_group_of_a_cue_takes_in_its_auxiliaries() -> None:
    text = "Dr Cobb has repeatedly argued that it was late."
    assert text[cues(text)[0].group_start :].startswith("has repeatedly argued")


@pytest.mark.parametrize("verb", ["does not support", "has never supported", "didn’t support"])
def test_a_negated_cue_is_marked(verb: str) -> None:
    assert [cue.negated for cue in cues(f"Dr Cobb {verb} the plan.")] == [True]


@pytest.mark.parametrize("text", ["The plan was said to be late.", "The aforesaid plan.", "He had nothing to say."])
def test_what_nobody_says_is_no_cue(text: str) -> None:
    assert cues(text) == []


def test_the_dictionary_form_of_a_cue() -> None:
    assert (cue_lemma("said"), cue_lemma("wary of")) == ("say", "wary of")
