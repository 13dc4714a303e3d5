"""Whose a document is: "the report", of which the text said before that the Nuffield Trust has published it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import corpora
from nlp.alternatives import one_of
from nlp.records import Mention

#: So far a document stands from the name of whose it is, in characters.
REACH = 90
#: Words for any document that was called something else before.
_ANY = frozenset({"document", "paper", "papers", "report", "publication"})


@cache
def written() -> frozenset[str]:
    """Nouns for what is written and has somebody who says what it says."""
    return frozenset(corpora.lexicon("cues")["documents"]["written"])


@cache
def _behind() -> re.Pattern[str]:
    """What follows the name of whose it is: "’s annual report", "has published a report"."""
    noun = one_of(written())
    words = r"(?:(?!(?:by|from|said|says|to|for|and|but|that|on)\b)[\w’'-]+\s+)"
    out = r"(?:publish(?:ed|es)?|release[sd]?|issue[sd]?|launch(?:ed|es)?|produced|wrote|sent|commissioned|submitted)"
    owns = rf"['’]s?\s+{words}{{0,4}}?"
    made = rf"\s+(?:(?:has|have|had|also|last|this|week|month|year|yesterday|today)\s+)*{out}\s+{words}{{0,6}}?"
    return re.compile(rf"(?:{owns}|\s+{words}{{0,3}}?|{made})(?P<noun>{noun})\b")


@cache
def _before() -> re.Pattern[str]:
    """What stands before it: "a report out today from", "a survey of 900 GPs by"."""
    noun = one_of(written())
    between = r"(?:\s+(?!(?:said|says|was|is|has|have|warn\w*)\b)[\w’'%,-]+){0,9}?"
    return re.compile(rf"\b(?P<noun>{noun}){between}\s+(?:by|from)\s+(?:the\s+)?$", re.IGNORECASE)


def author_of(text: str, noun: str, at: int, mentions: Sequence[Mention]) -> str | None:
    """Whose the document called ``noun`` at ``at`` is, by the ``mentions`` before it: the nearest with one so called.

    A word for any document ("the paper") means the nearest of whatever name. None where no name is said to have one.
    """
    fallback = None
    for mention in reversed(mentions):
        if mention.span.end > at or mention.stakeholder is None:
            continue
        called = _called(text, mention, at)
        if called == noun.lower():
            return mention.stakeholder
        if called and fallback is None and (noun.lower() in _ANY or called in _ANY):
            fallback = mention.stakeholder
    return fallback


def _called(text: str, mention: Mention, at: int) -> str | None:
    start, end = mention.span.start, mention.span.end
    behind = _behind().match(text, end, min(at, end + REACH))
    if behind:
        return behind["noun"].lower()
    low = max(text.rfind("\n", 0, start) + 1, start - REACH)
    before = _before().search(text, low, start)
    return before["noun"].lower() if before else None
