"""The map as a page shows it: the form that asks for it, and its rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import quote, urlencode

from api.pages.words import STANCES, count_words, date_words, story_count
from api.services import in_topic_order
from api.store import Filters
from api.store.analyst import Question, Sheet
from nlp.records import MEDIUM, SURE, Position, StakeholderKind, Strength, Tier, Topic

PAGE = 100
#: The choices of the form, by the least confidence that they ask for.
CONFIDENCES = ((SURE, "high only"), (MEDIUM, "high and medium"), (0.0, "all, with low"))


@dataclass(frozen=True, slots=True)
class MapForm:
    """What the form asked for. ``errors`` are by field; a field in error does not filter."""

    topic: tuple[str, ...] = ()
    kind: tuple[str, ...] = ()
    publisher: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    confidence: float = MEDIUM
    page: int = 1
    errors: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, params: Sequence[tuple[str, str]], *, default: float = MEDIUM) -> MapForm:
        """Read the pairs of a query; empty fields do not filter and unknown ones are left alone."""
        given: dict[str, list[str]] = {}
        for name, value in params:
            if value.strip():
                given.setdefault(name, []).append(value.strip())
        errors: dict[str, str] = {}
        since, until = (_day(given, name, errors) for name in ("from", "to"))
        if since and until and until < since:
            errors["to"] = "This day lies before the first one."
            since = until = None
        return cls(
            topic=_texts(given, "topic", errors),
            kind=_kinds(given, errors),
            publisher=_texts(given, "publisher", errors),
            since=since,
            until=until,
            confidence=_confidence(given, default, errors),
            page=_page(given),
            errors=errors,
        )

    def to_question(self) -> Question:
        """What the form asks of the store."""
        return Question(filters=self.to_filters(), kind=tuple(StakeholderKind(kind) for kind in self.kind))

    def to_filters(self) -> Filters:
        return Filters(
            topic=self.topic,
            publisher=self.publisher,
            since=self.since,
            until=self.until,
            min_confidence=self.confidence,
        )

    def evidence_query(self) -> str:
        """The query that keeps the evidence page to the articles and the confidence of this map."""
        pairs = [("publisher", name) for name in self.publisher]
        pairs += [(name, day.isoformat()) for name, day in (("from", self.since), ("to", self.until)) if day]
        pairs += [("min_confidence", f"{self.confidence:g}")] if self.confidence != MEDIUM else []
        return f"?{urlencode(pairs)}" if pairs else ""

    def page_query(self, page: int) -> str:
        """The query of another page of the same map."""
        pairs = [("topic", name) for name in self.topic] + [("kind", name) for name in self.kind]
        own = self.evidence_query().removeprefix("?")
        return "?" + "&".join(part for part in (urlencode(pairs), own, f"page={page}") if part)

    @property
    def narrowed(self) -> bool:
        """Whether anything is asked for beyond the default."""
        return bool(self.topic or self.kind or self.publisher or self.since or self.until)


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
    """One position: what its cell says and where its link leads."""

    label: str
    word: str
    sign: str
    count: int
    title: str
    href: str


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    kind: str
    cells: tuple[Cell | None, ...]


@dataclass(frozen=True, slots=True)
class MapTable:
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    total: int
    positions: int
    more: bool


def evidence_path(holder: str, topic: str) -> str:
    return f"/positions/{quote(holder, safe='')}/{quote(topic, safe='')}"


def map_table(sheet: Sheet, form: MapForm, topics: Mapping[str, Topic]) -> MapTable:
    """The rows of one page of the map."""
    first = (form.page - 1) * PAGE
    query = form.evidence_query()
    columns = in_topic_order(sheet.topics(), topics)
    return MapTable(
        heads=tuple(topics[topic].name if topic in topics else topic for topic in columns),
        rows=tuple(_row(sheet, code, columns, query) for code in sheet.holders[first : first + PAGE]),
        total=len(sheet.holders),
        positions=sheet.size,
        more=len(sheet.holders) > first + PAGE,
    )


def _row(sheet: Sheet, code: int, columns: Sequence[str], query: str) -> Row:
    stakeholder = sheet.holder(code)
    own = {cell.position.topic: cell.position for cell in sheet.row(code)}
    positions = (own.get(topic) for topic in columns)
    cells = tuple(_cell(position, query) if position else None for position in positions)
    return Row(stakeholder.name, stakeholder.kind.value, cells)


def _cell(position: Position, query: str) -> Cell:
    stance = STANCES[position.label]
    count = story_count(position)
    parts = [count_words(count, "story", "stories"), f"{Tier.of(position.confidence)} confidence"]
    if position.strength is not Strength.PLAIN:
        parts.append(position.strength.value)
    if position.last:
        parts.append(f"latest {date_words(position.last)}")
    href = evidence_path(position.holder, position.topic) + query
    return Cell(position.label.value, stance.word, stance.sign, count, ", ".join(parts), href)
