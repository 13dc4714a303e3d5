"""Speech that a page sets apart without quotation marks: by labels, or in paragraphs below "the minister said:"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from nlp.marks import MARKS
from nlp.quoted import ANNOUNCED, LABEL
from nlp.records import Article, Block, BlockKind
from nlp.speakers import Discourse, Speaker
from nlp.voice import says_i, says_we

#: So many labelled paragraphs make a transcript; no shorter paragraph is set apart, in words.
LABELS, SHORTEST = 4, 5


class Page(NamedTuple):
    """Whether a page is a transcript, and whether no paragraph of it opens with a quotation mark."""

    transcript: bool
    unmarked: bool

    @classmethod
    def of(cls, article: Article, bodies: Sequence[Block]) -> Page:
        labels = sum(bool(LABEL.match(article.text, block.start, block.end)) for block in bodies)
        return cls(labels >= LABELS, not any(article.text[block.start] in MARKS for block in bodies))


def is_set_apart(discourse: Discourse, block: Block, number: int, last: tuple[int, Speaker]) -> bool:
    """ "The minister, Ann Orde, said:¶ Giving children …": words without marks, and what goes on as "I" or "we"."""
    if last[0] != number - 1 or last[1].reason != ANNOUNCED or block.kind is not BlockKind.PARAGRAPH:
        return False
    text = discourse.article.text
    first = text[last[1].end : block.start].count("\n\n") <= 1
    words = text[block.start : block.end]
    return len(words.split()) >= SHORTEST and words[:1].isupper() and (first or says_i(words) or says_we(words))
