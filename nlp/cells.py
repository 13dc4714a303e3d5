"""Columns -> the cells of the map: the positions of ``nlp.positions`` for all holders and topics at once.

Label, strength, confidence, former stance and counts are those of ``nlp.positions.derive_positions`` (tested against
it), as what an utterance weighs is a product: its confidence squared times a power of its age. Two things come beside:

* trend: the mean leaning (for 1, against -1, anything else 0) of the utterances of the last ``TREND_DAYS`` days up to
  the holder's latest, less that of all before. *Rising* support from ``TREND`` on, *falling* from ``-TREND`` on, else
  *steady*; none where either side has fewer than ``TREND_LEAST`` dated utterances.
* thin evidence: fewer than ``THIN_STORIES`` distinct stories, or all of them in one publication.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from nlp.columns import (
    LABEL_CODE,
    LABELS,
    MOST_TOPICS,
    NONE,
    STRENGTH_CODE,
    STRENGTHS,
    Books,
    Columns,
    Ints,
    Mask,
    cell_starts,
    officers,
    partial_date,
)
from nlp.positions import BOTH_SIDES, HALF_LIFE_DAYS
from nlp.records import PartialDate, Position, StanceLabel, Strength

TREND_DAYS, TREND, TREND_LEAST = 365, 0.25, 2
THIN_STORIES = 3

_SUPPORT, _OPPOSE = LABEL_CODE[StanceLabel.SUPPORT], LABEL_CODE[StanceLabel.OPPOSE]
_CONDITIONAL, _MIXED = LABEL_CODE[StanceLabel.CONDITIONAL], LABEL_CODE[StanceLabel.MIXED]
_NEUTRAL = LABEL_CODE[StanceLabel.NEUTRAL]
_LEANING = np.array([{_SUPPORT: 1, _OPPOSE: -1}.get(code, 0) for code in range(len(LABELS))], np.int64)


class Trend(StrEnum):
    """Where a holder's support of a proposal is going (see the module)."""

    RISING = "rising"
    FALLING = "falling"
    STEADY = "steady"


#: By the codes of ``Cells.trend``; None where too little is dated.
TRENDS = (None, *Trend)


class Grouping(StrEnum):
    """Whose rows a map has: people alone, bodies and groups alone, or a body and its officers in one row."""

    PERSON = "person"
    ORGANISATION = "organisation"
    BODY_AND_ITS_OFFICERS = "body-and-its-officers"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the map: a position without its texts, and what the map says beside it."""

    position: Position
    publishers: int
    trend: Trend | None
    thin: bool


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of a map as columns; ``stories`` counts distinct stories by stance, ``story_count`` all of them once.

    ``start`` and ``end`` are the first and the last row of each cell in the columns that it was made of.
    """

    holder: Ints
    topic: Ints
    label: Ints
    strength: Ints
    confidence: NDArray[np.float64]
    earlier: Ints
    body: Ints
    stories: Ints
    story_count: Ints
    first: Ints
    first_last: Ints
    last: Ints
    last_last: Ints
    publishers: Ints
    trend: Ints
    start: Ints
    end: Ints

    def __len__(self) -> int:
        return len(self.holder)

    @property
    def thin(self) -> Mask:
        return (self.story_count < THIN_STORIES) | (self.publishers < 2)

    def take(self, rows: Ints) -> Cells:
        """These cells, in this order."""
        return Cells(*(getattr(self, column.name).take(rows, axis=0) for column in fields(self)))

    def read(self, at: int, books: Books) -> Cell:
        """One cell as a record."""
        label = LABELS[self.label[at]]
        counts = zip(LABELS, self.stories[at].tolist(), strict=True)
        position = Position(
            holder=books.holders.names[self.holder[at]],
            topic=books.topics.names[self.topic[at]],
            label=label,
            strength=STRENGTHS[self.strength[at]],
            confidence=round(float(self.confidence[at]), 4),
            on_behalf_of=None if self.body[at] == NONE else books.holders.names[self.body[at]],
            earlier=None if self.earlier[at] == NONE else LABELS[self.earlier[at]],
            stories=tuple((each, count) for each, count in counts if count),
            story_count=int(self.story_count[at]),
            first=_date(self.first[at], self.first_last[at]),
            last=_date(self.last[at], self.last_last[at]),
        )
        return Cell(position, int(self.publishers[at]), TRENDS[self.trend[at]], bool(self.thin[at]))


