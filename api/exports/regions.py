"""An article with what was found marked in it: stretches of text and what ties them together.

A statement's stretches are joined by *continues*, its holder's name (the last mention before the statement, else the
first) by *said_by*, the cue by *reported_by*, and a condition by *depends_on*.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import Protocol

from api.store.export_rows import Line, Source
from nlp.records import Span


@dataclass(frozen=True, slots=True)
class Region:
    """A stretch, half-open in code points. ``kind`` is statement, holder, cue or condition; ``line`` what it shows."""

    id: str
    kind: str
    start: int
    end: int
    line: Line | None = None


@dataclass(frozen=True, slots=True)
class Tie:
    source: str
    target: str
    kind: str


@dataclass(slots=True)
class Marked:
    """An article with its regions in the order in which they were found."""

    source: Source
    text: str
    regions: dict[str, Region] = field(default_factory=dict)
    ties: list[Tie] = field(default_factory=list)

    def put(self, region: Region) -> str:
        self.regions.setdefault(region.id, region)
        return region.id


class Reads(Protocol):
    """What is asked of an article beside its lines."""

    def texts(self, ids: Iterable[str]) -> Mapping[str, str]: ...

    def mentions(self, article: str) -> Mapping[str, tuple[Span, ...]]: ...

    def cues(self, article: str) -> Mapping[str, Span]: ...


def marked(lines: Iterable[Line], reads: Reads) -> Iterator[Marked]:
    """The articles of the lines, one after the other; those that may not be given away whole are left out."""
    for id, own in groupby(lines, key=lambda line: line.source.id):
        found = list(own)
        text = reads.texts([id]).get(id, "")
        if text:
            article, named, cues = Marked(found[0].source, text), reads.mentions(id), reads.cues(id)
            for line in found:
                _mark(article, line, _nearest(line, named), cues.get(line.passage))
            yield article


def _mark(article: Marked, line: Line, holder: Span | None, cue: Span | None) -> None:
    parts = [
        article.put(Region(line.name if not n else f"{line.name}#{n}", "statement", span.start, span.end, line))
        for n, span in enumerate(line.spans)
    ]
    if not parts:
        return
    article.ties += [Tie(*pair, "continues") for pair in pairwise(parts)]
    others = [("said_by", "holder", holder), ("reported_by", "cue", cue)]
    others.append(("depends_on", "condition", line.view.condition if line.view else None))
    for tie, kind, span in others:
        if span is not None:
            there = article.put(Region(f"{kind}@{span.start}-{span.end}", kind, span.start, span.end))
            article.ties.append(Tie(parts[0], there, tie))


def _nearest(line: Line, named: Mapping[str, tuple[Span, ...]]) -> Span | None:
    own = named.get(line.holder.id, ()) if line.holder else ()
    before = [span for span in own if line.spans and span.end <= line.spans[0].start]
    return before[-1] if before else own[0] if own else None
