"""Every stretch of a sentence that may be reported speech, each with its cue and its source.

A verb that somebody governs may report; what stands behind it, before it or around it may be what is reported.
The parse says who governs what and the surface where clauses end; both err, so that every reading is
offered and ``nlp.reporting`` chooses.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.tokens import Doc, Span, Token

from nlp.contents import Piece, clause_before, content_behind, content_end, continuation, skip_conjunction
from nlp.cues import WISHED, Cue, CueKind, classes_of, is_noun_at, lemma_of, may_take_object
from nlp.reported import Reported, denies
from nlp.speakers import Discourse, Unit
from nlp.subjects import NOBODY

Place = tuple[int, int]

#: No sentence is longer, in tokens; what is reads as noise.
LONGEST = 400
#: Subjects are looked for so far up the tree, and asides are passed when they are so long, in tokens.
DEPTH, ASIDE = 3, 28
#: "Voted by 71%", "carried by a majority of two": nobody who acts.
_MARGINS = frozenset({"%", "cent", "majority", "margin", "votes", "vote", "acclamation", "show"})
_NOT = frozenset({"not", "never", "n’t", "n't"})
_COPULA = frozenset({"is", "was", "remains"})
_FUNCTIONS = frozenset({"aux", "cop", "aux:pass"})
_BOUND = frozenset({"aux", "cop", "amod", "compound", "nsubj", "obj", "obl"})
_RELATIVE = frozenset({"who", "which", "that", "whom", "whose"})
_SHARES = frozenset({"conj", "xcomp", "advcl", "parataxis"})
_AUXILIARY = frozenset({"aux", "cop", "advmod"})
_LIGHT = frozenset(
    [
        "has",
        "have",
        "had",
        "is",
        "are",
        "was",
        "were",
        "been",
        "also",
        "to",
        "be",
        "not",
        "n’t",
        "n't",
        "who",
        "which",
        "that",
    ]  # between subject and verb
)
_NOT_IN_PHRASE = frozenset({"punct", "acl", "appos", "advcl", "mark", "cc", "parataxis", "conj"})
_GOVERNED = frozenset({"ccomp", "xcomp", "obj", "obl", "iobj", "advcl", "parataxis", "acl", "nmod"})
#: Words that stand for others; of these only the persons and the quantifiers can be a source.
_PRONOUN_TAGS = frozenset({"PRP", "WP", "WDT", "DT", "EX"})
_PERSONS = frozenset({"he", "she", "they", "it", "we", "i"})
_QUANTIFIERS = frozenset(["some", "many", "most", "others", "both", "all", "several", "few", "one"])
_CLAUSE = re.compile(
    r",\s+(?:but|and|while|whereas|although|though|which|after|as|with|because)\s|;|\s[–—]\s"
    r"|\s(?:but|while|whereas|although|though)\s"
)
_JOINT = re.compile(r"\s(?:and|or)\s")
_WHICH = re.compile(r"\b(?:which|that)\s+(?:the\s+)?$")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One reading of a verb: its source (offsets, and the unit when it is one that can be known) and what it reports.

    ``relation`` says how the source stands to the verb, ``kind`` where the content stands. ``rule`` is set for
    what the rules of ``nlp.reported`` read and no reading of the parse agrees with: it has no verb.
    """

    cue: Place
    source: Place
    spans: tuple[Place, ...]
    lemma: str
    relation: str
    kind: str
    unit: Unit | None = None
    verb: Token | None = None
    head: Token | None = None
    rule: Reported | None = None


def find_candidates(discourse: Discourse, piece: Piece, doc: Doc, offset: int) -> Iterator[Candidate]:
    """The readings of every verb of the piece; ``offset`` is where ``doc`` begins in the article."""
    span = doc.char_span(piece.start - offset, piece.end - offset, alignment_mode="expand")
    if span is None or len(span) > LONGEST:
        return
    for verb in _verbs_and_nouns(span):
        noun = is_noun_at(discourse.article.text, verb.idx + offset, verb.text)
        if not noun and _may_report(verb) and not piece.in_fragment(verb.idx + offset):
            for head, relation in _sources(verb, span.start, span.end):
                yield from _readings(discourse, piece, verb, head, relation, (offset, span.start, span.end))


def _verbs_and_nouns(span: Span) -> Iterator[Token]:
    """The words of the stretch that may report by their tag: two of three are none, and cost no token."""
    doc, strings = span.doc, span.doc.vocab.strings
    tags: list[int] = doc.to_array("TAG")[span.start : span.end].tolist()
    wanted = {tag for tag in set(tags) if tag and strings[tag].startswith(("VB", "NN"))}
    return (doc[at] for at, tag in enumerate(tags, start=span.start) if tag in wanted)


