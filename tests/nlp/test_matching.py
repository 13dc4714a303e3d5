"""Who may be meant by a name: every point has its reason, and likeness never makes a match."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.errors import UsageError
from nlp.matching import MAX_NAME, Candidate, match_name
from nlp.records import Stakeholder, StakeholderKind
from nlp.register import register

PEOPLE = {
    "jeremy-tarn": Stakeholder("jeremy-tarn", "Jeremy Tarn", StakeholderKind.PERSON),
    "john-tarn": Stakeholder("john-tarn", "John Tarn", StakeholderKind.PERSON),
    "asha-merton": Stakeholder("asha-merton", "Asha Merton", StakeholderKind.PERSON, ("Dr Merton",)),
    "coastal-care-partnership": Stakeholder(
        "coastal-care-partnership", "Coastal Care Partnership", StakeholderKind.ORGANISATION, ("CCP",)
    ),
}


def describe(ids: Iterable[str]) -> dict[str, Stakeholder]:
    return {id: PEOPLE[id] for id in ids if id in PEOPLE}


def candidates(name: str, on: date | None = None, limit: int = 10) -> tuple[Candidate, ...]:
    known = {id: (who.name, *who.aliases) for id, who in PEOPLE.items()}
    return match_name(name, register(), known=known, describe=describe, on=on, limit=limit)


def matched(name: str, on: date | None = None) -> list[str]:
    return [each.stakeholder.id for each in candidates(name, on) if each.match]


def points_of(name: str, id: str, on: date | None = None) -> list[str]:
    return [p.test for each in candidates(name, on, 50) if each.stakeholder.id == id for p in each.points]


@pytest.mark.parametrize(
    ("name", "id", "test"),
    [
        ("NHS England", "nhs-england", "exact name"),
        ("the BMA’s GP committee", "gpc", "exact alias"),
        ("GPC", "gpc", "acronym"),
        ("NHS Leicester City Primary Care Trust", "leicester-city-pct", "shape of the name"),
        ("Coastal Care Partnership", "coastal-care-partnership", "exact name"),
        ("CCP", "coastal-care-partnership", "acronym"),
        ("Dr Jeremy Tarn", "jeremy-tarn", "exact name"),
    ],
)
def test_who_bears_the_name_alone_matches_and_comes_first(name: str, id: str, test: str) -> None:
    first = candidates(name)[0]
    assert (first.stakeholder.id, first.match, first.suggestion) == (id, True, False)
    assert test in [point.test for point in first.points]


@pytest.mark.parametrize("name", ["British Medical Gazette", "British Medical Journals", "British Medics Association"])
def test_a_name_that_is_only_like_one_never_matches(name: str) -> None:
    assert matched(name) == []
    assert all(each.suggestion for each in candidates(name))


def test_the_journal_is_not_the_association() -> None:
    assert "bma" not in [each.stakeholder.id for each in candidates("British Medical Journal")]


@pytest.mark.parametrize("name", ["bma", "Gpc", "General Practitioner Committee", "NHS Enggland"])
def test_a_slip_is_suggested(name: str) -> None:
    first = candidates(name)[0]
    assert first.suggestion and not first.match and first.score < 0.7


def test_another_given_name_is_another_person() -> None:
    assert [each.stakeholder.id for each in candidates("Jeremy Tarn")] == ["jeremy-tarn"]


def test_an_initial_and_a_bare_surname_suggest_everybody_they_may_mean() -> None:
    for name in ("J Tarn", "Tarn"):
        found = candidates(name)
        assert {each.stakeholder.id for each in found} == {"jeremy-tarn", "john-tarn"}
        assert not any(each.match for each in found)


def test_a_name_in_a_like_spelling_is_suggested() -> None:
    assert points_of("Asha Mertin", "asha-merton") == ["similar spelling"]


def test_a_name_of_two_people_matches_neither() -> None:
    twins = {id: Stakeholder(id, "Ann Dorrit", StakeholderKind.PERSON) for id in ("ann-dorrit", "ann-dorrit--kent-lmc")}
    found = match_name(
        "Ann Dorrit", register(), known=dict.fromkeys(twins, ("Ann Dorrit",)), describe=lambda ids: twins
    )
    assert [each.match for each in found] == [False, False]
    assert all(each.points[-1].test == "shared name" for each in found)


def test_a_body_of_another_time_is_still_met_by_name_and_its_other_name_beside_it() -> None:
    early, late = date(2012, 5, 1), date(2014, 5, 1)
    assert matched("NHS England", early) == ["nhs-england"]
    assert points_of("NHS England", "nhs-england", early) == ["exact name", "not alive"]
    assert points_of("NHS England", "nhs-commissioning-board", early) == ["later name"]
    assert matched("the NHS Commissioning Board", late) == ["nhs-commissioning-board"]
    assert points_of("the NHS Commissioning Board", "nhs-england", late) == ["former name"]
    assert "not alive" not in points_of("NHS England", "nhs-england", late)


def test_the_day_decides_between_two_bearers() -> None:
    assert matched("Department of Health", date(2014, 5, 1)) == ["department-of-health"]
    assert matched("Department of Health", date(2019, 5, 1)) == ["department-of-health-and-social-care"]


def test_parent_part_and_successor_are_related_and_neither_match_nor_suggestion() -> None:
    found = {each.stakeholder.id: each for each in (*candidates("GPC", limit=50), *candidates("Monitor", limit=50))}
    for id, test in (("bma", "parent"), ("gpc-england", "part"), ("nhs-improvement", "successor")):
        assert [point.test for point in found[id].points] == [test]
        assert not found[id].match and not found[id].suggestion


@pytest.mark.parametrize("name", ["", "  ", "’", "...", "x" * (MAX_NAME + 1)])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(UsageError):
        candidates(name)


def test_nobody_comes_near_a_word_that_is_no_name() -> None:
    assert candidates("qwrtz vbnm") == ()


def test_the_limit_holds() -> None:
    assert len(candidates("BMA", limit=2)) == 2


@given(st.text(max_size=MAX_NAME))
def test_scores_are_the_sums_of_their_points_and_come_in_order(name: str) -> None:
    try:
        found = candidates(name)
    except UsageError:
        return
    for each in found:
        assert each.score == round(min(1, max(0, sum(point.score for point in each.points))), 3)
        assert each.points and all(point.reason for point in each.points)
        assert not (each.match and each.suggestion)
    assert [each.score for each in found if not each.match] == sorted(
        (each.score for each in found if not each.match), reverse=True
    )
