"""Quotations as the UK press types them: every style of mark, apostrophes, nesting, and quotes left open."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.marks import MARKS
from nlp.quotes import find_quotes

Linear = Callable[[Callable[[int], object], int], None]  # the fixture of tests/conftest.py


def quoted(text: str) -> list[str]:
    return [quote.inner(text) for quote in find_quotes(text, 0, len(text))]


@pytest.mark.parametrize("pair", ["‘’", "“”", "''", '""', "’’", "””", "‘'", '“"', "`´", "«»", "„“"])
def test_every_style_of_mark_makes_one_quotation(pair: str) -> None:
    assert quoted(f"She said: {pair[0]}The plan is late.{pair[1]} Then she left.") == ["The plan is late."]


@pytest.mark.parametrize("mark", ["’", "'"])
def test_apostrophes_inside_a_quotation_do_not_end_it(mark: str) -> None:
    words = f"We can{mark}t take GPs{mark} money and the patients{mark} trust, and it{mark}s not ours."
    assert quoted(f"‘{words}’ she said.") == [words]


@pytest.mark.parametrize(
    "text",
    [
        "The patients’ needs and the GPs’ budgets weren’t met in O’Hara’s surgery.",
        "The patients' needs and the GPs' budgets weren't met in O'Hara's surgery.",
        "The 1990s’ reforms and the ’90s’ contracts were much alike.",
    ],
)
def test_apostrophes_alone_open_no_quotation(text: str) -> None:
    assert quoted(text) == []


def test_an_elision_opens_no_quotation_inside_another() -> None:
    assert quoted("She said: ‘The ’90s were better.’ He left.") == ["The ’90s were better."]


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        (
            "‘We were told “there is no more money” and that was that,’ she said.",
            "We were told “there is no more money” and that was that,",
        ),
        (
            "“We were told ‘there is no more money’ and that was that,” she said.",
            "We were told ‘there is no more money’ and that was that,",
        ),
        ("\"We were told 'no more' by them,\" she said.", "We were told 'no more' by them,"),
    ],
)
def test_a_nested_quotation_stays_inside_the_outer_one(text: str, inner: str) -> None:
    assert quoted(text) == [inner]


def test_a_quotation_split_by_its_cue_is_two() -> None:
    assert quoted("‘It is late,’ she argued. ‘It is dear.’") == ["It is late,", "It is dear."]


def test_an_open_quotation_runs_to_the_end_of_its_paragraph() -> None:
    text = "She said: ‘The plan is late."
    (quote,) = find_quotes(text, 0, len(text))
    assert (quote.inner(text), quote.closed) == ("The plan is late.", False)


def test_a_right_hand_mark_typed_for_the_left_one_opens() -> None:
    assert quoted("She said: ’The plan is late,’ and left.") == ["The plan is late,"]


def test_a_left_hand_mark_typed_for_the_right_one_closes() -> None:
    assert quoted("She said: ‘The plan is late.‘ He left.") == ["The plan is late."]


def test_marks_outside_the_paragraph_are_not_read() -> None:
    text = "‘Before.’ ‘Inside.’ ‘After.’"
    start, end = text.index("‘Inside"), text.index(" ‘After")
    assert [q.inner(text) for q in find_quotes(text, start, end)] == ["Inside."]


@pytest.mark.parametrize(
    ("text", "inner"),
    [
        ("It was late. The pilot is over,’ said Dr Maud Ellery.", ["The pilot is over,"]),
        ("‘It is over,’ said Dr Maud Ellery. Nobody will miss it.’", ["It is over,", "Nobody will miss it."]),
        ("‘It is over, said Dr Maud Ellery. ‘Nobody will miss it.’", ["It is over,", "Nobody will miss it."]),
        ("‘It is over,\" Dr Maud Ellery said. “Nobody will miss it.'", ["It is over,", "Nobody will miss it."]),
        ("‘It is over,’said Dr Maud Ellery.", ["It is over,"]),
        ("‘It is the patients’,’ said Dr Maud Ellery.", ["It is the patients’,"]),
    ],
)
def test_a_mark_left_out_or_mixed_up_is_made_good_by_the_cue_beside_it(text: str, inner: list[str]) -> None:
    assert quoted(text) == inner


@pytest.mark.parametrize(
    "text",
    [
        "The report blamed the doctors’. Dr Maud Ellery said nothing.",
        "Dr Maud Ellery said the money was the patients’.",
        "She spoke of the pilot.’ The board went on to its next item.",
    ],
)
def test_a_closing_mark_alone_makes_no_quotation_of_narration(text: str) -> None:
    assert quoted(text) == []


@pytest.mark.parametrize("unit", ["was late.’ ", "‘A, said Dr Bea Cole. ", "“A,’ said Dr Bea Cole. ", "the ‘ s,’ "])
def test_marks_without_partners_take_time_linear_in_the_text(unit: str, linear: Linear) -> None:
    linear(lambda times: find_quotes(unit * times, 0, len(unit) * times), 600)


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from(list(MARKS + "as S.,:\n3£")), max_size=60), st.data())
def test_quotations_stand_apart_and_in_order_within_their_paragraph(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    at = start
    for quote in find_quotes(text, start, end):
        assert at <= quote.start <= quote.inner_start <= quote.inner_end <= quote.end <= end
        assert text[quote.start] in MARKS or quote.start == quote.inner_start  # one that was never opened
        assert quote.closed is False or text[quote.end - 1] in MARKS
        at = quote.end
