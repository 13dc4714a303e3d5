"""Topics as claims: the shipped ones, and a user's own from a TOML or JSON file, with the rules that each keeps."""

from __future__ import annotations

import json
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import corpora
from nlp.errors import DataError, TopicError
from nlp.records import Topic

#: Most phrases of a topic, most lines on what counts as support (or opposition), longest text in characters.
MAX_PHRASES, MAX_LINES, MAX_TEXT = 200, 50, 500
#: Longest id, most topics of a file, largest file in bytes.
MAX_ID, MAX_TOPICS, MAX_BYTES = 80, 1_000, 2_000_000
#: A proposal said in fewer words than this is a name, not a claim.
CLAIM_WORDS = 3
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_JSON = re.compile(r"\s*(?:\{|\[\s*(?:\{|\]|[^\[\s\w]))")
_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")
_TEXTS = ("id", "name", "claim", "counter_claim")
_LISTS = ("phrases", "supports", "opposes")
_DATES = ("from", "to")
_FLAGS = ("named_only",)
_KEYS = {*_TEXTS, *_LISTS, *_DATES, *_FLAGS}
_OPTIONAL = _KEYS - {"id", "name", "claim"}


def load_topics(path: Path | None = None) -> tuple[Topic, ...]:
    """The topics of a file (a TOML of ``[[topics]]`` tables or a JSON list), or the shipped ones.

    Raises TopicError that names file, topic and key when the file breaks a rule.
    """
    if path is None:
        return shipped_topics()
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
        if len(content) > MAX_BYTES:
            raise TopicError(f"is larger than {MAX_BYTES:,} bytes", where=str(path), do="split it")
        return parse_topics(content.decode("utf-8-sig"), where=str(path))
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise TopicError(f"cannot be read as a topic file: {reason}", where=str(path)) from error


@cache
def shipped_topics() -> tuple[Topic, ...]:
    """Every topic under ``corpora/topics``: the core ones, then the others in the order of the file names."""
    found: list[Topic] = []
    for file in sorted(corpora.folder("topics").iterdir(), key=lambda entry: (entry.name != "core.toml", entry.name)):
        if file.name.endswith(".toml"):
            found += _shipped(file.read_text(encoding="utf-8"), where=f"corpora/topics/{file.name}")
    try:
        return _unique(found, where="corpora/topics")
    except TopicError as error:
        raise DataError(error.what, where=error.where) from error


def _shipped(text: str, *, where: str) -> tuple[Topic, ...]:
    try:
        return parse_topics(text, where=where)
    except TopicError as error:
        raise DataError(error.what, where=error.where, do=error.do) from error


def parse_topics(text: str, *, where: str) -> tuple[Topic, ...]:
    """Read topics from TOML or JSON text; ``where`` names the source in errors. Raises TopicError."""
    try:
        rows = json.loads(text) if _JSON.match(text) else tomllib.loads(text)
    except (json.JSONDecodeError, tomllib.TOMLDecodeError) as error:
        raise TopicError(f"is neither a JSON list nor TOML: {error}", where=where) from error
    except RecursionError:
        raise TopicError("is nested too deep for a list of topics", where=where) from None
    if isinstance(rows, dict):
        # One topic may stand alone, without a list round it.
        rows = [rows] if "claim" in rows and "topics" not in rows else rows.get("topics", [])
    if not isinstance(rows, list) or not rows:
        raise TopicError("holds no topic", where=where, do="give a list of topics, each with id, name and claim")
    if len(rows) > MAX_TOPICS:
        raise TopicError(f"holds more than {MAX_TOPICS:,} topics", where=where, do="split it")
    return _unique([_topic(row, where) for row in rows], where=where)


def topics_digest(topics: Iterable[Topic]) -> str:
    """Twelve hexadecimal digits that name a set of topics, in whatever order they stand."""
    return sha256(repr(sorted(topics, key=lambda topic: topic.id)).encode("utf-8", "surrogatepass")).hexdigest()[:12]


def check_topic(topic: Topic, *, where: str = "") -> Topic:
    """The topic, if it keeps the rules. Raises TopicError that names the key and never repeats a value."""
    fault = next(_faults(topic), None)
    if fault:
        raise TopicError(fault, where=where)
    return topic


def topic_faults(topic: Topic) -> tuple[str, ...]:
    """Every rule that the topic breaks, each in a line that begins with its key in quotes; no value is repeated."""
    return tuple(_faults(topic))


