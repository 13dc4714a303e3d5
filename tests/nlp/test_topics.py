"""Topic files: TOML and JSON read alike, and every fault is named with its file, topic and key."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import corpora
from nlp.errors import DataError, TopicError
from nlp.records import Topic
from nlp.topics import MAX_BYTES, MAX_TOPICS, check_topic, load_topics, parse_topics, shipped_topics

ROOT = Path(__file__).resolve().parents[2]

TOML = """
[[topics]]
id = "bridge-toll"
name = "Toll on the Elver bridge"
claim = "The council should charge a toll."
counter_claim = "The bridge should stay free."
phrases = ["bridge toll", "crossing charge"]
supports = ["make drivers pay"]
opposes = ["keep it free"]
from = 2014-04-01
to = "2016-03-31"
"""
ROW = {
    "id": "bridge-toll",
    "name": "Toll on the Elver bridge",
    "claim": "The council should charge a toll.",
    "counter_claim": "The bridge should stay free.",
    "phrases": ["bridge toll", "crossing charge"],
    "supports": ["make drivers pay"],
    "opposes": ["keep it free"],
    "from": "2014-04-01",
    "to": "2016-03-31",
}
TOPIC = Topic(
    "bridge-toll",
    "Toll on the Elver bridge",
    "The council should charge a toll.",
    "The bridge should stay free.",
    ("bridge toll", "crossing charge"),
    ("make drivers pay",),
    ("keep it free",),
    date(2014, 4, 1),
    date(2016, 3, 31),
)


@pytest.mark.parametrize(
    "text",
    [
        TOML,
        "\n\n# a comment\n" + TOML,
        json.dumps([ROW]),
        json.dumps([ROW], indent=2),
        "  \n" + json.dumps([ROW], indent="\t").replace("\n", "\r\n"),
        "[\t" + json.dumps(ROW) + "]",
    ],
)
def test_toml_and_json_read_alike(text: str) -> None:
    assert parse_topics(text, where="mine") == (TOPIC,)


def test_only_id_name_and_claim_are_needed() -> None:
    (topic,) = parse_topics('[{"id": "x", "name": "X", "claim": "X should be."}]', where="mine")
    assert topic == Topic("x", "X", "X should be.")


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xef\xbb\xbf" + TOML.encode())
    assert load_topics(path) == (TOPIC,)


def test_the_three_topics_that_must_work_are_shipped_first() -> None:
    assert [topic.id for topic in shipped_topics()[:3]] == ["co-commissioning", "pooling", "capitation"]
    assert load_topics() == shipped_topics()


def test_twelve_and_more_others_ship_as_full_claims() -> None:
    others = shipped_topics()[3:]
    assert len(others) >= 12
    for topic in shipped_topics():
        assert re.search(r"\bshould\b", topic.claim) and topic.claim.count(".") == 1
        assert topic.counter_claim and len(topic.phrases) >= 5
    assert all(topic.supports and topic.opposes and topic.named_only for topic in others)


def test_a_shipped_id_means_in_the_gold_corpus_what_it_means_here() -> None:
    gold = {topic.id: topic for topic in load_topics(ROOT / "corpora" / "gold" / "topics.json")}
    shared = [topic for topic in shipped_topics() if topic.id in gold]
    assert len(shared) >= 12
    for topic in shared:
        words, known = (set(re.findall(r"\w+", each.claim.lower())) for each in (topic, gold[topic.id]))
        assert len(words & known) >= 0.5 * min(len(words), len(known)), topic.id


def test_no_shipped_phrase_stands_under_two_topics() -> None:
    seen: dict[str, str] = {}
    for topic in shipped_topics():
        for phrase in {phrase.casefold() for phrase in topic.phrases}:
            assert phrase not in seen, f"{phrase} names {seen[phrase]} and {topic.id}"
            seen[phrase] = topic.id


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"name": None}, "name"),
        ({"name": "  "}, "name"),
        ({"claim": 7}, "claim"),
        ({"counter_claim": ["x"]}, "counter_claim"),
        ({"phrases": "bridge toll"}, "phrases"),
        ({"phrases": ["toll", ""]}, "phrases"),
        ({"supports": [1]}, "supports"),
        ({"opposes": {"a": "b"}}, "opposes"),
        ({"from": "April 2014"}, "from"),
        ({"to": 2016}, "to"),
        ({"from": "2017-01-01"}, "from"),
        ({"colour": "red"}, "colour"),
        ({"id": "Bridge Toll"}, "id"),
        ({"id": ""}, "id"),
        ({"id": 3}, "id"),
        ({"id": "a" * 81}, "id"),
        ({"name": "?!"}, "name"),
        ({"claim": "– … –"}, "claim"),
        ({"claim": "Bridge toll"}, "claim"),
        ({"claim": "x " * 300}, "claim"),
        ({"claim": "The bridge should\0 be free."}, "claim"),
        ({"counter_claim": "The council should charge a toll!"}, "counter_claim"),
        ({"counter_claim": "..."}, "counter_claim"),
        ({"phrases": ["toll", "--"]}, "phrases"),
        ({"phrases": ["toll", "over there"]}, "phrases"),
        ({"phrases": [f"toll {n}" for n in range(201)]}, "phrases"),
        ({"phrases": ["toll " * 200]}, "phrases"),
        ({"supports": ["pay"] * 51}, "supports"),
        ({"named_only": "yes"}, "named_only"),
        ({"named_only": True, "phrases": []}, "named_only"),
    ],
)
def test_a_fault_is_named_with_file_topic_and_key(tmp_path: Path, change: dict[str, object], key: str) -> None:
    path = tmp_path / "mine.json"
    path.write_text(json.dumps([{**ROW, **change}]), encoding="utf-8")
    with pytest.raises(TopicError) as caught:
        load_topics(path)
    message = str(caught.value)
    assert str(path) in message and repr(key) in message and repr(str(change.get("id", ROW["id"]))[:80]) in message


@pytest.mark.parametrize("missing", ["id", "name", "claim"])
def test_a_missing_key_is_named(missing: str) -> None:
    row = {key: value for key, value in ROW.items() if key != missing}
    with pytest.raises(TopicError, match=rf"mine.*'{missing}'"):
        parse_topics(json.dumps([row]), where="mine")


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "topics = []", '{"topics": []}', "[1]", '["x"]', "[{", "[[topics", "\x00", "topics = 3"]
)
def test_a_file_without_a_topic_is_one_clear_error(text: str) -> None:
    with pytest.raises(TopicError, match=r"^mine"):
        parse_topics(text, where="mine")


def test_an_id_that_stands_twice_is_named() -> None:
    with pytest.raises(TopicError, match=r"mine.*'bridge-toll'"):
        parse_topics(json.dumps([ROW, ROW]), where="mine")


def test_a_file_that_is_not_there_or_not_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    for name in ("none.toml", "binary.toml"):
        with pytest.raises(TopicError, match=name):
            load_topics(tmp_path / name)


@pytest.mark.parametrize("value", ["1979-05-27T07:32:00", "1979-05-27T07:32:00Z"])
def test_a_timestamp_is_no_day(value: str) -> None:
    with pytest.raises(TopicError, match="from"):
        parse_topics(TOML.replace("2014-04-01", value), where="mine")


def test_one_topic_may_stand_without_a_list_round_it() -> None:
    assert parse_topics(json.dumps(ROW), where="mine") == (TOPIC,)
    assert parse_topics(TOML.replace("[[topics]]", ""), where="mine") == (TOPIC,)


def test_what_is_wrong_is_said_without_repeating_what_was_given() -> None:
    with pytest.raises(TopicError) as caught:
        check_topic(replace(TOPIC, phrases=("SECRET" * 100,)))
    assert "'phrases', number 1," in str(caught.value) and "SECRET" not in str(caught.value)


def test_a_file_that_is_too_large_or_nested_too_deep_is_one_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "large.json"
    path.write_bytes(b" " * (MAX_BYTES + 1))
    with pytest.raises(TopicError, match=r"large\.json: is larger than"):
        load_topics(path)
    with pytest.raises(TopicError, match="nested too deep"):
        parse_topics('[{"id": ' + "[" * 100_000, where="mine")
    with pytest.raises(TopicError, match="more than"):
        parse_topics(json.dumps([{**ROW, "id": f"t{n}"} for n in range(MAX_TOPICS + 1)]), where="mine")


def test_a_fault_in_what_ships_is_a_fault_of_the_installation(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "core.toml").write_text(TOML.replace("bridge toll", ""), encoding="utf-8")
    monkeypatch.setattr(corpora, "folder", lambda name: tmp_path)
    shipped_topics.cache_clear()
    try:
        with pytest.raises(DataError, match=r"core\.toml.*'phrases'"):
            shipped_topics()
    finally:
        shipped_topics.cache_clear()
