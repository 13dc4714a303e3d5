"""Evaluation: strict gold files, the arithmetic of the guide, and floors that cannot sink unseen."""

from __future__ import annotations

import importlib.util
import json
import os
import random
import sys
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from nlp.annotations import fold_name, read_annotation, read_gold, read_predictions
from nlp.errors import DataError, NotFoundError, NothingToDoError, NotSetUpError, UsageError
from nlp.evaluate import CORE_TOPICS, evaluate, intervals, predict, to_json, to_table, topic_ids
from nlp.gate import Floors, gate, load_floors, measured_floors, write_floors
from nlp.records import Analysis, Article, Run
from nlp.scoring import pair_statements

Json = dict[str, Any]

TEXT = (
    "LMC draws a line on pooling\n\n"
    "Dr Mary Fenn, secretary of Northfield LMC, said that pooling was a red line for practices.\n\n"
    "‘We support the budget staying here,’ she said. Northfield CCG plans to spend £2.5m in 2014/15, "
    "up 3%, and between £1m and £2m later.\n\n"
    "Alan Brook of the CCG said it would back capitation if the tariff went.\n"
)
GOLD: Json = {
    "document": {"title": "LMC draws a line on pooling", "genre": "news", "reader_comments": 0},
    "stakeholders": [
        {
            "id": "mary-fenn",
            "name": "Mary Fenn",
            "kind": "person",
            "aliases": ["Dr Fenn"],
            "affiliations": [{"org": "northfield-lmc", "role": "secretary"}],
        },
        {"id": "northfield-lmc", "name": "Northfield LMC", "kind": "organisation"},
        {"id": "northfield-ccg", "name": "Northfield CCG", "kind": "organisation", "aliases": ["the CCG"]},
        {"id": "alan-brook", "name": "Alan Brook", "kind": "person", "aliases": []},
    ],
    "statements": [
        {
            "holder": "mary-fenn",
            "on_behalf_of": "northfield-lmc",
            "capacity": "official",
            "manner": "indirect",
            "cue": "said",
            "starts": "that pooling was",
            "ends": "for practices",
        },
        {
            "holder": "mary-fenn",
            "on_behalf_of": "northfield-lmc",
            "capacity": "official",
            "manner": "direct",
            "cue": "said",
            "starts": "We support the",
            "ends": "staying here",
        },
        {
            "holder": "alan-brook",
            "on_behalf_of": "northfield-ccg",
            "capacity": "official",
            "manner": "indirect",
            "cue": "said",
            "starts": "it would back",
            "ends": "tariff went",
        },
    ],
    "positions": [
        {
            "holder": "mary-fenn",
            "on_behalf_of": "northfield-lmc",
            "topic": "pooling",
            "stance": "oppose",
            "strength": "strong",
            "earlier": "support",
            "evidence": "pooling was a red line",
        },
        {
            "holder": "alan-brook",
            "on_behalf_of": "northfield-ccg",
            "topic": "capitation",
            "stance": "conditional",
            "strength": "plain",
            "earlier": None,
            "evidence": "it would back capitation",
        },
    ],
    "figures": [
        {
            "text": "£2.5m",
            "value": 2500000,
            "unit": "GBP",
            "kind": "spending",
            "direction": "up",
            "status": "proposed",
            "payer": "northfield-ccg",
            "period": {"text": "2014/15", "start": "2014-04-01", "end": "2015-03-31"},
        },
        {"text": "3%", "value": 3, "unit": "percent", "kind": "change", "period": "2014/15"},
        {"text": "between £1m and £2m", "low": 1e6, "high": 2e6, "unit": "GBP", "kind": "spending"},
    ],
}


def as_prediction(gold: Json, text: str = TEXT) -> Json:
    """The perfect prediction of a gold annotation."""
    prediction = deepcopy(gold)
    for row in prediction["statements"]:
        start = text.index(row.pop("starts"))
        ends = row.pop("ends")
        row["spans"] = [{"start": start, "end": text.index(ends, start) + len(ends)}]
    return prediction


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    return write_gold(tmp_path / "corpus", GOLD)


def write_gold(folder: Path, gold: Json, name: str = "one") -> Path:
    folder.mkdir(exist_ok=True)
    # no two articles of a corpus may have the same text
    ending = "" if name == "one" else f"\n{name}\n"
    (folder / f"{name}.txt").write_bytes((TEXT + ending).encode())
    (folder / f"{name}.json").write_text(json.dumps(gold), encoding="utf-8")
    return folder


