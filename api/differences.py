"""What an analysis says otherwise than an earlier one of the same article, and which positions turn by it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from nlp.positions import Observation, derive_positions
from nlp.records import Analysis, Figure, Span, Stance, StanceLabel, Statement

#: What is counted, in the order in which it is told; positions are counted over the whole store.
COUNTED = ("statements", "stances", "figures")
Pair = tuple[str, str]
_Values = dict[tuple[Any, ...], Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many there are that were not, were and are not, and are there but otherwise."""

    added: int = 0
    gone: int = 0
    changed: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(added=self.added + other.added, gone=self.gone + other.gone, changed=self.changed + other.changed)


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A position that is another one; None where there is none at the confidence that is shown."""

    holder: str
    topic: str
    before: StanceLabel | None
    after: StanceLabel | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Counts by what they are of; ``pairs`` are the holders and topics whose stances are not what they were."""

    counts: Mapping[str, Count]
    pairs: tuple[Pair, ...]

    def to_json(self) -> dict[str, Any]:
        counts = {what: [count.added, count.gone, count.changed] for what, count in self.counts.items()}
        return {"counts": counts, "pairs": [list(pair) for pair in self.pairs]}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Changes:
        counts = {what: Count(added=a, gone=g, changed=c) for what, (a, g, c) in document["counts"].items()}
        return cls(counts=counts, pairs=tuple((holder, topic) for holder, topic in document["pairs"]))


def compare_analyses(old: Analysis, new: Analysis) -> Changes:
    """What is other in ``new``. Things are the same by where they stand; how sure they are is no change of them."""
    ways = (_statements, _stances, _figures)
    counts = {what: _count(values(old), values(new)) for what, values in zip(COUNTED, ways, strict=True)}
    return Changes(counts=counts, pairs=_pairs(old, new))


def turned_positions(before: Iterable[Observation], after: Iterable[Observation], *, least: float) -> list[Turn]:
    """The positions of confidence ``least`` or more that differ, those that come and go included."""
    old, new = _labels(before, least), _labels(after, least)
    found = [Turn(holder=pair[0], topic=pair[1], before=old.get(pair), after=new.get(pair)) for pair in {**old, **new}]
    return [turn for turn in found if turn.before is not turn.after]


def count_turns(turns: Iterable[Turn]) -> Count:
    """Positions that came, went, and turned."""
    total = Count()
    for turn in turns:
        total += Count(
            added=turn.before is None, gone=turn.after is None, changed=None not in (turn.before, turn.after)
        )
    return total


def _labels(observations: Iterable[Observation], least: float) -> dict[Pair, StanceLabel]:
    positions = derive_positions(observations)
    return {(each.holder, each.topic): each.label for each in positions if each.confidence >= least}


def _count(old: _Values, new: _Values) -> Count:
    both = old.keys() & new.keys()
    changed = sum(old[key] != new[key] for key in both)
    return Count(added=len(new) - len(both), gone=len(old) - len(both), changed=changed)


def _place(spans: Iterable[Span]) -> tuple[tuple[int, int], ...]:
    return tuple((span.start, span.end) for span in spans)


def _numbered(items: Iterable[tuple[tuple[Any, ...], Any]]) -> _Values:
    """By key; of several with one key, the second, third, … have a key of their own."""
    found: _Values = {}
    for key, value in items:
        number = 0
        while (*key, number) in found:
            number += 1
        found[(*key, number)] = value
    return found


def _statements(analysis: Analysis) -> _Values:
    return _numbered((_place(each.spans), _of_statement(each)) for each in analysis.statements)


def _of_statement(each: Statement) -> tuple[Any, ...]:
    return each.holder, each.on_behalf_of, each.manner, each.capacity


def _stances(analysis: Analysis) -> _Values:
    spans = {each.id: each.spans for each in analysis.statements}
    return _numbered(
        ((_place(spans.get(each.statement or "", each.evidence.spans)), each.topic, each.holder), _of_stance(each))
        for each in analysis.stances
    )


def _of_stance(each: Stance) -> tuple[Any, ...]:
    return each.label, each.strength, each.on_behalf_of, each.earlier, each.condition, each.rationales


def _figures(analysis: Analysis) -> _Values:
    return _numbered((_place(each.spans), _of_figure(each)) for each in analysis.figures)


def _of_figure(each: Figure) -> tuple[Any, ...]:
    left_out = ("id", "spans", "evidence")
    return tuple(getattr(each, name) for name in Figure.__dataclass_fields__ if name not in left_out)


def _pairs(old: Analysis, new: Analysis) -> tuple[Pair, ...]:
    """Who may stand otherwise now; a stance that is less sure may turn a position too."""

    def all_of(analysis: Analysis) -> set[tuple[Pair, Any]]:
        told = {each.id: each.text for each in analysis.statements}
        return {
            ((holder, each.topic), (*_of_stance(each), each.evidence.confidence, told.get(each.statement or "")))
            for each in analysis.stances
            for holder in (each.holder, each.on_behalf_of)
            if holder
        }

    return tuple(sorted({pair for pair, _ in all_of(old) ^ all_of(new)}))
