"""Sentences of the UK press: abbreviations, amounts, quotation marks behind the stop, and lost spaces."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.records import Article
from nlp.sentences import sentences, split_sentences
from nlp.steps.segment import segment


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text, 0, len(text))]


@pytest.mark.parametrize(
    "text",
    [
        "Dr. Cobb met Mr. Dale and Prof. Selby in St. Albans on Tuesday.",
        "J. P. Strood spoke for the U.K. government.",
        "Rep. Ana Hale and Sgt. Dan Orr met Supt. Lee at no. 5 and No. 7 on Monday.",
        "It cost £1.2bn, or 3.5 per cent.",
        "“What next?” she asked.",
        "The plan … was late.",
    ],
)
def test_a_stop_inside_a_sentence_does_not_end_it(text: str) -> None:
    assert split(text) == [text]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("It was late. He left.", ["It was late.", "He left."]),
        (
            "She asked their union rep. He said no. The vote was lost.",
            ["She asked their union rep.", "He said no.", "The vote was lost."],
        ),
        ("It cost £1.2bn. He left.", ["It cost £1.2bn.", "He left."]),
        ("“It was late.” He left.", ["“It was late.”", "He left."]),
        ("Was it late? It was! He left.", ["Was it late?", "It was!", "He left."]),
        ("They broke the contract.Their plans failed.", ["They broke the contract.", "Their plans failed."]),
        ("He was a GP. Dr Cobb left.", ["He was a GP.", "Dr Cobb left."]),
    ],
)
def test_a_stop_before_something_new_ends_a_sentence(text: str, parts: list[str]) -> None:
    assert split(text) == parts


def test_no_sentence_crosses_a_block() -> None:
    text = "Kent doctors turn on plan\n\nThe plan was late, it emerged last night. Nobody knew why it was so late."
    article = segment(Article("a", "test", text, "text 1"))
    found = sentences(article)
    assert [s.block for s in found] == sorted(s.block for s in found)
    assert all(s.span.within(article.blocks[s.block]) for s in found)


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from(list("ab AB.!?…’”'\")(\n\u00a0£1")), max_size=60))
def test_sentences_stand_apart_and_miss_no_word(text: str) -> None:
    at = 0
    for start, end in split_sentences(text, 0, len(text)):
        assert at <= start < end and text[start:end] == text[start:end].strip()
        assert not re.search(r"\w", text[at:start])
        at = end
    assert not re.search(r"\w", text[at:])
