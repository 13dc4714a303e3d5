"""Statements over time: distinct stories by lane, stance and stretch of time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from api.charts.lanes import Bin, Point, bin_at, bins_of
from api.store.analyst import Sheet
from nlp.columns import LABELS


class By(StrEnum):
    """What has a lane of its own."""

    TOPIC = "topic"
    HOLDER = "holder"


@dataclass(frozen=True, slots=True)
class Moments:
    """The points with their bins, and how many stories are in none as they have no date."""

    bins: tuple[Bin, ...]
    points: tuple[Point, ...]
    undated: int


def moments_of(sheet: Sheet, by: By, lanes: Sequence[int] | None = None) -> Moments:
    """The points of the positions of a sheet; ``lanes`` are the codes of topics or holders, all by default."""
    columns, books = sheet.columns, sheet.snapshot.books
    codes, names = (columns.topic, books.topics.names) if by is By.TOPIC else (columns.holder, books.holders.names)
    shown = {int(getattr(sheet.cells, by.value)[at]) for at in sheet.listed} if lanes is None else set(lanes)
    rows = np.flatnonzero(np.isin(codes, sorted(shown)))
    dated = rows[columns.day[rows] > 0]
    undated = set(columns.story[rows].tolist()) - set(columns.story[dated].tolist())
    days = list(zip(columns.day[dated].tolist(), columns.last_day[dated].tolist(), strict=True))
    bins = bins_of(days)
    stories: dict[tuple[str, Bin, int], set[int]] = defaultdict(set)
    told = zip(codes[dated].tolist(), days, columns.label[dated].tolist(), columns.story[dated].tolist(), strict=True)
    for code, (day, _), label, story in told:
        stories[names[code], bin_at(bins, day), label].add(story)
    points = tuple(Point(lane, bin, LABELS[label], len(of)) for (lane, bin, label), of in stories.items())
    return Moments(bins, points, len(undated))
