"""A topic as its page shows it: camps, arguments by what they say, conditions, who is silent, and change over time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from api import arguments
from api.charts.lanes import Chart, Column, camps_over_time
from api.comparing import CAMPS, Divide
from api.pages.evidence_view import anchor_of
from api.pages.map_view import Cell, cell_view
from api.pages.paths import article_path, stakeholder_path, topic_path
from api.pages.stakeholder_view import Said, said
from api.schemas import Named
from api.store.analyst import Analyst, Question, Sheet
from api.store.evidence import Told
from api.store.narrow import Person
from api.store.profile import Reason
from api.words import STANCES, StanceWord, date_words, divided_words, kinds_told
from nlp.columns import LABELS
from nlp.divides import polarization
from nlp.records import StanceLabel, Topic

#: So many members of a camp are on the page with the others; a camp by itself comes in pages of so many.
MEMBERS, CAMP_PAGE = 12, 100
#: So many arguments of a side are shown, and so many of those who give one are named.
ARGUMENTS, VOICES = 12, 4
#: The camps are counted at the ends of no more years than this.
MOST_YEARS = 12


@dataclass(frozen=True, slots=True)
class Member:
    id: str
    name: str
    kind: str
    href: str
    cell: Cell


@dataclass(frozen=True, slots=True)
class CampView:
    """Those who stand alike: the first of them, and how many there are."""

    label: str
    stance: StanceWord
    stakeholders: int
    stories: int
    members: tuple[Member, ...]
    href: str

    @property
    def more(self) -> int:
        return self.stakeholders - len(self.members)


def camp_views(
    found: Divide,
    topic: str,
    query: str,
    people: Mapping[str, Person],
    *,
    only: StanceLabel | None = None,
    page: int = 1,
) -> list[CampView]:
    """All camps with their first members or, asked for one, a page of that."""
    joint = "&" if query else "?"
    views = []

    def name_of(id: str) -> str:
        return people[id].name if id in people else ""

    for camp in found.camps:
        if only is not None and camp.label is not only:
            continue
        own = [(holder, cell) for holder, cell in found.members if cell.position.label is camp.label]
        shown = own[(page - 1) * CAMP_PAGE : page * CAMP_PAGE] if only else own[:MEMBERS]
        kinds = kinds_told(((holder.id, holder.name, holder.kind.value) for holder, _ in shown), name_of)
        members = tuple(
            Member(
                holder.id, holder.name, kinds[holder.id], stakeholder_path(holder.id) + query, cell_view(cell, query)
            )
            for holder, cell in shown
        )
        href = f"{topic_path(topic)}{query}{joint}camp={camp.label.value}"
        views.append(CampView(camp.label.value, STANCES[camp.label], camp.stakeholders, camp.stories, members, href))
    return views


@dataclass(frozen=True, slots=True)
class Voice:
    """Somebody who gives a reason, and where it stands."""

    name: str
    id: str
    href: str
    words: str
    where: str
    article: str


@dataclass(frozen=True, slots=True)
class Argument:
    """Reasons worded alike, newest first: the newest stands for all."""

    words: str
    voices: tuple[Voice, ...]

    @property
    def named(self) -> tuple[Voice, ...]:
        return self.voices[:VOICES]

    @property
    def more(self) -> int:
        return len(self.voices) - len(self.named)


@dataclass(frozen=True, slots=True)
class Side:
    """The arguments of one side of a topic."""

    key: str
    title: str
    arguments: tuple[Argument, ...]

    @property
    def shown(self) -> tuple[Argument, ...]:
        return self.arguments[:ARGUMENTS]


def sides(reasons: Sequence[Reason], people: Mapping[str, Named], query: str) -> tuple[Side, ...]:
    """Arguments for, against, and of those in between; those that most stakeholders give come first."""
    return tuple(
        Side(
            side.key,
            side.title,
            tuple(Argument(each.words, _voices(each.reasons, people, query)) for each in side.arguments),
        )
        for side in arguments.sides(reasons)
    )


def _voices(reasons: Sequence[Reason], people: Mapping[str, Named], query: str) -> tuple[Voice, ...]:
    return tuple(
        Voice(
            name=people[reason.holder].name if reason.holder in people else reason.holder,
            id=reason.holder,
            href=stakeholder_path(reason.holder) + query,
            words=reason.span.text,
            where=f"{reason.article.publisher or 'publisher unknown'}, {date_words(reason.article.published)}",
            article=article_path(reason.article.id, anchor_of(reason.statement, (reason.span,))),
        )
        for reason in reasons
    )


@dataclass(frozen=True, slots=True)
class ConditionView:
    """What support or consent depends on, in its sentence."""

    name: str
    id: str
    href: str
    words: str
    said: Said


def condition_views(found: Iterable[Told], people: Mapping[str, Named], query: str) -> list[ConditionView]:
    return [
        ConditionView(
            name=people[told.stance.holder].name if told.stance.holder in people else told.stance.holder,
            id=told.stance.holder,
            href=stakeholder_path(told.stance.holder) + query,
            words=told.stance.condition.text if told.stance.condition else "",
            said=said(told),
        )
        for told in found
    ]


@dataclass(frozen=True, slots=True)
class Year:
    """The camps as they were known at the end of a year, or now."""

    name: str
    counts: tuple[tuple[StanceLabel, int], ...]
    divided: str
    index: float | None


def years(analyst: Analyst, question: Question) -> list[Year]:
    """The camps of a topic at the ends of the years in which anything was said on it, oldest first."""
    now = analyst.sheet(question)
    days = now.columns.last_day[now.columns.day > 0]
    if not len(days):
        return []
    first, last = date.fromordinal(int(days.min())).year, date.fromordinal(int(days.max())).year
    step = -(-(last - first + 1) // MOST_YEARS)
    found = []
    for year in range(last, first - 1, -step):
        end = min(date(year, 12, 31), question.filters.as_of or date.max)
        found.append(_year(analyst.sheet(replace(question, filters=replace(question.filters, as_of=end))), year))
    return found[::-1]


def _year(sheet: Sheet, year: int) -> Year:
    counts = label_counts(sheet)
    index = polarization(counts)
    return Year(str(year), tuple((label, counts[label]) for label in CAMPS), divided_words(index), index)


def label_counts(sheet: Sheet, topic: str | None = None) -> dict[StanceLabel, int]:
    """How many positions of a sheet have each label, on one topic or on all."""
    labels = sheet.cells.label
    if topic is not None:
        labels = labels[sheet.cells.topic == sheet.snapshot.books.topics.known.get(topic, -1)]
    counts = np.bincount(labels, minlength=len(LABELS)).tolist()
    return dict(zip(LABELS, counts, strict=True))


def years_chart(name: str, found: Sequence[Year]) -> Chart | None:
    """The camps year by year; one year alone is no change."""
    if len(found) < 2:
        return None
    return camps_over_time(f"{name}: camps at the end of each year", [Column(each.name, each.counts) for each in found])


@dataclass(frozen=True, slots=True)
class TopicRow:
    """A topic in the list."""

    id: str
    name: str
    claim: str
    href: str
    counts: tuple[tuple[StanceLabel, int], ...]
    divided: str
    index: float | None
    last: str


def topic_rows(sheet: Sheet, topics: Mapping[str, Topic], query: str) -> Iterator[TopicRow]:
    """Every known topic; those that nobody speaks of too."""
    for topic in topics.values():
        counts = label_counts(sheet, topic.id)
        index = polarization(counts)
        yield TopicRow(
            id=topic.id,
            name=topic.name,
            claim=topic.claim,
            href=topic_path(topic.id) + query,
            counts=tuple((label, counts[label]) for label in CAMPS),
            divided=divided_words(index),
            index=None if index is None else round(index, 4),
            last=_last(sheet, topic.id),
        )


def _last(sheet: Sheet, topic: str) -> str:
    own = np.flatnonzero(sheet.cells.topic == sheet.snapshot.books.topics.known.get(topic, -1))
    if not len(own):
        return ""
    at = int(own[np.argmax(sheet.cells.last[own])])
    return date_words(sheet.cells.read(at, sheet.snapshot.books).position.last)
