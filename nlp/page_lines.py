"""The lines of a page, and what each of them shows by itself: patterns of furniture, bylines, captions and the like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import islice

import corpora
from nlp.marks import MARKS

_LINE = re.compile(r"[^\r\n\u2028\u2029]+")
_WORD = re.compile(r"\w+")
_TIME = re.compile(r"(?:\d{1,2}[:.]\d{2}(?: ?[ap]m)?|\d{1,2} ?[ap]m)(?: (?:GMT|BST))?", re.IGNORECASE)
_ESCAPE = re.compile(r"\\[a-zA-Z]")
_OPTIONAL = re.compile(r"(\w+)\?")
_STOP = re.compile(rf"[.!?…:;](?:\s?[{re.escape(MARKS)})\]]+)?$")
#: From this many words on, a line that ends in a stop is a paragraph wherever it stands.
PARAGRAPH_WORDS = 18
#: A line of furniture may be this long when a pattern is found inside it rather than at its start.
FURNITURE_WORDS = 45
COMMENTS_OPEN_WORDS = 12
LINKS_OPEN_WORDS = 8
BYLINE_WORDS = 16


@dataclass(frozen=True)
class Line:
    """A line without the white space around it: half-open code-point offsets, its text and its words.

    What the line shows is looked up once: patterns are most of the time that segmenting takes.
    """

    start: int
    end: int
    text: str
    words: tuple[str, ...]

    @cached_property
    def lower(self) -> tuple[str, ...]:
        return tuple(word.lower() for word in self.words)

    @cached_property
    def stopped(self) -> bool:
        return bool(_STOP.search(self.text[-6:]))

    @property
    def is_prose(self) -> bool:
        return (len(self.words) >= PARAGRAPH_WORDS and self.stopped) or len(self.words) >= 2 * PARAGRAPH_WORDS

    @cached_property
    def is_furniture(self) -> bool:
        """The longer a line, the more patterns it must show: prose may say "signing up to a contract"."""
        needed = 1 + (len(self.words) > FURNITURE_WORDS // 2) + (len(self.words) > FURNITURE_WORDS)
        if not self._may_be_furniture(needed):
            return False
        return sum(1 for _ in islice(patterns("boilerplate").finditer(self.text), needed)) == needed

    def _may_be_furniture(self, needed: int) -> bool:
        """Whether a pattern matches that shares a word with the line: all of them as one cost 0.15 ms a paragraph."""
        known, rest = _furniture_patterns()
        told = [word for word in self.lower if word in known]
        if len(told) < needed and "©" not in self.text and "px" not in self.text:
            return False
        tried = {pattern for word in told for pattern in known[word]}
        return any(pattern.search(self.text) for pattern in (*tried, *rest))

    @cached_property
    def opens_comments(self) -> bool:
        return len(self.words) <= COMMENTS_OPEN_WORDS and bool(patterns("comments_open").search(self.text))

    @cached_property
    def opens_links(self) -> bool:
        short = len(self.words) <= LINKS_OPEN_WORDS and not self.stopped
        return short and bool(patterns("links_open").search(self.text))

    @cached_property
    def is_byline(self) -> bool:
        return len(self.words) <= BYLINE_WORDS and bool(
            patterns("byline").search(self.text) or patterns("date_line").search(self.text)
        )

    @cached_property
    def is_time(self) -> bool:
        """Whether the line is a time of day and nothing else, as above an entry of a live page."""
        return len(self.words) <= 4 and bool(_TIME.fullmatch(self.text))

    @cached_property
    def is_caption(self) -> bool:
        if len(self.words) > FURNITURE_WORDS:
            return False
        marked = ":" in self.text or "(" in self.text or not _caption_words().isdisjoint(self.lower)
        return marked and bool(patterns("caption").search(self.text))


@cache
def patterns(name: str) -> re.Pattern[str]:
    """The regular expressions of a list in the lexicon ``blocks``, as one."""
    return re.compile("|".join(f"(?:{p})" for p in corpora.lexicon("blocks")[name]), re.IGNORECASE)


@cache
def _furniture_patterns() -> tuple[dict[str, tuple[re.Pattern[str], ...]], tuple[re.Pattern[str], ...]]:
    """A word -> the patterns of furniture that may match where it stands; and those that need no word."""
    lexicon = corpora.lexicon("blocks")
    listed = frozenset(lexicon["boilerplate_words"].split())
    known: dict[str, tuple[re.Pattern[str], ...]] = dict.fromkeys(listed, ())
    rest = []
    for source in lexicon["boilerplate"]:
        bare = _ESCAPE.sub(" ", source)
        words = {*_WORD.findall(bare), *(word[:-1] for word in _OPTIONAL.findall(bare))} & listed
        pattern = re.compile(source, re.IGNORECASE)
        for word in words:
            known[word] = (*known[word], pattern)
        if not words:
            rest.append(pattern)
    return known, tuple(rest)


@cache
def _caption_words() -> frozenset[str]:
    return frozenset(corpora.lexicon("blocks")["caption_words"].split())


def read_lines(text: str) -> Iterator[Line]:
    """The lines of the text that hold something; hard-wrapped lines are joined to paragraphs."""
    group: list[Line] = []
    for match in _LINE.finditer(text):
        row = _line(text, match.start(), match.end())
        if row.end == row.start:
            continue
        if group and not _wrapped(text, group[-1], row):
            yield _joined(text, group)
            group = []
        group.append(row)
    if group:
        yield _joined(text, group)


def _joined(text: str, group: list[Line]) -> Line:
    return group[0] if len(group) == 1 else _line(text, group[0].start, group[-1].end)


def _line(text: str, start: int, end: int) -> Line:
    inner = text[start:end]
    start += len(inner) - len(inner.lstrip())
    inner = inner.strip()
    return Line(start, start + len(inner), inner, tuple(_WORD.findall(inner)))


def _wrapped(text: str, above: Line, below: Line) -> bool:
    """Whether ``below`` goes on with a sentence that a fixed-width page broke."""
    narrow = 50 <= len(above.text) <= 90
    if not narrow or above.stopped or not below.text[:1].islower():
        return False
    return text[above.end : below.start].count("\n") == 1
