"""Wire types that only single addresses use: what is sent to be analysed, and what comes back whole."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, HttpUrl

from api.routes.kin import KinOut
from api.schemas import (
    ArticleOut,
    FigureOut,
    Names,
    PositionOut,
    Ref,
    SpanOut,
    StakeholderOut,
    StanceOut,
    StatementOut,
    Wire,
)
from api.services import in_topic_order
from api.store import PositionMap
from nlp.positions import article_positions
from nlp.records import Analysis, Article, BlockKind, PartialDate, Topic
from nlp.topics import MAX_ID, MAX_LINES, MAX_PHRASES, check_topic

MAX_TOPICS = 20


def clean_text(value: str) -> str:
    """The text, if it is one: NUL and lone surrogates can be neither stored nor sent. Raises ValueError."""
    if "\0" in value:
        raise ValueError("must not hold a NUL character")
    if any(unicodedata.category(char) == "Cs" for char in value):
        raise ValueError("must not hold half of a surrogate pair")
    return value


def _partial(value: str) -> str:
    try:
        PartialDate.parse(value)
    except ValueError:
        raise ValueError("must be YYYY, YYYY-MM or YYYY-MM-DD") from None
    return value


CleanText = Annotated[str, AfterValidator(clean_text)]
ShortText = Annotated[CleanText, Field(min_length=1, max_length=500)]


class TopicIn(BaseModel):
    """A proposal of the caller's own: it works without training anything."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=MAX_ID, examples=["seven-day-access"])
    name: ShortText = Field(examples=["Seven-day access"])
    claim: ShortText = Field(examples=["GP practices should open seven days a week."])
    counter_claim: Annotated[CleanText, Field(max_length=500)] = ""
    phrases: list[ShortText] = Field(default=[], max_length=MAX_PHRASES, examples=[["seven-day opening"]])
    supports: list[ShortText] = Field(default=[], max_length=MAX_LINES, description="what counts as support")
    opposes: list[ShortText] = Field(default=[], max_length=MAX_LINES, description="what counts as opposition")
    start: date | None = Field(default=None, alias="from", description="no article before this day bears on it")
    end: date | None = Field(default=None, alias="to", description="no article after this day bears on it")
    named_only: bool = Field(default=False, description="looked for only in articles that have one of the phrases")

    def to_record(self) -> Topic:
        """The topic. Raises TopicError when it breaks a rule of topics."""
        return check_topic(
            Topic(
                id=self.id,
                name=self.name.strip(),
                claim=self.claim.strip(),
                counter_claim=self.counter_claim.strip(),
                phrases=tuple(self.phrases),
                supports=tuple(self.supports),
                opposes=tuple(self.opposes),
                start=self.start,
                end=self.end,
                named_only=self.named_only,
            )
        )


class AnalyseIn(BaseModel):
    """A text to be analysed; nothing of it is stored."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "title": "Practices split over shared budget",
                    "publisher": "The Local Paper",
                    "published": "2015-03-12",
                    "text": "Practices split over shared budget\n\nDr Asha Menon, chair of Fenland LMC, said: "
                    "‘We are against a single budget with the hospitals.’",
                    "topics": ["pooling"],
                }
            ]
        },
    )

    text: CleanText = Field(min_length=1, description="plain text, paragraphs apart by blank lines")
    title: ShortText | None = None
    publisher: ShortText | None = None
    published: Annotated[str, AfterValidator(_partial)] | None = Field(default=None, examples=["2015-03"])
    url: HttpUrl | None = None
    topics: list[ShortText | TopicIn] | None = Field(
        default=None, max_length=MAX_TOPICS, description="ids of known topics, or topics of your own; null: all known"
    )

    def to_article(self) -> Article:
        """The article as a reader would give it, with the address (or its absence) as its source."""
        url = str(self.url) if self.url else None
        source = url or "request"
        published = PartialDate.parse(self.published) if self.published else None
        return Article(
            id=Article.identify(source, self.text),
            source=source,
            text=self.text,
            reader="request/1",
            title=self.title,
            publisher=self.publisher,
            published=published,
            url=url,
        )


class StakeholderDetail(BaseModel):
    """A stakeholder with its relatives in the register and its positions on every topic."""

    stakeholder: StakeholderOut
    kin: KinOut
    positions: list[PositionOut]


class MapRow(BaseModel):
    """One stakeholder of the map; ``positions`` holds only the topics on which it has one."""

    stakeholder: StakeholderOut
    positions: dict[str, PositionOut] = Field(description="by topic id")


class MapOut(BaseModel):
    """The map: who stands where. Rows with the most stories come first."""

    topics: list[Ref]
    rows: list[MapRow]
    next: str | None = None

    @classmethod
    def from_record(cls, record: PositionMap, names: Names, topics: Mapping[str, Topic]) -> Self:
        """The map with the names of those who hold a position or are spoken for."""
        columns = in_topic_order(record.topics, topics)
        rows = [
            MapRow(
                stakeholder=StakeholderOut.from_record(stakeholder),
                positions={
                    topic: PositionOut.from_record(record.cells[stakeholder.id, topic], names)
                    for topic in columns
                    if (stakeholder.id, topic) in record.cells
                },
            )
            for stakeholder in record.stakeholders
        ]
        heads = [Ref(id=topic, name=topics[topic].name if topic in topics else topic) for topic in columns]
        return cls(topics=heads, rows=rows)


class BlockOut(Wire):
    kind: BlockKind
    start: int
    end: int


class MentionOut(Wire):
    span: SpanOut
    stakeholder: str | None


class IssueOut(Wire):
    """What was skipped and why."""

    code: str = Field(examples=["no-headline"])
    message: str
    span: SpanOut | None


class RunOut(Wire):
    """The versions behind a result; ``digest`` changes when any of them does."""

    version: str
    digest: str
    models: list[tuple[str, str]]


class AnalysisOut(BaseModel):
    """Everything found in one article. All of it is machine-extracted: see ``run`` and each ``evidence``."""

    article: ArticleOut
    text: str
    blocks: list[BlockOut]
    stakeholders: list[StakeholderOut]
    mentions: list[MentionOut]
    statements: list[StatementOut]
    stances: list[StanceOut]
    positions: list[PositionOut]
    figures: list[FigureOut]
    issues: list[IssueOut]
    run: RunOut

    @classmethod
    def from_record(cls, record: Analysis, *, story: str | None = None) -> Self:
        article = record.article
        names: Names = {stakeholder.id: stakeholder for stakeholder in record.stakeholders}
        fields = {name: getattr(article, name) for name in ArticleOut.model_fields if name != "story"}
        return cls(
            article=ArticleOut.model_validate({**fields, "story": story}),
            text=article.text,
            blocks=[BlockOut.from_record(block) for block in article.blocks],
            stakeholders=[StakeholderOut.from_record(stakeholder) for stakeholder in record.stakeholders],
            mentions=[MentionOut.from_record(mention) for mention in record.mentions],
            statements=[StatementOut.from_record(statement, names) for statement in record.statements],
            stances=[StanceOut.from_record(stance, names) for stance in record.stances],
            positions=[PositionOut.from_record(position, names) for position in article_positions(record)],
            figures=[FigureOut.from_record(figure, names) for figure in record.figures],
            issues=[IssueOut.from_record(issue) for issue in record.issues],
            run=RunOut.from_record(record.run),
        )


class VersionOut(BaseModel):
    """What this server is made of."""

    standpoint: str = Field(examples=["0.1.0"])
    api: str = Field(examples=["v1"])
    python: str = Field(examples=["3.11.2"])


class HealthOut(BaseModel):
    status: str = Field(examples=["ok"])
