"""Which texts are one story: copies however they are trimmed and dressed, and nothing else."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from nlp.records import Block, BlockKind
from nlp.stories import LEAST_WORDS, are_copies, bands_of, body_of, may_be_copies, signature_of

LONG = " ".join(f"The surgery in ward {chr(97 + n % 26)}{n} will open at noon on day {n}." for n in range(12))


@pytest.fixture(scope="module")
def bench() -> Any:
    path = Path(__file__).resolve().parents[1] / "bench_stories.py"
    spec = importlib.util.spec_from_file_location("bench_stories", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["bench_stories"] = module
    spec.loader.exec_module(module)
    return module


def test_copies_are_found_and_different_articles_are_not(bench: Any) -> None:
    texts = bench.gold_texts(40)
    for kind, (found, total) in bench.rates(bench.copies(texts)).items():
        assert found / total >= (1.0 if "trimmed by" in kind else 0.9), kind
    for kind, (found, _) in bench.rates(bench.different(texts)).items():
        assert found == 0, kind


def test_exact_copies_have_one_digest_whatever_their_marks_case_headline_and_furniture() -> None:
    text = f"One headline\n\n{LONG}\n\nSign in to comment"
    start = text.index(LONG)
    blocks = [
        Block(BlockKind.HEADLINE, 0, 12),
        Block(BlockKind.PARAGRAPH, start, start + len(LONG)),
        Block(BlockKind.BOILERPLATE, start + len(LONG) + 2, len(text)),
    ]
    first, second = body_of(text, blocks, "One headline"), body_of(f"“{LONG.upper()}”", (), "Another")
    assert first and second
    assert first.digest == second.digest
    assert are_copies(first, second)


def test_short_texts_are_one_story_only_with_one_title_and_in_all_words() -> None:
    words = "The board met on Monday and heard nothing new."
    assert len(words.split()) < LEAST_WORDS
    first, same, other = body_of(words, (), "A"), body_of(words, (), "A"), body_of(words, (), "B")
    assert first and same and other
    assert are_copies(first, same)
    assert not are_copies(first, other)
    assert signature_of(first) is None


def test_text_without_words_has_no_body() -> None:
    assert body_of(" … ", (), "A title") is None
    assert body_of("A title", [Block(BlockKind.HEADLINE, 0, 7)], "A title") is None


def test_sketch_is_the_same_everywhere_and_says_nearly_what_the_shingles_do() -> None:
    first, trimmed = body_of(LONG, (), None), body_of(LONG[: int(0.8 * len(LONG))], (), None)
    assert first and trimmed
    signatures = [signature_of(each) for each in (first, trimmed)]
    assert signatures[0] and signatures[1]
    assert len(signatures[0]) == 512
    assert bands_of(signatures[0])[0] == 6771987869812870967
    assert may_be_copies(signatures[0], signatures[1])
    other = body_of(" ".join(f"word{n} another{n}" for n in range(60)), (), None)
    assert other and not may_be_copies(signatures[0], signature_of(other) or b"")


def test_bodies_are_read_in_linear_time(linear: Callable[..., None]) -> None:
    def work(size: int) -> None:
        body = body_of("the board’s plan, again: " * size, (), None)
        assert body and signature_of(body)

    linear(work, 10_000)
