"""The words behind numbers: what was said at some places, each in its sentence, for one page of an answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, TypeAlias

from sqlalchemy import Connection, Select

from api.store import queries
from api.store import records as read
from api.store.codec import unpack_spans
from api.store.filters import Filters
from api.store.gather import LOT
from api.store.licences import shown_article, shown_stance
from api.store.paging import item_key, make_page
from api.store.views import ArticleHead, Page
from nlp.explanations import sentence_of
from nlp.positions import Observation
from nlp.records import Article, Licence, Position, Span, StakeholderKind, Stance

#: An article and the number of a stance in it.
Place: TypeAlias = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Told:
    """A stance where it was printed: its words, their places, and the sentence that they stand in."""

    article: ArticleHead
    stance: Stance
    text: str
    spans: tuple[Span, ...]
    sentence: str


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks in the coverage and how often; days bound the articles that have one."""

    id: str
    name: str
    kind: StakeholderKind
    statements: int
    stories: int
    first: date | None
    last: date | None


def reasons(connection: Connection, places: Sequence[Place]) -> dict[Place, Any]:
    """What shows the stances at these places: reasons and spans, and what may be seen of them."""
    return _rows(connection, places, queries.reasons_at)


def _rows(
    connection: Connection, places: Sequence[Place], ask: Callable[[Sequence[Place]], Select[Any]]
) -> dict[Place, Any]:
    wanted = sorted(set(places))
    lots = (wanted[start : start + LOT] for start in range(0, len(wanted), LOT))
    found = (row for lot in lots for row in connection.execute(ask(lot)))
    return {(row.article_id, row.seq): row for row in found}


def told(connection: Connection, places: Sequence[Place]) -> dict[Place, Told]:
    """What was said at these places; those that are gone are left out."""
    rows = _rows(connection, places, queries.stances_at)
    texts = _articles(connection, [article for article, _ in rows])
    return {place: _told(row, texts[place[0]]) for place, row in rows.items() if place[0] in texts}


def conditions(
    connection: Connection, filters: Filters, kinds: Sequence[StakeholderKind], after: str | None, limit: int
) -> Page[Told]:
    """Conditional stances with their conditions, the newest first."""
    rows = connection.execute(queries.condition_page(filters, kinds, after, limit)).all()
    texts = _articles(connection, [row.article_id for row in rows[:limit]])
    return make_page(rows, limit, key=item_key, items=[_told(row, texts[row.article_id]) for row in rows[:limit]])


def silent(connection: Connection, filters: Filters, kinds: Sequence[StakeholderKind], topic: str) -> list[Speaker]:
    """Who speaks in the articles that pass and takes no stance on the topic there, whoever speaks most first."""
    rows = connection.execute(queries.speakers(filters, kinds, topic)).all()
    rows = sorted(rows, key=lambda row: (-row.statements, row.sort_name, row.holder))
    return [
        Speaker(
            id=row.holder,
            name=row.name,
            kind=StakeholderKind(row.kind),
            statements=row.statements,
            stories=row.stories,
            first=row.first_day,
            last=row.last_day,
        )
        for row in rows
    ]


def silences(connection: Connection, filters: Filters, topics: Sequence[str]) -> list[tuple[str, Speaker]]:
    """Of the stakeholders that the filters name, who says nothing on each topic, as ``silent`` has it, in two steps."""
    said = {(row.topic, row.who) for row in connection.execute(queries.said_on(filters, topics))}
    speakers = silent(connection, filters, (), "")
    return [(topic, each) for topic in topics for each in speakers if (topic, each.id) not in said]


def with_evidence(position: Position, rows: Sequence[Any]) -> Position:
    """The position with the statements, reasons and spans of these rows of ``reasons``."""
    worded = [row for row in rows if read.head_shown_from(row) is not Licence.LINKS_ONLY]
    return replace(
        position,
        rationales=tuple(dict.fromkeys(text for row in worded for _, _, text in row.rationales)),
        statements=tuple(dict.fromkeys(row.statement_id for row in rows if row.statement_id)),
        evidence=tuple(dict.fromkeys(span for row in worded for span in unpack_spans(row.evidence_spans))),
    )


def _articles(connection: Connection, ids: Sequence[str]) -> dict[str, Article]:
    rows = connection.execute(queries.articles_by_id(sorted(set(ids))))
    return {row.id: shown_article(read.article_from(row), read.shown_from(row)) for row in rows}


def _told(row: Any, article: Article) -> Told:
    stance, head = read.stance_from(row, row.statement_id), read.head_from(row)
    spans = unpack_spans(row.said_spans) if row.said_spans is not None else stance.evidence.spans
    text = row.said or " ".join(span.text for span in spans)
    if head.shown is Licence.LINKS_ONLY:
        stance, text, spans = shown_stance(stance, head.shown), "", ()
    observation = Observation(stance, head.story, head.id, head.published, text, spans)
    return Told(article=head, stance=stance, text=text, spans=spans, sentence=sentence_of(article, observation))
