"""Blocks: what is headline, body, caption and pull quote, and what may never hold a named stakeholder's words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.pipeline import analyse
from nlp.records import EVIDENCE_KINDS, Analysis, Article, BlockKind, Hint
from nlp.steps.segment import segment

HEADLINE = "Kent doctors turn against single budget plan"
STANDFIRST = "Committee chair says the county’s plan to merge its budgets was drawn up behind closed doors"
BODY = [
    "Doctors’ leaders in Kent have turned against a plan to merge the county’s health and care budgets, which they "
    "say was drawn up in private and would leave surgeries with less money for their patients.",
    "Dr Maud Ellery, chair of Kent LMC, said the pooled budget would be a disaster for small surgeries. ‘We were shown "
    "a finished document and asked to sign it by Friday,’ she told members at a meeting in Maidstone.",
    "Kent County Council said no decision had been made about the budgets and that it would consult every practice "
    "in the county before the end of the year, with a report to the cabinet in January.",
]
PULL_QUOTE = "We were shown a finished document and asked to sign it by Friday"
FURNITURE = ["Register now", "Report this comment", "Sign in to comment", "Have your say"]
COMMENTS = [
    "Anonymous | 15 May 2014 9:02am",
    "Dr Maud Ellery said she supports pooled budgets. The BMA said they were the best idea in years.",
    "John Cobb | GP Partner | 16 May 2014 10:15am",
    "‘A single budget will save the county,’ said Dr Maud Ellery last year, and Kent LMC welcomed it.",
]


def article(*lines: str, hints: tuple[Hint, ...] = ()) -> Article:
    text = "\n\n".join(lines)
    return Article(Article.identify("test", text), "test", text, "text 1", hints=hints)


def kinds(*lines: str) -> dict[str, BlockKind]:
    read = segment(article(*lines))
    return {read.text[b.start : b.end]: b.kind for b in read.blocks}


def commenters_words(analysis: Analysis, comments: list[str]) -> list[str]:
    """What named stakeholders are made to say inside the readers' comments."""
    text = analysis.article.text
    places = [(text.index(line), text.index(line) + len(line)) for line in comments]
    return [
        span.text
        for statement in analysis.statements
        if statement.holder
        for span in statement.spans
        if any(start <= span.start < end for start, end in places)
    ]


def test_a_news_page_falls_into_its_blocks() -> None:
    found = kinds(HEADLINE, STANDFIRST, "By Tom Sharrow", "14 May 2014", *BODY, "Register now")
    assert found[HEADLINE] is BlockKind.HEADLINE
    assert found[STANDFIRST] is BlockKind.STANDFIRST
    assert found["By Tom Sharrow"] is BlockKind.BOILERPLATE
    assert {found[line] for line in BODY} == {BlockKind.PARAGRAPH}
    assert found["Register now"] is BlockKind.BOILERPLATE


def test_the_headline_is_the_title_unless_the_reader_knows_better() -> None:
    read = segment(article(HEADLINE, *BODY))
    assert read.title == HEADLINE


@pytest.mark.parametrize("opens", ["Readers’ comments (4)", "Readers' comments (4)", "Comments (4)"])
def test_what_follows_the_comments_line_is_readers_comment(opens: str) -> None:
    found = kinds(HEADLINE, *BODY, opens, *COMMENTS)
    assert {found[COMMENTS[1]], found[COMMENTS[3]]} == {BlockKind.READER_COMMENT}


def test_a_line_that_repeats_the_body_is_a_pull_quote_and_no_second_statement() -> None:
    analysis = analyse(article(HEADLINE, *BODY, PULL_QUOTE))
    said = [s for s in analysis.statements if PULL_QUOTE in s.text]
    assert len(said) == 1
    assert [span.text for span in said[0].repeats] == [PULL_QUOTE]


