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
from nlp.documents import PAYS
from nlp.language import Read
from nlp.linear import Features, LinearModel, logistic
from nlp.marks import MARKS
from nlp.records import BlockKind
from nlp.reported import TURNS, Reported, find_reported
from nlp.second_hand import TELLS
from nlp.speakers import Discourse, Speaker, Unit
from nlp.subjects import has_deputy, subject_after

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
            if not any(start <= candidate.cue[0] < end for start, end in taken)
            and not _passes_on(candidate, around)
            and not _is_turned(candidate, around)
            and not _is_closed(candidate, around)
            and not _says_nothing(candidate, around)
            and not _is_payer(candidate, around)
            and not _is_of_we(candidate, around)
            and not _is_asked(candidate, around)
            and not _is_of_whom(candidate, around)
            and not _contrasts(candidate, around)
            and not _is_led_in(candidate, around)
            and not _is_written_to(candidate, around)
        ]


def _passes_on(candidate: Candidate, around: Surroundings) -> bool:
    """Whether the reading is of "A said" in "A said B had told her": the clause is B's."""
    return any(
        rule.chain and rule.cue and rule.cue.lemma in TELLS and rule.cue_span != candidate.cue
        and any(start <= rule.cue.start < end for start, end in candidate.spans)
        for rule in around.rules
    )  # fmt: skip


#: "We cannot support it": whoever else stands before, the writer says so.
_WE = re.compile(
    r"\b(?P<who>we|I)\s+(?:(?:cannot|can|could|would|will|do|did|have|had|not|never|fully|also|still|strongly"
    r"|\w+n['’]t)\s+){0,3}$",
    re.IGNORECASE,
)


def _is_of_we(candidate: Candidate, around: Surroundings) -> bool:
    """Whether the cue is the writer's own, and the reading has it of somebody else."""
    text, at = around.discourse.article.text, candidate.cue[0]
    own = _WE.search(text, max(around.piece.start, at - 60), at)
    return own is not None and not candidate.source[0] <= own.start("who") < candidate.source[1]


#: "Asked by Ms Vane whether she would rule it out, the minister said": what opens the sentence was asked.
_ASKED = re.compile(r"Asked\b[^“‘\"]{3,200}?,\s+(?=(?:the\s|an?\s)?(?:[A-Z]|he\b|she\b|it\b|they\b|spokes))")


def _is_asked(candidate: Candidate, around: Surroundings) -> bool:
    """Whether the cue stands in the question that opens the sentence."""
    asked = _ASKED.match(around.discourse.article.text, around.piece.start, around.piece.end)
    return asked is not None and candidate.cue[0] < asked.end()


#: "It surveyed 2,100 carers, of whom two thirds said": some of them, and not it.
_OF_WHOM = re.compile(r",\s+(?:(?:\w+\s+){0,3}of\s+(?:whom|which)|including\s+\w+\s+who)\b[^,;.]*$")


def _is_of_whom(candidate: Candidate, around: Surroundings) -> bool:
    """Whether the cue is of some of those whom the sentence tells of before it."""
    text, low = around.discourse.article.text, candidate.source[1]
    return low < candidate.cue[0] and _OF_WHOM.search(text, low, candidate.cue[0]) is not None


def _contrasts(candidate: Candidate, around: Surroundings) -> bool:
    """ "The campaign group was less sure": whoever it is, it is not who spoke before."""
    rule = candidate.rule
    spoke = around.discourse.holders[-1:]
    if rule is None or rule.speaker.form != "description" or not spoke or spoke[0][1] != rule.speaker.id:
        return False
    return re.search(r"\bless\s", around.discourse.article.text[slice(*candidate.cue)]) is not None


#: "Having met the minister, the charity said": what stands before the comma only leads in.
_LEADS_IN = re.compile(
    r"\W*(?:(?:But|And|Yet)\s)?(?:After|Having|Before|Following|Unlike|Like|Asked|Responding|Replying|Speaking|Writing|In|At|On|With|Despite)\b"
)


def _is_led_in(candidate: Candidate, around: Surroundings) -> bool:
    """Whether the source stands in what leads in, and the rules know who comes behind it."""
    text, piece, at = around.discourse.article.text, around.piece, candidate.source
    if candidate.rule or not _LEADS_IN.match(text, piece.start, at[0]) or "," in text[piece.start : at[0]]:
        return False
    rules = (r for r in around.rules if r.cue_span == candidate.cue)
    return any(at[1] <= r.speaker.start < candidate.cue[0] and "," in text[at[1] : r.speaker.start + 1] for r in rules)


def _is_written_to(candidate: Candidate, around: Surroundings) -> bool:
    """ "The charity met the minister, arguing that …": whether the source is whom it met, by the rules.

    Nor does Dr A say anything in "Unison wrote to Dr A to say".
    """
    text = around.discourse.article.text
    if candidate.relation == "surface" and text[candidate.source[1] : candidate.cue[0]].strip() == "to":
        return True
    if (
        candidate.relation not in {"acl", "subject", "surface"}
        or candidate.verb is None
        or candidate.verb.tag_ != "VBG"
    ):
        return False
    rules = [r for r in around.rules if r.cue_span == candidate.cue]
    return bool(rules) and not any(_same(candidate, rule) for rule in rules)


