"""Views that the writer's narration shows of somebody named, where no statement stands.

"He faces massive opposition from the BMA" names the view, "the Treasury has scrapped the care cap" tells of an act on
what the topic's own phrase names.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import corpora
from nlp.motions import NOTHING, Told
from nlp.polarity import ends_plan, pattern
from nlp.records import (
    Article,
    BlockKind,
    Evidence,
    Manner,
    Mention,
    Sentence,
    Span,
    Stance,
    StanceLabel,
    Statement,
    Strength,
    Topic,
)
from nlp.relevance import topic_references
from nlp.successors import speaks_of_change

_NARRATED = re.compile(
    r"\b(?P<noun>opposition|support|backing|criticism|anger|fury|resistance|hostility|approval"
    r"|objections|protests?|outcry"
    r"|backlash|condemnation|enthusiasm)\s+(?:\w+\s+){0,4}?(?:from|by|among|amongst|within"
    r"|of)\s+(?:the\s+|some\s+|many\s+)?"
)
_AGAINST = frozenset(
    [
        "opposition",
        "criticism",
        "anger",
        "fury",
        "resistance",
        "hostility",
        "objections",
        "protest",
        "protests",
        "outcry",
        "backlash",
        "condemnation",
    ]
)
_LABELS = (StanceLabel.SUPPORT, StanceLabel.OPPOSE, StanceLabel.NEUTRAL)
_TURNED = {StanceLabel.SUPPORT: StanceLabel.OPPOSE, StanceLabel.OPPOSE: StanceLabel.SUPPORT}

#: Before a name that does not act itself: "the cost of the BMA …", "if the council …".
_INSIDE = re.compile(
    r"\b(?:of|from|by|to|for|at|in|with|if|whether|unless|that|nor|neither|not|close to)\s(?:the\s|its\s|their\s)?$",
    re.IGNORECASE,
)
#: A quantity that turns the view round: "few of the growers want it".
_FEW = re.compile(r"(?:few(?! (?:dozen|hundred))|hardly any|almost none|only a handful)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Topical:
    """One topic against one article: relevance by sentence, and whether the article is about it, and it alone.

    ``undoing``: the proposal is to do away with something; ``words`` are the stems that single the topic out;
    ``told`` is what the article tells of it besides.
    """

    topic: Topic
    scores: Sequence[float]
    about: bool
    undoing: bool
    words: frozenset[str]
    sole: bool = False
    told: Told = NOTHING


def narrated_stances(
    article: Article,
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    statements: Sequence[Statement],
    topical: Topical,
) -> Iterator[Stance]:
    """What the narration shows of the view that stakeholders of the article have of one topic."""
    yield from _named_views(article, sentences, mentions, statements, topical)
    for sentence in sentences:
        if article.blocks[sentence.block].kind in (BlockKind.PARAGRAPH, BlockKind.STANDFIRST):
            yield from _acts(article, sentence.span, mentions, statements, topical)


@cache
def _act(name: str) -> re.Pattern[str]:
    """What stands between a holder and the topic's phrase where the holder's act is told."""
    acts = "|".join(corpora.lexicon("stance")["acts"][name])
    return re.compile(
        rf"(?:,\swh[^,]{{3,90}},|,|\swho\s(?:[\w’'-]+\s){{0,4}}[\w’'-]+|\s\([^)]{{1,60}}\))?\s+(?:{acts})\s+(?P<of>(?:(?:the|its|their|his|her|a|an|any|all|plans?|proposals?|idea|for|to|of|clos\w+|loss"
        rf"|scrapping|axing|abolition|end|sale|merger|building|introduction|removal|switch|change|move|shift)\s+){{0,5}})",
        re.I,
    )


@cache
def _condition() -> re.Pattern[str]:
    return re.compile("|".join(corpora.lexicon("stance")["acts"]["condition"]), re.IGNORECASE)


def _acts(
    article: Article, sentence: Span, mentions: Sequence[Mention], statements: Sequence[Statement], topical: Topical
) -> Iterator[Stance]:
    """ "The Treasury has scrapped the care cap": holder, act and the topic's phrase, one right behind the other."""
    names = topic_references(article.text, topical.topic, sentence.start, sentence.end)
    if not names or sentence.text.rstrip(" ’”\"'").endswith("?"):
        return
    low, high = (bisect_left(mentions, at, key=lambda m: m.span.start) for at in (sentence.start, sentence.end))
    holders = [mention for mention in mentions[low:high] if mention.stakeholder]
    told = [span for s in statements for span in s.spans if s.holder]
    for mention, (start, end) in ((m, place) for m in holders for place in names if m.extent.end < place[0]):
        between = article.text[mention.extent.end : start]
        clause = article.span(mention.span.start, end)
        if any(span.start < clause.end and clause.start < span.end for span in told):
            continue
        matches = ((each, _act(each.value).fullmatch(between)) for each in _LABELS)
        label, act = next(((each, match) for each, match in matches if match), (None, None))
        if label is None or act is None or _INSIDE.search(article.text, sentence.start, mention.extent.start):
            continue
        if mention.span.text.lower().startswith("not all") or article.text.startswith(("’s", "'s"), end):
            continue
        if _FEW.match(article.text, mention.span.start):
            label = _TURNED.get(label, label)
        of = mention.extent.end + act.start("of")
        thing = topical.undoing and not speaks_of_change(article.text, of, end, topical.topic)
        stands = _TURNED.get(label, label) if thing or ends_plan(topical.topic.claim) else label
        if stands is not StanceLabel.NEUTRAL and _condition().search(article.text, end, sentence.end):
            stands = StanceLabel.CONDITIONAL
        reason = f"the writer tells of an act: “{' '.join(clause.text.split())}”"
        yield Stance(
            holder=mention.stakeholder or "",
            topic=topical.topic.id,
            label=stands,
            evidence=Evidence(0.75, "narration", reason, (clause,)),
        )


