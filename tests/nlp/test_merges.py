"""Who stands for whom, article by article."""

from __future__ import annotations

import pytest

from nlp.merges import Identities, Split, rename
from nlp.records import Affiliation, Analysis, Stakeholder, StakeholderKind


def test_ways_are_followed_to_their_end() -> None:
    identities = Identities({"a": "b", "b": "c"})
    assert (identities.resolve("a"), identities.resolve("c")) == ("c", "c")
    assert identities.upstream("c") == {"a", "b", "c"} and identities.upstream("a") == {"a"}


@pytest.mark.parametrize(("keeps", "here", "elsewhere"), [(False, "a2", "b"), (True, "b", "a2")])
def test_a_split_comes_before_a_merge_where_it_holds(keeps: bool, here: str, elsewhere: str) -> None:
    identities = Identities({"a": "b"}, {"a": (Split("a2", frozenset({"x"}), keeps),)})
    assert (identities.resolve("a", "x"), identities.resolve("a", "y")) == (here, elsewhere)


def test_a_circle_is_found_and_ends_nowhere_else() -> None:
    assert set(Identities({"a": "b", "b": "c", "c": "a"}).circle()) == {"a", "b", "c"}
    assert Identities({"a": "b", "b": "c"}, {"c": (Split("c2", frozenset({"x"})),)}).circle() == ()
    assert Identities({"a": "b", "b": "a"}).resolve("a", "x") in {"a", "b"}


def test_nothing_is_touched_where_nobody_is_meant(analysis: Analysis) -> None:
    assert rename(analysis, Identities({"nobody": "else"})).analysis is analysis


def test_names_and_offices_of_all_go_to_the_one(analysis: Analysis) -> None:
    into = Stakeholder("ccg:wexshire", "Wexshire CCG", StakeholderKind.ORGANISATION)
    found = rename(analysis, Identities({"ccg:mid-wexshire": into.id}, known={into.id: into}))
    known = {each.id: each for each in found.analysis.stakeholders}
    assert "ccg:mid-wexshire" not in known
    assert "Mid Wexshire CCG" in known[into.id].aliases
    assert known["person:asha-merton"].affiliations[0] == Affiliation(into.id, "chair")
    assert found.analysis.statements[0].on_behalf_of == into.id == found.analysis.figures[0].payer
    assert found.resolved == {"ccg:mid-wexshire": into.id}


def test_nobody_speaks_for_himself_once_body_and_officer_are_one(analysis: Analysis) -> None:
    found = rename(analysis, Identities({"person:asha-merton": "ccg:mid-wexshire"})).analysis
    assert found.statements[0].holder == "ccg:mid-wexshire" and found.statements[0].on_behalf_of is None
    assert found.stances[0].on_behalf_of is None
    assert len(found.stakeholders) == len(analysis.stakeholders) - 1
