"""The reasons that a statement gives, by the words that open them."""

from __future__ import annotations

from collections.abc import Iterator

from nlp.polarity import pattern
from nlp.records import Article, Span, Statement
from nlp.sentences import split_sentences


def find_rationales(article: Article, statement: Statement) -> Iterator[Span]:
    """One reason a span, from its opening word to the end of the sentence or a semicolon."""
    for span in statement.spans:
        match = pattern("markers", "because").search(article.text, span.start, span.end)
        if match:
            _, end = next(split_sentences(article.text, match.start(), span.end))
            stop = article.text.find(";", match.end(), end)
            bare = article.text[match.start() : end if stop < 0 else stop].rstrip(".!?’”\"'")
            yield article.span(match.start(), match.start() + len(bare))
