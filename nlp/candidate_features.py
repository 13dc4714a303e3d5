"""What the reporting model sees of a candidate: the verb, who governs it, what follows, and what the rules say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from spacy.tokens import Token

from nlp.candidates import Candidate, Place
from nlp.contents import Piece, is_parenthetical
from nlp.cues import Cue, CueKind, classes_of, lemma_of, may_take_object
from nlp.described import noun_sort
from nlp.linear import Features
from nlp.reported import Reported
from nlp.speakers import Discourse

_MODAL = re.compile(r"\b(?:should|must|ought|would|could|will|needs?|may|might|can)\b")
_MONEY = re.compile(r"[£€$]\d|per cent|%")
_DIGIT = re.compile(r"\d")
_MARK = re.compile(r"[‘“\"]")
_NOT = frozenset({"not", "never", "n’t", "n't"})
_NEXT = frozenset(
    ["that", "to", "for", "on", "against", "in", "the", "a", "of", "by", "it", "with", "about", ",", ".", ":"]
)
_COMPLEMENTS = ("ccomp", "xcomp", "obj", "obl", "iobj", "parataxis", "advcl")


class _Inner(NamedTuple):
    """Of a word inside what may be reported: whether it is a cue verb, and has a subject of its own."""

    cue: bool
    governs: bool


@dataclass(frozen=True, slots=True)
class Surroundings:
    """Where a candidate stands: the article's discourse, the piece, what the rules read in it, the kind of block."""

    discourse: Discourse
    piece: Piece
    rules: Sequence[Reported]
    block: str
    known: dict[int, _Inner] = field(default_factory=dict)


def features_of(candidate: Candidate, around: Surroundings) -> Features:
    """The named features of a candidate; most are yes or no."""
    names: list[str] = []
    values: Features = {}
    sort = _sort(candidate)
    for part in (_of_verb, _of_source, _of_content, _of_rules):
        part(candidate, around, sort, names, values)
    return dict.fromkeys(names, 1.0) | values


def _sort(candidate: Candidate) -> str:
    """Whether the lexicon knows the verb as a cue; what only the rules read is a sort of its own."""
    if candidate.rule is not None:
        return candidate.kind
    if may_take_object(candidate.lemma):
        return "position"
    return "none" if lemma_of(candidate.lemma) is None else "cue"


def _of_verb(candidate: Candidate, around: Surroundings, sort: str, names: list[str], values: Features) -> None:
    lemma, kind = candidate.lemma, candidate.kind
    names += [f"sort={sort}", f"lemma={lemma}", f"kind={kind}", f"relation={candidate.relation}"]
    names += [f"sort*kind={sort}*{kind}", f"lemma*kind={lemma}*{kind}", f"block={around.block}"]
    verb = candidate.verb
    if verb is None:
        return
    for name in classes_of(lemma):
        names += [f"class={name}", f"class*kind={name}*{kind}"]
    names += [f"tag={verb.tag_}", f"dep={verb.dep_}", f"sort*tag={sort}*{verb.tag_}"]
    right = {child.dep_ for child in verb.children if child.i > verb.i}
    for name in _COMPLEMENTS:
        if name in right:
            names += [f"has={name}", f"sort*has={sort}*{name}"]
            names += [f"class*has={one}*{name}" for one in classes_of(lemma)]
    following = verb.nbor().lower_ if verb.i + 1 < len(verb.doc) else ""
    if following in _NEXT:
        names += [f"next={following}", f"lemma*next={lemma}*{following}"]
        names += [f"class*next={one}*{following}" for one in classes_of(lemma)]
    for child in verb.children:
        if child.dep_ in {"aux", "cop"} or (child.dep_ == "advmod" and child.i < verb.i):
            names.append(f"auxiliary={child.lower_}")
        if child.lower_ in _NOT:
            names += ["negated", f"sort*negated={sort}"]
    if verb.head.i != verb.i and lemma_of(verb.head.lower_) is not None:
        names += ["under-cue", f"dep*under-cue={verb.dep_}"]
    values["depth"] = sum(1 for _ in verb.ancestors) / 3


def _of_source(candidate: Candidate, around: Surroundings, sort: str, names: list[str], values: Features) -> None:
    unit, head = candidate.unit, candidate.head
    if unit is not None:
        what = around.discourse.kind(unit.id).value if unit.id else ""
        what = unit.text.lower() if unit.form == "pronoun" else what
        form = f"{unit.form}:{what}"
    elif head is not None:
        form = f"phrase:{noun_sort(head.text) or noun_sort(head.lemma_.lower())}"
        names += [f"source-tag={head.tag_}", f"source-head={head.lemma_.lower()}"]
        names += ["plural"] if head.tag_ == "NNS" else []
    else:
        form = "rule"
    names += [f"source={form}", f"source*sort={form}*{sort}", f"source*kind={form}*{candidate.kind}"]
    text, (start, end) = around.discourse.article.text, candidate.source
    gap = candidate.cue[0] - end if end <= candidate.cue[0] else start - candidate.cue[1]
    between = len(text[end : candidate.cue[0]].split()) if end <= candidate.cue[0] else -1
    names.append(f"words-between={min(6, between)}")
    names += ["adjacent"] if gap <= 1 else []
    names += ["source-opens"] if start - around.piece.start <= 4 else []
    values["gap"] = min(max(gap, 0), 150) / 50


