"""What a topic names as support or opposition, found in the words of a statement.

A line of ``Topic.supports`` or ``Topic.opposes`` occurs in a sentence when its words stand there in this order and near
each other, by their stems, everyday words left out. It is read through the parse: a negation from outside turns it
round, and what others are said to think is not the holder's. A question shows no side.

The lines are evidence of the rules (``nlp.stance_features``, group "rule"), nothing by themselves: head and
cross-encoder weigh in as ever, and topics without lines are read as before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from nlp.governed import Parsed, Place, side_of
from nlp.polarity import Hit
from nlp.reasons import words_show
from nlp.records import Article, Capacity, Evidence, Stance, StanceLabel, Statement, Topic
from nlp.relevance import listed, stem

#: So many other words may stand between two words of a line, and so many a line must have.
GAP, LEAST = 3, 2
#: How sure a line makes of a side, as the rules' own words of view where the topic is named.
SURE = 0.85
_WORD = re.compile(r"[^\W_]+(?:[-’'][^\W_]+)*")
_NOT = "not"
_NEGATION = re.compile(r"(?:not?|never|cannot|\w+n[’']t)$", re.IGNORECASE)
_DOUBLED = re.compile(r"([b-df-hj-np-tv-z])\1$")
_OPINION = (StanceLabel.SUPPORT, StanceLabel.OPPOSE)


@dataclass(frozen=True, slots=True)
class _Line:
    side: StanceLabel
    stems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Found:
    """A line where it occurs; ``turned`` when an odd number of negations stands between its words."""

    line: _Line
    place: Place
    turned: bool


def with_lines(
    article: Article,
    statement: Statement,
    topic: Topic,
    parsed: Sequence[Parsed],
    hits: Sequence[Hit],
    rule: Stance | None,
) -> Stance | None:
    """The rules' answer with what the topic's own lines add.

    ``parsed`` are the statement's sentences, ``hits`` its words of view.
    A line outweighs plain words of view, which may be about anything; a condition or two sides stay what they are.
    """
    if not _lines(topic) or (rule is not None and rule.label not in _OPINION):
        return rule
    found = list(_sides(article, statement, topic, parsed, hits))
    sides = {label: {place for side, place in found if side is label} for label in _OPINION}
    label = max(_OPINION, key=lambda each: len(sides[each]))
    if len(sides[StanceLabel.SUPPORT]) == len(sides[StanceLabel.OPPOSE]):
        return rule
    reason = words_show([article.text[slice(*place)] for place in sorted(sides[label])], label)
    if rule is not None and rule.label is label:
        sure = max(rule.evidence.confidence, round(SURE * statement.evidence.confidence, 4))
        return replace(rule, evidence=replace(rule.evidence, confidence=sure, reason=reason))
    return _stance(article, statement, topic, label, reason)


def _stance(article: Article, statement: Statement, topic: Topic, label: StanceLabel, reason: str) -> Stance:
    confidence = round(SURE * statement.evidence.confidence, 4)
    return Stance(
        holder=statement.holder or "",
        topic=topic.id,
        label=label,
        evidence=Evidence(confidence, "lexicon", reason, statement.spans),
        statement=statement.id,
        on_behalf_of=statement.on_behalf_of if statement.capacity is Capacity.OFFICIAL else None,
    )


def _sides(
    article: Article, statement: Statement, topic: Topic, parsed: Sequence[Parsed], hits: Sequence[Hit]
) -> Iterator[tuple[StanceLabel, Place]]:
    start, end = statement.spans[0].start, statement.spans[-1].end
    cue = (statement.cue.start, statement.cue.end) if statement.cue else None
    other = {StanceLabel.SUPPORT: StanceLabel.OPPOSE, StanceLabel.OPPOSE: StanceLabel.SUPPORT}
    for piece in parsed:
        if piece.doc.text.rstrip(" ’”'\")").endswith("?"):
            continue
        low, high = max(start, piece.start), min(end, piece.start + len(piece.doc.text))
        for found in _occurrences(article.text, low, high, _lines(topic)):
            side = side_of(piece, found.place, hits, cue) * (-1 if found.turned else 1)
            if side:
                yield (found.line.side if side > 0 else other[found.line.side]), found.place


def _occurrences(text: str, start: int, end: int, lines: Sequence[_Line]) -> Iterator[_Found]:
    """Every line that occurs in the stretch, once."""
    words = [(match.start(), match.end(), _stem(match.group())) for match in _WORD.finditer(text, start, end)]
    for line in lines:
        found = next((hit for at in range(len(words)) if (hit := _match(words, at, line))), None)
        if found:
            yield found


def _match(words: Sequence[tuple[int, int, str]], at: int, line: _Line) -> _Found | None:
    """The line from the word ``at`` on."""
    if words[at][2] != line.stems[0]:
        return None
    turned, last = False, at
    for wanted in line.stems[1:]:
        reach = range(last + 1, min(len(words), last + GAP + 2))
        hit = next((i for i in reach if words[i][2] == wanted), None)
        if hit is None:
            return None
        turned ^= sum(words[i][2] == _NOT for i in range(last + 1, hit)) % 2 == 1
        last = hit
    return _Found(line, (words[at][0], words[last][1]), turned)


@cache
def _lines(topic: Topic) -> tuple[_Line, ...]:
    """The lines that can be looked for: those that say more than that the proposal is named."""
    named = {_stem(word) for text in (topic.name, *topic.phrases) for word in _WORD.findall(text)}
    sides = ((StanceLabel.SUPPORT, topic.supports), (StanceLabel.OPPOSE, topic.opposes))
    lines = [_Line(side, _stems(text)) for side, texts in sides for text in texts]
    return tuple(line for line in lines if len(line.stems) >= LEAST and set(line.stems) - named - {_NOT})


def _stems(text: str) -> tuple[str, ...]:
    """The stems of a line, less everyday words and the word that only says that it is said ("saying that …")."""
    words = [match.group() for match in _WORD.finditer(text)]
    if words and words[0].lower() in listed("telling"):
        words = words[1:]
    return tuple(_stem(word) for word in words if _NEGATION.match(word) or word.lower() not in listed("common"))


def _stem(word: str) -> str:
    # "letting" and "let": a consonant that an ending doubled is one.
    return _NOT if _NEGATION.match(word) else _DOUBLED.sub(r"\1", stem(word))
