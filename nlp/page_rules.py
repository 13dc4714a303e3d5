"""A first reading of a page from the top, by rules: furniture, headline, standfirst, byline, body, links, comments.

Lexicons of patterns say what a line is; its place says the rest. The block model reads this guess beside the page.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from nlp.page_lines import Line
from nlp.records import BlockKind

HEADLINE_WORDS = 24
CROSSHEAD_WORDS = 12
#: So much of the body must stand above a line that opens the comments ("3 comments" under the headline does not).
BODY_WORDS_ABOVE = 12
#: Of all the sentences of the page, so much stands above the comments, unless they are many and the body is brief.
BODY_SHARE_ABOVE = 0.2


def place(lines: Sequence[Line], opened: int) -> list[BlockKind]:
    """Kinds by pattern and by place on the page; ``opened`` is the line that opens the comments."""
    first = _first_prose(lines)
    top = _top(lines[:first], lines[first : first + 6])
    return [*top, *_below(lines[first:], opened - first)]


def comments_start(lines: Sequence[Line]) -> int:
    """Index of the line that opens the comments below the body; their number where none does.

    Where several lines may open them, a link above the body ("Comments (14)" under a cookie notice) is not taken for
    the heading below it, nor is an entry of a live page ("From the comments", with times of day below).
    """
    body, above = 0, []
    for line in lines:
        above.append(body)
        body += len(line.words) if line.stopped and not line.is_furniture and not line.is_caption else 0
    opening = [i for i, line in enumerate(lines) if above[i] >= BODY_WORDS_ABOVE and line.opens_comments]
    last_time = max((i for i, line in enumerate(lines) if line.is_time), default=-1)
    below = [i for i in opening if above[i] >= BODY_SHARE_ABOVE * body and i > last_time]
    return next(iter(below or opening), len(lines))


def _first_prose(lines: Sequence[Line]) -> int:
    """Index of the first paragraph: prose that is neither furniture nor a standfirst above a byline."""
    comments = next((i for i, line in enumerate(lines) if i and line.opens_comments), len(lines))
    prose = [i for i, line in enumerate(lines[:comments]) if line.is_prose and not line.is_furniture]
    if not prose and comments < len(lines):  # a brief: a sentence or two above its comments
        prose = [i for i, line in enumerate(lines[:comments]) if line.stopped and not line.is_furniture]
    prose = prose or [i for i, line in enumerate(lines) if line.is_prose and not line.is_furniture]
    if not prose:
        return len(lines)
    first = prose[0]
    for later in prose[1:3]:
        between = lines[first + 1 : later]
        if between and later <= first + 4 and any(line.is_byline for line in between):
            return later
    return first


def content(lines: Iterable[Line]) -> set[str]:
    """The words that carry meaning, in lower case."""
    return {low for line in lines for w, low in zip(line.words, line.lower, strict=True) if len(w) > 3 or w.isupper()}


def _top(lines: Sequence[Line], body: Sequence[Line]) -> list[BlockKind]:
    """Above the first paragraph: the line that shares most with the body is the headline."""
    kinds = [BlockKind.BOILERPLATE] * len(lines)
    body_words = content(body)
    shared = [0] * len(lines)
    for i, line in enumerate(lines):
        if line.is_furniture or line.is_byline:
            continue
        if line.is_caption:
            kinds[i] = BlockKind.CAPTION
        elif len(line.words) <= HEADLINE_WORDS and not line.text.endswith((".", ":")):
            shared[i] = len(content([line]) & body_words)
    # a long standfirst may share more words than the headline above it
    enough = max(1, max(shared, default=0) / 2)
    headline = next((i for i, count in enumerate(shared) if count >= enough), -1)
    if headline < 0:  # a title such as "A tectonic shift" shares no word with what follows
        headline = max((i for i, line in enumerate(lines) if could_title(line)), default=-1)
    if headline >= 0:
        kinds[headline] = BlockKind.HEADLINE
    for i in range(headline + 1, len(lines)):
        line = lines[i]
        bare = kinds[i] is BlockKind.BOILERPLATE and not line.is_furniture and not line.is_byline
        if bare and len(line.words) >= 4:
            kinds[i] = BlockKind.PARAGRAPH if line.stopped else BlockKind.STANDFIRST
    return kinds


def could_title(line: Line) -> bool:
    """Whether the line may be a title by its looks alone."""
    fits = 3 <= len(line.words) <= HEADLINE_WORDS and not line.stopped
    return fits and not line.is_furniture and not line.is_byline


def _below(lines: Sequence[Line], opened: int) -> list[BlockKind]:
    """From the first paragraph on: body, links, furniture and, below the line ``opened``, comments."""
    kinds: list[BlockKind] = []
    in_links = False
    for i, line in enumerate(lines):
        in_comments = i > opened
        if i == opened or line.is_furniture or (in_comments and line.opens_comments):
            kind = BlockKind.BOILERPLATE
        elif in_comments:
            kind = BlockKind.READER_COMMENT
        elif line.is_byline:
            kind = BlockKind.BOILERPLATE
        elif line.is_caption:
            kind = BlockKind.CAPTION
        else:
            kind = body_kind(line, in_links)
        in_links = line.opens_links or (in_links and kind is BlockKind.BOILERPLATE)
        kinds.append(BlockKind.BOILERPLATE if line.opens_links and not in_comments else kind)
    return kinds


def body_kind(line: Line, in_links: bool = False) -> BlockKind:
    """Paragraph or crosshead; ``in_links`` says that a list of links stands above."""
    asks = line.text.endswith("?") and len(line.words) <= CROSSHEAD_WORDS and line.text[:1].isupper()
    quoted = line.text[:1] in "‘“'\"" and line.text[-1:] in "’”'\"" and len(line.words) <= 6
    if quoted and line.text[-2:-1].isalnum():  # a crosshead such as 'Uncertainty and concern'
        return BlockKind.BOILERPLATE if in_links else BlockKind.HEADLINE
    stopped = (line.stopped and not asks) or line.text.endswith((",", " said", " says"))
    marked = line.text[:1] in "•-*–“‘\"'" or line.text[:1].islower()
    if stopped or len(line.words) > CROSSHEAD_WORDS or marked:
        return BlockKind.BOILERPLATE if in_links and not line.is_prose and not line.stopped else BlockKind.PARAGRAPH
    return BlockKind.BOILERPLATE if in_links else BlockKind.HEADLINE
