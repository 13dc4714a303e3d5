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

import numpy as np
from numpy.typing import NDArray

from nlp.columns import (
    LABEL_CODE,
    LABELS,
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
        # As ``thin`` has it, of this row alone: the whole column for every cell took a fifth of a map of 8,000.
        thin = bool(self.story_count[at] < THIN_STORIES or self.publishers[at] < 2)
        return Cell(position, int(self.publishers[at]), TRENDS[self.trend[at]], thin)


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


@dataclass(frozen=True, slots=True)
class _Rows:
    """Rows cell by cell: where each begins and ends, whose cell a row is of, whether it counts, how old it is.

    ``counts`` is 0 for what repeats another row; ``age`` is in days before the latest row of the cell that counts.
    """

    columns: Columns
    starts: Ints
    ends: Ints
    of: Ints
    counts: Mask
    age: Ints

    @property
    def size(self) -> int:
        return len(self.starts)


def _rows(columns: Columns) -> _Rows:
    starts = cell_starts(columns.holder, columns.topic)
    ends = np.append(starts[1:], len(columns)) - 1 if len(starts) else starts
    lengths = ends - starts + 1
    of = np.repeat(np.arange(len(starts)), lengths)
    counts = _distinct(columns, of)
    day = np.where(counts, columns.day, 0)
    latest = np.maximum.reduceat(day, starts) if len(starts) else day
    age = np.where(columns.day > 0, np.repeat(latest, lengths) - columns.day, 0)
    return _Rows(columns, starts, ends, of, counts, age)


def cells(columns: Columns) -> Cells:
    """The cells of these rows, which must be arranged (``nlp.columns.arrange``), in the order of their keys.

    Sums are taken over all rows, those that do not count as nothing: leaving them out costs a copy of each column.
    """
    rows = _rows(columns)
    starts = rows.starts
    weights = _weights(rows)
    label = decide_labels(weights)
    strength, best = _of_winning(rows, label)
    first, last = _dated(columns, starts, rows.ends)
    return Cells(
        holder=columns.holder[starts],
        topic=columns.topic[starts],
        label=label,
        strength=strength,
        confidence=best * (1 - _contrary(weights, label)),
        earlier=_earlier(rows, label, columns.day[first] != columns.day[last]),
        body=_bodies(rows),
        stories=_stories(rows),
        story_count=_count_once(columns.story, rows.of, columns.shared, rows.size),
        first=columns.day[first],
        first_last=columns.last_day[first],
        last=columns.day[last],
        last_last=columns.last_day[last],
        publishers=_several(columns.publisher, starts),
        trend=_trends(rows),
        start=starts,
        end=rows.ends,
    )


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


def _distinct(columns: Columns, of: Ints) -> Mask:
    """Whether a row says in its cell what none of these rows before it says."""
    counts = np.ones(len(columns), bool)
    twins = np.flatnonzero(columns.twin)
    if len(twins):
        keys = of[twins] * (int(columns.utterance.max()) + 1) + columns.utterance[twins]
        order = np.argsort(keys, kind="stable")
        counts[twins] = False
        counts[twins[order[cell_starts(keys[order])]]] = True
    return counts


def _weights(rows: _Rows) -> NDArray[np.float64]:
    weight = rows.columns.confidence**2 * np.exp2(rows.age * (-1 / HALF_LIFE_DAYS)) * rows.counts
    sums = np.bincount(rows.of * len(LABELS) + rows.columns.label, weight, rows.size * len(LABELS))
    return sums.reshape(rows.size, len(LABELS)).astype(np.float64)


def _of_winning(rows: _Rows, label: Ints) -> tuple[Ints, NDArray[np.float64]]:
    """Strength and best confidence of the rows that show the cell's stance; of all rows where none does."""
    columns, count = rows.columns, rows.size
    if not count:
        return np.zeros(0, np.int8), np.zeros(0)
    lengths = rows.ends - rows.starts + 1
    wins = (columns.label == np.repeat(label, lengths)) & rows.counts
    none_does = ~np.logical_or.reduceat(wins, rows.starts)
    wins |= np.repeat(none_does, lengths) & rows.counts
    best = np.maximum.reduceat(np.where(wins, columns.confidence, 0.0), rows.starts)
    strong, plain, hedged = (
        np.add.reduceat((wins & (columns.strength == STRENGTH_CODE[each])).astype(np.int32), rows.starts)
        for each in (Strength.STRONG, Strength.PLAIN, Strength.HEDGED)
    )
    weaker = np.where(hedged > plain, STRENGTH_CODE[Strength.HEDGED], STRENGTH_CODE[Strength.PLAIN])
    return np.where(strong > 0, STRENGTH_CODE[Strength.STRONG], weaker).astype(np.int8), best


def _contrary(weights: NDArray[np.float64], label: Ints) -> NDArray[np.float64]:
    """The share of the weight that is for the other side, of the two sides."""
    total = weights.sum(axis=1)
    against = np.where(label == _SUPPORT, weights[:, _OPPOSE], np.where(label == _OPPOSE, weights[:, _SUPPORT], 0.0))
    share: NDArray[np.float64] = np.divide(against, total, out=np.zeros_like(total), where=total > 0)
    return share


def _earlier(rows: _Rows, label: Ints, several_days: Mask) -> Ints:
    """A former stance that is told, the latest; else the first side shown, where it is another on another day."""
    columns, found = rows.columns, np.full(rows.size, NONE, np.int8)
    if not rows.size:
        return found
    sides = columns.label <= max(_SUPPORT, _OPPOSE)
    none = len(columns)
    first = np.minimum.reduceat(np.where(sides, np.arange(none), none), rows.starts)
    first_side = np.append(columns.label, NONE)[first]
    shown = several_days & (first_side != NONE) & (first_side != label)
    found[shown] = first_side[shown]
    told = np.flatnonzero(columns.earlier != NONE)
    told = told[columns.earlier[told] != label[rows.of[told]]]
    found[rows.of[told]] = columns.earlier[told]  # the last of a cell stays
    return found


def _bodies(rows: _Rows) -> Ints:
    """The body that each cell's holder speaks for most; of equals the one it spoke for first."""
    found = np.full(rows.size, NONE, np.int32)
    official = np.flatnonzero((rows.columns.body != NONE) & rows.counts)
    body, own = rows.columns.body[official], rows.of[official]
    found[own[::-1]] = body[::-1]
    several = np.zeros(rows.size, bool)
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


def _stories(rows: _Rows) -> Ints:
    keys = rows.of * len(LABELS) + rows.columns.label
    found = _count_once(rows.columns.story, keys, rows.columns.shared, rows.size * len(LABELS))
    return found.reshape(rows.size, len(LABELS))


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


def _trends(rows: _Rows) -> Ints:
    columns, count = rows.columns, rows.size
    dated = (columns.day > 0) & rows.counts
    leaning = ((columns.label == _SUPPORT).astype(np.int8) - (columns.label == _OPPOSE)) * dated
    keys = rows.of * 2 + (rows.age < TREND_DAYS)
    number = np.bincount(keys, dated, count * 2).reshape(count, 2)
    total = np.bincount(keys, leaning, count * 2).reshape(count, 2)
    enough = (number >= TREND_LEAST).all(axis=1)
    mean = np.divide(total, number, out=np.zeros((count, 2)), where=number > 0)
    change = mean[:, 1] - mean[:, 0]
    trend = np.where(change >= TREND, 1, np.where(change <= -TREND, 2, 3))
    return np.where(enough, trend, 0).astype(np.int8)
