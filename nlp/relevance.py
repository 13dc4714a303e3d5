"""Which stretches of an article bear on a topic: its phrases, its claim's words, and what points back to them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

import corpora
from nlp.polarity import pattern
from nlp.records import EVIDENCE_KINDS, Article, Sentence, Topic
from nlp.references import own_phrases, short_names

_ENDINGS = "isations isation ations ation ments ment ingly ings ing ions ion ers er ies ied ed es ly s e y"
_WORD = re.compile(r"[A-Za-z][A-Za-z’'-]+")
#: Share of the claim's content words that a sentence must hold to bear on it without a phrase.
CLAIM_SHARE = 0.5
CLAIM_WORDS = 2
#: A stem in so many of a topic's phrases is what the topic turns on ("franchising", "levy").
KEY_SHARE = 0.4
KEYS = 2


@cache
def listed(name: str) -> frozenset[str]:
    """The words of a list in the lexicon ``relevance``."""
    return frozenset(corpora.lexicon("relevance")[name].split())


#: "Capped" and "scrapping" are of "cap" and "scrap".
_DOUBLED = re.compile(r"(?<=[aeiou]([bgmnprt]))\1$")


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """A crude stem, enough to bring "commissioning" and "commissioners" together."""
    word = re.sub(r"['’]s?$", "", word.lower())
    for ending in _ENDINGS.split():
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return _DOUBLED.sub("", word[: -len(ending)])
    return word


@lru_cache(maxsize=4_000)  # every sentence of an article is asked for once a topic
def content(text: str) -> frozenset[str]:
    """The stems of the content words."""
    return frozenset(stem(w) for w in _WORD.findall(text) if w.lower() not in listed("common"))


@cache
def _phrases(topic: Topic) -> re.Pattern[str]:
    def flexible(phrase: str) -> str:
        words = [re.escape(word) for word in re.split(r"[\s-]+", phrase.strip()) if word]
        gap = r"(?:[\s-]+(?:(?:the|a|an|its|their|his|her|our|of|in|for|all|local|full|new|own)\s+)?)"
        return gap.join(word if len(word) < 4 else rf"{word}(?:s|es|['’]s?)?" for word in words)

    phrases = sorted(
        {*topic.phrases, *own_phrases(topic), topic.name, topic.id.replace("-", " ")}, key=len, reverse=True
    )
    return re.compile(r"(?<![\w])(?:" + "|".join(flexible(p) for p in phrases) + r")(?![\w])", re.IGNORECASE)


@cache
def _keys(topic: Topic) -> tuple[frozenset[str], frozenset[str]]:
    """The stems and the acronyms that single a topic out."""
    phrases = [content(phrase) for phrase in (*topic.phrases, topic.name)]
    counts: dict[str, int] = {}
    for words in phrases:
        for word in words:
            counts[word] = counts.get(word, 0) + 1
    stems = frozenset(
        w for w, n in counts.items() if n >= max(2, KEY_SHARE * len(phrases)) and w not in listed("general")
    )
    acronyms = frozenset(re.findall(r"\b[A-Z][A-Z0-9]{2,}\b", " ".join((*topic.phrases, topic.claim, topic.name))))
    return stems, acronyms - listed("acronyms")


def mentions_topic(text: str, topic: Topic, start: int = 0, end: int | None = None) -> re.Match[str] | None:
    """The first phrase of the topic in the text."""
    return _phrases(topic).search(text, start, len(text) if end is None else end)


@cache
def topic_words(topic: Topic) -> frozenset[str]:
    """The stems of the topic's claim, name and phrases that single it out."""
    return content(" ".join((topic.claim, topic.name, *topic.phrases))) - listed("general")


def word_places(text: str, topic: Topic, start: int, end: int) -> list[tuple[int, int]]:
    """Offsets of the single words that single the topic out."""
    words = topic_words(topic)
    return [match.span() for match in _WORD.finditer(text, start, end) if stem(match.group()) in words]


def topics_for(article: Article, topics: Sequence[Topic]) -> tuple[Topic, ...]:
    """The topics that an article may bear on at all: in their time, and named where they must be.

    With 18 further proposals of the same field beside the core ones, the sentence encoder finds some of them
    near in every article, and they took statements from the core ones in 10 of 91 articles.
    """
    return tuple(topic for topic in topics if _in_its_time(article, topic) and _may_bear(article, topic))


def _in_its_time(article: Article, topic: Topic) -> bool:
    """Whether any day that the article's date can mean lies in the topic's dates; without a date, any may."""
    if article.published is None:
        return True
    first, last = article.published.value, article.published.last
    return (topic.start is None or last >= topic.start) and (topic.end is None or first <= topic.end)


def _may_bear(article: Article, topic: Topic) -> bool:
    if not topic.named_only:
        return True
    held = (block for block in article.blocks if block.kind in EVIDENCE_KINDS)
    return any(mentions_topic(article.text, topic, block.start, block.end) for block in held)


def topic_names(text: str, topic: Topic, start: int, end: int) -> list[tuple[int, int]]:
    """Offsets of the topic's phrases: words inside them ("Better Care Fund") show no view."""
    return [match.span() for match in _phrases(topic).finditer(text, start, end)]


def topic_references(text: str, topic: Topic, start: int, end: int) -> list[tuple[int, int]]:
    """Offsets of the topic's phrases, and of its short names ("the levy") outside of them."""
    found = topic_names(text, topic, start, end)
    short = short_names(topic)
    for match in short.finditer(text, start, end) if short else ():
        if not any(match.start() < b and a < match.end() for a, b in found):
            found.append(match.span())
    return sorted(found)


def sentence_relevance(article: Article, sentences: Sequence[Sentence], topic: Topic) -> list[float]:
    """For every sentence of the article, 0 to 1: how far it bears on the topic by its own words."""
    claim = content(" ".join((topic.claim, *topic.phrases, topic.name)))
    core = content(topic.claim)
    stems, acronyms = _keys(topic)
    scores = []
    for sentence in sentences:
        if article.blocks[sentence.block].kind not in EVIDENCE_KINDS:
            scores.append(0.0)
        elif mentions_topic(article.text, topic, sentence.span.start, sentence.span.end):
            scores.append(1.0)
        else:
            words = content(sentence.span.text)
            shared = words & claim
            share = len(words & core) / len(core) if core else 0.0
            by_words = min(0.9, share + 0.1) if len(shared) >= CLAIM_WORDS and share >= CLAIM_SHARE else 0.0
            by_acronym = 0.9 * bool(acronyms & set(re.findall(r"\b[A-Z][A-Z0-9]{2,}\b", sentence.span.text)))
            by_key = 0.8 * (len(stems & words) >= KEYS)
            scores.append(max(by_words, by_acronym, by_key))
    return scores


def article_relevance(
    article: Article, sentences: Sequence[Sentence], topics: Sequence[Topic]
) -> list[tuple[Topic, list[float]]]:
    """The topics that the article may bear on, each with its relevance by sentence."""
    return [(topic, sentence_relevance(article, sentences, topic)) for topic in topics_for(article, topics)]


def points_back(text: str, start: int, end: int) -> bool:
    """Whether the stretch has a word that may stand for a proposal named before."""
    return bool(pattern("markers", "anaphor").search(text, start, end))
