"""Which of the readings of a sentence report what somebody said, thought, wrote or decided.

The candidates of the parse and of the rules are scored by one linear model (``models/attribution-1/reported.json``,
trained on the gold corpus by ``nlp.learn.attribution``); of those that overlap, the likeliest stays.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import log
from typing import Protocol

from nlp.candidate_features import Surroundings, features_of, share
from nlp.candidates import Candidate, Place, find_candidates
from nlp.contents import Piece
from nlp.cues import Cue, CueKind, may_take_object
from nlp.language import Read
from nlp.linear import Features, LinearModel, logistic
from nlp.records import BlockKind
from nlp.reported import Reported, find_reported
from nlp.ruled_out import is_ruled_out, same_source
from nlp.speakers import Discourse, Speaker, Unit

#: Least probability of a reading, and the most of the shorter of two that both may hold. Chosen on gold train in
#: three parts by article: F1 of indirect spans is 0.77 from 0.3 to 0.5, precision 0.79 to 0.86 (the rules alone: 0.74).
LEAST, OVERLAP = 0.35, 0.25
#: Log odds that a reading gains by being that of the rules: they know forms that gold has few of. F1 on gold
#: falls by 0.007 from 0 to 1.2, from which on every plain form of the tests is found ("does not support …").
TRUST = 1.2
#: Readings of one cue whose contents are so much alike differ in their source; below this probability of the
#: likeliest source nobody is said to have said it.
ALIKE, UNCLEAR = 0.5, 0.3


class Report(Protocol):
    """Reads a piece of narration: its reported clauses, in order. ``taken`` are cues of quotations."""

    def __call__(
        self, discourse: Discourse, piece: Piece, block: BlockKind, taken: Sequence[Place]
    ) -> list[Reported]: ...


def report_by_rule(discourse: Discourse, piece: Piece, block: BlockKind, taken: Sequence[Place]) -> list[Reported]:
    """What the rules alone read: a cue of a quotation reports nothing else."""
    found = find_reported(discourse, piece)
    return [r for r in found if not (r.cue_span and any(start <= r.cue_span[0] < end for start, end in taken))]


class Reporter:
    """Reads pieces of one article with the parse and the model."""

    def __init__(self, reads: Sequence[Read], model: LinearModel, source: LinearModel) -> None:
        self.reads, self.model, self.source = reads, model, source
        self.starts = [read.start for read in reads]

    def __call__(self, discourse: Discourse, piece: Piece, block: BlockKind, taken: Sequence[Place]) -> list[Reported]:
        rules = report_by_rule(discourse, piece, block, taken)
        if self.read_of(piece) is None:
            return rules
        around = Surroundings(discourse, piece, rules, block.value)
        scored = [(likelihood(self.model, features), candidate) for candidate, features in self.cases(around, taken)]
        candidates = [candidate for _, candidate in scored]
        return [
            replace(_reported(one, rules, self._speaker(one, candidates, around)), likely=likely)
            for likely, one in with_first_verbs(choose(scored), scored, discourse.article.text)
        ]

    def _speaker(self, chosen: Candidate, candidates: Sequence[Candidate], around: Surroundings) -> Speaker:
        """The likeliest source of a clause, with the probability that it is the holder."""
        scored = []
        rule = _rule_of(chosen, around.rules)
        for one in sources_of(chosen, candidates):
            speaker = speaker_of(around.discourse, one, around.rules)
            if rule and rule.chain and speaker.id in rule.chain and one is not chosen:
                continue  # who passes on what another said is not that other
            scored.append((self.source.probability(source_features(one, around, speaker)), speaker))
        likely, best = max(scored, key=lambda row: (row[0], row[1].id is not None))
        if best.id is None:
            return best
        likely = round(likely, 4)
        unclear = replace(best, id=None, confidence=likely, reason="it is not clear who says so")
        return replace(best, confidence=likely) if likely >= UNCLEAR else unclear

    def read_of(self, piece: Piece) -> Read | None:
        """The parsed stretch that holds the piece, or None."""
        read = self.reads[max(0, bisect_right(self.starts, piece.start) - 1)] if self.reads else None
        return read if read and piece.end <= read.end and read.doc.has_annotation("DEP") else None

    def cases(self, around: Surroundings, taken: Sequence[Place]) -> list[tuple[Candidate, Features]]:
        """Every reading of the piece with what the model sees of it."""
        read = self.read_of(around.piece)
        return [
            (candidate, features_of(candidate, around))
            for candidate in (readings(around, read) if read else ())
            if not any(start <= candidate.cue[0] < end for start, end in taken) and not is_ruled_out(candidate, around)
        ]


def readings(around: Surroundings, read: Read) -> Iterator[Candidate]:
    """What the parse offers, then what the rules read otherwise."""
    discourse, piece, rules = around.discourse, around.piece, around.rules
    found = list(find_candidates(discourse, piece, read.doc, read.start))
    yield from found
    for rule in rules:
        cue = rule.cue_span or (rule.speaker.start, rule.speaker.end)
        if not any(
            other.cue == cue and share(other.spans, rule.spans) > 0.9 and same_source(other, rule) for other in found
        ):
            lemma = rule.cue.lemma if rule.cue else "noun"
            kind = f"rule:{rule.cue.kind if rule.cue else 'noun'}"
            yield Candidate(cue, (rule.speaker.start, rule.speaker.end), rule.spans, lemma, "rule", kind, rule=rule)


def likelihood(model: LinearModel, features: Features) -> float:
    """The probability of a reading; one that is as the rules read it is given some credit besides."""
    credit = TRUST if features.get("rule*alike") else 0.0
    return logistic(model.score(features) + credit)


def sources_of(chosen: Candidate, candidates: Sequence[Candidate]) -> list[Candidate]:
    """The readings of the same cue and much the same content, one a source: the chosen one first."""
    found = [chosen]
    for one in candidates:
        alike = one.cue == chosen.cue and share(one.spans, chosen.spans) >= ALIKE
        if alike and all(one.source != other.source for other in found):
            found.append(one)
    return found


def source_features(candidate: Candidate, around: Surroundings, speaker: Speaker) -> Features:
    """How the source stands to the cue, whom the rules name, and how sure it is whom the source stands for."""
    sort = "known" if speaker.id else "unknown"
    rule = _rule_of(candidate, around.rules)
    agrees = "none" if rule is None else ("same" if rule.speaker.id == speaker.id else "other")
    names = [f"relation={candidate.relation}", f"form={speaker.form}*{sort}", f"rule={agrees}"]
    names += [f"relation*form={candidate.relation}*{speaker.form}", f"rule*form={agrees}*{speaker.form}"]
    names += [f"rule*relation={agrees}*{candidate.relation}", f"kind={candidate.kind}"]
    names += ["inside" if any(a <= candidate.source[0] < b for a, b in candidate.spans) else "outside"]
    near = candidate.cue[0] - candidate.source[1] in (0, 1)
    names += ["adjacent", f"adjacent*{candidate.relation}"] if near else []
    names += ["opens"] if candidate.source[0] - around.piece.start <= 4 else []
    likely = min(0.999, max(0.001, speaker.confidence))
    sure = log(likely / (1 - likely))
    return dict.fromkeys(names, 1.0) | {"sure": sure, f"sure*{speaker.form}": sure}


def choose(scored: Sequence[tuple[float, Candidate]]) -> list[tuple[float, Candidate]]:
    """The likeliest readings that don't overlap, each with its likelihood, in the order of the text."""
    kept: list[tuple[float, Candidate]] = []
    for row in sorted(scored, key=lambda row: -row[0]):
        if row[0] < LEAST:
            break
        if all(row[1].cue != other.cue and not _overlap(row[1], other) for _, other in kept):
            kept.append(row)
    return sorted(kept, key=lambda row: row[1].spans[0][0])


