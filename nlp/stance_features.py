"""What the stance head sees of a statement and a topic: named numbers, each readable by itself.

They come from the cross-encoder (the statement in its context against the claim), a tone model on the sentence
encoder's vector, the stance lexicon by itself and read through the parse, how the statement bears on the topic, how
it is told, and what the rest of the article shows of the same holder. The groups are those of ``GROUPS``, by the part
of a name before its colon.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from nlp.bearing import NAMED, Bearing
from nlp.cues import cue_lemma
from nlp.encoders import LABELS, Floats, softmax
from nlp.linear import Features
from nlp.polarity import Polarity, view_of_cue
from nlp.records import Capacity, Genre, StakeholderKind, Stance, StanceLabel, Statement

#: Kinds of features, by what stands before the colon of their names.
GROUPS = ("cross", "claims", "tone", "words", "parse", "rule", "bears", "told", "holder", "article")
SUPPORT, OPPOSE, NONE = LABELS.index("support"), LABELS.index("oppose"), LABELS.index("none")
#: A proposal named so many sentences before may be meant by "it".
REACH = 3
#: Scores beyond these are as sure as need be.
SURE = 6.0
MOST_WORDS = 4.0


@dataclass(frozen=True, slots=True)
class Reading:
    """One statement against one topic, as the models and the lexicon read it.

    ``scores`` are those of the cross-encoder before softmax, ``inside`` the sentences that the statement stands in,
    ``governed`` the words for and against by their relation to the proposal's (``nlp.governed``), ``tone`` the log
    odds of support by the statement's vector alone, ``leaning`` by how much that is nearer the claim than its
    contrary, ``rule`` what the rules say; ``former`` is a view told as one of the past alone, ``plainly`` the words of
    view that govern the proposal's name or are said of it; ``undecided``: its holder is said to have no view;
    ``proposes``: to have made the proposal; ``conditional``: it makes
    a view hang on a condition.
    """

    statement: Statement
    bearing: Bearing
    scores: Floats
    inside: range
    polarity: Polarity
    governed: Mapping[str, float]
    tone: float
    leaning: float
    back: bool
    rule: Stance | None
    kind: StakeholderKind
    genre: Genre | None
    former: bool = False
    plainly: Mapping[str, float] = field(default_factory=dict)
    undecided: bool = False
    proposes: bool = False
    conditional: bool = False


def group_of(name: str) -> str:
    """The group of a feature: one of ``GROUPS``."""
    return name.partition(":")[0]


def features(readings: Sequence[Reading]) -> list[Features]:
    """The features of every reading of one article, in the order given."""
    bears = np.array([_bears(reading.scores) for reading in readings])
    sides = np.array([_side(reading.scores) for reading in readings])
    by_statement: dict[str, list[int]] = {}
    by_holder: dict[tuple[str | None, str], list[int]] = {}
    by_topic: dict[str, list[int]] = {}
    for i, reading in enumerate(readings):
        by_statement.setdefault(reading.statement.id, []).append(i)
        by_holder.setdefault((reading.statement.holder, reading.bearing.topic.id), []).append(i)
        by_topic.setdefault(reading.bearing.topic.id, []).append(i)
    found = []
    for i, reading in enumerate(readings):
        rivals = [j for j in by_statement[reading.statement.id] if j != i]
        same = [j for j in by_holder[reading.statement.holder, reading.bearing.topic.id] if j != i]
        everyone = [j for j in by_topic[reading.bearing.topic.id] if j != i]
        found.append(
            _of_cross(reading.scores)
            | _of_words(reading)
            | _of_bearing(reading)
            | _of_rivals(reading, [readings[j] for j in rivals], float(bears[i]), bears[rivals])
            | _of_telling(reading)
            | _of_holder(sides[same], bears[same])
            | _of_everyone(bears[everyone])
        )
    return found


def _bears(scores: Floats) -> float:
    """The cross-encoder's probability that the statement takes any stance on the claim."""
    return float(1 - softmax(scores)[NONE])


def _side(scores: Floats) -> float:
    return float(np.clip(scores[SUPPORT] - scores[OPPOSE], -SURE, SURE))