def test_a_caption_hinted_by_the_reader_is_a_caption() -> None:
    line = "Maidstone hospital, where the meeting was held last week"
    text = "\n\n".join([HEADLINE, BODY[0], line, *BODY[1:]])
    at = text.index(line)
    read = segment(article(HEADLINE, BODY[0], line, *BODY[1:], hints=(Hint("caption", at, at + len(line)),)))
    assert {b.kind for b in read.blocks if b.start == at} == {BlockKind.CAPTION}


@pytest.mark.parametrize("line", FURNITURE)
def test_furniture_is_boilerplate_anywhere_in_the_body(line: str) -> None:
    assert kinds(HEADLINE, BODY[0], line, *BODY[1:])[line] is BlockKind.BOILERPLATE


def test_hard_wrapped_lines_are_one_paragraph() -> None:
    wrapped = (
        "Doctors in Kent have turned against a plan to merge the county’s\n"
        "health and care budgets, which they say was drawn up in private and\n"
        "would leave surgeries with less money."
    )
    read = segment(article(wrapped))
    assert [read.text[b.start : b.end] for b in read.blocks] == [wrapped]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r", "\n\n\n", "\u2029"])
def test_any_newline_parts_blocks(newline: str) -> None:
    text = newline.join([HEADLINE, *BODY])
    read = segment(Article("a", "test", text, "text 1"))
    assert [read.text[b.start : b.end] for b in read.blocks] == [HEADLINE, *BODY]


@pytest.mark.parametrize("count", [1, 2, 3])
def test_comments_under_an_article_of_any_length_give_no_named_stakeholder_a_word(count: int) -> None:
    analysis = analyse(article(HEADLINE, *BODY[1 : 1 + count], "Readers’ comments (2)", *COMMENTS))
    assert commenters_words(analysis, [COMMENTS[1], COMMENTS[3]]) == []


def test_a_brief_under_a_short_headline_stays_the_body_above_its_comments() -> None:
    brief = "Dr Maud Ellery, chair of Kent LMC, said the pooled budget was a disaster."
    analysis = analyse(article("Kent cuts", brief, "Readers’ comments (2)", *COMMENTS[:2]))
    assert commenters_words(analysis, [COMMENTS[1]]) == []
    assert [(s.holder, s.text) for s in analysis.statements] == [
        ("maud-ellery--kent-lmc", "the pooled budget was a disaster")
    ]


@settings(max_examples=60, deadline=None)
@given(st.permutations(BODY), st.permutations([*COMMENTS, *FURNITURE]), st.booleans())
def test_no_named_stakeholder_speaks_in_comments_or_furniture(body: list[str], rest: list[str], headed: bool) -> None:
    lines = [*([HEADLINE] if headed else []), *body, "Readers’ comments (4)", *rest]
    analysis = analyse(article(*lines))
    assert commenters_words(analysis, rest) == []
    evidence = [(b.start, b.end) for b in analysis.article.blocks if b.kind in EVIDENCE_KINDS]
    for statement in analysis.statements:
        for span in (*statement.spans, *statement.repeats):
            assert any(start <= span.start and span.end <= end for start, end in evidence)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([HEADLINE, *BODY, *COMMENTS, *FURNITURE, "", "  ", "\u00a0x\u00a0"]), max_size=14))
def test_blocks_stand_apart_in_order_and_miss_no_word(lines: list[str]) -> None:
    read = segment(article(*lines))
    at = 0
    for block in read.blocks:
        words = read.text[block.start : block.end]
        assert at <= block.start < block.end and words == words.strip()
        assert not re.search(r"\w", read.text[at : block.start])
        at = block.end
    assert not re.search(r"\w", read.text[at:])


@pytest.mark.parametrize("line", ["‘Uncertainty and concern’", '"A step too far"', "“No way back”"])
def test_a_short_line_in_quotation_marks_is_a_crosshead_and_nobodys_words(line: str) -> None:
    assert kinds(HEADLINE, *BODY[:2], line, BODY[2])[line] is BlockKind.HEADLINE
    whole = "‘We will not sign it.’"
    assert kinds(HEADLINE, *BODY[:2], whole, BODY[2])[whole] is BlockKind.PARAGRAPH
