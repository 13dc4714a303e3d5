"""Pages of the press beside news: releases, interviews, minutes, speeches, answers, open letters, newsletters."""

from __future__ import annotations

import pytest

from nlp.pipeline import analyse
from nlp.records import Analysis, Article, Capacity, Genre, Manner, Statement

LONG = "The board met in the old town hall on Tuesday and heard that the county would print its plan in the new year."


def read(text: str) -> Analysis:
    return analyse(Article(Article.identify("pages", text), "pages", text, "pages"), [])


def said(found: Analysis, words: str) -> Statement:
    return next(statement for statement in found.statements if words in statement.text)


def test_a_line_that_announces_a_speaker_gives_the_quotations_below_it() -> None:
    lead = "Kent LMC said the plan was late.\n\nPriya Anand, Chief Executive of Homes for Carers, said:"
    found = read(
        f"{LONG}\n\n{lead}\n\n“This is a good day for all carers.\n\n“But the Bill must go further than this.”"
    )
    for words in ("This is a good day", "But the Bill must"):
        statement = said(found, words)
        assert (statement.holder, statement.on_behalf_of) == ("priya-anand--homes-for-carers", "homes-for-carers")


def test_a_colon_without_a_speaker_announces_nobody() -> None:
    found = read(f"{LONG}\n\nKent LMC said the plan was late. It has three aims:\n\n“Money, time and more people.”")
    assert not any(s.evidence.reason.startswith("announced") for s in found.statements)


def test_words_set_apart_without_marks_are_the_announced_speakers() -> None:
    quoted = "Giving children breakfast helps them to learn, and it is a good thing for parents too."
    goes_on = "I am glad to see it begin in this county and I will visit it soon."
    told = "The scheme began in the north in 2022 and has been paid for by the lottery since then."
    found = read(f"{LONG}\n\nThe schools minister, Gillian Poole, said:\n\n{quoted}\n\n{goes_on}\n\n{told}")
    mine = [s.text for s in found.statements if (s.holder or "").startswith("gillian-poole")]
    assert mine == [quoted, goes_on]


INTERVIEW = """Interview: Rhona Tulloch, chief executive of Cairn Housing

Housing Monthly talks to the head of an association about rent controls

By Neil Guthrie

You have been in the job for six months. What has surprised you?

How tired people are. My staff have had two hard years and they still turn up every day.

The government wants to make rent controls permanent. Do you support that?

I don't, no. I know why ministers want it, but a cap on rents is a cap on new homes.

But tenants say that rents have gone up by a third.

They have, for private tenants. Ours have gone up by less, and I would leave us out of it.

And what do you do to relax?

I swim in the sea, whatever the weather is like.

Rhona Tulloch will speak at our spring conference in Perth on 3 May, where tickets cost £90."""


def test_answers_of_an_interview_are_those_of_whom_it_is_with() -> None:
    found = read(INTERVIEW)
    answers = [s for s in found.statements if s.manner is Manner.DIRECT]
    assert [s.text[:8] for s in answers] == ["How tire", "I don't,", "They hav", "I swim i"]
    assert {(s.holder, s.capacity) for s in answers} == {("rhona-tulloch--cairn-housing", Capacity.OFFICIAL)}


def test_lettered_answers_are_told_by_their_letters() -> None:
    rows = [
        "Q: What is your priority?",
        "A: The levy. It should go at once.",
        "Q: The minister says it works.",
        "A: No.",
    ]
    found = read("\n\n".join(["Ann Orde, chair of Kent LMC, on money", *rows, *rows[:2]]))
    assert found.article.genre is Genre.INTERVIEW
    assert said(found, "It should go at once").text == "The levy. It should go at once."
    assert said(found, "It should go at once").holder == "ann-orde--kent-lmc"


def test_questions_and_answers_of_an_office_are_no_interview() -> None:
    rows = ["What does it cost?", "The card costs £12 a year.", "Who can have one?", "Residents of the town can apply."]
    found = read("\n\n".join([f"Ann Orde, chair of Kent LMC, wrote this. {LONG}", *rows, "Is it new?", "It is not."]))
    assert not any(s.evidence.reason.startswith("answers") for s in found.statements)


MINUTES = """HARROWDEN DISTRICT COUNCIL

MINUTES of the meeting of the CABINET held on 11 October 2017

Present: Councillor R Beddows (Leader), Gail Ormerod (GO), Director of Adults, and Mr P Oram (Head of Housing)

1. HOUSING COMPANY

The Head of Housing said that the loan would be safe.

GO reported that the home had closed. The Leader said that the Council could not wait.

The Leader of the Opposition said that it was a gamble."""


@pytest.mark.parametrize(
    ("words", "holder"),
    [("the loan", "p-oram"), ("the home", "gail-ormerod"), ("could not wait", "r-beddows")],
)
def test_minutes_name_people_by_office_and_by_initials(words: str, holder: str) -> None:
    statement = said(read(MINUTES), words)
    assert (statement.holder or "").startswith(f"{holder}--harrowden")
    assert (statement.capacity, statement.on_behalf_of) == (Capacity.OFFICIAL, "harrowden-district-council")


def test_an_office_that_goes_on_is_another_one() -> None:
    assert not any("gamble" in s.text and (s.holder or "").startswith("r-beddows") for s in read(MINUTES).statements)


