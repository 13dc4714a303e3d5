"""What the addresses of the API take: filters, pages of lists, and nothing else."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields, replace
from enum import StrEnum
from json import dumps, loads
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Path, Request
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from api.cursors import fingerprint
from api.dependencies import ServicesDep
from api.problems import bad_field
from api.routes.bodies import CleanText, IsoDate
from api.schemas import Names
from api.services import Services
from api.store import Filters, Page, Reader
from api.store.names import normalise_name
from api.store.passages import PassageKind
from api.store.questions import EVERYTHING, Mode, Question
from api.store.relatives import Include, with_relatives
from api.store.search import LONGEST_QUERY, parse_query
from nlp.errors import UsageError
from nlp.records import MEDIUM, Manner, StakeholderKind, StanceLabel, Strength, Tier

T = TypeVar("T")

#: A cursor holds the key of a row, which may be a name of any length.
MAX_CURSOR = 4000
_ASKED = tuple(field.name for field in fields(Filters))


def _not_blank(value: str) -> str:
    if not value.strip():
        raise ValueError("must not be empty")
    return value


def _asks(value: str) -> str:
    """A query, if it asks for something. Raises ValueError, so that the field is named."""
    try:
        parse_query(value)
    except UsageError as error:
        raise ValueError(error.what) from None
    return value


def _names(value: str) -> str:
    if not normalise_name(value):
        raise ValueError("needs at least one letter or digit to look for")
    return value


#: The document says by patterns what the checks refuse, as far as a pattern can.
_FILLED = {"pattern": r"^[^\x00]*[^\s\x00][^\x00]*$"}
Text = Annotated[CleanText, AfterValidator(_not_blank), Field(max_length=300, json_schema_extra=_FILLED)]
Words = Annotated[CleanText, AfterValidator(_asks), Field(min_length=1, max_length=LONGEST_QUERY)]
NamePart = Annotated[CleanText, AfterValidator(_names), Field(min_length=1, max_length=LONGEST_QUERY)]
_CURSOR = {"pattern": "^[A-Za-z0-9_-]+$"}
Texts = Annotated[list[Text], Field(max_length=50)]
Identifier = Annotated[CleanText, Path(min_length=1, max_length=300)]


def _apart(values: list[str]) -> list[str]:
    """What stands behind one key with commas between, as if the key came again."""
    return [part for value in values for part in value.split(",")]


class NoParams(BaseModel):
    """An address that takes no parameter refuses every one."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)


class ListParams(NoParams):
    """Which part of a list is wanted."""

    after: Annotated[CleanText, Field(max_length=MAX_CURSOR, json_schema_extra=_CURSOR)] | None = Field(
        default=None, description="the `next` of the page before"
    )
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
        if self.stakeholder:
            asked["stakeholder"] = services.store.judging.stands_for(self.stakeholder)
        return Filters(**asked)


class StanceParams(FilterParams):
    """Filters on what statements say, too."""

    stance: list[StanceLabel] = Field(default=[], max_length=50)
    manner: list[Manner] = Field(default=[], max_length=50)


class StakeholderParams(FilterParams):
    """The same, where `q` is a part of a name."""

    q: NamePart | None = Field(default=None, description="a part of a name or of an alias")


class Within(StrEnum):
    """The lists that search looks through, by the names of their addresses."""

    STATEMENTS = "statements"
    ARTICLES = "articles"
    FIGURES = "figures"


class SearchParams(StanceParams):
    """Where and how to look, too. Every filter narrows before anything is ranked."""

    q: Words = Field(description='words, "phrases", -not, OR', examples=['pooled "single budget" -tariff'])
    mode: Mode = Field(default=Mode.HYBRID, description="by words, by meaning, or by both")
    within: list[Within] = Field(default=[], alias="in", max_length=3, description="where; by default everywhere")
    include: Annotated[list[Include], BeforeValidator(_apart)] = Field(
        default=[],
        max_length=2,
        description="a stakeholder asked for brings the bodies above it or after it along; also with a comma between",
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


class Cursor:
    """Where the list that a request asks for goes on; a cursor of another query has been refused."""

    def __init__(self, request: Request, services: ServicesDep) -> None:
        self._signer = services.signer
        self._query = fingerprint(request.url.path, request.query_params.multi_items())
        given = request.query_params.get("after")
        self.after = self._signer.open(given, self._query) if given is not None else None

    def seal(self, key: str | None) -> str | None:
        """The signed cursor of the page that begins after the row of this key; None on the last page."""
        return None if key is None else self._signer.seal(key, self._query)

    def page(self, items: Sequence[T], limit: int, *, key: Callable[[T], list[Any]]) -> Page[T]:
        """A page of a list that is computed whole and sorted by ``key``; the list may change between pages."""
        last = decode_key(self.after) if self.after is not None else None
        start = 0 if last is None else bisect_right(items, last, key=key)
        shown = tuple(items[start : start + limit])
        more = start + limit < len(items)
        return Page(items=shown, next=self.seal(encode_key(key(shown[-1]))) if more else None)

    def part(self, items: Sequence[T], limit: int, *, row: Callable[[T], list[Any]]) -> Page[T]:
        """A page of a ranking that is computed whole; ``row`` tells an item from all others.

        It goes on behind the last row seen wherever that stands now, or where it stood if it has gone.
        """
        start = 0
        if self.after is not None:
            at, last = decode_key(self.after)
            start = next((i + 1 for i in _outwards(at, len(items)) if row(items[i]) == last), min(at, len(items)))
        shown, end = tuple(items[start : start + limit]), start + limit
        more = self.seal(encode_key([end - 1, row(shown[-1])])) if end < len(items) else None
        return Page(items=shown, next=more)


def _outwards(at: int, count: int) -> Iterator[int]:
    """The places of a list, those nearest to ``at`` first: a row seldom moves far between two pages."""
    for step in range(max(at, count - at) + 1):
        yield from (place for place in dict.fromkeys((at - step, at + step)) if 0 <= place < count)


CursorDep = Annotated[Cursor, Depends(Cursor)]


def encode_key(key: list[Any]) -> str:
    return dumps(key, ensure_ascii=False, separators=(",", ":"))


def decode_key(key: str) -> list[Any]:
    found: list[Any] = loads(key)
    return found


def names_for(reader: Reader, ids: Iterable[str | None]) -> Names:
    """What the stakeholders behind ids are called, in one call."""
    return reader.titles({id for id in ids if id is not None})
