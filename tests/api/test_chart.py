"""Charts as numbers: bins no finer than their dates, and every mark within the frame."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from api.charts.lanes import MOST_BINS, WIDTH, Bin, Column, Point, bin_at, bins_of, camps_over_time, timeline
from nlp.records import StanceLabel

DAYS = st.integers(date(1, 1, 1).toordinal(), date(9999, 12, 31).toordinal())


def day(text: str) -> tuple[int, int]:
    at = date.fromisoformat(text).toordinal()
    return at, at


def test_bins_are_months_then_quarters_then_years() -> None:
    assert [each.name for each in bins_of([day("2014-11-03"), day("2015-01-09")])] == [
        "November 2014",
        "December 2014",
        "January 2015",
    ]
    assert bins_of([day("2012-02-03"), day("2016-01-09")])[0].name == "January to March 2012"
    assert bins_of([day("2000-02-03"), day("2016-01-09")])[0].name == "2000"
    assert bins_of([day("1900-02-03"), day("2016-01-09")])[0].name == "1900 to 1903"
    assert bins_of([]) == ()


def test_date_known_to_the_year_makes_every_bin_a_year() -> None:
    year = (date(2014, 1, 1).toordinal(), date(2014, 12, 31).toordinal())
    assert [each.name for each in bins_of([year, day("2014-05-03")])] == ["2014"]


@given(st.lists(DAYS, min_size=1, max_size=20))
def test_every_day_has_its_bin_and_bins_are_few(days: list[int]) -> None:
    bins = bins_of([(each, each) for each in days])
    assert len(bins) <= MOST_BINS
    for each in days:
        found = date.fromordinal(each)
        own = bin_at(bins, each)
        assert own.first <= found.year * 12 + found.month - 1 < own.end


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["a", "b"]), st.integers(0, 5), st.sampled_from(list(StanceLabel)), st.integers(1, 900)
        ),
        max_size=30,
    )
)
def test_every_point_has_a_sign_and_words_beside_it(rows: list[tuple[str, int, StanceLabel, int]]) -> None:
    bins = [Bin(24000 + at, 24001 + at) for at in range(6)]
    points = [Point(lane, bins[at], label, stories) for lane, at, label, stories in rows]
    chart = timeline("t", [("a", "Alpha"), ("b", "Beta")], bins, points)
    assert len(chart.shapes) == len(points) + sum(point.label is StanceLabel.MIXED for point in points)
    assert all(0 <= word.x <= WIDTH and 0 <= word.y <= chart.height for word in chart.words)
    assert chart.title and chart.describes


def test_support_stands_above_its_line_and_opposition_below() -> None:
    bins = [Bin(24000, 24001)]
    points = [Point("a", bins[0], label, 1) for label in (StanceLabel.SUPPORT, StanceLabel.OPPOSE)]
    chart = timeline("t", [("a", "Alpha")], bins, points)
    line = chart.lines[-1].y1
    support, oppose = (float(shape.path[1:].split("L")[0].split()[1]) for shape in chart.shapes)
    assert support < line < oppose


def test_bars_grow_with_their_numbers() -> None:
    camps = [((StanceLabel.SUPPORT, 1), (StanceLabel.OPPOSE, 0)), ((StanceLabel.SUPPORT, 4), (StanceLabel.OPPOSE, 2))]
    chart = camps_over_time("t", [Column("2014", camps[0]), Column("2015", camps[1])])
    heights = [bar.height for bar in chart.bars]
    assert heights == [10.5, 42.0, 0.0, 21.0]
