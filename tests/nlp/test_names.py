"""Names of people: titles, surnames, particles and accents, and words that only look like names."""

from __future__ import annotations

import unicodedata

import pytest

from nlp.names import find_people, find_surnames


def people(text: str) -> list[str]:
    return [name.name for name in find_people(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Dr Maud Ellery said no.", "Maud Ellery"),
        ("Professor Sir Alan Dunmore said no.", "Alan Dunmore"),
        ("Dame Anne O’Dowd-Smith said no.", "Anne O’Dowd-Smith"),
        ("Dr Anne O'Dowd said no.", "Anne O'Dowd"),
        ("Dr Jan van der Meer said no.", "Jan van der Meer"),
        ("Cllr Ruth McAllen’s plan was late.", "Ruth McAllen"),
        ("Mr J. P. Strood said no.", "J. P. Strood"),
        ("Maud Ellery, a GP in Leeds, said no.", "Maud Ellery"),
        ("Dr\u00a0Maud\u00a0Ellery said no.", "Maud Ellery"),
        ("Dr Ellery said no.", "Ellery"),
    ],
)
def test_a_person_is_named_without_the_title(text: str, name: str) -> None:
    assert people(text) == [name]


@pytest.mark.parametrize("name", ["José Ñandú-Peña", "Siân Ó Briain", "Éamonn Dale", "Zoë Łaska", "Owain Prŷs-Davies"])
def test_accented_names_are_whole(name: str) -> None:
    assert people(f"Dr {name} said no.") == [name]


def test_a_name_typed_with_combining_accents_is_whole() -> None:
    name = unicodedata.normalize("NFD", "Renée Chloé Dupré")
    assert people(f"Dr {name} said no.") == [name]


@pytest.mark.parametrize(
    "text",
    [
        "The General Medical Council met on Tuesday.",
        "Primary Care Trusts were abolished in March.",
        "On Monday North Yorkshire said no.",
        "However, NHS England said no.",
    ],
)
def test_bodies_and_days_are_not_people(text: str) -> None:
    assert people(text) == []


def test_offsets_take_in_the_title_and_leave_out_the_possessive() -> None:
    text = "That was Dr Maud Ellery’s plan."
    (name,) = find_people(text, 0, len(text))
    assert (text[name.start : name.end], name.title, name.surname) == ("Dr Maud Ellery", "Dr", "Ellery")


def test_names_inside_taken_offsets_are_left_alone() -> None:
    text = "The John Cobb Trust said Dr Ann Selby was out."
    taken = [(text.index("The John"), text.index(" said"))]
    assert [n.name for n in find_people(text, 0, len(text), taken)] == ["Ann Selby"]


def test_a_bare_surname_is_found_as_a_whole_word_only() -> None:
    text = "Cobb spoke. Cobbett did not. Cobb’s plan, and Smith-Cobb, and COBB."
    found = list(find_surnames(text, 0, len(text), frozenset({"Cobb"})))
    assert [start for start, _, _ in found] == [0, text.index("Cobb’s")]
