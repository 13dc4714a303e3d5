"""Who said what in whole paragraphs: quotations with and without cues, capacity, repeats and layout."""

from __future__ import annotations

import pytest

from nlp.pipeline import analyse
from nlp.records import Analysis, Article, Capacity, Manner, Statement


def read(text: str) -> Analysis:
    return analyse(Article(Article.identify("test", text), "test", text, "text 1"))


def only(text: str) -> Statement:
    (statement,) = read(text).statements
    return statement


@pytest.mark.parametrize(
    "text",
    [
        "Dr Maud Ellery, a GP in Leeds, said: ‘The plan is late.’",
        "Dr Maud Ellery, a GP in Leeds, said: “The plan is late.”",
        "Dr Maud Ellery, a GP in Leeds, said: 'The plan is late.'",
        'Dr Maud Ellery, a GP in Leeds, said: "The plan is late."',
        "Dr Maud Ellery, a GP in Leeds, said: ’The plan is late.’",
        "Dr Maud Ellery, a GP in Leeds, said: “The plan is late.",
        "Dr Maud Ellery: ‘The plan is late.’ That was all.",
        "Dr Maud Ellery: The plan is late.",
    ],
)
def test_a_quotation_in_any_marks_is_direct(text: str) -> None:
    statement = only(text)
    assert (statement.holder, statement.manner, statement.text) == ("maud-ellery", Manner.DIRECT, "The plan is late.")


@pytest.mark.parametrize("cue", ["said Dr Maud Ellery", "Dr Maud Ellery said", "Dr Maud Ellery told Pulse"])
def test_a_cue_behind_a_quotation_names_its_holder(cue: str) -> None:
    statement = only(f"‘The plan won’t work for GPs’ patients,’ {cue}.")
    assert (statement.holder, statement.text) == ("maud-ellery", "The plan won’t work for GPs’ patients")


def test_a_quotation_split_by_its_cue_is_one_statement() -> None:
    text = "‘General practice should be the same,’ Dr Maud Ellery argued. ‘You should leave it alone.’"
    statement = only(text)
    assert [s.text for s in statement.spans] == ["General practice should be the same", "You should leave it alone."]


def test_a_quotation_open_over_paragraphs_is_one_statement_a_paragraph() -> None:
    text = "Dr Maud Ellery said: ‘The plan is late.\n\n‘Nobody asked us about it.\n\n‘We shall say so in June.’"
    said = [(s.holder, s.text) for s in read(text).statements]
    assert said == [
        ("maud-ellery", "The plan is late."),
        ("maud-ellery", "Nobody asked us about it."),
        ("maud-ellery", "We shall say so in June."),
    ]


def test_a_quotation_without_cue_goes_on_from_the_one_before() -> None:
    text = "Dr Maud Ellery said: ‘The plan is late.’\n\n‘Nobody asked us at any point about it.’"
    assert [s.holder for s in read(text).statements] == ["maud-ellery", "maud-ellery"]


def test_a_quotation_of_nobody_known_is_unattributed() -> None:
    analysis = read("“We’re done with it,” she said. “It’s over.”")
    assert [s.holder for s in analysis.statements] == [None]
    assert [issue.code for issue in analysis.issues].count("unattributed") == 1


def test_two_quotations_of_two_people_stay_apart() -> None:
    text = "‘It is late,’ said Dr Maud Ellery. ‘It is early,’ said Dr Tom Parrish."
    said = [(s.holder, s.text) for s in read(text).statements]
    assert said == [("maud-ellery", "It is late"), ("tom-parrish", "It is early")]


def test_quoted_words_after_a_reported_clause_are_a_second_statement() -> None:
    text = "Dr Maud Ellery said the plan was late. ‘Nobody asked us about it.’"
    said = [(s.holder, s.manner, s.text) for s in read(text).statements]
    assert said == [
        ("maud-ellery", Manner.INDIRECT, "the plan was late"),
        ("maud-ellery", Manner.DIRECT, "Nobody asked us about it."),
    ]


# ---- capacity


