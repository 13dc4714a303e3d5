"""What the addresses of the map take: which coverage, whose rows, and how they are grouped."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from typing import Annotated, Any

from pydantic import Field

from api.problems import bad_field
from api.routes.bodies import IsoDate
from api.routes.params import FilterParams, ListParams, NoParams, StanceParams, Text, Texts, Words
from api.services import Services
from api.store import Filters
from api.store.analyst import Question
from nlp.alliances import Mode, Normalization
from nlp.cells import Grouping
from nlp.changes import ChangeKind
from nlp.records import MEDIUM, Manner, StakeholderKind, StanceLabel, Topic

AsOf = Annotated[
    IsoDate | None, Field(description="as it was known on this day: only what was surely published by then")
]
Kinds = Annotated[list[StakeholderKind], Field(max_length=3, description="kinds of stakeholders")]
Group = Annotated[
    Grouping | None,
    Field(
        description="person: people alone; organisation: bodies and groups alone, with what officers say for them; "
        "body-and-its-officers: one row for both, with all that its officers say in any capacity"
    ),
]
TopicId = Annotated[Text, Field(description="the id of a topic", examples=["pooling"])]


class MapParams(StanceParams):
    """Filters on statements, and whose rows are wanted."""

    as_of: AsOf = None
    kind: Kinds = Field(default=[])
    group: Group = None
    limit: int = Field(default=100, ge=1, le=1000, description="how many rows at most")


class PositionParams(MapParams):
    limit: int = Field(default=50, ge=1, le=200, description="how many items at most")


class Coverage(NoParams):
    """Which coverage is looked at, and whose words in it."""

    stakeholder: Texts = Field(default=[], description="ids of stakeholders")
    publisher: Texts = Field(default=[], description="names of publishers, exactly")
    kind: Kinds = Field(default=[])
    since: IsoDate | None = Field(default=None, alias="from", description="published on this day or later")
    until: IsoDate | None = Field(default=None, alias="to", description="published on this day or earlier")
    as_of: AsOf = None
    min_confidence: float | None = Field(
        default=None, ge=0, le=1, description=f"the least confidence; by default what the server shows ({MEDIUM})"
    )


class CoverageParams(Coverage, ListParams):
    """The same of a list."""


class ChangesParams(CoverageParams):
    topic: Texts = Field(default=[], description="ids of topics", examples=[["pooling"]])
    change: list[ChangeKind] = Field(default=[], max_length=3, description="kinds of changes")
    stance: list[StanceLabel] = Field(default=[], max_length=10, description="the stance after the change")


class OneTopicParams(CoverageParams):
    """The coverage, and the one topic that is asked about."""

    topic: TopicId


class DividesParams(OneTopicParams):
    group: Group = None


class AlliancesParams(CoverageParams):
    topic: Texts = Field(default=[], description="ids of topics; all by default")
    group: Group = None
    mode: Mode = Field(default=Mode.CONGRUENCE, description="what makes a tie")
    normalization: Normalization = Field(default=Normalization.NONE, description="what a tie is divided by")
    least: int = Field(default=2, ge=1, le=50, description="topics on which both must have a position")


class FileParams(NoParams):
    """Every filter there is, and no page: the same key again widens (or), another key narrows (and)."""

    stakeholder: Texts = Field(default=[], description="ids of stakeholders", examples=[["nhs-england"]])
    topic: Texts = Field(default=[], description="ids of topics", examples=[["pooling"]])
    stance: list[StanceLabel] = Field(default=[], max_length=50)
    manner: list[Manner] = Field(default=[], max_length=50)
    publisher: Texts = Field(default=[], description="names of publishers, exactly")
    article: Texts = Field(default=[], description="ids of articles")
    since: IsoDate | None = Field(default=None, alias="from", description="published on this day or later")
    until: IsoDate | None = Field(default=None, alias="to", description="published on this day or earlier")
    as_of: AsOf = None
    q: Words | None = Field(default=None, description='words, "phrases", -not, OR')
    kind: Kinds = Field(default=[])
    group: Group = None
    min_confidence: float | None = Field(
        default=None, ge=0, le=1, description=f"the least confidence; by default what the server shows ({MEDIUM})"
    )


def question_of(params: FilterParams | Coverage | FileParams, services: Services) -> Question:
    """The question for the store. Raises ProblemError for dates upside down and for a topic that nobody knows."""
    given: dict[str, Any] = params.model_dump(exclude_none=True)
    _check_days(params.since, params.until, given.get("as_of"))
    topic = given.get("topic", [])
    topics = [topic] if isinstance(topic, str) else topic
    known = services.topics() if topics else {}
    if not all(each in known for each in topics):
        raise bad_field("query.topic", "is no topic of this server; GET /v1/topics lists them")
    asked: dict[str, Any] = {name: given[name] for name in _ASKED if name in given}
    asked |= {name: tuple(value) for name, value in asked.items() if isinstance(value, list)}
    filters = Filters(
        **asked,
        topic=tuple(topics),
        min_confidence=given.get("min_confidence", services.settings.min_confidence),
    )
    return Question(filters=filters, kind=tuple(given.get("kind", ())), group=given.get("group"))


#: The fields that a question's filters take as they are.
_ASKED = frozenset(field.name for field in fields(Filters)) - {"topic", "min_confidence"}


def _check_days(since: date | None, until: date | None, as_of: date | None) -> None:
    if since and until and until < since:
        raise bad_field("query.to", "must not lie before `from`")
    if since and as_of and as_of < since:
        raise bad_field("query.as_of", "must not lie before `from`")


def topic_of(params: OneTopicParams, services: Services) -> Topic:
    """The topic asked for; ``question_of`` has refused those that nobody knows."""
    return services.topics()[params.topic]