def _date(day: int, last_day: int) -> PartialDate | None:
    return partial_date(int(day), int(last_day))


def chosen(
    columns: Columns,
    books: Books,
    *,
    topics: Collection[str] = (),
    holders: Collection[str] = (),
    publishers: Collection[str] = (),
    articles: Collection[str] = (),
    since: date | None = None,
    until: date | None = None,
    as_of: date | None = None,
    min_confidence: float = 0.0,
) -> Mask:
    """The rows that pass. A date known to the month passes ``since`` and ``until`` when the month overlaps.

    ``as_of`` asks what was known at the end of that day: only what was surely printed by then passes.
    """
    mask: Mask = columns.confidence >= min_confidence
    if since or until or as_of:
        mask &= columns.day > 0
    if since:
        mask &= columns.last_day >= since.toordinal()
    if until:
        mask &= columns.day <= until.toordinal()
    if as_of:
        mask &= columns.last_day <= as_of.toordinal()
    for names, codes, column in (
        (topics, books.topics, columns.topic),
        (holders, books.holders, columns.holder),
        (publishers, books.publishers, columns.publisher),
        (articles, books.articles, columns.article),
    ):
        if names:
            mask &= np.isin(column, [codes.known[name] for name in names if name in codes.known])
    return mask


def grouped(columns: Columns) -> Columns:
    """Every officer's rows, in whatever capacity, under the body that the officer speaks for most.

    The body's rows that stand for its officers' are left out: they are there as the officers' own.
    """
    of = officers(columns)
    own = columns.take(np.flatnonzero(columns.role == 0))
    heads = np.arange(int(max(columns.holder.max(initial=0), columns.body.max(initial=0))) + 1, dtype=np.int32)
    heads[list(of)] = list(of.values())
    moved = replace(own, holder=heads[own.holder], body=np.full(len(own), NONE, np.int32))
    moved = replace(moved, utterance=_apart(own), shared=np.ones(len(own), bool))
    return moved.take(np.lexsort((moved.day, moved.cell)))


def _apart(columns: Columns) -> Ints:
    """The utterances of all cells under numbers of their own, where they are there more than once."""
    numbers = np.zeros(len(columns), np.int64)
    twins = np.flatnonzero(columns.twin)
    keys = columns.cell[twins] * (int(columns.utterance.max(initial=0)) + 1) + columns.utterance[twins]
    numbers[twins] = np.unique(keys, return_inverse=True)[1]
    return numbers


def cells(columns: Columns) -> Cells:
    """The cells of these rows, which must be arranged (``nlp.columns.arrange``), in the order of their keys."""
    starts = cell_starts(columns.holder, columns.topic)
    ends = np.append(starts[1:], len(columns)) - 1 if len(starts) else starts
    count = len(starts)
    of = np.repeat(np.arange(count), ends - starts + 1)
    distinct = _distinct(columns, of)
    own = of[distinct]
    rows = _Once(*(getattr(columns, column.name).take(distinct) for column in fields(_Once)))
    weights, latest = _weights(rows, own, count)
    label = decide_labels(weights)
    strength, best = _of_winning(rows, own, label)
    first, last = _dated(columns, starts, ends)
    found = Cells(
        holder=columns.holder[starts],
        topic=columns.topic[starts],
        label=label,
        strength=strength,
        confidence=best * (1 - _contrary(weights, label)),
        earlier=_earlier(columns, of, label, starts, ends),
        body=_bodies(rows, own, count),
        stories=_stories(columns, of, count),
        story_count=_count_once(columns.story, of, columns.shared, count),
        first=columns.day[first],
        first_last=columns.last_day[first],
        last=columns.day[last],
        last_last=columns.last_day[last],
        publishers=_several(columns.publisher, starts),
        trend=_trends(rows, own, latest, count),
        start=starts,
        end=ends,
    )
    return found