def test_initials_of_two_people_are_nobodys() -> None:
    lines = ["AB: The plan will cost too much money.", "CD: Why is that?", "AB: We have none of it.", "CD: Thank you."]
    text = "\n\n".join([f"Ann Bell and Alan Booth met Carol Dean. {LONG}", *lines])
    assert not any(s.holder in ("ann-bell", "alan-booth") for s in read(text).statements)


def test_a_speech_is_its_speakers_in_their_office() -> None:
    own = "I believe that the old formula must be replaced, and we will put £50 million into the new one."
    rest = "I know that you are worried. I have heard you, and I say that no force should lose money in the first year."
    text = f"Speech by Policing Minister Caroline Astley at the Police Federation conference\n\n{own}\n\n{rest}"
    statement = said(read(text), "must be replaced")
    assert (statement.holder, statement.on_behalf_of) == ("caroline-astley--home-office", "home-office")
    assert statement.manner is Manner.AUTHORIAL


def test_an_answer_to_a_consultation_is_the_bodys() -> None:
    we = "We do not support the longer distance. We believe that it would be wrong, and we ask that it should go."
    ask = "Question 1: Should the distance be longer?"
    text = (
        f"Response to the consultation on school transport\n\nAssociation of Rural Heads\n\n{we}\n\n{ask}\n\n{we[:39]}"
    )
    found = read(text)
    statement = said(found, "believe that it would be wrong")
    assert (statement.holder, statement.capacity) == ("association-of-rural-heads", Capacity.OFFICIAL)
    assert not any(s.text.endswith("?") for s in found.statements)


def test_all_who_sign_an_open_letter_say_it() -> None:
    we = "We are sure that public pools should get help with their bills now, as it would be wrong to let them close."
    signed = "Maria Lacey, Chief Executive, Kent Leisure Trust\n\nTom Hadden, Chair, Pools Alliance"
    found = read(f"Open letter\n\nDear Secretary of State,\n\n{we}\n\nYours sincerely,\n\n{signed}")
    signers = {(s.holder, s.on_behalf_of) for s in found.statements if s.manner is Manner.AUTHORIAL}
    assert signers == {("maria-lacey--kent-leisure-trust", "kent-leisure-trust"), ("tom-hadden", "pools-alliance")}


def test_a_letter_signed_with_an_office_alone_is_of_the_masthead() -> None:
    we = "We think that this cut is the wrong decision, and our nurses should not have to pay for it with their jobs."
    found = read(f"Riverside Hospice News\n\nDear friends,\n\n{we}\n\nJudith Amory\n\nChief Executive")
    statement = said(found, "wrong decision")
    assert (statement.holder, statement.on_behalf_of) == ("judith-amory", "riverside-hospice")


def test_a_bulletin_with_a_byline_writes_no_statements_of_its_own() -> None:
    told = (
        "From April 750 schools will take part, and the Department for Education will pay 60p for each of their pupils."
    )
    found = read(f"Breakfast clubs begin\n\nSchools and Academies Bulletin\n\nBy Laura Penhale\n\n{told}\n\n{LONG}")
    assert not any(s.manner is Manner.AUTHORIAL for s in found.statements)


def test_a_blog_with_an_author_line_is_the_authors() -> None:
    own = (
        "The present rule makes little sense. Fees should be set locally, and ministers must think again about it now."
    )
    found = read(f"Why fees should be local\n\nBLOG\n\nAuthor: Tamsin Oakeshott, senior researcher\n\n{own}\n\n{LONG}")
    assert said(found, "set locally").holder == "tamsin-oakeshott"


LEADER = """{title}

It is easy to make fun of a railway that carries nine people.

But the county council's plan to withdraw its subsidy from the branch line would be a mistake.

The council's transport chief, Ewan Birtle, says the money would be better spent on buses. He has a point about the \
buses. It does not follow that the trains should pay for them.

The chamber of commerce calls the plan “economically illiterate”, a phrase that means it has no bus pass. It is right.
"""


@pytest.mark.parametrize(
    ("title", "holder"),
    [
        ("The Courier says: Keep the branch line open", "courier"),
        ("The Sallow Gazette view on trains: keep the branch line", "sallow-gazette"),
    ],
)
def test_a_leader_is_of_the_paper_that_its_title_names(title: str, holder: str) -> None:
    found = read(LEADER.format(title=title))
    mine = [statement.text for statement in found.statements if statement.manner is Manner.AUTHORIAL]
    assert {s.holder for s in found.statements if s.manner is Manner.AUTHORIAL} == {holder}
    assert "He has a point about the buses. It does not follow that the trains should pay for them." in mine
    assert said(found, "economically illiterate").text == "the plan “economically illiterate”"


def test_a_body_that_says_something_in_a_headline_writes_no_leader() -> None:
    found = read(LEADER.format(title="The BMA says: keep the branch line open"))
    assert not any(statement.manner is Manner.AUTHORIAL for statement in found.statements)


def test_a_line_about_the_writer_says_nothing() -> None:
    found = read(
        f"{LONG}\n\nAnn Orde said the plan was wrong.\n\n"
        "Ann Orde chairs the Kent Carers Forum and writes in a personal capacity."
    )
    assert [statement.text for statement in found.statements] == ["the plan was wrong"]