# The arithmetic


def test_perfect_prediction_scores_one_everywhere(corpus: Path) -> None:
    report = to_json(evaluate(corpus, {"one": as_prediction(GOLD)}))
    for name in ("positions", "holder_topic", "statements", "figures"):
        assert report[name]["f1"] == 1.0
    for name in ("stance", "stance_exact", "earlier", "capacity", "stakeholders", "figure.period", "figure.payer"):
        assert report[name]["accuracy"] == 1.0
    assert report["positions"]["gold"] == 4  # both officers speak for their bodies
    assert report["mistakes"] == {"one": []}


def test_missing_prediction_counts_as_an_empty_one_and_is_named(corpus: Path) -> None:
    scores = evaluate(corpus, {"other": {}})
    assert (scores.missing, scores.extra) == (("one",), ("other",))
    assert (scores.metric("positions.f1"), scores.metric("figures.recall")) == (0.0, 0.0)
    assert scores.metric("stance.accuracy") is None


def test_precision_is_of_what_was_predicted_and_recall_of_what_was_there(corpus: Path) -> None:
    prediction = as_prediction(GOLD)
    del prediction["figures"][1:]
    scores = evaluate(corpus, {"one": prediction})
    assert scores.metric("figures.precision") == 1.0
    assert scores.metric("figures.recall") == pytest.approx(1 / 3)


def test_conditional_counts_as_mixed_except_in_the_exact_score(corpus: Path) -> None:
    prediction = as_prediction(GOLD)
    prediction["positions"][1]["stance"] = "mixed"
    scores = evaluate(corpus, {"one": prediction})
    assert scores.metric("stance.accuracy") == 1.0
    assert scores.metric("stance_exact.accuracy") == 0.5


def test_statement_given_to_somebody_else_is_found_but_not_right(corpus: Path) -> None:
    prediction = as_prediction(GOLD)
    prediction["statements"][1]["holder"] = "alan-brook"
    scores = evaluate(corpus, {"one": prediction})
    assert scores.metric("statement_spans.f1") == 1.0
    assert scores.metric("statements.f1") == pytest.approx(2 / 3)
    assert [str(m).split(":")[0] for m in scores.documents[0].mistakes] == ["statement misgiven"]


def test_statements_are_paired_with_their_confidence_and_whether_the_holder_is_right(corpus: Path) -> None:
    prediction = as_prediction(GOLD)
    del prediction["statements"][2]
    prediction["statements"][0]["confidence"] = 0.9
    prediction["statements"][1] |= {"confidence": 0.4, "holder": "alan-brook"}
    (document,) = read_gold(corpus)
    pairs = pair_statements(document, read_annotation(prediction, where="one"))
    assert [(p.gold.holder, p.predicted.confidence, p.right) for p in pairs] == [
        ("mary-fenn", 0.9, True),
        ("mary-fenn", 0.4, False),
    ]


@pytest.mark.parametrize(("words", "found"), [("We support the budget", True), ("We support", False)])
def test_half_of_the_tokens_make_a_statement_the_same(corpus: Path, words: str, found: bool) -> None:
    prediction = as_prediction(GOLD)
    start = TEXT.index(words)
    prediction["statements"] = [{"holder": "mary-fenn", "spans": [{"start": start, "end": start + len(words)}]}]
    assert (evaluate(corpus, {"one": prediction}).metric("statement_spans.recall") or 0) == pytest.approx(found / 3)


def test_headline_statements_are_left_out(corpus: Path) -> None:
    prediction = as_prediction(GOLD)
    prediction["statements"].append({"holder": "northfield-lmc", "spans": [{"start": 0, "end": 27}]})
    assert evaluate(corpus, {"one": prediction}).metric("statements.precision") == 1.0


def test_stakeholders_match_by_name_whatever_their_ids(corpus: Path) -> None:
    text = json.dumps(as_prediction(GOLD)).replace('"mary-fenn"', '"person-7"').replace("Mary Fenn", "the Dr Mary Fenn")
    assert evaluate(corpus, {"one": json.loads(text)}).metric("positions.f1") == 1.0


def test_only_named_topics_count(corpus: Path) -> None:
    scores = evaluate(corpus, {"one": as_prediction(GOLD)}, {"pooling"})
    assert to_json(scores)["positions"]["gold"] == 2


