"""Where does each statement stand on each topic?

By rule, a statement bears on a topic by its words, or by pointing back to a sentence that does, and the view
it shows is read off the lexicon. The stance model reads every statement of an article against every topic
that the article bears on, whether it names it or not, and the rule's answer on that topic is added to its
scores. Narration counts where it shows a view of somebody named.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from nlp.bearing import NAMED, Bearing, bearing_topics
from nlp.cues import cue_lemma
from nlp.model_stances import nearest_statements, read_stances, read_statements
from nlp.motions import find_told, read_told
from nlp.narration import Topical, narrated_stances
from nlp.polarity import (
    CLEAR,
    Polarity,
    add_cue,
    condition_of,
    decide_view,
    former_view,
    pattern,
    read_polarity,
    strength_of,
    undoes,
    undone_words,
)
from nlp.premise import overlapping
from nlp.proposers import find_proposers, proposing_stances
from nlp.rationales import find_rationales
from nlp.reasons import words_show
from nlp.records import (
    Article,
    BlockKind,
    Capacity,
    Evidence,
    Manner,
    Mention,
    Sentence,
    Span,
    Stakeholder,
    Stance,
    StanceLabel,
    Statement,
    Topic,
)
from nlp.relevance import (
    article_relevance,
    content,
    mentions_topic,
    points_back,
    topic_references,
    topic_words,
)
from nlp.stance_features import Reading
from nlp.stance_reader import StanceReader
from nlp.successors import speaks_of_successor
from nlp.turning import turned

#: A statement that points back may stand this many sentences behind the one it points to.
REACH = 3
#: From this relevance on a statement names the topic itself.
DIRECT = 0.8
#: Least margin of one side over the other, in weights of the lexicon, where the topic itself is not named.
CLEARER = 2.0
_OTHER_SIDE = {StanceLabel.SUPPORT: StanceLabel.OPPOSE, StanceLabel.OPPOSE: StanceLabel.SUPPORT}
_JUDGES = re.compile(
    r"\b(?:should|must|ought|would|I (?:think|believe|do not|don['’]t|want|hope|would)|in my view"
    r"|we (?:think|believe|want|need))\b",
    re.I,
)


_ASKS = re.compile(r"\s+(?:again\s+)?(?:for|on|upon)\b")


def find_stances(
    article: Article,
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    statements: Sequence[Statement],
    topics: Sequence[Topic],
    reader: StanceReader | None = None,
    stakeholders: Mapping[str, Stakeholder] | None = None,
) -> tuple[Stance, ...]:
    """The stances that the statements and the narration of an article show on the topics.

    ``reader`` holds the models, and ``stakeholders`` are those of the article by id, for it to read; without a reader
    the rules alone answer.
    """
    relevance = article_relevance(article, sentences, topics)
    if reader is None:
        return stances_by_rule(article, sentences, mentions, statements, relevance)
    bearings = bearing_topics(article, sentences, relevance, reader.likeness)
    by_rule, made = _without_models(article, sentences, mentions, statements, relevance, bearings)
    told = tuple(read_stances(article, sentences, statements, bearings, by_rule, reader, stakeholders or {}, made))
    return (*told, *proposing_stances(made, told))


def find_readings(
    article: Article,
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    statements: Sequence[Statement],
    topics: Sequence[Topic],
    reader: StanceReader,
    stakeholders: Mapping[str, Stakeholder],
) -> list[Reading]:
    """What ``find_stances`` decides from: every statement against every topic, as models and rules read it."""
    relevance = article_relevance(article, sentences, topics)
    bearings = bearing_topics(article, sentences, relevance, reader.likeness)
    by_rule, made = _without_models(article, sentences, mentions, statements, relevance, bearings)
    held = nearest_statements(statements, sentences, bearings)
    return read_statements(article, sentences, held, bearings, by_rule, reader, stakeholders, made)


def _without_models(
    article: Article,
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    statements: Sequence[Statement],
    relevance: Sequence[tuple[Topic, Sequence[float]]],
    bearings: Sequence[Bearing],
) -> tuple[tuple[Stance, ...], dict[str, dict[str, Span]]]:
    """The rules' stances, and who made which proposal, on the topics that the article names or bears on."""
    topicals = _topicals(article, sentences, relevance, frozenset(bearing.topic.id for bearing in bearings))
    by_rule = _by_rule(article, sentences, mentions, statements, topicals)
    return by_rule, find_proposers(article, sentences, mentions, topicals)


