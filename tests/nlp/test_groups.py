"""Groups that speak as one: the place belongs to the name, a quantifier does not."""

from __future__ import annotations

import pytest

from nlp.groups import find_groups


def groups(text: str) -> list[tuple[str, str | None]]:
    return [(group.name, group.quantifier) for group in find_groups(text, 0, len(text))]


@pytest.mark.parametrize("quantifier", ["Most", "Many", "Some", "Hundreds of"])
def test_a_quantifier_is_kept_apart_from_the_name(quantifier: str) -> None:
    ((name, found),) = groups(f"{quantifier} GPs in Devon oppose the plan.")
    assert name == "Devon GPs"
    assert found is not None and found.lower() == quantifier.lower()


@pytest.mark.parametrize(
    "text", ["Devon GPs oppose the plan.", "GPs in Devon oppose the plan.", "In Devon, GPs oppose it."]
)
def test_a_place_before_and_behind_names_the_same_group(text: str) -> None:
    assert [name for name, _ in groups(text)] == ["Devon GPs"]


def test_offsets_of_a_group_hold_its_words() -> None:
    text = "Last week most GPs in Devon opposed it."
    (group,) = find_groups(text, 0, len(text))
    assert text[group.start : group.end] == "most GPs in Devon"


def test_a_possessive_group_is_not_itself_the_actor() -> None:
    assert groups("The GPs’ budgets were cut.") == []


def test_a_head_noun_inside_a_longer_word_is_no_group() -> None:
    assert groups("The nursery and the patients-first scheme closed.") == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Members of the Fairfield Guild voted against it.", "members of the Fairfield Guild"),
        ("Directors at Elver Infirmary want a pause.", "directors at Elver Infirmary"),
    ],
)
def test_a_common_head_is_a_group_with_the_body_it_is_of(text: str, name: str) -> None:
    assert [found for found, _ in groups(text)] == [name]


def test_a_common_head_is_a_group_where_it_speaks_and_none_where_it_does_not() -> None:
    assert [name for name, _ in groups("On Monday practices voted against it.")] == ["practices"]
    assert groups("It will be paid to practices in May.") == []


@pytest.mark.parametrize("quantifier", ["12", "1,200", "some 19", "all but", "just three"])
def test_a_number_is_a_quantifier(quantifier: str) -> None:
    found = groups(f"In the county {quantifier} councils oppose the plan.")
    assert [name for name, _ in found] == ["councils"]
    assert quantifier == "all but" or found[0][1] == quantifier
