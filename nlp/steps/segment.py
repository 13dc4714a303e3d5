"""What is each stretch of the page? This step alone decides block kinds.

A page is read from the top: site furniture, headline, standfirst, byline, body, and then links,
readers' comments and more furniture. Lexicons of patterns say what a line is; its place says the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice, pairwise

import corpora
from nlp.marks import MARKS
from nlp.records import Article, Block, BlockKind

_LINE = re.compile(r"[^\r\n\u2028\u2029]+")
_WORD = re.compile(r"\w+")
_STOP = re.compile(rf"[.!?…:;](?:\s?[{re.escape(MARKS)})\]]+)?$")
#: From this many words on, a line that ends in a stop is a paragraph wherever it stands.
PARAGRAPH_WORDS = 18
#: A line of furniture may be this long when a pattern is found inside it rather than at its start.
FURNITURE_WORDS = 45
HEADLINE_WORDS = 24
CROSSHEAD_WORDS = 12
#: So much of the body must stand above a line that opens the comments ("3 comments" under the headline does not).
BODY_WORDS_ABOVE = 12
REPEAT_WORDS = (5, 45)
REPEAT_SHARE = 0.8


@dataclass(frozen=True, slots=True)
class _Line:
    start: int
    end: int
    text: str
    words: int

    @property
    def stopped(self) -> bool:
        return bool(_STOP.search(self.text))

    @property
    def is_prose(self) -> bool:
        return (self.words >= PARAGRAPH_WORDS and self.stopped) or self.words >= 2 * PARAGRAPH_WORDS


@cache
def _patterns(name: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in corpora.lexicon("blocks")[name]), re.IGNORECASE)


def segment(article: Article) -> Article:
    """The article with its blocks, in order and apart, and its title when the text shows one."""
    lines = list(_lines(article.text))
    kinds = _hinted(article, lines, _place(lines, article))
    kinds = _mark_repeats(lines, kinds)
    blocks = tuple(Block(kind, line.start, line.end) for line, kind in zip(lines, kinds, strict=True))
    headline = next((b for b in blocks if b.kind is BlockKind.HEADLINE), None)
    first_prose = next((b.start for b in blocks if b.kind is BlockKind.PARAGRAPH), len(article.text))
    found = article.text[headline.start : headline.end] if headline and headline.start < first_prose else None
    return replace(article, blocks=blocks, title=article.title or found)


def _lines(text: str) -> Iterator[_Line]:
    """The lines of the text without white space around them; hard-wrapped lines are joined to paragraphs."""
    rows = [_line(text, m.start(), m.end()) for m in _LINE.finditer(text)]
    kept = [row for row in rows if row.end > row.start]
    group: list[_Line] = []
    for row in kept:
        if group and not _wrapped(text, group[-1], row):
            yield _line(text, group[0].start, group[-1].end)
            group = []
        group.append(row)
    if group:
        yield _line(text, group[0].start, group[-1].end)


def _line(text: str, start: int, end: int) -> _Line:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return _Line(start, end, text[start:end], len(_WORD.findall(text[start:end])))


def _wrapped(text: str, above: _Line, below: _Line) -> bool:
    """Whether ``below`` goes on with a sentence that a fixed-width page broke."""
    gap = text[above.end : below.start]
    last_row = above.text.rsplit("\n", 1)[-1]
    narrow = 50 <= len(last_row) <= 90
    return gap.count("\n") == 1 and narrow and not above.stopped and below.text[:1].islower()


def _place(lines: Sequence[_Line], article: Article) -> list[BlockKind]:
    """Kinds by pattern and by place on the page."""
    first = _first_prose(lines)
    top = _top(lines[:first], lines[first : first + 6])
    return [*top, *_below(lines[first:])]


def _first_prose(lines: Sequence[_Line]) -> int:
    """Index of the first paragraph: prose that is neither furniture nor a standfirst above a byline."""
    comments = next((i for i, line in enumerate(lines) if i and _opens_comments(line)), len(lines))
    prose = [i for i, line in enumerate(lines[:comments]) if line.is_prose and not _is_furniture(line)]
    if not prose and comments < len(lines):  # a brief: a sentence or two above its comments
        prose = [i for i, line in enumerate(lines[:comments]) if line.stopped and not _is_furniture(line)]
    prose = prose or [i for i, line in enumerate(lines) if line.is_prose and not _is_furniture(line)]
    if not prose:
        return len(lines)
    first = prose[0]
    for later in prose[1:3]:
        between = lines[first + 1 : later]
        if between and later <= first + 4 and any(_is_byline(line) for line in between):
            return later
    return first


def _opens_comments(line: _Line) -> bool:
    return line.words <= 12 and bool(_patterns("comments_open").search(line.text))


def _is_byline(line: _Line) -> bool:
    return line.words <= 16 and bool(_patterns("byline").search(line.text) or _patterns("date_line").search(line.text))


def _is_furniture(line: _Line) -> bool:
    """The longer a line, the more patterns it must show: prose may say "signing up to a contract"."""
    needed = 1 + (line.words > FURNITURE_WORDS // 2) + (line.words > FURNITURE_WORDS)
    return sum(1 for _ in islice(_patterns("boilerplate").finditer(line.text), needed)) == needed


def _is_caption(line: _Line) -> bool:
    return line.words <= FURNITURE_WORDS and bool(_patterns("caption").search(line.text))


def _content(lines: Sequence[_Line]) -> set[str]:
    return {w.lower() for line in lines for w in _WORD.findall(line.text) if len(w) > 3 or w.isupper()}


def _top(lines: Sequence[_Line], body: Sequence[_Line]) -> list[BlockKind]:
    """Above the first paragraph: the line that shares most with the body is the headline."""
    kinds = [BlockKind.BOILERPLATE] * len(lines)
    body_words = _content(body)
    shared = [0] * len(lines)
    for i, line in enumerate(lines):
        if _is_furniture(line) or _is_byline(line):
            continue
        if _is_caption(line):
            kinds[i] = BlockKind.CAPTION
        elif line.words <= HEADLINE_WORDS and not line.text.endswith((".", ":")):
            shared[i] = len(_content([line]) & body_words)
    # a long standfirst may share more words than the headline above it
    enough = max(1, max(shared, default=0) / 2)
    headline = next((i for i, count in enumerate(shared) if count >= enough), -1)
    if headline < 0:  # a title such as "A tectonic shift" shares no word with what follows
        headline = max((i for i, line in enumerate(lines) if _could_title(line)), default=-1)
    if headline >= 0:
        kinds[headline] = BlockKind.HEADLINE
    for i in range(headline + 1, len(lines)):
        line = lines[i]
        if kinds[i] is BlockKind.BOILERPLATE and not _is_furniture(line) and not _is_byline(line) and line.words >= 4:
            kinds[i] = BlockKind.PARAGRAPH if line.stopped else BlockKind.STANDFIRST
    return kinds


def _could_title(line: _Line) -> bool:
    """Whether the line may be a title by its looks alone."""
    return 3 <= line.words <= HEADLINE_WORDS and not line.stopped and not _is_furniture(line) and not _is_byline(line)


def _below(lines: Sequence[_Line]) -> list[BlockKind]:
    """From the first paragraph on: body, links, comments, furniture."""
    kinds: list[BlockKind] = []
    body_words, in_comments, in_links = 0, False, False
    for line in lines:
        if body_words >= BODY_WORDS_ABOVE and _opens_comments(line):
            in_comments, kind = True, BlockKind.BOILERPLATE
        elif _is_furniture(line):
            kind = BlockKind.BOILERPLATE
        elif in_comments:
            kind = BlockKind.READER_COMMENT
        elif _is_byline(line):
            kind = BlockKind.BOILERPLATE
        elif _is_caption(line):
            kind = BlockKind.CAPTION
        else:
            kind = _body_kind(line, in_links)
        opens_links = line.words <= 8 and not line.stopped and bool(_patterns("links_open").search(line.text))
        in_links = opens_links or (in_links and kind is BlockKind.BOILERPLATE)
        kinds.append(BlockKind.BOILERPLATE if opens_links and not in_comments else kind)
        body_words += line.words if kind is BlockKind.PARAGRAPH else 0
    return kinds


def _body_kind(line: _Line, in_links: bool) -> BlockKind:
    asks = line.text.endswith("?") and line.words <= CROSSHEAD_WORDS and line.text[:1].isupper()
    quoted = line.text[:1] in "‘“'\"" and line.text[-1:] in "’”'\"" and line.words <= 6
    if quoted and line.text[-2:-1].isalnum():  # a crosshead such as 'Uncertainty and concern'
        return BlockKind.BOILERPLATE if in_links else BlockKind.HEADLINE
    stopped = line.stopped and not asks
    if stopped or line.words > CROSSHEAD_WORDS or line.text[:1] in "•-*–“‘\"'" or line.text[:1].islower():
        return BlockKind.BOILERPLATE if in_links and not line.is_prose and not line.stopped else BlockKind.PARAGRAPH
    return BlockKind.BOILERPLATE if in_links else BlockKind.HEADLINE


def _hinted(article: Article, lines: Sequence[_Line], kinds: list[BlockKind]) -> list[BlockKind]:
    """What a reader knows of the layout wins over what the lines look like."""
    roles = {
        "title": BlockKind.HEADLINE,
        "heading": BlockKind.HEADLINE,
        "caption": BlockKind.CAPTION,
        "comment": BlockKind.READER_COMMENT,
        "boilerplate": BlockKind.BOILERPLATE,
        "paragraph": BlockKind.PARAGRAPH,
    }
    hints = sorted((h for h in article.hints if h.role in roles), key=lambda h: h.start)
    result, at = list(kinds), 0
    for i, line in enumerate(lines):
        while at < len(hints) and hints[at].end <= line.start:
            at += 1
        if at < len(hints) and hints[at].start < line.end:
            body = hints[at].role == "paragraph" and not _is_furniture(line)
            if body or kinds[i] is not BlockKind.BOILERPLATE:
                result[i] = roles[hints[at].role]
    return result


def _mark_repeats(lines: Sequence[_Line], kinds: list[BlockKind]) -> list[BlockKind]:
    """Short blocks whose words stand together in a longer paragraph are pull quotes."""
    result = list(kinds)
    owners: dict[str, set[int]] = {}
    bags = [[w.lower() for w in _WORD.findall(line.text)] for line in lines]
    for i, bag in enumerate(bags):
        if kinds[i] in (BlockKind.PARAGRAPH, BlockKind.CAPTION):
            for pair in pairwise(bag):
                owners.setdefault(" ".join(pair), set()).add(i)
    first_headline = next((i for i, kind in enumerate(kinds) if kind is BlockKind.HEADLINE), -1)
    low, high = REPEAT_WORDS
    for i, bag in enumerate(bags):
        movable = kinds[i] in (BlockKind.PARAGRAPH, BlockKind.HEADLINE, BlockKind.CAPTION) and i != first_headline
        if movable and low <= len(bag) <= high and _repeats(i, bag, bags, owners):
            result[i] = BlockKind.PULL_QUOTE
    return result


def _repeats(i: int, bag: list[str], bags: Sequence[list[str]], owners: dict[str, set[int]]) -> bool:
    votes: dict[int, int] = {}
    pairs = [" ".join(pair) for pair in pairwise(bag)]
    for pair in pairs:
        holders = owners.get(pair, set())
        if len(holders) <= 20:  # a pair that stands everywhere tells nothing
            for j in holders:
                votes[j] = votes.get(j, 0) + 1
    for j, count in votes.items():
        longer = len(bags[j]) > len(bag) + 1 or (len(bags[j]) == len(bag) and j > i)
        shared = len(set(bag) & set(bags[j]))
        if j != i and longer and count >= len(pairs) / 2 and shared >= REPEAT_SHARE * len(set(bag)):
            return True
    return False