def _may_report(token: Token) -> bool:
    """Whether the word may report at all: a verb that the lexicon has. Others add nothing (F1 on gold train in three
    parts by article: 0.77 with and without them) and are three of five.
    """
    cue = lemma_of(token.lower_)
    if token.i + 1 < len(token.doc) and token.nbor().lower_ in _COPULA and not token.lower_.endswith("d"):
        return False  # "X’s worry is that …"
    if token.tag_.startswith("VB"):
        known = cue is not None or classes_of(token.lemma_.lower()) != ("none",)
        if not known or token.dep_ in _FUNCTIONS or _is_attribute(token) or (cue == "sign" and token.tag_ == "VBN"):
            return False  # "a petition signed by 2,300 people" says nothing
        if token.lower_ == "asked" and token.i and token.nbor(-1).lower_ in _COPULA | {"been", "being"}:
            return False  # who "has been asked to comment" has said nothing
    elif cue is None or token.dep_ in _BOUND or (token.i + 1 < len(token.doc) and token.nbor().text in ",.;"):
        return False  # "who set up the petition, said"
    if any(child.lower_ in WISHED and child.dep_.startswith("aux") for child in token.children):
        return False
    # what somebody did not say is nobody's statement
    return not (denies(cue or "") and any(child.lower_ in _NOT for child in token.children))


def _is_attribute(token: Token) -> bool:
    """ "The proposed hub", "its planned review": what is said of a noun, and by nobody."""
    return token.tag_ == "VBN" and token.dep_ == "amod" and token.head.i > token.i


def _sources(verb: Token, first: int, stop: int) -> list[tuple[Token, str]]:
    """Heads of the noun phrases that may be the source, each with how it stands to the verb."""
    agent = next((child for child in verb.children if child.i > verb.i and _is_agent(child)), None)
    if agent is not None and verb.tag_ == "VBN":
        return [(agent, "agent")] if agent.i < stop else []
    found = []
    head, relation = _subject(verb, 0)
    if head is not None and first <= head.i < stop:
        found.append((head, relation))
    near = _before(verb, first)
    if near is not None and all(near.i != other.i for other, _ in found):
        found.append((near, "surface"))
    return found


def _is_agent(token: Token) -> bool:
    margin = token.lower_ in _MARGINS or token.like_num
    return token.dep_.startswith("obl") and not margin and any(child.lower_ == "by" for child in token.children)


def _subject(verb: Token, depth: int) -> tuple[Token | None, str]:
    """The subject by the parse: the verb's own, or that of the verb it is joined to."""
    for child in verb.children:
        if child.dep_.startswith("nsubj") and not child.is_space:  # NBSP before "claims"
            if child.lower_ in _RELATIVE and verb.dep_.startswith("acl"):
                return verb.head, "relative"
            return child, "inverted" if child.i > verb.i else "subject"
    if depth < DEPTH and verb.dep_ in _SHARES:
        head, _ = _subject(verb.head, depth + 1)
        if head is not None and head.i < verb.i:
            return head, f"shared:{verb.dep_}"
    return (verb.head, "acl") if verb.dep_.startswith("acl") else (None, "")


def _before(verb: Token, first: int) -> Token | None:
    """The noun right before the verb, over auxiliaries and one aside, whatever the parse says."""
    at = verb.i - 1
    while at >= first:
        token = verb.doc[at]
        if token.tag_ == "MD" or token.dep_ in _AUXILIARY or token.lower_ in _LIGHT:
            at -= 1
        elif token.text == ",":
            opens = next((i for i in range(at - 1, max(first, at - ASIDE) - 1, -1) if verb.doc[i].text == ","), first)
            if opens == first:
                return None
            at = opens - 1
        else:
            break
    if at < first or not _nominal(verb.doc[at]):
        return None
    token = verb.doc[at]
    inner = {"nmod", "compound", "flat", "conj", "appos", "obl", "case"}
    while token.dep_ in inner and first <= token.head.i < verb.i and token.head.i != token.i and _nominal(token.head):
        token = token.head
    return token


def _nominal(token: Token) -> bool:
    return token.tag_.startswith(("NN", "PRP", "CD", "JJS", "DT"))


def _belongs(token: Token, head: Token, without: frozenset[str]) -> bool:
    """Whether the token hangs on the head by nothing but links of a noun phrase."""
    for _ in range(8):
        if token.i == head.i:
            return True
        if token.dep_ in without or token.head.i == token.i:
            return False
        token = token.head
    return False


def phrase_of(head: Token, first: int, stop: int) -> tuple[int, int]:
    """First and last token of the noun phrase of a head, within ``first``-``stop``."""
    left = right = head.i
    while left > first:
        token = head.doc[left - 1]
        mark = token.is_punct and token.text not in "-’'‘"
        if mark or token.dep_ == "case" or not _belongs(token, head, _NOT_IN_PHRASE - {"conj", "parataxis"}):
            break
        left -= 1
    while right + 1 < stop and _belongs(head.doc[right + 1], head, _NOT_IN_PHRASE):
        right += 1
    return left, right


