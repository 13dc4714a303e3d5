"""What writers say themselves: only what judges a topic or gives a figure, and never what they report."""

from __future__ import annotations

from nlp.pipeline import analyse
from nlp.records import Analysis, Article, Capacity, Genre, Manner, Statement

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