def _named_views(
    article: Article,
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    statements: Sequence[Statement],
    topical: Topical,
) -> Iterator[Stance]:
    """ "He faces massive opposition from the BMA"."""
    by_start = {m.span.start: m for m in mentions if m.stakeholder}
    spoken = [span for s in statements if s.manner is Manner.DIRECT for span in s.spans]
    told = {(s.holder, span.start): span.end for s in statements for span in s.spans}  # "… faces opposition from X"
    for i, sentence in enumerate(sentences):
        near = max(topical.scores[max(0, i - 2) : i + 1], default=0.0)
        if article.blocks[sentence.block].kind not in (BlockKind.PARAGRAPH, BlockKind.STANDFIRST) or near < 0.6:
            continue
        for match in _NARRATED.finditer(article.text, sentence.span.start, sentence.span.end):
            mention = by_start.get(match.end()) or next(
                (m for at, m in by_start.items() if m.span.start <= match.end() - 1 < m.span.end), None
            )
            if mention is None or any(s.start <= match.start() < s.end for s in spoken):
                continue
            if told.get((mention.stakeholder, sentence.span.start), 0) > match.start():
                continue
            against = (match["noun"] in _AGAINST) != topical.undoing or match["noun"] not in _AGAINST
            label = StanceLabel.OPPOSE if match["noun"] in _AGAINST else StanceLabel.SUPPORT
            label = _TURNED[label] if ends_plan(topical.topic.claim) else label
            clause = article.span(match.start(), mention.span.end)
            strong = bool(
                pattern("strength", "strong").search(
                    article.text, max(sentence.span.start, match.start() - 20), match.end()
                )
            )
            yield Stance(
                holder=mention.stakeholder or "",
                topic=topical.topic.id,
                label=label,
                evidence=Evidence(
                    0.75 if against else 0.7, "narration", f"the writer tells of {match['noun']} from them", (clause,)
                ),
                strength=Strength.STRONG if strong else Strength.PLAIN,
            )
