"""Who speaks: names, surnames, pronouns, roles, spokesmen and descriptions, each brought back to one identity."""

from __future__ import annotations

import pytest

from nlp.pipeline import analyse
from nlp.records import Analysis, Article


def read(text: str) -> Analysis:
    return analyse(Article(Article.identify("test", text), "test", text, "text 1"))


def holders(text: str) -> list[str | None]:
    """The holders, people without the body in their id."""
    return [holder and holder.partition("--")[0] for holder in (each.holder for each in read(text).statements)]


@pytest.mark.parametrize("again", ["She", "Dr Ellery", "Ellery", "Maud Ellery", "The LMC chair"])
def test_a_person_named_once_is_known_again(again: str) -> None:
    text = f"Dr Maud Ellery, chair of Kent LMC, said the contract was unworkable. {again} added that it was also late."
    assert holders(text) == ["maud-ellery", "maud-ellery"]


@pytest.mark.parametrize("again", ["It", "The committee", "A spokesman", "The LMC"])
def test_a_body_named_once_is_known_again(again: str) -> None:
    text = f"Kent Local Medical Committee said the contract was unworkable. {again} added that it was also late."
    assert holders(text) == ["kent-lmc", "kent-lmc"]


@pytest.mark.parametrize(
    "speaker",
    ["A spokesman for NHS England", "An NHS England spokeswoman", "NHS England’s spokesperson", "NHS England"],
)
def test_an_unnamed_spokesman_is_the_body(speaker: str) -> None:
    (statement,) = read(f"{speaker} said: ‘No decision has been made about the contract.’").statements
    assert (statement.holder, statement.on_behalf_of) == ("nhs-england", None)


def test_a_pronoun_stands_for_the_person_and_not_for_the_body_between() -> None:
    text = "Dr Maud Ellery said the plan was late. NHS England was told in May. ‘It is dear,’ she added."
    assert holders(text) == ["maud-ellery", "maud-ellery"]


def test_a_new_subject_takes_the_pronoun_over() -> None:
    text = (
        "Dr Maud Ellery said the plan was late.\n\n"
        "Paul Ridley, chief executive of Kent CCG, is used to such words. ‘It is not late,’ he said."
    )
    assert holders(text) == ["maud-ellery", "paul-ridley"]


def test_two_people_of_one_surname_stay_apart() -> None:
    text = (
        "Dr John Cobb said the plan was late. Dr Mary Cobb said the plan was early. John Cobb added that it was dear."
    )
    assert holders(text) == ["john-cobb", "mary-cobb", "john-cobb"]


def test_another_of_a_kind_is_nobody_who_was_named_and_goes_on_as_they() -> None:
    text = "Dr Ann Poole is a GP. Another GP, who did not want to be named, said: “It is a mess.”"
    assert holders(text) == ["gp"]
    text = "Dr Ann Poole spoke. One manager at a trust said the plan was a mess. They added: “It is late.”"
    assert holders(text) == ["manager-at-a-trust", "manager-at-a-trust"]


def test_a_speaker_with_accents_keeps_the_words_from_the_body() -> None:
    text = "Dr José Ñandú-Peña, chair of Kent LMC, said the pooled budget was wrong."
    (statement,) = read(text).statements
    assert statement.on_behalf_of == "kent-lmc"
    assert statement.holder not in {None, "kent-lmc"}
