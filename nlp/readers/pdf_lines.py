"""Where words stand on the pages of a PDF: lines in the order of reading, columns one after the other, paragraphs.

A PDF holds no paragraphs, only characters with places. Rows are what stands at one height; an edge where many rows
begin, well right of the first, is that of a column; what reaches over an edge (a headline) parts the columns above it
from those below. What is repeated at the top or foot of pages is no part of the text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

#: So many rows must begin at an edge for it to be a column's, and hold so many words: cells of tables are shorter.
COLUMN_ROWS = 4
COLUMN_WORDS = 3
#: A page has some hundred places where words begin; a file made to cost time has thousands.
EDGES_TRIED = 200
#: Lines with an indent of up to so many places of three points begin at the same edge.
INDENT_PLACES = 6
#: Cells stand under one another in so many rows.
TABLE_ROWS = 3
#: Edges lie at least so far apart, as a share of the width of the text.
COLUMN_WIDTH = 0.2
#: So many rows at the top and the foot of a page may be running ones.
RUNNING_ROWS = 3
#: They stand so near the top and the foot of what is printed, as a share of its height.
RUNNING_ZONE = 0.12
#: What stands on at least this share of pages is running; left and right pages may differ.
RUNNING_SHARE = 0.4

_NARROW = frozenset("iljtfrI.,;:'’‘|!()[] ")
_DIGITS = re.compile(r"\d+")
_NUMBER = re.compile(r"[-–—|\s]*(?:page\s*)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?[-–—|\s]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fragment:
    """Characters at a place: points from the left and the foot of the page; ``size`` of the type in points."""

    x: float
    y: float
    size: float
    text: str

    @property
    def end(self) -> float:
        """Where it ends, about."""
        return self.x + width_of(self.text, self.size)


def width_of(text: str, size: float) -> float:
    """How wide words are set, about: a PDF says it only through the font. Helvetica's mean widths."""
    narrow = sum(1 for letter in text if letter in _NARROW)
    return size * (0.28 * narrow + 0.54 * (len(text) - narrow))


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text in its column: ``left`` is the column's edge; ``cells`` marks a row of a table."""

    page: int
    column: int
    left: float
    x: float
    y: float
    size: float
    text: str
    end: float
    cells: bool = False


Row = list[Fragment]


def rows_of(fragments: Iterable[Fragment]) -> list[Row]:
    """The rows of a page from the top, the fragments of each from the left."""
    rows: list[Row] = []
    for each in sorted(fragments, key=lambda f: (-f.y, f.x)):
        last = rows[-1][0] if rows else None
        if last is not None and last.y - each.y < 0.4 * max(last.size, each.size):
            rows[-1].append(each)
        else:
            rows.append([each])
    return [sorted(row, key=lambda f: f.x) for row in rows]


def without_running(pages: Sequence[list[Row]]) -> list[list[Row]]:
    """The rows of each page without running heads, feet and page numbers."""
    heights = [row[0].y for page in pages for row in page]
    if not heights:
        return list(pages)
    zone = RUNNING_ZONE * (max(heights) - min(heights))
    top, foot = max(heights) - zone, min(heights) + zone
    margins = [[row for row in _outer(page) if not foot < row[0].y < top] for page in pages]
    counts = Counter(name for margin in margins for name in {_name(row) for row in margin})
    enough = max(2, round(RUNNING_SHARE * len(pages)))
    running = [[row for row in margin if _is_running(row, counts, enough)] for margin in margins]
    return [
        [row for row in page if not any(row is out for out in outs)] for page, outs in zip(pages, running, strict=True)
    ]


def _is_running(row: Row, counts: Counter[str], enough: int) -> bool:
    return counts[_name(row)] >= enough or _NUMBER.fullmatch(_text(row)) is not None


def _outer(page: list[Row]) -> list[Row]:
    return [*page[:RUNNING_ROWS], *page[max(RUNNING_ROWS, len(page) - RUNNING_ROWS) :]]


def _name(row: Row) -> str:
    """What the row says, whatever its numbers are, and where: a crosshead further down is another."""
    return f"{_DIGITS.sub('#', _text(row)).casefold()} at {row[0].y // 20}"


