"""What the addresses of the API take: filters, pages of lists, and nothing else."""

from __future__ import annotations

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error as Base64Error
from collections.abc import Iterable, Sequence
from dataclasses import fields
from datetime import date
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Path, Request
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from api.problems import bad_field
from api.routes.bodies import CleanText
from api.schemas import Names
from api.services import Services
from api.store import Filters, Page, Reader
from nlp.records import MEDIUM, Manner, StanceLabel

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


class SearchParams(StanceParams):
    q: Annotated[Words, AfterValidator(_not_blank)] = Field(description='words, "phrases", -not, OR')
    limit: int = Field(default=20, ge=1, le=200, description="how many items at most")


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
