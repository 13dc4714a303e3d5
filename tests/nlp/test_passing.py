"""What leaves the process that a file was read in is what was read, and nothing else gets through."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import fields
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.readers import Reading, SkippedItem
from nlp.readers.passing import pack_article, pack_reading, unpack_article, unpack_reading
from nlp.records import Article, Block, BlockKind, Genre, Hint, PartialDate, Precision

FULL = Article(
    id="0123456789abcdef",
    source="https://example.org/a",
    text="Head ’ 🏥\n\nBody with half a character \ud800.",
    reader="html 1",
    title="Head",
    publisher="The Ledger",
    published=PartialDate(date(2014, 5, 1), Precision.MONTH),
    author="Sam Orrell",
    url="https://example.org/a",
    genre=Genre.NEWS,
    licence="CC BY 4.0",
    expires=date(2030, 12, 31),
    hints=(Hint("title", 0, 4),),
    blocks=(Block(BlockKind.HEADLINE, 0, 4),),
)
READING = Reading(
    format="html",
    articles=(FULL, Article("1", "a.txt", "words", "text 1")),
    skipped=(SkippedItem("item 2", "is empty"),),
    declared=4,
    withdrawn=("https://example.org/b",),
)


def test_everything_of_an_article_comes_back() -> None:
    empty = [field.name for field in fields(Article) if getattr(FULL, field.name) in (None, ())]
    assert empty == [], "a field of articles that this test does not fill"
    assert unpack_article(json.loads(json.dumps(pack_article(FULL)))) == FULL


def test_everything_of_a_reading_comes_back() -> None:
    assert unpack_reading(json.loads(json.dumps(pack_reading(READING)))) == READING
    assert unpack_reading(json.loads(json.dumps(pack_reading(Reading(format="text"))))) == Reading(format="text")


@pytest.mark.parametrize(
    "change",
    [
        {"articles": "x"},
        {"articles": [{"id": "1"}]},
        {"articles": [{**pack_article(FULL), "text": 7}]},
        {"articles": [{**pack_article(FULL), "unknown": "x"}]},
        {"articles": [{**pack_article(FULL), "published": ["2014-05-01", "hour"]}]},
        {"articles": [{**pack_article(FULL), "hints": [["title", -1, 4]]}]},
        {"articles": [{**pack_article(FULL), "genre": ["news"]}]},
        {"skipped": [["item 2"]]},
        {"declared": True},
        {"declared": "4"},
        {"withdrawn": [None]},
        {"format": None},
        {"more": 1},
    ],
)
def test_whatever_is_not_exactly_a_reading_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        unpack_reading({**pack_reading(READING), **change})


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*pack_reading(READING)]), inner),
    max_leaves=12,
)


@given(_JSON)
def test_any_json_is_a_reading_or_a_value_error(value: Any) -> None:
    with suppress(ValueError):
        assert isinstance(unpack_reading(value), Reading)
