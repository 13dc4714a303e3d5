"""Topics as claims: the shipped ones, and a user's own from a TOML or JSON file."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import corpora
from nlp.errors import DataError
from nlp.records import Topic

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_JSON = re.compile(r"\s*(?:\{|\[\s*(?:\{|\]|[^\[\s\w]))")
_TEXTS = ("id", "name", "claim", "counter_claim")
_LISTS = ("phrases", "supports", "opposes")
_DATES = ("from", "to")
_OPTIONAL = {"counter_claim", *_LISTS, *_DATES}


def load_topics(path: Path | None = None) -> tuple[Topic, ...]:
    """The topics of a file (a TOML of ``[[topics]]`` tables or a JSON list), or the shipped ones.

    Raises DataError that names file, topic and key when the file breaks a rule.
    """
    if path is None:
        return shipped_topics()
    try:
        return parse_topics(path.read_text(encoding="utf-8-sig"), where=str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"cannot be read as a topic file: {error}", where=str(path)) from error


@cache
def shipped_topics() -> tuple[Topic, ...]:
    """Every topic under ``corpora/topics``, in the order of the file names."""
    found: list[Topic] = []
    for file in sorted(corpora.folder("topics").iterdir(), key=lambda entry: entry.name):
        if file.name.endswith(".toml"):
            found += parse_topics(file.read_text(encoding="utf-8"), where=f"corpora/topics/{file.name}")
    return _unique(found, where="corpora/topics")


def parse_topics(text: str, *, where: str) -> tuple[Topic, ...]:
    """Read topics from TOML or JSON text; ``where`` names the source in errors."""
    try:
        rows = json.loads(text) if _JSON.match(text) else tomllib.loads(text).get("topics", [])
    except (json.JSONDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataError(f"is neither a JSON list nor TOML: {error}", where=where) from error
    if isinstance(rows, dict):
        rows = rows.get("topics", [])
    if not isinstance(rows, list) or not rows:
        raise DataError("holds no topic", where=where, do="give a list of topics, each with id, name and claim")
    return _unique([_topic(row, where) for row in rows], where=where)


def _unique(topics: list[Topic], *, where: str) -> tuple[Topic, ...]:
    seen: set[str] = set()
    for topic in topics:
        if topic.id in seen:
            raise DataError(f"topic id {topic.id!r} stands twice", where=where)
        seen.add(topic.id)
    return tuple(topics)


def _topic(row: Any, where: str) -> Topic:
    if not isinstance(row, dict):
        raise DataError("a topic must be a table of keys", where=where)
    name = f"{where}, topic {row.get('id', '?')!r}"
    unknown = set(row) - {*_TEXTS, *_LISTS, *_DATES}
    if unknown:
        raise DataError(f"unknown key {sorted(unknown)[0]!r}", where=name)
    for key in _TEXTS:
        value = row.get(key, "" if key in _OPTIONAL else None)
        if not isinstance(value, str) or (key not in _OPTIONAL and not value.strip()):
            raise DataError(f"{key!r} must be text", where=name)
    for key in _LISTS:
        value = row.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise DataError(f"{key!r} must be a list of texts", where=name)
    if not _ID.fullmatch(row["id"]):
        raise DataError("'id' must be lower-case words joined by hyphens", where=name)
    start, end = (_date(row.get(key), name, key) for key in _DATES)
    if start and end and end < start:
        raise DataError("'to' lies before 'from'", where=name)
    return Topic(
        id=row["id"],
        name=row["name"].strip(),
        claim=row["claim"].strip(),
        counter_claim=row.get("counter_claim", "").strip(),
        phrases=tuple(row.get("phrases", ())),
        supports=tuple(row.get("supports", ())),
        opposes=tuple(row.get("opposes", ())),
        start=start,
        end=end,
    )


def _date(value: Any, name: str, key: str) -> date | None:
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise DataError(f"{key!r} must be a date such as 2014-04-01", where=name) from error
