"""The feed of updates as others read it: rows with ids and a citation, never the text of an article."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Self
from urllib.parse import quote

from pydantic import BaseModel, Field

from api.cursors import fingerprint
from api.problems import bad_field
from api.schemas import Names, PrintedDate, Ref, WebUrl, Wire
from api.services import Services
from api.store.updates import Change, Kind, Place, Update
from api.store.views import ArticleHead
from nlp.records import StanceLabel

PATH = "/v1/updates"
#: A cursor is a place in the log, whatever is asked of the rows behind it.
_QUERY = fingerprint(PATH, ())
#: How long a request may bring the log to what is stored, in seconds; what is left is brought by the next ones.
CATCH_UP = 2.0
#: Rows that are streamed at a time.
LOT = 500
_SINCE = "query.since"


class CitationOut(Wire):
    """What an article is cited by."""

    id: str = Field(examples=["3f2a9c0d51b7e684"])
    title: str | None
    publisher: str | None
    published: PrintedDate | None = Field(examples=["2014-05-21"])
    url: WebUrl


class UpdateOut(Wire):
    """One item at its last change. Who reads on treats *new* and *changed* alike: put what is there in its place.

    A position's id is its holder's, a slash, and its topic's. What is withdrawn keeps its id alone.
    """

    cursor: str = Field(description="goes into `since=` for what comes behind this row")
    kind: Kind
    change: Change
    id: str = Field(examples=["3f2a9c0d51b7e684:s1"])
    at: datetime
    href: str | None = Field(description="where it can be read", examples=["/v1/statements/3f2a9c0d51b7e684%3As1"])
    article: CitationOut | None = Field(description="where it stands; null for positions and for what is gone")
    holder: Ref | None = Field(description="who says it, quotes it, or takes the position")
    topic: str | None = Field(description="of a position", examples=["pooling"])
    label: StanceLabel | None = Field(description="of a position")
    confidence: float | None

    @classmethod
    def of(cls, update: Update, names: Names, cursor: str) -> Self:
        gone = update.change is Change.WITHDRAWN
        about = update.about
        return cls(
            cursor=cursor,
            kind=update.kind,
            change=update.change,
            id=_id(update),
            at=update.at,
            href=None if gone else _href(update),
            article=_citation(update.article) if update.article and not gone else None,
            holder=Ref.of(about.get("holder"), names),
            topic=about.get("topic"),
            label=about.get("label"),
            confidence=about.get("confidence"),
        )


class UpdatesOut(BaseModel):
    """Rows in the order in which they changed; the feed has no end, so there is always a ``next``."""

    items: list[UpdateOut]
    next: str = Field(description="goes into `since=` the next time, also when nothing came")
    more: bool = Field(description="whether there is more already; else ask again later")


def page_of(services: Services, since: str | None, limit: int, kinds: Collection[Kind] = ()) -> UpdatesOut:
    """The rows behind a cursor, or from the first on. Raises ProblemError for a cursor that is none of this log."""
    log = services.store.updates
    after = place_of(services, since)
    current = log.catch_up(seconds=CATCH_UP)
    found, place = log.page(after, limit, kinds)
    items = rows_of(services, found, place.log)
    return UpdatesOut(items=items, next=cursor_of(services, place), more=len(found) == limit or not current)


def lines_of(services: Services, after: int, kinds: Collection[Kind] = ()) -> Iterator[str]:
    """All rows behind a place as lines of JSON, those too that come while they are read."""
    log = services.store.updates
    current = False
    while True:
        current = log.catch_up(seconds=CATCH_UP)
        found, place = log.page(after, LOT, kinds)
        yield "".join(f"{row.model_dump_json()}\n" for row in rows_of(services, found, place.log))
        if current and len(found) < LOT:
            return
        after = place.number


def rows_of(services: Services, found: Sequence[Update], log: str) -> list[UpdateOut]:
    """Updates as they are sent."""
    holders = {update.about["holder"] for update in found if update.about.get("holder") is not None}
    names = services.store.updates.names(holders)
    return [UpdateOut.of(each, names, cursor_of(services, Place(log, each.number))) for each in found]


def cursor_of(services: Services, place: Place) -> str:
    """The signed cursor of a place."""
    return services.signer.seal(f"{place.log}:{place.number}", _QUERY)


def place_of(services: Services, cursor: str | None) -> int:
    """The number that a cursor stands for. Raises ProblemError for one of another log, or from ahead of this one."""
    if cursor is None:
        return 0
    log, _, number = services.signer.open(cursor, _QUERY, field=_SINCE).partition(":")
    end = services.store.updates.end()
    if log != end.log or int(number) > end.number:
        # A backup was put in place, or the tables were made anew: what was told since is not what is there.
        raise bad_field(_SINCE, "is the cursor of another state of this database; begin without it")
    return int(number)


def _id(update: Update) -> str:
    if update.kind is Kind.POSITION:
        return f"{update.about['holder']}/{update.about['topic']}"
    return update.item


def _href(update: Update) -> str:
    match update.kind:
        case Kind.ARTICLE:
            return f"/v1/articles/{_part(update.item)}"
        case Kind.STATEMENT:
            return f"/v1/statements/{_part(update.item)}"
        case Kind.FIGURE:
            return f"/v1/figures?article={_part(update.article_id or '')}"
        case Kind.POSITION:
            return f"/v1/positions/{_part(update.about['holder'])}/{_part(update.about['topic'])}"


def _part(id: str) -> str:
    return quote(id, safe="")


def _citation(head: ArticleHead) -> CitationOut:
    return CitationOut.from_record(head)
