"""The lines of a PDF joined to paragraphs: by gaps, indents, sizes and bullets; hyphens at line ends dealt with."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

import corpora
from nlp.readers.document_pieces import piece
from nlp.readers.pdf_lines import Line, width_of
from nlp.readers.pieces import Piece

#: Type so much larger than the text's is a heading, of at most so many words.
HEADING_SIZE = 1.15
HEADING_WORDS = 40
#: A gap so much larger than the usual one parts paragraphs.
GAP = 1.3
#: Room for a word is told from what is not known of widths by this share of the column's.
ROOM = 0.1
#: So many characters at a line's end hold its last word.
LONGEST_WORD = 60

_STOP = re.compile(r"[.!?…:][\"'”’)\]]*$")
_BULLET = re.compile(r"[•▪◦‣●–*-]\s|\(?(?:\d{1,2}|[a-z])[.)]\s")
_HYPHENED = re.compile(r"(?P<first>\w[\w’'-]*)(?<=\w)[-\u2010\u00ad]$")
_NEXT = re.compile(r"[\w’'-]+")
_WORDS = re.compile(r"\w+(?:[’'-]+\w+)*")


def paragraphs_of(lines: Sequence[Line]) -> list[Piece]:
    """The paragraphs and headings of a document; the first in the largest type of its first page is its title."""
    if not lines:
        return []
    body = _body_size(lines)
    known = Counter(word.casefold() for line in lines for word in _WORDS.findall(line.text))
    groups = list(_groups(lines))
    largest = max((group[0].size for group in groups if group[0].page == lines[0].page), default=body)
    pieces: list[Piece] = []
    for group in groups:
        text = _joined(group, known)
        heading = group[0].size >= HEADING_SIZE * body and len(text.split()) <= HEADING_WORDS
        first = heading and group[0].size == largest and not any(each.role == "title" for each in pieces)
        pieces += piece(text, "title" if first else "heading" if heading else "")
    return pieces


def _body_size(lines: Sequence[Line]) -> float:
    """The size in which most characters are set."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0]


def _groups(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """The lines of each paragraph."""
    leadings, widths = _leadings(lines), _widths(lines)
    group = [lines[0]]
    for above, line in pairwise(lines):
        if _begins(above, line, leadings, widths):
            yield group
            group = []
        group.append(line)
    yield group


def _leadings(lines: Sequence[Line]) -> dict[float, float]:
    """The distance from line to line by size of type: a small one, as gaps between paragraphs are among them."""
    gaps: dict[float, list[float]] = {}
    for above, line in pairwise(lines):
        if _in_flow(above, line) and above.size == line.size and above.y - line.y < 3 * line.size:
            gaps.setdefault(line.size, []).append(above.y - line.y)
    return {size: sorted(found)[len(found) // 5] for size, found in gaps.items()}


def _widths(lines: Sequence[Line]) -> dict[tuple[int, int], float]:
    """How wide the lines of a page's column are: nine of ten are no wider, as some are guessed too wide."""
    found: dict[tuple[int, int], list[float]] = {}
    for line in lines:
        found.setdefault((line.page, line.column), []).append(line.end - line.left)
    return {place: sorted(ends)[9 * len(ends) // 10] for place, ends in found.items()}


def _in_flow(above: Line, line: Line) -> bool:
    return above.page == line.page and above.column == line.column and above.y > line.y


def _begins(above: Line, line: Line, leadings: dict[float, float], widths: dict[tuple[int, int], float]) -> bool:
    """Whether a paragraph begins with the line."""
    if above.cells or line.cells:
        return True
    if abs(above.size - line.size) > 0.1 * max(above.size, line.size) or _BULLET.match(line.text):
        return True
    indented = line.x - line.left > 0.6 * line.size
    was_indented = above.x - above.left > 0.6 * above.size
    stopped = _STOP.search(above.text) is not None
    if not _in_flow(above, line):
        return stopped
    if above.y - line.y > GAP * max(leadings.get(line.size, 1.3 * line.size), line.size):
        return True
    return (indented and not was_indented) or _had_room(above, line, widths[above.page, above.column])


def _had_room(above: Line, line: Line, width: float) -> bool:
    """Whether the first word of a line would have fitted above: then what stands above ended there on purpose."""
    room = width - (above.end - above.left) - width_of(line.text.split(" ", 1)[0], line.size)
    stopped = _STOP.search(above.text) is not None
    return room > (ROOM if stopped else 2 * ROOM) * width and (stopped or not line.text[0].islower())


def _joined(group: Sequence[Line], known: Counter[str]) -> str:
    parts = [group[0].text]
    for line in group[1:]:
        first, after = _HYPHENED.search(parts[-1][-LONGEST_WORD:]), _NEXT.match(line.text)
        if first and after and line.text[0].isalnum():
            compound = _is_compound(first["first"], after[0], parts[-1][-1], known)
            parts[-1:] = [parts[-1][:-1], "-" if compound else "", line.text]
        else:
            parts += [" ", line.text]
    return "".join(parts)


@cache
def _parts(name: str) -> frozenset[str]:
    return frozenset(corpora.lexicon("compounds")[name])


def _is_compound(before: str, after: str, hyphen: str, known: Counter[str]) -> bool:
    """Whether the hyphen at a line's end is the word's own: as elsewhere in the document, else by its parts."""
    if hyphen == "\u00ad":
        return False
    whole, compound = f"{before}{after}".casefold(), f"{before}-{after}".casefold()
    if known[whole] or known[compound]:
        return known[compound] >= known[whole]
    if not before[-1].isalpha() or before.isupper() or after[0].isupper() or "-" in before:
        return True
    last = re.split(r"[-’']", before)[-1].casefold()
    return last in _parts("first") or re.split(r"[-’']", after)[0].casefold() in _parts("second")
