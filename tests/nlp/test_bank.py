"""The statement bank is read strictly, holds what it should, and keeps its splits apart."""

from __future__ import annotations

import json
from collections import Counter
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from nlp.annotations import read_splits
from nlp.bank import CORE, BankRow, read_bank
from nlp.bank_report import SecondLabel, double_claims, kappa, read_second, unseen
from nlp.errors import DataError, NothingToDoError
from nlp.pairs import read_pairs
from nlp.topics import load_topics

FOLDER = Path(str(files("corpora") / "bank"))
GOLD = Path(str(files("corpora") / "gold"))
ROW: dict[str, Any] = {
    "id": "b01-x-1",
    "batch": "b01",
    "proposal": "pooling",
    "topic": "Budgets should be merged.",
    "counter": "Budgets should stay apart.",
    "text": "She would back one budget if practices agreed.",
    "before": "",
    "after": "",
    "holder": "Dr Asha Menon",
    "manner": "indirect",
    "stance": "conditional",
    "strength": "plain",
    "condition": "if practices agreed",
    "earlier": None,
    "tags": ["news", "condition"],
    "split": "train",
}


@pytest.fixture(scope="module")
def bank() -> tuple[BankRow, ...]:
    return read_bank(FOLDER)


def write(folder: Path, *rows: dict[str, Any]) -> Path:
    (folder / "b01.jsonl").write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"stance": "unsure"}, "stance = 'unsure'"),
        ({"manner": "quoted"}, "manner = 'quoted'"),
        ({"strength": None}, "strength = None"),
        ({"condition": None}, "condition = None"),
        ({"condition": "if it rained"}, "does not stand in the text"),
        ({"stance": "support"}, "condition = "),
        ({"tags": ["sonnet"]}, "'sonnet'"),
        ({"topic": 7}, "topic = 7"),
        ({"extra": 1}, "extra"),
        ({"id": "b02-x-1"}, "does not begin with its batch"),
        ({"split": "holdout"}, "split = 'holdout'"),
    ],
)
def test_a_row_that_breaks_a_rule_is_refused_with_line_key_and_value(
    tmp_path: Path, change: dict[str, Any], named: str
) -> None:
    with pytest.raises(DataError) as caught:
        read_bank(write(tmp_path, ROW | {"id": "b01-x-0", "text": ROW["text"] + " Now."}, ROW | change))
    assert "line 2" in str(caught.value) and named in str(caught.value)


def test_a_line_that_is_no_json_is_refused(tmp_path: Path) -> None:
    (tmp_path / "b01.jsonl").write_text("{", encoding="utf-8")
    with pytest.raises(DataError, match="line 1"):
        read_bank(tmp_path)


def test_twins_and_leaks_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="id = "):
        read_bank(write(tmp_path, ROW, ROW))
    with pytest.raises(DataError, match="twice with proposal"):
        read_bank(write(tmp_path, ROW, ROW | {"id": "b01-x-2"}))
    with pytest.raises(DataError, match="stands in train and in dev"):
        read_bank(write(tmp_path, ROW, ROW | {"id": "b01-x-2", "proposal": "other", "split": "dev"}))


def test_an_empty_folder_is_nothing_to_do(tmp_path: Path) -> None:
    with pytest.raises(NothingToDoError):
        read_bank(tmp_path)


def test_bank_is_as_large_and_as_mixed_as_it_should_be(bank: tuple[BankRow, ...]) -> None:
    proposals = Counter(row.proposal for row in bank)
    stances = Counter(row.stance for row in bank)
    assert len(bank) >= 3000 and len(proposals) >= 100
    assert all(proposals[core] >= 300 for core in CORE)
    assert all(0.25 <= stances[side] / len(bank) <= 0.32 for side in ("support", "oppose"))
    assert all(stances[label] / len(bank) >= 0.08 for label in ("conditional", "mixed", "neutral"))
    assert stances["none"] / len(bank) >= 0.10
    assert double_claims(bank) >= 400


def test_splits_hold_their_shares_and_unseen_proposals(bank: tuple[BankRow, ...]) -> None:
    splits = Counter(row.split for row in bank)
    assert all(
        abs(splits[name] / len(bank) - share) <= 0.02 for name, share in (("train", 0.7), ("dev", 0.15), ("test", 0.15))
    )
    assert len(unseen(bank)) >= 25


def test_proposals_unseen_in_the_bank_are_unseen_in_gold_and_pairs_too(bank: tuple[BankRow, ...]) -> None:
    hidden = unseen(bank)
    train = read_splits(GOLD)["train"]
    seen = {p["topic"] for name in train for p in json.loads((GOLD / f"{name}.json").read_bytes())["positions"]}
    topics = {topic.id: topic for topic in load_topics(GOLD / "topics.json")}
    seen |= {pair.topic for pair in read_pairs(GOLD / "pairs.jsonl", topics) if pair.split == "train"}
    assert not hidden & seen


def test_dev_test_and_a_tenth_of_train_are_labelled_twice_and_agree(bank: tuple[BankRow, ...]) -> None:
    labels = read_second(FOLDER)
    twice = {label.id for label in labels}
    assert all(row.id in twice for row in bank if row.split != "train")
    train = [row for row in bank if row.split == "train"]
    assert sum(row.id in twice for row in train) >= len(train) / 10
    assert all(
        kappa(labels, stance) >= 0.8 for stance in ("support", "oppose", "conditional", "mixed", "neutral", "none")
    )


def test_kappa_is_that_of_the_textbook() -> None:
    # 20 and 15 equal, 5 and 10 not: observed 0.7, by chance 0.5, so 0.4.
    rows = (
        [("support", "support")] * 20
        + [("support", "oppose")] * 5
        + [("oppose", "support")] * 10
        + [("oppose", "oppose")] * 15
    )
    assert kappa([SecondLabel("x", a, b) for a, b in rows], "support") == pytest.approx(0.4)
