"""Cash or real terms, one-off or recurring: by words beside the amount, and never without any."""

from __future__ import annotations

import pytest

from nlp.records import Article, Block, BlockKind, Genre, PartialDate, Terms
from nlp.sentences import sentences
from nlp.steps.figures import find_figures

# sentence => terms of each figure in order, "-" where the text says none.
TERMS = """
Spending on libraries fell by 8% in real terms. => real
The trust got £8m in cash terms, but that is a cut of 2% in real terms. => cash real
Real-terms funding per pupil has dropped 8% since 2010. => real
In real terms, the budget has fallen from £8m to £6m. => real real
In real terms the £8m budget is 5% lower than it was. => - real
The settlement rose 3% in cash terms and fell 1% in real terms. => cash real
The grant was worth £5m at 2014-15 prices. => real
The grant was worth £5m in today's money. => real
Pay is down 4% after inflation. => real
Inflation-adjusted spending rose by 2%. => real
The grant fell 3% once inflation is taken into account. => real
A cash increase of £5m was agreed. => cash
The budget is £9m in nominal terms. => cash
Care got £9m, up 6 per cent in cash. => - cash
The real question is who pays the £5m. => -
The council paid £5m in cash. => -
The real cost of the £5m scheme is not known. => -
An above-inflation rise of 3% in pay was agreed. => -
After inflation was published, the council set a budget of £5m. => -
The budget is £5m. => -
"""

RECURRENCE = """
The trust got a one-off payment of £5m. => one_off
A one-off £5m grant was paid. => one_off
A one-off transition payment of £5m was paid. => one_off
The board agreed £5m as a one-off. => one_off
The £5m is non-recurrent. => one_off
The council put in £5m for this year only. => one_off
It was given £5m non-recurrently and £2m recurrently. => one_off recurring
It set aside £5m in non-recurrent funding and £3m of recurrent funding. => one_off recurring
The trust will get £5m a year. => recurring
Practices are paid £73.63 per patient per year. => recurring
It spends £5m each year on agency staff. => recurring
The £5m annual grant ends in May. => recurring
Ministers promised £5m a year for three years, and a one-off £2m to start. => recurring one_off
It will get £5m over five years. => -
A one-off meeting cost £500. => -
The annual report shows a deficit of £5m. => -
The annual review put the cost at £5m. => -
This year only £5m was spent. => -
An ongoing row has cost the trust £5m. => -
A year ago it got £5m. => -
He pays the fee every year whether he swims or not, and then there is another £38. => -
The council took out £5m in a year when it had to find savings. => -
It costs £420 a night to keep a patient in a bed. => -
"""


def rows(table: str) -> list[tuple[str, list[str]]]:
    pairs = (line.split(" => ") for line in table.strip().splitlines())
    return [(text, ["unspecified" if word == "-" else word for word in words.split()]) for text, words in pairs]


def article(text: str) -> Article:
    blocks = (Block(BlockKind.PARAGRAPH, 0, len(text)),)
    published = PartialDate.parse("2015-06-10")
    return Article("a", "a.txt", text, "test", blocks=blocks, published=published, genre=Genre.NEWS)


@pytest.mark.parametrize(("text", "expected"), rows(TERMS))
def test_terms_are_those_that_the_words_beside_the_amount_say(text: str, expected: list[str]) -> None:
    read = article(text)
    assert [figure.terms for figure in find_figures(read, sentences(read), (), ())] == expected


@pytest.mark.parametrize(("text", "expected"), rows(RECURRENCE))
def test_money_is_one_off_or_recurring_only_where_the_text_says_so(text: str, expected: list[str]) -> None:
    read = article(text)
    assert [figure.recurrence for figure in find_figures(read, sentences(read), (), ())] == expected


def test_terms_said_at_one_place_hold_for_the_same_money_at_another() -> None:
    text = "The town's roads budget is £5.25m at 2014-15 prices. The roads budget of £5.25m was agreed in May."
    (figure,) = find_figures(article(text), sentences(article(text)), (), ())
    assert figure.terms is Terms.REAL and len(figure.spans) == 2
