"""The types that flow through Standpoint: frozen records, checked spans, closed vocabularies.

The words mean what the annotation guide says. Offsets are half-open and count code points of
``Article.text``, which is never altered after reading.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256

from nlp.vocabularies import (
    BODY_KINDS,
    EVIDENCE_KINDS,
    MEDIUM,
    SURE,
    BlockKind,
    Capacity,
    Direction,
    FigureKind,
    FigureStatus,
    Genre,
    Licence,
    Manner,
    Precision,
    Recurrence,
    Relation,
    StakeholderKind,
    StanceLabel,
    Strength,
    Terms,
    Tier,
)

__all__ = [
    "BODY_KINDS",
    "EVIDENCE_KINDS",
    "MEDIUM",
    "SURE",
    "Affiliation",
    "Analysis",
    "Article",
    "Block",
    "BlockKind",
    "Capacity",
    "Direction",
    "Evidence",
    "Figure",
    "FigureKind",
    "FigureLink",
    "FigureStatus",
    "Genre",
    "Hint",
    "Issue",
    "Licence",
    "Manner",
    "Mention",
    "Name",
    "NameKind",
    "PartialDate",
    "Period",
    "Position",
    "Precision",
    "Recurrence",
    "Relation",
    "Run",
    "Sentence",
    "Span",
    "Stakeholder",
    "StakeholderKind",
    "Stance",
    "StanceLabel",
    "Statement",
    "Strength",
    "Succession",
    "Terms",
    "Tier",
    "Topic",
]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open code-point offsets into an article's text, with that text beside them."""

    start: int
    end: int
    text: str

    def __post_init__(self) -> None:
        if self.start < 0 or self.end - self.start != len(self.text):
            raise ValueError(f"span {self.start}-{self.end} does not fit its text of {len(self.text)} characters")

    def within(self, other: Span | Block) -> bool:
        return other.start <= self.start and self.end <= other.end

    def overlaps(self, other: Span) -> bool:
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date no more exact than its source: "May 2014" is a month, not a day in May."""

    value: date
    precision: Precision

    def __str__(self) -> str:
        return self.value.isoformat()[: {Precision.DAY: 10, Precision.MONTH: 7, Precision.YEAR: 4}[self.precision]]

    @property
    def last(self) -> date:
        """The last day that it can mean; ``value`` is the first."""
        day = self.value
        if self.precision is Precision.DAY:
            return day
        month = day.month if self.precision is Precision.MONTH else 12
        return day.replace(month=month, day=monthrange(day.year, month)[1])

    @classmethod
    def parse(cls, text: str) -> PartialDate:
        """Read YYYY, YYYY-MM or an ISO date or timestamp. Raises ValueError otherwise."""
        text = text.strip()[:10]
        padded = {4: f"{text}-01-01", 7: f"{text}-01"}.get(len(text), text)
        precision = {4: Precision.YEAR, 7: Precision.MONTH}.get(len(text), Precision.DAY)
        return cls(date.fromisoformat(padded), precision)


@dataclass(frozen=True, slots=True)
class Block:
    """A typed stretch of the article, without its surrounding white space."""

    kind: BlockKind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Hint:
    """What a reader knows of the layout.

    ``role`` is "title", "heading", "paragraph", "caption", "comment" or "boilerplate".
    """

    role: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Article:
    """One document. ``source`` is its URL, else its file name; ``id`` hashes source and text.

    ``licence`` says what may be shown of it (None: everything), ``expires`` is the last day on which it may.
    """

    id: str
    source: str
    text: str
    reader: str
    title: str | None = None
    publisher: str | None = None
    published: PartialDate | None = None
    author: str | None = None
    url: str | None = None
    genre: Genre | None = None
    licence: Licence | None = None
    expires: date | None = None
    hints: tuple[Hint, ...] = ()
    blocks: tuple[Block, ...] = ()

    @staticmethod
    def identify(source: str, text: str) -> str:
        """Sixteen hexadecimal digits that name this text from this source."""
        digest = sha256(f"{source}\0{text}".encode("utf-8", "surrogatepass"))
        return digest.hexdigest()[:16]

    def span(self, start: int, end: int) -> Span:
        return Span(start, end, self.text[start:end])

    def holds(self, span: Span) -> bool:
        """Whether the span says what the text says at its offsets."""
        return self.text[span.start : span.end] == span.text


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence (a span) and the index of the block it stands in."""

    span: Span
    block: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why the program decided so. ``confidence`` is a probability, ``reason`` one plain sentence.

    ``checked_by`` are the people who confirmed or corrected it. It is left out of the printed form, which names what
    the program found (``api.store.rows``).
    """

    confidence: float
    method: str
    reason: str
    spans: tuple[Span, ...] = ()
    checked_by: tuple[str, ...] = field(default=(), repr=False)

    @property
    def checked(self) -> int:
        """How many people confirmed or corrected it."""
        return len(self.checked_by)

    @property
    def tier(self) -> Tier:
        return Tier.of(self.confidence)


@dataclass(frozen=True, slots=True)
class Succession:
    """The body ``id`` took over on ``on`` (the first day of the new body)."""

    id: str
    on: date | None


@dataclass(frozen=True, slots=True)
class Affiliation:
    """An office: the body's id (None when only the role is said) and the role as printed."""

    organisation: str | None
    role: str | None = None


