"""An analysis as the JSON of the annotation guide (section 7), and the whole of what the program adds to it.

Added to the guide's keys: ``confidence`` in every row, ``spans`` of figures and of a position's
evidence, ``terms``, ``recurrence`` and ``links`` of figures, ``run``, ``issues``, and ``text`` with
``text_sha256`` where no text file holds the text.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any

from nlp.positions import article_positions
from nlp.records import Analysis, Article, Figure, Period, Position, Span, Stakeholder, Statement

NOTE = "machine-extracted: check a quotation against its article before you rely on it"


def to_prediction(analysis: Analysis, *, text_in_file: bool) -> dict[str, Any]:
    """The prediction of one article, ready for ``json.dumps``.

    ``text_in_file`` says that offsets count in a text file which the reader of the prediction has;
    where it is False the prediction carries the text itself and the SHA-256 of its UTF-8.
    """
    prediction: dict[str, Any] = {
        "document": _document(analysis.article),
        "stakeholders": [_stakeholder(row) for row in analysis.stakeholders],
        "statements": [_statement(row) for row in analysis.statements],
        "positions": [_position(row) for row in article_positions(analysis)],
        "figures": [_figure(row) for row in analysis.figures],
        "issues": [{"code": i.code, "message": i.message, **_place(i.span)} for i in analysis.issues],
        "run": {"program": "standpoint", "version": analysis.run.version, "digest": analysis.run.digest, "note": NOTE},
    }
    if not text_in_file:
        prediction["text"] = analysis.article.text
        prediction["text_sha256"] = text_digest(analysis.article.text)
    return prediction


def text_digest(text: str) -> str:
    """SHA-256 of the text in UTF-8, in hexadecimal digits."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _document(article: Article) -> dict[str, Any]:
    return {
        "id": article.id,
        "source": article.source,
        "reader": article.reader,
        "title": article.title,
        "publisher": article.publisher,
        "published": str(article.published) if article.published else None,
        "author": article.author,
        "url": article.url,
        "genre": article.genre,
    }


def _stakeholder(row: Stakeholder) -> dict[str, Any]:
    return {
        "id": row.id,
        "name": row.name,
        "kind": row.kind,
        "aliases": list(row.aliases),
        "affiliations": [{"org": a.organisation, "role": a.role} for a in row.affiliations],
    }


def _statement(row: Statement) -> dict[str, Any]:
    return {
        "id": row.id,
        "holder": row.holder,
        "on_behalf_of": row.on_behalf_of,
        "capacity": row.capacity,
        "manner": row.manner,
        "cue": row.cue.text if row.cue else None,
        "spans": _places(row.spans),
        "repeats": _places(row.repeats),
        "chain": list(row.chain),
        "confidence": row.evidence.confidence,
    }


def _position(row: Position) -> dict[str, Any]:
    return {
        "holder": row.holder,
        "on_behalf_of": row.on_behalf_of,
        "topic": row.topic,
        "stance": row.label,
        "strength": row.strength,
        "earlier": row.earlier,
        "rationales": list(row.rationales),
        "evidence": row.evidence[0].text if row.evidence else None,
        "spans": _places(row.evidence),
        "statements": list(row.statements),
        "confidence": row.confidence,
    }


def _figure(row: Figure) -> dict[str, Any]:
    return {
        "id": row.id,
        "text": row.spans[0].text,
        "spans": _places(row.spans),
        "value": _number(row.value),
        "low": _number(row.low),
        "high": _number(row.high),
        "unit": row.unit,
        "per": row.per,
        "kind": row.kind,
        "direction": row.direction,
        "status": row.status,
        "what": row.what.text if row.what else None,
        "payer": row.payer,
        "recipient": row.recipient,
        "period": _period(row.period),
        "cited_by": row.cited_by,
        "modifier": row.modifier,
        "terms": row.terms,
        "recurrence": row.recurrence,
        "links": [{"figure": link.figure, "relation": link.relation, **_place(link.span)} for link in row.links],
        "confidence": row.evidence.confidence,
    }


def _number(value: Decimal | None) -> int | float | None:
    if value is None:
        return None
    return int(value) if value == value.to_integral_value() else float(value)


def _period(period: Period | None) -> dict[str, Any] | None:
    return {"text": period.text, "start": _day(period.start), "end": _day(period.end)} if period else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _place(span: Span | None) -> dict[str, int]:
    return {"start": span.start, "end": span.end} if span else {}


def _places(spans: Iterable[Span]) -> list[dict[str, int]]:
    return [_place(span) for span in spans]
