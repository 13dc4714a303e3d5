"""The map's columns say what the arithmetic over records says, whatever the order in which rows come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.cells import Cell, Trend, cells, chosen, grouped
from nlp.columns import Books, Columns, Seen, arrange, columns_of, encode, given_by, seen, spliced
from nlp.positions import Observation, derive_positions
from nlp.records import Evidence, PartialDate, Position, Precision, Span, Stance, StanceLabel, Strength

DAY = date(2014, 5, 14)
WORDS = tuple(
    f"{subject} should {verb} the {thing} before the {season} is over and nobody is left to ask"
    for subject in ("the board", "every practice")
    for verb in ("share", "refuse")
    for thing in ("single budget", "county plan")
    for season in ("winter", "spring")
)


def observation(
    label: StanceLabel = StanceLabel.SUPPORT,
    *,
    on: PartialDate | date | None = DAY,
    holder: str = "ada-thorn",
    body: str | None = None,
    topic: str = "pooling",
    confidence: float = 0.75,
    strength: Strength = Strength.PLAIN,
    earlier: StanceLabel | None = None,
    words: str = WORDS[0],
    article: str = "a1",
    story: str | None = None,
) -> Observation:
    published = PartialDate(on, Precision.DAY) if isinstance(on, date) else on
    evidence = Evidence(confidence, "hand", "built by hand", (Span(0, len(words), words),))
    stance = Stance(holder, topic, label, evidence, on_behalf_of=body, strength=strength, earlier=earlier)
    return Observation(stance, story or article, article, published, words)


def built(observations: Sequence[Observation], publisher: str | None = None) -> tuple[Columns, Books]:
    rows = (seen(each, place)._replace(publisher=publisher) for place, each in enumerate(observations))
    return columns_of(rows)


def read(columns: Columns, books: Books) -> dict[tuple[str, str], Cell]:
    found = cells(columns)
    every = [found.read(at, books) for at in range(len(found))]
    return {(cell.position.holder, cell.position.topic): cell for cell in every}


def only(*observations: Observation, publisher: str | None = None) -> Cell:
    (found,) = read(*built(observations, publisher)).values()
    return found


def bare(position: Position) -> Position:
    """A position as the columns know it, without its texts."""
    return replace(position, rationales=(), statements=(), evidence=())


DATES = st.one_of(
    st.none(),
    st.builds(lambda days: PartialDate(DAY + timedelta(days=days), Precision.DAY), st.integers(0, 900)),
    st.builds(lambda month: PartialDate(date(2014, month, 1), Precision.MONTH), st.integers(1, 12)),
    st.just(PartialDate(date(2015, 1, 1), Precision.YEAR)),
)
#: Squares of these and their sums are exact in floating point, so that no tie is decided by rounding.
OBSERVATIONS = st.lists(
    st.builds(
        observation,
        st.sampled_from(StanceLabel),
        on=DATES,
        holder=st.sampled_from(["ada-thorn", "ben-lyle", "kent-lmc"]),
        body=st.sampled_from([None, None, "kent-lmc", "the-union"]),
        topic=st.sampled_from(["pooling", "capitation"]),
        confidence=st.sampled_from([0.5, 0.75, 0.9375]),
        strength=st.sampled_from(Strength),
        earlier=st.sampled_from([None, None, None, StanceLabel.SUPPORT, StanceLabel.OPPOSE]),
        words=st.sampled_from(WORDS),
        article=st.sampled_from([f"a{number}" for number in range(12)]),
    ),
    max_size=25,
)


def consistent(observations: Sequence[Observation]) -> list[Observation]:
    """One date an article, as stored articles have; an officer does not speak on behalf of itself."""
    dates = {each.article: each.published for each in observations}
    kept = (each for each in observations if each.stance.on_behalf_of != each.stance.holder)
    return [replace(each, published=dates[each.article]) for each in kept]


@given(OBSERVATIONS)
def test_cells_are_the_positions_of_the_records(observations: list[Observation]) -> None:
    observations = consistent(observations)
    expected = {(each.holder, each.topic): bare(each) for each in derive_positions(observations)}
    found = {key: cell.position for key, cell in read(*built(observations)).items()}
    assert found == expected


@given(OBSERVATIONS, st.randoms(use_true_random=False))
def test_order_of_articles_never_matters(observations: list[Observation], random: object) -> None:
    observations = consistent(observations)
    numbered = [seen(each, place) for place, each in enumerate(observations)]
    expected = read(*columns_of(numbered))
    random.shuffle(numbered)  # type: ignore[attr-defined]
    assert read(*columns_of(numbered)) == expected


@given(OBSERVATIONS, st.integers(0, 11))
def test_replacing_an_article_in_the_columns_is_building_them_anew(observations: list[Observation], which: int) -> None:
    rows = [seen(each, place) for place, each in enumerate(consistent(observations))]
    gone = f"a{which}"
    after = [row._replace(label=StanceLabel.MIXED) if row.article == gone else row for row in rows]
    columns, books = columns_of(rows)
    new = encode(given_by(row for row in after if row.article == gone), books)
    changed = spliced(columns, np.array([books.articles.add(gone)]), new, books)
    assert read(changed, books) == read(*columns_of(after))


@given(OBSERVATIONS)
def test_every_number_of_a_cell_is_within_its_bounds(observations: list[Observation]) -> None:
    for cell in read(*built(observations)).values():
        position = cell.position
        counts = [number for _, number in position.stories]
        assert 0 < position.confidence <= 1
        assert 0 < max(counts) <= position.story_count <= sum(counts)
        assert cell.thin or (position.story_count >= 3 and cell.publishers > 1)


def test_repeat_is_told_over_all_that_is_stored_and_counts_once_in_what_is_asked() -> None:
    rows = [
        observation(on=DAY + timedelta(days=days), article=f"a{days}", confidence=confidence)
        for days, confidence in ((0, 0.5), (3, 0.75), (5, 0.75))
    ]
    columns, books = built([*rows, observation(StanceLabel.OPPOSE, words=WORDS[5], article="b", on=DAY)])
    (cell,) = read(columns.take(np.flatnonzero(chosen(columns, books, min_confidence=0.6))), books).values()
    # The first of the three is too unsure; of the other two, which repeat it, one counts: the sides are even.
    assert cell.position.label is StanceLabel.MIXED


def test_as_of_knows_only_what_was_surely_printed_by_then() -> None:
    columns, books = built(
        [
            observation(on=DAY, article="day"),
            observation(on=PartialDate(date(2014, 5, 1), Precision.MONTH), article="month", words=WORDS[3]),
            observation(on=None, article="none", words=WORDS[5]),
        ]
    )

    def known(on: date) -> set[str]:
        kept = np.flatnonzero(chosen(columns, books, as_of=on))
        return {books.articles.names[at] for at in columns.article[kept]}

    assert known(DAY - timedelta(days=1)) == set()
    assert known(DAY) == {"day"}
    assert known(date(2014, 5, 31)) == {"day", "month"}


def test_month_overlaps_a_range_that_begins_or_ends_in_it() -> None:
    columns, books = built([observation(on=PartialDate(date(2014, 5, 1), Precision.MONTH))])
    assert chosen(columns, books, since=DAY, until=DAY).all()
    assert not chosen(columns, books, since=date(2014, 6, 1)).any()
    assert not chosen(columns, books, until=date(2014, 4, 30)).any()


@pytest.mark.parametrize(
    ("labels", "trend"),
    [
        ("oosss", Trend.RISING),
        ("ssooo", Trend.FALLING),
        ("soso", Trend.STEADY),
        ("ss", None),
        ("nnss", Trend.RISING),
    ],
)
def test_trend_is_the_last_year_against_all_before(labels: str, trend: Trend | None) -> None:
    by_letter = {"s": StanceLabel.SUPPORT, "o": StanceLabel.OPPOSE, "n": StanceLabel.NEUTRAL}
    days = {2: (0, 10), 4: (0, 10, 800, 810), 5: (0, 10, 800, 810, 820)}[len(labels)]
    rows = [
        observation(by_letter[letter], on=DAY + timedelta(days=day), article=f"a{day}", words=WORDS[place * 3])
        for place, (letter, day) in enumerate(zip(labels, days, strict=True))
    ]
    assert only(*rows).trend is trend


def test_evidence_is_thin_with_few_stories_or_one_publication() -> None:
    def cell(stories: int, publishers: int) -> Cell:
        rows: list[Seen] = [
            seen(observation(article=f"a{n}", words=WORDS[n * 3]))._replace(publisher=f"paper {n % publishers}")
            for n in range(stories)
        ]
        (found,) = read(*columns_of(rows)).values()
        return found

    assert cell(2, 2).thin and cell(4, 1).thin
    assert not cell(3, 2).thin


def test_one_story_in_two_articles_counts_once_and_is_one_of_each_stance() -> None:
    twice = [
        observation(article="a", story="one"),
        observation(StanceLabel.OPPOSE, article="b", story="one", words=WORDS[7]),
    ]
    position = only(*twice).position
    assert position.stories == ((StanceLabel.SUPPORT, 1), (StanceLabel.OPPOSE, 1))
    assert position.story_count == 1


def test_body_and_its_officers_stand_in_one_row_with_all_they_say() -> None:
    columns, books = built(
        [
            observation(holder="ada-thorn", body="kent-lmc", article="a"),
            observation(StanceLabel.OPPOSE, holder="ada-thorn", article="b", words=WORDS[3]),
            observation(holder="kent-lmc", article="c", words=WORDS[5]),
            observation(StanceLabel.NEUTRAL, holder="ben-lyle", article="d", words=WORDS[7]),
        ]
    )
    found = read(grouped(columns), books)
    assert set(found) == {("kent-lmc", "pooling"), ("ben-lyle", "pooling")}
    assert dict(found["kent-lmc", "pooling"].position.stories) == {StanceLabel.SUPPORT: 2, StanceLabel.OPPOSE: 1}


@given(OBSERVATIONS)
def test_no_words_are_lost_when_officers_join_their_bodies(observations: list[Observation]) -> None:
    columns, books = built(consistent(observations))
    joined = grouped(columns)
    assert sorted(joined.seq.tolist()) == sorted(columns.seq[columns.role == 0].tolist())
    assert all(cell.position.story_count for cell in read(joined, books).values())


@settings(max_examples=20)
@given(OBSERVATIONS)
def test_arranging_twice_changes_nothing(observations: list[Observation]) -> None:
    columns, books = built(consistent(observations))
    again = arrange(columns, books)
    assert read(again, books) == read(columns, books)


def test_officer_of_two_bodies_speaks_for_the_one_most_often_named() -> None:
    said = [("a", "kent-lmc"), ("b", "the-union"), ("c", "the-union")]
    rows = [observation(body=body, article=name, words=WORDS[n * 4]) for n, (name, body) in enumerate(said)]
    columns, books = built(rows)
    assert {holder for holder, _ in read(grouped(columns), books)} == {"the-union"}
