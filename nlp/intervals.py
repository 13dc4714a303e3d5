"""Stretches of a text that are taken: found in logarithmic time, so that no step is quadratic in names."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort


class Intervals:
    """Half-open offsets that do not overlap."""

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: dict[int, int] = {}

    def add(self, start: int, end: int) -> None:
        """Take ``start``-``end``, which must be free."""
        insort(self._starts, start)
        self._ends[start] = end

    def overlaps(self, start: int, end: int) -> bool:
        """Whether any part of ``start``-``end`` is taken."""
        at = bisect_right(self._starts, start) - 1
        if at >= 0 and self._ends[self._starts[at]] > start:
            return True
        return at + 1 < len(self._starts) and self._starts[at + 1] < end

    def between(self, start: int, end: int) -> list[tuple[int, int]]:
        """What is taken from ``start`` to ``end``, in order."""
        low, high = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return [(at, self._ends[at]) for at in self._starts[low:high]]
