"""Where somebody stands who speaks for or against a motion: by whether the motion is for the proposal or against it.

"Proposing the motion, Dr A told the conference …" shows a view of the proposal as plainly as a vote does, once the
article has said what the motion asks for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.decisions import Decision, find_decisions, read_reaction
from nlp.polarity import FIRM, Hit, Polarity, read_polarity, undoes, undone_words
from nlp.records import Article, Sentence, Statement, Topic
from nlp.relevance import topic_references

#: Where a motion is told of, and whether it is for the proposal (1) or against it (-1).
Motion = tuple[int, int]
#: So many sentences before one that tells of a motion may name the proposal.
BEFORE = 2
#: So far before a statement may be told that its holder speaks for the motion, in characters.
REACH = 220
_MOTION = re.compile(r"\b(?:motion|resolution)\b", re.IGNORECASE)
_FOR = re.compile(
    r"\b(?:(?:propos|mov|second|support|back)(?:ing|ed|es|s)"
    r"|(?:speaking|spoke|speaks|argu\w+) (?:\w+ )?(?:for|in favour of|in support of))"
    r" (?:the|this|that|her|his|its) (?:\w+ )?(?:motion|resolution)\b",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"\b(?:(?:oppos|reject)(?:ing|ed|es|s|e)|(?:speaking|spoke|speaks|argu\w+) (?:\w+ )?against)"
    r" (?:most of |much of |parts? of )?(?:the|this|that|her|his|its) (?:\w+ )?(?:motion|resolution)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Told:
    """What the article tells of a proposal that reactions and speeches are read by."""

    decisions: Sequence[Decision] = ()
    motions: Sequence[Motion] = ()


NOTHING = Told()


def find_told(article: Article, sentences: Sequence[Sentence], topic: Topic) -> Told:
    """The decisions and motions on the proposal."""
    return Told(find_decisions(article, sentences, topic), find_motions(article, sentences, topic))


def read_told(text: str, statement: Statement, told: Told) -> Polarity | None:
    """The view of a proposal that a statement shows by what it says of a decision or a motion on it, if any."""
    return read_reaction(text, statement, told.decisions) or read_speech(text, statement, told.motions)


def find_motions(article: Article, sentences: Sequence[Sentence], topic: Topic) -> list[Motion]:
    """Every sentence that tells what a motion on the proposal asks for, by place."""
    found: list[Motion] = []
    for i, sentence in enumerate(sentences):
        motion = _MOTION.search(sentence.span.text)
        if motion is None or _FOR.search(sentence.span.text) or _AGAINST.search(sentence.span.text):
            continue
        start, end = sentence.span.start + motion.end(), sentence.span.end
        names = topic_references(article.text, topic, sentence.span.start, end)
        before = sentences[max(0, i - BEFORE)].span.start
        if not names and not topic_references(article.text, topic, before, end):
            continue  # "the motion" of a sentence or two after the proposal was named
        view = read_polarity(
            article.text, start, end, names, undoing=undoes(topic.claim), undone=undone_words(topic.claim)
        )
        if bool(view.support) != bool(view.oppose):
            found.append((sentence.span.start, 1 if view.support else -1))
    return found


def read_speech(text: str, statement: Statement, motions: Sequence[Motion]) -> Polarity | None:
    """The view that speaking for or against a motion shows; None where nobody does, or what it asks for is unknown."""
    if len({side for _, side in motions}) != 1:
        return None
    start, end = statement.spans[0].start, statement.spans[-1].end
    line = max(text.rfind("\n", max(0, start - REACH), start) + 1, start - REACH, 0)
    opened = max(at + 2 if (at := text.rfind(mark, line, start)) >= 0 else line for mark in (". ", "? ", "! "))
    for pattern, sign in ((_FOR, 1), (_AGAINST, -1)):
        if match := pattern.search(text, opened, end):
            side = FIRM * sign * motions[0][1]
            hit = Hit(match.start(), match.end(), side, negated=False)
            return Polarity(max(0.0, side), max(0.0, -side), (hit,), False, False, None, False, deed=True)
    return None
