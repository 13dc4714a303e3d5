"""Who the writer says has made a proposal: "plans drawn up by the board", "the company has applied to build".

Whoever makes a proposal is for it: what such a holder or its officers say in its favour ("fewer than four people a day
come to the desk") is often read by itself as blame.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache

import corpora
from nlp.bearing import NAMED
from nlp.narration import Topical
from nlp.polarity import ends_plan, speaks_of_undoing, undone_words
from nlp.records import Article, BlockKind, Mention, Sentence

_TOLD_IN = (BlockKind.PARAGRAPH, BlockKind.STANDFIRST, BlockKind.HEADLINE)
#: So far before a name (in characters) may begin what says that its bearer made the proposal.
REACH = 80


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile("|".join(corpora.lexicon("stance")["proposers"][name]), re.IGNORECASE)


def find_proposers(
    article: Article, sentences: Sequence[Sentence], mentions: Sequence[Mention], topicals: Sequence[Topical]
) -> dict[str, frozenset[str]]:
    """By topic, the ids of the stakeholders whose proposal the narration says it is.

    A sentence must name the topic and tell of doing away with something just where the claim does.
    """
    found: dict[str, set[str]] = {}
    starts = [mention.span.start for mention in mentions]
    for i, sentence in enumerate(sentences):
        if article.blocks[sentence.block].kind not in _TOLD_IN:
            continue
        about = [
            each.topic.id
            for each in topicals
            if not ends_plan(each.topic.claim) and each.scores[i] >= NAMED and _same_way(article, sentence, each)
        ]
        if about:
            inside = mentions[bisect_left(starts, sentence.span.start) : bisect_left(starts, sentence.span.end)]
            makers = {m.stakeholder for m in inside if m.stakeholder and _makes(article.text, sentence, m)}
            for id in about:
                found.setdefault(id, set()).update(makers)
    return {id: frozenset(makers) for id, makers in found.items()}


def _same_way(article: Article, sentence: Sentence, topical: Topical) -> bool:
    claim, span = topical.topic.claim, sentence.span
    return topical.undoing is speaks_of_undoing(article.text, span.start, span.end, undone_words(claim))


def _makes(text: str, sentence: Sentence, mention: Mention) -> bool:
    start, end = mention.span.start, mention.span.end
    if _pattern("behind").match(text, end, sentence.span.end):
        return True
    head = text[max(sentence.span.start, start - REACH) : start]
    return bool(_pattern("before").search(head))
