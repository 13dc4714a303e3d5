"""Cuts a stretch of text at the edges of what is marked in it; templates then escape and wrap each piece."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from nlp.records import Block, Span


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch to mark: half-open code-point offsets, what it is, and the anchor that leads to it."""

    start: int
    end: int
    kind: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Piece:
    """Text under the same marks throughout; ``anchors`` begin here, ``kinds`` is empty outside of marks."""

    text: str
    kinds: tuple[str, ...] = ()
    anchors: tuple[str, ...] = ()


def marks_of(spans: Iterable[Span], kind: str, anchor: str = "") -> list[Mark]:
    """One mark a span; the anchor stands at the first."""
    return [Mark(span.start, span.end, kind, anchor if not index else "") for index, span in enumerate(spans)]


def cut(text: str, start: int, end: int, marks: Iterable[Mark]) -> list[Piece]:
    """``text[start:end]`` in pieces, in order; marks may overlap and are clipped to the stretch."""
    clipped = [(max(m.start, start), min(m.end, end), m) for m in marks if m.start < end and m.end > start]
    opening: dict[int, list[Mark]] = defaultdict(list)
    closing: dict[int, list[Mark]] = defaultdict(list)
    for first, last, mark in clipped:
        opening[first].append(mark)
        closing[last].append(mark)
    edges = sorted({start, end, *opening, *closing})
    active: dict[Mark, int] = defaultdict(int)
    pieces: list[Piece] = []
    for here, following in pairwise(edges):
        for mark in closing[here]:
            active[mark] -= 1
            if not active[mark]:
                del active[mark]
        for mark in opening[here]:
            active[mark] += 1
        kinds = tuple(dict.fromkeys(mark.kind for mark in active))
        anchors = tuple(dict.fromkeys(m.anchor for m in opening[here] if m.anchor and m.start >= start))
        pieces.append(Piece(text[here:following], kinds, anchors))
    return pieces


def marked_words(text: str, words: Iterable[str], kind: str = "said") -> tuple[Piece, ...]:
    """The text with the first place of each of these words marked; what does not stand in it marks nothing."""
    found = ((text.find(each), len(each)) for each in words if each)
    return tuple(cut(text, 0, len(text), [Mark(at, at + length, kind) for at, length in found if at >= 0]))


def block_at(blocks: Sequence[Block], offset: int) -> Block | None:
    """The block that holds the offset, among blocks in the order of the text."""
    index = bisect_right(blocks, offset, key=lambda block: block.start) - 1
    return blocks[index] if index >= 0 and offset < blocks[index].end else None


def marks_by_block(blocks: Sequence[Block], marks: Iterable[Mark]) -> dict[Block, list[Mark]]:
    """The marks that begin in each block; a mark never leaves its paragraph."""
    found: dict[Block, list[Mark]] = defaultdict(list)
    for mark in marks:
        block = block_at(blocks, mark.start)
        if block is not None:
            found[block].append(mark)
    return found