def test_unknown_topic_is_refused(corpus: Path) -> None:
    with pytest.raises(NotFoundError, match="no topic is called 'polling'"):
        evaluate(corpus, {}, {"polling"})


@pytest.mark.parametrize(
    ("name", "folded"),
    [("Dr Dame Mary Fenn", "mary fenn"), ("The King’s Fund", "kings fund"), ("GP-led  group", "gp led group")],
)
def test_names_are_folded(name: str, folded: str) -> None:
    assert fold_name(name) == folded


def test_scores_equal_those_of_the_shared_scorer(tmp_path: Path) -> None:
    shared = Path(os.environ.get("STANDPOINT_SHARED", "../shared"))
    if not (shared / "score.py").is_file():
        pytest.skip("set STANDPOINT_SHARED to a folder with score.py to compare with it")
    scorer = load_module(shared / "score.py")
    for seed in range(30):
        chance = random.Random(seed)
        gold, predicted = tmp_path / f"gold{seed}", tmp_path / f"predicted{seed}"
        write_gold(gold, GOLD, "one")
        write_gold(gold, GOLD, "two")
        predicted.mkdir()
        for name in ("one", "two"):
            (predicted / f"{name}.json").write_text(json.dumps(mutated(as_prediction(GOLD), chance)), encoding="utf-8")
        expected = scorer.report(scorer.score_folder(gold, predicted)[0])
        actual = to_json(evaluate(gold, read_predictions(predicted)), with_intervals=False)
        assert {name: actual[name] for name in expected} == expected, f"seed {seed}"


