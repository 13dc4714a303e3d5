"""Reported speech: cue before, after, inverted and in the middle; passives; second-hand chains; joined clauses."""

from __future__ import annotations

import pytest

from nlp.pipeline import analyse
from nlp.records import Analysis, Article, Manner, Statement


def read(text: str) -> Analysis:
    return analyse(Article(Article.identify("test", text), "test", text, "text 1"))


def only(text: str) -> Statement:
    (statement,) = read(text).statements
    return statement


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Dr Maud Ellery said that the plan would cost practices dear.", "that the plan would cost practices dear"),
        ("Dr Maud Ellery said the plan would cost practices dear.", "the plan would cost practices dear"),
        ("The plan would cost practices dear, Dr Maud Ellery said.", "The plan would cost practices dear"),
        ("The plan would cost practices dear, said Dr Maud Ellery.", "The plan would cost practices dear"),
        ("According to Dr Maud Ellery, the plan would cost practices dear.", "the plan would cost practices dear"),
        ("The plan would cost practices dear, according to Dr Maud Ellery.", "The plan would cost practices dear"),
        (
            "Dr Maud Ellery told Pulse that the plan would cost practices dear.",
            "that the plan would cost practices dear",
        ),
        ("Dr Maud Ellery, who leads a GP practice, said the plan would be dear.", "the plan would be dear"),
    ],
)
def test_the_reported_clause_is_the_span(text: str, words: str) -> None:
    statement = only(text)
    assert (statement.holder, statement.manner, statement.text) == ("maud-ellery", Manner.INDIRECT, words)


def test_a_cue_in_the_middle_joins_both_halves() -> None:
    statement = only("The pooled budget for older people, Dr Maud Ellery said, and its rules were a mess.")
    assert statement.holder == "maud-ellery"
    assert [span.text for span in statement.spans] == [
        "The pooled budget for older people",
        "and its rules were a mess",
    ]


def test_an_inverted_cue_in_the_middle_belongs_to_the_name_behind_it() -> None:
    assert {s.holder for s in read("Nurses, said Dr Ian Cobb, were leaving.").statements} <= {"ian-cobb"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Dr Maud Ellery welcomed the plan for one budget.", "the plan for one budget"),
        ("Dr Maud Ellery called for a move to longer contracts.", "a move to longer contracts"),
        ("Dr Maud Ellery opposes the merger of the two budgets.", "the merger of the two budgets"),
    ],
)
def test_where_the_verb_carries_the_view_the_span_starts_behind_it(text: str, words: str) -> None:
    assert (only(text).holder, only(text).text) == ("maud-ellery", words)


def test_in_the_passive_the_whole_clause_is_the_span() -> None:
    statement = only("The proposals were rejected by Kent LMC on Tuesday night.")
    assert statement.holder == "kent-lmc"
    assert statement.text.startswith("The proposals were rejected by Kent LMC")


def test_what_one_reports_of_another_belongs_to_the_other() -> None:
    text = "Dr Maud Ellery said that Dr Tom Parrish had told her that the contract was unworkable."
    statement = only(text)
    assert (statement.holder, statement.chain) == ("tom-parrish", ("maud-ellery",))
    assert statement.text == "that the contract was unworkable"


@pytest.mark.parametrize("joint", ["but Dr Ann Selby", "while Dr Ann Selby", "while Dr Ann Selby, of Devon LMC,"])
def test_a_second_speaker_in_the_sentence_gets_their_own_words(joint: str) -> None:
    text = f"Dr Ian Cobb, of Leeds LMC, said the budget was fair, {joint} said it was a mess."
    said = [((s.holder or "").partition("--")[0], s.text) for s in read(text).statements]
    assert said == [("ian-cobb", "the budget was fair"), ("ann-selby", "it was a mess")]


def test_a_participle_goes_on_with_the_same_speaker() -> None:
    text = "Dr Ian Cobb attacked the pooled budget, warning that it would close surgeries."
    assert [(s.holder, s.text) for s in read(text).statements] == [
        ("ian-cobb", "the pooled budget"),
        ("ian-cobb", "that it would close surgeries"),
    ]


def test_quoted_words_in_a_reported_clause_make_it_mixed() -> None:
    statement = only("Dr Ian Cobb said the plan was ‘a mess’ and would not last.")
    assert (statement.manner, statement.text) == (Manner.MIXED, "the plan was ‘a mess’ and would not last")


def test_what_somebody_did_not_say_is_no_statement_of_theirs() -> None:
    assert read("Dr Ian Cobb did not say the pooled budget was a mistake.").statements == ()


def test_the_writers_own_sentence_has_no_holder() -> None:
    assert read("The pooled budget has been a mistake from the start, and it is getting worse.").statements == ()