@dataclass(frozen=True, slots=True)
class _Once:
    """What the sums need of the rows that repeat no other."""

    label: Ints
    strength: Ints
    confidence: NDArray[np.float64]
    day: Ints
    body: Ints


def decide_labels(weights: NDArray[np.float64]) -> Ints:
    """The codes of the labels of summed weights, one row a cell, one column a stance: rule 2 of ``nlp.positions``."""
    support, oppose = weights[:, _SUPPORT], weights[:, _OPPOSE]
    conditional, mixed = weights[:, _CONDITIONAL], weights[:, _MIXED]
    opinion = support + oppose + conditional + mixed
    lesser = np.minimum(support, oppose)
    split = (lesser > 0) & (lesser >= BOTH_SIDES * (support + oppose))
    label = np.where(support >= oppose, _SUPPORT, _OPPOSE)
    label = np.where(conditional >= opinion / 2, _CONDITIONAL, label)
    label = np.where((mixed >= opinion / 2) | split, _MIXED, label)
    return np.where(opinion > 0, label, _NEUTRAL).astype(np.int8)


def _distinct(columns: Columns, of: Ints) -> Ints:
    """The rows without those that repeat an earlier one of their cell among these."""
    keep = np.ones(len(columns), bool)
    twins = np.flatnonzero(columns.twin)
    if len(twins):
        keys = of[twins] * (int(columns.utterance.max()) + 1) + columns.utterance[twins]
        keep[twins] = False
        keep[twins[np.unique(keys, return_index=True)[1]]] = True
    return np.flatnonzero(keep)


def _weights(rows: _Once, own: Ints, count: int) -> tuple[NDArray[np.float64], Ints]:
    latest = np.zeros(count, np.int32)
    latest[own] = rows.day  # the last of a cell, which is its latest, stays
    age = np.where(rows.day > 0, latest[own] - rows.day, 0)
    weight = rows.confidence**2 * np.exp2(-age / HALF_LIFE_DAYS)
    sums = np.bincount(own * len(LABELS) + rows.label, weight, count * len(LABELS))
    return sums.reshape(count, len(LABELS)).astype(np.float64), latest


def _of_winning(rows: _Once, own: Ints, label: Ints) -> tuple[Ints, NDArray[np.float64]]:
    """Strength and best confidence of the rows that show the cell's stance; of all rows where none does."""
    count = len(label)
    wins = rows.label == label[own]
    shown = np.zeros(count, bool)
    shown[own[wins]] = True
    wins |= ~shown[own]
    best = np.maximum.reduceat(np.where(wins, rows.confidence, 0.0), cell_starts(own)) if count else np.zeros(0)
    kinds = np.bincount((own * len(STRENGTHS) + rows.strength)[wins], minlength=count * len(STRENGTHS))
    kinds = kinds.reshape(count, len(STRENGTHS))
    strong, plain, hedged = (STRENGTH_CODE[each] for each in (Strength.STRONG, Strength.PLAIN, Strength.HEDGED))
    weaker = np.where(kinds[:, hedged] > kinds[:, plain], hedged, plain)
    return np.where(kinds[:, strong] > 0, strong, weaker).astype(np.int8), best


def _contrary(weights: NDArray[np.float64], label: Ints) -> NDArray[np.float64]:
    """The share of the weight that is for the other side, of the two sides."""
    total = weights.sum(axis=1)
    against = np.where(label == _SUPPORT, weights[:, _OPPOSE], np.where(label == _OPPOSE, weights[:, _SUPPORT], 0.0))
    share: NDArray[np.float64] = np.divide(against, total, out=np.zeros_like(total), where=total > 0)
    return share


def _earlier(columns: Columns, of: Ints, label: Ints, starts: Ints, ends: Ints) -> Ints:
    """A former stance that is told, the latest; else the first side shown, where it is another on another day."""
    found = np.full(len(label), NONE, np.int8)
    sides = columns.label <= max(_SUPPORT, _OPPOSE)
    first_side = np.full(len(label), NONE, np.int8)
    _assign_last(first_side, of[::-1], columns.label[::-1], sides[::-1])
    dated = np.flatnonzero(columns.day > 0)
    earliest, latest = np.zeros(len(label), np.int32), np.zeros(len(label), np.int32)
    earliest[of[dated[::-1]]] = columns.day[dated[::-1]]
    latest[of[dated]] = columns.day[dated]
    shown = (earliest != latest) & (first_side != NONE) & (first_side != label)
    found[shown] = first_side[shown]
    told = (columns.earlier != NONE) & (columns.earlier != label[of])
    _assign_last(found, of, columns.earlier, told)
    return found


