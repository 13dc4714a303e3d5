"""Names of bodies are as long as they are printed, and bodies that a sentence is about are found."""

from __future__ import annotations

import pytest

from nlp.intervals import Intervals
from nlp.pipeline import analyse
from nlp.records import Article, Block, BlockKind, Name, NameKind, Span, StakeholderKind
from nlp.register import register
from nlp.whole_names import acting_bodies, longer_names


def seen(text: str, *names: str, acts: bool = True) -> list[Name]:
    places = ((text.index(name), name) for name in names)
    return [Name(Span(at, at + len(name), name), NameKind.ORGANISATION, acts) for at, name in places]


def longer(text: str, *names: str) -> list[tuple[str, str]]:
    matches = list(register().find(text, 0, len(text)))
    return [(whole, body.name) for whole, body in longer_names(text, 0, len(text), matches, seen(text, *names))]


def acting(text: str, *names: str, acts: bool = True) -> list[str]:
    block = Block(BlockKind.PARAGRAPH, 0, len(text))
    return list(acting_bodies(text, block, seen(text, *names, acts=acts), Intervals()))


@pytest.mark.parametrize(
    ("text", "whole", "name"),
    [
        ("Eastmere and Wolds CCG met in June.", "Eastmere and Wolds CCG", "Eastmere and Wolds CCG"),
        ("Two Brooks CCG met in June.", "Two Brooks CCG", "Two Brooks CCG"),
        ("NHS Fenby Valley ICB pays.", "NHS Fenby Valley ICB", "Fenby Valley ICB"),
        ("A paper of the House of Commons Library says so.", "House of Commons Library", "House of Commons Library"),
    ],
)
def test_a_name_of_the_register_is_as_long_as_the_pipeline_sees_it(text: str, whole: str, name: str) -> None:
    assert longer(text, whole) == [(whole, name)]


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("Kent LMC and Surrey LMC met.", "Kent LMC and Surrey LMC"),
        ("The Treasury officials left.", "Treasury officials"),
        ("It is the House of Lords Reform Bill.", "House of Lords Reform Bill"),
        ("The regulator Ofgem said so.", "regulator Ofgem"),
        ("Our Kent LMC met.", "Our Kent LMC"),
        ("NHS England met.", "NHS England"),
    ],
)
def test_what_stands_beside_a_name_is_no_part_of_it(text: str, whole: str) -> None:
    assert longer(text, whole) == []


def test_a_body_that_a_clause_is_about_is_found() -> None:
    assert acting("Fenby Warm Rooms has 40 members.", "Fenby Warm Rooms") == ["Fenby Warm Rooms"]


@pytest.mark.parametrize(
    "name", ["Our Warm Rooms", "Novarex", "Fenby traders", "Outcomes Framework", "Governing Body", "Fenby Lane"]
)
def test_one_word_a_group_a_plan_or_a_place_is_no_body_for_being_a_subject(name: str) -> None:
    assert acting(f"{name} began in May.", name) == []


def test_a_body_that_no_clause_is_about_is_left_out() -> None:
    assert acting("It was in the Fenby Warm Rooms.", "Fenby Warm Rooms", acts=False) == []


def names(text: str, kind: StakeholderKind) -> list[str]:
    return [s.name for s in analyse(Article("a", "test", text, "text 1")).stakeholders if s.kind is kind]


def test_a_longer_name_leaves_no_shorter_one_behind() -> None:
    text = "Eastmere and Wolds CCG met on Monday.\n\nThe report of Eastmere and Wolds CCG said the grant was late."
    assert names(text, StakeholderKind.ORGANISATION) == ["Eastmere and Wolds CCG"]


def test_a_name_with_an_age_or_behind_an_office_is_no_body() -> None:
    assert acting("Bernice Adu, 34, pays for a permit.", "Bernice Adu") == []
    assert acting("The nurse Bernice Adu pays for a permit.", "Bernice Adu") == []
