"""Spans of time: dates where the text or the article's date settles them, words where nothing does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from nlp.period_dates import calendar_year, financial_year
from nlp.periods import find_periods
from nlp.records import PartialDate, Period

Linear = Callable[[Callable[[int], object], int], None]  # the fixture of tests/conftest.py

PUBLISHED = PartialDate.parse("2016-06-10")

# printed => the words kept | first day | last day; "-" stands for no date, "none" for no period.
FOUND = """
£350m this financial year => this financial year | 2016-04-01 | 2017-03-31
the current financial year => the current financial year | 2016-04-01 | 2017-03-31
next financial year => next financial year | 2017-04-01 | 2018-03-31
Last year, budgets grew => Last year | 2015-01-01 | 2015-12-31
last year's budget => last year | 2015-01-01 | 2015-12-31
next year => next year | 2017-01-01 | 2017-12-31
over the last year => over the last year | - | -
by 2020/21 => by 2020/21 | 2020-04-01 | 2021-03-31
in 2015-16 => 2015-16 | 2015-04-01 | 2016-03-31
in 2015–16 => 2015–16 | 2015-04-01 | 2016-03-31
in 2016-2017 => 2016-2017 | 2016-04-01 | 2017-03-31
in 1999/2000 => 1999/2000 | 1999-04-01 | 2000-03-31
for the 2015/16 financial year => 2015/16 financial year | 2015-04-01 | 2016-03-31
since 2010/11 => since 2010/11 | 2010-04-01 | -
from 2015/16 to 2018/19 => from 2015/16 to 2018/19 | 2015-04-01 | 2019-03-31
between 2015/16 and 2020/21 => between 2015/16 and 2020/21 | 2015-04-01 | 2021-03-31
in 2014 => 2014 | 2014-01-01 | 2014-12-31
by 2020 => by 2020 | 2020-01-01 | 2020-12-31
by the end of 2020 => by the end of 2020 | 2020-01-01 | 2020-12-31
since 2010 => since 2010 | 2010-01-01 | -
before 2010 => before 2010 | - | 2009-12-31
between 2010 and 2015 => between 2010 and 2015 | 2010-01-01 | 2015-12-31
2015-18 => 2015-18 | 2015-01-01 | 2018-12-31
in the year to March 2015 => the year to March 2015 | 2014-04-01 | 2015-03-31
April 2013 to March 2014 => April 2013 to March 2014 | 2013-04-01 | 2014-03-31
in March 2015 => March 2015 | 2015-03-01 | 2015-03-31
from 1 April 2016 => from 1 April 2016 | 2016-04-01 | -
from April => from April | 2017-04-01 | -
since April => since April | 2016-04-01 | -
in May => May | 2016-05-01 | 2016-05-31
was paid in September => September | 2015-09-01 | 2015-09-30
will rise in September => September | 2016-09-01 | 2016-09-30
from 1 October => from 1 October | 2016-10-01 | -
from October 7 => from October 7 | 2016-10-07 | -
in April next year => April next year | 2017-04-01 | 2017-04-30
which starts next April => next April | 2017-04-01 | 2017-04-30
£3m at the end of March => at the end of March | 2016-03-31 | 2016-03-31
£3m by the end of March => by the end of March | - | 2017-03-31
£3m at the end of last month => at the end of last month | 2016-05-31 | 2016-05-31
it spent £3m last month => last month | 2016-05-01 | 2016-05-31
in the six months to March => the six months to March | 2015-10-01 | 2016-03-31
in the year to the end of September => the year to the end of September | 2015-10-01 | 2016-09-30
in the year ended September => the year ended September | 2014-10-01 | 2015-09-30
over the three years to March 2025 => over the three years to March 2025 | 2022-04-01 | 2025-03-31
in 2017/18 or 2018/19 => 2017/18 or 2018/19 | 2017-04-01 | 2019-03-31
by 2030, the paper says => by 2030 | 2030-01-01 | 2030-12-31
in its first year => its first year | - | -
in year one => year one | - | -
by the third year => by the third year | - | -
so far => so far | - | -
two years earlier => two years earlier | - | -
by the end of the financial year => by the end of the financial year | - | -
by Christmas => by Christmas | - | -
in the autumn => the autumn | - | -
last year's Budget => none
wrote to us in July => none
14 November => none
in the first quarter of 2014/15 => the first quarter of 2014/15 | 2014-04-01 | 2014-06-30
Q4 2014/15 => Q4 2014/15 | 2015-01-01 | 2015-03-31
the second half of 2015 => the second half of 2015 | 2015-07-01 | 2015-12-31
over five years => over five years | - | -
over the next three years => over the next three years | - | -
in the last 10 years => the last 10 years | - | -
over five years from 2016/17 => over five years from 2016/17 | 2016-04-01 | 2021-03-31
in the five years to 2020/21 => the five years to 2020/21 | 2016-04-01 | 2021-03-31
a five-year deal => five-year | - | -
this parliament => this parliament | - | -
by the end of the decade => by the end of the decade | - | -
in 2012/13 it was less => 2012/13 | 2012-04-01 | 2013-03-31
announced last year => none
the 2004 GP contract => none
five years ago => none
£2014 and 2,014 people => none
"""


def table() -> list[tuple[str, str]]:
    left_right = (line.split(" => ") for line in FOUND.strip().splitlines())
    return [(left, right) for left, right in left_right]


@pytest.mark.parametrize(("text", "expected"), table())
def test_period_keeps_its_words_and_gets_its_dates(text: str, expected: str) -> None:
    found = [f.period for f in find_periods(text, PUBLISHED)]
    shown = [f"{p.text} | {p.start or '-'} | {p.end or '-'}" for p in found]
    assert shown == ([] if expected == "none" else [expected])


@pytest.mark.parametrize("text", ["last year", "this financial year", "next year", "from April"])
def test_relative_period_without_an_article_date_keeps_words_only(text: str) -> None:
    (found,) = find_periods(text)
    assert (found.period.text, found.period.start, found.period.end) == (text, None, None)


def test_year_alone_settles_last_year_and_no_financial_year() -> None:
    published = PartialDate.parse("2016")
    assert find_periods("last year", published)[0].period.start == date(2015, 1, 1)
    assert find_periods("last financial year", published)[0].period.start is None


@pytest.mark.parametrize(("published", "first"), [("2016-03-31", 2015), ("2016-04-01", 2016)])
def test_financial_year_turns_on_the_first_of_april(published: str, first: int) -> None:
    (found,) = find_periods("this financial year", PartialDate.parse(published))
    assert (found.period.start, found.period.end) == financial_year(first)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("It was £3m in 2014/15 and £4m two years earlier.", "2012-04-01", "2013-03-31"),
        ("It was £3m in 2016-17, up from £2m the year before.", "2015-04-01", "2016-03-31"),
        ("It made £3m in the six months to March, against £4m a year before.", "2014-10-01", "2015-03-31"),
        ("It was £3m in 2014/15 and is £4m this year.", "2016-04-01", "2017-03-31"),
        ("It was £3m in 2014 and is £4m this year.", "2016-01-01", "2016-12-31"),
    ],
)
def test_year_told_from_another_gets_its_dates_from_it(text: str, first: str, last: str) -> None:
    told = find_periods(text, PUBLISHED)[-1].period
    assert (str(told.start), str(told.end)) == (first, last)


def test_dated_period_of_the_sentence_before_is_an_anchor_too() -> None:
    (found,) = find_periods("It was £4m the year before.", PUBLISHED, Period("2014/15", *financial_year(2014)))
    assert (found.period.start, found.period.end) == financial_year(2013)


@pytest.mark.parametrize("published", ["0001-01-01", "9999-12-31"])
def test_impossible_article_date_is_no_base(published: str) -> None:
    (found,) = find_periods("last year", PartialDate.parse(published))
    assert found.period.start is None


def test_periods_stand_where_they_are_printed() -> None:
    text = "It fell in 2013 and rose by 2015/16."
    found = find_periods(text)
    assert [text[f.start : f.end] for f in found] == ["2013", "by 2015/16"]
    assert (found[0].period.start, found[0].period.end) == calendar_year(2013)


@pytest.mark.parametrize("unit", ["2015/16 ", "2015-", "in the ", "over five years "])
def test_hostile_text_takes_linear_time(unit: str, linear: Linear) -> None:
    linear(lambda times: find_periods(unit * times, PUBLISHED), 10_000)