def _faults(topic: Topic) -> Iterator[str]:
    if not _ID.fullmatch(topic.id):
        yield "'id' must be lower-case words joined by hyphens"
    if len(topic.id) > MAX_ID:
        yield f"'id' is longer than {MAX_ID} characters"
    lists = {"phrases": topic.phrases, "supports": topic.supports, "opposes": topic.opposes}
    for key, items in lists.items():
        most = MAX_PHRASES if key == "phrases" else MAX_LINES
        if len(items) > most:
            yield f"{key!r} holds more than {most} texts"
    texts = {"name": (topic.name,), "claim": (topic.claim,), "counter_claim": (topic.counter_claim,), **lists}
    for key, values in texts.items():
        for number, value in enumerate(values, 1):
            yield from _faults_of_text(repr(key) if key not in lists else f"{key!r}, number {number},", value)
    yield from _faults_of_words(topic)
    if topic.start and topic.end and topic.end < topic.start:
        yield "'to' lies before 'from'"
    if topic.named_only and not topic.phrases:
        yield "'named_only' needs phrases to be named by"


def _faults_of_text(key: str, text: str) -> Iterator[str]:
    if len(text) > MAX_TEXT:
        yield f"{key} is longer than {MAX_TEXT} characters"
    if any(unicodedata.category(char) in ("Cs", "Cc") and char not in "\n\t\r" for char in text):
        yield f"{key} holds a control character or half of a surrogate pair"


def _faults_of_words(topic: Topic) -> Iterator[str]:
    if not _WORD.search(topic.name):
        yield "'name' has no word"
    if len(_WORD.findall(topic.claim)) < CLAIM_WORDS:
        yield f"'claim' must be a sentence of {CLAIM_WORDS} words or more, such as: Buses should be free."
    if topic.counter_claim and not _WORD.search(topic.counter_claim):
        yield "'counter_claim' has no word"
    if _folded(topic.claim) == _folded(topic.counter_claim):
        yield "'counter_claim' says the same as 'claim'"
    for number, phrase in enumerate(topic.phrases, 1):
        words = {word.lower() for word in _WORD.findall(phrase)}
        if not words:
            yield f"'phrases', number {number}, has no word"
        elif words <= _everyday():
            yield f"'phrases', number {number}, is made of everyday words alone and would name every article"


@cache
def _everyday() -> frozenset[str]:
    return frozenset(corpora.lexicon("relevance")["common"].split())


def _folded(text: str) -> str:
    return " ".join(_WORD.findall(text.casefold()))


def _unique(topics: list[Topic], *, where: str) -> tuple[Topic, ...]:
    seen: set[str] = set()
    for topic in topics:
        if topic.id in seen:
            raise TopicError(f"topic id {topic.id!r} stands twice", where=where)
        seen.add(topic.id)
    return tuple(topics)


def _topic(row: Any, where: str) -> Topic:
    if not isinstance(row, dict):
        raise TopicError("a topic must be a table of keys", where=where)
    name = f"{where}, topic {str(row.get('id', '?'))[:MAX_ID]!r}"
    _check_types(row, name)
    start, end = (_date(row.get(key), name, key) for key in _DATES)
    topic = Topic(
        id=row["id"],
        name=row["name"].strip(),
        claim=row["claim"].strip(),
        counter_claim=row.get("counter_claim", "").strip(),
        phrases=tuple(row.get("phrases", ())),
        supports=tuple(row.get("supports", ())),
        opposes=tuple(row.get("opposes", ())),
        start=start,
        end=end,
        named_only=row.get("named_only", False),
    )
    return check_topic(topic, where=name)


def _check_types(row: Mapping[str, Any], name: str) -> None:
    unknown = sorted(str(key)[:MAX_ID] for key in set(row) - _KEYS)
    if unknown:
        raise TopicError(f"unknown key {unknown[0]!r}", where=name, do=f"the keys are {', '.join(sorted(_KEYS))}")
    for key in _TEXTS:
        value = row.get(key, "" if key in _OPTIONAL else None)
        if not isinstance(value, str) or (key not in _OPTIONAL and not value.strip()):
            raise TopicError(f"{key!r} must be text", where=name)
    for key in _LISTS:
        value = row.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise TopicError(f"{key!r} must be a list of texts", where=name)
    if not isinstance(row.get("named_only", False), bool):
        raise TopicError("'named_only' must be true or false", where=name)


def _date(value: Any, name: str, key: str) -> date | None:
    if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise TopicError(f"{key!r} must be a date such as 2014-04-01", where=name) from error
