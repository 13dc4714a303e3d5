"""Wire types of the map and of what is compared over it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import islice
from typing import Annotated, Any, Self
from urllib.parse import quote, urlencode

import numpy as np
from pydantic import BaseModel, Field

from api.schemas import (
    CHECKED_TEXT,
    NO_CHECKS,
    ArticleOut,
    Checked,
    Items,
    Names,
    PrintedDate,
    Ref,
    SpanOut,
    StoryCount,
    Wire,
)
from api.services import in_topic_order
from api.store.analyst import Question, Sheet
from api.store.evidence import Speaker, Told
from nlp.alliances import Mode, Normalization
from nlp.cells import THIN_STORIES, TREND, TREND_DAYS, TREND_LEAST, TRENDS, Cell, Trend
from nlp.changes import Change, ChangeKind
from nlp.columns import LABELS, NONE, STRENGTHS, partial_date
from nlp.records import MEDIUM, SURE, StakeholderKind, Stance, StanceLabel, Strength, Tier, Topic

TREND_TEXT = (
    f"the mean leaning (for 1, against −1, else 0) of the utterances of the last {TREND_DAYS} days up to the latest, "
    f"less that of all before: rising from {TREND} on, falling from −{TREND} on, else steady; null where either side "
    f"has fewer than {TREND_LEAST} dated utterances"
)
THIN_TEXT = f"fewer than {THIN_STORIES} distinct stories, or all of them in one publication"


class HolderOut(Wire):
    """Whose row or item it is."""

    id: str = Field(examples=["nhs-england"])
    name: str = Field(examples=["NHS England"])
    kind: StakeholderKind


class MapCell(BaseModel):
    """One cell: a position, computed at the moment of asking, without its texts; ``evidence`` leads to them."""

    label: StanceLabel
    strength: Strength
    confidence: float = Field(examples=[0.91])
    tier: Tier
    earlier: StanceLabel | None
    stories: list[StoryCount] = Field(description="distinct stories by stance")
    story_count: int = Field(description="distinct stories, each once", examples=[4])
    first: PrintedDate | None = Field(examples=["2013-11-04"])
    last: PrintedDate | None = Field(examples=["2014-05-21"])
    trend: Trend | None = Field(description=TREND_TEXT)
    thin: bool = Field(description=THIN_TEXT)
    checked: int = Field(default=0, description=CHECKED_TEXT, examples=[1])
    evidence: str = Field(
        description="the address of why, with the history", examples=["/v1/positions/nhs-england/pooling"]
    )

    @classmethod
    def from_record(cls, cell: Cell, query: str = "", checked: Checked = NO_CHECKS) -> Self:
        return cls.model_validate(cell_fields(cell, query, checked))


class MapRow(BaseModel):
    """One row of the map; ``positions`` holds only the topics on which there is one."""

    stakeholder: HolderOut
    positions: dict[str, MapCell] = Field(description="by topic id")


class MapOut(BaseModel):
    """The map: who stands where. Rows with the most stories come first; ``as_of`` is the day asked for."""

    topics: list[Ref]
    rows: list[MapRow]
    total: int = Field(description="rows on all pages")
    next: str | None = None


def cell_fields(cell: Cell, query: str, checked: Checked = NO_CHECKS) -> dict[str, Any]:
    """The fields of ``MapCell`` from a record."""
    position = cell.position
    return {
        "label": position.label.value,
        "strength": position.strength.value,
        "confidence": position.confidence,
        "tier": Tier.of(position.confidence).value,
        "earlier": position.earlier.value if position.earlier else None,
        "stories": [{"label": label.value, "stories": count} for label, count in position.stories],
        "story_count": position.story_count,
        "first": str(position.first) if position.first else None,
        "last": str(position.last) if position.last else None,
        "trend": cell.trend.value if cell.trend else None,
        "thin": cell.thin,
        "checked": checked.get((position.holder, position.topic), 0),
        "evidence": evidence_path(position.holder, position.topic) + query,
    }


def map_document(
    sheet: Sheet,
    holders: Sequence[int],
    topics: Mapping[str, Topic],
    *,
    query: str = "",
    next: str | None = None,
    checked: Checked = NO_CHECKS,
) -> dict[str, Any]:
    """The fields of ``MapOut`` for some rows of a sheet."""
    columns = in_topic_order(sheet.topics(), topics)
    found = _plain_cells(sheet, [at for code in holders for at in sheet.places(code)], query, checked)
    rows = []
    for code in holders:
        own = dict(islice(found, len(sheet.places(code))))
        holder = sheet.holder(code)
        who = {"id": holder.id, "name": holder.name, "kind": holder.kind.value}
        rows.append({"stakeholder": who, "positions": {topic: own[topic] for topic in columns if topic in own}})
    heads = [{"id": topic, "name": topics[topic].name if topic in topics else topic} for topic in columns]
    return {"topics": heads, "rows": rows, "total": len(sheet.holders), "next": next}


def _plain_cells(
    sheet: Sheet, places: Sequence[int], query: str, checked: Checked
) -> Iterator[tuple[str, dict[str, Any]]]:
    """The topics and fields of many cells, as ``cell_fields`` gives them (tested), in a tenth of the time.

    8,000 cells took 220 ms of CPU as records, most of it for reading numbers out of arrays one by one.
    """
    cells, books = sheet.cells.take(np.array(places, np.int64)), sheet.snapshot.books
    for holder, topic, label, strength, confidence, earlier, stories, count, first, last, trend, thin in zip(
        cells.holder.tolist(),
        cells.topic.tolist(),
        cells.label.tolist(),
        cells.strength.tolist(),
        cells.confidence.tolist(),
        cells.earlier.tolist(),
        cells.stories.tolist(),
        cells.story_count.tolist(),
        zip(cells.first.tolist(), cells.first_last.tolist(), strict=True),
        zip(cells.last.tolist(), cells.last_last.tolist(), strict=True),
        cells.trend.tolist(),
        cells.thin.tolist(),
        strict=True,
    ):
        name, sure, who = books.topics.names[topic], round(confidence, 4), books.holders.names[holder]
        yield (
            name,
            {
                "label": _LABELS[label],
                "strength": _STRENGTHS[strength],
                "confidence": sure,
                "tier": "high" if sure >= SURE else "medium" if sure >= MEDIUM else "low",
                "earlier": None if earlier == NONE else _LABELS[earlier],
                "stories": [{"label": _LABELS[code], "stories": n} for code, n in enumerate(stories) if n],
                "story_count": count,
                "first": _printed(*first),
                "last": _printed(*last),
                "trend": _TRENDS[trend],
                "thin": thin,
                "checked": checked.get((who, name), 0),
                "evidence": _path(who, name) + query,
            },
        )


_LABELS = tuple(label.value for label in LABELS)
_STRENGTHS = tuple(strength.value for strength in STRENGTHS)
_TRENDS = tuple(trend.value if trend else None for trend in TRENDS)


@lru_cache(maxsize=16384)
def _printed(day: int, last_day: int) -> str | None:
    found = partial_date(day, last_day)
    return str(found) if found else None


def evidence_path(holder: str, topic: str) -> str:
    """The address that says why a stakeholder stands where it does."""
    return f"/v1/positions/{quote(holder, safe='')}/{quote(topic, safe='')}"


_path = lru_cache(maxsize=65536)(evidence_path)


def evidence_query(question: Question, default: float) -> str:
    """The query that keeps the evidence to the confidence of the map."""
    floor = question.filters.min_confidence
    return "" if floor == default else "?" + urlencode({"min_confidence": f"{floor:g}"})


class UtteranceOut(BaseModel):
    """What was said where: the sentence as printed, and the words in it that are the statement."""

    article: ArticleOut
    statement: str | None = Field(description="null where only narration shows the view")
    label: StanceLabel
    strength: Strength
    earlier: StanceLabel | None
    confidence: float
    tier: Tier
    sentence: str
    text: str

    @classmethod
    def from_record(cls, told: Told) -> Self:
        article = ArticleOut.from_record(told.article)
        return cls.of(article, told.stance, told.stance.statement, told.sentence, told.text)

    @classmethod
    def of(cls, article: ArticleOut, stance: Any, statement: str | None, sentence: str, text: str) -> Self:
        """From a stance (a record or its wire type) beside its article and words."""
        confidence = stance.evidence.confidence
        return cls(
            article=article,
            statement=statement,
            label=stance.label,
            strength=stance.strength,
            earlier=stance.earlier,
            confidence=confidence,
            tier=Tier.of(confidence),
            sentence=sentence,
            text=text,
        )


class ChangeOut(BaseModel):
    """A turn: what was held before, what after, and the two sentences; ``old`` is null where the change is told."""

    holder: Ref
    topic: str
    kind: ChangeKind = Field(
        description="reversal: support to opposition or back; shift: from or to conditional or mixed; "
        "told: a former view that the text itself reports"
    )
    before: StanceLabel
    after: StanceLabel
    confidence: float = Field(description="that of the less sure of the two utterances")
    tier: Tier
    on: PrintedDate | None = Field(description="the day that shows the new stance")
    old: UtteranceOut | None
    new: UtteranceOut
    shown_before: int = Field(description="distinct stories in a row that show the old stance")
    shown_after: int = Field(description="distinct stories in a row that show the new one so far")

    @classmethod
    def from_record(cls, record: Change, told: Mapping[int, Told], names: Names) -> Self:
        """The change with what was said in its rows, both of which must be among ``told``."""
        new = told[record.new]
        return cls(
            holder=Ref.to(record.holder, names),
            topic=record.topic,
            kind=record.kind,
            before=record.before,
            after=record.after,
            confidence=round(record.confidence, 4),
            tier=Tier.of(record.confidence),
            on=str(new.article.published) if new.article.published else None,
            old=None if record.old is None else UtteranceOut.from_record(told[record.old]),
            new=UtteranceOut.from_record(new),
            shown_before=record.shown_before,
            shown_after=record.shown_after,
        )


class CampOut(BaseModel):
    """Those who stand alike on the topic."""

    label: StanceLabel
    stakeholders: int
    stories: int = Field(description="distinct stories that show it, summed over its stakeholders")


class MemberOut(BaseModel):
    """One stakeholder of a camp."""

    stakeholder: HolderOut
    position: MapCell


class DividesOut(Items[MemberOut]):
    """The camps of a topic, how far apart they are, and who is in which: camp by camp, most stories first."""

    topic: Ref
    polarization: Annotated[float, Field(ge=0, le=1)] | None
    definition: str
    camps: list[CampOut]


class TieOut(BaseModel):
    """Two stakeholders and the topics on which they stand alike or against each other."""

    first: HolderOut
    second: HolderOut
    weight: float
    alike: list[str]
    opposed: list[str]


class AlliancesOut(Items[TieOut]):
    """Ties between stakeholders, the strongest first."""

    mode: Mode
    normalization: Normalization
    definition: str
    compared: int = Field(description="stakeholders that were compared")
    total: int = Field(description="ties on all pages")


class SpeakerOut(BaseModel):
    """Who speaks in the coverage, and how often."""

    stakeholder: HolderOut
    statements: int
    stories: int
    first: date | None = Field(description="the first day that the first of them can mean")
    last: date | None

    @classmethod
    def from_record(cls, record: Speaker) -> Self:
        return cls(
            stakeholder=HolderOut.from_record(record),
            statements=record.statements,
            stories=record.stories,
            first=record.first,
            last=record.last,
        )


class SilentOut(Items[SpeakerOut]):
    """Who speaks in the articles that pass and never on the topic, whoever speaks most first."""

    topic: Ref
    total: int


class ConditionOut(BaseModel):
    """What would win a holder over, in its words: ``condition`` by offsets into the text of the article."""

    holder: Ref
    on_behalf_of: Ref | None
    condition: SpanOut
    position: StanceLabel | None = Field(
        description="the holder's position now, of enough confidence; null without one"
    )
    said: UtteranceOut

    @classmethod
    def from_record(cls, told: Told, position: StanceLabel | None, names: Names) -> Self:
        stance: Stance = told.stance
        return cls(
            holder=Ref.to(stance.holder, names),
            on_behalf_of=Ref.of(stance.on_behalf_of, names),
            condition=SpanOut.from_record(stance.condition),
            position=position,
            said=UtteranceOut.from_record(told),
        )


class ConditionsOut(Items[ConditionOut]):
    """Conditions on which support or consent depends, the newest first."""

    topic: Ref
