"""Words that show a view, read through the parse: what each of them governs, how it is negated, and whose view it is.

``nlp.polarity`` finds the words and knows no grammar. Here each of them is put in relation to the words that name
the proposal: it *governs* them ("opposes the ban"), is *said of* them ("the ban is a disaster"), stands in the same
*clause* or *elsewhere*; and where somebody other than the holder is its nearest speaker ("critics say it is wrong")
it is the view of *others*.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Span, Token

from nlp.cues import classes_of
from nlp.linear import Features
from nlp.polarity import Hit

Place = tuple[int, int]

_NOT = frozenset({"not", "n't", "n’t", "never", "no", "nor", "neither", "hardly", "nobody", "nothing", "without"})
#: Relations by which a word stays within its clause.
_INSIDE = frozenset({"amod", "advmod", "compound", "nmod", "obj", "iobj", "obl", "det", "case", "mark", "cop"}) | {
    *("aux", "aux:pass", "appos", "nummod", "nmod:poss", "flat", "fixed", "xcomp", "obl:agent", "obl:tmod")
}
_SUBJECT = frozenset({"nsubj", "nsubj:pass", "csubj", "expl"})
_SELF = frozenset({"i", "we"})
#: These are the holder where their verb is what the holder's own cue reports: "he said he thought".
_SAME = frozenset({"he", "she", "it", "they"})
_SIDES = ("for", "against")
#: No chain of governors is followed further.
DEPTH = 12


@dataclass(frozen=True, slots=True)
class Parsed:
    """A stretch of the article as the language pipeline reads it by itself; ``start`` is its offset."""

    start: int
    doc: Doc

    def tokens(self, place: Place) -> Span | None:
        """The tokens that a stretch of the article touches."""
        start, end = place[0] - self.start, place[1] - self.start
        if end <= 0 or start >= len(self.doc.text):
            return None
        return self.doc.char_span(max(0, start), min(end, len(self.doc.text)), alignment_mode="expand")


def governed_views(
    parsed: Sequence[Parsed], hits: Sequence[Hit], named: Sequence[Place], cue: Place | None
) -> Features:
    """Weights of the words for and against, by their relation to what is ``named``: offsets of the proposal's words.

    ``cue`` is the statement's own cue: its subject is the holder.
    """
    found: Features = {}
    for piece in parsed:
        target = [token for place in named for token in piece.tokens(place) or ()]
        own = {token.i for token in (piece.tokens(cue) or ())} if cue else set()
        for hit in hits:
            span = piece.tokens((hit.start, hit.end))
            if span is None or len(span) == 0:
                continue
            head = span.root
            relation = "others" if _of_others(head, own) else _relation(head, span, target)
            plain = -hit.weight if hit.negated else hit.weight
            for_it = (plain > 0) != _negated(span)
            name = f"{relation} {'for' if for_it else 'against'}"
            found[name] = min(3.0, found.get(name, 0.0) + abs(plain))
    return found


def side_of(piece: Parsed, place: Place, hits: Sequence[Hit], cue: Place | None) -> int:
    """1 where a stretch is said or wanted, -1 where it is negated or opposed, 0 where that is the view of others.

    ``hits`` are words of view: those that govern the stretch, or are said of it, decide before any negation.
    """
    span = piece.tokens(place)
    if span is None or len(span) == 0:
        return 0
    own = {token.i for token in (piece.tokens(cue) or ())} if cue else set()
    if _of_others(span.root, own):
        return 0
    outside = [hit for hit in hits if hit.end <= place[0] or place[1] <= hit.start]
    views = governed_views([piece], outside, [place], cue)
    sides = [sum(views.get(f"{relation} {side}", 0.0) for relation in ("governs", "said of")) for side in _SIDES]
    if sides[0] != sides[1]:
        return 1 if sides[0] > sides[1] else -1
    return -1 if _negated(span) else 1


def _chain(token: Token) -> Iterator[Token]:
    """The token and its governors, up to the root."""
    for _ in range(DEPTH):
        yield token
        if token.head.i == token.i or _stands_alone(token):
            return
        token = token.head


def _stands_alone(token: Token) -> bool:
    """Whether the clause of this predicate is governed by nothing: "and the levy was discussed after lunch"."""
    own_subject = any(child.dep_ in _SUBJECT for child in token.children)
    return token.dep_ in {"parataxis", "advcl", "acl:relcl"} or (token.dep_ == "conj" and own_subject)


def _clause(token: Token) -> Token:
    """The predicate of the clause that the token stands in."""
    for word in _chain(token):
        if word.dep_ not in _INSIDE and word.dep_ not in _SUBJECT:
            return word
    return word


def _relation(head: Token, span: Span, target: Sequence[Token]) -> str:
    inside = set(range(span.start, span.end))
    best = "elsewhere"
    for token in target:
        if token.i in inside:
            continue
        chain = list(_chain(token))
        above = next((k for k, word in enumerate(chain[1:], 1) if word.i in inside), None)
        if above is not None:
            return (
                "said of"
                if chain[above - 1].dep_ in _SUBJECT and not chain[above - 1].dep_.endswith("pass")
                else "governs"
            )
        clause = _clause(head)
        subject = next((word for word in chain if word.dep_ in _SUBJECT), None)
        if subject is not None and subject.head.i == clause.i:
            return "said of"
        if _clause(token).i == clause.i:
            best = "clause"
    return best


def _negated(span: Span) -> bool:
    """Whether the word, its clause, or the verb that its clause depends on ("don't think that …") is negated."""
    head = span.root
    clause = _clause(head)
    heads = [head, clause]
    if clause.dep_ in {"ccomp", "xcomp"}:
        heads.append(clause.head)
    words = {child.i: child.lower_ for word in heads for child in word.children if child.i < head.i + 3}
    return sum(word in _NOT for at, word in words.items() if not span.start <= at < span.end) % 2 == 1


def _of_others(head: Token, own: set[int]) -> bool:
    """Whether the nearest verb of speech above has a subject that is neither the holder nor the speaker's "I"."""
    for word in list(_chain(head))[1:]:
        if word.i in own:
            return False
        if word.pos_ == "VERB" and classes_of(word.lemma_.lower()) != ("none",):
            subject = next((child for child in word.children if child.dep_ in _SUBJECT), None)
            same = subject is not None and subject.lower_ in _SAME and word.head.i in own and word.dep_ == "ccomp"
            if subject is not None and subject.lower_ not in _SELF and not same:
                return True
    return False
