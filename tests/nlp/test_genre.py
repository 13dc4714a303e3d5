"""The genre of a text, and who writes the sentences in its own voice."""

from __future__ import annotations

import pytest

from nlp.genre import classify_genre
from nlp.pipeline import analyse
from nlp.records import Analysis, Article, Block, BlockKind, Capacity, Genre, Manner
from nlp.steps.segment import segment
from nlp.voice import own_words

NEWS = (
    "Doctors in Kent have turned against a plan to merge the county’s budgets, it emerged last night.\n\n"
    "Dr Maud Ellery, chair of Kent LMC, said: ‘I think we are lost. I hope I am wrong. My view is what I say.’\n\n"
    "Kent County Council said no decision had been made about the merger of the two budgets."
)
COMMENT = (
    "I have been a GP for thirty years and I have never seen a contract like this one.\n\n"
    "I believe that capitated budgets are wrong for my patients, and I say so as somebody who wanted them to work.\n\n"
    "Dr Ian Cobb is a GP in Leeds"
)
TOLD = COMMENT.rsplit("\n\n", 1)[0]
JUDGED = (
    "The county has put its care budget and its surgeries’ budget into one fund, and the fund is short of £3m.\n\n"
    "We think that pooled budgets are wrong for the county and that they should be stopped. "
    "We said so in March and our view is the same today.\n\n"
    "The next meeting of the cabinet is at the town hall and it will be open to all who wish to come."
)
RELEASED = (
    "Wealdshire County Council has asked for a review of the fund that it shares with the hospitals.\n\n"
    "Two budgets would be better for people who need care at home. The pooled budget has cost the county £4m since "
    "2015 and it should be stopped."
)


def genre(text: str) -> Genre:
    return classify_genre(segment(Article("a", "test", text, "text 1")))


def read(text: str, **known: str) -> Analysis:
    return analyse(Article("a", "test", text, "text 1", publisher=known.get("publisher"), author=known.get("author")))


def writers(text: str, **known: str) -> list[str]:
    """The names of those whose own sentences are found, in order."""
    analysis = read(text, **known)
    names = {s.id: s.name for s in analysis.stakeholders}
    return list(dict.fromkeys(names[s.holder or ""] for s in analysis.statements if s.manner is Manner.AUTHORIAL))


def test_a_report_is_news_however_much_its_speakers_say_i() -> None:
    assert genre(NEWS) is Genre.NEWS


def test_a_signed_piece_in_the_first_person_is_comment() -> None:
    assert genre(COMMENT) is Genre.COMMENT


def test_a_known_genre_is_kept() -> None:
    article = Article("a", "test", NEWS, "text 1", genre=Genre.BRIEFING)
    assert analyse(article).article.genre is Genre.BRIEFING


def test_a_release_names_itself() -> None:
    text = "PRESS RELEASE\n\n" + NEWS
    assert genre(text) is Genre.PRESS_RELEASE


def test_labelled_lines_make_a_transcript() -> None:
    lines = ["Chair: The meeting is open.", "Dr Cobb: Thank you.", "Dr Selby: I object to it.", "Chair: That is noted."]
    assert genre("\n\n".join(lines)) is Genre.TRANSCRIPT


def test_a_running_report_is_news_although_its_reporter_says_i() -> None:
    entries = [
        f"{at}\n\nI am in the chamber and I can see the leader, who tells me that I may sit with my colleagues here."
        for at in ("6.40pm", "7.15pm", "8.05pm")
    ]
    text = "Budget night as it happened\n\nBy Jo Pell\n\n" + "\n\n".join(entries)
    assert genre(text) is Genre.NEWS
    assert writers(text) == []


def test_an_interview_is_no_comment_of_the_one_who_answers() -> None:
    answers = "I have said it before and I say it again, I want the budget in my own hands and I will pay my own bills."
    asked = "\n\n".join(f"{question}\n\n{answers}" for question in ("Why now?", "Who pays?", "What comes next?"))
    text = f"‘I want the budget’\n\nThe chief of Solent Care talks to Jo Pell about money\n\n{asked}"
    assert genre(text) is Genre.INTERVIEW
    assert writers(text) == []


