"""Minimal pairs: read strictly, and right only when both sides are."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from nlp.errors import DataError
from nlp.pairs import read_pairs, score_pairs
from nlp.records import StanceLabel, Topic

TOPIC = Topic("toll", "Bridge toll", "The council should charge a toll.")
ROW = {
    "id": "p1",
    "topic": "toll",
    "claim": TOPIC.claim,
    "a": "The union backs the toll.",
    "b": "The union fights the toll.",
    "stance_a": "support",
    "stance_b": "oppose",
    "tag": "verb",
    "split": "dev",
}


def write(folder: Path, *rows: dict[str, Any]) -> Path:
    path = folder / "pairs.jsonl"
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


def test_a_pair_is_right_only_when_both_sides_are(tmp_path: Path) -> None:
    pairs = read_pairs(write(tmp_path, ROW), {"toll": TOPIC})
    always = score_pairs(pairs, lambda text, topic: StanceLabel.SUPPORT)
    reads = score_pairs(pairs, lambda text, topic: StanceLabel.OPPOSE if "fights" in text else StanceLabel.SUPPORT)
    assert (always["pairs"].value, always["pair_sides"].value) == (0.0, 0.5)
    assert (reads["pairs"].value, reads["pair_sides"].value) == (1.0, 1.0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"stance_b": "support"}, "stance_b"),
        ({"stance_a": "warm"}, "stance_a = 'warm'"),
        ({"topic": "tunnel"}, "topic = 'tunnel'"),
        ({"claim": "Another claim."}, "claim"),
        ({"split": "later"}, "split = 'later'"),
        ({"a": " "}, "a = ' '"),
        ({"note": "extra"}, "note"),
    ],
)
def test_a_broken_pair_is_named(tmp_path: Path, change: dict[str, str], message: str) -> None:
    with pytest.raises(DataError, match=message) as caught:
        read_pairs(write(tmp_path, {**ROW, **change}), {"toll": TOPIC})
    assert "line 1" in str(caught.value)


def test_a_sentence_that_stands_twice_is_refused(tmp_path: Path) -> None:
    again = {**ROW, "id": "p2", "b": "The union hates the toll."}
    with pytest.raises(DataError, match="line 1 too"):
        read_pairs(write(tmp_path, ROW, again), {"toll": TOPIC})
