"""What asks for a briefing, and what is kept of one that was made."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field

from api.briefing.build import MOST_STAKEHOLDERS
from api.briefing.formats import Format
from api.briefing.record import Asked
from api.problems import bad_field
from api.routes.bodies import IsoDate
from api.routes.params import ListParams, Text
from api.services import Services
from api.store.briefings import Recorded
from nlp.records import MEDIUM
from nlp.register import register

_ONE = "asks for topic or stakeholder: name one topic, or up to 20 stakeholders, or both"


class BriefingIn(BaseModel):
    """Which briefing is wanted; the parameters of `GET` are the same."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    topic: Annotated[list[Text], Field(max_length=50)] = Field(
        default=[], description="ids of topics; without a stakeholder, one", examples=[["pooling"]]
    )
    stakeholder: Annotated[list[Text], Field(max_length=MOST_STAKEHOLDERS)] = Field(
        default=[], description="ids of stakeholders", examples=[["nhs-england"]]
    )
    since: IsoDate | None = Field(default=None, alias="from", description="published on this day or later")
    until: IsoDate | None = Field(default=None, alias="to", description="published on this day or earlier")
    min_confidence: float | None = Field(
        default=None, ge=0, le=1, description=f"the least confidence; by default what the server shows ({MEDIUM})"
    )
    all_topics: bool = Field(default=False, description="name the proposals too on which the stakeholders are silent")
    format: Format = Field(default=Format.JSON, description="how it is printed")

    def to_asked(self, services: Services, place: str) -> Asked:
        """What is asked of the store. Raises ProblemError, with the field's ``place``, for what nobody knows."""
        if not self.topic and not self.stakeholder:
            raise bad_field(f"{place}.topic", _ONE)
        if not self.stakeholder and len(self.topic) > 1:
            raise bad_field(f"{place}.topic", "is one topic where no stakeholder is named")
        if self.since and self.until and self.until < self.since:
            raise bad_field(f"{place}.to", "must not lie before `from`")
        known = services.topics()
        if not all(topic in known for topic in self.topic):
            raise bad_field(f"{place}.topic", "is no topic of this server; GET /v1/topics lists them")
        stored = services.store.reader.stakeholders_by_id(self.stakeholder)
        if not all(id in stored or register().get(id) for id in self.stakeholder):
            raise bad_field(f"{place}.stakeholder", "is no stakeholder of this server; GET /v1/stakeholders lists them")
        floor = services.settings.min_confidence if self.min_confidence is None else self.min_confidence
        return Asked(
            topics=tuple(dict.fromkeys(self.topic)),
            stakeholders=tuple(dict.fromkeys(self.stakeholder)),
            since=self.since,
            until=self.until,
            min_confidence=floor,
            all_topics=self.all_topics,
        )


class CarriedParams(ListParams):
    """Whose briefings are looked for: those that carried a line, or any line on a statement, figure or article."""

    line: Text | None = Field(default=None, description="id of a line of a briefing", examples=["140bf23964a6a04a"])
    statement: Text | None = Field(default=None, description="id of a statement or of a figure")
    article: Text | None = Field(default=None, description="id of an article")


class RecordedOut(BaseModel):
    """A briefing that was made and recorded."""

    id: str = Field(examples=["9f3c2b7d10aa54e6"])
    briefing: str = Field(description="the id that the document carries", examples=["f6cbd68608da79c4"])
    made: datetime
    title: str
    format: Format
    asked: dict[str, Any] = Field(description="what it was asked for", examples=[{"topics": ["pooling"]}])
    by: str | None = Field(description="id of the API key that asked; null on the server's own machine")
    lines: list[str] = Field(description="ids of the lines that are asked about", examples=[["140bf23964a6a04a"]])

    @classmethod
    def from_record(cls, record: Recorded) -> Self:
        return cls(
            id=record.id,
            briefing=record.briefing,
            made=record.made,
            title=record.title,
            format=Format(record.format),
            asked=dict(record.asked),
            by=record.by,
            lines=list(record.lines),
        )