def load_module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("shared_score", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up by name
    spec.loader.exec_module(module)
    return module


def mutated(prediction: Json, chance: random.Random) -> Json:
    """A prediction with rows lost, doubled, and fields changed, moved and dropped."""
    holders = ["mary-fenn", "northfield-ccg", "Dr Fenn", "the CCG", "nobody", None]
    edits: dict[str, list[Callable[[Json], object]]] = {
        "statements": [
            lambda row: row.update(holder=chance.choice(holders)),
            lambda row: row["spans"][0].update(start=max(0, row["spans"][0]["start"] + chance.randint(-30, 30))),
            lambda row: row["spans"].append({"start": 0, "end": chance.randint(1, 60)}),
            lambda row: row.update(manner=chance.choice(["direct", "mixed"]), capacity="personal"),
        ],
        "positions": [
            lambda row: row.update(stance=chance.choice(["support", "oppose", "mixed", "conditional", "neutral"])),
            lambda row: row.update(holder=chance.choice(holders[:-1])),
            lambda row: row.update(on_behalf_of=chance.choice(holders), topic=chance.choice(["pooling", "capitation"])),
            lambda row: row.update(earlier=None, strength="hedged"),
        ],
        "figures": [
            lambda row: row.update(unit="GBP", value=chance.choice([3, 2500000.0000001, None])),
            lambda row: row.update(period=chance.choice([None, "in 2014/15", {"text": "2014/15"}]), kind=None),
            lambda row: row.update(payer=chance.choice(holders), direction="", per="head"),
        ],
        "stakeholders": [
            lambda row: row.update(id=f"x-{row['id']}"),
            lambda row: row.update(aliases=["Mary Fenn", "CCG"]),
        ],
    }
    for section, choices in edits.items():
        rows = prediction[section]
        for _ in range(chance.randint(0, 3)):
            if rows and chance.random() < 0.3:
                rows.pop(chance.randrange(len(rows)))
            elif rows and chance.random() < 0.4 and section != "stakeholders":
                rows.append(deepcopy(chance.choice(rows)))
            if rows:
                chance.choice(choices)(chance.choice(rows))
    if chance.random() < 0.1:
        del prediction["figures"]
    return prediction


# Gold files are strict


def broken(section: str, field: str, value: object) -> Json:
    gold = deepcopy(GOLD)
    gold[section][0][field] = value
    return gold


@pytest.mark.parametrize(
    ("gold", "words"),
    [
        (broken("statements", "starts", "words that nobody wrote"), "statements[0].starts = 'words that nobody wrote'"),
        (broken("statements", "ends", "Dr Mary"), "statements[0].ends = 'Dr Mary' does not stand in the text after"),
        (broken("statements", "holder", "mary-fen"), "statements[0].holder = 'mary-fen' is not among the stakeholders"),
        (broken("statements", "manner", "quoted"), "statements[0].manner = 'quoted' is none of: authorial, direct"),
        (broken("statements", "ending", "x"), "statements[0].ending = 'x' is no field of statements"),
        (broken("positions", "stance", "unclear"), "positions[0].stance = 'unclear'"),
        (broken("positions", "evidence", "pooling is"), "positions[0].evidence = 'pooling is'"),
        (broken("positions", "topic", None), "positions[0].topic = None must be given"),
        (broken("figures", "unit", "£"), "figures[0].unit = '£'"),
        (broken("figures", "value", "2.5m"), "figures[0].value = '2.5m' is not a number"),
        (broken("figures", "low", 1), "figures[0] = '£2.5m' needs a value, or a low and a high"),
        (broken("figures", "period", {"text": "x", "start": "April"}), "figures[0].period.start = 'April'"),
        (broken("figures", "payer", "treasury"), "figures[0].payer = 'treasury'"),
        (broken("stakeholders", "id", "alan-brook"), "stakeholders"),
        (broken("stakeholders", "affiliations", [{"org": "bma"}]), "stakeholders[0].affiliations.org = 'bma'"),
        ({**GOLD, "statement": []}, "statement = [] is no section"),
        ({**GOLD, "figures": None}, "figures = None must be a list"),
    ],
)
def test_broken_gold_file_is_named_with_key_and_value(tmp_path: Path, gold: Json, words: str) -> None:
    folder = write_gold(tmp_path / "corpus", gold)
    with pytest.raises(DataError) as raised:
        evaluate(folder, {})
    assert str(raised.value).startswith(f"{folder / 'one.json'}: ")
    assert words in str(raised.value)


def test_gold_without_its_text_is_refused(corpus: Path) -> None:
    (corpus / "one.txt").unlink()
    with pytest.raises(DataError, match="text cannot be read"):
        evaluate(corpus, {})


def test_folder_without_gold_is_nothing_to_do(tmp_path: Path) -> None:
    (tmp_path / "index.json").write_text("[1]")
    with pytest.raises(NothingToDoError):
        evaluate(tmp_path, {})


@pytest.mark.parametrize(
    "prediction",
    [
        {"statements": [{"holder": "x"}]},
        {"positions": [{"holder": "x"}]},
        {"figures": [{"value": "x"}]},
        {"stakeholders": 3},
    ],
)
def test_malformed_prediction_is_named(corpus: Path, prediction: Json) -> None:
    with pytest.raises(DataError, match="one: is no prediction"):
        evaluate(corpus, {"one": prediction})


# Reports


def test_intervals_are_the_same_for_the_same_seed_and_hold_the_score(corpus: Path) -> None:
    write_gold(corpus, GOLD, "two")
    scores = evaluate(corpus, {"one": as_prediction(GOLD), "two": {}})
    first = intervals(scores, resamples=200)
    assert first == intervals(scores, resamples=200)
    assert first["figures"].low < (scores.metric("figures.f1") or 0) < first["figures"].high


def test_report_has_documents_genres_and_mistakes(corpus: Path) -> None:
    write_gold(corpus, {**GOLD, "document": {"genre": "letter"}}, "two")
    scores = evaluate(corpus, {"one": as_prediction(GOLD)})
    report = json.loads(json.dumps(to_json(scores), allow_nan=False))
    assert report["groups"]["genre: news"]["figures"]["f1"] == 1.0
    assert report["groups"]["genre: letter"]["figures"]["f1"] == 0.0
    assert report["documents"]["two"]["genre"] == "letter"
    assert "figure missed: £2.5m" in report["mistakes"]["two"]
    table = to_table(scores, mistakes=True)
    assert "genre: letter" in table
    assert "no prediction for: two" in table
    assert "  figure missed: £2.5m" in table


def test_texts_are_analysed_as_they_stand_in_their_files(corpus: Path) -> None:
    seen: list[Article] = []

    def analyse(article: Article) -> Analysis:
        seen.append(article)
        return Analysis(article, Run("0", "0"))

    assert list(predict(corpus, analyse)) == ["one"]
    assert [article.text for article in seen] == [TEXT]


def test_topics_come_as_ids_or_from_a_file(tmp_path: Path) -> None:
    assert topic_ids("pooling, capitation,") == {"pooling", "capitation"}
    path = tmp_path / "topics.json"
    path.write_text(json.dumps([{"id": "seven-day", "name": "Seven days", "claim": "GPs should open daily."}]))
    assert topic_ids(str(path)) == {"seven-day"}


# The gate


def test_scores_at_their_floors_pass_and_below_them_fail(corpus: Path) -> None:
    good = evaluate(corpus, {"one": as_prediction(GOLD)})
    floors = measured_floors(good)
    assert floors.floors["figures.f1"] == 1.0
    assert gate(good, floors) == ()
    prediction = as_prediction(GOLD)
    del prediction["figures"][0]
    (failure,) = gate(evaluate(corpus, {"one": prediction}), Floors("corpus", floors.sha256, {"figures.f1": 1.0}))
    assert failure == "figures.f1 is 0.800, below its floor 1.000"


def test_changed_corpus_fails_and_says_how_to_renew(corpus: Path) -> None:
    floors = measured_floors(evaluate(corpus, {"one": as_prediction(GOLD)}))
    (corpus / "one.txt").write_text(TEXT + "\n", encoding="utf-8")
    (failure,) = gate(evaluate(corpus, {"one": as_prediction(GOLD)}), floors)
    assert "--write-floors" in failure


def test_floor_sinks_only_when_that_is_said(corpus: Path, tmp_path: Path) -> None:
    path = tmp_path / "floors.json"
    write_floors(evaluate(corpus, {"one": as_prediction(GOLD)}), path)
    before = path.read_text()
    worse = evaluate(corpus, {})
    with pytest.raises(UsageError, match=r"figures\.f1 1\.000 -> 0\.000.*--allow-lower"):
        write_floors(worse, path)
    assert path.read_text() == before
    write_floors(worse, path, allow_lower=True)
    assert load_floors(path).floors["figures.f1"] == 0.0


def test_missing_and_malformed_floors_say_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(NotSetUpError, match="--write-floors"):
        load_floors(tmp_path / "none.json")
    (tmp_path / "odd.json").write_text('{"floors": {"figures.f1": "high"}}')
    with pytest.raises(DataError, match="--write-floors"):
        load_floors(tmp_path / "odd.json")


def test_floor_of_an_unknown_metric_is_refused(corpus: Path) -> None:
    scores = evaluate(corpus, {})
    with pytest.raises(NotFoundError, match=r"figures\.f2"):
        gate(scores, Floors("corpus", scores.digest, {"figures.f2": 0.5}))


def test_core_topics_are_shipped() -> None:
    from nlp.topics import shipped_topics

    assert {topic.id for topic in shipped_topics()} >= CORE_TOPICS


# Splits, hard cases and twins


def test_a_split_scores_its_articles_alone(corpus: Path) -> None:
    write_gold(corpus, GOLD, "two")
    (corpus / "splits.json").write_text(json.dumps({"dev": ["two"], "train": ["one"]}), encoding="utf-8")
    scores = evaluate(corpus, {}, split="dev")
    assert [d.name for d in scores.documents] == ["two"]
    assert scores.corpus == "corpus/dev"


@pytest.mark.parametrize(
    ("splits", "message"),
    [({"dev": ["one", "one"]}, "stands twice"), ({"dev": ["nine"]}, "is no gold file"), (["one"], "object of lists")],
)
def test_a_wrong_list_of_splits_is_refused(corpus: Path, splits: object, message: str) -> None:
    (corpus / "splits.json").write_text(json.dumps(splits), encoding="utf-8")
    with pytest.raises(DataError, match=message):
        evaluate(corpus, {}, split="dev")


def test_tables_tell_hard_cases_and_eras_apart(corpus: Path) -> None:
    document = {**GOLD["document"], "era": "CCG", "tags": ["irony", "split-quote"]}
    write_gold(corpus, {**GOLD, "document": document}, "two")
    groups = evaluate(corpus, {}).by_group()
    assert {"case: irony", "case: split-quote", "era: CCG", "era: unknown", "genre: news"} == set(groups)


def test_a_text_that_stands_twice_is_refused(corpus: Path) -> None:
    write_gold(corpus, GOLD, "two")
    (corpus / "two.txt").write_bytes(TEXT.upper().encode())
    (corpus / "two.json").write_text(json.dumps({"document": {}, **{k: [] for k in GOLD if k != "document"}}))
    with pytest.raises(DataError, match="two"):
        evaluate(corpus, {})
