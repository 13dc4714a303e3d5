"""What the stance cross-encoder reads of a statement: one line of text, the same in training and in use."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence

#: Stands between the statement and what the article prints around it.
CONTEXT = " || "


def premise(text: str, *, holder: str = "", before: str = "", after: str = "") -> str:
    """The statement, who holds it, and the sentences around it.

    The statement comes first: where the line is too long for the encoder, it is the context that is cut, and then
    the end of a long statement (one in twenty-five of the bank). White space is folded, as the encoder's
    tokenizer does not see it.
    """
    head = f"{holder}: {text}" if holder else text
    return " ".join(CONTEXT.join(part for part in (head, before, after) if part.strip()).split())


def overlapping(places: Sequence[tuple[int, int]], start: int, end: int) -> range:
    """The places that overlap a stretch, by index: they stand in order and apart."""
    first = bisect_right(places, start, key=lambda place: place[1])
    return range(first, max(first, bisect_left(places, end, key=lambda place: place[0])))


def premise_of(text: str, places: Sequence[tuple[int, int]], start: int, end: int, holder: str) -> str:
    """The premise of a stretch of an article: the sentences that it stands in, and one before and after.

    ``places`` are the offsets of all sentences, in order; an article that was never cut into blocks has none.
    """
    if not places:
        return premise(text[start:end], holder=holder)
    inside = overlapping(places, start, end)
    first = min(inside.start, len(places) - 1)
    last = max(inside.stop - 1, first)
    return premise(
        text[min(start, places[first][0]) : max(end, places[last][1])],
        holder=holder,
        before=text[slice(*places[first - 1])] if first else "",
        after=text[slice(*places[last + 1])] if last + 1 < len(places) else "",
    )
