"""Judgements: what a person says of one decision of the program, laid over it and found again by exact text.

A judgement knows its item by the quoted words and by which occurrence of them in the article's text it is, never by an
offset or a number that a new analysis would give to something else. Words that are not there, or that several items
have, leave it an orphan: a near match could put one speaker's judgement on another.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import TypeAlias

from nlp.records import (
    Analysis,
    Direction,
    Evidence,
    Figure,
    FigureKind,
    FigureStatus,
    Period,
    Span,
    Stakeholder,
    Stance,
    StanceLabel,
    Statement,
    Strength,
)

#: What stands in the evidence of an item in place of the program's method.
CONFIRMED, CORRECTED = "confirmed by a reviewer", "corrected by a reviewer"
#: Values of an item by name, as text; None where there is none.
Values = Mapping[str, str | None]


class Judged(StrEnum):
    """What is judged. A holder is that of a statement; merge and split are of a stakeholder."""

    HOLDER = "holder"
    STANCE = "stance"
    FIGURE = "figure"
    MERGE = "merge"
    SPLIT = "split"


#: What stands in an article, and is found there by its words.
IN_ARTICLE = (Judged.HOLDER, Judged.STANCE, Judged.FIGURE)


class Verdict(StrEnum):
    """What the reviewer says. What is rejected leaves map and lists."""

    CONFIRM = "confirm"
    CORRECT = "correct"
    REJECT = "reject"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is judged: words of an article (``quote``, the text of each span) or, for merges, a stakeholder.

    ``occurrence`` counts the places, from 0, at which the first words of the quote stand in the text. Where the words
    had to be taken away with the text, ``place`` counts what the program found of the kind instead: it finds nothing
    anew there.
    """

    kind: Judged
    article: str | None = None
    quote: tuple[str, ...] = ()
    occurrence: int = 0
    topic: str | None = None
    stakeholder: str | None = None
    place: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One verdict of one person. ``found`` is what the program had then, ``correction`` what holds instead.

    ``people`` describe the stakeholders that a correction names. ``right`` says whether the program as it is agrees,
    None where it cannot be told; ``confidence`` is the program's, 0 to 1.
    """

    id: str
    number: int
    target: Target
    verdict: Verdict
    by: str
    at: datetime
    correction: Values = field(default_factory=dict)
    found: Values = field(default_factory=dict)
    people: tuple[Stakeholder, ...] = ()
    note: str = ""
    drawn: bool = False
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None
    orphaned: str | None = None
    right: bool | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Fit:
    """How a judgement stands to what the program finds now: why it has no item, or whether it agrees."""

    orphaned: str | None = None
    right: bool | None = None
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class Laid:
    """An analysis with judgements laid over it, and how each of them stands to it, by its id."""

    analysis: Analysis
    fits: Mapping[str, Fit]


Item: TypeAlias = Statement | Stance | Figure
_NOT_THERE = "the program finds nothing in these words any more"
_SEVERAL = "several items stand in these words"
FIGURE_VALUES = (
    *("value", "low", "high", "unit", "kind", "direction", "status"),
    *("period", "period_start", "period_end", "cited_by"),
)
#: What makes the program right: the rest of a stance (its strength) is laid over and not counted.
_COUNTED = {Judged.HOLDER: ("holder",), Judged.STANCE: ("stance",), Judged.FIGURE: FIGURE_VALUES}


def values_of(item: Item) -> dict[str, str | None]:
    """What can be judged of an item, as text."""
    match item:
        case Statement():
            return {"holder": item.holder, "on_behalf_of": item.on_behalf_of}
        case Stance():
            return {"stance": item.label.value, "strength": item.strength.value, "holder": item.holder}
    period = item.period
    days = (period.start, period.end) if period else (None, None)
    return {
        **{name: _text(getattr(item, name)) for name in ("value", "low", "high")},
        **{name: str(getattr(item, name)) for name in ("unit", "kind", "direction", "status")},
        "period": period.text if period else None,
        **{name: _text(day) for name, day in zip(("period_start", "period_end"), days, strict=True)},
        "cited_by": item.cited_by,
    }


def _text(value: Decimal | date | None) -> str | None:
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return value.isoformat() if value else None


def target_of(analysis: Analysis, item: Item) -> Target:
    """What names an item whatever later analyses call it; its place, where its words were taken away."""
    spans = _spans(analysis, item)
    if not analysis.article.text and not any(span.text for span in spans):
        topic = item.topic if isinstance(item, Stance) else None
        return Target(kind=_kind(item), article=analysis.article.id, topic=topic, place=place_of(analysis, item))
    return Target(
        kind=_kind(item),
        article=analysis.article.id,
        quote=tuple(span.text for span in spans),
        occurrence=_occurrence(analysis.article.text, spans),
        topic=item.topic if isinstance(item, Stance) else None,
    )


def attach(analysis: Analysis, judgement: Judgement) -> Item | None:
    """The one item of the program that a judgement is of."""
    found = _matching(analysis, judgement)
    return found[0] if len(found) == 1 else None


def lay_over(analysis: Analysis, judgements: Iterable[Judgement]) -> Laid:
    """Lay what reviewers said over what the program found; of several verdicts on one item the last holds."""
    standing: dict[tuple[Judged, int], _Standing] = {}
    fits: dict[str, Fit] = {}
    for judgement in sorted(judgements, key=lambda each: each.number):
        found = _matching(analysis, judgement)
        if len(found) != 1:
            fits[judgement.id] = Fit(orphaned=_SEVERAL if found else _NOT_THERE)
            continue
        fits[judgement.id] = _fit(judgement, found[0])
        key = (judgement.target.kind, id(found[0]))
        standing[key] = _Standing.after(standing.get(key), judgement)
    if not standing:
        return Laid(analysis, fits)
    return Laid(_laid(analysis, standing), fits)


@dataclass(frozen=True, slots=True)
class _Standing:
    """The verdict that holds on an item, and everybody who confirmed or corrected the item."""

    judgement: Judgement
    checked_by: tuple[str, ...]

    @classmethod
    def after(cls, before: _Standing | None, judgement: Judgement) -> _Standing:
        names = dict.fromkeys(before.checked_by if before else ())
        if judgement.verdict is not Verdict.REJECT:
            names[judgement.by] = None
        return cls(judgement, tuple(names))


def _laid(analysis: Analysis, standing: Mapping[tuple[Judged, int], _Standing]) -> Analysis:
    statements = {
        each.id: changed
        for each in analysis.statements
        if (changed := _judged_statement(each, standing.get((Judged.HOLDER, id(each))))) is not None
    }
    stances = (_judged_stance(each, standing.get((Judged.STANCE, id(each))), statements) for each in analysis.stances)
    figures = (_judged_figure(each, standing.get((Judged.FIGURE, id(each)))) for each in analysis.figures)
    kept = tuple(each for each in figures if each is not None)
    there = {each.id for each in kept}
    linked = (replace(each, links=tuple(link for link in each.links if link.figure in there)) for each in kept)
    named = {each.id: each for own in standing.values() for each in own.judgement.people}
    known = {each.id for each in analysis.stakeholders}
    return replace(
        analysis,
        stakeholders=(*analysis.stakeholders, *(each for each in named.values() if each.id not in known)),
        statements=tuple(statements.values()),
        stances=tuple(each for each in stances if each is not None),
        figures=tuple(linked),
    )


def _judged_statement(statement: Statement, standing: _Standing | None) -> Statement | None:
    if standing is None:
        return statement
    judgement = standing.judgement
    if judgement.verdict is Verdict.REJECT:
        return None
    evidence = _evidence(statement.evidence, standing)
    if judgement.verdict is Verdict.CONFIRM:
        return replace(statement, evidence=evidence)
    holder = judgement.correction.get("holder")
    same = holder == statement.holder
    body = judgement.correction.get("on_behalf_of", statement.on_behalf_of if same else None)
    return replace(statement, holder=holder, on_behalf_of=body, evidence=evidence)


def _judged_stance(stance: Stance, standing: _Standing | None, statements: Mapping[str, Statement]) -> Stance | None:
    if stance.statement is not None:
        said = statements.get(stance.statement)
        # A stance of nobody is none; it goes with the holder, and comes back with one.
        if said is None or (said.evidence.method == CORRECTED and said.holder is None):
            return None
        if said.evidence.method == CORRECTED and said.holder:
            stance = replace(stance, holder=said.holder, on_behalf_of=said.on_behalf_of)
    if standing is None:
        return stance
    judgement = standing.judgement
    if judgement.verdict is Verdict.REJECT:
        return None
    stance = replace(stance, evidence=_evidence(stance.evidence, standing))
    if judgement.verdict is Verdict.CONFIRM:
        return stance
    given = judgement.correction
    label = StanceLabel(given.get("stance") or stance.label)
    strength = Strength(given.get("strength") or stance.strength)
    holder = (given.get("holder") if stance.statement is None else None) or stance.holder
    return replace(stance, label=label, strength=strength, holder=holder)


def _judged_figure(figure: Figure, standing: _Standing | None) -> Figure | None:
    if standing is None:
        return figure
    judgement = standing.judgement
    if judgement.verdict is Verdict.REJECT:
        return None
    figure = replace(figure, evidence=_evidence(figure.evidence, standing))
    if judgement.verdict is Verdict.CONFIRM:
        return figure
    values = {**values_of(figure), **judgement.correction}
    period = values["period"]
    return replace(
        figure,
        value=_number(values["value"]),
        low=_number(values["low"]),
        high=_number(values["high"]),
        unit=values["unit"] or figure.unit,
        kind=FigureKind(values["kind"] or figure.kind),
        direction=Direction(values["direction"] or figure.direction),
        status=FigureStatus(values["status"] or figure.status),
        period=None if period is None else Period(period, _day(values["period_start"]), _day(values["period_end"])),
        cited_by=values["cited_by"],
    )


def _number(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _evidence(evidence: Evidence, standing: _Standing) -> Evidence:
    """A person's word in place of the program's: as sure as can be, and beside it what the program had."""
    judgement = standing.judgement
    confirmed = judgement.verdict is Verdict.CONFIRM
    had = "the same" if confirmed else values_words(judgement, judgement.found)
    reason = (
        f"{judgement.by} {'confirmed' if confirmed else 'corrected'} it on {judgement.at.date().isoformat()}; "
        f"the program had {had} with a confidence of {evidence.confidence:.2f}: {evidence.reason}"
    )
    method = CONFIRMED if confirmed else CORRECTED
    return replace(evidence, confidence=1.0, method=method, reason=reason, checked_by=standing.checked_by)


def values_words(judgement: Judgement, values: Values) -> str:
    """Values in words, those that the correction is about: "value 1200000, unit GBP"."""
    names = [name for name in (judgement.correction or values) if name in values]
    return ", ".join(f"{name.replace('_', ' ')} {values[name] or 'none'}" for name in names) or "nothing"


def _fit(judgement: Judgement, item: Item) -> Fit:
    return Fit(right=_is_right(judgement, values_of(item)), confidence=item.evidence.confidence)


def _is_right(judgement: Judgement, values: Values) -> bool:
    if judgement.verdict is Verdict.REJECT:
        return False
    truth = {**judgement.found, **judgement.correction}
    return all(values[name] == truth.get(name) for name in _COUNTED[judgement.target.kind])


def _matching(analysis: Analysis, judgement: Judgement) -> Sequence[Item]:
    """The items in the judged words; where several are, those that are held as the judged one was."""
    target = judgement.target
    if target.place is not None:
        return _all_of(analysis, target.kind)[target.place : target.place + 1]
    found = [item for item in _items(analysis, target) if _has_words(analysis, item, target)]
    if len(found) > 1 and "holder" in judgement.found:
        held = [item for item in found if values_of(item).get("holder") == judgement.found["holder"]]
        return held or found
    return found


def place_of(analysis: Analysis, item: Item) -> int:
    """The place of an item among all of its kind."""
    return next(place for place, each in enumerate(_all_of(analysis, _kind(item))) if each is item)


def _all_of(analysis: Analysis, kind: Judged) -> Sequence[Item]:
    every: Mapping[Judged, Sequence[Item]] = {
        Judged.HOLDER: analysis.statements,
        Judged.STANCE: analysis.stances,
        Judged.FIGURE: analysis.figures,
    }
    return every[kind]


def _items(analysis: Analysis, target: Target) -> Iterator[Item]:
    match target.kind:
        case Judged.HOLDER:
            yield from analysis.statements
        case Judged.STANCE:
            yield from (each for each in analysis.stances if each.topic == target.topic)
        case Judged.FIGURE:
            yield from analysis.figures


def _has_words(analysis: Analysis, item: Item, target: Target) -> bool:
    spans = _spans(analysis, item)
    words = tuple(span.text for span in spans)
    return words == target.quote and _occurrence(analysis.article.text, spans) == target.occurrence


def _spans(analysis: Analysis, item: Item) -> tuple[Span, ...]:
    if not isinstance(item, Stance):
        return item.spans
    if item.statement is None:
        return item.evidence.spans
    return next(each.spans for each in analysis.statements if each.id == item.statement)


def _occurrence(text: str, spans: Sequence[Span]) -> int:
    return text.count(spans[0].text, 0, spans[0].start) if spans and spans[0].text else 0


def _kind(item: Item) -> Judged:
    return {Statement: Judged.HOLDER, Stance: Judged.STANCE, Figure: Judged.FIGURE}[type(item)]
