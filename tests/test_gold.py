"""The gold corpus keeps its own rules: size, splits, spread, hard cases, variety, pairs."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections import Counter
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

import corpora
from nlp.annotations import GoldDocument, read_gold, read_splits
from nlp.corpus_report import Variety, measure_variety, report, sentence_shape
from nlp.evaluate import evaluate, predict
from nlp.pairs import Pair, read_pairs
from nlp.pipeline import analyse
from nlp.prediction import to_prediction
from nlp.readers import read_file
from nlp.topics import load_topics

GOLD = Path(str(corpora.folder("gold")))
TOPICS = {topic.id: topic for topic in load_topics(GOLD / "topics.json")}
CORE = {"co-commissioning", "pooling", "capitation"}
ROOT = Path(__file__).resolve().parents[1]


@cache
def documents() -> tuple[GoldDocument, ...]:
    return read_gold(GOLD)


@cache
def split_of() -> dict[str, str]:
    return {name: split for split, names in read_splits(GOLD).items() for name in names}


def topics(document: GoldDocument) -> set[str]:
    return {position.topic for position in document.annotation.positions}


def test_every_article_stands_in_one_split() -> None:
    assert set(split_of()) == {document.name for document in documents()}
    sizes = Counter(split_of().values())
    assert sizes["train"] >= 180
    assert sizes["dev"] == sizes["test"] == 30


def test_every_position_is_on_a_topic_that_is_declared() -> None:
    assert set().union(*map(topics, documents())) <= set(TOPICS)


def test_core_proposals_and_others_are_spread() -> None:
    about_core = [document for document in documents() if topics(document) & CORE]
    assert len(documents()) >= 240
    assert len(about_core) >= 90  # with the articles on them that hold no position: 112
    others = Counter(topic for document in documents() for topic in topics(document) - CORE)
    assert len(others) >= 55


def test_unseen_proposals_wait_in_dev_and_test() -> None:
    trained = set().union(*(topics(d) for d in documents() if split_of()[d.name] == "train"))
    held = set().union(*(topics(d) for d in documents() if split_of()[d.name] != "train"))
    assert len(held - trained) >= 15


@pytest.mark.parametrize("split", ["dev", "test"])
def test_articles_without_a_position_are_held_out(split: str) -> None:
    silent = [d for d in documents() if not d.annotation.positions]
    assert len(silent) >= 30
    assert sum(split_of()[d.name] == split for d in silent) >= 5


def test_every_hard_case_is_there_and_held_out() -> None:
    tags = {tag for document in documents() for tag in document.tags}
    assert len(tags) >= 34
    for tag in tags:
        places = Counter(split_of()[d.name] for d in documents() if tag in d.tags)
        assert places.total() >= 8 and min(places["dev"], places["test"]) >= 2, tag


def test_the_prose_is_varied() -> None:
    variety = measure_variety({document.name: document.text for document in documents()})
    assert variety.distinct_4grams >= 0.85
    assert variety.likeness <= 0.15
    assert max(variety.commonest_opening, variety.commonest_closing) <= 0.05


def test_variety_sees_what_repeats() -> None:
    stock = "The council said on Monday that it would look again at the plan for the old bridge.\n"
    same: Variety = measure_variety({"a": stock, "b": stock + "It met at noon.\n"})
    assert same.likest == ("a", "b")
    assert same.likeness > 0.5
    assert same.distinct_4grams < 0.7
    assert same.commonest_opening == 1.0


def test_a_shape_leaves_names_and_numbers_out() -> None:
    assert sentence_shape("Dr Ann Selby has said that 14 of them") == sentence_shape("Mr Tom Dunn has said that 9 are")


def test_the_report_names_every_table() -> None:
    text = report(GOLD)
    assert all(title in text for title in ("genre", "era", "hard case", "proposal", "minimal pairs: "))


def test_minimal_pairs_differ_in_a_word_or_two() -> None:
    pairs = read_pairs(GOLD / "pairs.jsonl", TOPICS)
    assert len(pairs) >= 300
    assert {pair.topic for pair in pairs} == set(TOPICS)
    assert Counter(pair.split for pair in pairs)["test"] >= 50
    assert max(map(_changed, pairs)) <= 6


def test_pairs_of_unseen_proposals_are_held_out() -> None:
    trained = set().union(*(topics(d) for d in documents() if split_of()[d.name] == "train"))
    held = set().union(*(topics(d) for d in documents() if split_of()[d.name] != "train")) - trained
    pairs = [pair for pair in read_pairs(GOLD / "pairs.jsonl", TOPICS) if pair.topic in held]
    assert len(pairs) >= 40
    assert [pair.id for pair in pairs if pair.split == "train"] == []


def _changed(pair: Pair) -> int:
    """How many words one side has that the other lacks, the larger of both."""
    a, b = Counter(pair.a.split()), Counter(pair.b.split())
    return max((a - b).total(), (b - a).total())


def test_scores_on_dev_equal_those_of_the_shared_scorer(tmp_path: Path) -> None:
    scorer = _shared_scorer()
    names = set(read_splits(GOLD)["dev"][:8])
    folder = tmp_path / "gold"
    folder.mkdir()
    for name in names:
        for suffix in (".txt", ".json"):
            (folder / f"{name}{suffix}").write_bytes((GOLD / f"{name}{suffix}").read_bytes())
    predictions = predict(folder, lambda article: analyse(article, tuple(TOPICS.values())))
    ours = evaluate(folder, predictions, TOPICS, declared=TOPICS)
    (tmp_path / "predicted").mkdir()
    for name in names:
        (article,) = read_file(folder / f"{name}.txt")
        row = to_prediction(analyse(article, tuple(TOPICS.values())), text_in_file=True)
        (tmp_path / "predicted" / f"{name}.json").write_text(_json(row), encoding="utf-8")
    theirs = scorer.report(scorer.score_folder(folder, tmp_path / "predicted", set(TOPICS))[0])
    for name in ("positions", "holder_topic", "statements", "figures"):
        assert round(ours.total.counts[name].f1, 3) == theirs[name]["f1"], name
    for name in ("stance", "holder", "manner", "capacity", "stakeholders"):
        value = ours.total.accuracies[name].value
        assert (None if value is None else round(value, 3)) == theirs[name]["accuracy"], name


def _json(row: dict[str, object]) -> str:
    import json

    return json.dumps(row)


def _shared_scorer() -> ModuleType:
    path = Path(os.environ.get("STANDPOINT_SHARED", ROOT.parent / "shared")) / "score.py"
    if not path.is_file():
        pytest.skip(f"no shared scorer at {path}: set STANDPOINT_SHARED")
    spec = importlib.util.spec_from_file_location("shared_score", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module
