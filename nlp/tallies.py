"""Tallies that add up: what was found, what was right, what went wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Counts:
    """Matches and misses of things that are to be found."""

    tp: int = 0
    fp: int = 0
    fn: int = 0

    @classmethod
    def of(cls, *, matched: int, predicted: int, gold: int) -> Counts:
        return cls(tp=matched, fp=predicted - matched, fn=gold - matched)

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.tp + other.tp, self.fp + other.fp, self.fn + other.fn)

    @property
    def gold(self) -> int:
        return self.tp + self.fn

    @property
    def precision(self) -> float:
        return self.tp / (self.tp + self.fp) if self.tp + self.fp else 0.0

    @property
    def recall(self) -> float:
        return self.tp / (self.tp + self.fn) if self.tp + self.fn else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both; 1 where nothing was to be found and nothing was."""
        seen = 2 * self.tp + self.fp + self.fn
        return 2 * self.tp / seen if seen else 1.0

    @property
    def headline(self) -> float:
        return self.f1


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How many of the compared values are right."""

    right: int = 0
    total: int = 0

    @classmethod
    def of(cls, verdicts: Iterable[bool]) -> Accuracy:
        tally = Counter(verdicts)
        return cls(tally[True], tally.total())

    def __add__(self, other: Accuracy) -> Accuracy:
        return Accuracy(self.right + other.right, self.total + other.total)

    @property
    def value(self) -> float | None:
        return self.right / self.total if self.total else None

    @property
    def headline(self) -> float | None:
        return self.value


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing missed, made up or wrong: ``what`` is its class, ``detail`` the row."""

    what: str
    detail: str

    def __str__(self) -> str:
        return f"{self.what}: {self.detail}"
