"""Which topics an article bears on, and what of a statement the stance model is shown.

An article bears on a topic when a sentence has one of its phrases, or two name it by its words, or one does and
the sentences are near its claim, or they are so near that words do not matter and few topics are nearer. What is
near is measured by the sentence encoder: the mean cosine of the claim and its three nearest sentences.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from nlp.encoders import Floats
from nlp.premise import premise
from nlp.records import EVIDENCE_KINDS, Article, Sentence, Statement, Topic
from nlp.relevance import sentence_relevance

#: Texts and claims to their cosines, of shape (texts, claims).
Likeness = Callable[[Sequence[str], Sequence[str]], Floats]

#: From this relevance on a sentence names the topic. Measured on gold dev with 140 topics: these bounds
#: find 27 of 29 (article, topic) pairs that hold a position, and 0.9 more topics an article.
NAMED = 0.6
NEAR, NEARER = 0.40, 0.50
#: So many nearest sentences make an article near; so many topics can be near without being named.
NEAREST, RANK = 3, 3


@dataclass(frozen=True, slots=True)
class Bearing:
    """A topic that the article bears on: by sentence, how far it names the topic, and how near the claim it is."""

    topic: Topic
    named: Sequence[float]
    near: Sequence[float]


def bearing_topics(
    article: Article, sentences: Sequence[Sentence], topics: Sequence[Topic], likeness: Likeness
) -> list[Bearing]:
    """The topics of the article, in the order given."""
    held = [i for i, s in enumerate(sentences) if article.blocks[s.block].kind in EVIDENCE_KINDS]
    if not held or not topics:
        return []
    cosines = likeness([sentences[i].span.text for i in held], [topic.claim for topic in topics])
    nearest = np.sort(cosines, axis=0)[-NEAREST:].mean(axis=0)
    ranks = np.argsort(np.argsort(-nearest))
    found = []
    for column, topic in enumerate(topics):
        named = sentence_relevance(article, sentences, topic)
        count = sum(score >= NAMED for score in named)
        close = float(nearest[column])
        certain = max(named) >= 1.0 or count >= 2
        if certain or (count and close >= NEAR) or (close >= NEARER and ranks[column] < RANK):
            near = [0.0] * len(sentences)
            for row, i in enumerate(held):
                near[i] = float(cosines[row, column])
            found.append(Bearing(topic, named, near))
    return found


def covered(sentences: Sequence[Sentence], statement: Statement) -> range:
    """The sentences that the statement stands in, by index; one at least."""
    start, end = statement.spans[0].start, statement.spans[-1].end
    first = min(bisect_right(sentences, start, key=lambda s: s.span.end), len(sentences) - 1)
    return range(first, max(bisect_left(sentences, end, key=lambda s: s.span.start), first + 1))


def statement_premise(article: Article, sentences: Sequence[Sentence], statement: Statement, holder: str) -> str:
    """The sentences that the statement stands in, whose it is, and a sentence before and after."""
    start, end = statement.spans[0].start, statement.spans[-1].end
    inside = covered(sentences, statement)
    first, last = inside[0], inside[-1]
    return premise(
        article.text[min(start, sentences[first].span.start) : max(end, sentences[last].span.end)],
        holder=holder,
        before=sentences[first - 1].span.text if first else "",
        after=sentences[last + 1].span.text if last + 1 < len(sentences) else "",
    )
