"""Words as a pattern: what it matches is what the plain alternation of them matches."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.alternatives import one_of

WORDS = st.lists(st.text("abc -’.", min_size=1, max_size=6).map(str.strip).filter(bool), min_size=1, max_size=12)


@given(WORDS, st.text("abc -’.x", max_size=30))
def test_it_matches_what_the_longest_of_the_words_first_matches(words: list[str], text: str) -> None:
    plain = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    for after in ("", r"(?!\w)", r"\s"):
        expected = [m.span() for m in re.finditer(rf"(?:{plain}){after}", text)]
        assert [m.span() for m in re.finditer(one_of(words) + after, text)] == expected


@pytest.mark.parametrize("text", ["health boards", "health\nboards", "health  boards"])
def test_a_space_may_stand_for_any_white_space(text: str) -> None:
    assert re.fullmatch(one_of(["health boards", "health"], space=r"\s+"), text)


def test_a_longer_word_is_tried_first_and_a_shorter_one_where_it_fails() -> None:
    pattern = re.compile(rf"{one_of(['chief', 'chief executive', 'chair'])}(?![\w-])")
    assert [m.group() for m in pattern.finditer("chief executive, chief executives, chairman")] == [
        "chief executive", "chief",
    ]  # fmt: skip