@pytest.mark.parametrize(
    "intro",
    [
        "Dr Maud Ellery, chair of Kent LMC,",
        "Dr Maud Ellery, medical secretary of Kent LMC,",
        "Kent LMC’s Dr Maud Ellery",
        "Kent LMC chief executive Maud Ellery",
    ],
)
def test_an_officer_speaks_for_the_body(intro: str) -> None:
    statement = only(f"{intro} said the contract was unworkable.")
    assert (statement.capacity, statement.on_behalf_of) == (Capacity.OFFICIAL, "kent-lmc")


@pytest.mark.parametrize(
    "intro",
    [
        "Dr Maud Ellery, a GP in Leeds,",
        "Dr Maud Ellery, a former chair of Kent LMC,",
        "Dr Maud Ellery, a fellow of the King’s Fund,",
        "Professor Maud Ellery of the University of Leeds",
        "Maud Ellery, professor of health policy at the University of Leeds,",
    ],
)
def test_fellows_academics_and_former_officers_speak_for_nobody(intro: str) -> None:
    statement = only(f"{intro} said the contract was unworkable.")
    assert (statement.capacity, statement.on_behalf_of) == (Capacity.UNSPECIFIED, None)


@pytest.mark.parametrize(
    "text",
    [
        "Speaking in a personal capacity, Dr Maud Ellery, chair of Kent LMC, said the contract was unworkable.",
        "Dr Maud Ellery, chair of Kent LMC, speaking in a personal capacity, said the contract was unworkable.",
        "Dr Maud Ellery, chair of Kent LMC, said the contract was unworkable. She was speaking in a personal capacity.",
    ],
)
def test_a_personal_capacity_never_speaks_for_the_body(text: str) -> None:
    statement = read(text).statements[0]
    assert ((statement.holder or "").partition("--")[0], statement.capacity, statement.on_behalf_of) == (
        "maud-ellery",
        Capacity.PERSONAL,
        None,
    )


def test_a_personal_capacity_is_of_the_person_it_is_said_of() -> None:
    text = (
        "Speaking in a personal capacity, Dr Maud Ellery, chair of Kent LMC, said the contract was late.\n\n"
        "Dr Ann Selby, chair of Devon LMC, said the contract was early."
    )
    assert [s.capacity for s in read(text).statements] == [Capacity.PERSONAL, Capacity.OFFICIAL]


def test_a_pronoun_behind_a_quotation_is_nobody_named_inside_it() -> None:
    text = (
        "Dr Maud Ellery, chair of Kent LMC, runs a surgery in Dover.\n\n"
        "‘Mr Colin Birch wrote to me in May and I heard nothing about the contract,’ she said."
    )
    assert [s.holder for s in read(text).statements] == ["maud-ellery--kent-lmc"]


STRANGERS = [
    ("a woman at the back of the hall", "woman-at-the-back-of-the-hall"),
    ("one man", "man"),
    ("another", None),
    ("one of those who had come", None),
]


def described(statement: Statement) -> str | None:
    """The holder of a direct statement without the article that makes them one of their kind."""
    return statement.holder.partition("--in-")[0] if statement.holder else None


@pytest.mark.parametrize(("subject", "holder"), STRANGERS)
def test_a_quotation_of_somebody_unknown_is_given_to_nobody_before_them(subject: str, holder: str | None) -> None:
    text = (
        "Dr Maud Ellery, chair of Kent LMC, said the contract was late.\n\n"
        f"‘We have waited for years and nothing has changed,’ said {subject}. ‘It is not good enough.’"
    )
    assert {described(s) for s in read(text).statements if s.manner is Manner.DIRECT} == {holder}


@pytest.mark.parametrize(("subject", "holder"), STRANGERS[:3])
def test_a_stranger_before_the_cue_is_nobody_who_spoke_before(subject: str, holder: str | None) -> None:
    text = (
        "Dr Maud Ellery, chair of Kent LMC, said: ‘The contract is late.’\n\n"
        f"‘We have waited for years and nothing has changed,’ {subject} said."
    )
    assert [described(s) for s in read(text).statements] == ["maud-ellery--kent-lmc", holder]


def test_a_stranger_of_one_article_is_none_of_another() -> None:
    first, second = (only(f"‘We have waited for {n} years,’ said a man at the back.").holder for n in ("two", "three"))
    assert first and second and first != second


