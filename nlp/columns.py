"""Stances as columns of numbers: what the arithmetic over many articles reads in place of records.

A row is a stance as one holder's: an official one stands there for its officer and for the body (``role`` tells
which). The rows of one holder and topic (a cell) are neighbours, oldest first, in the order of ``nlp.positions``, so
that sums, firsts and lasts are taken in one pass. No text is held: near-identical words are told by the hashes of
their shingles (``nlp.positions.sketch``), over all that is there, whatever is asked later, and share a number in
``utterance``. A million rows take about 60 MB.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from nlp.positions import REPEAT_DAYS, SAME_WORDS, SKETCH, Observation, sketch
from nlp.records import PartialDate, Precision, StanceLabel, Strength

Ints: TypeAlias = NDArray[np.integer[Any]]
Mask: TypeAlias = NDArray[np.bool_]

#: The stances a position can be made of, by their codes; what is unclear makes none and is left out.
LABELS = tuple(label for label in StanceLabel if label is not StanceLabel.UNCLEAR)
STRENGTHS = tuple(Strength)
LABEL_CODE = {label: code for code, label in enumerate(LABELS)}
STRENGTH_CODE = {strength: code for code, strength in enumerate(STRENGTHS)}
NONE = -1
#: A cell's key is its holder's code times this, plus its topic's: more topics than that are refused.
MOST_TOPICS = 4096
_NO_HASH = -1


class Seen(NamedTuple):
    """One stance where it was printed; days are ordinals, 0 where the article has no date."""

    article: str
    seq: int
    holder: str
    body: str | None
    topic: str
    label: StanceLabel
    strength: Strength
    confidence: float
    earlier: StanceLabel | None
    hashes: tuple[int, ...]
    day: int
    last_day: int
    publisher: str | None
    story: str


@dataclass(slots=True)
class Codes:
    """Numbers for the names that rows hold; they only grow, so that a number keeps its meaning."""

    names: list[str] = field(default_factory=list)
    known: dict[str, int] = field(default_factory=dict)

    def add(self, name: str) -> int:
        code = self.known.get(name)
        if code is None:
            code = self.known[name] = len(self.names)
            self.names.append(name)
        return code


@dataclass(frozen=True, slots=True)
class Books:
    """The names behind the numbers of the rows."""

    holders: Codes = field(default_factory=Codes)
    topics: Codes = field(default_factory=Codes)
    publishers: Codes = field(default_factory=Codes)
    stories: Codes = field(default_factory=Codes)
    articles: Codes = field(default_factory=Codes)


@dataclass(frozen=True, slots=True)
class Columns:
    """Rows by cell. ``NONE`` stands for what a row has not.

    ``twin`` and ``shared`` mark rows whose words, or whose story, their cell holds more than once.
    """

    holder: Ints
    topic: Ints
    label: Ints
    strength: Ints
    earlier: Ints
    confidence: NDArray[np.float64]
    day: Ints
    last_day: Ints
    publisher: Ints
    story: Ints
    article: Ints
    seq: Ints
    body: Ints
    role: Ints
    utterance: Ints
    twin: Mask
    shared: Mask
    hashes: tuple[Ints, ...]

    def __len__(self) -> int:
        return len(self.holder)

    @property
    def cell(self) -> Ints:
        """The key of each row's holder and topic."""
        return self.holder.astype(np.int64) * MOST_TOPICS + self.topic

    def take(self, rows: Ints) -> Columns:
        """These rows, in this order."""
        return Columns(*(_each(getattr(self, name), rows) for name in _NAMES))

    def joined(self, *others: Columns) -> Columns:
        """The rows of all, one after the other."""
        return Columns(*(_together([getattr(each, name) for each in (self, *others)]) for name in _NAMES))


_NAMES = tuple(column.name for column in fields(Columns))


def _each(column: Any, rows: Ints) -> Any:
    return tuple(each.take(rows) for each in column) if isinstance(column, tuple) else column.take(rows)


def _together(parts: Sequence[Any]) -> Any:
    if isinstance(parts[0], tuple):
        return tuple(np.concatenate(places) for places in zip(*parts, strict=True))
    return np.concatenate(parts)


