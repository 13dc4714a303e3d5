"""Interviews printed as questions and answers, without a name before either.

A paragraph that asks is the paper's; what stands below it, and goes on as "I" or "we", is what the person says of whom
the lines above the first question tell.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nlp.quotes import find_quotes
from nlp.records import Article, Block, BlockKind, Genre, Mention, Stakeholder, StakeholderKind
from nlp.voice import says_i, says_we

#: So many questions make an interview, where half of the answers say "I"; a page of advice has none.
LEAST_QUESTIONS, LEAST_I = 3, 0.5
#: How questions and answers are told by letters; so many of either make an interview.
QUESTION_LABEL = re.compile(r"Q(?:uestion)?\s?\d*[:.]\s")
ANSWER_LABEL = re.compile(r"A(?:nswer)?\s?\d*[:.]\s+")
LEAST_LETTERS = 2
#: A question is no longer than this, and one that only tells something no longer than that, in words.
QUESTION, PROMPT = 60, 30
#: What the lines above the first question show of a person: an office, each time named, an interviewer.
_OFFICE, _NAMED, _ASKS = 3, 1, -5
_READ = (BlockKind.HEADLINE, BlockKind.STANDFIRST, BlockKind.PARAGRAPH)
_YOU = re.compile(r"\b[Yy]ou(?:r|rs|rself|['’](?:ve|re|d|ll))?\b")
_TURNS = re.compile(r"(?:But|And|So|Some|Others|Critics|Yet)\b")
_INTERVIEWER = re.compile(
    r"\b(?:(?:talk|speak|chat)(?:s|ed|ing)? (?:to|with)|spoke (?:to|with)|(?:interview|words?|written|questions|asked)"
    r"(?: by|:)|^by)\s+$",
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Interview:
    """Who answers, and the places in ``article.blocks`` of the answers."""

    person: str
    answers: frozenset[int]


def find_interview(
    article: Article, mentions: Sequence[Mention], stakeholders: Mapping[str, Stakeholder]
) -> Interview | None:
    """The interview that an article is, if it is one and the person is clear; linear in the article."""
    if article.genre is Genre.TRANSCRIPT:
        return None
    rows = [(index, block) for index, block in enumerate(article.blocks) if block.kind in _READ]
    lettered = [row for row in rows if QUESTION_LABEL.match(article.text, row[1].start, row[1].end)]
    if len(lettered) >= LEAST_LETTERS:
        return _lettered(article, rows, lettered[0][1].start, mentions, stakeholders)
    asks = [index for index, block in rows if _asks(article, block)]
    if len(asks) < LEAST_QUESTIONS:
        return None
    answers = _answers(article, [row for row in rows if row[0] > asks[0]])
    words = [article.text[article.blocks[index].start : article.blocks[index].end] for index in answers]
    if len(answers) < LEAST_QUESTIONS or sum(map(says_i, words)) < LEAST_I * len(words):
        return None
    person = _interviewee(article, article.blocks[asks[0]].start, mentions, stakeholders)
    if person is None:
        return None
    # "Ann Orde will speak at our conference" is the paper's
    surname = stakeholders[person].name.split()[-1]
    own = (index for index, text in zip(answers, words, strict=True) if says_i(text) or surname not in text)
    return Interview(person, frozenset(own))


def _lettered(
    article: Article,
    rows: Sequence[tuple[int, Block]],
    start: int,
    mentions: Sequence[Mention],
    stakeholders: Mapping[str, Stakeholder],
) -> Interview | None:
    """An interview in which "A:" stands before the answers; who it is may be said below them alone."""
    found = [index for index, block in rows if ANSWER_LABEL.match(article.text, block.start, block.end)]
    person = _interviewee(article, start, mentions, stakeholders)
    person = person or _interviewee(article, len(article.text), mentions, stakeholders)
    return Interview(person, frozenset(found)) if person and len(found) >= LEAST_LETTERS else None


def _asks(article: Article, block: Block) -> bool:
    text = article.text[block.start : block.end].strip()
    return (
        text.endswith("?") and len(text.split()) <= QUESTION and not find_quotes(article.text, block.start, block.end)
    )


def _answers(article: Article, rows: Sequence[tuple[int, Block]]) -> list[int]:
    """The first paragraph below each question, and those behind it in which the person goes on."""
    found: list[int] = []
    asked = True
    for index, block in rows:
        text = article.text[block.start : block.end]
        if _asks(article, block) or (not asked and _is_prompt(text)):
            asked = True
        elif block.kind is BlockKind.PARAGRAPH and (asked or says_i(text) or says_we(text)):
            found.append(index)
            asked = False
    return found


def _is_prompt(text: str) -> bool:
    """What is put to the person without a question mark: "But tenants say rents have gone up by a third."."""
    own = says_i(text) or says_we(text)
    return not own and len(text.split()) <= PROMPT and bool(_YOU.search(text) or _TURNS.match(text))


def _interviewee(
    article: Article, end: int, mentions: Sequence[Mention], stakeholders: Mapping[str, Stakeholder]
) -> str | None:
    """The person whom the lines above the first question are about."""
    weights: dict[str, int] = {}
    for mention in mentions:
        if mention.span.start >= end or mention.stakeholder is None:
            continue
        who = stakeholders[mention.stakeholder]
        if who.kind is not StakeholderKind.PERSON:
            continue
        weight = _NAMED + (_OFFICE if mention.affiliation else 0)
        before = article.text[max(0, mention.extent.start - 30) : mention.extent.start]
        asks = _INTERVIEWER.search(before) and not mention.affiliation
        weights[who.id] = weights.get(who.id, 0) + (_ASKS if asks or who.name in (article.author or "") else weight)
    best = max(weights, key=lambda id_: weights[id_], default=None)
    return best if best and weights[best] > 0 else None
