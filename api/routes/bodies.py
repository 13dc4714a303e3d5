"""Wire types that only single addresses use: what is sent to be analysed, and what comes back whole."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, HttpUrl, StrictBool

from api.problems import bad_field
from api.routes.kin import KinOut
from api.schemas import (
    ArticleOut,
    Checked,
    FigureOut,
    Names,
    PositionOut,
    SpanOut,
    StakeholderOut,
    StanceOut,
    StatementOut,
    Wire,
)
from api.store import ShownArticle
from nlp.errors import TopicError
from nlp.positions import article_positions
from nlp.records import Analysis, Article, BlockKind, PartialDate, Topic
from nlp.topics import MAX_ID, MAX_LINES, MAX_PHRASES, check_topic

MAX_TOPICS = 20
_DATED = r"^[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?$"
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
#: How a fault of a topic names its key.
_KEY = re.compile(r"'([a-z_]+)',? *")


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


def read_iso_date(value: Any) -> Any:
    """Only ISO dates: pydantic would read 0 and "0" as a day in 1970."""
    if isinstance(value, date) or (isinstance(value, str) and _ISO.fullmatch(value)):
        return value
    raise ValueError("must be a date such as 2014-05-21")


#: The document says by a pattern what the check refuses, as far as a pattern can.
CleanText = Annotated[str, AfterValidator(clean_text), Field(json_schema_extra={"pattern": r"^[^\x00]*$"})]
ShortText = Annotated[CleanText, Field(min_length=1, max_length=500)]
#: A day, a month or a year.
DatedText = Annotated[str, AfterValidator(_partial), Field(json_schema_extra={"pattern": _DATED})]
IsoDate = Annotated[date, BeforeValidator(read_iso_date)]


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
    start: IsoDate | None = Field(default=None, alias="from", description="no article before this day bears on it")
    end: IsoDate | None = Field(default=None, alias="to", description="no article after this day bears on it")
    named_only: StrictBool = Field(
        default=False, description="looked for only in articles that have one of the phrases"
    )

    def to_record(self, field: str = "body") -> Topic:
        """The topic. Raises ProblemError, which names the key under ``field``, when it breaks a rule of topics."""
        topic = Topic(
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
        try:
            return check_topic(topic)
        except TopicError as error:
            key = _KEY.match(error.what)
            name, detail = (f"{field}.{key[1]}", error.what[key.end() :]) if key else (field, error.what)
            raise bad_field(name, detail) from None


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
    published: DatedText | None = Field(default=None, examples=["2015-03"])
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
    copies: list[ArticleOut] = Field(default=[], description="other articles that print the same story, newest first")
    copy_count: int = Field(default=0, description="how many copies there are; the hundred newest are listed")
    text: str = Field(description="empty where the licence keeps it back")
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
    def from_shown(cls, record: ShownArticle) -> Self:
        """A stored article as far as its licence allows, with its copies."""
        found = cls.from_record(record.analysis)
        told = {"story": record.story, "shown": record.shown}
        copies = [ArticleOut.from_record(copy) for copy in record.copies]
        article = found.article.model_copy(update=told)
        return found.model_copy(update={"article": article, "copies": copies, "copy_count": record.copy_count})

    @classmethod
    def from_record(cls, record: Analysis) -> Self:
        article = record.article
        names: Names = {stakeholder.id: stakeholder for stakeholder in record.stakeholders}
        fields = {name: getattr(article, name) for name in ArticleOut.model_fields if name not in ("story", "shown")}
        return cls(
            article=ArticleOut.model_validate(fields),
            text=article.text,
            blocks=[BlockOut.from_record(block) for block in article.blocks],
            stakeholders=[StakeholderOut.from_record(stakeholder) for stakeholder in record.stakeholders],
            mentions=[MentionOut.from_record(mention) for mention in record.mentions],
            statements=[StatementOut.from_record(statement, names) for statement in record.statements],
            stances=[StanceOut.from_record(stance, names) for stance in record.stances],
            positions=[PositionOut.from_record(each, names, _checked(record)) for each in article_positions(record)],
            figures=[FigureOut.from_record(figure, names) for figure in record.figures],
            issues=[IssueOut.from_record(issue) for issue in record.issues],
            run=RunOut.from_record(record.run),
        )


def _checked(record: Analysis) -> Checked:
    """How many people confirmed or corrected a stance of this article, by holder and topic."""
    people: dict[tuple[str, str], set[str]] = {}
    for stance in record.stances:
        if stance.evidence.checked_by:
            people.setdefault((stance.holder, stance.topic), set()).update(stance.evidence.checked_by)
    return {cell: len(names) for cell, names in people.items()}


class VersionOut(BaseModel):
    """What this server is made of."""

    standpoint: str = Field(examples=["0.1.0"])
    api: str = Field(examples=["v1"])
    python: str = Field(examples=["3.11.2"])


class HealthOut(BaseModel):
    status: str = Field(examples=["ok"])
