"""What writers say themselves: only what judges a topic or gives a figure, and never what they report."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import corpora
from nlp.genre import find_authors
from nlp.judging import Setting, Told, own_run
from nlp.pipeline import analyse
from nlp.records import Analysis, Article, Capacity, Genre, Manner, Statement
from nlp.sentences import sentences
from nlp.steps.authorial import author_statements
from nlp.steps.segment import segment

OPENING = "The meeting in Leeds on Tuesday was long, the tea was cold and the chairs were hard."


def read(text: str, genre: Genre = Genre.COMMENT, publisher: str | None = None) -> Analysis:
    return analyse(Article("a", "test", text, "text 1", author="Ian Cobb", genre=genre, publisher=publisher))


def own(analysis: Analysis) -> list[Statement]:
    return [s for s in analysis.statements if s.manner is Manner.AUTHORIAL]


def test_a_sentence_that_judges_nothing_is_no_statement() -> None:
    assert own(read(OPENING)) == []


def test_a_sentence_that_judges_a_topic_is_the_writers() -> None:
    (statement,) = own(read(f"{OPENING}\n\nPooled budgets are wrong and should be stopped."))
    assert (statement.holder, statement.text) == ("ian-cobb", "Pooled budgets are wrong and should be stopped.")


def test_a_sentence_with_a_funding_figure_is_the_writers() -> None:
    (statement,) = own(read(f"{OPENING}\n\nThe county spent £4.2m on its surgeries last year."))
    assert statement.text == "The county spent £4.2m on its surgeries last year."


def test_a_paragraph_gives_one_statement_at_most() -> None:
    text = "Pooled budgets are wrong. A single budget would be a disaster. I would not pool a penny of it."
    assert len(own(read(f"{OPENING}\n\n{text}"))) == 1


def test_what_the_writer_reports_belongs_to_the_one_reported() -> None:
    text = f"{OPENING}\n\nDr Ann Selby, chair of Devon LMC, said the pooled budget was the best idea in years."
    analysis = read(text)
    assert own(analysis) == []
    assert [s.holder for s in analysis.statements] == ["ann-selby--devon-lmc"]


def test_the_writers_words_around_a_quotation_leave_it_out() -> None:
    text = (
        f"{OPENING}\n\nPooled budgets are wrong for every patient in the county. ‘A single budget is the best idea in "
        "years,’ said Dr Ann Selby. That is why the pooled budget should be stopped before it is too late."
    )
    analysis = read(text)
    taken = [span for s in analysis.statements if s.holder == "ann-selby" for span in s.spans]
    assert taken
    assert not any(a.overlaps(b) for s in own(analysis) for a in s.spans for b in taken)


def test_a_bodys_own_release_is_official_and_its_own() -> None:
    text = f"{OPENING}\n\nThe pooled budget is wrong for the county and should be stopped."
    (statement,) = own(read(text, Genre.PRESS_RELEASE, "Kent LMC"))
    assert (statement.holder, statement.capacity, statement.on_behalf_of) == ("kent-lmc", Capacity.OFFICIAL, None)


def test_the_statement_is_the_run_of_sentences_that_judge_and_not_the_paragraph() -> None:
    before = "The train to Leeds was late on Tuesday. The tea was cold."
    run = "Pooled budgets are wrong and should be stopped. They have cost the county £4m."
    after = "The next train left at nine and the carriage was full of people going home."
    (statement,) = own(read(f"{OPENING}\n\n{before} {run} {after}"))
    assert statement.text == run


def test_notices_and_prices_of_tickets_are_no_statements() -> None:
    notice = "Please ring the office for tickets to the dinner, which will be held at the club on 4 May at 7pm."
    assert own(read(f"{OPENING}\n\n{notice}", Genre.PRESS_RELEASE, "Kent LMC")) == []


def test_the_opening_of_a_letter_and_of_a_sentence_is_left_out() -> None:
    text = "SIR - But pooled budgets are wrong and we should stop them.\n\nAnn Selby, Upton"
    long = text.replace("them.", "them. We have said so in this county since 2011, and our view is the same today.")
    (statement,) = own(read(long, Genre.LETTER))
    assert statement.text.startswith("pooled budgets are wrong")


@pytest.mark.parametrize(
    ("told", "run"),
    [
        (("The train was late.", "It rained."), None),
        (("The train was late.", "This is wrong and should be stopped.", "It cost us £4m."), (1, 2)),
        (("We think this is wrong and must be stopped.", "The train was late, the tea was cold."), (0, 0)),
    ],
)
def test_the_best_run_is_found(told: tuple[str, ...], run: tuple[int, int] | None) -> None:
    assert own_run([Told(text, False, False) for text in told], Setting("comment", False)) == run


def test_a_run_never_crosses_what_somebody_else_says() -> None:
    told = [Told(text, False, text.startswith("She")) for text in ("We spent £4m.", "She says so.", "We spent £5m.")]
    run = own_run(told, Setting("comment", False))
    assert run in {(0, 0), (2, 2)}


def test_every_weight_is_of_something_a_sentence_can_show() -> None:
    lexicon = corpora.lexicon("judging")
    made = {"alone", "opens", "ends", "bears on a topic", "bias"}
    others = {name for name in lexicon["weights"] if name not in lexicon["shows"] and name not in made}
    assert all(name.startswith(("in a ", "money ", "judges ")) for name in others)
    assert {"money", "judges", "ought"} <= set(lexicon["weights"])


@given(st.text(max_size=400))
def test_any_text_is_read_without_an_error(text: str) -> None:
    article = segment(Article("a", "test", text, "text 1", author="Ian Cobb", genre=Genre.COMMENT))
    authors = find_authors(article, Genre.COMMENT, (), ())
    rows = sentences(article)
    for statement in author_statements(article, rows, authors, (), [True] * len(rows)):
        assert all(article.holds(span) for span in statement.spans)
