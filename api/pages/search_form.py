"""The form of the search page: what its address asks for, and the addresses of every other state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import TypeVar
from urllib.parse import urlencode

from api.store import Filters
from api.store.passages import PassageKind
from api.store.questions import EVERYTHING, Mode, Question
from api.store.reader import Reader
from api.store.relatives import Include, with_relatives
from api.store.search import parse_query
from nlp.errors import UsageError
from nlp.records import StakeholderKind, StanceLabel, Strength, Tier

T = TypeVar("T", bound=StrEnum)
Given = Mapping[str, Sequence[str]]

#: Filters by the names that the API has for them; those with a closed list of values, and that list.
CLOSED: Mapping[str, type[StrEnum]] = {
    "kind": StakeholderKind,
    "stance": StanceLabel,
    "strength": Strength,
    "tier": Tier,
    "include": Include,
}
OPEN = ("stakeholder", "topic", "publisher")
FILTERS = ("stakeholder", "kind", "topic", "stance", "strength", "publisher", "year", "tier")
LISTS = {f"{kind.value}s": kind for kind in PassageKind}
LONGEST, MOST = 300, 50


@dataclass(frozen=True, slots=True)
class SearchForm:
    """What the page is asked. ``values`` are by filter; what cannot be used is in ``errors`` and asks nothing."""

    q: str = ""
    mode: Mode = Mode.HYBRID
    within: tuple[PassageKind, ...] = ()
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    since: date | None = None
    until: date | None = None
    confidence: float | None = None
    after: str | None = None
    errors: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(cls, params: Sequence[tuple[str, str]]) -> SearchForm:
        """Read the pairs of an address; empty fields ask nothing and unknown ones are left alone."""
        given: dict[str, list[str]] = {}
        for name, value in params:
            if value.strip():
                given.setdefault(name, []).append(value.strip())
        errors: dict[str, str] = {}
        values = {name: _open(given, name) for name in OPEN}
        values |= {name: _closed(given, name, kind, errors) for name, kind in CLOSED.items()}
        values["year"] = tuple(year for year in _open(given, "year") if year.isascii() and year.isdecimal())
        since, until = (_day(given, name, errors) for name in ("from", "to"))
        if since and until and until < since:
            errors["to"] = "This day lies before the first one."
            since = until = None
        return cls(
            q=_query(given, errors),
            mode=_mode(given, errors),
            within=tuple(LISTS[name] for name in _open(given, "in") if name in LISTS),
            values={name: found for name, found in values.items() if found},
            since=since,
            until=until,
            confidence=_confidence(given, errors),
            after=given["after"][-1] if "after" in given else None,
            errors=errors,
        )

    def to_question(self, reader: Reader, *, confidence: float) -> Question:
        """The question for the store; ``confidence`` is the least where the form asks for none."""
        include = [Include(name) for name in self.values.get("include", ())]
        who = with_relatives(self.values.get("stakeholder", ()), include, reader)
        return Question(
            query=self.q,
            mode=self.mode,
            within=self.within or EVERYTHING,
            filters=Filters(
                stakeholder=who,
                topic=self.values.get("topic", ()),
                stance=tuple(StanceLabel(name) for name in self.values.get("stance", ())),
                publisher=self.values.get("publisher", ()),
                since=self.since,
                until=self.until,
                min_confidence=confidence if self.confidence is None else self.confidence,
            ),
            kind=tuple(StakeholderKind(name) for name in self.values.get("kind", ())),
            strength=tuple(Strength(name) for name in self.values.get("strength", ())),
            year=tuple(int(year) for year in self.values.get("year", ())),
            tier=tuple(Tier(name) for name in self.values.get("tier", ())),
        )

    def pairs(self) -> list[tuple[str, str]]:
        """The form as the pairs of an address, without its place in the list."""
        found = [("q", self.q)] if self.q else []
        found += [("mode", self.mode.value)] if self.mode is not Mode.HYBRID else []
        found += [("in", f"{kind.value}s") for kind in self.within]
        found += [(name, value) for name, values in self.values.items() for value in values]
        found += [(name, day.isoformat()) for name, day in (("from", self.since), ("to", self.until)) if day]
        return found + ([("min_confidence", f"{self.confidence:g}")] if self.confidence is not None else [])

    def query(self) -> str:
        """The query of the first page of the same results."""
        return f"?{urlencode(self.pairs())}"

    def carried(self) -> list[tuple[str, str]]:
        """What the form keeps though it has no field of its own: the filters that are chosen from counts."""
        return [(name, value) for name in FILTERS for value in self.values.get(name, ())]

    def has(self, name: str, value: str) -> bool:
        return (name, value) in self.pairs()

    def toggled(self, name: str, value: str) -> str:
        """The address with this filter, or without it where it is there."""
        pairs = self.pairs()
        kept = [pair for pair in pairs if pair != (name, value)]
        return f"?{urlencode(kept if len(kept) < len(pairs) else [*pairs, (name, value)])}"

    def cleared(self) -> str:
        """The address of the same words without any filter."""
        return f"?{urlencode([pair for pair in self.pairs() if pair[0] in ('q', 'mode')])}"

    def next_page(self, cursor: str) -> str:
        return f"?{urlencode([*self.pairs(), ('after', cursor)])}"

    @property
    def narrowed(self) -> bool:
        return len(self.pairs()) > len([pair for pair in self.pairs() if pair[0] in ("q", "mode")])


def _query(given: Given, errors: dict[str, str]) -> str:
    query = given.get("q", [""])[-1]
    if "\0" in query:
        errors["q"] = "A query has no NUL character."
        return ""
    if query:
        try:
            parse_query(query)
        except UsageError as error:
            errors["q"] = f"{error.what[:1].upper()}{error.what[1:]}."
    # Too long a query is not sent back.
    return query if len(query) <= LONGEST or "q" not in errors else ""


def _mode(given: Given, errors: dict[str, str]) -> Mode:
    name = given.get("mode", [Mode.HYBRID.value])[-1]
    if name not in set(Mode):
        errors["mode"] = "Choose one of the list."
        return Mode.HYBRID
    return Mode(name)


def _open(given: Given, name: str) -> tuple[str, ...]:
    values = (value for value in given.get(name, ()) if "\0" not in value and len(value) <= LONGEST)
    return tuple(dict.fromkeys(values))[:MOST]


def _closed(given: Given, name: str, kind: type[StrEnum], errors: dict[str, str]) -> tuple[str, ...]:
    values, known = _open(given, name), {member.value for member in kind}
    if not known.issuperset(values):
        errors[name] = f"Choose from {', '.join(sorted(known))}."
    return tuple(value for value in values if value in known)


def _day(given: Given, name: str, errors: dict[str, str]) -> date | None:
    if name not in given:
        return None
    try:
        return date.fromisoformat(given[name][-1])
    except ValueError:
        errors[name] = "Write a day as YYYY-MM-DD, such as 2014-05-21."
        return None


def _confidence(given: Given, errors: dict[str, str]) -> float | None:
    if "min_confidence" not in given:
        return None
    try:
        value = float(given["min_confidence"][-1])
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        errors["min_confidence"] = "Choose one of the list."
        return None
    return value
