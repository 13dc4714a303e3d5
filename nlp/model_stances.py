"""Stances as the models and the rules read them together.

Every statement of an article is read against every topic that the article bears on (``nlp.bearing``). What the
cross-encoder, the tone model, the lexicon, the parse and the rules say of it, and what the article shows of the
holder elsewhere, are the features of ``nlp.stance_features``. The head says by them whether the statement bears on
the topic; which stance it takes is pooled from head, cross-encoder, rules and the holder's other statements. Whether
its holder takes a position at all is told from all of them together (``nlp.position_features``). Where none is likely
enough the stance is unclear, and makes no position.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from nlp.bearing import NAMED, Bearing
from nlp.course import follow, meant, names
from nlp.encoders import LABELS, Floats, softmax
from nlp.governed import Parsed, Place, governed_views
from nlp.linear import LinearModel
from nlp.motions import find_told, read_told
from nlp.plain_views import hits_with_cue, is_plain, only_asks, plain_places, plain_views, sets_condition, tells_facts
from nlp.polarity import (
    condition_of,
    former_view,
    has_no_view,
    pattern,
    read_polarity,
    strength_of,
    tells_former_view,
    undoes,
    undone_words,
)
from nlp.position_features import by_holder, by_house, position_features
from nlp.premise import overlapping, premise_of
from nlp.rationales import find_rationales
from nlp.reasons import read_as
from nlp.records import (
    Article,
    Capacity,
    Evidence,
    Sentence,
    Span,
    Stakeholder,
    StakeholderKind,
    Stance,
    StanceLabel,
    Statement,
)
from nlp.relevance import points_back, topic_references, word_places
from nlp.side_lines import with_lines
from nlp.stance_features import OPPOSE, REACH, SUPPORT, Reading, features
from nlp.stance_reader import StanceReader
from nlp.successors import speaks_of_successor

#: A stance below CLEAR is unclear; below LEAST there is none. Of the positions from 0.25 on 43 in 100 are right on gold
#: train (left out in parts) and F1 is 0.37; from 0.2 on 40 and 0.36, from 0.35 on 46 and 0.36.
CLEAR, LEAST = 0.25, 0.2
#: As CLEAR, where a statement that does not name the proposal is read as taking no side: most such facts are of
#: something else. Every other article of gold train: precision 0.519 to 0.527, F1 0.468 to 0.469; dev: 0.519 to
#: 0.531, 0.440 to 0.444.
ASIDE = 0.35
#: How the stance is pooled from log-probabilities: the shares of the head and of the cross-encoder, what the rules'
#: answer adds, and how much the holder's other statements weigh. Positions F1 with this and by the head alone, before
#: positions were told from all statements: gold train 0.36 and 0.35, gold dev 0.34 and 0.31. Gold and bank have few of
#: the plain words of view that rules know.
SHARE, RULE, GENERAL = 0.5, 1.5, 0.5
#: How much the plain statements of a holder weigh in its others: an argument is read by itself as often for the other
#: side ("we lose forty calls every Monday morning").
FOLLOWS = 2.0
#: What the rules' answer adds where the words say plainly what they are about: the cross-encoder reads "scrapping the
#: cap would be a betrayal" as opposition and "free lunches would end the stigma" too, both with 0.99. Gold hardly has
#: such sentences (11 of 515 on train); of those made up in tests/nlp/press_stances.txt, 6 more come out right with it.
PLAIN = 5.0
#: What is added to support where the holder has made the proposal and the rules see no view.
PROPOSES = 1.5
#: What is left of the probability that a statement bears on the topic where its holder says to have no view.
UNDECIDED = 0.2
#: What is left of it where a statement tells facts and does not name the proposal.
FACTS = 0.5
#: So many statements of an article are read by the model, those nearest to a topic first; a long article has a
#: hundred, and only hostile text has more. The rules answer for the others.
MOST = 250
NOBODY: Mapping[str, Mapping[str, Span]] = MappingProxyType({})
_SIDES = (StanceLabel.SUPPORT, StanceLabel.OPPOSE)


def read_stances(
    article: Article,
    sentences: Sequence[Sentence],
    statements: Sequence[Statement],
    bearings: Sequence[Bearing],
    by_rule: Sequence[Stance],
    reader: StanceReader,
    stakeholders: Mapping[str, Stakeholder],
    proposers: Mapping[str, Mapping[str, Span]] = NOBODY,
) -> Iterator[Stance]:
    """Narration as the rules read it, and statements as models and rules read them together.

    ``bearings`` are the topics that the article bears on; ``stakeholders`` are those of the article by id: the model
    is shown whose statement it is; ``proposers`` are by topic (``nlp.proposers``).
    """
    held = nearest_statements(statements, sentences, bearings)
    readings = read_statements(article, sentences, held, bearings, by_rule, reader, stakeholders, proposers)
    joined = pool(readings, [reader.head.probabilities(found) for found in features(readings)])
    yield from stances_of(article, readings, hold(readings, joined, reader.head.holds))
    seen = {statement.id for statement in held}
    yield from (stance for stance in by_rule if stance.statement not in seen)


def stances_of(article: Article, readings: Sequence[Reading], read: Sequence[Floats]) -> Iterator[Stance]:
    """The stances that the probabilities of each reading of one article make."""
    by_statement: dict[str, list[tuple[Reading, Floats]]] = {}
    for reading, probabilities in zip(readings, read, strict=True):
        by_statement.setdefault(reading.statement.id, []).append((reading, probabilities))
    for rows in by_statement.values():
        for reading, probabilities in _bearing_on(rows):
            stance = _stance(article, reading, probabilities)
            if stance:
                yield stance


def pool(readings: Sequence[Reading], read: Sequence[Floats] | Floats) -> list[Floats]:
    """Head, cross-encoder, rule and the holder's other statements on the topic, pooled into one stance each.

    Whether a statement bears on the topic stays as the head has it, unless its holder says to have no view or the
    article has not come to the topic yet (``nlp.course``).
    """
    own = [_own_view(reading, probabilities) for reading, probabilities in zip(readings, read, strict=True)]
    found = [np.zeros(0, dtype=np.float32)] * len(own)
    told = [reading.rule.label if reading.rule and is_plain(reading, reading.rule) else None for reading in readings]
    for house, rows in _speakers(readings):
        # Who speaks plainly decides for itself, and for its house where that speaks plainly of a side.
        plain = {i for i in rows if told[i]} or {i for i in house if told[i] and told[i] is not StanceLabel.CONDITIONAL}
        deciding = sorted(plain) or house
        bears = [1.001 - float(read[i][-1]) for i in deciding]
        general = np.average([own[i] for i in deciding], axis=0, weights=bears)
        for i in rows:
            weight = FOLLOWS if plain and i not in plain else GENERAL
            view = softmax(_log(own[i]) + weight * _log(general))
            bears = (1 - read[i][-1]) * (UNDECIDED if readings[i].undecided else 1.0)
            found[i] = np.append(view * bears, 1 - bears).astype(np.float32)
    return follow(readings, found)


def hold(readings: Sequence[Reading], read: Sequence[Floats], holds: LinearModel) -> list[Floats]:
    """The probabilities with those of a holder's statements scaled so that the one which likeliest bears on the topic
    does so with the probability that the holder takes a position on it.
    """
    groups = by_holder(readings)
    found = list(read)
    for held, features_of in position_features(readings, read).items():
        rows = groups[held]
        scale = holds.probability(features_of) / max(1e-6, *(1 - float(read[i][-1]) for i in rows))
        for i in rows:
            sides = read[i][:-1] * scale * _said(readings[i])
            found[i] = np.append(sides, 1 - sides.sum()).astype(np.float32)
    return found


def _said(reading: Reading) -> float:
    """What is left of a stance of who says to have no view, or tells facts alone."""
    if reading.undecided:
        return UNDECIDED
    return FACTS if tells_facts(reading) else 1.0


def _speakers(readings: Sequence[Reading]) -> Iterator[tuple[list[int], list[int]]]:
    """For each speaker and topic, the places of what its house says and of what it says itself."""
    for house in by_house(readings).values():
        speakers: dict[str | None, list[int]] = {}
        for i in house:
            speakers.setdefault(readings[i].statement.holder, []).append(i)
        yield from ((house, rows) for rows in speakers.values())


#: Groups told by where they stand ("opponents feared it would …") and campaigns told by their aim ("Save Our Beds").
_CAMP = re.compile(
    r"(?P<against>opponents|objectors|detractors|critics)\b|(?:supporters|backers|proponents|advocates)\b"
)
_KEEPS, _STOPS = re.compile(r"(?:save|keep|defend|protect)-"), re.compile(r"(?:stop|no-to|say-no-to|scrap)-")


def _camp(reading: Reading) -> int | None:
    """The side that who speaks is known by, if any."""
    undone = undoes(reading.bearing.topic.claim)
    who = [id_ for id_ in (reading.statement.holder, reading.statement.on_behalf_of) if id_]
    if any((_KEEPS if undone else _STOPS).match(id_) for id_ in who):
        return OPPOSE
    told = next((match for id_ in who if (match := _CAMP.match(id_))), None)
    return None if told is None or undone else OPPOSE if told["against"] else SUPPORT


def _own_view(reading: Reading, probabilities: Floats) -> Floats:
    """The stance of one statement by itself: shape (stances,), given that it takes one.

    A view told as one of the past is told where it is no longer held: its sides are exchanged (positions F1 on gold
    train 0.367 to 0.372, left out in parts; on dev 0.367 to 0.374).
    """
    head = probabilities[:-1] / max(float(probabilities[:-1].sum()), 1e-9)
    view = SHARE * _log(head) + (1 - SHARE) * _log(softmax(reading.scores[:-1]))
    if reading.rule is not None:
        view[LABELS.index(reading.rule.label.value)] += PLAIN if is_plain(reading, reading.rule) else RULE
    if reading.proposes and reading.rule is None:
        view[SUPPORT] += PROPOSES
    if (camp := _camp(reading)) is not None:
        view[camp] += PLAIN
    view = softmax(view)
    return view[[OPPOSE, SUPPORT, *range(2, len(view))]] if reading.former else view


def _log(probabilities: Floats) -> Floats:
    return np.asarray(np.log(np.maximum(probabilities, 1e-6)), dtype=np.float32)


def _bearing_on(rows: Sequence[tuple[Reading, Floats]]) -> Sequence[tuple[Reading, Floats]]:
    """A statement bears on every topic that it names, and if it names none, on the one that is meant."""
    return [row for row in rows if names(row[0])] or [meant(rows)]


def read_statements(
    article: Article,
    sentences: Sequence[Sentence],
    held: Sequence[Statement],
    bearings: Sequence[Bearing],
    by_rule: Sequence[Stance],
    reader: StanceReader,
    stakeholders: Mapping[str, Stakeholder],
    proposers: Mapping[str, Mapping[str, Span]] = NOBODY,
) -> list[Reading]:
    """Every statement, each with a holder, against every topic of ``bearings``; ``proposers`` are by topic."""
    if not held or not bearings:
        return []
    places = [(sentence.span.start, sentence.span.end) for sentence in sentences]
    inside = {s.id: overlapping(places, *_extent(s)) for s in held}
    wanted = sorted({i for within in inside.values() for i in within})
    parsed = _parse(article, places, wanted, reader)
    vectors = _vectors(sentences, inside, wanted, reader)
    back = {s.id: points_back(article.text, *_extent(s)) for s in held}
    told = {bearing.topic.id: find_told(article, sentences, bearing.topic) for bearing in bearings}
    contrasts = {bearing.topic.id: reader.contrast(bearing.topic) for bearing in bearings}
    holders = {s.id: stakeholders.get(s.holder or "") for s in held}
    lines = {s.id: premise_of(article.text, places, *_extent(s), _name(holders[s.id])) for s in held}
    pairs = [(statement, bearing) for statement in held for bearing in bearings]
    scores = reader.scores([(lines[s.id], bearing.topic.claim) for s, bearing in pairs])
    rules = {(stance.statement, stance.topic): stance for stance in by_rule if stance.statement}
    found = []
    for (statement, bearing), row in zip(pairs, scores, strict=True):
        start, end = _extent(statement)
        within = inside[statement.id]
        phrases = topic_references(article.text, bearing.topic, start, end)
        claim = bearing.topic.claim
        thing = undoes(claim) and not speaks_of_successor(article.text, start, end, bearing.topic)
        polarity = read_told(article.text, statement, told[bearing.topic.id]) or read_polarity(
            article.text, start, end, phrases, undoing=thing, undone=undone_words(claim)
        )
        cue = (statement.cue.start, statement.cue.end) if statement.cue else None
        named = _named(article, places, within, bearing, phrases, back=back[statement.id])
        holder = holders[statement.id]
        read, rule = [parsed[i] for i in within], rules.get((statement.id, bearing.topic.id))
        own = plain_places(article, places, within, bearing, back=back[statement.id])
        found.append(
            Reading(
                statement=statement,
                bearing=bearing,
                scores=row,
                inside=within,
                polarity=polarity,
                governed=governed_views(read, polarity.hits, named, cue),
                tone=float(reader.head.tones(vectors[statement.id])),
                leaning=float(vectors[statement.id] @ contrasts[bearing.topic.id]),
                back=back[statement.id],
                rule=with_lines(article, statement, bearing.topic, read, polarity.hits, rule),
                kind=holder.kind if holder else StakeholderKind.PERSON,
                genre=article.genre,
                former=tells_former_view(article.text, start, end),
                proposes=not {statement.holder, statement.on_behalf_of}.isdisjoint(proposers.get(bearing.topic.id, ())),
                conditional=sets_condition(article.text, statement),
                undecided=has_no_view(article.text, start, end) or only_asks(article.text, statement),
                plainly=plain_views(read, hits_with_cue(article.text, statement, polarity, phrases), own, cue),
            )
        )
    return found


def _name(holder: Stakeholder | None) -> str:
    return holder.name if holder else ""


def _extent(statement: Statement) -> Place:
    return statement.spans[0].start, statement.spans[-1].end


def _parse(article: Article, places: Sequence[Place], wanted: Sequence[int], reader: StanceReader) -> dict[int, Parsed]:
    """Sentences by index, each parsed by itself: so a stored article is read as a new one is."""
    docs = reader.parse([article.text[slice(*places[i])] for i in wanted])
    return {i: Parsed(places[i][0], doc) for i, doc in zip(wanted, docs, strict=True)}


def _vectors(
    sentences: Sequence[Sentence], inside: Mapping[str, range], wanted: Sequence[int], reader: StanceReader
) -> dict[str, Floats]:
    """By statement, the mean of its sentences' vectors."""
    rows = dict(zip(wanted, reader.vectors([sentences[i].span.text for i in wanted]), strict=True))
    return {id: np.mean([rows[i] for i in within], axis=0) for id, within in inside.items()}