def columns_of(rows: Iterable[Seen], books: Books | None = None) -> tuple[Columns, Books]:
    """The columns of these stances and the names behind their numbers, which ``books`` may hold already."""
    books = Books() if books is None else books
    return arrange(encode(given_by(rows), books), books), books


def given_by(rows: Iterable[Seen]) -> dict[str, Sequence[Any]]:
    """The fields of the rows, each as one sequence; of the hashes, one a place."""
    parts: list[Sequence[Any]] = list(zip(*rows, strict=True)) or [()] * len(Seen._fields)
    given: dict[str, Sequence[Any]] = dict(zip(Seen._fields, parts, strict=True))
    hashes = given["hashes"]
    given["hashes"] = [[own[place] if place < len(own) else None for own in hashes] for place in range(SKETCH)]
    return given


def seen(observation: Observation, seq: int = 0) -> Seen:
    """The row of an observation."""
    stance, published = observation.stance, observation.published
    return Seen(
        article=observation.article,
        seq=seq,
        holder=stance.holder,
        body=stance.on_behalf_of,
        topic=stance.topic,
        label=stance.label,
        strength=stance.strength,
        confidence=stance.evidence.confidence,
        earlier=stance.earlier,
        hashes=tuple(sketch(observation.text)),
        day=published.value.toordinal() if published else 0,
        last_day=published.last.toordinal() if published else 0,
        publisher=None,
        story=observation.story,
    )


def encode(given: Mapping[str, Sequence[Any]], books: Books) -> Columns:
    """Columns of the fields of ``Seen``, one sequence a field (``given_by``), not yet arranged."""

    def numbers(values: Sequence[Any], kind: type[np.generic] = np.int32) -> NDArray[Any]:
        return np.array(values, dtype=kind)

    def coded(name: str, codes: Codes) -> NDArray[Any]:
        add = codes.add
        return numbers([NONE if value is None else add(value) for value in given[name]])

    count = len(given["article"])
    hashes = tuple(
        numbers([_NO_HASH if each is None else each for each in place], np.int64) for place in given["hashes"]
    )
    columns = Columns(
        holder=coded("holder", books.holders),
        topic=coded("topic", books.topics),
        label=numbers([LABEL_CODE.get(each, NONE) for each in given["label"]], np.int8),
        strength=numbers([STRENGTH_CODE[each] for each in given["strength"]], np.int8),
        earlier=numbers([LABEL_CODE.get(each, NONE) for each in given["earlier"]], np.int8),
        confidence=numbers(given["confidence"], np.float64),
        day=numbers(given["day"]),
        last_day=numbers(given["last_day"]),
        publisher=coded("publisher", books.publishers),
        story=coded("story", books.stories),
        article=coded("article", books.articles),
        seq=numbers(given["seq"]),
        body=coded("body", books.holders),
        role=np.zeros(count, np.int8),
        utterance=np.zeros(count, np.int32),
        twin=np.zeros(count, bool),
        shared=np.zeros(count, bool),
        hashes=hashes,
    )
    # What is unclear makes no position.
    columns = columns.take(np.flatnonzero(columns.label != NONE))
    return columns.joined(_as_bodies(columns))


def _as_bodies(columns: Columns) -> Columns:
    """The official rows once more, as the body's own."""
    official = columns.take(np.flatnonzero(columns.body != NONE))
    return replace(
        official,
        holder=official.body,
        body=np.full(len(official), NONE, np.int32),
        role=np.ones(len(official), np.int8),
    )


def arrange(columns: Columns, books: Books) -> Columns:
    """The rows cell by cell in the order of ``nlp.positions``, with what repeats marked."""
    ids = np.array(books.articles.names, dtype=np.str_) if len(columns) else np.zeros(1, np.str_)
    used, inverse = np.unique(columns.article, return_inverse=True)
    rank = np.empty(len(used), np.int64)
    rank[np.argsort(ids[used], kind="stable")] = np.arange(len(used))
    order = np.lexsort((columns.role, columns.seq, rank[inverse], columns.day, columns.cell))
    ordered = columns.take(order)
    utterance = _utterances(ordered)
    return replace(
        ordered,
        utterance=utterance,
        twin=_more_than_once(ordered.cell, utterance),
        shared=_more_than_once(ordered.cell, ordered.story),
    )