def _of_cross(scores: Floats) -> Features:
    odds = scores - scores.max()
    logs = np.maximum(odds - np.log(np.exp(odds).sum()), -SURE)
    found = {f"cross: {label}": float(log) for label, log in zip(LABELS, logs, strict=True)}
    return found | {"cross: for less against": _side(scores)}


def _of_words(reading: Reading) -> Features:
    polarity = reading.polarity
    found = {
        "tone: for less against": float(np.clip(reading.tone, -SURE, SURE)),
        "claims: nearer than the contrary": reading.leaning,
        "words: for": min(MOST_WORDS, polarity.support),
        "words: against": min(MOST_WORDS, polarity.oppose),
        "words: mixed": float(polarity.mixed),
        "words: condition": float(polarity.conditional is not None),
        "words: strong": float(polarity.strong),
        "words: hedged": float(polarity.hedged),
        "words: any": float(bool(polarity.hits)),
    } | _of_rule(reading.rule)
    return found | {f"parse: {name}": weight for name, weight in reading.governed.items()}


def _of_rule(rule: Stance | None) -> Features:
    """The rules' answer, by how sure they are of it."""
    if rule is None:
        return {"rule: none": 1.0}
    sure = rule.evidence.confidence
    side = sure * ((rule.label is StanceLabel.SUPPORT) - (rule.label is StanceLabel.OPPOSE))
    return {f"rule: {rule.label.value}": sure, "rule: for less against": side}


def _of_bearing(reading: Reading) -> Features:
    inside, bearing = reading.inside, reading.bearing
    named = max((bearing.named[i] for i in inside), default=0.0)
    before = max(bearing.named[max(0, inside.start - REACH) : inside.start], default=0.0)
    behind = max(bearing.named[inside.stop : inside.stop + 1], default=0.0)
    share = sum(score >= NAMED for score in bearing.named) / max(1, len(bearing.named))
    return {
        "bears: near": max((bearing.near[i] for i in inside), default=0.0),
        "bears: named": named,
        "bears: by a phrase": float(named >= 1.0),
        "bears: named right before": float(before >= NAMED),
        "bears: named right behind": float(behind >= NAMED),
        "bears: points back": float(reading.back),
        "bears: points back to it": float(reading.back and before >= NAMED),
        "article: share that names it": min(0.5, share),
        "article: nearest sentence": max(bearing.near, default=0.0),
    }


def _of_rivals(reading: Reading, rivals: Sequence[Reading], bears: float, others: Floats) -> Features:
    """How the topic compares with the other topics that the statement is read against."""
    near = max((reading.bearing.near[i] for i in reading.inside), default=0.0)
    nearest = max((r.bearing.near[i] for r in rivals for i in r.inside), default=0.0)
    named = any(r.bearing.named[i] >= NAMED for r in rivals for i in r.inside)
    return {
        "bears: only topic": float(not rivals),
        "bears: nearer than others": near - nearest if rivals else 0.0,
        "bears: likelier than others": bears - float(others.max()) if len(others) else 0.0,
        "bears: another is named": float(named),
    }


def _of_telling(reading: Reading) -> Features:
    statement = reading.statement
    found = {
        f"told: {statement.manner.value}": 1.0,
        f"told: by {reading.kind.value}": 1.0,
        f"told: in {reading.genre.value if reading.genre else 'news'}": 1.0,
        "told: officially": float(statement.capacity is Capacity.OFFICIAL),
        "told: long": min(1.0, len(statement.text) / 400),
    }
    view = view_of_cue(cue_lemma(statement.cue.text)) if statement.cue else None
    return found | ({f"told: cue {view}": 1.0} if view else {})


def _of_holder(sides: Floats, bears: Floats) -> Features:
    """What the article's other statements of the holder show on the topic."""
    if not len(bears):
        return {"holder: says no more": 1.0}
    most = float(bears.max())
    return {
        "holder: bears on it elsewhere": most,
        "holder: for less against elsewhere": float(np.average(sides, weights=bears + 1e-3) * most),
    }


def _of_everyone(bears: Floats) -> Features:
    return {"article: others bear on it": float(bears.mean()) if len(bears) else 0.5}
