"""The map as a page shows it: the form that asks for it, and its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

import numpy as np
from markupsafe import Markup

from api.pages.map_rows import cell_note, cell_title, rows_html
from api.pages.paths import evidence_path, topic_path
from api.schemas import NO_CHECKS, Checked
from api.services import in_topic_order
from api.store import Filters
from api.store.analyst import Question, Sheet
from api.words import LEGEND, STANCES, kinds_told, story_count
from nlp.cells import Cell as MapCell
from nlp.cells import Grouping
from nlp.columns import LABEL_CODE
from nlp.records import MEDIUM, SURE, StakeholderKind, Tier, Topic

Choice = TypeVar("Choice", bound=StrEnum)
#: How many rows a page of the map has, and how many at most when all are asked for: 1,000 rows of 12 proposals are
#: some 150 KB on the way to the browser (make bench-pages).
PAGE, WHOLE = 100, 1000
#: The choices of the form, by the least confidence that they ask for.
CONFIDENCES = ((SURE, "high only"), (MEDIUM, "high and medium"), (0.0, "all, with low"))
GROUPS = (
    (Grouping.PERSON, "People alone"),
    (Grouping.ORGANISATION, "Bodies and groups"),
    (Grouping.BODY_AND_ITS_OFFICERS, "Bodies with officers"),
)


class Sort(StrEnum):
    """In which order the rows of the map come."""

    STORIES = "stories"
    NAME = "name"
    LATEST = "latest"
    STANCE = "stance"


SORTS = (
    (Sort.STORIES, "Most stories first"),
    (Sort.NAME, "By name"),
    (Sort.LATEST, "Latest first"),
    (Sort.STANCE, "By stance on the first proposal"),
)


@dataclass(frozen=True, slots=True)
class MapForm:
    """What the form asked for. ``errors`` are by field; a field in error does not filter."""

    topic: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    publisher: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    as_of: date | None = None
    group: Grouping | None = None
    sort: Sort = Sort.STORIES
    confidence: float = MEDIUM
    page: int = 1
    whole: bool = False
    errors: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, params: Sequence[tuple[str, str]], *, default: float = MEDIUM) -> MapForm:
        """Read the pairs of a query; empty fields do not filter and unknown ones are left alone."""
        given: dict[str, list[str]] = {}
        for name, value in params:
            if value.strip():
                given.setdefault(name, []).append(value.strip())
        errors: dict[str, str] = {}
        since, until, as_of = (_day(given, name, errors) for name in ("from", "to", "as_of"))
        if since and until and until < since:
            errors["to"] = "This day lies before the first one."
            since = until = None
        if since and as_of and as_of < since:
            errors["as_of"] = "This day lies before the first one."
            as_of = None
        return cls(
            topic=_texts(given, "topic", errors),
            kind=_kinds(given, errors),
            publisher=_texts(given, "publisher", errors),
            since=since,
            until=until,
            as_of=as_of,
            group=_one_of(given, "group", Grouping, errors),
            sort=_one_of(given, "sort", Sort, errors) or Sort.STORIES,
            confidence=_confidence(given, default, errors),
            page=_page(given),
            whole=given.get("rows", [""])[-1] == "all",
            errors=errors,
        )

    def to_question(self) -> Question:
        """What the form asks of the store."""
        kinds = tuple(StakeholderKind(kind) for kind in self.kind)
        return Question(filters=self.to_filters(), kind=kinds, group=self.group)

    def to_filters(self) -> Filters:
        return Filters(
            topic=self.topic,
            publisher=self.publisher,
            since=self.since,
            until=self.until,
            as_of=self.as_of,
            min_confidence=self.confidence,
        )

    def evidence_query(self) -> str:
        """The query that keeps another page to the articles, the confidence and the grouping of this one."""
        pairs = [("publisher", name) for name in self.publisher]
        days = (("from", self.since), ("to", self.until), ("as_of", self.as_of))
        pairs += [(name, day.isoformat()) for name, day in days if day]
        pairs += [("group", self.group.value)] if self.group is Grouping.BODY_AND_ITS_OFFICERS else []
        pairs += [("min_confidence", f"{self.confidence:g}")] if self.confidence != MEDIUM else []
        return f"?{urlencode(pairs)}" if pairs else ""

    def query(self) -> str:
        """The query of this map, whichever of its pages; empty for the whole one."""
        pairs = [("topic", name) for name in self.topic] + [("kind", name) for name in self.kind]
        grouped = self.group and self.group is not Grouping.BODY_AND_ITS_OFFICERS  # else it is in the evidence's
        pairs += [("group", self.group.value)] if self.group and grouped else []
        pairs += [("sort", self.sort.value)] if self.sort is not Sort.STORIES else []
        pairs += [("rows", "all")] if self.whole else []
        parts = [part for part in (urlencode(pairs), self.evidence_query().removeprefix("?")) if part]
        return f"?{'&'.join(parts)}" if parts else ""

    def page_query(self, page: int) -> str:
        """The query of another page of the same map."""
        return f"{self.query() or '?'}{'&' if self.query() else ''}page={page}"

    @property
    def size(self) -> int:
        """How many rows a page has at most."""
        return WHOLE if self.whole else PAGE

    @property
    def narrowed(self) -> bool:
        """Whether anything is asked for beyond the default."""
        return bool(self.topic or self.kind or self.group or self.narrows_coverage)

    @property
    def narrows_coverage(self) -> bool:
        """Whether some articles are left out, by publisher or by date."""
        return bool(self.publisher or self.since or self.until or self.as_of)


def _texts(given: Mapping[str, Sequence[str]], name: str, errors: dict[str, str]) -> tuple[str, ...]:
    values = tuple(dict.fromkeys(given.get(name, ())))
    if any("\0" in value for value in values):
        errors[name] = "This is not a name."
        return ()
    return values[:50]


def _day(given: Mapping[str, Sequence[str]], name: str, errors: dict[str, str]) -> date | None:
    values = given.get(name)
    if not values:
        return None
    try:
        return date.fromisoformat(values[-1])
    except ValueError:
        errors[name] = "Write a day as YYYY-MM-DD, such as 2014-05-21."
        return None


def _kinds(given: Mapping[str, Sequence[str]], errors: dict[str, str]) -> tuple[str, ...]:
    known = {kind.value for kind in StakeholderKind}
    values = given.get("kind", ())
    if not known.issuperset(values):
        errors["kind"] = "Choose person, organisation or group."
    return tuple(value for value in dict.fromkeys(values) if value in known)


def _one_of(
    given: Mapping[str, Sequence[str]], name: str, choices: type[Choice], errors: dict[str, str]
) -> Choice | None:
    values = given.get(name)
    if not values:
        return None
    try:
        return choices(values[-1])
    except ValueError:
        errors[name] = "Choose one of the list."
        return None


def _confidence(given: Mapping[str, Sequence[str]], default: float, errors: dict[str, str]) -> float:
    values = given.get("min_confidence")
    if not values:
        return default
    try:
        value = float(values[-1])
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        errors["min_confidence"] = "Choose one of the list."
        return default
    return value


def _page(given: Mapping[str, Sequence[str]]) -> int:
    last = given.get("page", ["1"])[-1]
    return max(1, int(last)) if last.isascii() and last.isdecimal() and len(last) < 7 else 1


@dataclass(frozen=True, slots=True)
class Cell:
    """One position: what its cell says, what is to be known beside it, and where its link leads."""

    label: str
    word: str
    sign: str
    count: int
    title: str
    note: str
    href: str


@dataclass(frozen=True, slots=True)
class Head:
    """A proposal over its column; without a page of its own, the link is empty."""

    name: str
    href: str


@dataclass(frozen=True, slots=True)
class MapTable:
    heads: tuple[Head, ...]
    rows: Markup
    total: int
    positions: int
    more: bool


def map_table(sheet: Sheet, form: MapForm, topics: Mapping[str, Topic], checked: Checked = NO_CHECKS) -> MapTable:
    """The rows of one page of the map; ``checked`` says how many reviewers looked at which."""
    first = (form.page - 1) * form.size
    query = form.evidence_query()
    columns = in_topic_order(sheet.topics(), topics)
    rows = sorted_rows(sheet, form.sort, columns)[first : first + form.size]
    who = [sheet.holder(code) for code in rows]
    kinds = kinds_told(((each.id, each.name, each.kind.value) for each in who), sheet.name_of)
    return MapTable(
        heads=tuple(_head(topic, topics, query) for topic in columns),
        rows=rows_html(sheet, rows, columns, query=query, kinds=kinds, checked=checked),
        total=len(sheet.holders),
        positions=sheet.size,
        more=len(sheet.holders) > first + form.size,
    )


def sorted_rows(sheet: Sheet, sort: Sort, columns: Sequence[str]) -> Sequence[int]:
    """The codes of the rows as they are asked for; rows that are equal by that keep the most stories first."""
    match sort:
        case Sort.NAME:
            ranks = sheet.snapshot.ranks
            return sorted(sheet.holders, key=lambda code: int(ranks[code]))
        case Sort.LATEST:
            latest = np.zeros(len(sheet.snapshot.books.holders.names), np.int64)
            np.maximum.at(latest, sheet.cells.holder, sheet.cells.last)
            return sorted(sheet.holders, key=lambda code: -int(latest[code]))
        case Sort.STANCE if columns:
            stance = _stance_on(sheet, columns[0])
            return sorted(sheet.holders, key=lambda code: stance.get(code, len(LEGEND)))
        case _:
            return sheet.holders


def _stance_on(sheet: Sheet, topic: str) -> dict[int, int]:
    """The place of each holder's stance on a topic in the order of the legend."""
    cells = sheet.cells
    own = np.flatnonzero(cells.topic == sheet.snapshot.books.topics.known[topic])
    places = {LABEL_CODE[label]: place for place, label in enumerate(LEGEND)}
    pairs = zip(cells.holder[own].tolist(), cells.label[own].tolist(), strict=True)
    return {holder: places[label] for holder, label in pairs}


def _head(topic: str, topics: Mapping[str, Topic], query: str) -> Head:
    return Head(topics[topic].name, topic_path(topic) + query) if topic in topics else Head(topic, "")


def cell_view(cell: MapCell, query: str, *, checked: int = 0) -> Cell:
    """A position as its cell says it; ``query`` is that of the evidence, ``checked`` in part or whole by so many."""
    position = cell.position
    stance = STANCES[position.label]
    count = story_count(position)
    return Cell(
        label=position.label.value,
        word=stance.word,
        sign=stance.sign,
        count=count,
        title=cell_title(count, Tier.of(position.confidence), position.strength, position.last),
        note=cell_note(cell.trend, cell.thin, checked),
        href=evidence_path(position.holder, position.topic) + query,
    )
