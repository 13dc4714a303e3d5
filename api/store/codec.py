"""Values of records to values of columns, and back."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from nlp.records import Evidence, FigureLink, PartialDate, Precision, Relation, Span

Json = list[Any]


def pack_span(span: Span) -> Json:
    return [span.start, span.end, span.text]


def pack_spans(spans: Iterable[Span]) -> Json:
    return [pack_span(span) for span in spans]


def pack_optional_span(span: Span | None) -> Json | None:
    return pack_span(span) if span else None


def unpack_span(packed: Json) -> Span:
    return Span(*packed)


def unpack_spans(packed: Sequence[Json]) -> tuple[Span, ...]:
    return tuple(Span(*each) for each in packed)


def unpack_optional_span(packed: Json | None) -> Span | None:
    return Span(*packed) if packed else None


def pack_links(links: Iterable[FigureLink]) -> Json:
    return [[link.figure, link.relation, pack_span(link.span)] for link in links]


def unpack_links(packed: Sequence[Json]) -> tuple[FigureLink, ...]:
    return tuple(FigureLink(figure, Relation(relation), unpack_span(span)) for figure, relation, span in packed)


def pack_evidence(evidence: Evidence | None) -> dict[str, Any]:
    if evidence is None:
        return dict.fromkeys(("confidence", "method", "reason", "evidence_spans"))
    return {
        "confidence": evidence.confidence,
        "method": evidence.method,
        "reason": evidence.reason,
        "evidence_spans": pack_spans(evidence.spans),
    }


def pack_judged(evidence: Evidence) -> dict[str, Any]:
    """The evidence of what people judge, with their names."""
    return {**pack_evidence(evidence), "checked_by": list(evidence.checked_by) or None}


def unpack_evidence(row: Any) -> Evidence:
    # Rows of mentions have nobody, and those that were kept by an older version know of nobody.
    by = getattr(row, "checked_by", None) or ()
    return Evidence(row.confidence, row.method, row.reason, unpack_spans(row.evidence_spans), tuple(by))


def pack_decimal(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def unpack_decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def unpack_published(value: date | None, precision: str | None) -> PartialDate | None:
    return PartialDate(value, Precision(precision)) if value and precision else None


def day_range(published: PartialDate | None) -> tuple[date, date]:
    """First and last day that a date can mean; date.min twice when it is unknown."""
    if published is None:
        return date.min, date.min
    day = published.value
    if published.precision is Precision.YEAR:
        return date(day.year, 1, 1), date(day.year, 12, 31)
    if published.precision is Precision.MONTH:
        return day.replace(day=1), day.replace(day=monthrange(day.year, day.month)[1])
    return day, day
