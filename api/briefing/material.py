"""What a briefing is made of, read from the store: positions, reasons, changes, money, silence, and their articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from api.arguments import Side, sides
from api.briefing.record import Asked
from api.claims import Sentence, money_of, quoted, sentences_of
from api.services import Services, in_topic_order
from api.store import Filters
from api.store.analyst import Question, Sheet
from api.store.evidence import Speaker, Told
from nlp.cells import Cell
from nlp.changes import Change
from nlp.columns import LABEL_CODE
from nlp.divides import polarization
from nlp.figure_claims import Claim
from nlp.figure_rivals import Rivalry
from nlp.records import Article, Run, StanceLabel, Topic

#: So much of each section is listed; what is left is counted.
POSITIONS, ARGUMENTS, VOICES, CHANGES, RIVALS, SUMS, SILENT = 40, 8, 4, 15, 8, 12, 15


@dataclass(frozen=True, slots=True)
class Stand:
    """A position and its latest words; None where they are gone."""

    cell: Cell
    told: Told | None


@dataclass(frozen=True, slots=True)
class Material:
    """Everything that was read; what is said of it comes later. ``left_out`` says in words what is not listed."""

    topics: tuple[Topic, ...]
    divided: Mapping[str, float | None]
    sheet: Sheet
    stands: tuple[Stand, ...]
    arguments: tuple[tuple[str, Side], ...]
    changes: tuple[tuple[Change, Told | None, Told], ...]
    rivalries: tuple[Rivalry, ...]
    claims: tuple[Claim, ...]
    sentences: Mapping[str, Sentence]
    more_sums: int
    silent: tuple[tuple[str, Speaker], ...]
    articles: Mapping[str, Article]
    runs: Mapping[str, Run]
    checked: Mapping[tuple[str, str], int]
    left_out: tuple[str, ...]


def read_material(services: Services, asked: Asked) -> Material:
    """All that the briefing asks for, in a number of SQL statements that depends on its topics alone."""
    analyst, out = services.store.analyst, list[str]()
    known = services.topics()
    question = Question(filters=_filters(asked))
    sheet = analyst.sheet(question)
    ids = asked.topics or in_topic_order(known if asked.all_topics else sheet.topics(), known)
    topics = tuple(known[id] for id in ids if id in known)
    stands = _stands(services, sheet, [topic.id for topic in topics], out)
    spoken = {sheet.snapshot.books.topics.names[code] for code in np.unique(sheet.columns.topic).tolist()}
    asked_for = [topic.id for topic in topics if topic.id in spoken]
    arguments = tuple((topic, side) for topic in asked_for for side in _sides(services, question, topic))
    changes = _changes(services, question, asked, {topic.id for topic in topics}, out)
    money = money_of(services, question.filters, rivalries=RIVALS, sums=SUMS)
    shown = [claim for rivalry in money.rivalries for claim in rivalry.amounts] + [*money.sums]
    figures = [quoted(claim.figures)[0] for claim in shown]
    sentences = sentences_of(services.store.reader, figures)
    silent = tuple(_silent(services, question, topics, out))
    articles = services.store.reader.articles_by_id(
        _articles(stands, arguments, changes) | {each.article for each in figures}
    )
    return Material(
        topics=topics,
        divided=_divided(services, asked, topics),
        sheet=sheet,
        stands=stands,
        arguments=arguments,
        changes=changes,
        rivalries=money.rivalries,
        claims=money.sums,
        sentences=sentences,
        more_sums=money.more,
        silent=silent,
        articles=articles,
        runs=services.store.reader.runs_of(articles),
        checked=services.store.judging.cells(),
        left_out=tuple(out),
    )


def _filters(asked: Asked) -> Filters:
    return Filters(
        topic=asked.topics,
        stakeholder=asked.stakeholders,
        since=asked.since,
        until=asked.until,
        min_confidence=asked.min_confidence,
    )


def _stands(services: Services, sheet: Sheet, topics: Sequence[str], out: list[str]) -> tuple[Stand, ...]:
    """The positions of those with the most stories, topic by topic, those who stand alike together."""
    places = {topic: place for place, topic in enumerate(topics)}
    found = [(at, sheet.cells.read(at, sheet.snapshot.books)) for code in sheet.holders for at in sheet.places(code)]
    found = [(at, cell) for at, cell in found if cell.position.topic in places]
    if len(found) > POSITIONS:
        out.append(f"{len(found) - POSITIONS} more positions, of those in fewer stories")
    shown = found[:POSITIONS]
    shown.sort(key=lambda pair: (places[pair[1].position.topic], _ORDER.index(pair[1].position.label)))
    rows = {at: _latest(sheet, at) for at, _ in shown}
    told = services.store.analyst.read_rows(sheet.columns, sheet.snapshot, list(rows.values()))
    return tuple(Stand(cell, told.get(rows[at])) for at, cell in shown)


_ORDER = tuple(LABEL_CODE)


def _latest(sheet: Sheet, at: int) -> int:
    """The row of the latest utterance that shows a cell's stance; of one day the surest."""
    columns, cells = sheet.columns, sheet.cells
    rows = np.arange(cells.start[at], cells.end[at] + 1)
    shows = rows[columns.label[rows] == cells.label[at]]
    rows = shows if len(shows) else rows
    return int(rows[np.lexsort((-rows, columns.confidence[rows], columns.day[rows]))[-1]])


