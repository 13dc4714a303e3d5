"""Whom a source stands for: the candidates, what the model sees of them, and when nobody is the answer."""

from __future__ import annotations

import pytest

from nlp.linear import LinearModel
from nlp.pipeline import analyse
from nlp.pronouns import pronoun_of
from nlp.records import Article, Mention, Span, Stakeholder, StakeholderKind
from nlp.resolving import LEAST, Resolver
from nlp.speakers import Discourse, Unit

TEXT = "Dr Ann Hale met Tom Reed. She said the plan was late."
PEOPLE = [
    Stakeholder("ann-hale", "Ann Hale", StakeholderKind.PERSON),
    Stakeholder("tom-reed", "Tom Reed", StakeholderKind.PERSON),
]


def _discourse() -> Discourse:
    mentions = [
        Mention(Span(TEXT.index(who.name), TEXT.index(who.name) + len(who.name), who.name), who.id) for who in PEOPLE
    ]
    return Discourse(Article("a", "test", TEXT, "text 1"), mentions, {who.id: who for who in PEOPLE})


def _unit(words: str, form: str) -> Unit:
    start = TEXT.index(words)
    return Unit(start, start + len(words), None, words, form)


def _resolve(model: LinearModel) -> tuple[str | None, float]:
    discourse, unit = _discourse(), _unit("She", "pronoun")
    speaker = Resolver(discourse.article, model)(discourse, unit, discourse.resolve_by_rule(unit))
    return speaker.id, speaker.confidence


def test_everybody_named_before_a_pronoun_is_a_candidate() -> None:
    discourse, unit = _discourse(), _unit("She", "pronoun")
    options = Resolver(discourse.article, LinearModel(0, {})).options(discourse, unit, discourse.resolve_by_rule(unit))
    assert {option.holder for option in options} == {"ann-hale", "tom-reed"}
    (ann,) = (option.features for option in options if option.holder == "ann-hale")
    assert "she*agrees" in ann and "she*agrees*only" in ann


def test_the_likeliest_candidate_is_the_answer_with_its_probability() -> None:
    found, sure = _resolve(LinearModel(-1.0, {"she*agrees": 3.0}))
    assert found == "ann-hale" and sure == pytest.approx(0.8808, abs=1e-4)


def test_where_nobody_is_likely_nobody_is_the_answer() -> None:
    found, sure = _resolve(LinearModel(-3.0, {}))
    assert found is None and sure < LEAST


def test_the_writer_is_no_candidate() -> None:
    text = "I met Tom Reed."
    discourse = Discourse(Article("a", "test", text, "text 1"), (), {})
    unit = Unit(0, 1, None, "I", "pronoun")
    rule = discourse.resolve_by_rule(unit)
    assert Resolver(discourse.article, LinearModel(5.0, {}))(discourse, unit, rule) == rule


@pytest.mark.parametrize(
    ("name", "pronoun"), [("Ann Hale", "she"), ("Tom Reed", "he"), ("Mrs Reed", "she"), ("Xq Reed", None)]
)
def test_a_given_name_or_a_title_tells_the_pronoun(name: str, pronoun: str | None) -> None:
    assert pronoun_of(Stakeholder("x", name, StakeholderKind.PERSON)) == pronoun


def test_confidence_is_lower_where_the_source_is_less_clear() -> None:
    text = (
        "Dr Ann Hale said the plan was late.\n\n"
        "Jane Moss chairs the board and Ruth Bell is its clerk. She said the money had gone."
    )
    first, *_, last = analyse(Article("a", "test", text, "text 1")).statements
    assert first.evidence.confidence > last.evidence.confidence