def spliced(columns: Columns, gone: Ints, new: Columns, books: Books) -> Columns:
    """The columns less the rows of the articles ``gone`` and with ``new`` rows; other cells are left as they are."""
    away = np.isin(columns.article, gone)
    touched = np.union1d(columns.cell[away], new.cell)
    starts = cell_starts(columns.cell)
    lengths = np.diff(np.append(starts, len(columns)))
    concerned = np.repeat(np.isin(columns.cell[starts], touched), lengths)
    kept = columns.take(np.flatnonzero(~concerned))
    again = columns.take(np.flatnonzero(concerned & ~away)).joined(new)
    return kept.joined(arrange(again, books))


def cell_starts(*keys: Ints) -> Ints:
    """The first row of each run of rows with equal keys."""
    if not len(keys[0]):
        return np.zeros(0, np.int64)
    differs = np.zeros(len(keys[0]) - 1, bool)
    for key in keys:
        differs |= key[1:] != key[:-1]
    return np.append(0, np.flatnonzero(differs) + 1)


def _more_than_once(cell: Ints, what: Ints) -> Mask:
    """Whether a row's cell holds its ``what`` in another row too."""
    if not len(cell):
        return np.zeros(0, bool)
    order = np.lexsort((what, cell))
    cell, what = cell[order], what[order]
    same = (cell[1:] == cell[:-1]) & (what[1:] == what[:-1])
    found = np.zeros(len(order), bool)
    found[order] = np.append(same, False) | np.append(False, same)
    return found


def _utterances(columns: Columns) -> Ints:
    """A number for the words of each row, equal within a cell for what ``nlp.positions`` takes for a repeat."""
    cell = columns.cell
    utterance = np.arange(len(columns), dtype=np.int32)
    # Only rows that share a hash within their cell can repeat one another: the others need no look.
    near = np.zeros(len(columns), bool)
    if len(columns):
        every = np.concatenate(columns.hashes)
        there = np.flatnonzero(every != _NO_HASH)
        rows = there % len(columns)
        near[rows[_more_than_once(cell[rows], every[there])]] = True
    kept: dict[tuple[int, int], int] = {}
    for row in np.flatnonzero(near).tolist():
        key = int(cell[row])
        own = [int(hashes[row]) for hashes in columns.hashes if hashes[row] != _NO_HASH]
        seen_in = Counter(kept[key, h] for h in own if (key, h) in kept)
        twin, shared = seen_in.most_common(1)[0] if seen_in else (NONE, 0)
        if twin != NONE and shared >= SAME_WORDS * len(own) and _near(columns, twin, row):
            utterance[row] = utterance[twin]
        else:
            kept.update(dict.fromkeys(((key, h) for h in own), row))
    return utterance


def _near(columns: Columns, first: int, second: int) -> bool:
    if columns.article[first] == columns.article[second]:
        return bool(columns.label[first] == columns.label[second])
    days = int(columns.day[first]), int(columns.day[second])
    return bool(all(days)) and abs(days[1] - days[0]) <= REPEAT_DAYS


def partial_date(day: int, last_day: int) -> PartialDate | None:
    """The date between these ordinals, no more exact than they are; None where there is none."""
    if not day:
        return None
    length = last_day - day
    precision = Precision.DAY if not length else Precision.MONTH if length < 31 else Precision.YEAR
    return PartialDate(date.fromordinal(day), precision)


def officers(columns: Columns) -> Mapping[int, int]:
    """The body that each officer speaks for most, by codes; of equals the one first met."""
    official = np.flatnonzero((columns.body != NONE) & (columns.role == 0))
    pairs = Counter(zip(columns.holder[official].tolist(), columns.body[official].tolist(), strict=True))
    found: dict[int, int] = {}
    for (officer, body), _ in sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0])):
        found.setdefault(officer, body)
    return found
