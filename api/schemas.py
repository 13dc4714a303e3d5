"""Wire types: what the API and ``--json`` print. ``X.from_record`` is the one bridge from the records."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Annotated, Any, Generic, Protocol, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from api.store import ArticleRow, FigureRow, StakeholderRow, StatementRow
from nlp.records import (
    Capacity,
    Direction,
    Figure,
    FigureKind,
    FigureStatus,
    Genre,
    Licence,
    Manner,
    PartialDate,
    Position,
    Recurrence,
    Relation,
    StakeholderKind,
    Stance,
    StanceLabel,
    Statement,
    Strength,
    Terms,
    Tier,
)

T = TypeVar("T")


class Named(Protocol):
    """Whatever has a name to show."""

    @property
    def name(self) -> str: ...


Names = Mapping[str, Named]
NO_NAMES: Names = MappingProxyType({})
#: How many people checked a position, by holder and topic (``api.store.judging``).
Checked = Mapping[tuple[str, str], int]
NO_CHECKS: Checked = MappingProxyType({})
CHECKED_TEXT = (
    "how many people confirmed or corrected a stance that it rests on, on whatever day; 0: it was checked by no one"
)


def _partial(value: Any) -> Any:
    return str(value) if isinstance(value, PartialDate) else value


def _number(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


def web_url(url: str | None) -> str | None:
    """The address if it is http or https: what comes from an article may hold any scheme."""
    return url if url and url.lower().startswith(("http://", "https://")) else None


PrintedDate = Annotated[
    str, BeforeValidator(_partial), Field(description="YYYY, YYYY-MM or YYYY-MM-DD: no more exact than the source")
]
Number = Annotated[Decimal, PlainSerializer(_number, return_type=int | float, when_used="json")]
WebUrl = Annotated[str | None, BeforeValidator(web_url)]


class Wire(BaseModel):
    """A type whose fields are read from the attributes of its record."""

    model_config = ConfigDict(from_attributes=True, frozen=True)

    @classmethod
    def from_record(cls, record: Any) -> Self:
        return cls.model_validate(record)

    @classmethod
    def named(cls, record: Any, names: Names, refs: tuple[str, ...], **more: Any) -> Self:
        """The fields that the record has, those of ``refs`` with the names of the stakeholders they mean."""
        plain = {name: getattr(record, name) for name in cls.model_fields if hasattr(record, name)}
        known = {name: Ref.of(getattr(record, name), names) for name in refs}
        return cls.model_validate(plain | known | more)


class Items(BaseModel, Generic[T]):
    """One page of a list; ``next`` goes into ``after=`` for the page that follows."""

    items: list[T]
    next: str | None = Field(default=None, description="cursor of the next page; null on the last")


class Ref(Wire):
    """A stakeholder or topic by id and name."""

    id: str = Field(examples=["nhs-england"])
    name: str = Field(examples=["NHS England"])

    @classmethod
    def of(cls, id: str | None, names: Names) -> Ref | None:
        """The reference to ``id``; an id without a stored name is its own name."""
        return None if id is None else cls.to(id, names)

    @classmethod
    def to(cls, id: str, names: Names) -> Ref:
        return cls(id=id, name=names[id].name if id in names else id)


class SpanOut(Wire):
    """Half-open offsets, in code points of the article's text, and the words there."""

    start: int = Field(examples=[120])
    end: int = Field(examples=[131])
    text: str = Field(examples=["a 'red line'"])


class EvidenceOut(Wire):
    """Why the program decided so; ``confidence`` is a probability and ``tier`` that in words."""

    confidence: float = Field(ge=0, le=1, examples=[0.93])
    tier: Tier
    method: str = Field(examples=["stance rules"])
    reason: str = Field(examples=["‘warned’ reports the clause, and ‘red line’ rejects the proposal."])
    checked: int = Field(default=0, description="how many people confirmed or corrected it", examples=[0])
    spans: list[SpanOut]


class ArticleOut(Wire):
    """What is known of an article, without its text."""

    id: str = Field(examples=["3f2a9c0d51b7e684"])
    source: str
    title: str | None
    publisher: str | None
    published: PrintedDate | None = Field(examples=["2014-05-21"])
    author: str | None
    url: WebUrl
    genre: Genre | None
    story: str | None = Field(default=None, description="equal for copies of one article")
    licence: Licence | None = Field(default=None, description="what may be shown of it; null: everything")
    expires: date | None = Field(default=None, description="the last day on which it may be shown")
    shown: Licence = Field(
        default=Licence.FULL_TEXT, description="what is shown of it today; behind its last day no text is"
    )


class ArticleRowOut(ArticleOut):
    """An article in a list, with what was found in it."""

    statements: int
    stances: int
    figures: int
    added: datetime

    @classmethod
    def from_record(cls, record: ArticleRow) -> Self:
        return cls(
            **ArticleOut.from_record(record.article).model_dump(),
            statements=record.statements,
            stances=record.stances,
            figures=record.figures,
            added=record.added,
        )


class StanceOut(Wire):
    """How one statement stands to one topic."""

    holder: Ref
    topic: str = Field(examples=["pooling"])
    label: StanceLabel
    strength: Strength
    statement: str | None
    on_behalf_of: Ref | None
    condition: SpanOut | None
    earlier: StanceLabel | None
    rationales: list[SpanOut]
    evidence: EvidenceOut

    @classmethod
    def from_record(cls, record: Stance, names: Names = NO_NAMES) -> Self:
        return cls.named(record, names, ("holder", "on_behalf_of"))


