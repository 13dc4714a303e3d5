"""What a statement says plainly of a proposal: words of view that govern its name or are said of it.

The name is a phrase of the topic, a short name ("the levy"), or where the proposal has just been named a word that
points back to it ("the plan", "it"). A condition, two sides, and what is to be done to the thing are plain by their
own words. What is plain weighs more than what the models read, and of a holder's statements the plain ones decide.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from nlp.bearing import NAMED, Bearing
from nlp.cues import cue_lemma
from nlp.governed import Parsed, Place, governed_views
from nlp.linear import Features
from nlp.polarity import FIRM, Hit, Polarity, pattern, read_polarity, view_of_cue
from nlp.records import Article, Manner, Stance, StanceLabel, Statement
from nlp.relevance import topic_references
from nlp.stance_features import REACH, Reading

#: So far behind its cue (in characters) may a statement begin whose cue is read as a word of view.
CUE_REACH = 20
#: So many sentences before may stand the name that "the plan" points back to.
FAR = 12
#: So many words at most has a statement that shows a view of what it does not name, and one that says one thing.
BARE, SHORT = 12, 12
#: Words that point back, and as often open a clause or mean people.
_LOOSE = frozenset({"that", "these", "they"})
_SENTENCE = re.compile(r"[^.!?;]+")
_OF_CUES = {"support": FIRM, "oppose": -FIRM}
_SIDES = (StanceLabel.SUPPORT, StanceLabel.OPPOSE)
#: A question told: "(the minister) how many …".
_QUESTION = re.compile(
    r"(?:(?:for|the|a|an|his|her|its|their)\s+)?(?:[\w’'-]+\s+){0,4}?(?:how|whether|what|which|when|where|who)\b",
    re.IGNORECASE,
)
#: Words by which somebody wants, expects or judges; and the past and sums by which facts are told.
_JUDGES = re.compile(
    r"\b(?:should|must|ought|would|will|could|need|needs|want|wants|think|believe|hope|if|we|I|our|my|too|never|only|agree|relieved|glad|sorry|proud|tired|upset|keen|afraid)\b|[?!]"
)
_TELLS = re.compile(r"\d|\b(?:had|was|were|has been|have been)\b")
_MAYBE = re.compile(r"\b(?:if|unless|until|once|provid(?:ed|ing)|long as)\b", re.IGNORECASE)


def plain_places(
    article: Article, places: Sequence[Place], inside: range, bearing: Bearing, *, back: bool
) -> list[Place]:
    """Where the statement's sentences refer to the proposal: by name, and by what points back to one."""

    def tells(first: int) -> bool:
        before = range(max(0, inside.start - first), inside.start)
        return any(
            bearing.named[i] >= NAMED or topic_references(article.text, bearing.topic, *places[i]) for i in before
        )

    named = [place for i in inside for place in topic_references(article.text, bearing.topic, *places[i])]
    found = list(named)
    told = bool(named) or (back and tells(REACH))
    if back and (told or tells(FAR)):
        anaphor = pattern("markers", "anaphor")
        matches = (match for i in inside for match in anaphor.finditer(article.text, *places[i]))
        # "The plan" reaches further back than "it".
        found += [
            match.span() for match in matches if match.group().lower() not in _LOOSE and (told or " " in match.group())
        ]
    return found


def plain_views(parsed: Sequence[Parsed], hits: Sequence[Hit], found: Sequence[Place], cue: Place | None) -> Features:
    """Weights of the words for and against that govern the proposal's name, or are said of it."""
    views = governed_views(parsed, hits, found, cue)
    return {name: weight for name, weight in views.items() if name.startswith(("governs", "said of"))}


