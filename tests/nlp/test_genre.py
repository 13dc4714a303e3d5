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


def genre(text: str) -> Genre:
    return classify_genre(segment(Article("a", "test", text, "text 1")))


def read(text: str, **known: str) -> Analysis:
    return analyse(Article("a", "test", text, "text 1", publisher=known.get("publisher"), author=known.get("author")))


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


def test_own_words_leave_quotations_out() -> None:
    text = "He said: ‘I am late,’ and left."
    assert own_words(Article("a", "t", text, "t"), Block(BlockKind.PARAGRAPH, 0, len(text))) == "He said:  and left."


def test_the_signature_of_a_comment_is_its_author_and_speaks_for_nobody() -> None:
    (statement,) = [s for s in read(COMMENT).statements if s.manner is Manner.AUTHORIAL]
    assert (statement.holder, statement.capacity, statement.on_behalf_of) == ("ian-cobb", Capacity.UNSPECIFIED, None)


def test_a_byline_known_to_the_reader_signs_a_comment() -> None:
    text = COMMENT.rsplit("\n\n", 1)[0]
    found = [s.holder for s in read(text, author="Ian Cobb").statements if s.manner is Manner.AUTHORIAL]
    assert found == ["ian-cobb"]


def test_news_has_no_author_of_its_own_sentences() -> None:
    analysis = read(NEWS, author="Tom Sharrow")
    assert not [s for s in analysis.statements if s.manner is Manner.AUTHORIAL]


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
