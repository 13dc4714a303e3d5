"""Bodies that a stakeholder asked for brings along: those above it, and those that took over from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

from api.store.reader import Reader
from nlp.records import Stakeholder
from nlp.register import register


class Include(StrEnum):
    """Relatives that a stakeholder asked for brings along."""

    PARENTS = "parents"
    SUCCESSORS = "successors"


def with_relatives(ids: Iterable[str], include: Iterable[Include], reader: Reader) -> tuple[str, ...]:
    """The ids with those of their relatives, however many steps away; the register knows them, else the record."""
    wanted, found = set(include), list(dict.fromkeys(ids))
    if not wanted:
        return tuple(found)
    stored = reader.stakeholders_by_id(found)
    for id in found:
        # What is added is looked through in its turn: a successor has successors, a parent a parent.
        found += [each for each in _relatives(id, wanted, stored) if each not in found]
    return tuple(found)


def _relatives(id: str, wanted: set[Include], stored: Mapping[str, Stakeholder]) -> list[str]:
    known, record, found = register(), stored.get(id), list[str]()
    if Include.PARENTS in wanted:
        found += known.parents(id) or filter(None, [record.parent if record else None])
    if Include.SUCCESSORS in wanted:
        found += known.successors(id) or ([each.id for each in record.successors] if record else [])
    return found
