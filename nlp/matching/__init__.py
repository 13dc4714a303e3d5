"""Who may be meant by a name: candidates with a score in 0..1 and, for every point, its reason in words.

A candidate matches when it bears the name alone. Relatives of the bearer and names that are only alike
are shown beside it and never match: likeness suggests, it merges nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from nlp.errors import UsageError
from nlp.matching.compare import (
    LIKENESS_ALONE,
    LIKENESS_TOGETHER,
    NAMING,
    Point,
    Test,
    Wanted,
    compare_life,
    compare_relation,
)
from nlp.matching.shortlist import shortlist
from nlp.records import Stakeholder
from nlp.register import Register

__all__ = ["MAX_LIMIT", "MAX_NAME", "Candidate", "Known", "Point", "check_name", "match_name"]

#: The longest name in the data has 110 characters.
MAX_NAME = 200
MAX_LIMIT = 100
#: What is shown at all: below it, two names share a word of many.
LEAST = 0.2
#: Taken from each of several candidates that bear the name equally well.
SHARED = -0.1

Known = Mapping[str, Sequence[str]]
Describe = Callable[[Iterable[str]], Mapping[str, Stakeholder]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may be meant. ``score`` is the sum of the points, held to 0..1.

    ``match``: bears the name, alone. ``suggestion``: found by likeness only, for a person to decide.
    """

    stakeholder: Stakeholder
    score: float
    points: tuple[Point, ...]
    match: bool = False
    suggestion: bool = False


def check_name(name: str) -> str:
    """The name on one line. Raises UsageError when it is empty or too long."""
    plain = " ".join(name.split())
    if not any(letter.isalnum() for letter in plain):
        raise UsageError("the name is empty", do="give a name, such as NHS England")
    if len(plain) > MAX_NAME:
        raise UsageError(f"the name is longer than {MAX_NAME} characters", do="give a name alone")
    return plain


def match_name(
    name: str,
    register: Register,
    *,
    known: Known | None = None,
    describe: Describe = lambda _: {},
    on: date | None = None,
    limit: int = 10,
) -> tuple[Candidate, ...]:
    """Candidates for a name on a date, best first, from the register and from ``known`` (names by id).

    ``describe`` gives the records of ids that only ``known`` has. Raises UsageError for an empty or overlong name.
    """
    wanted = Wanted.of(check_name(name), register, on)
    names = {body.id: (body.name, *body.aliases) for body in register}
    for id, more in (known or {}).items():
        names[id] = tuple(dict.fromkeys([*names.get(id, ()), *more]))
    ids = dict.fromkeys([*wanted.relatives(register), *shortlist(wanted, names)])
    bodies = {id: body for id in ids if (body := register.get(id))}
    if wanted.body:
        bodies.setdefault(wanted.body.id, wanted.body)
    missing = [id for id in ids if id not in bodies]
    who = {**(describe(missing) if missing else {}), **bodies}
    found = [_weigh(wanted, _named(who[id], names.get(id, ())), register) for id in ids if id in who]
    return _decided([each for each in found if each.score >= LEAST])[:limit]


def _named(stakeholder: Stakeholder, names: Sequence[str]) -> Stakeholder:
    """The record with every name that register and articles give it."""
    aliases = dict.fromkeys([*stakeholder.aliases, *names])
    return replace(stakeholder, aliases=tuple(alias for alias in aliases if alias != stakeholder.name))


def _weigh(wanted: Wanted, stakeholder: Stakeholder, register: Register) -> Candidate:
    """Bearing the name counts before being related to its bearer, and that before being like it."""

    def points_of(tests: Iterable[Test]) -> list[Point]:
        return [point for test in tests if (point := test(wanted, stakeholder))]

    naming = points_of(NAMING)[:1]
    related = [] if naming else compare_relation(wanted, stakeholder, register)
    alike = [] if naming or related else points_of(LIKENESS_ALONE)[:1] or points_of(LIKENESS_TOGETHER)
    life = compare_life(wanted, stakeholder)
    points = (*naming, *related, *alike, *([life] if life and (naming or related or alike) else []))
    return Candidate(stakeholder, _total(points), points, match=bool(naming), suggestion=bool(alike))


def _total(points: Iterable[Point]) -> float:
    return round(min(1.0, max(0.0, sum(point.score for point in points))), 3)


def _decided(found: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Best first; of those that bear the name, only one that stands alone at the top is the match."""
    bearers = [each for each in found if each.match]
    top = max((each.score for each in bearers), default=0.0)
    best = [each for each in bearers if each.score == top]
    said = Point("shared name", SHARED, f"{len(best)} stakeholders bear this name")
    decided = [
        _shared(each, said) if len(best) > 1 and each in best else replace(each, match=each in best) for each in found
    ]
    return tuple(sorted(decided, key=lambda each: (not each.match, -each.score, each.stakeholder.id)))


def _shared(candidate: Candidate, point: Point) -> Candidate:
    points = (*candidate.points, point)
    return replace(candidate, points=points, score=_total(points), match=False)