def _assign_last(into: NDArray[Any], of: Ints, values: Ints, where: Mask) -> None:
    """Give each cell the value of the last of its rows ``where`` it is wanted."""
    rows = np.flatnonzero(where)
    into[of[rows]] = values[rows]


def _bodies(rows: _Once, own: Ints, count: int) -> Ints:
    """The body that each cell's holder speaks for most; of equals the one it spoke for first."""
    found = np.full(count, NONE, np.int32)
    official = np.flatnonzero(rows.body != NONE)
    body, own = rows.body[official], own[official]
    found[own[::-1]] = body[::-1]
    several = np.zeros(count, bool)
    several[own[body != found[own]]] = True
    for cell in np.flatnonzero(several).tolist():
        found[cell] = Counter(body[own == cell].tolist()).most_common(1)[0][0]
    return found


def _dated(columns: Columns, starts: Ints, ends: Ints) -> tuple[Ints, Ints]:
    """The first and the last row of each cell that has a date; undated ones come first in the order."""
    if not len(starts):
        return starts, ends
    undated = np.add.reduceat((columns.day == 0).astype(np.int64), starts)
    return np.minimum(starts + undated, ends), ends


def _stories(columns: Columns, of: Ints, count: int) -> Ints:
    keys = of * len(LABELS) + columns.label
    found = _count_once(columns.story, keys, columns.shared, count * len(LABELS))
    return found.reshape(count, len(LABELS))


def _count_once(story: Ints, keys: Ints, shared: Mask, size: int) -> Ints:
    """How many distinct stories each key has; only those marked ``shared`` can be there twice."""
    counts = np.bincount(keys[~shared], minlength=size)
    if shared.any():
        wide = int(story.max()) + 1
        pairs = np.sort(keys[shared].astype(np.int64) * wide + story[shared])
        pairs = pairs[cell_starts(pairs)]  # np.unique, which hashes before it sorts, takes three times as long
        counts += np.bincount(pairs // wide, minlength=size)
    return counts.astype(np.int32)


def _several(publisher: Ints, starts: Ints) -> Ints:
    """0, 1 or 2 (for two and more): how many publications a cell is from; unknown ones count for none."""
    counts = np.zeros(len(starts), np.int8)
    if not len(starts):
        return counts
    greatest = np.maximum.reduceat(publisher, starts)
    least = np.minimum.reduceat(np.where(publisher == NONE, np.iinfo(np.int32).max, publisher), starts)
    counts[greatest != NONE] = 1
    counts[least < greatest] = 2
    return counts


def _trends(rows: _Once, own: Ints, latest: Ints, count: int) -> Ints:
    dated = np.flatnonzero(rows.day > 0)
    own, leaning = own[dated], _LEANING[rows.label[dated]]
    late = latest[own] - rows.day[dated] < TREND_DAYS
    keys = own * 2 + late
    number = np.bincount(keys, minlength=count * 2).reshape(count, 2)
    total = np.bincount(keys, leaning, count * 2).reshape(count, 2)
    enough = (number >= TREND_LEAST).all(axis=1)
    mean = np.divide(total, number, out=np.zeros((count, 2)), where=number > 0)
    change = mean[:, 1] - mean[:, 0]
    trend = np.where(change >= TREND, 1, np.where(change <= -TREND, 2, 3))
    return np.where(enough, trend, 0).astype(np.int8)


def key_of(books: Books, holder: str, topic: str) -> int | None:
    """The key of a cell; None where there is no row of this holder and topic."""
    if holder not in books.holders.known or topic not in books.topics.known:
        return None
    return books.holders.known[holder] * MOST_TOPICS + books.topics.known[topic]
