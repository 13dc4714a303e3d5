"""What a topic would catch in an article that was analysed before, and what it would narrowly miss, with the reasons.

Caught is what ``apply_topics`` finds on the topic. A near miss is a statement that names the proposal, or that the
sentence encoder finds near its claim, and that shows no stance all the same. Its score is what the cross-encoder gives
to the likeliest of the five stances when it is asked about this topic alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from nlp.bearing import NAMED, NEAR, NEARER, Likeness, bearing_topics
from nlp.encoders import LABELS
from nlp.language import Models
from nlp.pipeline import apply_topics, bears_on
from nlp.premise import overlapping, premise_of
from nlp.records import EVIDENCE_KINDS, Analysis, Sentence, Stance, StanceLabel, Statement, Topic
from nlp.relevance import sentence_relevance, topics_for
from nlp.sentences import sentences as split
from nlp.stance_reader import StanceReader

#: A statement that names the proposal in no way is a near miss only from this score on.
LEAST_SCORE = 0.3


@dataclass(frozen=True, slots=True)
class Catch:
    """One statement that a topic catches, or narrowly does not.

    ``statement`` is its stored id, None for narration and for sentences of the writer that were none before.
    ``score`` is the confidence of the stance that is caught, else the near miss's probability; ``label`` is the
    stance, or the likeliest one; ``reason`` is one plain sentence.
    """

    article: str
    statement: str | None
    holder: str
    text: str
    caught: bool
    label: StanceLabel
    score: float
    reason: str


def check_topic_on(analysis: Analysis, topic: Topic, topics: Sequence[Topic], models: Models) -> tuple[Catch, ...]:
    """What ``topic``, among all ``topics``, catches in the article, in the order of the text, then its near misses."""
    others = [each for each in topics if each.id != topic.id]
    stored = {statement.spans: statement.id for statement in analysis.statements}
    likeness = models.reader.likeness if models.reader else None
    if bears_on(analysis.article, topic, likeness):
        analysis = apply_topics(analysis, [*others, topic], models)
    else:
        analysis = _without(analysis, topic)
    said = {statement.id: statement for statement in analysis.statements}
    stances = [s for s in analysis.stances if s.topic == topic.id and s.label is not StanceLabel.UNCLEAR]
    caught = [_caught(analysis, stance, said.get(stance.statement or "")) for stance in stances]
    taken = {stance.statement for stance in stances}
    missed = _near_misses(analysis, topic, taken, models.reader, likeness) if models.reader and likeness else []
    ids = {id: stored.get(statement.spans) for id, statement in said.items()}
    return tuple(replace(each, statement=ids.get(each.statement or "")) for each in (*caught, *missed))


def _caught(analysis: Analysis, stance: Stance, statement: Statement | None) -> Catch:
    return Catch(
        article=analysis.article.id,
        statement=stance.statement,
        holder=stance.holder,
        text=statement.text if statement else " ".join(span.text for span in stance.evidence.spans),
        caught=True,
        label=stance.label,
        score=stance.evidence.confidence,
        reason=stance.evidence.reason,
    )


def _without(analysis: Analysis, topic: Topic) -> Analysis:
    return replace(analysis, stances=tuple(stance for stance in analysis.stances if stance.topic != topic.id))


@dataclass(frozen=True, slots=True)
class _Candidate:
    statement: Statement
    named: float
    near: float


def _near_misses(
    analysis: Analysis, topic: Topic, caught: set[str | None], reader: StanceReader, likeness: Likeness
) -> list[Catch]:
    sentences = split(analysis.article)
    if not _in_time(analysis, topic):
        return []
    rows = _candidates(analysis, sentences, topic, likeness)
    rows = [row for row in rows if row.statement.id not in caught]
    if not rows:
        return []
    obstacle = _obstacle(analysis, sentences, topic, likeness)
    read = reader.probabilities([(_premise(analysis, sentences, row.statement), topic.claim) for row in rows])
    found = []
    for row, probabilities in zip(rows, read, strict=True):
        best = int(probabilities[:-1].argmax())
        score, label = float(probabilities[best]), StanceLabel(LABELS[best])
        if row.named >= NAMED or score >= LEAST_SCORE:
            reason = _reason(analysis, row, topic, label, score, obstacle)
            found.append(_miss(analysis, row.statement, label, score, reason))
    return sorted(found, key=lambda catch: -catch.score)


def _premise(analysis: Analysis, sentences: Sequence[Sentence], statement: Statement) -> str:
    places = [(sentence.span.start, sentence.span.end) for sentence in sentences]
    names = {each.id: each.name for each in analysis.stakeholders}
    start, end = statement.spans[0].start, statement.spans[-1].end
    return premise_of(analysis.article.text, places, start, end, names.get(statement.holder or "", ""))


def _in_time(analysis: Analysis, topic: Topic) -> bool:
    return bool(topics_for(analysis.article, [replace(topic, named_only=False)]))


def _candidates(
    analysis: Analysis, sentences: Sequence[Sentence], topic: Topic, likeness: Likeness
) -> list[_Candidate]:
    """The held statements whose sentences name the proposal or are near its claim."""
    named = sentence_relevance(analysis.article, sentences, topic)
    near = _nearness(analysis, sentences, topic, likeness)
    places = [(sentence.span.start, sentence.span.end) for sentence in sentences]
    found = []
    for statement in analysis.statements:
        inside = overlapping(places, statement.spans[0].start, statement.spans[-1].end)
        if statement.holder is None or not inside:
            continue
        row = _Candidate(statement, max(named[i] for i in inside), max(near[i] for i in inside))
        if row.named >= NAMED or row.near >= NEAR:
            found.append(row)
    return found


def _nearness(analysis: Analysis, sentences: Sequence[Sentence], topic: Topic, likeness: Likeness) -> list[float]:
    """By sentence, the cosine to the claim; 0 where nobody named may speak."""
    near = [0.0] * len(sentences)
    held = [i for i, s in enumerate(sentences) if analysis.article.blocks[s.block].kind in EVIDENCE_KINDS]
    cosines = likeness([sentences[i].span.text for i in held], [topic.claim]) if held else ()
    for i, row in zip(held, cosines, strict=True):
        near[i] = float(row[0])
    return near


def _obstacle(analysis: Analysis, sentences: Sequence[Sentence], topic: Topic, likeness: Likeness) -> str:
    """Why no statement of the article can bear on the topic; empty when one can."""
    if not topics_for(analysis.article, [topic]):
        return "the article has none of the phrases by which the topic must be named"
    named = sentence_relevance(analysis.article, sentences, topic)
    if bearing_topics(analysis.article, sentences, [(topic, named)], likeness):
        return ""
    return f"the article names it too little and its sentences are not near the claim (under {NEARER:.2f})"


def _reason(analysis: Analysis, row: _Candidate, topic: Topic, label: StanceLabel, score: float, obstacle: str) -> str:
    named = "it names the proposal" if row.named >= NAMED else f"its nearness to the claim is {row.near:.2f}"
    if obstacle:
        return f"{named}, but {obstacle}"
    elsewhere = [s.topic for s in analysis.stances if s.statement == row.statement.id and s.topic != topic.id]
    if elsewhere:
        return f"{named}, but it was read as a statement on {' and '.join(elsewhere)}"
    return f"{named}, but no stance is sure enough: {label.value} is the likeliest with {score:.2f}"


def _miss(analysis: Analysis, statement: Statement, label: StanceLabel, score: float, reason: str) -> Catch:
    return Catch(
        article=analysis.article.id,
        statement=statement.id,
        holder=statement.holder or "",
        text=statement.text,
        caught=False,
        label=label,
        score=round(score, 4),
        reason=reason,
    )
