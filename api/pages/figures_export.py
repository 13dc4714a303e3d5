"""The figures page as files: the rows that fit its form as CSV, and the same with the rival sums as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from api.claims import place_of, printed, sentences_of
from api.exports.csv_table import Cell
from api.pages.evidence_view import name_of
from api.pages.figures_view import Entry, Money
from api.schemas import Names
from api.store import Reader
from nlp.figure_claims import Voice

#: Rows whose articles are fetched together: of 100,000 articles only so many are in memory at a time.
LOT = 500
COLUMNS = (
    "amount", "value", "low", "high", "unit", "per", "kind", "direction", "status", "modifier", "what", "payer",
    "recipient", "period", "period_start", "period_end", "cited_by", "publisher", "published", "title", "article",
    "story", "copies", "stories", "articles", "confidence", "sentence", "page", "made_by",
)  # fmt: skip
RIVAL_COLUMNS = (
    "purpose", "period", "unit", "per", "amount", "low", "high", "stories", "articles", "first", "last", "cited_by",
    "reason", "page", "made_by",
)  # fmt: skip


def export_rows(entries: Sequence[Entry], names: Names, reader: Reader, made: str) -> Iterator[dict[str, Cell]]:
    """The rows with their sentences."""
    for start in range(0, len(entries), LOT):
        lot = entries[start : start + LOT]
        sentences = sentences_of(reader, [printed(entry.row) for entry in lot])
        for entry in lot:
            found = sentences.get(entry.row.figure.id)
            yield {**_row(entry, names), "sentence": found.span.text if found else None, "made_by": made}


def _row(entry: Entry, names: Names) -> dict[str, Cell]:
    figure, head = entry.row.figure, entry.row.article
    period = figure.period
    return {
        "amount": figure.spans[0].text,
        **{name: getattr(figure, name) for name in ("value", "low", "high")},
        **{name: getattr(figure, name) for name in ("unit", "per", "kind", "direction", "status", "modifier")},
        "what": figure.what.text if figure.what else None,
        **{name: name_of(getattr(figure, name), names) or None for name in ("payer", "recipient", "cited_by")},
        "period": period.text if period else None,
        "period_start": period.start if period else None,
        "period_end": period.end if period else None,
        "publisher": head.publisher,
        "published": str(head.published) if head.published else None,
        "title": head.title,
        "article": head.id,
        "story": head.story,
        "copies": entry.copies,
        "stories": entry.stories,
        "articles": entry.articles,
        "confidence": figure.evidence.confidence,
        "page": place_of(figure, head.id),
    }


def rival_rows(money: Money, names: Names, made: str) -> Iterable[dict[str, Cell]]:
    """One row for each rival sum; those of one purpose follow each other."""
    for rivalry in money.rivalries:
        for claim in rivalry.amounts:
            yield {
                "purpose": rivalry.purpose,
                "period": rivalry.period.text if rivalry.period else None,
                "unit": rivalry.unit,
                "per": rivalry.per,
                "amount": claim.text,
                "low": claim.amount.low,
                "high": claim.amount.high,
                "stories": claim.stories,
                "articles": claim.articles,
                "first": str(claim.first) if claim.first else None,
                "last": str(claim.last) if claim.last else None,
                "cited_by": "; ".join(_voice(voice, names) for voice in claim.voices),
                "reason": rivalry.reason,
                "page": place_of(claim.figures[0].figure, claim.figures[0].article),
                "made_by": made,
            }


def _voice(voice: Voice, names: Names) -> str:
    return name_of(voice.holder, names) if voice.holder else voice.publisher or "publisher unknown"