def _of_content(candidate: Candidate, around: Surroundings, sort: str, names: list[str], values: Features) -> None:
    text, kind = around.discourse.article.text, candidate.kind
    body = " ".join(text[start:end] for start, end in candidate.spans)
    words = len(body.split())
    values["words"] = min(words, 40) / 10
    names += ["short", f"sort*short={sort}"] if words <= 3 else []
    names += ["very-long"] if words > 35 else []
    for name, pattern in (("modal", _MODAL), ("money", _MONEY), ("digit", _DIGIT), ("quoted", _MARK)):
        if pattern.search(body):
            names += [name, f"sort*{name}={sort}"]
    names += ["that", f"sort*that={sort}"] if body[:5].lower() == "that " else []
    ends = not text[candidate.spans[-1][1] : around.piece.end].strip(" .’”\"')")
    names += ["to-the-end"] if ends else []
    names.append(f"kind*to-the-end={kind}*{ends}")
    if kind in {"before", "around"}:
        cue = Cue(*candidate.cue, candidate.cue[0], CueKind.SPEECH, candidate.lemma, False)
        names += ["aside", f"sort*aside={sort}"] if is_parenthetical(text, cue, around.piece) else []
    if candidate.verb is not None:
        _of_inner(candidate.verb, _inside(candidate), kind, around.known, names, values)


def _inside(candidate: Candidate) -> list[int]:
    """The tokens of the content, by their number."""
    verb = candidate.verb
    assert verb is not None
    offset = candidate.cue[0] - verb.idx
    spans = (
        verb.doc.char_span(start - offset, end - offset, alignment_mode="expand") for start, end in candidate.spans
    )
    return [at for span in spans if span is not None for at in range(span.start, span.end)]


def _of_inner(
    verb: Token, inside: Sequence[int], kind: str, known: dict[int, _Inner], names: list[str], values: Features
) -> None:
    """Cues and joined verbs inside the content: signs that it goes on too far."""
    joins = {child.i: child for child in verb.children if child.dep_ == "conj"}
    cues = []
    for at in inside:
        if at not in known:  # the readings of a sentence have most of their words in common
            known[at] = _inner(verb.doc[at])
        if known[at].cue and at != verb.i:
            cues.append(at)
    governing = sum(known[at].governs for at in cues)
    values["inner-cues"], values["inner-subjects"] = float(min(len(cues), 2)), float(min(governing, 2))
    names += [f"kind*inner={kind}"] if cues else []
    names += ["inner-joined", f"kind*inner-joined={kind}"] if any(at in joins for at in cues) else []
    joined = next((joins[at] for at in inside if at in joins), None)
    if joined is not None:
        names += ["joined", f"kind*joined={kind}", f"kind*joined-tag={kind}*{joined.tag_}"]


def _inner(token: Token) -> _Inner:
    cue = token.tag_.startswith("VB") and token.dep_ not in {"amod", "compound"} and lemma_of(token.lower_) is not None
    return _Inner(cue, cue and any(child.dep_.startswith("nsubj") for child in token.children))


def _of_rules(candidate: Candidate, around: Surroundings, sort: str, names: list[str], values: Features) -> None:
    rules = around.rules
    same = [rule for rule in rules if rule.cue_span and _meet(rule.cue_span, candidate.cue)]
    if same or candidate.rule is not None:
        rule = same[0] if same else candidate.rule
        assert rule is not None
        likeness = max((share(other.spans, candidate.spans) for other in same), default=1.0)
        known = "known" if rule.speaker.id else "unknown"
        names += ["rule", f"rule*speaker={rule.speaker.form}*{known}", f"rule*kind={rule.cue.kind if rule.cue else ''}"]
        names += ["rule*alike"] if likeness > 0.9 else []
        names += ["rule*same-holder"] if candidate.unit and rule.speaker.id == candidate.unit.id else []
        values["rule-likeness"] = likeness
    elif rules:
        names.append("other-rule")
        values["other-rule-likeness"] = max(share(rule.spans, candidate.spans) for rule in rules)
        if any(rule.spans[0][0] <= candidate.cue[0] < rule.spans[-1][1] for rule in rules):
            names += ["inside-rule", f"sort*inside-rule={sort}"]
    else:
        names += ["no-rule", f"sort*no-rule={sort}", f"sort*kind*no-rule={sort}*{candidate.kind}"]


def _meet(a: Place, b: Place) -> bool:
    return a[0] < b[1] and b[0] < a[1]


def share(a: Sequence[Place], b: Sequence[Place]) -> float:
    """The characters that two sets of stretches have in common, of those that either has (Jaccard)."""
    common = sum(max(0, min(x[1], y[1]) - max(x[0], y[0])) for x in a for y in b)
    either = sum(end - start for start, end in (*a, *b)) - common
    return common / either if either > 0 else 0.0
