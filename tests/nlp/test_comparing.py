"""Who turned, how far apart camps are, who stands alike: bounds, symmetry, order, and sums done by hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.alliances import SHARED, Mode, Normalization, find_ties, find_ties_with
from nlp.changes import Change, ChangeKind, find_changes
from nlp.columns import columns_of, seen
from nlp.divides import polarization
from nlp.positions import Observation
from nlp.records import Evidence, PartialDate, Precision, Span, Stance, StanceLabel

SUPPORT, OPPOSE, MIXED = StanceLabel.SUPPORT, StanceLabel.OPPOSE, StanceLabel.MIXED
CONDITIONAL, NEUTRAL = StanceLabel.CONDITIONAL, StanceLabel.NEUTRAL
DAY = date(2014, 5, 14)
LETTERS = {"s": SUPPORT, "o": OPPOSE, "m": MIXED, "c": CONDITIONAL, "n": NEUTRAL}


def said(
    letter: str,
    day: int | None,
    *,
    holder: str = "ada-thorn",
    confidence: float = 0.75,
    earlier: StanceLabel | None = None,
    words: str = "",
    article: str = "",
) -> Observation:
    words = words or f"on day {day} we held a meeting of {letter} and of nobody else at all"
    evidence = Evidence(confidence, "hand", "by hand", (Span(0, len(words), words),))
    stance = Stance(holder, "pooling", LETTERS[letter], evidence, earlier=earlier)
    name = article or f"a{day}"
    published = None if day is None else PartialDate(DAY + timedelta(days=day), Precision.DAY)
    return Observation(stance, name, name, published, words)


def turns(observations: Sequence[Observation]) -> list[Change]:
    return list(find_changes(*columns_of(seen(each, place) for place, each in enumerate(observations))))


def told(observations: Sequence[Observation]) -> list[str]:
    return [f"{each.kind.value} {each.before.value}>{each.after.value}" for each in turns(observations)]


@pytest.mark.parametrize(
    ("letters", "expected"),
    [
        ("ss", []),
        ("so", ["reversal support>oppose"]),
        ("sno", ["reversal support>oppose"]),
        ("oc", ["shift oppose>conditional"]),
        ("sos", ["reversal oppose>support", "reversal support>oppose"]),
        ("nn", []),
    ],
)
def test_change_is_between_neighbouring_days_that_take_a_side(letters: str, expected: list[str]) -> None:
    assert told([said(letter, day) for day, letter in enumerate(letters)]) == expected


def test_both_sides_on_one_day_are_one_mixed_day_and_no_turn() -> None:
    assert told([said("s", 0, article="a"), said("o", 0, article="b")]) == []


def test_undated_words_turn_nobody() -> None:
    assert told([said("s", None, article="x"), said("o", 5)]) == []


def test_change_tells_its_two_rows_its_day_and_how_often_each_was_shown() -> None:
    (change,) = turns([said("s", 0), said("s", 3), said("s", 9, confidence=0.9), said("o", 12, confidence=0.6)])
    assert (change.shown_before, change.shown_after, change.confidence) == (3, 1, 0.6)
    assert change.day == (DAY + timedelta(days=12)).toordinal()
    assert change.old is not None and change.old < change.new


def test_former_view_that_a_text_tells_is_a_change_without_an_old_sentence() -> None:
    (change,) = turns([said("s", 0, earlier=OPPOSE)])
    assert (change.kind, change.before, change.after, change.old) == (ChangeKind.TOLD, OPPOSE, SUPPORT, None)


def test_former_view_that_is_the_present_one_is_no_change() -> None:
    assert told([said("s", 0, earlier=SUPPORT)]) == []


def test_copy_of_an_article_tells_its_change_once() -> None:
    words = "we used to be against it and now we are for it because the county has paid"
    rows = [said("s", day, earlier=OPPOSE, words=words, article=f"copy-{day}") for day in (0, 2, 4)]
    assert told(rows) == ["told oppose>support"]


SAID = st.lists(
    st.builds(
        said,
        st.sampled_from("somcn"),
        st.integers(0, 8),
        holder=st.sampled_from(["ada-thorn", "ben-lyle"]),
        confidence=st.sampled_from([0.5, 0.75, 0.9375]),
        earlier=st.sampled_from([None, None, SUPPORT, OPPOSE]),
    ),
    max_size=14,
)


def as_stored(observations: Sequence[Observation]) -> list[Observation]:
    """Each in an article of its own, so that the order in which they come is no part of what they are."""
    return [replace(each, article=f"{place:02}", story=f"{place:02}") for place, each in enumerate(observations)]


@given(SAID, st.integers(0, 99))
def test_order_of_what_is_read_changes_no_change(observations: list[Observation], shuffle: int) -> None:
    observations = as_stored(observations)

    def bare(found: list[Change]) -> list[Change]:
        return [replace(each, old=None, new=0) for each in found]

    expected = bare(turns(observations))
    Random(shuffle).shuffle(observations)
    assert sorted(map(repr, bare(turns(observations)))) == sorted(map(repr, expected))


@given(SAID)
def test_every_change_is_from_one_stance_to_another_and_never_neutral_when_shown(found: list[Observation]) -> None:
    for change in turns(as_stored(found)):
        assert change.before is not change.after
        if change.kind is not ChangeKind.TOLD:
            assert NEUTRAL not in (change.before, change.after)
            assert change.shown_before >= 1 and change.shown_after >= 1


CAMPS = st.dictionaries(st.sampled_from(StanceLabel), st.integers(0, 500))


@given(CAMPS)
def test_polarization_is_within_its_bounds(camps: dict[StanceLabel, int]) -> None:
    found = polarization(camps)
    assert found is None or 0 <= found <= 1


@given(st.sampled_from([SUPPORT, OPPOSE, CONDITIONAL, MIXED]), st.integers(1, 1000), st.integers(0, 1000))
def test_one_camp_is_agreement_whoever_is_neutral_beside_it(label: StanceLabel, size: int, neutral: int) -> None:
    assert polarization({label: size, NEUTRAL: neutral}) == 0


@given(st.integers(1, 1000))
def test_two_equal_camps_are_as_far_apart_as_can_be(size: int) -> None:
    assert polarization({SUPPORT: size, OPPOSE: size}) == 1


@given(CAMPS)
def test_sides_may_change_places(camps: dict[StanceLabel, int]) -> None:
    turned = {{SUPPORT: OPPOSE, OPPOSE: SUPPORT}.get(label, label): count for label, count in camps.items()}
    assert polarization(turned) == polarization(camps)


@given(st.integers(1, 50), st.integers(1, 50))
def test_moving_one_from_the_middle_to_the_smaller_end_brings_no_agreement(ends: int, middle: int) -> None:
    before = polarization({SUPPORT: ends, OPPOSE: ends, MIXED: 2 * middle})
    after = polarization({SUPPORT: ends + middle, OPPOSE: ends + middle})
    assert before is not None and after is not None and before < after


def test_nobody_with_a_position_has_no_polarization() -> None:
    assert polarization({NEUTRAL: 4}) is None
    assert polarization({}) is None


def test_polarization_by_hand() -> None:
    # 3 for, 1 against of 4: 2 × (9·1·2 + 1·3·2) / 64 = 48 / 64.
    assert polarization({SUPPORT: 3, OPPOSE: 1}) == pytest.approx(0.75)
    # 1 for, 1 conditional of 2: 2 × (1·1·1 + 1·1·1) / 8 = 0.5.
    assert polarization({SUPPORT: 1, CONDITIONAL: 1}) == pytest.approx(0.5)


POSITIONS = {
    "ada": {"pooling": SUPPORT, "capitation": OPPOSE, "named-gp": SUPPORT},
    "ben": {"pooling": SUPPORT, "capitation": SUPPORT},
    "cyd": {"pooling": SUPPORT, "named-gp": NEUTRAL},
}


@pytest.mark.parametrize(
    ("mode", "normalization", "weight"),
    [
        # Ada and Ben: alike on pooling, opposed on capitation; three positions and two.
        (Mode.CONGRUENCE, Normalization.NONE, 1.0),
        (Mode.CONFLICT, Normalization.NONE, 1.0),
        (Mode.SUBTRACT, Normalization.NONE, None),
        (Mode.CONGRUENCE, Normalization.ACTIVITY, 1 / 2.5),
        (Mode.CONGRUENCE, Normalization.JACCARD, 1 / 4),
        (Mode.CONGRUENCE, Normalization.COSINE, 1 / 6**0.5),
        (Mode.CONGRUENCE, Normalization.PROMINENCE, 1 / 3),
        (Mode.CONFLICT, Normalization.PROMINENCE, 1 / 2),
    ],
)
def test_ties_by_hand(mode: Mode, normalization: Normalization, weight: float | None) -> None:
    ties = {(tie.first, tie.second): tie for tie in find_ties(POSITIONS, mode=mode, normalization=normalization)}
    found = ties.get(("ada", "ben"))
    assert (None if found is None else found.weight) == (None if weight is None else pytest.approx(weight, abs=1e-6))
    if found is not None:
        assert (found.alike, found.opposed) == (("pooling",), ("capitation",))


def test_neutral_positions_tie_nobody_and_conditional_ones_oppose_nobody() -> None:
    positions = {"a": {"x": NEUTRAL, "y": CONDITIONAL}, "b": {"x": NEUTRAL, "y": SUPPORT}}
    for mode in Mode:
        assert len(find_ties(positions, mode=mode)) == 0


HELD = st.dictionaries(
    st.sampled_from([f"holder-{number}" for number in range(8)]),
    st.dictionaries(st.sampled_from("abcde"), st.sampled_from(StanceLabel), max_size=5),
)


@given(HELD, st.sampled_from(Mode), st.sampled_from(Normalization), st.integers(1, 3))
def test_ties_do_not_depend_on_the_order_of_what_is_given(
    held: dict[str, dict[str, StanceLabel]], mode: Mode, normalization: Normalization, least: int
) -> None:
    ties = list(find_ties(held, mode=mode, normalization=normalization, least=least))
    turned = {who: dict(reversed(own.items())) for who, own in reversed(held.items())}
    assert list(find_ties(turned, mode=mode, normalization=normalization, least=least)) == ties
    assert all(tie.first < tie.second for tie in ties)
    assert len({(tie.first, tie.second) for tie in ties}) == len(ties)


@given(HELD, st.sampled_from(Mode), st.sampled_from(Normalization))
def test_ties_are_symmetric(held: dict[str, dict[str, StanceLabel]], mode: Mode, normalization: Normalization) -> None:
    renamed = {f"z{9 - int(who[-1])}": own for who, own in held.items()}  # reverses the order of ids
    ties = {
        frozenset((tie.first, tie.second)): tie.weight
        for tie in find_ties(held, mode=mode, normalization=normalization)
    }
    back = find_ties(renamed, mode=mode, normalization=normalization)
    names = {f"z{9 - int(who[-1])}": who for who in held}
    assert {frozenset((names[tie.first], names[tie.second])): tie.weight for tie in back} == ties


@given(HELD, st.sampled_from([Normalization.ACTIVITY, Normalization.JACCARD, Normalization.COSINE]))
def test_normalized_ties_are_within_their_bounds(
    held: dict[str, dict[str, StanceLabel]], normalization: Normalization
) -> None:
    for mode in Mode:
        for tie in find_ties(held, mode=mode, normalization=normalization):
            assert -1 <= tie.weight <= 1 and tie.weight


@given(st.dictionaries(st.sampled_from("abcde"), st.sampled_from(SHARED), min_size=1))
def test_who_stands_alike_in_everything_has_the_strongest_tie(own: dict[str, StanceLabel]) -> None:
    for normalization in (Normalization.ACTIVITY, Normalization.JACCARD, Normalization.COSINE):
        (tie,) = find_ties({"a": own, "b": own}, normalization=normalization)
        assert tie.weight == 1 and tie.alike == tuple(sorted(own))


def test_ties_can_be_sliced_and_counted() -> None:
    ties = find_ties(POSITIONS)
    assert len(ties[:2]) == 2 and ties[-1] == list(ties)[-1]
    with pytest.raises(IndexError):
        ties[len(ties)]


def test_ties_of_one_are_those_that_subtract_finds_for_everybody() -> None:
    every = find_ties(POSITIONS, mode=Mode.SUBTRACT)
    for who in POSITIONS:
        found = find_ties_with(POSITIONS, who)
        own = {(tie.first, tie.second): tie for tie in every if who in (tie.first, tie.second)}
        assert {(tie.first, tie.second): tie for tie in found if tie.weight} == own
        assert [tie.weight for tie in found] == sorted((tie.weight for tie in found), reverse=True)
        assert all(tie.alike or tie.opposed for tie in found)
    assert find_ties_with(POSITIONS, "nobody") == []
