"""What has been decided of a proposal, and who is glad or sorry of it: "welcomed the decision" to drop a plan.

Where a story tells that a plan was dropped, paused or thrown out, gladness at "the decision" is opposition to the
plan, and regret is support; where it was passed, they are what they seem.
"""

from __future__ import annotations

from collections.abc import Sequence

from nlp.polarity import FIRM, Hit, Polarity, ends_plan, pattern
from nlp.records import Article, BlockKind, Manner, Sentence, Statement, Topic
from nlp.relevance import content, topic_references, topic_words

#: Where a decision is told, and whether it is for the proposal (1) or against it (-1).
Decision = tuple[int, int]
#: So many of the topic's own words make "the plan" of a sentence the proposal, where none of its names stands there.
OWN_WORDS = 2
#: So far behind its cue (in characters) may a statement begin whose cue is read with it.
CUE_REACH = 20


def find_decisions(article: Article, sentences: Sequence[Sentence], topic: Topic) -> list[Decision]:
    """Every decision on the proposal that the article's own sentences tell of, by place."""
    ended, passed, maybe = (pattern("decided", name) for name in ("ended", "passed", "maybe"))
    turned = -1 if ends_plan(topic.claim) else 1
    words = topic_words(topic)
    found: list[Decision] = []
    for sentence in sentences:
        text = sentence.span.text
        against = ended.search(text)
        match = against or passed.search(text)
        if match is None or maybe.search(text, max(0, match.start() - 40), match.start() + 1):
            continue
        named = topic_references(article.text, topic, sentence.span.start, sentence.span.end)
        headline = article.blocks[sentence.block].kind is BlockKind.HEADLINE
        if named or len(content(text) & words) >= (1 if headline else OWN_WORDS):
            found.append((sentence.span.start, -turned if against else turned))
    return found


def read_reaction(text: str, statement: Statement, decisions: Sequence[Decision]) -> Polarity | None:
    """The view of the proposal that gladness or regret at a decision shows; None where the statement shows neither.

    A decision for the proposal turns nothing round: what was read without this stands.
    """
    start, end, cue = statement.spans[0].start, statement.spans[-1].end, statement.cue
    if cue and statement.manner is not Manner.DIRECT and 0 <= start - cue.end <= CUE_REACH:
        start = cue.start
    told = [side for at, side in decisions if at < start]
    if not told or told[-1] > 0:
        return None
    for name, weight in (("glad", FIRM), ("sorry", -FIRM)):
        match = pattern("decided", f"{name}_of").search(text, start, end)
        if match is None and not pattern("decided", "of_what").search(text, start, end):
            match = pattern("decided", name).search(text, start, end)
        if match:
            side = weight * told[-1]
            hit = Hit(match.start(), match.end(), side, negated=False)
            return Polarity(max(0.0, side), max(0.0, -side), (hit,), False, False, None, False, deed=True)
    return None