def _text(fragments: Iterable[Fragment], between: str = " ") -> str:
    """The text of fragments side by side, a space, or what else stands ``between`` cells, where there is a gap."""
    found, end = "", None
    for each in fragments:
        gap = end is not None and each.x - end > 0.3 * each.size
        apart = gap and (between != " " or not (found.endswith(" ") or each.text.startswith(" ")))
        found += f"{between}{each.text}" if apart else each.text
        end = each.end
    return " ".join(found.split())


def _starts_of_cells(rows: Sequence[Row]) -> frozenset[int]:
    """Places where fragments begin behind a gap in row after row, as cells do."""
    places = Counter(round(each.x / 3) for row in rows for each in _behind_gaps(row))
    return frozenset(place for place, count in places.items() if count >= TABLE_ROWS)


def _behind_gaps(row: Row) -> list[Fragment]:
    return [each for before, each in pairwise(row) if each.x - before.end > each.size]


def _has_cells(row: Row, places: frozenset[int]) -> bool:
    behind = _behind_gaps(row)
    return bool(behind) and all(round(each.x / 3) in places for each in behind)


def edges_of(rows: Sequence[Row]) -> list[float]:
    """The left edges of the columns of a page; one edge where there are no columns."""
    fragments = [each for row in rows for each in row]
    left, right = min(f.x for f in fragments), max(f.end for f in fragments)
    starts: dict[int, list[Fragment]] = {}
    for each in fragments:
        starts.setdefault(round(each.x / 3), []).append(each)
    edges, tried = [left], 0
    for place in sorted(starts):
        if place * 3 - edges[-1] > COLUMN_WIDTH * (right - left):
            near = [f for at in range(place, place + INDENT_PLACES) for f in starts.get(at, ())]
            if len(near) >= max(COLUMN_ROWS, len(rows) / 10) and tried < EDGES_TRIED:
                tried += 1
                if _is_column(near, rows, reach=COLUMN_WIDTH * (right - left) / 2):
                    edges.append(min(f.x for f in near))
    return edges


def _is_column(near: Sequence[Fragment], rows: Sequence[Row], reach: float) -> bool:
    """Whether what begins near an edge is a column: words enough, and few lines run across the edge."""
    if median(len(f.text.split()) for f in near) < COLUMN_WORDS:
        return False
    edge = min(f.x for f in near)
    return sum(any(f.x < edge - 3 and f.end > edge + reach for f in row) for row in rows) < len(near)


def lines_of(rows: Sequence[Row], page: int) -> Iterator[Line]:
    """The lines of a page in the order of reading."""
    if not rows:
        return
    edges = edges_of(rows)
    cells = _starts_of_cells(rows) if len(edges) == 1 else frozenset[int]()
    waiting: list[list[Line]] = [[] for _ in edges]
    for row in rows:
        segments = list(_segments(row, edges))
        if any(_spans(segment, column, edges) for column, segment in segments):
            yield from (line for column in waiting for line in column)
            waiting = [[] for _ in edges]
            yield _line(row, page, 0, edges, cells)
        else:
            for column, segment in segments:
                waiting[column].append(_line(segment, page, column, edges, cells))
    yield from (line for column in waiting for line in column)


def _segments(row: Row, edges: Sequence[float]) -> Iterator[tuple[int, Row]]:
    """The parts of a row by column: a part begins with a fragment at an edge."""
    column, segment = -1, Row()
    for each in row:
        here = max((at for at, edge in enumerate(edges) if each.x >= edge - 3), default=0)
        at_edge = abs(each.x - edges[here]) <= max(4.0, 3 * each.size)
        if here > column and (at_edge or not segment):
            if segment:
                yield column, segment
            column, segment = here, []
        segment.append(each)
    if segment:
        yield column, segment


def _spans(segment: Row, column: int, edges: Sequence[float]) -> bool:
    if column + 1 >= len(edges):
        return False
    width = edges[column + 1] - edges[column]
    return max(each.end for each in segment) > edges[column + 1] + 0.25 * width


def _line(segment: Row, page: int, column: int, edges: Sequence[float], places: frozenset[int]) -> Line:
    size = max(segment, key=lambda f: len(f.text)).size
    first, end, cells = segment[0], max(f.end for f in segment), _has_cells(segment, places)
    text = _text(segment, " | " if cells else " ")
    return Line(page, column, edges[column], first.x, first.y, size, text, end, cells)
