"""Groups and bodies that only a verb of view shows to be stakeholders."""

from __future__ import annotations

import pytest

from nlp.acting_groups import find_acting


def _names(text: str) -> list[str]:
    return [group.name for group in find_acting(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Bell-ringers in Harle oppose the new bells tax.", "Harle bell-ringers"),
        ("Ambulance crews at Penmor are against the move.", "ambulance crews at Penmor"),
        ("Few of the 90 growers in the valley want the dam.", "growers"),
        ("Corby’s chamber will campaign against the levy.", "Corby’s chamber"),
        ("The parish of Upper Sall objects to the mast.", "parish of Upper Sall"),
        ("The vote was close. Florists who had paid would scrap the fee.", "florists"),
        ("Dalby’s scrutiny panel, which met on Friday, has thrown out the plan.", "Dalby’s scrutiny panel"),
    ],
)
def test_a_subject_of_a_verb_of_view_is_found(text: str, name: str) -> None:
    assert _names(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "Letters from growers support the plan.",
        "If growers want the dam, they can have it.",
        "Growers could be asked to support the dam.",
        "Growers came to the meeting.",
        "Not all growers are against it.",
        "I understand why people want a dam.",
        "Two people voted against.",
        "Our growers want the dam.",
    ],
)
def test_who_shows_no_view_is_not_found(text: str) -> None:
    assert _names(text) == []


def test_a_branch_is_found_behind_its_owner() -> None:
    text = "Unison’s docks branch wants a ban."
    (group,) = find_acting(text, 0, len(text))
    assert (text[group.start : group.end], group.name, group.body) == ("docks branch", "Unison’s docks branch", True)
