"""Charts as numbers: where marks, bars and words of an SVG stand. A template prints them, and a table tells the same.

Signs and places tell the stances apart before colours do: support stands above the line of its lane, opposition below
it, everything between on it. Time is cut into bins that are no finer than the least exact date in them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from math import sqrt

from api.words import STANCES, count_words
from nlp.records import StanceLabel

WIDTH, MARGIN, AXIS = 760, 12, 26
LANE, HEAD, ROW = 74, 22, 13
BAR_LANE, BAR_HEAD = 56, 30
#: More bins than this are too narrow for the marks of one beside another.
MOST_BINS = 30
#: Days between the first and the last that a date can mean: more than this is a year, more than none a month.
_YEAR = 31
LEAST_RADIUS, MOST_RADIUS = 3.5, 6.5
#: A letter of the lanes' names takes some 7 units.
LONGEST_NAME = 90
_ROWS = {StanceLabel.SUPPORT: -1, StanceLabel.OPPOSE: 1}


@dataclass(frozen=True, slots=True)
class Bin:
    """A stretch of time, in months counted from the year 0: ``first`` is in it, ``end`` no more."""

    first: int
    end: int

    @property
    def name(self) -> str:
        """ "May 2014", "April to June 2014", "2014" or "2010 to 2014"."""
        last = self.end - 1
        years = (self.first // 12, last // 12)
        if self.end - self.first >= 12:
            return str(years[0]) if years[0] == years[1] else f"{years[0]} to {years[1]}"
        ends = [date(1, month % 12 + 1, 1).strftime("%B") for month in (self.first, last)]
        return f"{ends[0]} {years[0]}" if self.first == last else f"{ends[0]} to {ends[1]} {years[0]}"


@dataclass(frozen=True, slots=True)
class Point:
    """So many stories of one stance in one lane and bin."""

    lane: str
    bin: Bin
    label: StanceLabel
    stories: int


@dataclass(frozen=True, slots=True)
class Shape:
    """One sign: its path, the class of its stance, and what it means."""

    path: str
    kind: str
    title: str


@dataclass(frozen=True, slots=True)
class Word:
    x: float
    y: float
    text: str
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Line:
    x1: float
    y1: float
    x2: float
    y2: float


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    kind: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything that an SVG shows, and the words that stand for it where it is not seen."""

    title: str
    describes: str
    height: float
    words: tuple[Word, ...]
    lines: tuple[Line, ...]
    shapes: tuple[Shape, ...] = ()
    bars: tuple[Bar, ...] = ()
    width: float = WIDTH


