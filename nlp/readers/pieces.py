"""The blocks of an article as a reader finds them, and the text that they make, with an empty line between them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from nlp.records import Hint

_SPACE = re.compile(r"[ \t\r\f\v\xa0]*\n[\s\xa0]*|[ \t\r\f\v\xa0]+")
#: A headline stands among the first blocks, or it is not in the text.
_TITLE_BLOCKS = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A block: ``role`` is that of a Hint, "" for running text."""

    role: str
    text: str


def tidy(text: str) -> str:
    """White space as a browser shows it: runs are one space, line breaks stay."""
    return _SPACE.sub(lambda m: "\n" if "\n" in m.group() else " ", text).strip()


def with_title(pieces: Sequence[Piece], title: str | None, *, headed: bool = False) -> list[Piece]:
    """The pieces with the headline marked, or put first where the body lacks it.

    ``headed``: a heading that opens the body is the headline, whatever the title says, as on a page.
    """
    if not title:
        return list(pieces)
    for index, piece in enumerate(pieces[:_TITLE_BLOCKS]):
        if piece.text.casefold() == title.casefold():
            return [*pieces[:index], Piece("title", piece.text), *pieces[index + 1 :]]
    if headed and pieces and pieces[0].role == "heading":
        return [Piece("title", pieces[0].text), *pieces[1:]]
    return [Piece("title", title), *pieces]


def join(pieces: Iterable[Piece]) -> tuple[str, tuple[Hint, ...]]:
    """The text of the article and the hints that point into it."""
    parts, hints, at = [], [], 0
    for piece in pieces:
        if piece.role:
            hints.append(Hint(piece.role, at, at + len(piece.text)))
        parts.append(piece.text)
        at += len(piece.text) + 2
    return "\n\n".join(parts), tuple(hints)


def plain(text: str, title: str | None) -> list[Piece]:
    """A plain text as it stands, in one piece; its first line is marked where that is the headline."""
    first, _, rest = text.strip().partition("\n")
    if title and rest and first.strip().casefold() == title.casefold():
        return [Piece("title", first.strip()), Piece("", rest.strip())]
    return [Piece("", text.strip())]
