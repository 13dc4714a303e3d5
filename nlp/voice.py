"""In whose voice a text is told: its own words without the quotations, and the lines at its head and foot.

Plain news says neither "I" nor "we" outside quotations; a person who writes says "I", a body or a paper "we".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from nlp.quotes import find_quotes
from nlp.records import BODY_KINDS, Article, Block, BlockKind

# The first letter stands first, so that the others are passed over quickly.
_I = re.compile(r"[Im](?<![\w’'.].)(?:(?<=I)|(?<=m)(?:y|e|ine))(?!\w)(?!\.\w)")
_WE = re.compile(r"[WwOoUu](?<![\w’'].)(?:(?<=[Ww])e|(?<=[Oo])ur|(?<=[Uu])s)(?!\w)")
_NORMATIVE = re.compile(
    r"\b(?:should|must|ought|needs? to|worrying(?:ly)?|hope|alas|sadly|surely|clearly|absurd|right"
    r"|wrong|welcome|better|blow)\b",
    re.IGNORECASE,
)
#: A paragraph of prose has at least this many words; what stands before the first one is the head of the page.
PROSE_WORDS = 14
#: Lines of the head and of the foot that are looked at.
HEAD_LINES, FOOT_LINES = 9, 14


@dataclass(frozen=True, slots=True)
class Line:
    """One block as a line of the page: its place in ``article.blocks``, its kind and its text."""

    index: int
    kind: BlockKind
    text: str

    @property
    def words(self) -> int:
        return len(self.text.split())

    @property
    def is_prose(self) -> bool:
        return self.kind is BlockKind.PARAGRAPH and self.words >= PROSE_WORDS


@dataclass(frozen=True, slots=True)
class Voice:
    """How often the text says "I" and "we" outside quotations, and how often it judges."""

    i: int
    we: int
    judging: int


def read_lines(article: Article) -> tuple[Line, ...]:
    """The blocks as lines, without what readers wrote below the article."""
    kept = ((i, b) for i, b in enumerate(article.blocks) if b.kind is not BlockKind.READER_COMMENT)
    return tuple(Line(i, b.kind, article.text[b.start : b.end].strip().lstrip("•*- ")) for i, b in kept)


def head_lines(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines above the first paragraph of prose: mastheads, labels, title, byline, date."""
    first = next((n for n, line in enumerate(lines) if line.is_prose), len(lines))
    return lines[: min(first, HEAD_LINES)]


def foot_lines(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """The last lines, in the second half of the page."""
    return lines[max(len(lines) // 2, len(lines) - FOOT_LINES) :]


def own_words(article: Article, block: Block) -> str:
    """The block without its quotations."""
    return _own_words(article.text, block)


def _own_words(text: str, block: Block) -> str:
    return "".join(text[a:b] for a, b in _outside(text, block))


def _outside(text: str, block: Block) -> Iterator[tuple[int, int]]:
    at = block.start
    for quote in find_quotes(text, block.start, block.end):
        yield at, quote.start
        at = quote.end
    yield at, block.end


def says_i(text: str) -> bool:
    """Whether a person speaks of themselves in it."""
    return bool(_I.search(text))


def says_we(text: str) -> bool:
    """Whether somebody speaks for more than themselves in it."""
    return bool(_WE.search(text))


def hear(article: Article) -> Voice:
    """The voice of the article's own words."""
    return _hear(article.text, article.blocks)


@lru_cache(maxsize=1)  # the genre and then the authors ask
def _hear(text: str, blocks: tuple[Block, ...]) -> Voice:
    voice = "\n".join(_own_words(text, block) for block in blocks if block.kind in BODY_KINDS)
    return Voice(len(_I.findall(voice)), len(_WE.findall(voice)), len(_NORMATIVE.findall(voice)))