def _named(
    article: Article,
    places: Sequence[Place],
    inside: range,
    bearing: Bearing,
    phrases: Sequence[Place],
    *,
    back: bool,
) -> list[Place]:
    """Where the statement's sentences name the proposal: its phrases, its words, and what points back to it."""
    found = list(phrases)
    before = max(bearing.named[max(0, inside.start - REACH) : inside.start], default=0.0) >= NAMED
    for i in inside:
        found += word_places(article.text, bearing.topic, *places[i])
        if back and before:
            found += [match.span() for match in pattern("markers", "anaphor").finditer(article.text, *places[i])]
    return found


def nearest_statements(
    statements: Sequence[Statement], sentences: Sequence[Sentence], bearings: Sequence[Bearing]
) -> Sequence[Statement]:
    """The statements of known holders, at most MOST, in the order of the text."""
    held = [statement for statement in statements if statement.holder is not None]
    if len(held) <= MOST or not bearings:
        return held
    places = [(sentence.span.start, sentence.span.end) for sentence in sentences]
    far = {
        s.id: -max((b.near[i] for b in bearings for i in overlapping(places, *_extent(s))), default=0.0) for s in held
    }
    kept = {s.id for s in sorted(held, key=lambda s: far[s.id])[:MOST]}
    return [statement for statement in held if statement.id in kept]


