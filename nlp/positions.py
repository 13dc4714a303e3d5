"""Stances -> positions, over one article or many: pure arithmetic, published as it stands here.

1. Each utterance weighs the square of its confidence, so that one clear one outweighs two doubtful
   ones, halved for every ``HALF_LIFE_DAYS`` it is older than the holder's latest on the topic;
   near-identical words of one holder within ``REPEAT_DAYS`` count once.
2. Only neutral utterances: neutral. Support and oppose both at ``BOTH_SIDES`` of the two or more,
   or mixed utterances at half of all opinion: mixed. Conditional at half of all opinion:
   conditional. Otherwise the heavier side.
3. Counts are of distinct stories. An official statement counts for its organisation too.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from zlib import crc32

from nlp.records import Analysis, PartialDate, Position, Span, Stance, StanceLabel, Statement, Strength

HALF_LIFE_DAYS = 365
REPEAT_DAYS = 14
BOTH_SIDES = 0.47
SHINGLE = 3
SKETCH = 4
#: The share of its hashes that an utterance has in common with one that it repeats.
SAME_WORDS = 0.75


@dataclass(frozen=True, slots=True)
class Observation:
    """One stance where it was printed: ``text`` holds the words, ``story`` groups copies of an article."""

    stance: Stance
    story: str
    article: str
    published: PartialDate | None
    text: str
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Weighed:
    """An observation and what it weighs: nothing where it repeats another almost word for word."""

    observation: Observation
    weight: float
    repeat: bool = False


def article_positions(analysis: Analysis) -> tuple[Position, ...]:
    """The positions of one article, one a holder and topic, officers kept apart from their body."""
    statements = {statement.id: statement for statement in analysis.statements}
    observations = [observe(analysis, stance, statements) for stance in analysis.stances]
    return _positions((o.stance.holder, o.stance.topic, o) for o in observations)


def observe(analysis: Analysis, stance: Stance, statements: dict[str, Statement]) -> Observation:
    """The observation behind one stance of an analysis."""
    article = analysis.article
    statement = statements.get(stance.statement or "")
    text = statement.text if statement else " ".join(span.text for span in stance.evidence.spans)
    spans = statement.spans if statement else stance.evidence.spans
    return Observation(stance, article.id, article.id, article.published, text, spans)


def derive_positions(observations: Iterable[Observation]) -> tuple[Position, ...]:
    """Positions over many articles; official stances count for the organisation as well as the officer."""
    rows = (row for o in observations for row in held_by(o))
    return _positions((row.stance.holder, row.stance.topic, row) for row in rows)


def held_by(observation: Observation) -> list[Observation]:
    """The observation as its holder's and, where it is official, as the organisation's too."""
    stance = observation.stance
    if not stance.on_behalf_of:
        return [observation]
    body = replace(stance, holder=stance.on_behalf_of, on_behalf_of=None)
    return [observation, replace(observation, stance=body)]


def weigh(group: Iterable[Observation]) -> tuple[Weighed, ...]:
    """What each observation of one holder on one topic weighs (rule 1 of the module), newest first."""
    rows = _in_order(o for o in group if o.stance.label is not StanceLabel.UNCLEAR)
    distinct = _distinct(rows)
    weights = {id(o): weight for o, weight in zip(distinct, _each_weight(distinct), strict=True)}
    return tuple(Weighed(o, weights.get(id(o), 0.0), id(o) not in weights) for o in reversed(rows))


def _positions(rows: Iterable[tuple[str, str, Observation]]) -> tuple[Position, ...]:
    groups: dict[tuple[str, str], list[Observation]] = defaultdict(list)
    for holder, topic, observation in rows:
        if observation.stance.label is not StanceLabel.UNCLEAR:
            groups[holder, topic].append(observation)
    return tuple(_position(holder, topic, group) for (holder, topic), group in groups.items())


def _position(holder: str, topic: str, group: list[Observation]) -> Position:
    group = _in_order(group)
    distinct = _distinct(group)
    weights = _weights(distinct)
    label = decide_label(weights)
    winning = [o for o in distinct if o.stance.label is label] or distinct
    dates = [o.published for o in group if o.published]
    return Position(
        holder=holder,
        topic=topic,
        label=label,
        strength=_strength(winning),
        confidence=_confidence(label, winning, weights),
        on_behalf_of=_body(distinct),
        earlier=_earlier(group, label),
        rationales=tuple(dict.fromkeys(span.text for o in group for span in o.stance.rationales)),
        statements=tuple(dict.fromkeys(o.stance.statement for o in group if o.stance.statement)),
        evidence=_evidence(winning),
        stories=_stories(group),
        story_count=len({o.story for o in group}),
        first=dates[0] if dates else None,
        last=dates[-1] if dates else None,
    )


def decide_label(weights: dict[StanceLabel, float]) -> StanceLabel:
    """The label of summed weights by stance (rule 2 of the module)."""
    support, oppose = weights.get(StanceLabel.SUPPORT, 0.0), weights.get(StanceLabel.OPPOSE, 0.0)
    conditional, mixed = weights.get(StanceLabel.CONDITIONAL, 0.0), weights.get(StanceLabel.MIXED, 0.0)
    opinion = support + oppose + conditional + mixed
    if not opinion:
        return StanceLabel.NEUTRAL
    if mixed >= opinion / 2 or (min(support, oppose) > 0 and min(support, oppose) >= BOTH_SIDES * (support + oppose)):
        return StanceLabel.MIXED
    if conditional >= opinion / 2:
        return StanceLabel.CONDITIONAL
    return StanceLabel.SUPPORT if support >= oppose else StanceLabel.OPPOSE


def _in_order(group: Iterable[Observation]) -> list[Observation]:
    return sorted(group, key=lambda o: (_day(o) or date.min, o.article))


def _weights(group: Sequence[Observation]) -> dict[StanceLabel, float]:
    weights: dict[StanceLabel, float] = defaultdict(float)
    for observation, weight in zip(group, _each_weight(group), strict=True):
        weights[observation.stance.label] += weight
    return weights


def _each_weight(group: Sequence[Observation]) -> list[float]:
    days = [_day(o) for o in group]
    latest = max((day for day in days if day), default=None)
    ages = [(latest - day).days if latest and day else 0 for day in days]
    weights = [o.stance.evidence.confidence**2 for o in group]
    return [weight * 0.5 ** (age / HALF_LIFE_DAYS) for weight, age in zip(weights, ages, strict=True)]


def _day(observation: Observation) -> date | None:
    return observation.published.value if observation.published else None


def sketch(text: str) -> list[int]:
    """The smallest hashes of the word shingles: texts that share most of them are near-identical."""
    words = re.findall(r"\w+", text.casefold())
    shingles = {" ".join(words[i : i + SHINGLE]) for i in range(max(1, len(words) - SHINGLE + 1))}
    return sorted(crc32(shingle.encode("utf-8", "surrogatepass")) for shingle in shingles)[:SKETCH]


def _distinct(group: Sequence[Observation]) -> list[Observation]:
    """Drop what repeats an utterance of the last REPEAT_DAYS almost word for word."""
    kept: list[Observation] = []
    last_seen: dict[int, int] = {}
    for observation in group:
        hashes = sketch(observation.text)
        seen = Counter(last_seen[h] for h in hashes if h in last_seen)
        twin, shared = seen.most_common(1)[0] if seen else (-1, 0)
        if twin >= 0 and shared >= SAME_WORDS * len(hashes) and _near(kept[twin], observation):
            continue
        last_seen.update(dict.fromkeys(hashes, len(kept)))
        kept.append(observation)
    return kept


def _near(a: Observation, b: Observation) -> bool:
    if a.article == b.article:
        return a.stance.label is b.stance.label
    first, second = _day(a), _day(b)
    return first is not None and second is not None and abs((second - first).days) <= REPEAT_DAYS


def _strength(winning: Sequence[Observation]) -> Strength:
    counts = Counter(o.stance.strength for o in winning)
    if counts[Strength.STRONG]:
        return Strength.STRONG
    return Strength.HEDGED if counts[Strength.HEDGED] > counts[Strength.PLAIN] else Strength.PLAIN


def _confidence(label: StanceLabel, winning: Sequence[Observation], weights: dict[StanceLabel, float]) -> float:
    """The best evidence, less what speaks against it."""
    best = max(o.stance.evidence.confidence for o in winning)
    total = sum(weights.values())
    against = {StanceLabel.SUPPORT: StanceLabel.OPPOSE, StanceLabel.OPPOSE: StanceLabel.SUPPORT}.get(label)
    contrary = weights.get(against, 0.0) / total if against and total else 0.0
    return round(best * (1 - contrary), 4)


def _body(group: Sequence[Observation]) -> str | None:
    bodies = Counter(o.stance.on_behalf_of for o in group if o.stance.on_behalf_of)
    return bodies.most_common(1)[0][0] if bodies else None


def _earlier(group: Sequence[Observation], label: StanceLabel) -> StanceLabel | None:
    """A former stance that the text tells, or that an older article showed and the latest does not."""
    told = [o.stance.earlier for o in group if o.stance.earlier and o.stance.earlier is not label]
    if told:
        return told[-1]
    days = {day for o in group if (day := _day(o))}
    sides = [o.stance.label for o in group if o.stance.label in (StanceLabel.SUPPORT, StanceLabel.OPPOSE)]
    return sides[0] if len(days) > 1 and sides and sides[0] is not label else None


def _evidence(winning: Sequence[Observation]) -> tuple[Span, ...]:
    ranked = sorted(winning, key=lambda o: -o.stance.evidence.confidence)
    return tuple(dict.fromkeys(span for o in ranked for span in o.stance.evidence.spans))


def _stories(group: Sequence[Observation]) -> tuple[tuple[StanceLabel, int], ...]:
    stories: dict[StanceLabel, set[str]] = defaultdict(set)
    for observation in group:
        stories[observation.stance.label].add(observation.story)
    return tuple((label, len(stories[label])) for label in StanceLabel if stories[label])
