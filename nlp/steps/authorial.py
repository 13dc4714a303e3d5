"""What writers of comment, leaders, letters and releases say themselves: one statement a paragraph.

Only sentences that judge a topic or give a funding figure count, and none that belongs to somebody quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nlp.genre import Author
from nlp.judging import Setting, Told, own_run
from nlp.records import BODY_KINDS, Article, Evidence, Manner, Sentence, Span, StakeholderKind, Statement

_LEAD = re.compile(
    r"(?:(?:dear )?(?:sir|madam|sirs|editor)(?:,| ?[–—-]) )?"
    # "So do the night cleaners" would lose its sense.
    r"(?:(?:But|And|So|Yet|However|Meanwhile|Having said that|Still),?\s+"
    r"(?!(?:do|does|did|is|are|was|were|has|have|had|will|would|can|could|should|must)\b))?",
    re.IGNORECASE,
)

#: "My neighbour, a nurse, thinks it is unfair": the view of somebody the writer knows.
_OF_MINE = re.compile(
    r"(?:(?:But|And|So|Yet)\s)?My\s(?!(?:own\s)?(?:view|guess|point|argument|answer|advice|worry|fear|reading|hunch)\b)"
    r"(?:[\w’'-]+\s?){1,4}(?:,\s[^,.]{2,60},)?\s?\b(?:thinks|says|said|tells|told|believes|reckons|thought|argues|insists|hates|wants)\b"
)

#: What stands before somebody's words and only says whose they are: "The council's leader, Ann Orde, says".
_TELLS = re.compile(
    r"\b(?:says?|said|argues?|argued|claims?|claimed|insists?|insisted|tells? us|told \w+|warns?|warned|writes?|wrote"
    r"|thinks?|believes?|points? out|complains?|replies|replied|put it)(?:\s+that)?[\s,:“‘\"']*$"
)

#: An author, the sentences of one of their paragraphs, and how they read in their place.
Paragraph = tuple[Author, tuple[Sentence, ...], tuple[Told, ...], Setting]


def author_statements(
    article: Article,
    sentences: Sequence[Sentence],
    authors: Sequence[Author],
    taken: Sequence[Statement],
    relevant: Sequence[bool],
) -> tuple[Statement, ...]:
    """The writers' own statements; ``relevant`` says for every sentence whether it bears on a topic."""
    spoken = sorted((span.start, span.end) for s in taken for span in s.spans)
    found: list[Statement] = []
    for author, rows, told, setting in paragraphs(article, sentences, authors, taken, relevant):
        run = own_run(told, setting)
        # "Question 3: What would it cost?" says nothing
        if run and not all(row.span.text.rstrip().endswith("?") for row in rows[run[0] : run[1] + 1]):
            found += _statement(article, author, rows[run[0]].span.start, rows[run[1]].span.end, spoken)
    return tuple(found)


def paragraphs(
    article: Article,
    sentences: Sequence[Sentence],
    authors: Sequence[Author],
    taken: Sequence[Statement],
    relevant: Sequence[bool],
) -> Iterator[Paragraph]:
    """The paragraphs in which an author speaks, in order."""
    spoken = sorted((span.start, span.end) for s in taken for span in s.spans)
    by_block: dict[int, list[tuple[Sentence, bool]]] = {}
    for sentence, bears in zip(sentences, relevant, strict=True):
        by_block.setdefault(sentence.block, []).append((sentence, bears))
    body = [index for index, block in enumerate(article.blocks) if block.kind in BODY_KINDS and index in by_block]
    for author in authors:
        places = [index for index in body if author.first <= index <= author.last]
        by_body = author.stakeholder.kind is StakeholderKind.ORGANISATION and author.official
        for index in places:
            rows = by_block[index]
            told = tuple(Told(s.span.text, bears, _is_spoken(s, spoken)) for s, bears in rows)
            setting = Setting(str(article.genre), by_body)
            yield author, tuple(s for s, _ in rows), told, setting


def _statement(
    article: Article, author: Author, start: int, end: int, spoken: Sequence[tuple[int, int]]
) -> Iterator[Statement]:
    holes = [hole for hole in spoken if hole[0] < end and start < hole[1]]
    spans = [part for part in _without(start, end, holes) if not _TELLS.search(article.text, *part)]
    if not spans:
        return
    lead = _LEAD.match(article.text, spans[0][0], spans[0][1])
    if lead and lead.end() < spans[0][1]:
        spans = [(lead.end(), spans[0][1]), *spans[1:]]
    yield Statement(
        id="",
        holder=author.stakeholder.id,
        manner=Manner.AUTHORIAL,
        spans=tuple(_trimmed(article, a, b) for a, b in spans),
        evidence=Evidence(0.8, "authorial", "the writer's own sentence", ()),
        on_behalf_of=author.on_behalf_of,
        capacity=author.capacity,
    )


def _trimmed(article: Article, start: int, end: int) -> Span:
    words = article.text[start:end]
    start += len(words) - len(words.lstrip(" \n.,;:”’"))
    return article.span(start, start + len(words.strip().lstrip(" \n.,;:”’")))


def _is_spoken(sentence: Sentence, spoken: Sequence[tuple[int, int]]) -> bool:
    """Whether half of the sentence is somebody's whom the writer reports."""
    if _OF_MINE.match(sentence.span.text):
        return True
    covered = sum(max(0, min(b, sentence.span.end) - max(a, sentence.span.start)) for a, b in spoken)
    return covered > 0.5 * (sentence.span.end - sentence.span.start)


def _without(start: int, end: int, holes: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    parts, at = [], start
    for a, b in holes:
        if a - at > 20:
            parts.append((at, a))
        at = max(at, b)
    return [*parts, (at, end)] if end - at > 20 else parts
