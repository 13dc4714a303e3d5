"""Views of a thing that a proposal would do away with, turned round into views of the proposal.

"The centre is vital" is a view against closing it, "its closure would pay for two nurses" one for it.
"""

from __future__ import annotations

import re
from dataclasses import replace

from nlp.governed import Place
from nlp.narration import Topical
from nlp.polarity import Hit, Polarity, ends_plan, pattern, speaks_of_keeping, speaks_of_undoing
from nlp.relevance import content, topic_names, topic_references
from nlp.successors import speaks_of_change

#: Words that tell what would come, so far before a word of view (in characters), and what asks for a plan to end.
_WOULD = re.compile(r"\b(?:would|will|could|may|might)\b", re.IGNORECASE)
WOULD_REACH = 24
#: What is said of an act, and not of a thing: "the best thing that we ever did", so far behind a word of view begins.
_ACT = re.compile(
    r"\b(?:thing|decision|move|step|choice)\b[^.;,]{0,30}?\b(?:ever|done|did|made|to do|taken)\b", re.IGNORECASE
)
ACT_REACH = 30
_DROP = re.compile(
    r"(?:drop|scrap|abandon|shelve|withdraw|halt|pause|rethink|reconsider|call off|stop)\s+"
    r"(?:this|it|them|(?:the|their|its|these|those) (?:plans?|proposals?|ideas?|scheme|changes?|move))\b|think again",
    re.IGNORECASE,
)


def turned(text: str, start: int, end: int, polarity: Polarity, topical: Topical) -> Polarity:
    """Turn the view round where it is of the thing to be undone, or of keeping what the proposal would change."""
    if ends_plan(topical.topic.claim):
        return _of_the_plan(text, start, end, polarity, topical)
    undoes = speaks_of_change(text, start, end, topical.topic)
    keeps = speaks_of_keeping(text, start, end)
    counter = content(topical.topic.counter_claim) - content(topical.topic.claim)
    own = content(topical.topic.claim) - content(topical.topic.counter_claim)
    words = content(text[start:end])
    for_counter = len(words & counter) > len(words & own) and keeps
    thing = not pattern("markers", "proposed").search(text, start, end) or topic_names(text, topical.topic, start, end)
    if topical.undoing and not undoes and thing:
        return _of_the_thing(text, polarity, (start, end), topical)
    if not topical.undoing and for_counter and polarity.oppose == 0:
        return replace(polarity, support=polarity.oppose, oppose=polarity.support)
    return polarity


def _of_the_plan(text: str, start: int, end: int, polarity: Polarity, topical: Topical) -> Polarity:
    """Turned round but where only the end of the plan is named ("the withdrawal was right")."""
    names = [text[a:b] for a, b in topic_references(text, topical.topic, start, end)]
    if names and all(speaks_of_undoing(name, 0, len(name)) for name in names):
        return polarity
    hits = tuple(replace(h, weight=-h.weight) for h in polarity.hits)
    return replace(polarity, support=polarity.oppose, oppose=polarity.support, hits=hits)


def _of_the_thing(text: str, polarity: Polarity, zone: Place, topical: Topical) -> Polarity:
    """Words about a thing that is to be done away with, turned round: what would come ("would pay for more officers")
    is said of its end, and so are a feeling and blame where the thing is not named.
    """
    named = bool(topic_references(text, topical.topic, *zone))
    if not named and pattern("plain", "bare").search(text, *zone):
        return polarity
    kept = [h for h in polarity.hits if h.of_end or _of_the_end(text, h) or (h.weight < 0 and not named)]
    for_it, against = (sum(abs(h.weight) for h in kept if (h.weight > 0) is side) for side in (True, False))
    support, oppose = polarity.support - for_it, polarity.oppose - against
    return replace(polarity, support=oppose + for_it, oppose=support + against)


def _of_the_end(text: str, hit: Hit) -> bool:
    """Whether a word of view tells what would come, or asks for "this", "it" or the plan to be dropped."""
    clause = re.split(r"[,;:.]", text[max(0, hit.start - WOULD_REACH) : hit.start])[-1]
    if _ACT.search(text, hit.start, hit.end + ACT_REACH):
        return True
    return bool(_WOULD.search(clause + text[hit.start : hit.end]) or _DROP.match(text, hit.start))
