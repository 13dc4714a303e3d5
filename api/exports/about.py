"""What a file says of itself: what is in it, under which filters, by whom and when, and what each column means."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from api.exports.made import made_now
from api.exports.tables import Column
from api.store import Filters

NOTICE = (
    "The words are those of the articles and belong to their publishers: see the columns licence and expires. "
    "Everything else was found by a program and, but where it says so, checked by no one; read the sentences before "
    "you quote."
)


@dataclass(frozen=True, slots=True)
class About:
    """``filters`` are what was asked for, as pairs of name and value."""

    what: str
    filters: tuple[tuple[str, str], ...]
    made: str

    def lines(self) -> list[tuple[str, str]]:
        """Pairs of a heading and a text."""
        asked = "; ".join(f"{name}: {value}" for name, value in self.filters) or "none"
        return [("Standpoint", self.what), ("Made", self.made), ("Filters", asked), ("Notice", NOTICE)]

    def readme(self, columns: Sequence[Column], counts: Iterable[tuple[str, int]]) -> list[tuple[str, str]]:
        """The same, then how many rows there are and what was left out, then the columns."""
        told = [(name[:1].upper() + name[1:], str(count)) for name, count in counts]
        return [*self.lines(), *told, ("", ""), ("Column", "Meaning"), *((each.name, each.about) for each in columns)]


def about(what: str, filters: Filters, more: Iterable[tuple[str, Any]] = ()) -> About:
    """What is said of an export of these filters, and of what was asked beside them."""
    names = ("stakeholder", "topic", "stance", "manner", "publisher", "article", "since", "until", "as_of", "q")
    asked = [(name, getattr(filters, name)) for name in names] + list(more)
    pairs = [(name, _printed(value)) for name, value in asked if value]
    return About(what, (*pairs, ("min_confidence", f"{filters.min_confidence:g}")), made_now())


def _printed(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return ", ".join(map(str, value)) if isinstance(value, tuple | list) else str(value)