def _sides(services: Services, question: Question, topic: str) -> tuple[Side, ...]:
    own = replace(question, filters=replace(question.filters, topic=(topic,)))
    return tuple(side for side in sides(services.store.analyst.reasons(own)) if side.arguments)


def _changes(
    services: Services, question: Question, asked: Asked, topics: set[str], out: list[str]
) -> tuple[tuple[Change, Told | None, Told], ...]:
    """Who turned within the period: what was said before it is looked at too, or nobody could have turned."""
    analyst = services.store.analyst
    snapshot, found = analyst.changes(replace(question, filters=replace(question.filters, since=None)))
    first = asked.since.toordinal() if asked.since else 0
    own = [each for each in found if each.day >= first and each.topic in topics]
    if len(own) > CHANGES:
        out.append(f"{len(own) - CHANGES} older changes")
    own = own[:CHANGES]
    rows = [row for each in own for row in (each.old, each.new) if row is not None]
    told = analyst.read_rows(found.columns, snapshot, rows)
    return tuple(
        (each, None if each.old is None else told[each.old], told[each.new])
        for each in own
        if each.new in told and (each.old is None or each.old in told)
    )


def _silent(
    services: Services, question: Question, topics: Sequence[Topic], out: list[str]
) -> Iterator[tuple[str, Speaker]]:
    own = replace(question, filters=replace(question.filters, topic=()))
    if question.filters.stakeholder:
        yield from services.store.analyst.silences(own, [topic.id for topic in topics])
        return
    for topic in topics:
        found = services.store.analyst.silent(own, topic.id)
        if len(found) > SILENT:
            out.append(f"{len(found) - SILENT} more who say nothing on {topic.name}")
        yield from ((topic.id, speaker) for speaker in found[:SILENT])


def _divided(services: Services, asked: Asked, topics: Sequence[Topic]) -> Mapping[str, float | None]:
    """How far apart the camps of each topic are, over everybody."""
    everybody = Question(filters=replace(_filters(asked), stakeholder=()))
    counts: dict[str, Counter[StanceLabel]] = {topic.id: Counter() for topic in topics}
    for labels in services.store.analyst.sheet(everybody).labels().values():
        for topic, label in labels.items():
            if topic in counts:
                counts[topic][label] += 1
    return {topic: polarization({label: own[label] for label in StanceLabel}) for topic, own in counts.items()}


def _articles(
    stands: Sequence[Stand],
    arguments: Sequence[tuple[str, Side]],
    changes: Sequence[tuple[Change, Told | None, Told]],
) -> set[str]:
    """The articles of everything that may be quoted."""
    found = {stand.told.article.id for stand in stands if stand.told}
    found |= {told.article.id for _, old, new in changes for told in (old, new) if told}
    for _, side in arguments:
        found |= {each.article.id for argument in side.arguments[:ARGUMENTS] for each in argument.reasons[:VOICES]}
    return found