def hits_with_cue(text: str, statement: Statement, polarity: Polarity, names: Sequence[Place]) -> Sequence[Hit]:
    """The words of view of a statement, with those of a cue that stands right before it ("ruled out the idea")."""
    cue, start, end = statement.cue, statement.spans[0].start, statement.spans[-1].end
    if cue is None or statement.manner is Manner.DIRECT or not 0 <= start - cue.end <= CUE_REACH:
        return polarity.hits
    found = read_polarity(text, cue.start, end, names).hits
    if any(hit.start < cue.end for hit in found):
        return found
    view = view_of_cue(cue_lemma(cue.text))
    if view not in _OF_CUES:
        return polarity.hits
    negated = bool(pattern("markers", "negation").search(text, max(0, cue.start - 20), cue.start))
    weight = _OF_CUES[view]
    return [Hit(cue.start, cue.end, -weight if negated else weight, negated), *polarity.hits]


def is_plain(reading: Reading, rule: Stance) -> bool:
    """Whether the rules' answer is told plainly of the proposal, and nothing in the parse speaks against it."""
    if rule.label is StanceLabel.CONDITIONAL:
        return reading.conditional
    if rule.label is StanceLabel.NEUTRAL:
        return reading.polarity.open
    if rule.label is StanceLabel.MIXED:
        return reading.polarity.mixed
    if rule.label is StanceLabel.OPPOSE and pattern("markers", "threat").search(reading.statement.text):
        return True
    if rule.label not in _SIDES or _MAYBE.search(reading.statement.text):
        return False
    if reading.polarity.deed or rule.earlier in _SIDES or _is_bare(reading.statement):
        return True
    for_it, against = (_weight(reading.plainly, side) for side in ("for", "against"))
    named = any(reading.bearing.named[i] >= NAMED for i in reading.inside)
    if rule.label is StanceLabel.SUPPORT and named and not against and _only_denies(reading.polarity):
        return True
    polarity = reading.polarity
    if _is_short(reading) and not min(polarity.support, polarity.oppose):
        return max(polarity.support, polarity.oppose) >= FIRM
    return max(for_it, against) >= FIRM and not min(for_it, against)


def _is_short(reading: Reading) -> bool:
    """ "Pooling the money was ‘a no-brainer’": one clause that names the proposal, and one view."""
    text, topic = reading.statement.text, reading.bearing.topic
    one = len(text.split()) <= SHORT and len(reading.inside) == 1
    return one and bool(topic_references(text, topic, 0, len(text)))


def _only_denies(polarity: Polarity) -> bool:
    """ "She was not against it": no more than that, and never the contrary."""
    return bool(polarity.hits) and all(hit.negated and hit.weight > 0 for hit in polarity.hits)


def _is_bare(statement: Statement) -> bool:
    """ "It was appalled": a few words that show a view and name nothing."""
    sentences = (match.group() for match in _SENTENCE.finditer(statement.text))
    return any(len(s.split()) <= BARE and pattern("plain", "bare").search(s) for s in sentences)


def sets_condition(text: str, statement: Statement) -> bool:
    """Whether a statement, or its cue right before it, makes a view hang on a condition."""
    cue, start = statement.cue, statement.spans[0].start
    first = cue.start if cue and 0 <= start - cue.end <= CUE_REACH else start
    return bool(pattern("plain", "condition").search(text, first, statement.spans[-1].end))


def only_asks(text: str, statement: Statement) -> bool:
    """Whether a statement is what somebody asked to be told: "asked the minister how many had come"."""
    cue = statement.cue
    asked = cue is not None and cue_lemma(cue.text) in ("ask", "wonder", "enquire", "inquire")
    return asked and bool(_QUESTION.match(text, statement.spans[0].start, statement.spans[-1].end))


def tells_facts(reading: Reading) -> bool:
    """Whether a statement tells facts alone: it has no word of view, asks for nothing and does not name the topic."""
    named = any(reading.bearing.named[i] >= NAMED for i in reading.inside)
    text = reading.statement.text
    return not (reading.rule or reading.polarity.hits or named or _JUDGES.search(text)) and bool(_TELLS.search(text))


def _weight(views: Mapping[str, float], side: str) -> float:
    return sum(weight for name, weight in views.items() if name.endswith(side))
