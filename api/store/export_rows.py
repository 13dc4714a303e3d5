"""What an export hands out: lines of what was said, figures, the article of each and who is named. Plain and typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TypeAlias

from nlp.records import Figure, Licence, PartialDate, Span

#: Where an item stands: newest day first (negative), newest article first (negative), then as in the text.
Place: TypeAlias = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Party:
    """A stakeholder as a row names it."""

    id: str
    name: str
    kind: str
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """The article that a row stands in; ``shown`` is what may be shown of it today.

    ``version`` and ``run`` are those of the analysis, ``added`` is in UTC.
    """

    id: str
    source: str
    title: str | None
    publisher: str | None
    published: PartialDate | None
    author: str | None
    url: str | None
    genre: str | None
    story: str
    licence: str | None
    expires: date | None
    shown: Licence
    added: datetime
    version: str
    run: str


@dataclass(frozen=True, slots=True)
class View:
    """The stance of a line on one topic."""

    topic: str
    label: str
    strength: str
    condition: Span | None
    earlier: str | None
    reasons: tuple[Span, ...]
    confidence: float
    why: str


@dataclass(frozen=True, slots=True)
class Line:
    """What somebody is shown to say and, if it takes one, a stance on one topic: a statement with two has two lines.

    ``statement`` is None where narration alone shows the stance; ``confidence`` is then that of the stance.
    """

    source: Source
    place: Place
    statement: str | None
    holder: Party | None
    body: Party | None
    manner: str | None
    capacity: str | None
    words: str
    spans: tuple[Span, ...]
    confidence: float
    view: View | None

    @property
    def name(self) -> str:
        """What tells the line from every other: "ARTICLE:s1/pooling", or "ARTICLE:n4/pooling" for narration."""
        return f"{self.passage}/{self.view.topic}" if self.view else self.passage

    @property
    def passage(self) -> str:
        """The statement's id, or for narration an id made of the article and the number of the stance there."""
        return self.statement or f"{self.source.id}:n{self.place[3]}"


@dataclass(frozen=True, slots=True)
class Money:
    """A quoted figure with the names of who pays, gets and quotes it."""

    source: Source
    figure: Figure
    parties: Mapping[str, Party]
