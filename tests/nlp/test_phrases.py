"""Holders known by a description alone: who they are, and what is nobody."""

from __future__ import annotations

import pytest

from nlp.phrases import describe, kind_of_noun, without_pointer
from nlp.records import StakeholderKind

PERSON, GROUP, BODY = StakeholderKind.PERSON, StakeholderKind.GROUP, StakeholderKind.ORGANISATION


@pytest.mark.parametrize(
    ("noun", "kind"),
    [
        ("resident", PERSON),
        ("landlady", PERSON),
        ("treasurer", PERSON),
        ("employees", GROUP),
        ("others", GROUP),
        ("42", GROUP),
        ("council", BODY),
        ("Foxglove", BODY),
        ("survey", None),
        ("anything", None),
        ("diversion", None),
    ],
)
def test_a_noun_tells_what_is_described(noun: str, kind: StakeholderKind | None) -> None:
    assert kind_of_noun(noun) is kind


@pytest.mark.parametrize(
    ("text", "kind", "name", "id_"),
    [
        ("A parish councillor", PERSON, "parish councillor", "parish-councillor--in-abc"),
        ("Most of the ward sisters", GROUP, "ward sisters", "ward-sisters--in-abc"),
        ("our  nurse", PERSON, "nurse", "nurse--in-abc"),
        ("the county’s planning officers", GROUP, "planning officers", "planning-officers--in-abc"),
        ("Healthwatch Fosse", BODY, "Healthwatch Fosse", "healthwatch-fosse"),
        ("The manager of one of the care homes", PERSON, "manager", "manager-of-one-of-the-care-homes--in-abc"),
    ],
)
def test_a_description_is_the_name_without_pointer_and_quantity(
    text: str, kind: StakeholderKind, name: str, id_: str
) -> None:
    found = describe(text, kind, "abc")
    assert found is not None and (found.name, found.id, found.kind) == (name, id_, kind)
    assert " ".join(text.split()) in (found.name, *found.aliases)


@pytest.mark.parametrize(("text", "kind"), [("the plan", None), ("“…”", PERSON), ("very " * 13 + "people", GROUP)])
def test_a_thing_and_what_is_too_long_for_a_name_is_nobody(text: str, kind: StakeholderKind | None) -> None:
    assert describe(text, kind, "abc") is None


def test_a_description_of_nothing_but_a_pointer_stays() -> None:
    assert without_pointer("the council") == "council" and without_pointer("others") == "others"


def test_the_same_description_in_two_articles_is_two_holders() -> None:
    one, other = (describe("a nurse", PERSON, article) for article in ("aaaaaaaaa", "bbbbbbbbb"))
    assert one is not None and other is not None and one.id != other.id and one.name == other.name
