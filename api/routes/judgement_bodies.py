"""Wire types of judgements, merges and of the accuracy that judgements show."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from api.judging import LONGEST_NAME, LONGEST_NOTE
from api.routes.bodies import CleanText, ShortText
from api.schemas import Wire
from nlp.accuracy import Accuracy
from nlp.judged_accuracy import BIAS, Share
from nlp.judgements import Judged, Judgement, Verdict
from nlp.records import Direction, FigureKind, FigureStatus, StakeholderKind, StanceLabel, Strength, Tier

LARGEST = Decimal(10) ** 18


def _printable(value: str) -> str:
    if not value.isprintable() or not value.strip():
        raise ValueError("must be a name on one line")
    return value


#: The document says by a pattern what the check refuses, as far as a pattern can.
ReviewerName = Annotated[
    CleanText,
    AfterValidator(_printable),
    Field(
        min_length=1,
        max_length=LONGEST_NAME,
        examples=["Ann Orrell"],
        json_schema_extra={"pattern": r"^[!-~ ]*[!-~][!-~ ]*$"},
    ),
]
Note = Annotated[CleanText, Field(max_length=LONGEST_NOTE)]
Amount = Annotated[Decimal, Field(ge=0, le=LARGEST)]
Name = Annotated[CleanText, Field(min_length=1, max_length=300)]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")

    by: ReviewerName | None = Field(default=None, description="who judges; by default the name of the API key")
    note: Note = Field(default="", examples=["The paper corrected it a day later."])


class CorrectionIn(BaseModel):
    """What is right, of a holder (`holder`, `on_behalf_of`), a stance (`stance`, `strength`) or a figure (the rest).

    A person is an id or a name; null is nobody. `new` says what one is whom nobody knows.
    """

    model_config = ConfigDict(extra="forbid")

    holder: Name | None = Field(default=None, examples=["Fenland LMC"])
    on_behalf_of: Name | None = Field(default=None, examples=["bma"])
    stance: StanceLabel | None = None
    strength: Strength | None = None
    value: Amount | None = Field(default=None, examples=[1200000])
    low: Amount | None = None
    high: Amount | None = None
    unit: Annotated[str, Field(pattern=r"^[A-Za-z_]{1,20}$")] | None = Field(default=None, examples=["GBP"])
    kind: FigureKind | None = None
    direction: Direction | None = None
    status: FigureStatus | None = None
    period: Name | None = Field(default=None, examples=["2015/16"])
    cited_by: Name | None = Field(default=None, examples=["bma"])
    new: StakeholderKind | None = Field(default=None, description="what a person or body is that nobody knows yet")

    def values(self) -> dict[str, str | None]:
        """The fields that were sent, as text; what is null and no person was not."""
        given = self.model_dump(exclude_unset=True, exclude={"new"})
        people = ("holder", "on_behalf_of", "cited_by")
        return {name: None if value is None else str(value) for name, value in given.items() if value or name in people}


class JudgementIn(_In):
    """A verdict. `target` is `ARTICLE:s1`, `ARTICLE:s1/TOPIC`, `ARTICLE:c120/TOPIC`, `ARTICLE:f1`, or `A=B`."""

    target: ShortText = Field(examples=["3f2a9c0d51b7e684:s1/pooling"])
    verdict: Verdict
    correction: CorrectionIn = CorrectionIn()


class MergeIn(_In):
    """The stakeholder that stands for this one from now on: an id or a name."""

    into: Name = Field(examples=["fenland-lmc"])


class SplitIn(_In):
    """The articles in which this stakeholder is somebody else; with `keeps`, those in which it is not."""

    articles: list[Name] = Field(min_length=1, max_length=500, examples=[["3f2a9c0d51b7e684"]])
    keeps: bool = False
    name: Annotated[CleanText, Field(max_length=300)] = Field(default="", examples=["Fenland LMC (Norfolk)"])


class TargetOut(Wire):
    """What is judged, by its words: `quote` is the text of each span, or of a split the articles.

    It is empty where the licence of the article allows no words of it, or it was withdrawn.
    """

    kind: Judged
    article: str | None
    quote: list[str] = Field(examples=[["We are against a single budget with the hospitals."]])
    occurrence: int = Field(examples=[0])
    topic: str | None
    stakeholder: str | None = Field(examples=["fenland-lmc"])


class WithdrawnOut(BaseModel):
    by: str
    at: datetime


class JudgementOut(Wire):
    """One verdict of one person: `found` is what the program had, `right` whether it has it now."""

    id: str = Field(examples=["9f1c2b7a04de55e1"])
    target: TargetOut
    verdict: Verdict
    correction: dict[str, str | None] = Field(examples=[{"stance": "oppose"}])
    found: dict[str, str | None] = Field(examples=[{"stance": "support", "strength": "plain"}])
    by: str
    at: datetime
    note: str
    drawn: bool = Field(description="it was drawn by lot to be judged")
    orphaned: str | None = Field(description="why no item has these words any more; null where one has")
    right: bool | None
    confidence: float | None = Field(description="the program's own, in what it finds now")
    withdrawn: WithdrawnOut | None

    @classmethod
    def from_record(cls, record: Judgement) -> Self:
        withdrawn = WithdrawnOut(by=record.withdrawn_by or "", at=record.withdrawn_at) if record.withdrawn_at else None
        plain: dict[str, Any] = {name: getattr(record, name) for name in cls.model_fields if hasattr(record, name)}
        return cls.model_validate({**plain, "target": TargetOut.from_record(record.target), "withdrawn": withdrawn})


class LaidOut(BaseModel):
    """A judgement, and the number of articles that it changed."""

    judgement: JudgementOut
    changed: int = Field(examples=[1])


class ShareOut(Wire):
    """How often the program is right by judgements: a share, and its 95 % interval by Wilson's score."""

    kind: Judged
    tier: Tier | None = Field(description="of the program's own confidence; null for all")
    drawn: bool = Field(description="only what was drawn by lot")
    judged: int = Field(examples=[40])
    right: int = Field(examples=[33])
    share: float | None = Field(examples=[0.825])
    low: float = Field(examples=[0.68])
    high: float = Field(examples=[0.913])

    @classmethod
    def from_record(cls, record: Share) -> Self:
        bounds = record.interval
        known = {name: getattr(record, name) for name in ("kind", "tier", "drawn", "judged", "right", "share")}
        return cls.model_validate({**known, "low": bounds.low, "high": bounds.high})


class GoldOut(Wire):
    """One metric on the articles kept aside (`test`) and on press articles, 0 to 1."""

    what: str = Field(examples=["statements with the right holder"])
    test: float = Field(examples=[0.62])
    press: float | None
    low: float | None
    high: float | None
    of: int | None = Field(examples=[70])


class AccuracyOut(BaseModel):
    """What was measured on the gold corpus, and what reviewers say of what is stored here."""

    gold: list[GoldOut]
    judgements: list[ShareOut]
    bias: str = BIAS

    @classmethod
    def of(cls, gold: Accuracy, shares: tuple[Share, ...]) -> Self:
        rows = [GoldOut.from_record(row) for row in gold.rows]
        return cls(gold=rows, judgements=[ShareOut.from_record(share) for share in shares])
