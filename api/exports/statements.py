"""Statements as a table: who said what on which proposal, in which words, where, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import chain, groupby
from urllib.parse import quote

from api.exports.made import made_now
from api.exports.tables import Table, Value, columns
from api.schemas import web_url
from api.store.export_rows import Line, Source
from nlp.records import Tier

#: The columns of the article that a row stands in, the same in every table.
SOURCE = {
    "title": "text: the article's title",
    "publisher": "text: who published it",
    "author": "text: who wrote it",
    "published": "text: when, no more exact than the source: YYYY, YYYY-MM or YYYY-MM-DD",
    "day": "day: the first day that `published` can mean",
    "url": "link: the article's address, where it has one that is http or https",
    "source": "text: where it was read from: its address or the name of its file",
    "article": "text: the article's id",
    "story": "text: equal for copies of one article",
    "licence": "text: the article's licence, as it was given",
    "expires": "day: until when it may be used",
    "page": "text: the address on a Standpoint server, below its root",
    "made_by": "text: the program, its version, the day",
}
COLUMNS = columns(
    statement="text: the statement's id; empty where narration alone shows the stance",
    holder="text: who holds it; empty: nobody is named",
    holder_id="text: the holder's id",
    holder_kind="text: person, organisation or group",
    on_behalf_of="text: the body that the holder speaks for",
    on_behalf_of_id="text: its id",
    capacity="text: official, personal or unspecified",
    manner="text: direct, indirect, mixed or authorial speech; empty in narration",
    quote="text: the words, copied; the parts of a split quotation with a space between them",
    start="count: where the words begin in the article's text, in code points",
    end="count: where they end, half-open",
    topic="text: the proposal's name; empty: it takes no stance on one that is known",
    topic_id="text: the proposal's id",
    stance="text: support, oppose, conditional, mixed, neutral or unclear",
    strength="text: hedged, plain or strong",
    condition="text: what support or consent depends on, in the holder's words",
    earlier="text: the stance that the holder says to have had before",
    reasons="text: the reasons given, with semicolons between them",
    stance_confidence="share: the probability that the stance is right",
    stance_why="text: why the program takes it so",
    confidence="share: the probability that the statement is the holder's",
    tier="text: the same in words: high, medium or low",
    **SOURCE,
)

_NOBODY, _NO_VIEW = (None,) * 3, (None,) * 9


def statement_table(lines: Iterable[Line], topics: Mapping[str, str]) -> Table:
    """A row a statement and stance; ``topics`` are names by id."""
    return Table("statements", COLUMNS, _rows(lines, topics))


def source_values(source: Source, anchor: str, made: str) -> tuple[Value, ...]:
    """The values of the columns of ``SOURCE``."""
    return (*_told(source), f"{_path(source)}{quote(anchor, safe='')}", made)


def _told(source: Source) -> tuple[Value, ...]:
    """The same but for the last two, which differ from row to row."""
    published = source.published
    return (
        source.title,
        source.publisher,
        source.author,
        str(published) if published else None,
        published.value if published else None,
        web_url(source.url),
        source.source,
        source.id,
        source.story,
        source.licence,
        source.expires,
    )


def _path(source: Source) -> str:
    return f"/articles/{quote(source.id, safe='')}#"


def _rows(lines: Iterable[Line], topics: Mapping[str, str]) -> Iterator[tuple[Value, ...]]:
    # A million rows in a minute: what is the same for all rows of an article is made once for it.
    for _, own in groupby(lines, key=lambda line: line.source.id):
        first = next(own)
        source = first.source
        told, path, made = _told(source), _path(source), made_now()
        for line in chain((first,), own):
            holder, body, spans = line.holder, line.body, line.spans
            yield (
                line.statement,
                *((holder.name, holder.id, holder.kind) if holder else _NOBODY),
                *((body.name, body.id) if body else _NOBODY[:2]),
                line.capacity,
                line.manner,
                line.words,
                spans[0].start if spans else None,
                spans[-1].end if spans else None,
                *(view_values(line, topics) if line.view else _NO_VIEW),
                line.confidence,
                tier_of(line.confidence),
                *told,
                path + _anchor(line),
                made,
            )


def _anchor(line: Line) -> str:
    # As the article's page has them (api.pages.evidence_view.anchor_of).
    if line.statement:
        return quote(line.statement.rpartition(":")[2], safe="")
    return f"c{line.spans[0].start}" if line.spans else "text"


def tier_of(confidence: float) -> str:
    return Tier.of(confidence).value


def view_values(line: Line, topics: Mapping[str, str]) -> tuple[Value, ...]:
    view = line.view
    if view is None:
        return _NO_VIEW
    return (
        topics.get(view.topic, view.topic),
        view.topic,
        view.label,
        view.strength,
        view.condition.text if view.condition else None,
        view.earlier,
        "; ".join(span.text for span in view.reasons) if view.reasons else None,
        view.confidence,
        view.why,
    )
