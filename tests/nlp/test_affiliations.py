"""Offices: the body and role beside a name, in each order the press uses."""

from __future__ import annotations

import pytest

from nlp.affiliations import introduce
from nlp.introductions import Body
from nlp.pipeline import analyse
from nlp.records import Analysis, Article


def read(text: str) -> Analysis:
    return analyse(Article(Article.identify("test", text), "test", text, "text 1"))


def offices(text: str, person: str = "maud-ellery") -> list[tuple[str | None, str | None]]:
    found = [s for s in read(text).stakeholders if s.id.partition("--")[0] == person]
    assert found, f"{person} was not found"
    return [(office.organisation, office.role) for office in found[0].affiliations]


@pytest.mark.parametrize(
    "intro",
    [
        "Dr Maud Ellery, chair of Kent LMC,",
        "Dr Maud Ellery, the chair of Kent LMC,",
        "Dr Maud Ellery, Kent LMC chair,",
        "Dr Maud Ellery (chair of Kent LMC)",
        "Kent LMC chair Dr Maud Ellery",
        "Kent LMC’s chair, Dr Maud Ellery,",
        "The chair of Kent LMC, Dr Maud Ellery,",
        "Dr Maud Ellery, who is chair of Kent LMC,",
    ],
)
def test_an_office_is_read_in_every_order(intro: str) -> None:
    assert offices(f"{intro} said the contract was unworkable.") == [("kent-lmc", "chair")]


@pytest.mark.parametrize(
    "intro", ["Kent LMC’s Dr Maud Ellery", "Dr Maud Ellery of Kent LMC", "Dr Maud Ellery, of Kent LMC,"]
)
def test_a_body_without_a_role_is_an_affiliation(intro: str) -> None:
    assert [organisation for organisation, _ in offices(f"{intro} said the contract was late.")] == ["kent-lmc"]


def test_its_chair_is_of_the_body_before() -> None:
    text = "Kent LMC met on Tuesday. Its chair, Dr Maud Ellery, said the contract was late."
    assert offices(text) == [("kent-lmc", "chair")]


def test_a_body_that_is_only_spoken_of_is_no_affiliation() -> None:
    assert offices("Dr Maud Ellery, a GP in Leeds, said NHS England was late.") == []


def test_offices_of_two_people_in_a_sentence_stay_apart() -> None:
    text = "Dr Maud Ellery, chair of Kent LMC, and Paul Ridley, chief executive of NHS Providers, met on Tuesday."
    assert offices(text) == [("kent-lmc", "chair")]
    assert offices(text, "paul-ridley") == [("nhs-providers", "chief executive")]


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Ann Orde chairs Kent LMC and said it was late.", "chair"),
        ("Ann Orde, who chairs it, said it was late.", "chair"),
        ("Ann Orde, who speaks for the county’s practices on pay, said it was late.", "spokesperson"),
        ("Ann Orde has led the group since May.", "leader"),
    ],
)
def test_a_verb_tells_an_office(text: str, role: str) -> None:
    bodies = [Body(at, at + 8, "kent-lmc")] if (at := text.find("Kent LMC")) >= 0 else []
    found = introduce(text, 0, 8, bodies, 0, len(text), "kent-lmc")
    assert found.role == role


def test_running_a_shop_or_in_a_park_is_no_office() -> None:
    for text in ("Ann Orde runs a café in Leeds.", "Ann Orde runs in the park."):
        assert introduce(text, 0, 8, [], 0, len(text), "kent-lmc").role is None
