"""Positions as a table, each with the words that show it best, and the map: stakeholders by proposals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from api.exports.made import made_now
from api.exports.tables import Column, Kind, Table, Value, columns, lots
from api.schemas import web_url
from api.services import in_topic_order
from api.store.analyst import Analyst, Holder, Question, Sheet
from api.store.export_rows import Line
from api.store.exporting import Exporter
from nlp.cells import Cell
from nlp.records import Position, Tier

#: Positions whose words are read at a time.
LOT = 500
COLUMNS = columns(
    stakeholder="text: who holds it",
    stakeholder_id="text: the stakeholder's id",
    kind="text: person, organisation or group",
    topic="text: the proposal's name",
    topic_id="text: the proposal's id",
    stance="text: support, oppose, conditional, mixed or neutral",
    strength="text: hedged, plain or strong",
    stories="count: distinct stories that show the stance",
    all_stories="count: distinct stories that show any stance",
    confidence="share: the probability that the position is right",
    tier="text: the same in words: high, medium or low",
    since="text: the first date of a stance on it, no more exact than the source",
    latest="text: the last one",
    trend="text: where the last stances move; empty: nowhere",
    thin="text: yes where few stories show it, else no",
    checked="count: people who confirmed or corrected a stance that it rests on; 0: it was checked by no one",
    earlier="text: the stance that the stakeholder says to have had before",
    quote="text: the surest words that show it, copied; empty where narration alone shows it",
    statement="text: the statement that the words are from",
    statements="text: the ids of the surest statements, five at most, with spaces between them",
    title="text: the title of the article that the words are from",
    publisher="text: who published it",
    published="text: when, no more exact than the source",
    url="link: the article's address, where it has one that is http or https",
    source="text: where it was read from",
    article="text: the article's id",
    licence="text: its licence, as it was given",
    page="text: the address of the quotes on a Standpoint server, below its root",
    made_by="text: the program, its version, the day",
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A position with its holder, and the line that shows it best."""

    holder: Holder
    cell: Cell
    position: Position
    line: Line | None
    checked: int = 0


def standings(
    analyst: Analyst, exporter: Exporter, question: Question, checked: Mapping[tuple[str, str], int]
) -> Iterator[Standing]:
    """All positions that answer the question, row after row of the map; ``checked`` by so many people."""
    sheet = analyst.sheet(question)
    holders = {holder.id: holder for code in sheet.holders for holder in (sheet.holder(code),)}
    for lot in lots(range(sheet.size), LOT):
        told = analyst.positions(question, lot)
        lines = exporter.lines_of(each.statements[0] for each in told if each.statements)
        for place, position in zip(lot, told, strict=False):
            cell = sheet.cells.read(sheet.listed[place], sheet.snapshot.books)
            by = checked.get((position.holder, position.topic), 0)
            yield Standing(holders[position.holder], cell, position, _line(lines, position), by)


def _line(lines: Mapping[str, Sequence[Line]], position: Position) -> Line | None:
    own = lines.get(position.statements[0], ()) if position.statements else ()
    return next((line for line in own if line.view and line.view.topic == position.topic), own[0] if own else None)


def position_table(found: Iterable[Standing], topics: Mapping[str, str]) -> Table:
    """A row a stakeholder and proposal."""
    return Table("positions", COLUMNS, _rows(found, topics))


def shown_stories(position: Position) -> int:
    """The distinct stories that show the position's stance; all of its stories where the stance joins others."""
    return dict(position.stories).get(position.label) or position.story_count


def _rows(found: Iterable[Standing], topics: Mapping[str, str]) -> Iterator[tuple[Value, ...]]:
    made = made_now()
    for each in found:
        position, cell = each.position, each.cell
        yield (
            each.holder.name,
            each.holder.id,
            each.holder.kind.value,
            topics.get(position.topic, position.topic),
            position.topic,
            position.label.value,
            position.strength.value,
            shown_stories(position),
            position.story_count,
            position.confidence,
            Tier.of(position.confidence).value,
            str(position.first) if position.first else None,
            str(position.last) if position.last else None,
            cell.trend.value if cell.trend else None,
            "yes" if cell.thin else "no",
            each.checked,
            position.earlier.value if position.earlier else None,
            *_words(each),
            f"/positions/{quote(position.holder, safe='')}/{quote(position.topic, safe='')}",
            made,
        )


def _words(each: Standing) -> tuple[Value, ...]:
    line = each.line
    if line is None:
        return (None,) * 10
    source = line.source
    return (
        line.words,
        line.statement,
        " ".join(each.position.statements),
        source.title,
        source.publisher,
        str(source.published) if source.published else None,
        web_url(source.url),
        source.source,
        source.id,
        source.licence,
    )


def map_table(sheet: Sheet, topics: Mapping[str, str]) -> Table:
    """A row a stakeholder, two columns a proposal: the stance, and the distinct stories that show it."""
    found = in_topic_order(sheet.topics(), topics)
    own = [
        Column("stakeholder", Kind.TEXT, "who"),
        Column("stakeholder_id", Kind.TEXT, "the stakeholder's id"),
        Column("kind", Kind.TEXT, "person, organisation or group"),
    ]
    for topic in found:
        name = topics.get(topic, topic)
        own.append(Column(topic, Kind.TEXT, f"the stance on {name}; empty: no position found"))
        own.append(Column(f"{topic}_stories", Kind.COUNT, f"distinct stories that show the stance on {name}"))
    return Table("map", [*own, Column("made_by", Kind.TEXT, "the program, its version, the day")], _map(sheet, found))


def _map(sheet: Sheet, topics: Sequence[str]) -> Iterator[tuple[Value, ...]]:
    made = made_now()
    for code in sheet.holders:
        holder = sheet.holder(code)
        own = {cell.position.topic: cell.position for cell in sheet.row(code)}
        cells = [
            value
            for topic in topics
            for position in (own.get(topic),)
            for value in ((position.label.value, shown_stories(position)) if position else (None, None))
        ]
        yield (holder.name, holder.id, holder.kind.value, *cells, made)