def stances_by_rule(
    article: Article,
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    statements: Sequence[Statement],
    relevance: Sequence[tuple[Topic, Sequence[float]]],
) -> tuple[Stance, ...]:
    """What the rules alone say. ``relevance`` is that of the sentences to each topic."""
    return _by_rule(article, sentences, mentions, statements, _topicals(article, sentences, relevance))


def _by_rule(
    article: Article,
    sentences: Sequence[Sentence],
    mentions: Sequence[Mention],
    statements: Sequence[Statement],
    topicals: Sequence[Topical],
) -> tuple[Stance, ...]:
    found = list(_of_statements(article, sentences, statements, topicals))
    for topical in topicals:
        found += narrated_stances(article, sentences, mentions, statements, topical)
    return tuple(found)


def _topicals(
    article: Article,
    sentences: Sequence[Sentence],
    relevance: Sequence[tuple[Topic, Sequence[float]]],
    borne: Collection[str] = (),
) -> list[Topical]:
    """The topics that the rules read. Where none is named, those are read that the article bears on (``borne``, by id):
    one that was added by its claim alone is often told in other words.
    """
    named = {topic.id for topic, scores in relevance if max(scores, default=0.0) >= NAMED}
    present = [row for row in relevance if row[0].id in (named or borne)]
    short = {topic.id: _with_short_names(article, sentences, topic, scores) for topic, scores in present}
    main = max(
        (topic for topic, _ in present), key=lambda t: _prominence(article, sentences, short[t.id]), default=None
    )
    return [
        Topical(
            topic,
            short[topic.id] if topic is main else scores,
            about=topic is main,
            sole=len(present) == 1 and topic.id in borne,
            undoing=undoes(topic.claim),
            words=topic_words(topic),
            told=find_told(article, sentences, topic),
        )
        for topic, scores in present
    ]


def _with_short_names(
    article: Article, sentences: Sequence[Sentence], topic: Topic, scores: Sequence[float]
) -> Sequence[float]:
    """The relevance of the sentences, those with a short name of the topic among those that name it."""
    named = (
        score < NAMED and bool(topic_references(article.text, topic, sentence.span.start, sentence.span.end))
        for sentence, score in zip(sentences, scores, strict=True)
    )
    return [NAMED if refers else score for refers, score in zip(named, scores, strict=True)]


def _prominence(article: Article, sentences: Sequence[Sentence], scores: Sequence[float]) -> float:
    """How much of the article a topic takes up; headline and standfirst count threefold."""
    loud = (BlockKind.HEADLINE, BlockKind.STANDFIRST)
    rows = zip(sentences, scores, strict=True)
    return sum(3.0 if article.blocks[s.block].kind in loud else 1.0 for s, score in rows if score >= 0.6)


def relevant_sentences(article: Article, sentences: Sequence[Sentence], topics: Sequence[Topic]) -> list[bool]:
    """For every sentence, whether it bears on one of the topics by its words or by pointing back, and judges."""
    flags = [False] * len(sentences)
    for _, scores in article_relevance(article, sentences, topics):
        if max(scores, default=0.0) < 0.6:
            continue
        for i, sentence in enumerate(sentences):
            near = max(scores[max(0, i - 4) : i], default=0.0) >= 0.6
            span = sentence.span
            back = near and points_back(article.text, span.start, span.end)
            polarity = read_polarity(article.text, span.start, span.end)
            judges = polarity.support + polarity.oppose >= 1 or bool(_JUDGES.search(span.text))
            flags[i] = flags[i] or ((scores[i] >= 0.6 or back) and judges)
    return flags


