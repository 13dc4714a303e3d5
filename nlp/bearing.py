"""Which topics an article bears on.

An article bears on a topic when a sentence has one of its phrases, or two name it by its words, or one does and
the sentences are near its claim, or they are so near that words do not matter and few topics are nearer. What is
near is measured by the sentence encoder: the mean cosine of the claim and its three nearest sentences.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from nlp.encoders import Floats
from nlp.records import EVIDENCE_KINDS, Article, Sentence, Topic
from nlp.references import short_names

#: Texts and claims to their cosines, of shape (texts, claims).
Likeness = Callable[[Sequence[str], Sequence[str]], Floats]

#: From this relevance on a sentence names the topic. Measured on gold dev with 140 topics: these bounds
#: find 27 of 29 (article, topic) pairs that hold a position, and 1.2 more topics an article.
NAMED = 0.6
NEAR, NEARER = 0.40, 0.50
#: So many nearest sentences make an article near; so many topics can be near without being named.
NEAREST, RANK = 3, 3
#: An article that calls it by its short names ("the cap") in so many sentences may be less near.
CALLED, NEAR_CALLED = 3, 0.33
#: A text of so few sentences, as somebody pastes them, cannot name its topic twice, and may have words of its own for
#: it: nine in ten sides of the minimal pairs on train are at least NEAR_SHORT to their claim, one in four to another.
SHORT, NEAR_SHORT = 3, 0.20


@dataclass(frozen=True, slots=True)
class Bearing:
    """A topic that the article bears on: by sentence, how far it names the topic, and how near the claim it is.

    ``called`` is ``named`` with the short names that follow a first naming; empty where they were not looked for.
    """

    topic: Topic
    named: Sequence[float]
    near: Sequence[float]
    called: Sequence[float] = ()


def bearing_topics(
    article: Article,
    sentences: Sequence[Sentence],
    relevance: Sequence[tuple[Topic, Sequence[float]]],
    likeness: Likeness,
) -> list[Bearing]:
    """The topics of the article, in the order given, each with its relevance by sentence."""
    held = [i for i, s in enumerate(sentences) if article.blocks[s.block].kind in EVIDENCE_KINDS]
    if not held or not relevance:
        return []
    cosines = likeness([sentences[i].span.text for i in held], [topic.claim for topic, _ in relevance])
    nearest = np.sort(cosines, axis=0)[-NEAREST:].mean(axis=0)
    ranks = np.argsort(np.argsort(-nearest))
    found = []
    for column, (topic, named) in enumerate(relevance):
        count = sum(score >= NAMED for score in named)
        close = float(nearest[column])
        certain = max(named) >= 1.0 or count >= (1 if len(held) <= SHORT else 2)
        calls = short_names(topic)
        called = calls is not None and sum(bool(calls.search(sentences[i].span.text)) for i in held) >= CALLED
        nearer, rank = (NEAR_SHORT, 1) if len(held) <= SHORT else (NEARER, RANK)
        if (
            certain
            or (count and close >= (NEAR_CALLED if called else NEAR))
            or (close >= nearer and ranks[column] < rank)
        ):
            near = [0.0] * len(sentences)
            for row, i in enumerate(held):
                near[i] = float(cosines[row, column])
            found.append(Bearing(topic, named, near, _with_short_names(sentences, held, topic, named)))
    return found


def _with_short_names(
    sentences: Sequence[Sentence], held: Sequence[int], topic: Topic, named: Sequence[float]
) -> Sequence[float]:
    """Once the proposal has been named, its short names ("a cap", "the levy") name it too."""
    calls = short_names(topic)
    first = next((i for i in held if named[i] >= NAMED), None)
    if calls is None or first is None:
        return named
    raised = list(named)
    for i in held:
        if i > first and raised[i] < NAMED and calls.search(sentences[i].span.text):
            raised[i] = NAMED
    return raised
