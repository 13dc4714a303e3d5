"""The four charts of a coverage: what is drawn, and the rows of the table that tells the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from api.charts.heat import heat_table
from api.charts.history import By, moments_of
from api.charts.lanes import Chart, Word, timeline
from api.charts.money import day_of, funding
from api.charts.network import Edge, Node, network
from api.claims import stored_figures
from api.exports.csv_table import Cell
from api.services import Services, in_topic_order
from api.store.analyst import Question, Sheet
from api.words import LEGEND, story_count
from nlp.alliances import find_ties_with
from nlp.figure_claims import Claim, find_claims
from nlp.records import StanceLabel, Topic

#: So many rows, lanes, stakeholders and sums are drawn by default, those in the most stories.
DRAWN = 30
#: More topics than this make a heat table that no page holds: those with the most positions are drawn.
MOST_TOPICS = 12
Row = Mapping[str, Cell]


class ChartKind(StrEnum):
    TIMELINE = "timeline"
    MAP = "map"
    CAMPS = "camps"
    FUNDING = "funding"


@dataclass(frozen=True, slots=True)
class Drawn:
    """A chart, and its data: every row has every column."""

    chart: Chart
    columns: tuple[str, ...]
    rows: tuple[Row, ...]


def draw(services: Services, kind: ChartKind, question: Question, *, limit: int = DRAWN, least: int = 2) -> Drawn:
    """The chart of a coverage. A timeline is of the question's one stakeholder or topic, camps of its one topic.

    ``least`` is the number of proposals that make a tie of the network.
    """
    match kind:
        case ChartKind.TIMELINE:
            return _timeline(services, question, limit)
        case ChartKind.MAP:
            return _map(services, question, limit)
        case ChartKind.CAMPS:
            return _camps(services, question, limit, least)
        case ChartKind.FUNDING:
            return _funding(services, question, limit)


def _timeline(services: Services, question: Question, limit: int) -> Drawn:
    sheet, known = services.store.analyst.sheet(question), services.topics()
    filters, books = question.filters, sheet.snapshot.books
    if filters.stakeholder:
        by, noun = By.TOPIC, "proposal"
        ids = in_topic_order(sheet.topics(), known)[:limit]
        lanes = [(id, _name(id, known)) for id in ids]
        whose = sheet.title(sheet.holders[0]) if sheet.holders else filters.stakeholder[0]
        codes = [books.topics.known[id] for id in ids]
    else:
        by, noun, codes = By.HOLDER, "stakeholder", list(sheet.holders[:limit])
        lanes = [(sheet.holder(code).id, sheet.title(code)) for code in codes]
        whose = _name(filters.topic[0], known)
    found, title = moments_of(sheet, by, codes), f"{whose}: statements over time"
    order = {id: place for place, (id, _) in enumerate(lanes)}
    points = sorted(found.points, key=lambda p: (order[p.lane], p.bin.first, LEGEND.index(p.label)))
    names = dict(lanes)
    rows = tuple(
        {noun: names[point.lane], f"{noun}_id": point.lane, "time": point.bin.name, "from_year": point.bin.first // 12,
         "from_month": point.bin.first % 12 + 1, "stance": point.label.value, "stories": point.stories}
        for point in points
    )  # fmt: skip
    chart = timeline(title, lanes, found.bins, points, noun) if found.bins else nothing(title)
    return Drawn(chart, (noun, f"{noun}_id", "time", "from_year", "from_month", "stance", "stories"), rows)


def nothing(title: str) -> Chart:
    """What is drawn where there is nothing to draw: it says so."""
    told = "Nothing in this coverage can be drawn."
    return Chart(title, told, 60, (Word(12, 34, told),), ())


_MAP_COLUMNS = ("stakeholder", "stakeholder_id", "topic", "topic_id", "stance", "stories", "confidence")


def _map(services: Services, question: Question, limit: int) -> Drawn:
    sheet, known = services.store.analyst.sheet(question), services.topics()
    codes = sheet.holders[:limit]
    cells = [(code, cell.position) for code in codes for cell in sheet.row(code)]
    counts: dict[str, int] = {}
    for _, position in cells:
        counts[position.topic] = counts.get(position.topic, 0) + 1
    most = sorted(counts, key=lambda topic: (-counts[topic], topic))[:MOST_TOPICS]
    topics = in_topic_order(most, known)
    rows = tuple(
        {"stakeholder": sheet.title(code), "stakeholder_id": each.holder, "topic": _name(each.topic, known),
         "topic_id": each.topic, "stance": each.label.value, "stories": story_count(each),
         "confidence": each.confidence}
        for code, each in cells if each.topic in topics
    )  # fmt: skip
    title = "Who stands where"
    return Drawn(heat_table(title, sheet, codes, topics, known) if codes else nothing(title), _MAP_COLUMNS, rows)


_CAMPS_COLUMNS = ("kind", "stakeholder", "stakeholder_id", "stance", "stories", "other", "other_id", "alike", "opposed")


def _camps(services: Services, question: Question, limit: int, least: int) -> Drawn:
    analyst, topic = services.store.analyst, question.filters.topic[0]
    sheet = analyst.sheet(question)
    nodes = [_node(sheet, code) for code in sheet.holders[:limit]]
    everything = analyst.sheet(replace(question, filters=replace(question.filters, topic=())))
    labels = everything.labels()
    edges = list(_edges({node.id: labels.get(node.id, {}) for node in nodes}, least))
    title = f"{_name(topic, services.topics())}: camps"
    names = {node.id: node.name for node in nodes}
    rows: list[Row] = [
        dict.fromkeys(_CAMPS_COLUMNS) | {"kind": "stakeholder", "stakeholder": node.name, "stakeholder_id": node.id,
                                         "stance": node.label.value, "stories": node.stories}
        for node in nodes
    ]  # fmt: skip
    rows += [
        {"kind": "tie", "stakeholder": names[edge.first], "stakeholder_id": edge.first, "stance": None, "stories": None,
         "other": names[edge.second], "other_id": edge.second, "alike": edge.alike, "opposed": edge.opposed}
        for edge in edges
    ]  # fmt: skip
    return Drawn(network(title, nodes, edges) if nodes else nothing(title), _CAMPS_COLUMNS, tuple(rows))


def _node(sheet: Sheet, code: int) -> Node:
    (cell,) = sheet.row(code)
    position = cell.position
    return Node(position.holder, sheet.title(code), position.label, story_count(position))


def _edges(positions: Mapping[str, Mapping[str, StanceLabel]], least: int) -> Iterator[Edge]:
    for who in positions:
        for tie in find_ties_with(positions, who):
            if tie.first == who and len(tie.alike) + len(tie.opposed) >= least:
                yield Edge(tie.first, tie.second, len(tie.alike), len(tie.opposed))


_FUNDING_COLUMNS = ("amount", "low", "high", "unit", "purpose", "day", "period", "status", "stories", "articles")


def _funding(services: Services, question: Question, limit: int) -> Drawn:
    filters = question.filters
    figures = stored_figures(services, replace(filters, stakeholder=()))
    wanted = set(filters.stakeholder)
    claims = [claim for claim in find_claims(figures) if claim.amount.unit == "GBP" and not claim.amount.per]
    if wanted:
        claims = [claim for claim in claims if wanted & _parties(claim)]
    shown = [claim for claim in claims if day_of(claim) and claim.amount.high > 0][:limit]
    return Drawn(funding("Quoted money over time", shown), _FUNDING_COLUMNS, tuple(map(_funding_row, shown)))


def _parties(claim: Claim) -> set[str]:
    roles: Iterable[Sequence[str | None]] = (
        (each.figure.payer, each.figure.recipient, each.figure.cited_by) for each in claim.figures
    )
    return {id for own in roles for id in own if id}


def _funding_row(claim: Claim) -> Row:
    return {
        "amount": claim.text,
        "low": claim.amount.low,
        "high": claim.amount.high,
        "unit": claim.amount.unit,
        "purpose": claim.purpose or None,
        "day": day_of(claim),
        "period": claim.period.text if claim.period else None,
        "status": claim.figures[0].figure.status.value,
        "stories": claim.stories,
        "articles": claim.articles,
    }


def _name(topic: str, known: Mapping[str, Topic]) -> str:
    return known[topic].name if topic in known else topic
