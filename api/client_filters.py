"""What a client may ask of lists, by the names of the keyword arguments of ``api.client``.

Several values of one filter are alternatives, and several filters add up. ``since``, ``until`` and ``as_of`` are
inclusive days; ``limit`` is the size of a page, not of the list.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TypedDict

from api.store.questions import Mode
from nlp.alliances import Mode as Tie
from nlp.alliances import Normalization
from nlp.cells import Grouping
from nlp.changes import ChangeKind
from nlp.records import Manner, StakeholderKind, StanceLabel, Strength, Tier

Values = str | Sequence[str]
Stances = StanceLabel | str | Sequence[StanceLabel | str]
Kinds = StakeholderKind | str | Sequence[StakeholderKind | str]


class Narrowed(TypedDict, total=False):
    """Filters that every list of what was found has."""

    stakeholder: Values
    topic: Values
    publisher: Values
    article: Values
    since: date
    until: date
    min_confidence: float
    limit: int


class Asked(Narrowed, total=False):
    """The same, and words to look for."""

    q: str


class AskedOfStances(Asked, total=False):
    """Filters on what statements say, too."""

    stance: Stances
    manner: Manner | str | Sequence[Manner | str]


class AskedOfMap(AskedOfStances, total=False):
    """The day on which it was known, and whose rows."""

    as_of: date
    kind: Kinds
    group: Grouping | str


class AskedOfMoney(Asked, total=False):
    """Filters of figures, and the words of a purpose."""

    purpose: str


class Searched(Narrowed, total=False):
    """Filters of a search, whose words stand by themselves."""

    stance: Stances
    manner: Manner | str | Sequence[Manner | str]
    mode: Mode | str
    within: Values
    include: Values
    kind: Kinds
    strength: Strength | str | Sequence[Strength | str]
    year: int | Sequence[int]
    tier: Tier | str | Sequence[Tier | str]


class Covered(TypedDict, total=False):
    """Which coverage is looked at, and whose words in it."""

    stakeholder: Values
    publisher: Values
    kind: Kinds
    since: date
    until: date
    as_of: date
    min_confidence: float
    limit: int


class CoveredChanges(Covered, total=False):
    topic: Values
    change: ChangeKind | str | Sequence[ChangeKind | str]
    stance: Stances


class CoveredCamps(Covered, total=False):
    group: Grouping | str


class CoveredTies(CoveredCamps, total=False):
    topic: Values
    mode: Tie | str
    normalization: Normalization | str
    least: int


class Judged(TypedDict, total=False):
    """Which judgements are wanted."""

    kind: Values
    verdict: Values
    article: Values
    topic: Values
    by: Values
    orphaned: bool
    withdrawn: bool
    limit: int
