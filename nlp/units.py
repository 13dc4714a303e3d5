"""Noun phrases that can be the subject of a cue, and whom they are taken for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from nlp.described import noun_sort

#: How the reason ends where nobody is meant because several are.
SEVERAL = "stands for several who are named together"
#: How a document is resolved ends so.
WROTE = "whoever it is from"
#: How "they" is resolved where the one who spoke last has no name.
UNNAMED = "the one without a name who spoke last"
#: How "it" is resolved behind the words of a body's officer.
OF_OFFICER = "the body of the officer who spoke last"
#: How "a council spokesman" is resolved: to a body so called, or to nobody.
OF_HOUSE = "the body whose spokesman that is"
#: How the reason ends where the one named next is said to have the office.
HAS_OFFICE = "the person named next, who has it"
#: How "she" is resolved in a story that quotes somebody before it names them.
NAMED_NEXT = "the person whom the next paragraph is about"
#: How "he" and "the spokesman" are resolved behind a spokesman without a name.
SPOKESMAN = "the spokesman who spoke last"
#: How "the health secretary" is resolved where one person named has that office.
HAS_ROLE = "the one person with that role"
#: How "the Labour councillor" is resolved where somebody is said to be one.
TOLD_OF = "the person of whom that is said"
#: How "it" is resolved behind "The union met Kent Council."
OPENED = "whom the sentence before is about"
#: How what is resolved by the rules alone ends.
SURE = (OPENED, HAS_ROLE, SPOKESMAN, WROTE, TOLD_OF, UNNAMED, OF_OFFICER, OF_HOUSE, HAS_OFFICE, NAMED_NEXT)


@dataclass(frozen=True, slots=True)
class Unit:
    """A noun phrase that can be a subject, with its introduction; ``id`` is None for pronouns and descriptions.

    A phrase is what the parse takes for a source and no lexicon knows; ``head`` is its noun.
    """

    start: int
    end: int
    id: str | None
    text: str
    form: str  # "name", "pronoun", "description", "phrase"
    head: str = ""


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who is meant, with the probability that this is right and the reason in words. ``start``-``end``: the phrase."""

    id: str | None
    confidence: float
    reason: str
    start: int
    end: int
    form: str

    @property
    def several(self) -> bool:
        """Whether nobody is meant because several are."""
        return self.reason.endswith(SEVERAL)


def with_kinds(text: str, units: Iterable[Unit]) -> list[Unit]:
    """Units in order, "the charity Hollin Care" as one: the name, with what kind of body it is said to be."""
    joined: list[Unit] = []
    for unit in units:
        last = joined[-1] if joined and joined[-1].form == "description" and joined[-1].id is None else None
        if last and unit.form == "name" and text[last.end : unit.start].isspace() and _is_body(last):
            joined[-1] = replace(unit, start=last.start)
        else:
            joined.append(unit)
    return joined


def _is_body(unit: Unit) -> bool:
    return noun_sort(unit.text.split()[-1]) == "body"


def outermost(units: Iterable[Unit]) -> list[Unit]:
    """Units by place; of two that overlap the name stays, and takes in a description around it."""
    kept: list[Unit] = []
    for unit in sorted(units, key=lambda u: (u.start, -(u.end - u.start))):
        if kept and unit.end <= kept[-1].end:
            if unit.form == "name" and kept[-1].form == "description":
                kept[-1] = replace(unit, start=kept[-1].start, end=kept[-1].end)
            continue
        if kept and unit.start < kept[-1].end:
            if unit.form == "name" and kept[-1].form != "name":
                kept[-1] = unit
            continue
        kept.append(unit)
    return kept
