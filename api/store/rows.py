"""An analysis -> the rows that keep it: pure, so that everything is known before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from typing import Any, NamedTuple

from api.store import tables
from api.store.checks import check_analysis
from api.store.codec import (
    day_range,
    pack_decimal,
    pack_evidence,
    pack_judged,
    pack_links,
    pack_optional_span,
    pack_span,
    pack_spans,
)
from api.store.names import normalise_name
from api.store.passages import names_with_acronyms, passages_of
from nlp.positions import SKETCH, sketch
from nlp.records import Analysis, Article, Figure, Issue, Mention, Run, Stakeholder, Stance, Statement

Row = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisRows:
    """The rows of one analysis. ``digest`` names its content; ``items`` are what hangs on the article."""

    digest: str
    run: Row
    article: Row
    stakeholders: list[Row]
    profiles: list[Row]
    names: list[Row]
    items: list[tuple[Any, list[Row]]]

    @property
    def passages(self) -> list[Row]:
        """What search reads of the article."""
        return next((rows for table, rows in self.items if table is tables.passages), [])


def rows_of(analysis: Analysis, *, digest: str | None = None, purged: bool = False) -> AnalysisRows:
    """The rows; a ``digest`` that is given is not reckoned, and of a ``purged`` text no span is checked.

    Raises StandpointError when the analysis contradicts itself.
    """
    check_analysis(analysis, purged=purged)
    article, digest, run = analysis.article, digest or _digest(analysis), run_row(analysis.run)
    row = _article_row(article, analysis.issues)
    known = [_known_rows(each) for each in analysis.stakeholders]
    profiles = [each.profile for each in known]
    items: list[tuple[Any, list[Row]]] = [
        (tables.appearances, list(_appearance_rows(article.id, profiles))),
        (tables.affiliations, list(_affiliation_rows(article.id, analysis.stakeholders))),
        (tables.mentions, [_mention_row(article.id, i, each) for i, each in enumerate(analysis.mentions)]),
        (tables.statements, [_statement_row(article.id, i, each) for i, each in enumerate(analysis.statements)]),
        (tables.stances, [_stance_row(article.id, i, each) for i, each in enumerate(analysis.stances)]),
        (tables.observations, list(_observation_rows(analysis))),
        (tables.figures, [_figure_row(article.id, i, each) for i, each in enumerate(analysis.figures)]),
    ]
    found = {table.name: rows for table, rows in items}
    names = names_with_acronyms((each.id, each.name, each.aliases) for each in analysis.stakeholders)
    items.append((tables.passages, list(passages_of(row, found["statements"], found["figures"], names))))
    return AnalysisRows(
        digest=digest,
        run=run,
        article={**row, "run_id": run["id"], "digest": digest},
        stakeholders=[each.stakeholder for each in known],
        profiles=profiles,
        names=[row for each in known for row in each.names],
        items=items,
    )


class _Known(NamedTuple):
    stakeholder: Row
    profile: Row
    names: list[Row]


@lru_cache(maxsize=4096)
def _known_rows(stakeholder: Stakeholder) -> _Known:
    """What is kept of a stakeholder whatever the article; the same few are in most of them."""
    profile = _profile_row(stakeholder)
    return _Known(_stakeholder_row(stakeholder), profile, _name_rows(stakeholder, profile))


def global_id(article: str, local: str) -> str:
    """The id of a statement or figure among all articles."""
    return local if local.startswith(f"{article}:") else f"{article}:{local}"


def _digest(content: object) -> str:
    return sha256(repr(content).encode()).hexdigest()


def run_id(run: Run) -> str:
    """The id of a run's row."""
    return _digest(run)[:16]


def run_row(run: Run) -> Row:
    """The row of a run."""
    return {
        "id": run_id(run),
        "version": run.version,
        "digest": run.digest,
        "models": [list(model) for model in run.models],
    }


def _article_row(article: Article, issues: tuple[Issue, ...]) -> Row:
    day, last_day = day_range(article.published)
    return {
        "id": article.id,
        "source": article.source,
        "text": article.text,
        "reader": article.reader,
        "title": article.title,
        "publisher": article.publisher,
        "published": article.published.value if article.published else None,
        "precision": article.published.precision if article.published else None,
        "day": day,
        "last_day": last_day,
        "author": article.author,
        "url": article.url,
        "genre": article.genre,
        "licence": article.licence,
        "expires": article.expires,
        "hints": [[hint.role, hint.start, hint.end] for hint in article.hints],
        "blocks": [[block.kind, block.start, block.end] for block in article.blocks],
        "issues": [[issue.code, issue.message, pack_optional_span(issue.span)] for issue in issues],
    }


def _description(stakeholder: Stakeholder) -> Row:
    return {
        "name": stakeholder.name,
        "kind": stakeholder.kind,
        "parent": stakeholder.parent,
        "successors": [[each.id, each.on.isoformat() if each.on else None] for each in stakeholder.successors],
        "begins": stakeholder.start,
        "ends": stakeholder.end,
    }


