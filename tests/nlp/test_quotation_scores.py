"""The measures of other programs' papers, against examples worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.quotation_scores import (
    Pair,
    Quotation,
    content_counts,
    match_contents,
    match_quotations,
    sum_counts,
    token_counts,
)
from nlp.tallies import Counts

TEXT = "Ann Lee said that aaaa bbbb cccc. Tom Orr added: “dddd eeee,” and left."
PLACES = st.tuples(st.integers(0, 60), st.integers(0, 12)).map(lambda p: (p[0], min(p[0] + p[1], len(TEXT))))
QUOTATIONS = st.lists(st.builds(Quotation, *[st.lists(PLACES, max_size=2).map(tuple)] * 3), max_size=6)


def place(words: str) -> tuple[tuple[int, int], ...]:
    start = TEXT.index(words)
    return ((start, start + len(words)),)


def quotation(content: str, cue: str = "", source: str = "") -> Quotation:
    return Quotation(*(place(words) if words else () for words in (source, cue, content)))


LEE = quotation("aaaa bbbb cccc", "said", "Ann Lee")
ORR = quotation("“dddd eeee,”", "added", "Tom Orr")


@pytest.mark.parametrize(
    ("content", "overlap", "found"),
    [
        ("aaaa", 0.3, 1),  # 4 of 12 letters
        ("aaaa", 0.34, 0),
        ("aaaa bbbb", 0.8, 0),  # 8 of 12
        ("aaaa bbbb ccc", 0.8, 1),  # 11 of 12
        ("Tom Orr", 0.3, 0),
    ],
)
def test_a_content_is_found_by_the_share_of_its_letters(content: str, overlap: float, found: int) -> None:
    assert content_counts(TEXT, [LEE], [quotation(content)], overlap=overlap) == Counts(found, 1 - found, 1 - found)


def test_a_content_that_is_too_long_is_forgiven_only_by_the_share_of_the_gold_letters() -> None:
    long = quotation("Ann Lee said that aaaa bbbb cccc. Tom Orr added")
    assert content_counts(TEXT, [LEE], [long], overlap=0.8).tp == 1
    # 12 of 37 letters are common
    assert content_counts(TEXT, [LEE], [long], overlap=0.3, symmetric=True).tp == 1
    assert content_counts(TEXT, [LEE], [long], overlap=0.33, symmetric=True).tp == 0


def test_quotation_marks_and_commas_count_for_nothing() -> None:
    assert content_counts(TEXT, [ORR], [quotation("dddd eeee")], overlap=1, symmetric=True) == Counts(1, 0, 0)


def test_one_prediction_finds_one_content_and_the_largest_overlap_comes_first() -> None:
    gold = [quotation("aaaa bbbb"), quotation("aaaa bbbb cccc")]
    assert match_contents(TEXT, gold, [LEE], overlap=0.3) == (Pair(0, 0),)
    assert match_contents(TEXT, gold, [LEE], overlap=0.3, symmetric=True) == (Pair(1, 0),)
    assert content_counts(TEXT, gold, [LEE], overlap=0.3) == Counts(1, 0, 1)


def test_an_empty_content_is_never_found() -> None:
    assert content_counts(TEXT, [Quotation((), (), ())], [LEE], overlap=0) == Counts(0, 1, 1)


def test_words_are_counted_by_part_over_matched_quotations() -> None:
    read = quotation("that aaaa bbbb", "said", "Lee")
    assert token_counts(TEXT, [LEE, ORR], [read]) == {
        "source": Counts(1, 0, 3),
        "cue": Counts(1, 0, 1),
        "content": Counts(2, 1, 3),
    }


def test_a_source_that_two_quotations_share_counts_once_for_each() -> None:
    gold = [quotation("aaaa", "said", "Ann Lee"), quotation("cccc", "that", "Ann Lee")]
    assert token_counts(TEXT, gold, gold)["source"] == Counts(4, 0, 0)
    # as Citron adds it up: 8 words in common of 4 predicted
    assert token_counts(TEXT, gold, gold, one_to_one=False)["source"].precision == 2


def test_a_source_in_common_alone_does_not_make_two_quotations_one() -> None:
    other = quotation("dddd eeee", "added", "Ann Lee")
    assert match_quotations(TEXT, [LEE], [other]) == ()
    assert token_counts(TEXT, [LEE], [other])["source"] == Counts(0, 2, 2)


def test_counts_of_texts_add_up() -> None:
    assert sum_counts([Counts(1, 2, 3), Counts(1, 0, 0)]) == Counts(2, 2, 3)
    assert sum_counts([]) == Counts()


@given(QUOTATIONS, QUOTATIONS)
def test_no_count_is_negative_and_nothing_is_found_twice(gold: list[Quotation], got: list[Quotation]) -> None:
    counts = [*token_counts(TEXT, gold, got).values(), content_counts(TEXT, gold, got, overlap=0.3)]
    assert all(min(c.tp, c.fp, c.fn) >= 0 for c in counts)
