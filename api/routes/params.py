"""What the addresses of the API take: filters, pages of lists, and nothing else."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Iterable, Sequence
from dataclasses import fields, replace
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Path, Request
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from api.problems import bad_field
from api.routes.bodies import CleanText
from api.schemas import Names
from api.services import Services
from api.store import Filters, Page, Reader
from api.store.passages import PassageKind
from api.store.questions import EVERYTHING, Mode, Question
from api.store.relatives import Include, with_relatives
from api.store.search import parse_query
from nlp.errors import UsageError
from nlp.records import MEDIUM, Manner, StakeholderKind, StanceLabel, Strength, Tier

T = TypeVar("T")

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_OFFSET = re.compile(r"o([0-9]{1,9})")
_ASKED = tuple(field.name for field in fields(Filters))


def read_iso_date(value: Any) -> Any:
    """Only ISO dates: pydantic would read "0" as a day in 1970."""
    if isinstance(value, str) and not _ISO.fullmatch(value):
        raise ValueError("must be a date such as 2014-05-21")
    return value


def _not_blank(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be empty")
    return value


Text = Annotated[CleanText, AfterValidator(_not_blank), Field(max_length=300)]
Words = Annotated[CleanText, Field(max_length=1000)]
Texts = Annotated[list[Text], Field(max_length=50)]
IsoDate = Annotated[date, BeforeValidator(read_iso_date)]
Identifier = Annotated[CleanText, Path(min_length=1, max_length=300)]


class Within(StrEnum):
    """The lists that search looks through, by the names of their addresses."""

    STATEMENTS = "statements"
    ARTICLES = "articles"
    FIGURES = "figures"


class NoParams(BaseModel):
    """An address that takes no parameter refuses every one."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class ListParams(NoParams):
    """Which part of a list is wanted."""

    after: Text | None = Field(default=None, description="the `next` of the page before")
    limit: int = Field(default=50, ge=1, le=200, description="how many items at most")


class FilterParams(ListParams):
    """The same key again widens (or), another key narrows (and)."""

    stakeholder: Texts = Field(default=[], description="ids of stakeholders", examples=[["nhs-england"]])
    topic: Texts = Field(default=[], description="ids of topics", examples=[["pooling"]])
    publisher: Texts = Field(default=[], description="names of publishers, exactly")
    article: Texts = Field(default=[], description="ids of articles")
    since: IsoDate | None = Field(default=None, alias="from", description="published on this day or later")
    until: IsoDate | None = Field(default=None, alias="to", description="published on this day or earlier")
    q: Words | None = Field(default=None, description='words, "phrases", -not, OR')
    min_confidence: float | None = Field(
        default=None, ge=0, le=1, description=f"the least confidence; by default what the server shows ({MEDIUM})"
    )

    def to_filters(self, services: Services) -> Filters:
        """The filters for the store. Raises ProblemError when the dates are upside down."""
        if self.since and self.until and self.until < self.since:
            raise bad_field("query.to", "must not lie before `from`")
        asked: dict[str, Any] = {"min_confidence": services.settings.min_confidence}
        for name, value in self.model_dump(include=set(_ASKED), exclude_none=True).items():
            asked[name] = tuple(value) if isinstance(value, list) else value
        return Filters(**asked)


class StanceParams(FilterParams):
    """Filters on what statements say, too."""

    stance: list[StanceLabel] = Field(default=[], max_length=50)
    manner: list[Manner] = Field(default=[], max_length=50)


def _asks_for_something(value: str) -> str:
    try:
        parse_query(value)
    except UsageError as error:
        raise ValueError(f"{error.what} ({error.do})" if error.do else error.what) from None
    return value


class SearchParams(StanceParams):
    """Where and how to look, too. Every filter narrows before anything is ranked."""

    q: Annotated[Words, AfterValidator(_not_blank), AfterValidator(_asks_for_something)] = Field(
        description='words, "phrases", -not, OR', examples=['pooled "single budget" -tariff']
    )
    mode: Mode = Field(default=Mode.HYBRID, description="by words, by meaning, or by both")
    within: list[Within] = Field(default=[], alias="in", max_length=3, description="where; by default everywhere")
    include: list[Include] = Field(
        default=[], max_length=2, description="a stakeholder asked for brings the bodies above it or after it along"
    )
    kind: list[StakeholderKind] = Field(default=[], max_length=3, description="of who holds, pays or appears")
    strength: list[Strength] = Field(default=[], max_length=3)
    year: list[Annotated[int, Field(ge=1, le=9999)]] = Field(default=[], max_length=50, description="of publication")
    tier: list[Tier] = Field(default=[], max_length=3, description="of confidence, within `min_confidence`")
    limit: int = Field(default=20, ge=1, le=200, description="how many items at most")

    def to_question(self, services: Services) -> Question:
        """The question for the store, with relatives. Raises ProblemError when the dates are upside down."""
        filters = self.to_filters(services)
        if self.include and filters.stakeholder:
            everybody = with_relatives(filters.stakeholder, self.include, services.store.reader)
            filters = replace(filters, stakeholder=everybody)
        return Question(
            query=self.q,
            mode=self.mode,
            within=tuple(PassageKind(name.removesuffix("s")) for name in self.within) or EVERYTHING,
            filters=replace(filters, q=None),
            kind=tuple(self.kind),
            strength=tuple(self.strength),
            year=tuple(self.year),
            tier=tuple(self.tier),
        )


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


def _reader(services: Annotated[Services, Depends(_services)]) -> Reader:
    return services.store.reader


ServicesDep = Annotated[Services, Depends(_services)]
ReaderDep = Annotated[Reader, Depends(_reader)]


def slice_page(items: Sequence[T], params: ListParams) -> Page[T]:
    """A page of a list that is computed whole; its cursor holds the place to go on from."""
    start = _read_offset(params.after) if params.after else 0
    end = start + params.limit
    return Page(items=tuple(items[start:end]), next=_write_offset(end) if end < len(items) else None)


def _write_offset(offset: int) -> str:
    return urlsafe_b64encode(f"o{offset}".encode()).decode().rstrip("=")


def _read_offset(cursor: str) -> int:
    try:
        text = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except (Base64Error, ValueError):
        text = ""
    match = _OFFSET.fullmatch(text)
    if match is None:
        raise bad_cursor()
    return int(match[1])


def bad_cursor() -> Exception:
    return bad_field("query.after", "is not a cursor of this list; begin without it")


def names_for(reader: Reader, ids: Iterable[str | None]) -> Names:
    """The stakeholders behind ids, in one call."""
    return reader.stakeholders_by_id({id for id in ids if id is not None})
