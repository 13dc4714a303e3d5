"""Who the writer says has made a proposal: "plans drawn up by the board", "the company has applied to build".

Whoever makes a proposal is for it: what such a holder or its officers say in its favour ("fewer than four people a day
come to the desk") is often read by itself as blame.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

import corpora
from nlp.bearing import NAMED
from nlp.narration import Topical
from nlp.polarity import ends_plan, speaks_of_undoing, undone_words
from nlp.records import Article, BlockKind, Evidence, Mention, Sentence, Span, Stance, StanceLabel

_TOLD_IN = (BlockKind.PARAGRAPH, BlockKind.STANDFIRST, BlockKind.HEADLINE)
#: So far before a name (in characters) may begin what says that its bearer made the proposal.
REACH = 80
#: How sure the support of somebody is of whom only this is told.
SURE = 0.7


#: "How many boards planned to", "if the board wants to": nobody in particular, or nobody yet.
_OF_NOBODY = re.compile(
    r"\b(?:how|which|whether|if|unless|any|no|few|fewer|what|not)\s(?:many\s)?(?:of\s)?(?:the\s)?(?:\w+\s)?$",
    re.IGNORECASE,
)


@cache
def _pattern(name: str) -> re.Pattern[str]:
    return re.compile("|".join(corpora.lexicon("stance")["proposers"][name]), re.IGNORECASE)


def find_proposers(
    article: Article, sentences: Sequence[Sentence], mentions: Sequence[Mention], topicals: Sequence[Topical]
) -> dict[str, dict[str, Span]]:
    """By topic, the stakeholders whose proposal the narration says it is, by id, each with the sentence that says so.

    A sentence must name the topic and tell of doing away with something just where the claim does.
    """
    found: dict[str, dict[str, Span]] = {}
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
                found[id] = dict.fromkeys(sorted(makers), sentence.span) | found.get(id, {})
    return found


def proposing_stances(made: Mapping[str, Mapping[str, Span]], told: Sequence[Stance]) -> Iterator[Stance]:
    """Support by those who have made a proposal and of whom the article tells no other stance on it."""
    known = {(holder, stance.topic) for stance in told for holder in (stance.holder, stance.on_behalf_of)}
    for topic, makers in made.items():
        for holder, span in makers.items():
            if (holder, topic) not in known:
                evidence = Evidence(SURE, "narration", "the writer says that the proposal is theirs", (span,))
                yield Stance(holder=holder, topic=topic, label=StanceLabel.SUPPORT, evidence=evidence)


def _same_way(article: Article, sentence: Sentence, topical: Topical) -> bool:
    claim, span = topical.topic.claim, sentence.span
    return topical.undoing is speaks_of_undoing(article.text, span.start, span.end, undone_words(claim))


def _makes(text: str, sentence: Sentence, mention: Mention) -> bool:
    start, end = mention.span.start, mention.span.end
    if _OF_NOBODY.search(text, sentence.span.start, start):
        return False
    if _pattern("behind").match(text, end, sentence.span.end):
        return True
    head = text[max(sentence.span.start, start - REACH) : start]
    return bool(_pattern("before").search(head))