def _stakeholder_row(stakeholder: Stakeholder) -> Row:
    return {"id": stakeholder.id, "sort_name": normalise_name(stakeholder.name), **_description(stakeholder)}


def _profile_row(stakeholder: Stakeholder) -> Row:
    return {
        "id": _digest(replace(stakeholder, affiliations=()))[:32],
        "stakeholder_id": stakeholder.id,
        **_description(stakeholder),
        "aliases": list(stakeholder.aliases),
    }


def _name_rows(stakeholder: Stakeholder, profile: Row) -> list[Row]:
    return [
        {
            "profile_id": profile["id"],
            "seq": seq,
            "stakeholder_id": stakeholder.id,
            "name": name,
            "norm": normalise_name(name),
        }
        for seq, name in enumerate((stakeholder.name, *stakeholder.aliases))
    ]


def _appearance_rows(article: str, profiles: list[Row]) -> Iterator[Row]:
    for seq, row in enumerate(profiles):
        yield {"article_id": article, "seq": seq, "stakeholder_id": row["stakeholder_id"], "profile_id": row["id"]}


def _affiliation_rows(article: str, stakeholders: Iterable[Stakeholder]) -> Iterator[Row]:
    for stakeholder in stakeholders:
        for seq, each in enumerate(stakeholder.affiliations):
            key = {"article_id": article, "stakeholder_id": stakeholder.id, "seq": seq}
            yield {**key, "organisation": each.organisation, "role": each.role}


def _mention_row(article: str, seq: int, mention: Mention) -> Row:
    affiliation = mention.affiliation
    return {
        "article_id": article,
        "seq": seq,
        "stakeholder_id": mention.stakeholder,
        "span": pack_span(mention.span),
        "organisation": affiliation.organisation if affiliation else None,
        "role": affiliation.role if affiliation else None,
        **pack_evidence(mention.evidence),
    }


def _statement_row(article: str, seq: int, statement: Statement) -> Row:
    return {
        "id": global_id(article, statement.id),
        "local_id": statement.id,
        "article_id": article,
        "seq": seq,
        "holder": statement.holder,
        "on_behalf_of": statement.on_behalf_of,
        "manner": statement.manner,
        "capacity": statement.capacity,
        "text": statement.text,
        "spans": pack_spans(statement.spans),
        "cue": pack_optional_span(statement.cue),
        "repeats": pack_spans(statement.repeats),
        "chain": list(statement.chain),
        **pack_judged(statement.evidence),
    }


def _stance_row(article: str, seq: int, stance: Stance) -> Row:
    return {
        "article_id": article,
        "seq": seq,
        "statement_id": global_id(article, stance.statement) if stance.statement else None,
        "topic": stance.topic,
        "holder": stance.holder,
        "on_behalf_of": stance.on_behalf_of,
        "label": stance.label,
        "strength": stance.strength,
        "condition": pack_optional_span(stance.condition),
        "earlier": stance.earlier,
        "rationales": pack_spans(stance.rationales),
        **pack_judged(stance.evidence),
    }


def _observation_rows(analysis: Analysis) -> Iterator[Row]:
    said = {each.id: each.text for each in analysis.statements}
    for seq, stance in enumerate(analysis.stances):
        text = said.get(stance.statement or "") or " ".join(span.text for span in stance.evidence.spans)
        yield observation_row(analysis.article.id, seq, stance, text)


def observation_row(article: str, seq: int, stance: Stance, text: str) -> Row:
    """The narrow row of a stance with the words that show it."""
    hashes = sketch(text)
    return {
        "article_id": article,
        "seq": seq,
        "holder": stance.holder,
        "body": stance.on_behalf_of,
        "topic": stance.topic,
        "label": stance.label,
        "strength": stance.strength,
        "confidence": stance.evidence.confidence,
        "earlier": stance.earlier,
        **{f"hash_{place}": hashes[place] if place < len(hashes) else None for place in range(SKETCH)},
    }


def _figure_row(article: str, seq: int, figure: Figure) -> Row:
    period = figure.period
    return {
        "id": global_id(article, figure.id),
        "local_id": figure.id,
        "article_id": article,
        "seq": seq,
        "spans": pack_spans(figure.spans),
        "unit": figure.unit,
        "value": pack_decimal(figure.value),
        "low": pack_decimal(figure.low),
        "high": pack_decimal(figure.high),
        "per": figure.per,
        "kind": figure.kind,
        "direction": figure.direction,
        "status": figure.status,
        "what": pack_optional_span(figure.what),
        "payer": figure.payer,
        "recipient": figure.recipient,
        "cited_by": figure.cited_by,
        "period_text": period.text if period else None,
        "period_start": period.start if period else None,
        "period_end": period.end if period else None,
        "modifier": figure.modifier,
        "terms": figure.terms,
        "recurrence": figure.recurrence,
        "links": pack_links(figure.links),
        **pack_judged(figure.evidence),
    }
