"""Which name a body went by, and when: bodies that were only renamed are one body in turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from nlp.records import Stakeholder

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DatedName:
    """A name of a body, the id it is filed under, and its first and last day (None: not known, or still so)."""

    id: str
    name: str
    since: date | None
    until: date | None


def find_renames(bodies: Mapping[str, Stakeholder], renamed: frozenset[tuple[str, str]]) -> dict[str, str]:
    """The next name of each body by id, for the successions that the data call a change of name."""
    return {id: each.id for id, body in bodies.items() for each in body.successors if (id, each.id) in renamed}


def names_in_turn(id: str, bodies: Mapping[str, Stakeholder], renames: Mapping[str, str]) -> tuple[DatedName, ...]:
    """Every name of the body, oldest first; of several bodies that took one name the first in the data counts."""
    before = {new: old for old, new in reversed(list(renames.items()))}
    chain = [id]
    while (old := before.get(chain[0])) and old not in chain:
        chain.insert(0, old)
    while (new := renames.get(chain[-1])) and new not in chain:
        chain.append(new)
    names = [DatedName(each, bodies[each].name, bodies[each].start, bodies[each].end) for each in chain]
    for at, (one, two) in enumerate(pairwise(chain)):
        day = next((each.on for each in bodies[one].successors if each.id == two), None)
        names[at] = replace(names[at], until=names[at].until or (day - _DAY if day else None))
        names[at + 1] = replace(names[at + 1], since=names[at + 1].since or day)
    return tuple(names)
