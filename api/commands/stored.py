"""``standpoint map`` and ``show``: what the store holds, for people and for programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from api.commands.output import joined, note, one_line, plain, say, say_json, say_table
from api.routes.bodies import StakeholderDetail
from api.routes.kin import KinOut
from api.routes.map_bodies import map_document
from api.schemas import PositionOut, StakeholderOut
from api.services import Services, in_topic_order
from api.store import Filters, StanceRow
from api.store.analyst import Question, Sheet
from api.words import LEGEND, STANCES, confidence_words, count_words, date_words, stance_cell
from nlp.errors import NotFoundError
from nlp.records import Position, Stakeholder, StakeholderKind, StanceLabel, Topic

if TYPE_CHECKING:
    from rich.table import Table

#: How many quotes ``show`` prints.
QUOTES = 10
_COLOURS = {
    StanceLabel.SUPPORT: "green",
    StanceLabel.OPPOSE: "red",
    StanceLabel.CONDITIONAL: "yellow",
    StanceLabel.MIXED: "magenta",
}


def show_map(services: Services, *, topics: tuple[str, ...], confidence: float | None, as_json: bool) -> int:
    """Print the map of stakeholders and topics."""
    known = services.topics()
    for topic in topics:
        if topic not in known:
            raise NotFoundError(f"there is no topic {topic}", do=f"the topics are {', '.join(known)}")
    floor = services.settings.min_confidence if confidence is None else confidence
    sheet = services.store.analyst.sheet(Question(filters=Filters(topic=topics, min_confidence=floor)))
    if as_json:
        say_json(map_document(sheet, sheet.holders, known, checked=services.store.judging.cells()))
    elif not sheet.holders:
        note(f"No position of confidence {floor:g} or more is stored; see `standpoint ingest` and --min-confidence 0.")
    else:
        say_table(_map_table(sheet, known))
        say(legend())
    return 0


def legend() -> str:
    """What the signs and numbers of the map mean, in one line."""
    signs = ", ".join(f"{STANCES[label].sign} {STANCES[label].word.lower()}" for label in LEGEND)
    return f"{signs}; the number counts distinct stories; – no position found. Machine-extracted: read the sentences."


def _map_table(sheet: Sheet, known: Mapping[str, Topic]) -> Table:
    from rich.table import Table
    from rich.text import Text

    columns = in_topic_order(sheet.topics(), known)
    table = Table("Stakeholder", title="Who stands where", title_justify="left")
    for topic in columns:
        table.add_column(Text(known[topic].name if topic in known else topic))
    for code in sheet.holders:
        own = {cell.position.topic: cell.position for cell in sheet.row(code)}
        cells = [_cell(own.get(topic)) for topic in columns]
        table.add_row(Text(one_line(sheet.title(code))), *(Text(text, style) for text, style in cells))
    return table


def _cell(position: Position | None) -> tuple[str, str]:
    return (stance_cell(position), _COLOURS.get(position.label, "")) if position else ("–", "dim")


def _name(id: str | None, names: Mapping[str, Stakeholder]) -> str:
    return "unattributed" if id is None else names[id].name if id in names else id


def _source(row: StanceRow) -> str:
    head = row.article
    return one_line(joined([head.title or head.source, head.publisher or "", date_words(head.published), head.id]))


def show_stakeholder(services: Services, name: str, *, as_json: bool) -> int:
    """Print who a stakeholder is, where it stands, and its newest words."""
    reader = services.store.reader
    stakeholder = reader.stakeholder(name)
    filters = Filters(stakeholder=(stakeholder.id,), min_confidence=services.settings.min_confidence)
    positions = [position for position in reader.positions(filters) if position.holder == stakeholder.id]
    page = reader.stances(filters, limit=QUOTES)
    ids = {position.on_behalf_of for position in positions} | {row.stance.holder for row in page.items}
    ids |= {stakeholder.parent, *(office.organisation for office in stakeholder.affiliations)}
    names = reader.stakeholders_by_id({stakeholder.id, *(id for id in ids if id)})
    if as_json:
        checked = services.store.judging.cells()
        detail = StakeholderDetail(
            stakeholder=StakeholderOut.from_record(stakeholder),
            kin=KinOut.of(stakeholder),
            positions=[PositionOut.from_record(position, names, checked) for position in positions],
        )
        say_json(detail.model_dump(mode="json"))
        return 0
    say("\n".join([*_who_lines(stakeholder, names), *_position_lines(positions, services.topics())]))
    for row in page.items:
        say(_quote_lines(row, names))
    return 0


def _who_lines(stakeholder: Stakeholder, names: Mapping[str, Stakeholder]) -> list[str]:
    lines = [one_line(f"{stakeholder.name} ({stakeholder.kind}, {stakeholder.id})")]
    lines += [one_line(f"Also: {', '.join(stakeholder.aliases)}")] if stakeholder.aliases else []
    lines += [one_line(f"Part of: {_name(stakeholder.parent, names)}")] if stakeholder.parent else []
    lines += [one_line(f"Office: {joined([a.role, _name(a.organisation, names)])}") for a in stakeholder.affiliations]
    for succession in stakeholder.successors:
        lines.append(one_line(f"Followed by: {succession.id}" + (f" on {succession.on}" if succession.on else "")))
    if stakeholder.kind is not StakeholderKind.PERSON and (stakeholder.start or stakeholder.end):
        lines.append(f"In being: {stakeholder.start or 'unknown'} to {stakeholder.end or 'now'}")
    return lines


def _position_lines(positions: list[Position], topics: Mapping[str, Topic]) -> list[str]:
    if not positions:
        return ["\nNo position of enough confidence is stored."]
    lines = ["\nPositions"]
    for position in positions:
        topic = topics[position.topic].name if position.topic in topics else position.topic
        stance = STANCES[position.label]
        stories = count_words(position.story_count, "story", "stories")
        latest = f"latest {date_words(position.last)}" if position.last else ""
        before = f"earlier {STANCES[position.earlier].word.lower()}" if position.earlier else ""
        details = joined([stories, confidence_words(position.confidence), latest, before])
        lines.append(f"  {stance.word} {stance.sign} {topic} ({details})")
    return [*lines, "\nIn whose words"]


def _quote_lines(row: StanceRow, names: Mapping[str, Stakeholder]) -> str:
    spans = row.statement.spans if row.statement else row.stance.evidence.spans
    words = one_line(" … ".join(span.text for span in spans))
    holder = _name(row.stance.holder, names)
    stance = STANCES[row.stance.label]
    head = one_line(f"{stance.word} {stance.sign} {row.stance.topic}, {holder}")
    return plain(f"  {head}: “{words}”\n    {_source(row)}")
