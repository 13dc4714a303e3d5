"""The zoo of formats: every file gives what its ``zoo.toml`` says, and no damaged one gives anything but a reason."""

from __future__ import annotations

import importlib.util
import os
import random
import re
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from nlp.errors import UnreadableError
from nlp.readers import Reading, reading_of_bytes
from nlp.readers.formats import FORMATS
from nlp.records import Article


def _beside(name: str) -> ModuleType:
    """A module beside this one: tests are no package."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec and spec.loader
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


zoo = _beside("zoo_files")
EXHIBITS = tuple(zoo.exhibits())
#: ``make torture-readers`` reads 10,000 damaged files.
DAMAGED = int(os.environ.get("DAMAGED", "300"))
SEED = int(os.environ.get("SEED", "11"))
FIELDS = ("title", "publisher", "published", "author", "source", "url", "genre", "licence", "expires")


@pytest.mark.parametrize("exhibit", EXHIBITS, ids=str)
def test_every_file_of_the_zoo_is_accounted_for(exhibit: Any) -> None:
    expected = exhibit.expected
    if "refused" in expected:
        with pytest.raises(UnreadableError, match=re.escape(expected["refused"])):
            reading_of_bytes(exhibit.data, source=exhibit.name)
        return
    reading = reading_of_bytes(exhibit.data, source=exhibit.name)
    assert reading.format == expected["format"]
    assert reading.declared == expected.get("declared")
    assert reading.withdrawn == tuple(expected.get("withdrawn", ()))
    check_skipped(reading, expected.get("skipped", []))
    assert len(reading.articles) == len(expected.get("article", []))
    for article, stated in zip(reading.articles, expected.get("article", []), strict=True):
        check_article(article, stated)


def check_skipped(reading: Reading, stated: list[Mapping[str, str]]) -> None:
    found = Counter((item.where, item.reason) for item in reading.skipped)
    assert sum(found.values()) == len(stated), reading.skipped
    for row in stated:
        fitting = [
            (where, why) for where, why in found.elements() if where.startswith(row["where"]) and row["reason"] in why
        ]
        assert fitting, (row, reading.skipped)
        found[fitting[0]] -= 1


def check_article(article: Article, stated: Mapping[str, Any]) -> None:
    for field in FIELDS:
        if field in stated:
            assert str(getattr(article, field)) == stated[field], field
    words = " ".join(article.text.split())
    assert words.startswith(stated["first"]), words[:80]
    assert words.endswith(stated["last"]), words[-80:]
    assert [held for held in stated.get("holds", ()) if held not in article.text] == []
    assert [lacked for lacked in stated.get("lacks", ()) if lacked in article.text] == []
    check_whole(article)


def check_whole(article: Article) -> None:
    """What holds for every article, of whatever format."""
    assert article.id == Article.identify(article.source, article.text)
    assert article.text.strip() and article.source
    assert article.text.encode("utf-8") and "\0" not in article.text
    assert all(0 <= hint.start < hint.end <= len(article.text) for hint in article.hints)


def test_every_folder_has_five_files_and_says_what_they_follow() -> None:
    formats = {each.name for each in FORMATS}
    counted = Counter(exhibit.folder.name for exhibit in EXHIBITS)
    assert {name: count for name, count in counted.items() if count < 5} == {}
    shown = {exhibit.expected.get("format") for exhibit in EXHIBITS} - {None}
    assert shown <= formats
    for folder in {exhibit.folder for exhibit in EXHIBITS}:
        assert len((folder / "README.md").read_text(encoding="utf-8").splitlines()) > 1, folder.name


def test_no_file_of_the_zoo_is_left_out() -> None:
    named = {exhibit.folder / exhibit.name for exhibit in EXHIBITS}
    parts = {
        exhibit.folder / row[key]
        for exhibit in EXHIBITS
        for key, rows in (("file", "members"), ("page", "records"))
        for row in exhibit.expected.get(rows, [])
        if key in row
    }
    lying = {path for path in zoo.ZOO.glob("*/*") if path.name not in ("zoo.toml", "README.md")}
    assert lying - named - parts == set()


def damage(data: bytes, chance: random.Random) -> bytes:
    """The file with one to four faults: cut off, bytes flipped, a stretch doubled, taken out or moved."""
    for _ in range(chance.randint(1, 4)):
        start, end = sorted(chance.randrange(len(data) + 1) for _ in range(2))
        kind = chance.randrange(5)
        if kind == 0:
            data = data[:end]
        elif kind == 1:
            flipped = bytearray(data)
            for _ in range(chance.randint(1, 8) if data else 0):
                flipped[chance.randrange(len(data))] = chance.randrange(256)
            data = bytes(flipped)
        elif kind == 2:
            data = data[:end] + data[start:end] * chance.randint(1, 3) + data[end:]
        elif kind == 3:
            data = data[:start] + data[end:]
        else:
            data = data[start:end] + data[:start] + data[end:]
    return data


@pytest.mark.parametrize("folder", sorted({exhibit.folder.name for exhibit in EXHIBITS}))
def test_a_damaged_file_is_read_or_refused_with_a_reason(folder: str) -> None:
    shown = [exhibit for exhibit in EXHIBITS if exhibit.folder.name == folder]
    chance = random.Random(f"{SEED} {folder}")
    whole = {exhibit.name: exhibit.data for exhibit in shown}
    for _ in range(DAMAGED // len({exhibit.folder for exhibit in EXHIBITS}) + 1):
        name = chance.choice(sorted(whole))
        data = damage(whole[name], chance)
        try:
            reading = reading_of_bytes(data, source=name)
        except UnreadableError as error:
            assert error.what and error.where == name
            continue
        assert reading.articles or reading.skipped or reading.withdrawn
        assert all(item.where and item.reason for item in reading.skipped)
        for article in reading.articles:
            check_whole(article)
