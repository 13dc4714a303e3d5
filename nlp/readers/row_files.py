"""The rows of a file of articles, of whatever format, to a Reading: none is lost, and none counts twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from nlp.errors import UnreadableError
from nlp.readers.items import attempt, make_article, shown
from nlp.readers.reading import Reading, SkippedItem
from nlp.readers.rows import identity, item_of
from nlp.records import Article


@dataclass(frozen=True, slots=True)
class Row:
    """A row: where it stands ("row 3"), and its values, or why it has none."""

    where: str
    values: Mapping[str, object] | None
    fault: str = ""


def read_rows(rows: Iterable[Row], *, format: str, source: str) -> Reading:
    """An article for each row; one without a text, or with the id of a row above, is skipped."""
    articles: list[Article] = []
    skipped: list[SkippedItem] = []
    seen: dict[str, str] = {}
    for count, row in enumerate(rows, 1):
        if row.values is None:
            skipped.append(SkippedItem(row.where, row.fault))
        elif (key := identity(row.values)) in seen:
            skipped.append(SkippedItem(row.where, f"has the id of {seen[str(key)]}: {shown(str(key))}"))
        else:
            before = len(articles)
            attempt(row.where, partial(_article, row.values, f"{source}#{count}", format), articles, skipped)
            if key and len(articles) > before:
                seen[key] = row.where
    if not articles and not skipped:
        raise UnreadableError("has no rows")
    return Reading(
        format=format, articles=tuple(articles), skipped=tuple(skipped), declared=len(articles) + len(skipped)
    )


def _article(values: Mapping[str, object], place: str, format: str) -> Article:
    return make_article(item_of(values, place=place), reader=f"{format}/1")
