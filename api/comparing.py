"""Camps and ties of a question: the arithmetic of ``nlp`` over the cells of the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from api.store.analyst import Analyst, Holder, Question, Sheet
from nlp.alliances import Mode, Normalization, Ties, find_ties
from nlp.cells import Cell
from nlp.divides import polarization
from nlp.records import StanceLabel

#: The camps in the order in which they are shown.
CAMPS = (
    StanceLabel.SUPPORT,
    StanceLabel.OPPOSE,
    StanceLabel.CONDITIONAL,
    StanceLabel.MIXED,
    StanceLabel.NEUTRAL,
)


@dataclass(frozen=True, slots=True)
class Camp:
    """How many stand so, and in how many stories, summed over them."""

    label: StanceLabel
    stakeholders: int
    stories: int


@dataclass(frozen=True, slots=True)
class Divide:
    """The camps of one topic, their members camp by camp with the most stories first, and the index."""

    camps: tuple[Camp, ...]
    members: Sequence[tuple[Holder, Cell]]
    polarization: float | None


def divide(analyst: Analyst, question: Question) -> Divide:
    """Who stands where on the one topic of the question."""
    sheet = analyst.sheet(question)
    members = [(sheet.holder(code), cell) for code in sheet.holders for cell in sheet.row(code)]
    members.sort(key=lambda member: CAMPS.index(member[1].position.label))  # stable: most stories stay first
    camps = tuple(_camp(label, members) for label in CAMPS)
    sizes: Mapping[StanceLabel, int] = {camp.label: camp.stakeholders for camp in camps}
    index = polarization(sizes)
    return Divide(camps, members, None if index is None else round(index, 4))


def _camp(label: StanceLabel, members: Sequence[tuple[Holder, Cell]]) -> Camp:
    own = [cell.position for _, cell in members if cell.position.label is label]
    return Camp(label, len(own), sum(dict(position.stories).get(label, 0) for position in own))


def ties_of(
    analyst: Analyst, question: Question, *, mode: Mode, normalization: Normalization, least: int
) -> tuple[Sheet, Ties]:
    """The ties between the stakeholders of a question, with the cells that they were computed from."""
    sheet = analyst.sheet(question)
    return sheet, find_ties(sheet.labels(), mode=mode, normalization=normalization, least=least)
