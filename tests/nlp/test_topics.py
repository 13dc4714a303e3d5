"""Topic files: TOML and JSON read alike, and every fault is named with its file, topic and key."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from nlp.errors import DataError
from nlp.records import Topic
from nlp.topics import load_topics, parse_topics, shipped_topics

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


def test_the_three_topics_that_must_work_are_shipped() -> None:
    assert {"co-commissioning", "pooling", "capitation"} <= {topic.id for topic in shipped_topics()}
    assert load_topics() == shipped_topics()
    assert all(topic.counter_claim and topic.phrases for topic in shipped_topics())


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
    ],
)
def test_a_fault_is_named_with_file_topic_and_key(tmp_path: Path, change: dict[str, object], key: str) -> None:
    path = tmp_path / "mine.json"
    path.write_text(json.dumps([{**ROW, **change}]), encoding="utf-8")
    with pytest.raises(DataError) as caught:
        load_topics(path)
    message = str(caught.value)
    assert str(path) in message and repr(key) in message and repr(change.get("id", ROW["id"])) in message


@pytest.mark.parametrize("missing", ["id", "name", "claim"])
def test_a_missing_key_is_named(missing: str) -> None:
    row = {key: value for key, value in ROW.items() if key != missing}
    with pytest.raises(DataError, match=rf"mine.*'{missing}'"):
        parse_topics(json.dumps([row]), where="mine")


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", "topics = []", '{"topics": []}', "[1]", '["x"]', "[{", "[[topics", "\x00", "topics = 3"]
)
def test_a_file_without_a_topic_is_one_clear_error(text: str) -> None:
    with pytest.raises(DataError, match=r"^mine"):
        parse_topics(text, where="mine")


def test_an_id_that_stands_twice_is_named() -> None:
    with pytest.raises(DataError, match=r"mine.*'bridge-toll'"):
        parse_topics(json.dumps([ROW, ROW]), where="mine")


def test_a_file_that_is_not_there_or_not_text_is_named(tmp_path: Path) -> None:
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe\x00")
    for name in ("none.toml", "binary.toml"):
        with pytest.raises(DataError, match=name):
            load_topics(tmp_path / name)


@pytest.mark.parametrize("value", ["1979-05-27T07:32:00", "1979-05-27T07:32:00Z"])
def test_a_timestamp_is_no_day(value: str) -> None:
    with pytest.raises(DataError, match="from"):
        parse_topics(TOML.replace("2014-04-01", value), where="mine")