def bins_of(days: Iterable[tuple[int, int]]) -> tuple[Bin, ...]:
    """The bins from the first to the last of some dates, each the first and the last day (ordinals) it can mean."""
    spans = list(days)
    if not spans:
        return ()
    months = [_month(day) for day, _ in spans]
    low, high = min(months), max(months)
    widths = [1, 3, *(12 * years for years in range(1, 10_000))]
    exact = max(last - day for day, last in spans) <= _YEAR
    width = next(w for w in widths if (exact or w >= 12) and high // w - low // w < MOST_BINS)
    return tuple(Bin(at * width, (at + 1) * width) for at in range(low // width, high // width + 1))


def bin_at(bins: Sequence[Bin], day: int) -> Bin:
    """The bin of a day that lies within them."""
    width = bins[0].end - bins[0].first
    return bins[(_month(day) - bins[0].first) // width]


def _month(day: int) -> int:
    found = date.fromordinal(day)
    return found.year * 12 + found.month - 1


def timeline(
    title: str, lanes: Sequence[tuple[str, str]], bins: Sequence[Bin], points: Sequence[Point], noun: str = "proposal"
) -> Chart:
    """A lane for each id and name, with a sign for each point: the more stories, the larger. A lane is one ``noun``."""
    most = max((point.stories for point in points), default=1)
    height = HEAD + LANE * len(lanes)
    words, lines = _frame(bins, height)
    shapes: list[Shape] = []
    for index, (id, name) in enumerate(lanes):
        top = LANE * index
        centre = top + HEAD + 23
        words.append(Word(MARGIN, top + 15, _short(name)))
        lines.append(Line(MARGIN, centre, WIDTH - MARGIN, centre))
        shapes += _signs([point for point in points if point.lane == id], bins, centre, most)
    describes = (
        f"{count_words(len(lanes), noun)} between {bins[0].name} and {bins[-1].name}. On each line, signs above "
        "it are support, signs below it opposition, signs on it conditional, mixed or neutral statements; larger signs "
        "are more stories. The table beside the chart tells the same."
    )
    return Chart(title, describes, height + AXIS, tuple(words), tuple(lines), shapes=tuple(shapes))


def _signs(points: Sequence[Point], bins: Sequence[Bin], centre: float, most: int) -> list[Shape]:
    beside: dict[tuple[Bin, int], list[Point]] = defaultdict(list)
    for point in points:
        beside[point.bin, _ROWS.get(point.label, 0)].append(point)
    found: list[Shape] = []
    for (bin, row), group in beside.items():
        for place, point in enumerate(group):
            x = _x(bins, bin) + (place - (len(group) - 1) / 2) * 2 * LEAST_RADIUS
            radius = LEAST_RADIUS + (MOST_RADIUS - LEAST_RADIUS) * sqrt((point.stories - 1) / max(1, most - 1))
            found += _sign(point, x, centre + row * ROW, radius)
    return found


def _sign(point: Point, x: float, y: float, r: float) -> list[Shape]:
    title = f"{point.bin.name}: {STANCES[point.label].word}, {count_words(point.stories, 'story', 'stories')}"
    return sign(point.label, title, x, y, r)


def sign(label: StanceLabel, title: str, x: float, y: float, r: float) -> list[Shape]:
    """The sign of a stance round a point: triangles up and down, a diamond, a half and a whole circle."""
    kind, r = label.value, round(r, 1)  # rounded once, so that half circles meet
    circle = f"M{x - r:.1f} {y:.1f}a{r:.1f} {r:.1f} 0 1 0 {2 * r:.1f} 0a{r:.1f} {r:.1f} 0 1 0 {-2 * r:.1f} 0Z"
    match label:
        case StanceLabel.SUPPORT:
            path = f"M{x:.1f} {y - r:.1f}L{x + r:.1f} {y + r:.1f}H{x - r:.1f}Z"
        case StanceLabel.OPPOSE:
            path = f"M{x:.1f} {y + r:.1f}L{x + r:.1f} {y - r:.1f}H{x - r:.1f}Z"
        case StanceLabel.CONDITIONAL:
            path = f"M{x:.1f} {y - r:.1f}L{x + r:.1f} {y:.1f}L{x:.1f} {y + r:.1f}L{x - r:.1f} {y:.1f}Z"
        case StanceLabel.MIXED:
            half = f"M{x:.1f} {y - r:.1f}a{r:.1f} {r:.1f} 0 0 0 0 {2 * r:.1f}Z"
            return [Shape(circle, f"{kind} hollow", title), Shape(half, kind, title)]
        case _:
            path = circle
    return [Shape(path, kind, title)]


@dataclass(frozen=True, slots=True)
class Column:
    """How many stakeholders stand in each camp at one time."""

    name: str
    camps: tuple[tuple[StanceLabel, int], ...]


def camps_over_time(title: str, columns: Sequence[Column]) -> Chart:
    """A lane for each stance with a bar a column: its height, and the number above it, are stakeholders."""
    labels = [label for label, _ in columns[0].camps]
    counts = [dict(column.camps) for column in columns]
    most = max((count for each in counts for count in each.values()), default=0) or 1
    step = (WIDTH - 2 * MARGIN) / len(columns)
    words: list[Word] = []
    lines: list[Line] = []
    bars: list[Bar] = []
    for index, label in enumerate(labels):
        base = (index + 1) * (BAR_LANE + BAR_HEAD)
        shown = STANCES[label]
        words.append(Word(MARGIN, base - BAR_LANE - 13, f"{shown.word} {shown.sign}"))
        lines.append(Line(MARGIN, base, WIDTH - MARGIN, base))
        for place, each in enumerate(counts):
            left, tall = MARGIN + place * step, (BAR_LANE - 14) * each[label] / most
            bars.append(
                Bar(
                    round(left + step * 0.15, 1),
                    round(base - tall, 1),
                    round(step * 0.7, 1),
                    round(tall, 1),
                    label.value,
                )
            )
            words.append(Word(round(left + step / 2, 1), round(base - tall - 4, 1), str(each[label]), "middle"))
    height = len(labels) * (BAR_LANE + BAR_HEAD)
    for place, column in enumerate(columns):
        words.append(Word(round(MARGIN + (place + 0.5) * step, 1), height + 18, column.name, "middle"))
    describes = (
        f"How many stakeholders stand in each of {count_words(len(labels), 'camp')} from {columns[0].name} to "
        f"{columns[-1].name}; the number stands above each bar. The table beside the chart tells the same."
    )
    return Chart(title, describes, height + AXIS, tuple(words), tuple(lines), bars=tuple(bars))


def _frame(bins: Sequence[Bin], height: float) -> tuple[list[Word], list[Line]]:
    """The axis of time: a line and a year where each begins, no more of them than there is room for."""
    starts = [bin for bin in bins if bin.first % 12 == 0] or [bins[0]]
    every = -(-len(starts) // 12)
    words, lines = [], []
    for bin in starts[::every]:
        x = _left(bins, bin)
        lines.append(Line(x, HEAD, x, height + 6))
        text = str(bin.first // 12) if bin.first % 12 == 0 else bin.name
        words.append(Word(round(x + 3, 1), height + 18, text))
    return words, lines


def _left(bins: Sequence[Bin], bin: Bin) -> float:
    return round(MARGIN + (WIDTH - 2 * MARGIN) * bins.index(bin) / len(bins), 1)


def _x(bins: Sequence[Bin], bin: Bin) -> float:
    return _left(bins, bin) + (WIDTH - 2 * MARGIN) / len(bins) / 2


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else f"{name[: LONGEST_NAME - 1]}…"
