"""Stances: label, strength, condition, former view and reasons, of whole sentences on shipped and users' topics."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from nlp import pipeline
from nlp.language import Models, load_models
from nlp.records import Analysis, Article, Stance, StanceLabel, Strength, Topic

TOLL = Topic(
    "bridge-toll",
    "Toll on the Elver bridge",
    "The county council should charge drivers a toll to cross the Elver bridge.",
    "Crossing the Elver bridge should stay free.",
    ("bridge toll", "crossing charge"),
)


@cache
def _rules_alone() -> Models:
    """The models without the one that reads stances: what is tested here are the rules."""
    return replace(load_models(), reader=None)


def read(text: str, *topics: Topic) -> Analysis:
    return pipeline.analyse(Article("a", "test", text, "text 1"), topics or None, _rules_alone())


def stances(text: str, *topics: Topic) -> list[tuple[str, str, StanceLabel]]:
    return [(s.holder, s.topic, s.label) for s in read(text, *topics).stances]


def only(text: str) -> Stance:
    (stance,) = read(text).stances
    return stance


@pytest.mark.parametrize(
    ("words", "label"),
    [
        ("said the pooled budget was a mistake", StanceLabel.OPPOSE),
        ("welcomed the pooled budget", StanceLabel.SUPPORT),
        ("opposes pooled budgets", StanceLabel.OPPOSE),
        ("does not support pooled budgets", StanceLabel.OPPOSE),
        ("no longer supports pooled budgets", StanceLabel.OPPOSE),
        ("said there was no alternative to a pooled budget", StanceLabel.SUPPORT),
        ("said he could support a pooled budget provided that the board had a lay majority", StanceLabel.CONDITIONAL),
    ],
)
def test_a_statement_shows_its_view(words: str, label: StanceLabel) -> None:
    assert stances(f"Dr Ian Cobb, a GP in Leeds, {words}.") == [("ian-cobb", "pooling", label)]


@pytest.mark.parametrize(
    "text",
    [
        "Dr Ian Cobb said the pooled budget would be discussed at the meeting on Tuesday.",
        "The pooled budget will be discussed at the meeting on Tuesday.",
        "Dr Ian Cobb said winter had been hard for his surgery.",
    ],
)
def test_the_topics_name_alone_is_no_view(text: str) -> None:
    assert [label for _, _, label in stances(text) if label is not StanceLabel.NEUTRAL] == []


@pytest.mark.parametrize(
    "deny", ["did not say the pooled budget was a mistake", "did not call the pooled budget a disaster"]
)
def test_what_was_not_said_is_no_view(deny: str) -> None:
    assert stances(f"Dr Ian Cobb, a GP in Leeds, {deny}.") == []


def test_denying_harm_is_not_opposing() -> None:
    found = stances("Dr Ian Cobb denied that pooled budgets would end in disaster.")
    assert StanceLabel.OPPOSE not in {label for _, _, label in found}


def test_in_a_list_of_passives_each_holder_keeps_their_own_verb() -> None:
    found = stances(
        "The pooled budget has been opposed by Unison, backed by the Royal College of Nursing and criticised by Labour."
    )
    assert ("rcn", "pooling", StanceLabel.OPPOSE) not in found
    assert ("unison", "pooling", StanceLabel.OPPOSE) in found


def test_a_statement_that_names_another_topic_is_of_that_topic_alone() -> None:
    text = "Dr Ian Cobb opposes pooled budgets. He said he welcomed delegated commissioning."
    assert sorted(stances(text)) == [
        ("ian-cobb", "co-commissioning", StanceLabel.SUPPORT),
        ("ian-cobb", "pooling", StanceLabel.OPPOSE),
    ]


def test_a_statement_of_something_else_by_another_holder_is_off_the_topic() -> None:
    text = "Dr Ian Cobb said pooled budgets were a mistake. The BMA called for a move to longer contracts."
    assert [holder for holder, _, _ in stances(text)] == ["ian-cobb"]


def test_strong_and_hedged_words_give_the_strength() -> None:
    assert only("Dr Ian Cobb said the pooled budget would be an absolute disaster.").strength is Strength.STRONG
    assert only("Dr Ian Cobb said the pooled budget was a mistake.").strength is Strength.PLAIN
    assert only("Dr Ian Cobb cautiously welcomed the pooled budget.").strength is Strength.HEDGED


def test_a_former_view_is_kept_apart_from_the_present_one() -> None:
    text = (
        "“Originally I wasn’t in favour of pooled budgets,” said Dr Ian Cobb. “Now I think they are the way forward.”"
    )
    stance = only(text)
    assert (stance.label, stance.earlier) == (StanceLabel.SUPPORT, StanceLabel.OPPOSE)


def test_a_reason_has_its_own_span() -> None:
    stance = only("Dr Ian Cobb said the pooled budget was a mistake because it would close surgeries.")
    assert [span.text for span in stance.rationales] == ["because it would close surgeries"]


def test_an_official_stance_names_the_body_and_a_personal_one_does_not() -> None:
    official = only("Dr Ian Cobb, chair of Kent LMC, said the pooled budget was a mistake.")
    personal = only(
        "Speaking in a personal capacity, Dr Ian Cobb, chair of Kent LMC, said the pooled budget was a mistake."
    )
    assert (official.on_behalf_of, personal.on_behalf_of) == ("kent-lmc", None)


@pytest.mark.parametrize(("tail", "statement"), [(".", "s1"), (", which met on Monday.", None)])
def test_opposition_from_somebody_is_a_stance_once_with_its_statement_or_without(
    tail: str, statement: str | None
) -> None:
    (stance,) = read(f"The pooled budget faces massive opposition from the BMA{tail}").stances
    assert (stance.holder, stance.label, stance.statement) == ("bma", StanceLabel.OPPOSE, statement)
    assert "opposition from the BMA" in stance.evidence.spans[0].text


def test_an_unattributed_quotation_takes_no_side() -> None:
    assert stances("“The pooled budget is a disaster,” she said.") == []


def test_a_users_topic_works_without_training() -> None:
    text = "Cllr Ruth Dale welcomed the bridge toll. Dr Ian Cobb said a crossing charge would be a disaster."
    assert stances(text, TOLL) == [
        ("ruth-dale", "bridge-toll", StanceLabel.SUPPORT),
        ("ian-cobb", "bridge-toll", StanceLabel.OPPOSE),
    ]


def test_every_stance_gives_its_reason_and_its_words() -> None:
    stance = only("Dr Ian Cobb said the pooled budget was a mistake.")
    assert stance.evidence.reason and stance.evidence.spans
    assert 0.0 < stance.evidence.confidence <= 1.0


def test_no_topics_no_stances() -> None:
    article = Article("a", "test", "Dr Ian Cobb said the pooled budget was a mistake.", "text 1")
    assert pipeline.analyse(article, (), _rules_alone()).stances == ()