class StatementOut(Wire):
    """What the source presents as said, written, thought or decided by a holder (null: unattributed)."""

    id: str = Field(examples=["3f2a9c0d51b7e684:s1"])
    holder: Ref | None
    on_behalf_of: Ref | None
    capacity: Capacity
    manner: Manner
    text: str
    cue: SpanOut | None
    spans: list[SpanOut]
    repeats: list[SpanOut]
    chain: list[str]
    evidence: EvidenceOut
    stances: list[StanceOut] = []
    article: ArticleOut | None = None

    @classmethod
    def from_record(cls, record: Statement, names: Names = NO_NAMES) -> Self:
        return cls.named(record, names, ("holder", "on_behalf_of"))

    @classmethod
    def from_row(cls, row: StatementRow, names: Names) -> Self:
        """A stored statement with its article and its stances."""
        stances = [StanceOut.from_record(stance, names) for stance in row.stances]
        article = ArticleOut.from_record(row.article)
        return cls.from_record(row.statement, names).model_copy(update={"stances": stances, "article": article})


class PeriodOut(Wire):
    text: str = Field(examples=["2015/16"])
    start: date | None
    end: date | None


class FigureLinkOut(Wire):
    """What a figure is to the one whose id is ``figure``, and the words that show it."""

    figure: str = Field(examples=["f1"])
    relation: Relation
    span: SpanOut


class FigureOut(Wire):
    """Quoted money: ``value``, or ``low`` and ``high``, in base units of ``unit``."""

    id: str
    text: str = Field(examples=["£1.2bn"])
    value: Number | None = Field(examples=[1200000000])
    low: Number | None
    high: Number | None
    unit: str = Field(description="ISO 4217 code, percent or percentage_point", examples=["GBP"])
    per: str | None
    kind: FigureKind
    direction: Direction
    status: FigureStatus
    what: SpanOut | None
    payer: Ref | None
    recipient: Ref | None
    period: PeriodOut | None
    modifier: str | None
    terms: Terms = Field(description="cash, or real: with inflation taken out")
    recurrence: Recurrence
    links: list[FigureLinkOut] = Field(description="what it is to other figures of its article")
    cited_by: Ref | None
    spans: list[SpanOut]
    evidence: EvidenceOut
    article: ArticleOut | None = None

    @classmethod
    def from_record(cls, record: Figure, names: Names = NO_NAMES) -> Self:
        text = record.spans[0].text if record.spans else ""
        return cls.named(record, names, ("payer", "recipient", "cited_by"), text=text)

    @classmethod
    def from_row(cls, row: FigureRow, names: Names) -> Self:
        """A stored figure with its article."""
        return cls.from_record(row.figure, names).model_copy(update={"article": ArticleOut.from_record(row.article)})


class AffiliationOut(Wire):
    organisation: str
    role: str | None


class SuccessionOut(Wire):
    id: str
    on: date | None


class StakeholderOut(Wire):
    """A person, an organisation or a group, with its names and its place in time."""

    id: str = Field(examples=["nhs-england"])
    name: str = Field(examples=["NHS England"])
    kind: StakeholderKind
    aliases: list[str]
    parent: str | None
    successors: list[SuccessionOut]
    start: date | None
    end: date | None
    affiliations: list[AffiliationOut]


class StakeholderRowOut(StakeholderOut):
    """A stakeholder in a list, with how much is stored of it."""

    articles: int
    statements: int
    stances: int

    @classmethod
    def from_record(cls, record: StakeholderRow) -> Self:
        who = StakeholderOut.from_record(record.stakeholder).model_dump()
        counts = {name: getattr(record, name) for name in ("articles", "statements", "stances")}
        return cls.model_validate(who | counts)


class TopicOut(Wire):
    """A proposal that one can be for or against."""

    id: str = Field(examples=["pooling"])
    name: str
    claim: str
    counter_claim: str
    phrases: list[str]
    supports: list[str]
    opposes: list[str]
    start: date | None
    end: date | None
    named_only: bool


class StoryCount(BaseModel):
    label: StanceLabel
    stories: int


class PositionOut(Wire):
    """Stakeholder x topic, computed from stances at the moment of asking."""

    holder: Ref
    topic: str
    label: StanceLabel
    strength: Strength
    confidence: float
    tier: Tier
    on_behalf_of: Ref | None
    earlier: StanceLabel | None
    rationales: list[str]
    statements: list[str]
    evidence: list[SpanOut]
    stories: list[StoryCount] = Field(description="distinct stories by stance")
    first: PrintedDate | None
    last: PrintedDate | None
    checked: int = Field(default=0, description=CHECKED_TEXT, examples=[1])

    @classmethod
    def from_record(cls, record: Position, names: Names = NO_NAMES, checked: Checked = NO_CHECKS) -> Self:
        stories = [StoryCount(label=label, stories=count) for label, count in record.stories]
        tier = Tier.of(record.confidence)
        by = checked.get((record.holder, record.topic), 0)
        return cls.named(record, names, ("holder", "on_behalf_of"), tier=tier, stories=stories, checked=by)