def test_own_words_leave_quotations_out() -> None:
    text = "He said: ‘I am late,’ and left."
    assert own_words(Article("a", "t", text, "t"), Block(BlockKind.PARAGRAPH, 0, len(text))) == "He said:  and left."


def test_the_signature_of_a_comment_is_its_author_and_speaks_for_nobody() -> None:
    (statement,) = [s for s in read(COMMENT).statements if s.manner is Manner.AUTHORIAL]
    assert (statement.holder, statement.capacity, statement.on_behalf_of) == ("ian-cobb", Capacity.UNSPECIFIED, None)


def test_a_writer_who_says_so_speaks_personally() -> None:
    analysis = read(COMMENT + ". He writes here in a personal capacity.")
    (statement,) = [s for s in analysis.statements if s.manner is Manner.AUTHORIAL]
    assert statement.capacity is Capacity.PERSONAL


def test_a_byline_known_to_the_reader_signs_a_comment() -> None:
    found = [s.holder for s in read(TOLD, author="Ian Cobb").statements if s.manner is Manner.AUTHORIAL]
    assert found == ["ian-cobb"]


@pytest.mark.parametrize(
    "head",
    [
        "The wrong contract\n\nBy Ian Cobb",
        "The wrong contract\n\nIan Cobb\n\n4 May 2016",
        "The wrong contract\n\nIAN COBB\n\nWednesday 4 May 2016",
        "The wrong contract\n\nOPINION | Ian Cobb",
        "The wrong contract\n\nA fixed sum asks too much of a surgery, writes Dr Ian Cobb",
        "The wrong contract\n\nIan Cobb wonders who will carry the risk",
        "The wrong contract\n\nDr Ian Cobb, GP in Leeds | 4 May 2016",
    ],
)
def test_the_head_of_a_comment_names_its_writer(head: str) -> None:
    assert writers(f"{head}\n\n{TOLD}") == ["Ian Cobb"]


@pytest.mark.parametrize(
    "foot",
    [
        "Ian Cobb is finance director of a trust in Leeds.",
        "Ian Cobb was MP for Leeds Valley and is a GP",
        "Ian Cobb writes on tax and pensions",
        "Ian Cobb writes every Wednesday.",
        "Posted by Ian Cobb at 21:14",
    ],
)
def test_the_foot_of_a_comment_names_its_writer(foot: str) -> None:
    assert writers(f"The wrong contract\n\n{TOLD}\n\n{foot}") == ["Ian Cobb"]


def test_news_has_no_author_of_its_own_sentences() -> None:
    analysis = read(NEWS, author="Tom Sharrow")
    assert not [s for s in analysis.statements if s.manner is Manner.AUTHORIAL]


@pytest.mark.parametrize(
    "line",
    [
        "Ann Selby, who chairs the fund, said it was £2m short.",
        "Ann Selby told this newspaper that pooled budgets were wrong and should be stopped.",
        "Ann Selby is a member of the board.",
        "Practice Weekly analysis shows that pooled budgets cost £3m more than they should.",
    ],
)
def test_lines_of_news_that_look_like_a_writers_give_it_none(line: str) -> None:
    assert writers(f"Doctors turn against fund\n\nBy Jo Pell\n\n{NEWS}\n\n{line}\n\n{NEWS}") == []


def test_remarks_under_a_heading_of_their_own_in_news_are_the_reporters() -> None:
    body = "\n\n".join([NEWS, NEWS.replace("Kent", "Essex")])
    remark = "The doctors are wrong. A pooled budget should be tried, and it would cost the county no more than £1m."
    text = f"Doctors turn against fund\n\n{body}\n\nAnalysis\n\n{remark}\n\nJo Pell is news editor of Care Week"
    analysis = read(text)
    (own,) = [s for s in analysis.statements if s.manner is Manner.AUTHORIAL]
    assert (own.holder, own.spans[0].start >= text.index(remark)) == ("jo-pell", True)


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("CHRONICLE VIEW", "Chronicle"),
        ("THE WEALD DISPATCH SAYS", "Weald Dispatch"),
        ("The Weald Herald's view", "Weald Herald"),
        ("ARGUS COMMENT", "Argus"),
        ("Weald Times\n\nOPINION", "Weald Times"),
        ("THE WEALD AND MARSH NEWS\n\nVIEWPOINT", "Weald and Marsh News"),
    ],
)
def test_a_leader_belongs_to_the_paper_that_its_label_or_masthead_names(label: str, name: str) -> None:
    assert writers(f"{label}\n\nOne fund too many\n\n{JUDGED}") == [name]


