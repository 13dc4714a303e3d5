"""What a proposal would put in the place of the thing that it does away with: "fees should be replaced by a levy".

A view of the levy, or of "the switch", is a view of the proposal; only what it would end is against it.
"""

from __future__ import annotations

import re
from functools import cache

from nlp.polarity import speaks_of_undoing, undoes, undone_words
from nlp.records import Topic
from nlp.relevance import content, topic_references

#: What stands in a claim between the thing that goes and the one that comes.
_REPLACED = re.compile(
    r"\breplac\w+\s+(?:\w+\s+){0,6}?(?:by|with)\s+|\bin favour of\s+|\band (?=(?!\w+ should be (?:kept|left)).*\b"
    r"(?:paid|pay|built|used|instead|put|given|funded|introduced|set up)\b)",
    re.IGNORECASE,
)
#: How the press names the proposal once it has been told. The thing that "the move" is of may stand behind.
_CHANGE = re.compile(
    r"\b(?:the|this|that|a|any|such a|its|their)\s+(?:\w+\s+)?(?:switch|change|changeover|move|shift|swap|overhaul)\b"
    r"(?!\s+(?:away\s+)?from\s+(?:the\s+)?plans?\b)",
    re.IGNORECASE,
)


#: "Cars should be banned from the street by a bus gate": what does it, and no thing to be done away with.
_MEANS = re.compile(r"\b(?:by|with|through|using|via|under)\s+(?:an?|the|new|its|their)\s+(?P<means>[^,.;]+)")


@cache
def successor_words(topic: Topic) -> frozenset[str]:
    """The stems of what is to come in the place of something, without those of what is to go."""
    found = _REPLACED.search(topic.claim) if undoes(topic.claim) else None
    if found is None:
        return frozenset()
    return content(topic.claim[found.end() :]) - content(topic.claim[: found.start()]) - content(topic.counter_claim)


def speaks_of_successor(text: str, start: int, end: int, topic: Topic) -> bool:
    """Whether a stretch names what would come or do it and not what would go, or "the switch" to it."""
    if _names_means(text, start, end, topic):
        return True
    new = successor_words(topic)
    if not new:
        return False
    if _CHANGE.search(text, start, end):
        return True
    words = content(text[start:end])
    gone = content(topic.claim[: _gone_until(topic)]) - new
    return bool(words & new) and len(words & new) * 2 >= min(len(new), 3) and not words & gone


def _names_means(text: str, start: int, end: int, topic: Topic) -> bool:
    """Whether a stretch names the proposal by nothing but what it would be done with."""
    means = _MEANS.search(topic.claim) if undoes(topic.claim) else None
    if means is None:
        return False
    names = [text[a:b] for a, b in topic_references(text, topic, start, end)]
    return bool(names) and all(content(name) <= content(means["means"]) for name in names)


def speaks_of_change(text: str, start: int, end: int, topic: Topic) -> bool:
    """Whether a stretch has a word for doing away with something, or names what would come in its place."""
    undone = undone_words(topic.claim)
    return speaks_of_undoing(text, start, end, undone) or speaks_of_successor(text, start, end, topic)


def _gone_until(topic: Topic) -> int:
    found = _REPLACED.search(topic.claim)
    return found.start() if found else 0
