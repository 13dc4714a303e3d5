"""Stances as the stance model reads them, joined with what the rules say of the same statement.

The model reads every statement against every topic that the article bears on, and its choice of topic stands:
a rule's answer on another topic is left out. On the same topic it is added to the model's log-probabilities,
what it reads in the holder's other statements weighs in, and where it is not sure there is no stance.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from nlp.bearing import NAMED, Bearing, bearing_topics
from nlp.encoders import LABELS, Floats, StanceReader
from nlp.premise import overlapping, premise_of
from nlp.rationales import find_rationales
from nlp.records import (
    Article,
    Capacity,
    Evidence,
    Sentence,
    Stance,
    StanceLabel,
    Statement,
    Strength,
    Topic,
)

#: What the rule's answer adds to the log-probability of its label, and the smallest probability of a stance that
#: is given at all: of 0.65 to 0.9, positions F1 on gold dev is best from 0.8 to 0.85
#: (0.31; 0.30 at 0.7), and precision rises throughout.
RULE_WEIGHT, LEAST = 3.0, 0.8
#: How much the other statements of a holder weigh in the reading of one.
GENERAL_WEIGHT = 0.5
#: So many statements of an article are read by the model, those nearest to a topic first; a long article has a
#: hundred, and only hostile text has more. The rules answer for the others.
MOST = 250


def read_stances(
    article: Article,
    sentences: Sequence[Sentence],
    statements: Sequence[Statement],
    relevance: Sequence[tuple[Topic, Sequence[float]]],
    by_rule: Sequence[Stance],
    reader: StanceReader,
    names: Mapping[str, str],
) -> Iterator[Stance]:
    """Narration as the rules read it, and statements as model and rules read them together.

    ``relevance`` is that of the sentences to each topic; ``names`` are those of the stakeholders by id:
    the model is shown whose statement it is.
    """
    bearings = bearing_topics(article, sentences, relevance, reader.likeness)
    places = [(sentence.span.start, sentence.span.end) for sentence in sentences]
    held = _nearest([statement for statement in statements if statement.holder is not None], places, bearings)
    pairs = [(statement, bearing) for statement in held for bearing in bearings]
    lines = {s.id: premise_of(article.text, places, *_extent(s), names.get(s.holder or "", "")) for s in held}
    known = {(stance.statement, stance.topic): stance for stance in by_rule if stance.statement}
    read = reader.probabilities([(lines[s.id], bearing.topic.claim) for s, bearing in pairs]) if pairs else ()
    by_statement: dict[str, list[tuple[Bearing, Floats]]] = {}
    for (statement, bearing), probabilities in zip(pairs, read, strict=True):
        by_statement.setdefault(statement.id, []).append((bearing, probabilities))
    bearing_on = [
        (statement, bearing.topic, _weighed(probabilities, known.get((statement.id, bearing.topic.id))))
        for statement in held
        for bearing, probabilities in _bears_on(
            overlapping(places, *_extent(statement)), by_statement.get(statement.id, ())
        )
    ]
    general = _general_view(bearing_on)
    for statement, topic, probabilities in bearing_on:
        view = general[statement.holder or "", topic.id]
        stance = _join(article, statement, topic, probabilities, view, known.get((statement.id, topic.id)))
        if stance:
            yield stance
    seen = {statement.id for statement in held}
    yield from (stance for stance in by_rule if stance.statement not in seen)


def _extent(statement: Statement) -> tuple[int, int]:
    return statement.spans[0].start, statement.spans[-1].end


def _nearest(
    statements: Sequence[Statement], places: Sequence[tuple[int, int]], bearings: Sequence[Bearing]
) -> Sequence[Statement]:
    """At most MOST statements, in the order of the text."""
    if len(statements) <= MOST or not bearings:
        return statements
    far = {
        s.id: -max((b.near[i] for b in bearings for i in overlapping(places, *_extent(s))), default=0.0)
        for s in statements
    }
    kept = {s.id for s in sorted(statements, key=lambda s: far[s.id])[:MOST]}
    return [statement for statement in statements if statement.id in kept]


def _bears_on(inside: range, read: Sequence[tuple[Bearing, Floats]]) -> Sequence[tuple[Bearing, Floats]]:
    """A statement bears on every topic that it names, and if it names none, on the one that the model reads in it."""
    named = [row for row in read if any(row[0].named[i] >= NAMED for i in inside)]
    return named or ([min(read, key=lambda row: float(row[1][-1]))] if read else ())


def _general_view(read: Sequence[tuple[Statement, Topic, Floats]]) -> dict[tuple[str, str], Floats]:
    """What is read of each holder on each topic in all of their statements, weighed by how far each bears on it."""
    groups: dict[tuple[str, str], list[Floats]] = {}
    for statement, topic, probabilities in read:
        groups.setdefault((statement.holder or "", topic.id), []).append(probabilities)
    return {
        key: np.average(rows, axis=0, weights=[1.001 - float(row[-1]) for row in rows]).astype(np.float32)
        for key, rows in groups.items()
    }


def _weighed(probabilities: Floats, rule: Stance | None) -> Floats:
    """What the model reads, with the rule's answer added to its log-probability."""
    if rule is None:
        return probabilities
    scores = np.log(np.maximum(probabilities, 1e-6))
    scores[LABELS.index(rule.label.value)] += RULE_WEIGHT
    return _softmax(scores)


def _join(
    article: Article, statement: Statement, topic: Topic, probabilities: Floats, general: Floats, rule: Stance | None
) -> Stance | None:
    """One stance out of what is read here and of the holder at large, or none."""
    own, rest = (np.log(np.maximum(row[:-1], 1e-6)) for row in (probabilities, general))
    joined = np.append(
        _softmax(np.asarray(own + GENERAL_WEIGHT * rest, dtype=np.float32)) * (1 - probabilities[-1]), probabilities[-1]
    )
    best = int(np.argmax(joined[:-1]))
    if joined[best] < LEAST:
        return None
    label = StanceLabel(LABELS[best])
    same = rule if rule and rule.label is label else None
    reason = f"the model reads {label.value} with {joined[best]:.2f}"
    if rule:
        reason += f"; {rule.evidence.reason}" if same else f", the lexicon {rule.label.value}"
    return Stance(
        holder=statement.holder or "",
        topic=topic.id,
        label=label,
        evidence=Evidence(
            round(float(joined[best]) * statement.evidence.confidence, 4),
            "model and lexicon" if same else "model",
            reason,
            statement.spans,
        ),
        statement=statement.id,
        on_behalf_of=statement.on_behalf_of if statement.capacity is Capacity.OFFICIAL else None,
        strength=same.strength if same else Strength.PLAIN,
        condition=same.condition if same else None,
        earlier=rule.earlier if rule and rule.earlier is not label else None,
        rationales=tuple(find_rationales(article, statement)),
    )


def _softmax(scores: Floats) -> Floats:
    found = np.exp(scores - scores.max())
    return np.asarray(found / found.sum(), dtype=np.float32)