def _least(reading: Reading, label: StanceLabel) -> float:
    """How likely a stance must be to be clear."""
    return ASIDE if label is StanceLabel.NEUTRAL and not names(reading) else CLEAR


def _stance(article: Article, reading: Reading, probabilities: Floats) -> Stance | None:
    """The likeliest stance, unclear where it is not likely enough, or none."""
    best = int(np.argmax(probabilities[:-1]))
    likely = float(probabilities[best])
    if likely < LEAST:
        return None
    label = StanceLabel(LABELS[best])
    statement, rule, polarity = reading.statement, reading.rule, reading.polarity
    start, end = _extent(statement)
    earlier, _ = former_view(article.text, start, end)
    if earlier not in _SIDES and reading.former and label in _SIDES:
        earlier = next(side for side in _SIDES if side is not label)
    same = rule if rule and rule.label is label else None
    why = rule.evidence.reason if rule else ""
    alone = int(np.argmax(reading.scores[:-1])) == best
    reason = read_as(label, likely, rule=rule.label if rule else None, why=why, alone=alone)
    return Stance(
        holder=statement.holder or "",
        topic=reading.bearing.topic.id,
        label=label if likely >= _least(reading, label) else StanceLabel.UNCLEAR,
        evidence=Evidence(
            round(likely * statement.evidence.confidence, 4),
            "model and lexicon" if same else "model",
            reason,
            statement.spans,
        ),
        statement=statement.id,
        on_behalf_of=statement.on_behalf_of if statement.capacity is Capacity.OFFICIAL else None,
        strength=same.strength if same else strength_of(polarity, article.text[max(0, start - 25) : start]),
        condition=condition_of(article, polarity, end) if label is StanceLabel.CONDITIONAL else None,
        earlier=earlier if earlier in _SIDES and earlier is not label else None,
        rationales=tuple(find_rationales(article, statement)),
    )
