"""What the reader hands out: records beside the article they stand in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from nlp.records import (
    Analysis,
    Article,
    Figure,
    Genre,
    Licence,
    PartialDate,
    Run,
    Stakeholder,
    Stance,
    Statement,
)

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """Some items in order; ``next`` is the cursor of the page after, None on the last."""

    items: tuple[T, ...]
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleHead:
    """An article without its text. ``story`` groups copies of one article; ``shown`` is what of it may be, today."""

    id: str
    source: str
    title: str | None
    publisher: str | None
    published: PartialDate | None
    author: str | None
    url: str | None
    genre: Genre | None
    story: str
    licence: Licence | None
    expires: date | None
    shown: Licence


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRow:
    """An article and how much was found in it, at any confidence; ``added`` is in UTC."""

    article: ArticleHead
    statements: int
    stances: int
    figures: int
    added: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRow:
    """A statement under its global id, with its stances of any confidence."""

    article: ArticleHead
    statement: Statement
    stances: tuple[Stance, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StanceRow:
    """A stance and the words that show it; without a statement, they are in ``stance.evidence.spans``.

    ``also`` are the copies of its article that print the same, where that was asked for.
    """

    article: ArticleHead
    stance: Stance
    statement: Statement | None
    also: tuple[ArticleHead, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    article: ArticleHead
    figure: Figure


@dataclass(frozen=True, slots=True)
class Title:
    """What a stakeholder is called, without what else is known of it."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StakeholderRow:
    """A stakeholder, the articles that name them, and their statements and stances as shown or official."""

    stakeholder: Stakeholder
    articles: int
    statements: int
    stances: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment:
    """A piece of a snippet; ``match`` says whether it is what was searched for."""

    text: str
    match: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How much the store holds; ``topics`` are those that users added."""

    articles: int
    stories: int
    statements: int
    stances: int
    positions: int
    stakeholders: int
    figures: int
    topics: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownArticle:
    """What of an article may be shown (``shown``), and its copies: the newest, and how many there are in all."""

    analysis: Analysis
    shown: Licence
    story: str
    added: datetime
    purged: datetime | None
    copies: tuple[ArticleHead, ...]
    copy_count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """An article as it is kept and the run behind its analysis; ``added`` and ``purged`` are in UTC."""

    article: Article
    run: Run
    story: str
    added: datetime
    purged: datetime | None
