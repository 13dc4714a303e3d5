"""Quoted money over time: a sign for each sum, as high as it is large, told apart by how firm it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from math import log10

from api.charts.heat import short
from api.charts.lanes import AXIS, Chart, Line, Shape, Word
from api.words import STATUSES, count_words
from nlp.figure_claims import Claim
from nlp.records import FigureStatus

WIDTH, HEIGHT, LEFT, TOP = 900, 380, 76, 30
RADIUS = 5.0
#: Letters of what stands beside a sign, and units between two lines of it.
_LETTERS, _LINE = 24, 14
_UNITS = ((9, "bn"), (6, "m"), (3, "k"), (0, ""))


def day_of(claim: Claim) -> date | None:
    """When the money is for: the beginning of its period, else the day on which it was first quoted."""
    if claim.period and claim.period.start:
        return claim.period.start
    return claim.first.value if claim.first else None


def funding(title: str, claims: Sequence[Claim]) -> Chart:
    """Sums in pounds that are above 0 and dated, on a logarithmic scale, those in the most stories first."""
    placed = [(claim, day) for claim in claims if (day := day_of(claim)) is not None and claim.amount.high > 0]
    if not placed:
        return Chart(title, "No sum in pounds has a date.", 60, (Word(12, 30, "No sum in pounds has a date."),), ())
    logs = [log10(float(claim.amount.high)) for claim, _ in placed]
    low, high = int(min(logs)), int(max(logs)) + 1
    years = [day.year + (day.timetuple().tm_yday - 1) / 366 for _, day in placed]
    first, last = int(min(years)), int(max(years)) + 1
    words, lines = _axes(low, high, first, last)
    shapes: list[Shape] = []
    taken: list[tuple[float, float, float]] = []
    for (claim, day), size, year in zip(placed, logs, years, strict=True):
        x = LEFT + (WIDTH - LEFT - 60) * (year - first) / (last - first)
        y = TOP + HEIGHT * (1 - (size - low) / (high - low))
        status = claim.figures[0].figure.status
        told = f"{claim.text} for {claim.purpose or 'what is not said'}, {day.year}, {STATUSES[status]}"
        shapes.append(Shape(_mark(status, round(x, 1), round(y, 1)), _KINDS[status], told))
        if (word := _named(claim, x, y, taken)) is not None:
            words.append(word)
    legend = "   ".join(f"{_SIGNS[status]} {STATUSES[status]}" for status in FigureStatus)
    words.append(Word(LEFT, TOP + HEIGHT + 44, legend))
    describes = (
        f"{count_words(len(placed), 'sum')} of money between {first} and {last - 1}, the higher the larger, on a scale "
        "on which each line is ten times the one below. The shape says how firm a sum is. The data beside the chart "
        "tells the same."
    )
    height = TOP + HEIGHT + AXIS + 34
    return Chart(title, describes, height, tuple(words), tuple(lines), shapes=tuple(shapes), width=WIDTH)


def _named(claim: Claim, x: float, y: float, taken: list[tuple[float, float, float]]) -> Word | None:
    """The amount beside its sign, to the left near the right edge; none where it would lie over another one."""
    text = short(f"{claim.text} {claim.purpose}".strip(), _LETTERS)
    long = 7.2 * len(text)
    before = x + 8 + long > WIDTH
    left = x - 8 - long if before else x + 8
    if any(abs(y - at) < _LINE and left < last and first < left + long for first, last, at in taken):
        return None
    taken.append((left, left + long, y))
    return Word(round(x - 8 if before else x + 8, 1), round(y + 4, 1), text, "end" if before else "start")


def _axes(low: int, high: int, first: int, last: int) -> tuple[list[Word], list[Line]]:
    words, lines = [], []
    for power in range(low, high + 1):
        y = round(TOP + HEIGHT * (1 - (power - low) / (high - low)), 1)
        lines.append(Line(LEFT, y, WIDTH - 20, y))
        words.append(Word(LEFT - 8, y + 4, pounds(power), "end"))
    every = -(-(last - first) // 12)
    for year in range(first, last + 1, every):
        x = round(LEFT + (WIDTH - LEFT - 60) * (year - first) / (last - first), 1)
        lines.append(Line(x, TOP, x, TOP + HEIGHT + 6))
        words.append(Word(x, TOP + HEIGHT + 20, str(year), "middle"))
    return words, lines


def pounds(power: int) -> str:
    """A power of ten in pounds: "£10m"."""
    least, name = next(((least, name) for least, name in _UNITS if power >= least), (0, ""))
    return f"£{Decimal(10) ** (power - least):f}{name}"


_SIGNS = {
    FigureStatus.ACTUAL: "●",
    FigureStatus.COMMITTED: "■",
    FigureStatus.PROPOSED: "▲",
    FigureStatus.CLAIMED: "◆",
    FigureStatus.HYPOTHETICAL: "○",
}
_KINDS = {status: "sum hollow" if status is FigureStatus.HYPOTHETICAL else "sum" for status in FigureStatus}


def _mark(status: FigureStatus, x: float, y: float, r: float = RADIUS) -> str:
    match status:
        case FigureStatus.COMMITTED:
            return f"M{x - r} {y - r}H{x + r}V{y + r}H{x - r}Z"
        case FigureStatus.PROPOSED:
            return f"M{x} {y - r}L{x + r} {y + r}H{x - r}Z"
        case FigureStatus.CLAIMED:
            return f"M{x} {y - r}L{x + r} {y}L{x} {y + r}L{x - r} {y}Z"
        case _:
            return f"M{x - r} {y}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0Z"
