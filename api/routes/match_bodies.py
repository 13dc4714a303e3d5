"""Wire types of names: who may be meant by one, and which names a body had."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from api.routes.bodies import IsoDate, clean_text
from api.schemas import StakeholderOut, Wire
from nlp.errors import UsageError
from nlp.matching import MAX_LIMIT, Candidate, check_name


def _name(value: str) -> str:
    try:
        return check_name(clean_text(value))
    except UsageError as error:
        raise ValueError(error.what) from None


def _number(value: Any) -> Any:
    """Numbers alone: pydantic would read "5" and true as 5 and 1. 5.0 is an integer in JSON."""
    if isinstance(value, bool | str):
        raise ValueError("must be a number")
    return value


class MatchIn(BaseModel):
    """A name, and the day on which it was used."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"examples": [{"name": "the NHS Commissioning Board", "on": "2014-05-21", "limit": 5}]},
    )

    name: Annotated[str, AfterValidator(_name)]
    on: IsoDate | None = Field(default=None, description="which of several bodies stood on that day")
    limit: Annotated[int, BeforeValidator(_number)] = Field(
        default=10, ge=1, le=MAX_LIMIT, description="how many candidates at most"
    )


class PointOut(Wire):
    """What one comparison gave or, below zero, took."""

    test: str = Field(examples=["former name"])
    score: float = Field(ge=-1, le=1, examples=[0.75])
    reason: str = Field(examples=["it was called “NHS Commissioning Board” until 31 March 2013"])


class CandidateOut(BaseModel):
    """Somebody who may be meant; ``score`` is the sum of the points, held to 0..1."""

    stakeholder: StakeholderOut
    score: float = Field(ge=0, le=1)
    match: bool = Field(description="it alone bears the name")
    suggestion: bool = Field(description="found by likeness only: for a person to decide, never to be merged")
    points: list[PointOut]

    @classmethod
    def from_record(cls, record: Candidate) -> Self:
        return cls(
            stakeholder=StakeholderOut.from_record(record.stakeholder),
            score=record.score,
            match=record.match,
            suggestion=record.suggestion,
            points=[PointOut.from_record(point) for point in record.points],
        )


class MatchOut(BaseModel):
    """Candidates for a name, best first; empty when nobody comes near it."""

    candidates: list[CandidateOut]

    @classmethod
    def from_records(cls, records: Sequence[Candidate]) -> Self:
        return cls(candidates=[CandidateOut.from_record(record) for record in records])
