"""Wire types of claims and rival sums: the money, who quotes it, and the sentences that prove it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Self

from pydantic import BaseModel, Field

from api.claims import Sentence, parties, place_of, quoted
from api.schemas import Names, Number, PeriodOut, PrintedDate, Ref
from nlp.figure_claims import Claim, Voice
from nlp.figure_groups import PrintedFigure
from nlp.figure_rivals import Rivalry
from nlp.records import FigureKind, FigureStatus, PartialDate, Tier

Sentences = Mapping[str, Sentence]


def _printed(day: PartialDate | None) -> str | None:
    return str(day) if day else None


class VoiceOut(BaseModel):
    """Who quotes the sum: a holder or, where the writer gives it, the publisher."""

    holder: Ref | None
    publisher: str | None
    stories: int
    first: PrintedDate | None
    last: PrintedDate | None

    @classmethod
    def from_record(cls, record: Voice, names: Names) -> Self:
        return cls(
            holder=Ref.of(record.holder, names),
            publisher=record.publisher,
            stories=record.stories,
            first=_printed(record.first),
            last=_printed(record.last),
        )


class QuotedOut(BaseModel):
    """A figure where it is printed; ``page`` is its place on the article's page."""

    figure: str = Field(examples=["3f2a9c0d51b7e684:f2"])
    article: str
    story: str
    publisher: str | None
    published: PrintedDate | None
    cited_by: Ref | None
    text: str = Field(examples=["£350m"])
    kind: FigureKind
    status: FigureStatus
    modifier: str | None
    confidence: float
    tier: Tier
    sentence: str | None = Field(description="the sentence it stands in, as printed")
    page: str = Field(examples=["/articles/3f2a9c0d51b7e684#f2"])

    @classmethod
    def from_record(cls, record: PrintedFigure, names: Names, sentences: Sentences) -> Self:
        figure, found = record.figure, sentences.get(record.figure.id)
        return cls(
            figure=figure.id,
            article=record.article,
            story=record.story,
            publisher=record.publisher,
            published=_printed(record.published),
            cited_by=Ref.of(figure.cited_by, names),
            text=figure.spans[0].text,
            kind=figure.kind,
            status=figure.status,
            modifier=figure.modifier,
            confidence=figure.evidence.confidence,
            tier=figure.evidence.tier,
            sentence=found.span.text if found else None,
            page=place_of(figure, record.article),
        )


class ClaimOut(BaseModel):
    """One money, whoever quotes it: ``low`` and ``high`` are equal where it is a single value."""

    text: str = Field(description="the amount as most print it", examples=["£1.2bn"])
    low: Number = Field(examples=[1200000000])
    high: Number
    unit: str = Field(description="ISO 4217 code, percent or percentage_point", examples=["GBP"])
    per: str | None
    purpose: str = Field(description="the words that most say it is for; empty when none do")
    period: PeriodOut | None
    stories: int = Field(description="distinct stories; copies of one article are one")
    articles: int
    first: PrintedDate | None
    last: PrintedDate | None
    voices: list[VoiceOut] = Field(description="who quotes it, those with the most stories first")
    quoted: list[QuotedOut] = Field(description="the newest figures, of different stories where there are such")
    reason: str

    @classmethod
    def from_record(cls, record: Claim, names: Names, sentences: Sentences) -> Self:
        return cls(
            text=record.text,
            low=record.amount.low,
            high=record.amount.high,
            unit=record.amount.unit,
            per=record.amount.per or None,
            purpose=record.purpose,
            period=PeriodOut.from_record(record.period) if record.period else None,
            stories=record.stories,
            articles=record.articles,
            first=_printed(record.first),
            last=_printed(record.last),
            voices=[VoiceOut.from_record(voice, names) for voice in record.voices],
            quoted=[QuotedOut.from_record(each, names, sentences) for each in quoted(record.figures)],
            reason=record.reason,
        )


class RivalryOut(BaseModel):
    """The different amounts quoted for one purpose and period, those of the most stories first."""

    purpose: str = Field(examples=["winter pressures"])
    unit: str = Field(examples=["GBP"])
    per: str | None
    family: str = Field(description="sum, saving, deficit, change, share or other", examples=["sum"])
    period: PeriodOut | None
    stories: int
    amounts: list[ClaimOut]
    reason: str

    @classmethod
    def from_record(cls, record: Rivalry, names: Names, sentences: Sentences) -> Self:
        return cls(
            purpose=record.purpose,
            unit=record.unit,
            per=record.per,
            family=record.family,
            period=PeriodOut.from_record(record.period) if record.period else None,
            stories=record.stories,
            amounts=[ClaimOut.from_record(claim, names, sentences) for claim in record.amounts],
            reason=record.reason,
        )


def shown(claims: Iterable[Claim]) -> list[PrintedFigure]:
    """The figures of claims whose sentences are shown."""
    return [each for claim in claims for each in quoted(claim.figures)]


def ids_in(claims: Iterable[Claim]) -> set[str]:
    """Everybody whom the claims name."""
    return {id for claim in claims for each in claim.figures for id in parties(each.figure)}
