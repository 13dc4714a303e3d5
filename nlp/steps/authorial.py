"""What writers of comment, leaders, letters and releases say themselves: one statement a paragraph.

Only sentences that judge a topic or give a funding figure count, and none that belongs to somebody quoted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nlp.genre import Author
from nlp.records import (
    Article,
    BlockKind,
    Evidence,
    Manner,
    Sentence,
    Span,
    Statement,
)

_MONEY = re.compile(r"[£$€]\s?\d|\b\d[\d.,]*\s?(?:per cent|pc\b|%)|\b\d+p\b|\b(?:million|billion) pounds")
_LEAD = re.compile(r"(?:(?:But|And|So|Yet|However|Meanwhile|Having said that|Still),?\s+)?")


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
    for author in authors:
        for index in range(author.first, author.last + 1):
            if article.blocks[index].kind in (BlockKind.PARAGRAPH, BlockKind.STANDFIRST):
                rows = [(s, hit) for s, hit in zip(sentences, relevant, strict=True) if s.block == index]
                found += _paragraph(article, author, rows, spoken)
    return tuple(found)


def _paragraph(
    article: Article, author: Author, rows: Sequence[tuple[Sentence, bool]], spoken: Sequence[tuple[int, int]]
) -> Iterator[Statement]:
    own = [s for s, hit in rows if (hit or _MONEY.search(s.span.text)) and not _is_spoken(s, spoken)]
    if not own:
        return
    # the view runs on to the end of the paragraph, less what is somebody else's
    start, end = own[0].span.start, max(s.span.end for s, _ in rows)
    inside = [b for b in spoken if b[0] < end and start < b[1]]
    spans = _without(start, end, inside)
    lead = _LEAD.match(article.text, spans[0][0], spans[0][1]) if spans else None
    if not spans:
        return
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
    start += len(words) - len(words.lstrip())
    return article.span(start, start + len(words.strip()))


def _is_spoken(sentence: Sentence, spoken: Sequence[tuple[int, int]]) -> bool:
    """Whether half of the sentence is somebody's whom the writer reports."""
    covered = sum(max(0, min(b, sentence.span.end) - max(a, sentence.span.start)) for a, b in spoken)
    return covered > 0.5 * (sentence.span.end - sentence.span.start)


def _without(start: int, end: int, holes: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    parts, at = [], start
    for a, b in holes:
        if a - at > 20:
            parts.append((at, a))
        at = max(at, b)
    return [*parts, (at, end)] if end - at > 20 else parts