def _of_statements(
    article: Article, sentences: Sequence[Sentence], statements: Sequence[Statement], topicals: Sequence[Topical]
) -> Iterator[Stance]:
    before: dict[str, tuple[Statement, float]] = {}
    places = [(s.span.start, s.span.end) for s in sentences]
    for statement in statements:
        if statement.holder is None:
            before = {}
            continue
        relevance = {
            t.topic.id: _relevance(article, sentences, places, statement, t, before.get(t.topic.id)) for t in topicals
        }
        bearing = _choose(relevance, places, statement, topicals)
        for topical in topicals:
            stance = _judge(article, statement, topical, bearing.get(topical.topic.id, 0.0))
            if stance:
                yield stance
        before = {id_: (statement, score) for id_, score in bearing.items()}


def _choose(
    relevance: Mapping[str, float],
    places: Sequence[tuple[int, int]],
    statement: Statement,
    topicals: Sequence[Topical],
) -> dict[str, float]:
    """A statement bears on every topic that it names; by pointing back on one alone, the one named last."""
    named = {id_: score for id_, score in relevance.items() if score >= DIRECT}
    if named:
        return named
    best = max(relevance.values(), default=0.0)
    if best <= 0:
        return {}

    def last_named(topical: Topical) -> int:
        first = overlapping(places, statement.spans[0].start, statement.spans[-1].end).start
        return next((i for i in range(first - 1, -1, -1) if topical.scores[i] >= 0.6), -1)

    nearest = max((t for t in topicals if relevance[t.topic.id] == best), key=last_named)
    return {nearest.topic.id: best}


def _relevance(
    article: Article,
    sentences: Sequence[Sentence],
    places: Sequence[tuple[int, int]],
    statement: Statement,
    topical: Topical,
    before: tuple[Statement, float] | None,
) -> float:
    """1 for the topic's own words, less for pointing back to them, for going on, and for the article's subject."""
    start, end = statement.spans[0].start, statement.spans[-1].end
    if any(mentions_topic(article.text, topical.topic, span.start, span.end) for span in statement.spans):
        return 1.0
    inside = overlapping(places, start, end)
    if not inside:
        return 0.0
    own = max(topical.scores[i] for i in inside)
    if topical.about and topic_references(article.text, topical.topic, start, end):
        return max(own, DIRECT)
    if 0 < own < 1.0:
        return own
    back = points_back(article.text, start, min(end, start + 160))
    near = topical.scores[max(0, inside[0] - REACH) : inside[0]]
    if _answers(sentences, inside[0], topical):
        return 0.85
    if back and (max(near, default=0.0) >= 0.6 or own >= 1.0):
        return 0.75
    if before and before[0].holder == statement.holder and before[1] >= 0.6:
        return 0.65 if back else 0.55
    own_words = content(article.text[start:end]) & topical.words
    zone = _zone(article, statement)
    bare = any(pattern("plain", name).search(article.text, *zone) for name in ("bare", "condition"))
    if topical.sole:
        return 0.5 if any(score >= NAMED for score in topical.scores[: inside[0]]) else 0.0
    return 0.5 if topical.about and (back or own_words or bare) else 0.0


def _answers(sentences: Sequence[Sentence], first: int, topical: Topical) -> bool:
    """Whether the sentence answers a question that names the topic."""
    block = sentences[first].block
    asked = [i for i in range(max(0, first - 3), first) if sentences[i].block < block]
    return any(topical.scores[i] >= 0.6 and sentences[i].span.text.rstrip().endswith("?") for i in asked)


