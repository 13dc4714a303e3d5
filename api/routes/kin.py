"""What stands above, below, before and after a body, and which name it had when: from the register."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Self

from pydantic import BaseModel, Field

from api.schemas import Ref, Wire
from nlp.records import Stakeholder
from nlp.register import Register, register


class DatedNameOut(Wire):
    """A name, the id it is filed under, and its first and last day (null: not known, or still so)."""

    id: str = Field(examples=["nhs-commissioning-board"])
    name: str = Field(examples=["NHS Commissioning Board"])
    since: date | None
    until: date | None = Field(examples=["2013-03-31"])


class KinOut(BaseModel):
    """Relatives are facts of their own: what is held by one of them is not held by the others."""

    parents: list[Ref] = Field(description="above it, nearest first")
    parts: list[Ref] = Field(description="directly below it")
    predecessors: list[Ref] = Field(description="what it took over from")
    successors: list[Ref] = Field(description="what took over from it")
    names: list[DatedNameOut] = Field(description="its names in turn, oldest first, where only the name changed")

    @classmethod
    def of(cls, stakeholder: Stakeholder) -> Self:
        """The relatives that the register knows, and those that the record itself names."""
        known, id = register(), stakeholder.id
        above = known.parents(id) or filter(None, (stakeholder.parent,))
        after = known.successors(id) or (each.id for each in stakeholder.successors)
        names = known.names_of(id)
        return cls(
            parents=_refs(known, above),
            parts=_refs(known, known.children(id)),
            predecessors=_refs(known, known.predecessors(id)),
            successors=_refs(known, after),
            names=[DatedNameOut.from_record(name) for name in names] if len(names) > 1 else [],
        )


def _refs(known: Register, ids: Iterable[str]) -> list[Ref]:
    return [Ref(id=id, name=body.name if (body := known.get(id)) else id) for id in ids]
