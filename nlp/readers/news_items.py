"""News items of agencies: what their publisher says of their state is honoured, and of versions the newest counts.

States and versions mean the same in ninjs and in NewsML-G2 (IPTC, "pubStatus", NewsCodes scheme "stat").
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from nlp.errors import UnreadableError
from nlp.readers.items import Version, attempt, newest
from nlp.readers.reading import Reading, SkippedItem
from nlp.readers.stamps import read_stamp
from nlp.records import Article

_CANCELLED = ("canceled", "cancelled")
_USABLE = "usable"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewsItem:
    """One version of an item; ``make`` gives its article or raises UnreadableError."""

    where: str
    id: str
    version: float
    created: str
    status: str
    embargoed: object
    make: Callable[[], Article]

    @property
    def state(self) -> str:
        """The state without the name of its scheme: "stat:usable" is "usable"."""
        return self.status.rpartition(":")[2].strip().lower()


def read_news_items(
    items: Iterable[NewsItem], *, format: str, declared: int | None, skipped: list[SkippedItem]
) -> Reading:
    """The articles of the newest versions; what is withdrawn is named by its id, the rest has its reason."""
    listed = list(items)
    kept, older = newest(Version(item.id, (item.version, item.created), item.where) for item in listed)
    articles: list[Article] = []
    withdrawn: list[str] = []
    skipped = [*skipped, *older]
    for item in listed:
        if item.where not in kept:
            continue
        if item.state in _CANCELLED:
            withdrawn.append(item.id)
        elif fault := _held_back(item):
            skipped.append(SkippedItem(item.where, fault))
        else:
            attempt(item.where, item.make, articles, skipped)
    if not articles and not withdrawn and not skipped:
        raise UnreadableError("holds no news items")
    return Reading(
        format=format,
        articles=tuple(articles),
        skipped=tuple(skipped),
        declared=declared,
        withdrawn=tuple(withdrawn),
    )


def _held_back(item: NewsItem) -> str | None:
    """Why an item may not be used yet, or None."""
    if item.state != _USABLE:
        return f"is withheld by its publisher (status {item.state[:40]})"
    until = read_stamp(item.embargoed)
    return f"is under embargo until {until}" if until and until.last > today() else None


def today() -> date:
    """The day in UTC, in which agencies give their times."""
    return datetime.now(UTC).date()