@pytest.mark.parametrize(("article", "named"), [("The", True), ("A", False)])
def test_a_body_named_later_speaks_for_a_definite_description_only(article: str, named: bool) -> None:
    text = (
        f"{article} trust has said that it will close two of its wards before the winter.\n\n"
        "Dover Hospital Trust runs eleven wards in the town."
    )
    holders = {s.holder for s in read(text).statements}
    assert holders and ("dover-hospital-trust" in holders) == named


def test_words_that_go_on_are_of_whoever_spoke_last_even_behind_a_stranger() -> None:
    text = (
        "‘We have waited for years and nothing has changed,’ said a woman at the back. Dr Maud Ellery, chair of Kent "
        "LMC, said the contract was late.\n\n‘It will be late again next year, as it is every year.’"
    )
    assert [s.holder for s in read(text).statements if s.text.startswith("It will")] == ["maud-ellery--kent-lmc"]


@pytest.mark.parametrize(
    ("office", "role"),
    [("women’s health lead", "women’s health lead"), ("the hospital’s clinical lead", "clinical lead")],
)
def test_whom_an_office_serves_is_part_of_it_and_who_owns_it_is_not(office: str, role: str) -> None:
    mention = read(f"Dr Maud Ellery, {office}, said the plan was late.").mentions[0]
    assert mention.affiliation is not None
    assert mention.affiliation.role == role


# ---- transcripts


def test_a_transcript_gives_answers_and_no_questions() -> None:
    text = (
        "Interviewer: Do you support pooled budgets?\n\nMaud Ellery: I do. They are the best thing for patients.\n\n"
        "Interviewer: Why now?\n\nMaud Ellery: Because the money is short.\n\nMaud Ellery: And because it works.\n\n"
        "It will work next year too."
    )
    said = [(s.holder, s.text) for s in read(text).statements if s.holder == "maud-ellery"]
    assert [words for _, words in said] == [
        "I do. They are the best thing for patients.",
        "Because the money is short.",
        "And because it works.",
        "It will work next year too.",
    ]
    assert not any(s.text.endswith("?") for s in read(text).statements)


LEAD = "Dorset scheme short of doctors\n\n"
BODY = (
    "Dr Ruth Calder, chair of Dorset LMC, told the meeting on Tuesday that the county had run out of time. ‘We were "
    "promised forty new doctors and we have had six of them,’ she said. ‘The rest have gone to other places.’\n\n"
    "The board will look at the scheme again in October, when the figures for the first half of the year are in."
)


@pytest.mark.parametrize(
    "pull",
    [
        "“We were promised forty new doctors and we have had six of them”",
        "Dr Ruth Calder: ‘We were promised forty new doctors’",
    ],
)
def test_a_pull_quote_above_the_body_repeats_what_the_body_says(pull: str) -> None:
    statements = read(f"{LEAD}{pull}\n\n{BODY}").statements
    assert [s.holder for s in statements] == ["ruth-calder--dorset-lmc"] * 2
    assert [span.text for s in statements for span in s.repeats] == [pull]


def test_a_quotation_behind_a_sentence_about_somebody_else_is_theirs() -> None:
    text = (
        "‘The pilot was a waste,’ said Dr Owen Sharp. But Ms Tessa Lund of Hull CCG disagreed. "
        "‘It has kept six hundred people out of hospital.’"
    )
    said = [(s.holder, s.text) for s in read(text).statements]
    assert said[-1] == ("tessa-lund--hull-ccg", "It has kept six hundred people out of hospital.")
    assert said[0] == ("owen-sharp", "The pilot was a waste")


def test_who_stands_behind_said_says_what_stands_around_it() -> None:
    holders = {s.holder for s in read("The scheme, argued Mr Ivor Nash, would cost more than it saved.").statements}
    assert holders == {"ivor-nash"}
    assert not [
        s for s in read("The fund, said Dr Clare Hobbs, was too small.").statements if s.holder != "clare-hobbs"
    ]


def test_who_is_told_says_nothing() -> None:
    text = "Dr Clare Hobbs, who chairs Devon LMC, told Mr Ivor Nash, the minister, that the fund was too small."
    assert only(text).holder == "clare-hobbs--devon-lmc"


def test_to_decline_to_comment_says_nothing() -> None:
    assert read("Hull CCG declined to comment on the scheme.").statements == ()