#: Before whoever had a document written or got to see it: "a report commissioned by Kent Council found".
_PAID = re.compile(
    r"\b(?:reports?|papers?|documents?|study|studies|surveys?|polls?|review|data|analysis|research|letters?|emails?|minutes|figures|briefings?)"
    rf"\s(?:[\w-]+\s){{0,3}}?(?:{PAYS}|seen|obtained|viewed|reported|uncovered|analysed)(?:\sjointly|\sexclusively)?\sby\s(?:the\s)?$"
)


def _is_payer(candidate: Candidate, around: Surroundings) -> bool:
    """Whether the source only had the document written, or has seen it, that says so."""
    text, start = around.discourse.article.text, candidate.source[0]
    before = _PAID.search(text, max(around.piece.start, start - 120), start)
    return (
        before is not None
        and candidate.source[1] <= candidate.cue[0]
        and "," not in text[candidate.source[1] : candidate.cue[0]]
    )


#: "The council expects a decision in May": what is to come, and no view of it.
_EVENT = re.compile(
    r"(?:an?|the|its|their|his|her|further|more|no)\s(?:[a-z-]+\s){0,2}?(?:decisions?|announcements?|rulings?|verdicts?|results?|outcomes?"
    r"|responses?|repl(?:y|ies)|answers?|reports?|details|news|votes?|ballots?|statements?|updates?|judge?ments?|hearings?|guidance)\b"
    r"(?!\s(?:to|that|which)\b)"
)


def _says_nothing(candidate: Candidate, around: Surroundings) -> bool:
    """ "Hull CCG declined to comment" reports nothing of Hull CCG."""
    text, start = around.discourse.article.text, candidate.spans[0][0]
    if candidate.lemma == "expect" and _EVENT.match(text, start):
        return True
    said = text[start:][:12]
    return candidate.lemma in {"decline", "refuse"} and said.removeprefix("to ").startswith(
        ("comment", "be drawn", "respond")
    )


def _is_closed(candidate: Candidate, around: Surroundings) -> bool:
    """Whether the reading takes in the cue that closes its sentence: "CCGs planned to pool money, said Dr A"."""
    return any(
        rule.cue_span and rule.spans[-1][1] <= rule.cue_span[0]
        and any(start <= rule.cue_span[0] < end for start, end in candidate.spans)
        and any(start <= candidate.cue[0] < end for start, end in rule.spans)
        for rule in around.rules
    )  # fmt: skip


def _is_turned(candidate: Candidate, around: Surroundings) -> bool:
    """Whether the speaker of "The fund, said Dr A, was small" is sought before the verb."""
    text, piece = around.discourse.article.text, around.piece
    if candidate.lemma not in TURNS or candidate.verb is None or candidate.verb.tag_ == "VBG":
        return False
    if not text[piece.start : candidate.cue[0]].rstrip().endswith((",", *MARKS)):
        return False
    behind = subject_after(text, candidate.cue[1], piece.end, around.discourse.units(piece.start, piece.end))
    if behind is None or behind.form != "name" or not text[behind.end : piece.end].startswith((",", ".")):
        return False
    if candidate.unit and has_deputy(
        around.discourse, candidate.unit, candidate.cue[0], behind.end, (piece.start, piece.end)
    ):
        return False
    return not (candidate.source[0] < behind.end and behind.start < candidate.source[1])


def readings(around: Surroundings, read: Read) -> Iterator[Candidate]:
    """What the parse offers, then what the rules read otherwise."""
    discourse, piece, rules = around.discourse, around.piece, around.rules
    found = list(find_candidates(discourse, piece, read.doc, read.start))
    yield from found
    for rule in rules:
        cue = rule.cue_span or (rule.speaker.start, rule.speaker.end)
        if not any(other.cue == cue and share(other.spans, rule.spans) > 0.9 and _same(other, rule) for other in found):
            lemma = rule.cue.lemma if rule.cue else "noun"
            kind = f"rule:{rule.cue.kind if rule.cue else 'noun'}"
            yield Candidate(cue, (rule.speaker.start, rule.speaker.end), rule.spans, lemma, "rule", kind, rule=rule)


def _same(candidate: Candidate, rule: Reported) -> bool:
    """Whether a reading and the rules take the same words for the source."""
    return candidate.source[0] < rule.speaker.end and rule.speaker.start < candidate.source[1]


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
    if rule is not None and (candidate.rule is not None or (_same(candidate, rule) and rule.speaker.id)):
        return rule.speaker
    if candidate.unit is not None:
        return discourse.resolve(candidate.unit)
    assert candidate.head is not None  # what is no rule's and no unit's is a phrase of the parse
    text = " ".join(discourse.article.text[slice(*candidate.source)].split())
    return discourse.resolve(Unit(*candidate.source, None, text, "phrase", candidate.head.text))
