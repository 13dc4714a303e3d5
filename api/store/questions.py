"""What search is asked, and what it answers with."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from hashlib import sha256

from api.store.filters import NO_FILTERS, Filters
from api.store.passages import PassageKind
from api.store.views import ArticleHead, Fragment
from nlp.records import Figure, StakeholderKind, Stance, Statement, Strength, Tier

EVERYTHING = tuple(PassageKind)


class Mode(StrEnum):
    """How passages are found: by their words, by what they mean, or by both."""

    HYBRID = "hybrid"
    LEXICAL = "lexical"
    SEMANTIC = "semantic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A query, where and how to look, and what the hits are narrowed to before they are ranked.

    ``filters.q`` is not used. Values of one field are alternatives; fields add up.
    """

    query: str
    mode: Mode = Mode.HYBRID
    within: tuple[PassageKind, ...] = EVERYTHING
    filters: Filters = NO_FILTERS
    kind: tuple[StakeholderKind, ...] = ()
    strength: tuple[Strength, ...] = ()
    year: tuple[int, ...] = ()
    tier: tuple[Tier, ...] = ()

    @property
    def mark(self) -> str:
        """Twelve hexadecimal digits that name the question, for its cursors."""
        plain = replace(self, within=tuple(sorted(set(self.within))), filters=replace(self.filters, q=None))
        return sha256(repr(plain).encode("utf-8", "surrogatepass")).hexdigest()[:12]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundHit:
    """One hit, the best first: a statement with its stances, a figure, or else the article itself."""

    kind: PassageKind
    article: ArticleHead
    statement: Statement | None
    stances: tuple[Stance, ...]
    figure: Figure | None
    title: tuple[Fragment, ...]
    snippet: tuple[Fragment, ...]
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """A value that a filter can take, and how many of all hits have it."""

    value: str
    name: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A page of hits; ``total`` and ``facets`` are over all. ``mode`` says how it was looked, ``note`` why so."""

    items: tuple[FoundHit, ...]
    total: int
    facets: dict[str, tuple[Facet, ...]]
    mode: Mode
    note: str | None = None
    next: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fusion:
    """How rankings become one (``api.store.ranking``): the weights of words, of meaning and of the article around.

    ``depth`` is how many of the nearest are hits, by meaning and by some of the words, beside those that have all.
    The weights were chosen on gold; between 0.3 and 0.6 for meaning, and 0.3 and 1 for the article, little changes.
    """

    k: int = 60
    lexical: float = 1.0
    semantic: float = 0.4
    article: float = 0.6
    depth: int = 200


@dataclass(frozen=True, slots=True)
class Ranking:
    """All hits of a question by passage number, the best first, and the score of each."""

    numbers: tuple[int, ...] = ()
    scores: tuple[float, ...] = ()
    total: int = 0
    facets: dict[str, tuple[Facet, ...]] = field(default_factory=dict)