def test_a_leader_of_a_nameless_paper_belongs_to_this_newspaper() -> None:
    text = JUDGED.replace("We think", "This newspaper thinks").replace("We said so in March and our", "The")
    assert writers(f"Leading article\n\nOne fund too many\n\n{text}") == ["This newspaper"]


@pytest.mark.parametrize("publisher", ["Kent LMC", "The Wexshire Gazette"])
def test_a_leader_belongs_to_its_publication(publisher: str) -> None:
    text = (
        "LEADER\n\nThe county should not pool its budgets. We said so in March and we say so again, for the pooled "
        "budget would take money from surgeries that must keep it.\n\n"
        "Our readers deserve better. A single budget is wrong for them and it should be stopped."
    )
    article = Article("a", "test", text, "text 1", publisher=publisher, genre=Genre.LEADER)
    analysis = analyse(article)
    owners = {s.holder for s in analysis.statements if s.manner is Manner.AUTHORIAL}
    names = {s.id: s.name for s in analysis.stakeholders}
    assert [names[id_ or ""].removeprefix("The ") for id_ in owners] == [publisher.removeprefix("The ")]


def test_the_address_of_a_page_names_the_paper_of_a_leader() -> None:
    article = Article(
        "a", "test", JUDGED, "text 1", genre=Genre.LEADER, url="https://www.pulsetoday.co.uk/leader/one-fund"
    )
    own = [s for s in analyse(article).statements if s.manner is Manner.AUTHORIAL]
    assert {s.holder for s in own} == {"pulse"}


FIRST = "I have read that the pot is to be pooled. It is wrong to do so and the council should think again about it."
SECOND = "Your readers may like it. I would rather have two budgets than one, which is a mistake that will cost us £1m."


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (f"SIR - {FIRST}\n\nReg Tandy\n\nUpton\n\nSIR - {SECOND}\n\n(Mrs) Ann Selby\n\nChurch Lane, Alderton",
         ["Reg Tandy", "Ann Selby"]),
        (f"Dear Sir, {FIRST}\n\nReg Tandy, Upton\n\nDear Sir, {SECOND}\n\nDr Ann Selby, by email",
         ["Reg Tandy", "Ann Selby"]),
        (f"POSTBAG\n\nA pot too far\n\n{FIRST}\n\nReg Tandy, Upton\n\nTwo will do\n\n{SECOND}\n\nAnn Selby, Alderton",
         ["Reg Tandy", "Ann Selby"]),
        (f"Feedback\n\nFrom Reg Tandy\n\n{FIRST}\n\nFrom Ann Selby\n\n{SECOND}", ["Reg Tandy", "Ann Selby"]),
        (f"Letters, 4 May 2016\n\nSir, {FIRST}\n\nName supplied, Upton\n\nSir, {SECOND}\n\nAnn Selby",
         ["Name supplied, Upton", "Ann Selby"]),
    ],
)  # fmt: skip
def test_each_letter_belongs_to_the_name_that_signs_it(text: str, names: list[str]) -> None:
    assert writers(text) == names


@pytest.mark.parametrize("to", ["Dear colleagues,", "Dear Secretary of State,", "Dear Mr Hale,", "Dear all"])
def test_a_letter_may_go_to_anybody(to: str) -> None:
    body = "We cannot support the plan to pool the budgets of the county as it stands. It should be stopped at once."
    text = f"{to}\n\n{body}\n\nDr Fiona Blackmore\n\nChair, Wexmoor Local Medical Committee"
    assert writers(text) == (["Fiona Blackmore"] if to.endswith(",") else [])


