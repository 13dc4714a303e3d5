"""Readings of the parse that the words around them rule out: of who was asked, told, met, paid for or only led in."""

from __future__ import annotations

import re

from nlp.candidate_features import Surroundings
from nlp.candidates import Candidate
from nlp.documents import PAYS
from nlp.marks import MARKS
from nlp.reported import TURNS, Reported
from nlp.second_hand import TELLS
from nlp.subjects import has_deputy, subject_after


def is_ruled_out(candidate: Candidate, around: Surroundings) -> bool:
    """Whether the words around a reading show that its source says nothing of the kind."""
    return any(shows(candidate, around) for shows in _REASONS)


def same_source(candidate: Candidate, rule: Reported) -> bool:
    """Whether a reading and the rules take the same words for the source."""
    return candidate.source[0] < rule.speaker.end and rule.speaker.start < candidate.source[1]


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
    return bool(rules) and not any(same_source(candidate, rule) for rule in rules)


#: What others say of whoever it is said of: "the council has been accused of", with nobody who does so.
_DONE_TO = frozenset(
    {
        "accuse",
        "blame",
        "criticise",
        "criticize",
        "urge",
        "tell",
        "ask",
        "warn",
        "inform",
        "praise",
        "condemn",
        "attack",
        "slam",
    }
)
_BEEN = re.compile(r"\b(?:been|being|was|were|is|are)\s(?:\w+ly\s|also\s|now\s)?$")


def _is_blamed(candidate: Candidate, around: Surroundings) -> bool:
    """Whether the source is who is accused or told, and not who accuses or tells."""
    text = around.discourse.article.text
    before = text[max(0, candidate.cue[0] - 24) : candidate.cue[0]]
    if text[slice(*candidate.cue)].endswith("ing"):
        return False
    return candidate.relation == "subject" and candidate.lemma in _DONE_TO and _BEEN.search(before) is not None


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


_REASONS = (
    _passes_on,
    _is_of_we,
    _is_asked,
    _is_of_whom,
    _contrasts,
    _is_led_in,
    _is_written_to,
    _is_blamed,
    _is_payer,
    _says_nothing,
    _is_closed,
    _is_turned,
)
