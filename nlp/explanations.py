"""Why a position is what it is: the statements, their weights, the words that decided, and what spoke against it.

The arithmetic is that of ``nlp.positions``, shown step by step. The words are found by leaving them out: stretches of
three words are taken out of the statement one after the other, and those whose loss lowers the probability of the
stance most decided it; those whose loss raises it spoke against it (occlusion, after Zeiler and Fergus 2014, as used on
text by Li, Monroe and Jurafsky 2016). What the lexicon saw stands in the stored reason.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from nlp.positions import HALF_LIFE_DAYS, Observation, Weighed, derive_positions, held_by, weigh
from nlp.premise import overlapping, premise_of
from nlp.records import Article, Position, Span, StanceLabel, Topic
from nlp.sentences import sentences as split

if TYPE_CHECKING:
    from nlp.stance_reader import StanceReader

#: Words in a stretch that is left out, the most stretches of one statement, and the least change that is told.
WINDOW, MOST, LEAST = 3, 60, 0.02
#: So many stretches are told, those that change most first.
TOLD = 4
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Explanation:
    """A position with all that it was computed from. ``weights`` are sums by stance, largest first.

    ``counted`` are the statements with their weights, ``against`` those of them that show another stance, ``unsure``
    the observations below the confidence asked for, which count for nothing.
    """

    position: Position
    weights: tuple[tuple[StanceLabel, float], ...]
    counted: tuple[Weighed, ...]
    unsure: tuple[Observation, ...]
    rule: str

    @property
    def against(self) -> tuple[Weighed, ...]:
        return tuple(each for each in self.counted if each.observation.stance.label is not self.position.label)


@dataclass(frozen=True, slots=True)
class Words:
    """A stretch of a statement and how much more likely it makes the stance (less likely where negative)."""

    span: Span
    change: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What the cross-encoder gives one statement on one topic: its probabilities, and the words behind them."""

    scores: tuple[tuple[str, float], ...]
    decided: tuple[Words, ...]
    against: tuple[Words, ...]


def explain_position(
    observations: Sequence[Observation], holder: str, topic: str, *, min_confidence: float
) -> Explanation | None:
    """The position of a holder on a topic and what it was computed from; None when there is none.

    ``observations`` are stances of any confidence, in which the holder speaks or is spoken for.
    """
    own = [row for o in observations for row in held_by(o) if row.stance.holder == holder and row.stance.topic == topic]
    sure = [o for o in own if o.stance.evidence.confidence >= min_confidence]
    unsure = tuple(o for o in own if o.stance.evidence.confidence < min_confidence)
    position = next((p for p in derive_positions(sure) if p.holder == holder), None)
    if position is None:
        return None
    counted = weigh(sure)
    sums: dict[StanceLabel, float] = {}
    for each in counted:
        label = each.observation.stance.label
        sums[label] = sums.get(label, 0.0) + each.weight
    weights = tuple(sorted(sums.items(), key=lambda item: -item[1]))
    return Explanation(position, weights, counted, unsure, _rule(position, weights))


def _rule(position: Position, weights: Sequence[tuple[StanceLabel, float]]) -> str:
    told = ", ".join(f"{label.value} {weight:.2f}" for label, weight in weights)
    why = {
        StanceLabel.NEUTRAL: "nobody of them takes a side",
        StanceLabel.MIXED: "both sides weigh enough, or half of the weight is mixed",
        StanceLabel.CONDITIONAL: "half of the weight is conditional",
    }.get(position.label, "this side weighs more")
    return (
        f"weights by stance: {told}; {why} "
        f"(confidence squared, halved for every {HALF_LIFE_DAYS} days before the latest; repeats count once)"
    )


def sentence_of(article: Article, observation: Observation) -> str:
    """The sentences that the words of an observation stand in, as printed; the words themselves if there are none."""
    spans = observation.spans
    if not spans:
        return observation.text
    places = [(sentence.span.start, sentence.span.end) for sentence in split(article)]
    inside = overlapping(places, spans[0].start, spans[-1].end)
    return article.text[places[inside[0]][0] : places[inside[-1]][1]] if inside else observation.text


def read_words(
    article: Article, spans: Sequence[Span], label: StanceLabel, topic: Topic, holder: str, reader: StanceReader
) -> Reading:
    """What the cross-encoder reads in a stretch of an article now, and which words make it so."""
    from nlp.encoders import LABELS  # brings ONNX Runtime, which the arithmetic above does without

    places = [(sentence.span.start, sentence.span.end) for sentence in split(article)]
    start, end = spans[0].start, spans[-1].end
    whole = premise_of(article.text, places, start, end, holder)
    stretches = _stretches(article, start, end)
    cut = [
        premise_of(
            article.text[: s.start] + article.text[s.end :], _moved(places, s), start, end - (s.end - s.start), holder
        )
        for s in stretches
    ]
    found = reader.probabilities([(text, topic.claim) for text in (whole, *cut)])
    scores = tuple((name, round(float(p), 4)) for name, p in zip(LABELS, found[0], strict=True))
    at = LABELS.index(label.value) if label.value in LABELS else 0
    changes = [Words(s, round(float(found[0][at] - row[at]), 4)) for s, row in zip(stretches, found[1:], strict=True)]
    return Reading(scores, _strongest(changes, 1), _strongest(changes, -1))


def _stretches(article: Article, start: int, end: int) -> list[Span]:
    words = [(match.start(), match.end()) for match in _WORD.finditer(article.text, start, end)]
    step = max(1, -(-len(words) // MOST))
    firsts = range(0, max(1, len(words) - WINDOW + 1), step) if len(words) > WINDOW else range(0)
    return [article.span(words[i][0], words[i + WINDOW - 1][1]) for i in firsts]


def _moved(places: Sequence[tuple[int, int]], out: Span) -> list[tuple[int, int]]:
    """The places of the sentences after a stretch has been taken out."""

    def moved(at: int) -> int:
        return at if at <= out.start else max(out.start, at - (out.end - out.start))

    return [(moved(start), moved(end)) for start, end in places]


def _strongest(changes: Sequence[Words], sign: int) -> tuple[Words, ...]:
    """The stretches that change the probability most in one direction, none overlapping a stronger one."""
    kept: list[Words] = []
    for words in sorted(changes, key=lambda each: -sign * each.change):
        if sign * words.change >= LEAST and len(kept) < TOLD and not any(words.span.overlaps(k.span) for k in kept):
            kept.append(words)
    return tuple(kept)