#: Before the second verb of a subject: "backed the cap and said".
_JOINT = re.compile(r",?\s+(?:and|but)\s+(?:(?:has|have|had|also|then|later|further|[a-z]+ly)\s+)*$")


def with_first_verbs(
    kept: Sequence[tuple[float, Candidate]], scored: Sequence[tuple[float, Candidate]], text: str
) -> list[tuple[float, Candidate]]:
    """The readings kept, and what somebody did before the "and" where only what they said behind it was kept.

    "Kent LMC backed the cap and said …": the first verb takes an object, so that nobody inside it owns the second.
    """
    found = list(kept)
    cues = {one.cue for _, one in kept}
    for likely, one in sorted(scored, key=lambda row: -row[0]):
        if likely < LEAST or one.cue in cues or one.kind != "after" or not may_take_object(one.lemma):
            continue
        (start, end) = one.spans[-1]
        later = [o for _, o in kept if o.source == one.source and start < o.cue[0] < end and o.spans[0][0] > o.cue[0]]
        joint = _JOINT.search(text, start, later[0].cue[0]) if len(later) == 1 else None
        others = [o for _, o in kept if later and o is not later[0] and _overlap(one, o)]
        if joint and not others and len(text[start : joint.start()].split()) >= 2:
            found.append((likely, replace(one, spans=((start, joint.start()),))))
            cues.add(one.cue)
    return sorted(found, key=lambda row: row[1].spans[0][0])


def _overlap(a: Candidate, b: Candidate) -> bool:
    common = sum(max(0, min(x[1], y[1]) - max(x[0], y[0])) for x in a.spans for y in b.spans)
    shorter = min(sum(end - start for start, end in one.spans) for one in (a, b))
    return common >= OVERLAP * max(1, shorter)


def _reported(candidate: Candidate, rules: Sequence[Reported], speaker: Speaker) -> Reported:
    """The reading as a reported clause."""
    rule = _rule_of(candidate, rules)
    cue = rule.cue if rule else Cue(*candidate.cue, candidate.cue[0], CueKind.SPEECH, candidate.lemma, False)
    return Reported(speaker, cue, candidate.spans, candidate.cue, rule.chain if rule else ())


def _rule_of(candidate: Candidate, rules: Sequence[Reported]) -> Reported | None:
    return candidate.rule or next((rule for rule in rules if rule.cue_span == candidate.cue), None)


def speaker_of(discourse: Discourse, candidate: Candidate, rules: Sequence[Reported]) -> Speaker:
    """Whom the rules or the discourse know the source as."""
    rule = _rule_of(candidate, rules)
    if rule is not None and (candidate.rule is not None or (same_source(candidate, rule) and rule.speaker.id)):
        return rule.speaker
    if candidate.unit is not None:
        return discourse.resolve(candidate.unit)
    assert candidate.head is not None  # what is no rule's and no unit's is a phrase of the parse
    text = " ".join(discourse.article.text[slice(*candidate.source)].split())
    return discourse.resolve(Unit(*candidate.source, None, text, "phrase", candidate.head.text))