def _judge(article: Article, statement: Statement, topical: Topical, relevance: float) -> Stance | None:
    if relevance <= 0:
        return None
    start, end = _zone(article, statement)
    earlier, now = former_view(article.text, start, end)
    polarity = read_told(article.text, statement, topical.told) or _read(
        article, statement, topical, (now, end), direct=relevance >= DIRECT
    )
    label, margin = decide_view(polarity, CLEAR if relevance >= DIRECT else CLEARER)
    if earlier in _OTHER_SIDE and pattern("turned", "words").search(article.text, now, end):
        label, margin = _OTHER_SIDE[earlier], 0.85
    elif label is None and earlier in _OTHER_SIDE and now > start and not polarity.hits:
        label, margin = _OTHER_SIDE[earlier], 0.75  # "he was against it at first but it would keep the shop open"
    if label is None:
        return None
    confidence = round(min(0.97, statement.evidence.confidence * (0.5 + 0.45 * relevance) * margin), 4)
    return Stance(
        holder=statement.holder or "",
        topic=topical.topic.id,
        label=label,
        evidence=Evidence(confidence, "lexicon", _reason(article, statement, polarity, label), statement.spans),
        statement=statement.id,
        on_behalf_of=statement.on_behalf_of if statement.capacity is Capacity.OFFICIAL else None,
        strength=strength_of(polarity, article.text[max(0, start - 25) : start]),
        condition=condition_of(article, polarity, end) if label is StanceLabel.CONDITIONAL else None,
        earlier=earlier if earlier in _OTHER_SIDE and earlier is not label else None,
        rationales=tuple(find_rationales(article, statement)),
    )


def _read(article: Article, statement: Statement, topical: Topical, zone: tuple[int, int], *, direct: bool) -> Polarity:
    """The view of the words and, where the topic is named, of the cue; turned if the proposal undoes something."""
    start, end = zone
    names = topic_references(article.text, topical.topic, start, end)
    undone = undone_words(topical.topic.claim)
    of_thing = topical.undoing and not speaks_of_successor(article.text, start, end, topical.topic)
    polarity = read_polarity(article.text, start, end, names, undoing=of_thing, undone=undone)
    cue = statement.cue
    own = direct and statement.manner is not Manner.DIRECT
    if cue and cue_lemma(cue.text) == "call" and not _ASKS.match(article.text, cue.end):
        cue = None  # "called it a disgrace" asks for nothing
    if cue and own and not any(h.start < cue.end and cue.start < h.end for h in polarity.hits):
        before = article.text[max(0, cue.start - 20) : cue.start]
        polarity = add_cue(polarity, cue_lemma(cue.text), bool(pattern("markers", "negation").search(before)))
    if cue and cue_lemma(cue.text) == "deny":  # to deny harm is not to oppose, and hardly to support
        polarity = replace(polarity, support=polarity.oppose / 2, oppose=polarity.support)
    return turned(article.text, start, end, polarity, topical)


def _zone(article: Article, statement: Statement) -> tuple[int, int]:
    """The words to read: the statement, and its cue when that stands right before it."""
    start, end = statement.spans[0].start, statement.spans[-1].end
    if statement.cue and statement.manner is not Manner.DIRECT and 0 <= start - statement.cue.start <= 90:
        start = statement.cue.start
        head = article.text[max(0, start - 24) : start]
        negation = re.search(r"\b(?:not|never|no longer|n['’]t|does|do|did)\b.*$", head)
        start -= len(negation.group()) if negation else 0
    return start, end


def _reason(article: Article, statement: Statement, polarity: Polarity, label: StanceLabel) -> str:
    if label is StanceLabel.CONDITIONAL and polarity.conditional:
        return words_show([article.text[slice(*polarity.conditional)]], label)
    total = sum(hit.weight for hit in polarity.hits)
    # Words of the side that weighs less are left out, unless both count.
    shown = [hit for hit in polarity.hits if label is StanceLabel.MIXED or hit.weight * total > 0]
    words = [article.text[h.start : h.end] for h in sorted(shown, key=lambda h: -abs(h.weight))[:4]]
    return words_show(words or ([statement.cue.text] if statement.cue else []), label)