def _readings(
    discourse: Discourse,
    piece: Piece,
    verb: Token,
    head: Token,
    relation: str,
    window: tuple[int, int, int],
) -> Iterator[Candidate]:
    offset, first, stop = window
    left, right = phrase_of(head, first, min(stop, verb.i) if head.i < verb.i else stop)
    phrase = (head.doc[left].idx + offset, head.doc[right].idx + len(head.doc[right]) + offset)
    unit = _unit_of(discourse.units(piece.start, piece.end), head.idx + offset, phrase[1])
    if unit is None and head.tag_ in _PRONOUN_TAGS and head.lower_ not in _PERSONS | _QUANTIFIERS:
        return
    source = (unit.start, unit.end) if unit else phrase
    text = discourse.article.text
    if not text[slice(*source)].strip():  # the parse may hang a verb on a space
        return
    if NOBODY.search(text, max(piece.start, source[0] - 40), source[0]) or _is_of_relative(
        text, source, verb.idx + offset
    ):
        return
    lemma = lemma_of(verb.lower_) or verb.lemma_.lower()
    kind = CueKind.POSITION if may_take_object(lemma) else CueKind.SPEECH
    at = verb.idx + offset
    cue = Cue(at, at + len(verb), _group(verb, offset), kind, lemma, False)
    for where, spans in _contents(discourse, piece, cue, verb, offset, relation, source, (first, stop)):
        yield Candidate((cue.start, cue.end), source, spans, lemma, relation, where, unit, verb, head)


def _is_of_relative(text: str, source: Place, verb: int) -> bool:
    """ "The plan, which the BMA opposes, would cost £3m": what follows the verb is not the BMA's."""
    if not _WHICH.search(text, max(0, source[0] - 30), source[0]):
        return False
    return text.startswith(",", _word_end(text, verb))


def _word_end(text: str, at: int) -> int:
    while at < len(text) and (text[at].isalnum() or text[at] in "-’'"):
        at += 1
    return at


def _unit_of(units: Sequence[Unit], head: int, end: int) -> Unit | None:
    """The unit that the head of the phrase is in, or a name that stands in apposition right behind the phrase."""
    inside = next((unit for unit in units if unit.start <= head < unit.end), None)
    return inside or next((unit for unit in units if unit.form == "name" and end <= unit.start <= end + 3), None)


def _group(verb: Token, offset: int) -> int:
    """Where the verb begins with its auxiliaries."""
    at = verb.i
    while at > 0 and (verb.doc[at - 1].dep_ in _AUXILIARY or verb.doc[at - 1].lower_ in {"not", "has", "have", "had"}):
        at -= 1
    return int(verb.doc[at].idx) + offset


def _contents(
    discourse: Discourse,
    piece: Piece,
    cue: Cue,
    verb: Token,
    offset: int,
    relation: str,
    source: Place,
    window: tuple[int, int],
) -> Iterator[tuple[str, tuple[Place, ...]]]:
    """Where what is reported may stand: (name of the place, its stretches)."""
    text = discourse.article.text
    if relation == "agent":
        end = max(source[1], cue.end)
        yield "passive", ((skip_conjunction(text, piece.start), end),)
        own = min(token.idx for token in verb.subtree if token.i >= window[0]) + offset
        if own > piece.start + 15:
            yield "passive-own", (_bare(text, own, end),)
        return
    opens = min(source[0], cue.group_start)
    behind = Cue(cue.start, source[1], cue.group_start, cue.kind, cue.lemma, False) if relation == "inverted" else cue
    before = clause_before(text, piece, opens)
    if before:
        yield "before", (before, *continuation(text, behind, piece))
    elif opens < piece.start + 60:
        lead = (skip_conjunction(text, piece.start), content_end(text, opens))
        rest = continuation(text, behind, piece)
        if rest and lead[0] < lead[1] and text[lead[1] : lead[1] + 1] == ",":
            yield "around", (lead, *rest)
    if relation != "inverted":
        yield from _behind(discourse, piece, cue, verb, offset, window[1])


def _behind(
    discourse: Discourse, piece: Piece, cue: Cue, verb: Token, offset: int, stop: int
) -> Iterator[tuple[str, tuple[Place, ...]]]:
    """To the end of the sentence, of what the verb governs, of the clause, or up to an "and"."""
    text = discourse.article.text
    whole = content_behind(discourse, piece, cue) or _bare(text, cue.end, piece.end)
    start, end = whole
    if not text[start:end].strip():
        return
    yield "after", (whole,)
    governed = [child for child in verb.children if child.i > verb.i and child.dep_ in _GOVERNED]
    last = max((token.i for child in governed for token in child.subtree if token.i < stop), default=-1)
    own = content_end(text, verb.doc[last].idx + len(verb.doc[last]) + offset) if last >= 0 else -1
    if start < own < end - 12:
        yield "after-own", ((start, own),)
    clause = _CLAUSE.search(text, start + 10, end)
    if clause and abs(content_end(text, clause.start()) - own) > 6:
        yield "after-clause", ((start, content_end(text, clause.start())),)
    for _, joint in zip(range(2), _JOINT.finditer(text, start + 6, end), strict=False):
        yield "after-and", ((start, content_end(text, joint.start())),)


def _bare(text: str, start: int, end: int) -> Place:
    """The stretch without marks and white space at its ends."""
    while start < end and (text[start].isspace() or text[start] in ",:;–—-"):
        start += 1
    return start, max(start, content_end(text, end))