def test_an_officer_who_writes_we_in_a_letter_speaks_for_the_body() -> None:
    ours = "We have pressed for a pooled budget since 2011 and our members support it, because it is right for them."
    text = f"Dear Sir, {ours}\n\nAnn Selby, chair, Weald Carers’ Forum\n\nDear Sir, {FIRST}\n\nReg Tandy, Upton"
    officer = next(
        s for s in read(text).statements if s.manner is Manner.AUTHORIAL and s.holder == "ann-selby--weald-carers-forum"
    )
    assert (officer.capacity, officer.on_behalf_of) == (Capacity.OFFICIAL, "weald-carers-forum")


def test_the_editors_note_between_letters_is_nobodys() -> None:
    note = "A pooled budget was agreed on Friday and it will cost £4m, the council writes. - Ed."
    text = f"Dear Sir, {FIRST}\n\nReg Tandy, Upton\n\n{note}\n\nDear Sir, {SECOND}\n\nAnn Selby, Alderton"
    assert not any("£4m" in s.text for s in read(text).statements if s.manner is Manner.AUTHORIAL)


@pytest.mark.parametrize(
    "head",
    [
        "KENT LMC NEWSLETTER\n\nJune 2015\n\nOne fund too many",
        "Kent Local Medical Committee\n\neBulletin, 18 June 2015\n\nOne fund too many",
        "LMC UPDATE 88\n\nKent LMC, Friday 12 June 2015\n\nOne fund too many",
        "LMC Update – June 2015\n\nFrom Kent LMC to GPs and practice teams\n\nOne fund too many",
        "Kent LMC\n\nSummer bulletin\n\nOne fund too many",
    ],
)
def test_a_newsletter_belongs_to_the_body_in_its_masthead(head: str) -> None:
    analysis = read(f"{head}\n\n{JUDGED}")
    own = [s for s in analysis.statements if s.manner is Manner.AUTHORIAL]
    assert {(s.holder, s.capacity, s.on_behalf_of) for s in own} == {("kent-lmc", Capacity.OFFICIAL, None)}


def test_the_officer_who_signs_a_newsletter_owns_what_they_say_as_i() -> None:
    mine = "I think that the offer is wrong, and I would ask my colleagues to say so. I have never seen a worse one."
    text = f"KENT LMC NEWSLETTER\n\nJune 2015\n\nOne fund too many\n\n{mine}\n\n{JUDGED}\n\nDr Ann Selby, Chair"
    own = [s for s in read(text).statements if s.manner is Manner.AUTHORIAL]
    assert (own[0].holder, own[0].on_behalf_of) == ("ann-selby", "kent-lmc")
    assert {s.holder for s in own[1:]} == {"kent-lmc"}


@pytest.mark.parametrize(
    "page",
    [
        "Council wants review\n\n{}\n\nENDS\n\nNotes to editors\n\nThe fund began in 2015.",
        "Council wants review\n\n{}\n\nMedia enquiries: Jo Pell, 01632 960 118",
        "Council wants review\n\n4 May 2016\n\nNo embargo\n\n{}",
        "News from Wealdshire County Council\n\nReview of fund\n\n{}",
        "Council wants review\n\n{}\n\nIssued by: Communications Team, Wealdshire County Council",
        "Home > About us > News\n\nCouncil wants review\n\nPosted: 4 May 2016\n\n{}\n\nPage last reviewed 04/05/2016",
    ],
)
def test_a_release_belongs_to_the_body_that_issues_it(page: str) -> None:
    text = page.format(RELEASED)
    assert genre(text) is Genre.PRESS_RELEASE
    assert writers(text) == ["Wealdshire County Council"]


@pytest.mark.parametrize(
    "head",
    [
        "NHS WEALD CCG\n\nGoverning Body meeting in public\n\nAgenda item 9\n\nOne fund",
        "Weald CCG\n\nPrimary Care Committee, 14 March 2019\n\nPaper E2: for decision\n\nPurpose: for decision",
    ],
)
def test_a_paper_belongs_to_the_body_and_not_to_its_board(head: str) -> None:
    text = f"{head}\n\n1.1 The pooled budget cost the CCG £4m last year and it should be stopped.\n\n{RELEASED}"
    analysis = read(text)
    assert analysis.article.genre is Genre.BOARD_PAPER
    assert {s.holder for s in analysis.statements if s.manner is Manner.AUTHORIAL} == {"weald-ccg"}
