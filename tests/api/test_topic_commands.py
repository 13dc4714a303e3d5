"""``standpoint topics`` and ``standpoint why``, with the shipped models on a text of a few lines."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from api.store import Store
from nlp.records import Analysis, StanceLabel
from nlp.topics import shipped_topics

TEXT = (
    "Employers split over parking levy\n\nBy Ann Castle\n4 March 2019\n\n"
    "Northfield council will decide on a parking levy in May.\n\n"
    "Dr Mary Fenn, chair of Northfield LMC, said: ‘We oppose the parking levy because nurses would pay for it.’\n\n"
    "She said she strongly opposed the pooled budget with the hospital.\n"
)
LEVY = {
    "id": "parking-levy",
    "name": "Parking levy",
    "claim": "Councils should charge employers a yearly levy for staff parking spaces.",
    "counter_claim": "Councils should not charge employers for staff parking spaces.",
    "phrases": ["parking levy"],
}


Run = Callable[..., Any]  # the fixture of tests/conftest.py: code, out, err, and document, read from out


@pytest.fixture
def levy(tmp_path: Path) -> str:
    (tmp_path / "levy.json").write_text(json.dumps([LEVY]), encoding="utf-8")
    return "levy.json"


@pytest.fixture
def ingested(run: Run, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "levy.txt").write_text(TEXT, encoding="utf-8")
    assert run("ingest", "in").code == 0


def is_one_line(text: str) -> bool:
    return text.startswith("standpoint: ") and text.count("\n") == 1 and "Traceback" not in text


@pytest.mark.parametrize("name", ["list", "show", "add", "check", "remove", "apply"])
def test_help_of_every_command_has_an_example(run: Run, name: str) -> None:
    result = run("topics", name, "--help")
    assert result.code == 0 and re.search(rf"Example: standpoint topics {name}\b", result.out)


def test_the_topics_are_listed_and_shown_without_a_database(run: Run) -> None:
    listed = run("topics", "list", "--json").document["topics"]
    assert [row["id"] for row in listed] == [topic.id for topic in shipped_topics()]
    assert all(row["shipped"] for row in listed) and "pooling" in run("topics", "list").out
    shown = run("topics", "show", "pooling")
    assert shown.code == 0 and "Claim: Core general practice" in shown.out and "Better Care Fund" in shown.out
    assert run("topics", "show", "Capitated budgets", "--json").document["id"] == "capitation"
    unknown = run("topics", "show", "none")
    assert unknown.code == 2 and is_one_line(unknown.err) and "the topics are" in unknown.err


def test_a_topic_is_checked_added_applied_used_and_removed(run: Run, ingested: None, levy: str) -> None:
    checked = run("topics", "check", levy, "--json").document["checks"][0]
    assert [row["holder"]["name"] for row in checked["caught"]] == ["Mary Fenn"] and checked["articles"] == 1
    assert checked["caught"][0]["label"] == "oppose" and checked["caught"][0]["reason"]
    assert "Would catch 1 statement in 1 article" in run("topics", "check", levy).out
    assert len(run("topics", "list", "--json").document["topics"]) == len(shipped_topics()), "nothing was written"

    added = run("topics", "add", levy, "--json").document
    assert (added["added"], added["articles"], added["changed"], added["failed"]) == (["parking-levy"], 1, 1, [])
    assert {row["id"] for row in run("map", "--json").document["topics"]} == {"pooling", "parking-levy"}
    again = run("topics", "add", levy)
    assert again.code == 0 and "was there already" in again.err and "0 stored articles" in again.err
    assert "0 articles stored, 1 unchanged" in run("ingest", "in").err, "what topics did, ingest does not do again"

    Path("in/new.txt").write_text(TEXT.replace("Mary Fenn", "Jo Tarn"), encoding="utf-8")
    assert "1 article stored, 1 unchanged" in run("ingest", "in").err
    rows = run("map", "--json", "--topic", "parking-levy").document["rows"]
    assert {"Mary Fenn", "Jo Tarn"} <= {row["stakeholder"]["name"] for row in rows}

    removed = run("topics", "remove", "parking-levy", "--json").document
    assert (removed["removed"], removed["articles"]) == ("parking-levy", 2)
    assert {row["id"] for row in run("map", "--json").document["topics"]} == {"pooling"}
    assert "0 articles stored, 2 unchanged" in run("ingest", "in").err
    assert run("topics", "apply", "--json").document["articles"] == 0


def test_a_topic_may_come_from_options(run: Run, ingested: None) -> None:
    result = run("topics", "add", "--id", "parking-levy", "--claim", LEVY["claim"], "--phrase", "parking levy")  # type: ignore[arg-type]
    assert result.code == 0 and "added parking-levy; 1 stored article brought to the topics, 1 changed" in result.err
    shown = run("topics", "show", "parking-levy", "--json").document
    assert (shown["name"], shown["phrases"], shown["waiting"]) == ("Parking levy", ["parking levy"], 0)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "needs a file, or --id and --claim"),
        (("levy.json", "--id", "x"), "not from both"),
        (("none.json",), "no such topic file"),
        (("--id", "Bad Id", "--claim", "One two three."), "'id'"),
        (("--id", "toll", "--claim", "!"), "'claim'"),
        (("--id", "pooling", "--claim", "One two three."), "ships with"),
        (("broken.toml",), "neither a JSON list nor TOML"),
        (("colour.json",), "unknown key 'colour'"),
    ],
)
def test_a_topic_that_cannot_be_added_is_one_line_and_code_2(
    run: Run, levy: str, arguments: tuple[str, ...], words: str
) -> None:
    Path("broken.toml").write_text("[[topics]\n", encoding="utf-8")
    Path("colour.json").write_text(json.dumps([{**LEVY, "colour": "red"}]), encoding="utf-8")
    result = run("topics", "add", *arguments)
    assert result.code == 2 and is_one_line(result.err) and words in result.err


@pytest.mark.parametrize("text", ["", "[]", "[[topics]\n", '[{"id": "x"}]', '[{"id": "x", "name": "X", "claim": "Y"}]'])
def test_a_bad_topic_file_of_analyse_is_one_line_and_code_2(run: Run, text: str) -> None:
    Path("a.txt").write_text(TEXT, encoding="utf-8")
    Path("bad.json").write_text(text, encoding="utf-8")
    result = run("analyse", "a.txt", "--topics", "bad.json")
    assert result.code == 2 and is_one_line(result.err) and "bad.json" in result.err


def test_topics_of_a_toml_file_are_used_in_place_of_the_shipped_ones(run: Run) -> None:
    Path("a.txt").write_text(TEXT, encoding="utf-8")
    lines = [f"{key} = {json.dumps(value)}" for key, value in LEVY.items()]
    Path("levy.toml").write_text("\n".join(["[[topics]]", *lines, "from = 2018-01-01"]), encoding="utf-8")
    found = run("analyse", "a.txt", "--topics", "levy.toml", "--json").document["articles"][0]
    assert {(row["holder"], row["topic"], row["stance"]) for row in found["positions"]} == {
        ("mary-fenn--northfield-lmc", "parking-levy", "oppose")
    }


def test_check_refuses_what_is_neither_a_file_nor_a_topic(run: Run, ingested: None) -> None:
    for named in ("none.toml", "none"):
        result = run("topics", "check", named)
        assert result.code == 2 and is_one_line(result.err)
    assert run("topics", "check", "pooling", "--json").document["checks"][0]["caught_count"] >= 1


def test_removing_what_ships_or_is_not_there_is_refused(run: Run, ingested: None) -> None:
    for id in ("pooling", "none"):
        result = run("topics", "remove", id)
        assert result.code == 2 and is_one_line(result.err)


def test_why_prints_statement_date_source_words_and_scores(run: Run, ingested: None) -> None:
    shown = run("why", "Mary Fenn", "pooling")
    assert shown.code == 0 and "Opposes ▼" in shown.out and "4 March 2019" in shown.out
    assert "“She said she strongly opposed the pooled budget with the hospital.”" in shown.out
    assert "speak against the proposal" in shown.out and "Surer and newer statements weigh more" in shown.out
    assert not any(word in shown.out for word in ("cross-encoder", "lexicon", "the models read"))
    assert "No statement that counts speaks against it" in shown.out
    document = run("why", "mary-fenn--northfield-lmc", "Pooling of GP and NHS budgets", "--json").document
    ground = next(row for row in document["grounds"] if "pooled budget" in row["text"])
    assert ground["counts"] == "for" and document["topic"]["id"] == "pooling"
    assert sum(ground["scores"].values()) == pytest.approx(1, abs=0.01)
    body = run("why", "Northfield LMC", "pooling")
    assert body.code == 0 and "Mary Fenn: opposes" in body.out


def test_why_says_what_is_unknown_ambiguous_or_not_there(
    run: Run, store: Store, make_analysis: Callable[..., Analysis]
) -> None:
    store.writer.write_analysis(make_analysis("a.txt", holder="person:jo-tarn"))
    store.writer.write_analysis(make_analysis("b.txt", holder="body:jo-tarn", label=StanceLabel.OPPOSE))
    data = ("--data", str(store.path.parent))
    cases = {("Jo Tarn", "pooling"): (2, "several"), ("Jo Tern", "pooling"): (2, "did you mean Jo Tarn")}
    cases |= {("person:jo-tarn", "none"): (2, "the topics are"), ("person:jo-tarn", "capitation"): (4, "no position")}
    for arguments, (code, words) in cases.items():
        result = run("why", *arguments, *data)
        assert result.code == code and is_one_line(result.err) and words in result.err, result.err
