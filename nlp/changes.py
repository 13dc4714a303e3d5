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

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

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


def find_changes(columns: Columns, books: Books) -> list[Change]:
    """All changes in these rows, which must be arranged, the latest first."""
    rows = np.flatnonzero(columns.day > 0)
    found = [*_told(columns, books, rows), *_shown(columns, books, rows)]
    found.sort(key=lambda each: (-each.day, -each.confidence, each.holder, each.topic, each.kind, each.new))
    return found


def _told(columns: Columns, books: Books, rows: Ints) -> list[Change]:
    told = rows[(columns.earlier[rows] != NONE) & (columns.earlier[rows] != columns.label[rows])]
    # Near-identical words tell one change: the first of them does.
    keys = np.stack((columns.cell[told], columns.utterance[told])) if len(told) else np.zeros((2, 0), np.int64)
    once = np.sort(np.unique(keys, axis=1, return_index=True)[1]) if len(told) else told
    return [
        Change(
            holder=books.holders.names[columns.holder[row]],
            topic=books.topics.names[columns.topic[row]],
            kind=ChangeKind.TOLD,
            before=LABELS[columns.earlier[row]],
            after=LABELS[columns.label[row]],
            confidence=float(columns.confidence[row]),
            day=int(columns.day[row]),
            old=None,
            new=int(row),
            shown_before=0,
            shown_after=1,
        )
        for row in told[once].tolist()
    ]


@dataclass(frozen=True, slots=True)
class _Days:
    """Days on which a side was taken, cell by cell: the first row of each, its stance and its surest row for that."""

    cell: Ints
    label: Ints
    row: Ints
    run: Ints
    stories: Ints


def _shown(columns: Columns, books: Books, rows: Ints) -> list[Change]:
    days = _days(columns, rows)
    turns = np.flatnonzero((days.cell[1:] == days.cell[:-1]) & (days.label[1:] != days.label[:-1]))
    return [_change(columns, books, days, int(at)) for at in turns]


def _change(columns: Columns, books: Books, days: _Days, at: int) -> Change:
    old, new = int(days.row[at]), int(days.row[at + 1])
    before, after = int(days.label[at]), int(days.label[at + 1])
    return Change(
        holder=books.holders.names[columns.holder[new]],
        topic=books.topics.names[columns.topic[new]],
        kind=ChangeKind.REVERSAL if {before, after} == set(_SIDES) else ChangeKind.SHIFT,
        before=LABELS[before],
        after=LABELS[after],
        confidence=float(min(columns.confidence[old], columns.confidence[new])),
        day=int(columns.day[new]),
        old=old,
        new=new,
        shown_before=int(days.stories[days.run[at]]),
        shown_after=int(days.stories[days.run[at + 1]]),
    )


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
