"""Rows of the database -> records."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from api.store.codec import (
    unpack_decimal,
    unpack_evidence,
    unpack_links,
    unpack_optional_span,
    unpack_published,
    unpack_span,
    unpack_spans,
)
from api.store.licences import shown_of, today
from api.store.rows import global_id
from api.store.views import ArticleHead
from nlp.records import (
    Affiliation,
    Article,
    Block,
    BlockKind,
    Capacity,
    Direction,
    Figure,
    FigureKind,
    FigureStatus,
    Genre,
    Hint,
    Issue,
    Licence,
    Manner,
    Mention,
    Period,
    Recurrence,
    Run,
    Stakeholder,
    StakeholderKind,
    Stance,
    StanceLabel,
    Statement,
    Strength,
    Succession,
    Terms,
    Topic,
)


def head_shown_from(row: Any) -> Licence:
    """What may be shown today of the article in a row of ``queries.HEAD``."""
    licence = Licence(row.article_licence) if row.article_licence else None
    return shown_of(licence, row.article_expires, on=today(), purged=row.article_purged is not None)


def head_from(row: Any) -> ArticleHead:
    """From a row of ``queries.HEAD``, whose columns begin with ``article_``."""
    licence = Licence(row.article_licence) if row.article_licence else None
    return ArticleHead(
        id=row.article_id,
        source=row.article_source,
        title=row.article_title,
        publisher=row.article_publisher,
        published=unpack_published(row.article_published, row.article_precision),
        author=row.article_author,
        url=row.article_url,
        genre=Genre(row.article_genre) if row.article_genre else None,
        story=row.article_story,
        licence=licence,
        expires=row.article_expires,
        shown=head_shown_from(row),
    )


def article_from(row: Any) -> Article:
    return Article(
        id=row.id,
        source=row.source,
        text=row.text,
        reader=row.reader,
        title=row.title,
        publisher=row.publisher,
        published=unpack_published(row.published, row.precision),
        author=row.author,
        url=row.url,
        genre=Genre(row.genre) if row.genre else None,
        licence=Licence(row.licence) if row.licence else None,
        expires=row.expires,
        hints=tuple(Hint(*hint) for hint in row.hints),
        blocks=tuple(Block(BlockKind(kind), start, end) for kind, start, end in row.blocks),
    )


def shown_from(row: Any) -> Licence:
    """What may be shown today of the article in a row of the table."""
    licence = Licence(row.licence) if row.licence else None
    return shown_of(licence, row.expires, on=today(), purged=row.purged_at is not None)


def issues_from(row: Any) -> tuple[Issue, ...]:
    return tuple(Issue(code, message, unpack_optional_span(span)) for code, message, span in row.issues)


def run_from(row: Any) -> Run:
    """From a row that holds the columns of a run."""
    return Run(row.run_version, row.run_digest, tuple((name, value) for name, value in row.run_models))


def stakeholder_from(
    row: Any, id: str, *, aliases: tuple[str, ...], affiliations: tuple[Affiliation, ...]
) -> Stakeholder:
    """From a stakeholder's row, or from a profile's."""
    return Stakeholder(
        id=id,
        name=row.name,
        kind=StakeholderKind(row.kind),
        aliases=aliases,
        parent=row.parent,
        successors=tuple(Succession(id, date.fromisoformat(on) if on else None) for id, on in row.successors),
        start=row.begins,
        end=row.ends,
        affiliations=affiliations,
    )


def mention_from(row: Any) -> Mention:
    return Mention(
        span=unpack_span(row.span),
        stakeholder=row.stakeholder_id,
        affiliation=None if row.organisation is None else Affiliation(row.organisation, row.role),
        evidence=None if row.method is None else unpack_evidence(row),
    )


def statement_from(row: Any, id: str) -> Statement:
    return Statement(
        id=id,
        holder=row.holder,
        manner=Manner(row.manner),
        spans=unpack_spans(row.spans),
        evidence=unpack_evidence(row),
        on_behalf_of=row.on_behalf_of,
        capacity=Capacity(row.capacity),
        cue=unpack_optional_span(row.cue),
        repeats=unpack_spans(row.repeats),
        chain=tuple(row.chain),
    )


def stance_from(row: Any, statement: str | None) -> Stance:
    return Stance(
        holder=row.holder,
        topic=row.topic,
        label=StanceLabel(row.label),
        evidence=unpack_evidence(row),
        statement=statement,
        on_behalf_of=row.on_behalf_of,
        strength=Strength(row.strength),
        condition=unpack_optional_span(row.condition),
        earlier=StanceLabel(row.earlier) if row.earlier else None,
        rationales=unpack_spans(row.rationales),
    )


def figure_from(row: Any, id: str) -> Figure:
    """A figure by its id in the article or among all; its links name the others in the same way."""
    links = unpack_links(row.links)
    if id != row.local_id:
        links = tuple(replace(link, figure=global_id(row.article_id, link.figure)) for link in links)
    return Figure(
        id=id,
        spans=unpack_spans(row.spans),
        unit=row.unit,
        evidence=unpack_evidence(row),
        value=unpack_decimal(row.value),
        low=unpack_decimal(row.low),
        high=unpack_decimal(row.high),
        per=row.per,
        kind=FigureKind(row.kind),
        direction=Direction(row.direction),
        status=FigureStatus(row.status),
        what=unpack_optional_span(row.what),
        payer=row.payer,
        recipient=row.recipient,
        period=None if row.period_text is None else Period(row.period_text, row.period_start, row.period_end),
        modifier=row.modifier,
        cited_by=row.cited_by,
        terms=Terms(row.terms),
        recurrence=Recurrence(row.recurrence),
        links=links,
    )


def topic_from(row: Any) -> Topic:
    return Topic(
        id=row.id,
        name=row.name,
        claim=row.claim,
        counter_claim=row.counter_claim,
        phrases=tuple(row.phrases),
        supports=tuple(row.supports),
        opposes=tuple(row.opposes),
        start=row.begins,
        end=row.ends,
        named_only=row.named_only,
    )
