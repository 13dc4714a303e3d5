"""People who are told by an office alone, and offices that mean somebody named."""

from __future__ import annotations

import pytest

from nlp.pipeline import analyse
from nlp.records import Article, StakeholderKind


def people(text: str, source: str = "test") -> dict[str, str]:
    """The people found, ids by name."""
    analysis = analyse(Article(Article.identify(source, text), source, text, "text 1"))
    return {s.name: s.id for s in analysis.stakeholders if s.kind is StakeholderKind.PERSON}


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Cuts come in April. The chancellor has set aside £3m for them.", "chancellor"),
        ("The bid went to the health secretary on Monday.", "health secretary"),
        ("The levy was discussed in Elver. A parish councillor said it was too dear.", "parish councillor"),
        ("The levy was discussed in Elver. One former minister told the hall that it failed.", "former minister"),
    ],
)
def test_an_office_alone_is_a_person(text: str, name: str) -> None:
    assert name in people(text)


def test_an_office_alone_holds_what_it_says() -> None:
    text = "The levy was discussed in Elver on Monday. A parish councillor said that the levy was too dear."
    analysis = analyse(Article("a" * 16, "test", text, "text 1"))
    assert [s.holder for s in analysis.statements] == ["parish-councillor--in-aaaaaaaa"]


@pytest.mark.parametrize(
    "text",
    [
        "Dr Tom Parrish, chair of Kent LMC, was there. The chair said the contract was late.",
        "The chair, Dr Tom Parrish, said the contract was late.",
        "The chancellor, Tom Parrish, said the contract was late.",
        "A leading expert has urged a pause.\n\nProfessor Tom Parrish, an expert on contracts, said it was late.",
        "It was Jane Dorrit’s day.\n\nA leading expert has urged a pause.\n\nTom Parrish, an expert, said it was late.",
        "A spokesman said the contract was late.",
        "It met on Tuesday with a councillor and a nurse in the room.",
    ],
)
def test_an_office_of_somebody_named_or_one_that_says_nothing_is_nobody_more(text: str) -> None:
    assert set(people(text)) <= {"Tom Parrish", "Jane Dorrit"}


def test_a_person_without_a_name_is_another_one_in_another_article() -> None:
    text = "The levy was discussed in Elver. A parish councillor said it was too dear."
    one, two = people(text, "one"), people(text, "two")
    assert one.keys() == two.keys() and set(one.values()).isdisjoint(two.values())