@dataclass(frozen=True, slots=True)
class Stakeholder:
    """Who is meant. ``start`` and ``end`` bound the life of a body: first and last day."""

    id: str
    name: str
    kind: StakeholderKind
    aliases: tuple[str, ...] = ()
    parent: str | None = None
    successors: tuple[Succession, ...] = ()
    start: date | None = None
    end: date | None = None
    affiliations: tuple[Affiliation, ...] = ()


class NameKind(StrEnum):
    """What the language pipeline takes a name for."""

    PERSON = "person"
    ORGANISATION = "organisation"
    PLACE = "place"


@dataclass(frozen=True, slots=True)
class Name:
    """A name that the language pipeline sees in the text; whose it is, is decided later.

    ``acts``: it is the subject of its clause or an apposition.
    """

    span: Span
    kind: NameKind
    acts: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """A name as written; ``stakeholder`` is the id of who is meant, None when that is not clear."""

    span: Span
    stakeholder: str | None
    affiliation: Affiliation | None = None
    evidence: Evidence | None = None

    @property
    def extent(self) -> Span:
        """The whole phrase that introduces a person ("Dr A, chair of B"), else the name alone."""
        return self.evidence.spans[0] if self.evidence and self.evidence.spans else self.span


@dataclass(frozen=True, slots=True)
class Statement:
    """What the source presents as said, written, thought or decided by a holder (None: unattributed)."""

    id: str
    holder: str | None
    manner: Manner
    spans: tuple[Span, ...]
    evidence: Evidence
    on_behalf_of: str | None = None
    capacity: Capacity = Capacity.UNSPECIFIED
    cue: Span | None = None
    repeats: tuple[Span, ...] = ()
    chain: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        return " ".join(span.text for span in self.spans)


@dataclass(frozen=True, slots=True)
class Topic:
    """A proposal one can be for or against. ``phrases`` are ways the press names it.

    A topic that is ``named_only`` is looked for only in articles that have one of its phrases.
    """

    id: str
    name: str
    claim: str
    counter_claim: str = ""
    phrases: tuple[str, ...] = ()
    supports: tuple[str, ...] = ()
    opposes: tuple[str, ...] = ()
    start: date | None = None
    end: date | None = None
    named_only: bool = False


@dataclass(frozen=True, slots=True)
class Stance:
    """How one statement stands to one topic.

    ``statement`` is None where only narration or a headline shows the view; ``evidence.spans``
    then holds the clause.
    """

    holder: str
    topic: str
    label: StanceLabel
    evidence: Evidence
    statement: str | None = None
    on_behalf_of: str | None = None
    strength: Strength = Strength.PLAIN
    condition: Span | None = None
    earlier: StanceLabel | None = None
    rationales: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Period:
    """When the money is for: as printed, and as dates when they can be worked out."""

    text: str
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True, slots=True)
class FigureLink:
    """What the figure that holds it is to another of its article (``figure``, an id), and the words that show it."""

    figure: str
    relation: Relation
    span: Span


@dataclass(frozen=True, slots=True)
class Figure:
    """Quoted money.

    ``value`` (or ``low`` and ``high``) is in base units of ``unit``: an ISO 4217 code, "percent" or "percentage_point".
    """

    id: str
    spans: tuple[Span, ...]
    unit: str
    evidence: Evidence
    value: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    per: str | None = None
    kind: FigureKind = FigureKind.OTHER
    direction: Direction = Direction.NONE
    status: FigureStatus = FigureStatus.ACTUAL
    what: Span | None = None
    payer: str | None = None
    recipient: str | None = None
    period: Period | None = None
    modifier: str | None = None
    cited_by: str | None = None
    terms: Terms = Terms.UNSPECIFIED
    recurrence: Recurrence = Recurrence.UNSPECIFIED
    links: tuple[FigureLink, ...] = ()


@dataclass(frozen=True, slots=True)
class Issue:
    """What was skipped and why. ``code`` is a short stable word, such as "no-headline"."""

    code: str
    message: str
    span: Span | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """The code, models, register and topics behind a result; ``digest`` changes when any of them does."""

    version: str
    digest: str
    models: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything found in one article."""

    article: Article
    run: Run
    stakeholders: tuple[Stakeholder, ...] = ()
    mentions: tuple[Mention, ...] = ()
    statements: tuple[Statement, ...] = ()
    stances: tuple[Stance, ...] = ()
    figures: tuple[Figure, ...] = ()
    issues: tuple[Issue, ...] = ()

    def spans(self) -> Sequence[Span]:
        """Every span that an Analysis prints, in no order."""
        found = [mention.span for mention in self.mentions]
        for statement in self.statements:
            found += [*statement.spans, *statement.repeats, *([statement.cue] if statement.cue else [])]
        for stance in self.stances:
            found += [*stance.rationales, *stance.evidence.spans, *([stance.condition] if stance.condition else [])]
        for figure in self.figures:
            found += [*figure.spans, *([figure.what] if figure.what else []), *(link.span for link in figure.links)]
        return found


@dataclass(frozen=True, slots=True)
class Position:
    """Stakeholder x topic, computed from stances and never stored as truth.

    ``stories`` counts distinct stories by stance, ``story_count`` all of them once; ``statements`` and ``evidence``
    are the proof.
    """

    holder: str
    topic: str
    label: StanceLabel
    strength: Strength
    confidence: float
    on_behalf_of: str | None = None
    earlier: StanceLabel | None = None
    rationales: tuple[str, ...] = ()
    statements: tuple[str, ...] = ()
    evidence: tuple[Span, ...] = ()
    stories: tuple[tuple[StanceLabel, int], ...] = ()
    story_count: int = 0
    first: PartialDate | None = None
    last: PartialDate | None = None
