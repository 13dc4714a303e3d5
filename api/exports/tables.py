"""Tables that an export is written from: typed columns that say what they mean, and rows as they come."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import islice
from typing import TypeAlias, TypeVar

T = TypeVar("T")
Value: TypeAlias = str | int | float | Decimal | date | None


class Kind(StrEnum):
    """What a column holds: any value may be missing."""

    TEXT = "text"
    LINK = "link"
    COUNT = "count"
    SHARE = "share"
    SUM = "sum"
    DAY = "day"


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: Kind
    about: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows have a value for every column, in order; they are walked through once."""

    name: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[Value]]


def lots(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of so many; the last one may be shorter."""
    waiting = iter(items)
    while lot := list(islice(waiting, size)):
        yield lot


def columns(**described: str) -> tuple[Column, ...]:
    """Columns by name, each described as "kind: what it means"."""
    parts = {name: text.partition(": ") for name, text in described.items()}
    return tuple(Column(name, Kind(kind), about) for name, (kind, _, about) in parts.items())
