"""The same money across articles, and rival sums for one purpose: hand-built figures, no model."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.figure_claims import Claim, find_claims, is_for
from nlp.figure_groups import PrintedFigure, shared_time
from nlp.figure_rivals import Rivalry, family_of, find_rivalries
from nlp.figure_rounding import Mark, reach
from nlp.purposes import content_words, gather, likeness, purpose_of
from nlp.records import Evidence, Figure, FigureKind, PartialDate, Period, Span

Linear = Callable[[Callable[[int], object], int], None]  # the fixture of tests/conftest.py

YEAR = Period("2015/16", date(2015, 4, 1), date(2016, 3, 31))
CALENDAR = Period("2015", date(2015, 1, 1), date(2015, 12, 31))
NEXT_YEAR = Period("2016/17", date(2016, 4, 1), date(2017, 3, 31))
_NUMBERS = count()


def money(
    value: str | tuple[str, str] = "1200000000",
    what: str | None = "primary care",
    *,
    text: str = "£1.2bn",
    article: str | None = None,
    story: str | None = None,
    by: str | None = None,
    published: str | None = "2015-05-01",
    publisher: str | None = "Wexshire Health News",
    unit: str = "GBP",
    per: str | None = None,
    kind: FigureKind = FigureKind.ALLOCATION,
    period: Period | None = None,
    modifier: str | None = None,
    payer: str | None = None,
    recipient: str | None = None,
) -> PrintedFigure:
    article = article or f"a{next(_NUMBERS):06}"
    ends = (Decimal(value[0]), Decimal(value[1])) if isinstance(value, tuple) else (None, None)
    figure = Figure(
        id=f"{article}:f{next(_NUMBERS)}",
        spans=(Span(0, len(text), text),),
        unit=unit,
        evidence=Evidence(0.9, "hand", "built by hand"),
        value=None if isinstance(value, tuple) else Decimal(value),
        low=ends[0],
        high=ends[1],
        per=per,
        kind=kind,
        what=Span(20, 20 + len(what), what) if what else None,
        payer=payer,
        recipient=recipient,
        period=period,
        modifier=modifier,
        cited_by=by,
    )
    return PrintedFigure(
        figure=figure,
        article=article,
        story=story or article,
        publisher=publisher,
        published=PartialDate.parse(published) if published else None,
    )


def claims(*figures: PrintedFigure) -> int:
    return len(find_claims(figures))


def amounts(*figures: PrintedFigure) -> list[list[str]]:
    """The amounts of each rivalry, as printed."""
    return [[claim.text for claim in rivalry.amounts] for rivalry in find_rivalries(figures)]


def test_amount_printed_in_another_way_is_one_claim() -> None:
    (claim,) = find_claims([money(text="£1.2bn"), money("1.2E9", text="£1,200m"), money(text="£1.2bn")])
    assert (claim.text, claim.articles, claim.stories, claim.purpose) == ("£1.2bn", 3, 3, "primary care")
    assert claim.reason == "3 articles in 3 stories quote it: amount and purpose agree, no period is said."


@pytest.mark.parametrize(
    "other",
    [
        money("1210000000"),
        money(unit="USD"),
        money(per="year"),
        money(("1200000000", "1300000000")),
        money(what="hospital beds"),
        money(period=NEXT_YEAR),
        money(period=None),
        money(recipient="kent-ccg"),
    ],
    ids=["value", "unit", "per", "range", "purpose", "period", "no period", "recipient"],
)
def test_one_part_that_differs_makes_another_claim(other: PrintedFigure) -> None:
    assert claims(money(period=YEAR, recipient="york-ccg" if other.figure.recipient else None), other) == 2


def test_ranges_agree_in_both_ends() -> None:
    two, same, other = money(("2", "3")), money(("2", "3")), money(("2", "4"))
    assert claims(two, same) == 1 and claims(two, other) == 2


def test_rounding_is_the_same_only_where_it_is_marked() -> None:
    exact, bare, marked = money("1210000000", text="£1.21bn"), money(), money(modifier="about")
    assert claims(exact, bare) == 2
    (claim,) = find_claims([exact, marked])
    assert claim.text == "£1.21bn" and "sums marked as rounded are taken for £1.21bn" in claim.reason
    assert claims(exact, bare, marked) == 2, "a sum that is also given unmarked stands for itself"
    assert claims(money("1190000000", "primary care premises"), money(modifier="nearly")) == 2
    assert claims(money("1190000000"), money(modifier="nearly")) == 1
    assert claims(money("1210000000"), money(modifier="nearly")) == 2
    assert claims(money("1210000000"), money(modifier="more than")) == 1


def test_rounding_that_fits_two_exact_sums_is_left_alone() -> None:
    assert claims(money("1210000000"), money("1180000000"), money(modifier="about")) == 3


@pytest.mark.parametrize(
    ("value", "mark", "low", "high"),
    [
        ("1200000000", Mark.ABOUT, "1150000000", "1250000000"),
        ("1000000000", Mark.ABOUT, "950000000", "1050000000"),
        ("1200000000", Mark.OVER, "1200000000", "1250000000"),
        ("1200000000", Mark.UNDER, "1150000000", "1200000000"),
        ("0", Mark.ABOUT, "0", "0"),
    ],
)
def test_round_sum_reaches_half_of_its_last_digit_and_a_twentieth(value: str, mark: Mark, low: str, high: str) -> None:
    assert reach(Decimal(value), mark) == (Decimal(low), Decimal(high))


def test_period_is_compared_as_dates() -> None:
    assert claims(money(period=YEAR), money(period=CALENDAR)) == 1
    assert claims(money(period=YEAR), money(period=NEXT_YEAR)) == 2
    opened = Period("from April 2015", date(2015, 4, 1), None)
    assert claims(money(period=YEAR), money(period=opened)) == 1
    decade = Period("2011 to 2020", date(2011, 1, 1), date(2020, 12, 31))
    assert claims(money(period=CALENDAR), money(period=decade)) == 2


def test_shared_time_is_a_part_of_the_longer() -> None:
    one, two = (date(2015, 4, 1), date(2016, 3, 31)), (date(2015, 1, 1), date(2015, 12, 31))
    assert shared_time(one, two) == shared_time(two, one) == pytest.approx(275 / 366)
    assert shared_time(one, one) == 1 and shared_time(one, (date(2020, 1, 1), date(2020, 2, 1))) == 0


def test_period_in_words_is_compared_without_its_lead() -> None:
    one, two = Period("over the next three years"), Period("next three years")
    assert claims(money(period=one), money(period=two)) == 1
    assert claims(money(period=one), money(period=Period("five years"))) == 2


def test_sum_without_period_after_years_of_silence_is_another() -> None:
    assert claims(money(published="2013-05-01"), money(published="2014-05-01"), money(published="2015-06-01")) == 1
    assert claims(money(published="2010-05-01"), money(published="2015-06-01")) == 2


def test_sum_for_nothing_told_is_the_same_within_a_story_only() -> None:
    copies = [money(what=None, story="s"), money(what=None, story="s")]
    (claim,) = find_claims(copies)
    assert (claim.stories, claim.articles) == (1, 2) and "amount and story agree" in claim.reason
    assert claims(*copies, money(what=None)) == 2


def test_words_of_money_tell_a_purpose_only_with_who_pays_or_gets_it() -> None:
    assert claims(money(what="deficit"), money(what="the deficit")) == 2
    assert claims(money(what="deficit", payer="trust"), money(what="the deficit", payer="trust")) == 1
    assert purpose_of(money(what="budget").figure) == frozenset()


def test_who_does_not_name_the_recipient_joins_where_there_is_one() -> None:
    assert claims(money(recipient="york-ccg"), money()) == 1
    assert claims(money(recipient="york-ccg"), money(recipient="kent-ccg"), money()) == 3


def test_amount_that_is_not_known_is_no_claim() -> None:
    unknown = PrintedFigure(Figure("x", (Span(0, 4, "lots"),), "GBP", Evidence(0.9, "", "")), "a", "a")
    assert find_claims([unknown]) == () and find_rivalries([unknown]) == ()


def test_repeated_claims_are_those_of_more_than_one_article() -> None:
    figures = [money(), money(), money("5", article="x"), money("5", article="x")]
    assert [claim.articles for claim in find_claims(figures)] == [2, 1]
    assert [claim.articles for claim in find_claims(figures, least_articles=2)] == [2]


def test_claim_says_who_quotes_it_in_how_many_stories_and_when() -> None:
    (claim,) = find_claims(
        [
            money(by="asha-merton", published="2015-02-01", story="one"),
            money(by="asha-merton", published="2015-03", story="one"),
            money(by="asha-merton", published="2015-04-01"),
            money(publisher="The Ledger", published=None, article="z"),
        ]
    )
    assert [(v.holder, v.publisher, v.stories) for v in claim.voices] == [
        ("asha-merton", None, 2),
        (None, "The Ledger", 1),
    ]
    assert (str(claim.voices[0].first), str(claim.voices[0].last)) == ("2015-02-01", "2015-04-01")
    assert (str(claim.first), str(claim.last), claim.stories) == ("2015-02-01", "2015-04-01", 3)


def test_different_amounts_for_one_purpose_and_period_are_rivals() -> None:
    found = find_rivalries(
        [
            money("350E6", "the winter pressures fund", text="£350m", by="minister", period=YEAR),
            money("700E6", "winter pressures", text="£700m", by="union", period=CALENDAR),
            money("700E6", "winter pressures", text="£700m", by="union", period=YEAR),
        ]
    )
    (rivalry,) = found
    assert [claim.text for claim in rivalry.amounts] == ["£700m", "£350m"]
    assert (rivalry.purpose, rivalry.family, rivalry.stories, str(rivalry.last)) == (
        "winter pressures",
        "sum",
        3,
        "2015-05-01",
    )
    assert rivalry.reason == (
        "2 amounts for “winter pressures” for 2015/16, from £350m to £700m, by 2 voices in 3 stories."
    )


@pytest.mark.parametrize(
    "other",
    [
        money("5", "hospital beds", text="£5", by="b"),
        money("5", "winter pressures beds", text="£5", by="b"),
        money("5", "winter pressures", text="£5", by="b", unit="percent"),
        money("5", "winter pressures", text="£5", by="b", per="patient"),
        money("5", "winter pressures", text="£5", by="b", kind=FigureKind.SAVING),
        money("5", "winter pressures", text="£5", by="b", period=YEAR),
        money("5", "winter pressures", text="£5", by="b", published="2017-01-01"),
        money("5", "winter pressures", text="£5", by="b", recipient="kent-ccg"),
        money("5", "winter pressures", text="£5", by="a"),
        money("5", None, text="£5", by="b"),
    ],
    ids=["purpose", "narrower", "unit", "per", "kind", "period", "later", "recipient", "same voice", "no purpose"],
)
def test_what_is_no_rival(other: PrintedFigure) -> None:
    one = money("9", "winter pressures", text="£9", by="a", recipient="york-ccg" if other.figure.recipient else None)
    assert amounts(one, other) == []


def test_kinds_of_money_for_a_purpose_are_one_family() -> None:
    assert {family_of(kind) for kind in FigureKind} == {"sum", "saving", "deficit", "change", "share", "other"}
    one, two = money("9", by="a", text="£9", kind=FigureKind.COST), money("5", by="b", text="£5")
    assert amounts(one, two) == [["£9", "£5"]]


def test_total_and_its_part_are_no_rivals_though_another_quotes_one_of_them() -> None:
    total, part = money("9", text="£9", story="s"), money("5", text="£5", story="s")
    assert amounts(total, part) == [] and amounts(total, part, money("9", text="£9")) == []
    assert amounts(total, part, money("7", text="£7")) == [["£9", "£7", "£5"]]


def test_copies_of_one_story_are_no_rivals_of_each_other() -> None:
    assert amounts(money("9", story="s", text="£9"), money("5", story="s", text="£5")) == []


def test_purpose_of_one_word_has_rivals_within_a_story_or_of_one_payer_only() -> None:
    one, two = money("9", "the pilot", text="£9", by="a"), money("5", "the pilot", text="£5", by="b")
    assert amounts(one, two) == []
    same = [money("9", "pilot", text="£9", by="a", story="s"), money("5", "pilot", text="£5", by="b", story="s")]
    assert amounts(*same) == [["£9", "£5"]]
    assert amounts(one, money("5", "the pilot", text="£5", by="b", payer="x")) == []
    paid = [money("9", "pilot", text="£9", by="a", payer="x"), money("5", "pilot", text="£5", by="b", payer="x")]
    assert amounts(*paid) == [["£9", "£5"]]


def test_marked_rounding_is_no_rival_of_what_it_rounds() -> None:
    assert amounts(money("1210000000", by="a"), money(by="b", modifier="about")) == []


def test_figures_are_found_by_words_of_their_purpose() -> None:
    figures = [money("9", "winter pressures"), money("5", "the pressures")]
    assert is_for(figures, "Pressure") and is_for(figures, "the winter’s pressures")
    assert not is_for(figures, "summer") and not is_for(figures, "the")


def test_content_words_are_stems_without_little_words_and_numbers() -> None:
    assert content_words("the practices’ 12 premises in 2014, and co‑commissioning") == {
        "practice",
        "premise",
        "co-commissioning",
    }
    assert likeness(frozenset("ab"), frozenset("bc")) == pytest.approx(1 / 3)
    assert likeness(frozenset(), frozenset()) == 0


def test_wordings_gather_round_the_one_used_most() -> None:
    short, long, other = frozenset({"primary", "care"}), frozenset({"primary", "care", "premise"}), frozenset({"bed"})
    assert gather([long, short, short, other], 0.5) == {short: short, long: short, other: other}


_FIGURES = st.lists(
    st.builds(
        money,
        value=st.sampled_from(["1000000", "1200000", "1210000", "1190000"]),
        what=st.sampled_from([None, "primary care", "primary care premises", "care premises", "deficit", "beds"]),
        text=st.sampled_from(["£1m", "£1.2m"]),
        story=st.sampled_from([None, "s", "t"]),
        by=st.sampled_from([None, "a", "b"]),
        published=st.sampled_from([None, "2014", "2014-05", "2015-05-01", "2019-01-01"]),
        period=st.sampled_from([None, YEAR, CALENDAR, NEXT_YEAR, Period("next three years")]),
        modifier=st.sampled_from([None, "about", "nearly", "up to"]),
        recipient=st.sampled_from([None, "x", "y"]),
        payer=st.sampled_from([None, "x"]),
        kind=st.sampled_from([FigureKind.ALLOCATION, FigureKind.COST, FigureKind.SAVING]),
    ),
    max_size=12,
)


def _told(found: Sequence[Claim]) -> list[tuple[object, ...]]:
    return [(c.amount, c.text, c.purpose, c.words, c.period, c.reason, [f.figure.id for f in c.figures]) for c in found]


def _rivals(found: Sequence[Rivalry]) -> list[tuple[object, ...]]:
    return [(r.purpose, r.words, r.period, r.reason, _told(r.amounts)) for r in found]


@settings(deadline=None)
@given(_FIGURES, st.randoms(use_true_random=False))
def test_order_of_figures_never_changes_what_is_found(figures: list[PrintedFigure], chance: object) -> None:
    mixed = list(figures)
    chance.shuffle(mixed)  # type: ignore[attr-defined]
    assert _told(find_claims(figures)) == _told(find_claims(mixed + mixed[:2]))
    assert _rivals(find_rivalries(figures)) == _rivals(find_rivalries(mixed))


@settings(deadline=None)
@given(_FIGURES)
def test_every_known_figure_is_in_one_claim_and_rivals_differ(figures: list[PrintedFigure]) -> None:
    found = [each.figure.id for claim in find_claims(figures) for each in claim.figures]
    assert sorted(found) == sorted(each.figure.id for each in figures)
    for rivalry in find_rivalries(figures):
        assert len({claim.amount for claim in rivalry.amounts}) == len(rivalry.amounts) > 1
        assert len({each.voice for each in rivalry.figures}) > 1


@pytest.mark.parametrize("same_amount", [True, False])
def test_many_wordings_with_a_word_in_common_take_linear_time(same_amount: bool, linear: Linear) -> None:
    figures = [money("5" if same_amount else str(index), f"care of kind{index:05}x") for index in range(8_000)]

    def compare(count: int) -> None:
        find_claims(figures[:count])
        find_rivalries(figures[:count])

    linear(compare, 2_000)
