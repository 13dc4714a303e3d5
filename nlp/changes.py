"""Who turned: where a holder's stance on a topic differs from the one it took the time before.

1. A day's stance is that of all the holder said on that day (rule 2 of ``nlp.positions``, each utterance weighing the
   square of its confidence); days on which it took no side are passed over, and so is what has no date.
2. A change stands between two neighbouring days with different stances: a *reversal* from support to opposition or
   back, a *shift* where one of the two is conditional or mixed. Its confidence is that of the less sure of the two
   utterances, the surest of their days.
3. A holder who is said to have held another view before ("earlier") has *told* a change, which needs no second day.

``shown_before`` and ``shown_after`` count the distinct stories on the days in a row that show the old and the new
stance: a turn that a single story shows may be a slip, of the press or of the program.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TypeAlias, overload

import numpy as np
from numpy.typing import NDArray

from nlp.cells import decide_labels
from nlp.columns import LABEL_CODE, LABELS, NONE, Books, Columns, Ints, cell_starts
from nlp.records import StanceLabel

_SIDES = (LABEL_CODE[StanceLabel.SUPPORT], LABEL_CODE[StanceLabel.OPPOSE])
_NEUTRAL = LABEL_CODE[StanceLabel.NEUTRAL]


class ChangeKind(StrEnum):
    REVERSAL = "reversal"
    SHIFT = "shift"
    TOLD = "told"


@dataclass(frozen=True, slots=True)
class Change:
    """One change; ``old`` and ``new`` are rows of the columns, ``old`` None where the former stance is only told."""

    holder: str
    topic: str
    kind: ChangeKind
    before: StanceLabel
    after: StanceLabel
    confidence: float
    day: int
    old: int | None
    new: int
    shown_before: int
    shown_after: int


_KINDS = tuple(ChangeKind)


@dataclass(frozen=True, slots=True)
class Changes(Sequence[Change]):
    """Changes as columns, each made a record when it is asked for: there may be very many."""

    columns: Columns
    books: Books
    kind: Ints
    before: Ints
    after: Ints
    confidence: NDArray[np.float64]
    old: Ints
    new: Ints
    shown_before: Ints
    shown_after: Ints

    def __len__(self) -> int:
        return len(self.new)

    @overload
    def __getitem__(self, at: int) -> Change: ...
    @overload
    def __getitem__(self, at: slice) -> list[Change]: ...
    def __getitem__(self, at: int | slice) -> Change | list[Change]:
        if isinstance(at, slice):
            return [self[place] for place in range(*at.indices(len(self)))]
        new, old = int(self.new[at]), int(self.old[at])
        return Change(
            holder=self.books.holders.names[self.columns.holder[new]],
            topic=self.books.topics.names[self.columns.topic[new]],
            kind=_KINDS[self.kind[at]],
            before=LABELS[self.before[at]],
            after=LABELS[self.after[at]],
            confidence=float(self.confidence[at]),
            day=int(self.columns.day[new]),
            old=None if old == NONE else old,
            new=new,
            shown_before=int(self.shown_before[at]),
            shown_after=int(self.shown_after[at]),
        )

    def only(self, kinds: Collection[ChangeKind] = (), after: Collection[StanceLabel] = ()) -> Changes:
        """Those of some kinds and to some stances; nothing given asks nothing."""
        keep = np.ones(len(self), bool)
        if kinds:
            keep &= np.isin(self.kind, [_KINDS.index(kind) for kind in kinds])
        if after:
            keep &= np.isin(self.after, [LABEL_CODE[label] for label in after if label in LABEL_CODE])
        return self._take(np.flatnonzero(keep))

    def _take(self, rows: Ints) -> Changes:
        own = (getattr(self, column.name).take(rows) for column in fields(self)[2:])
        return Changes(self.columns, self.books, *own)


def find_changes(columns: Columns, books: Books) -> Changes:
    """All changes in these rows, which must be arranged, the latest first."""
    rows = np.flatnonzero(columns.day > 0)
    told, shown = _told(columns, rows), _shown(columns, rows)
    parts = (np.concatenate(pair) for pair in zip(told, shown, strict=True))
    found = Changes(columns, books, *parts)
    holder, topic = (_ranks(codes.names) for codes in (books.holders, books.topics))
    new = found.new
    order = (new, found.kind, topic[columns.topic[new]], holder[columns.holder[new]], -found.confidence)
    return found._take(np.lexsort((*order, -columns.day[new])))


def _ranks(names: Sequence[str]) -> Ints:
    """The place of each name in their order."""
    ranks = np.empty(len(names), np.int64)
    ranks[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))
    return ranks


#: The columns of ``Changes`` behind the first two.
_Parts: TypeAlias = tuple[Ints, Ints, Ints, NDArray[np.float64], Ints, Ints, Ints, Ints]


def _told(columns: Columns, rows: Ints) -> _Parts:
    told = rows[(columns.earlier[rows] != NONE) & (columns.earlier[rows] != columns.label[rows])]
    # Near-identical words tell one change: the first of them does.
    pairs = list(zip(columns.cell[told].tolist(), columns.utterance[told].tolist(), strict=True))
    first: dict[tuple[int, int], int] = {}
    for row, pair in zip(told.tolist(), pairs, strict=True):
        first.setdefault(pair, row)
    new = np.array(list(first.values()), np.int64)
    kind = np.full(len(new), _KINDS.index(ChangeKind.TOLD))
    none, one = np.full(len(new), NONE), np.ones(len(new), np.int64)
    return kind, columns.earlier[new], columns.label[new], columns.confidence[new], none, new, one - 1, one


@dataclass(frozen=True, slots=True)
class _Days:
    """Days on which a side was taken, cell by cell: the first row of each, its stance and its surest row for that."""

    cell: Ints
    label: Ints
    row: Ints
    run: Ints
    stories: Ints


def _shown(columns: Columns, rows: Ints) -> _Parts:
    days = _days(columns, rows)
    at = np.flatnonzero((days.cell[1:] == days.cell[:-1]) & (days.label[1:] != days.label[:-1]))
    before, after, old, new = days.label[at], days.label[at + 1], days.row[at], days.row[at + 1]
    sides = np.isin(before, _SIDES) & np.isin(after, _SIDES)
    kind = np.where(sides, _KINDS.index(ChangeKind.REVERSAL), _KINDS.index(ChangeKind.SHIFT))
    confidence = np.minimum(columns.confidence[old], columns.confidence[new])
    return kind, before, after, confidence, old, new, days.stories[days.run[at]], days.stories[days.run[at + 1]]


def _days(columns: Columns, rows: Ints) -> _Days:
    cell = columns.cell[rows]
    both = cell * (1 << 22) + columns.day[rows]  # an ordinal has 22 bits
    starts = cell_starts(both)
    of = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(rows))))
    sums = np.bincount(of * len(LABELS) + columns.label[rows], columns.confidence[rows] ** 2, len(starts) * len(LABELS))
    label = decide_labels(sums.reshape(len(starts), len(LABELS)).astype(np.float64))
    best = _surest(columns, rows, of, label)
    kept = np.flatnonzero(label != _NEUTRAL)
    cells, labels = cell[starts][kept], label[kept]
    run = np.cumsum(np.append(True, (cells[1:] != cells[:-1]) | (labels[1:] != labels[:-1]))) - 1 if len(kept) else kept
    stories = _stories_of_runs(columns, rows, of, kept, run)
    return _Days(cell=cells, label=labels, row=rows[best[kept]], run=run, stories=stories)


def _surest(columns: Columns, rows: Ints, of: Ints, label: Ints) -> Ints:
    """Of each day the surest row that shows its stance or, where none does, the surest of all; the first of equals."""
    shows = columns.label[rows] == label[of]
    order = np.lexsort((-np.arange(len(rows)), columns.confidence[rows], shows, of))
    best = np.zeros(len(label), np.int64)
    best[of[order]] = order  # the last of a day, which is the best, stays
    return best


def _stories_of_runs(columns: Columns, rows: Ints, of: Ints, kept: Ints, run: Ints) -> Ints:
    run_of_day = np.full(int(of.max(initial=-1)) + 1, NONE, np.int64)
    run_of_day[kept] = run
    belongs = run_of_day[of]
    there = belongs != NONE
    wide = int(columns.story.max(initial=0)) + 1
    pairs = np.unique(belongs[there] * wide + columns.story[rows][there])
    return np.bincount(pairs // wide, minlength=int(run.max(initial=-1)) + 1)
