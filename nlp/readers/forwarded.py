"""A message that is sent on within the text of another: what stood above it, its headers, and its own text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from functools import cache

import corpora
from nlp.readers.pieces import Piece

#: So many lines below its opener may be headers.
HEADER_LINES = 10
_HEADER = re.compile(r"\*?(?P<key>[A-Za-z-]{2,11}):\*?\s*(?P<value>.*)")


@dataclass(frozen=True, slots=True)
class SentOn:
    """The message that counts: the one sent on, else the one that was given. ``note_words`` stood above it."""

    pieces: tuple[Piece, ...]
    is_forward: bool = False
    note_words: int = 0
    title: str | None = None
    author: str | None = None
    published: str | None = None


def sent_on(pieces: Sequence[Piece]) -> SentOn:
    """What the blocks of a message send on; the last opener counts, as messages are sent on more than once."""
    lines = [(piece.role, line) for piece in pieces for line in (*piece.text.split("\n"), "")]
    opens = [index for index, (_, line) in enumerate(lines) if _opener().fullmatch(_unquoted(line))]
    for index in reversed(opens):
        found, below = _headers([_unquoted(line) for _, line in lines[index + 1 : index + 1 + 2 * HEADER_LINES]])
        body = lines[index + 1 + below :] if found else []
        if any(line.strip() for _, line in body):
            note = sum(len(line.split()) for _, line in lines[: opens[0]])
            return SentOn(
                _blocks(body), True, note, found.get("title"), _name(found.get("author")), found.get("published")
            )
    return SentOn(tuple(pieces))


def _unquoted(line: str) -> str:
    return line.lstrip("> \t").rstrip()


@cache
def _opener() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in corpora.lexicon("mail")["forwarded"]), re.IGNORECASE)


@cache
def _keys() -> Mapping[str, str]:
    named = corpora.lexicon("mail")["headers"]
    return {name.lower(): field for field, names in named.items() for name in names}


def _headers(lines: Sequence[str]) -> tuple[dict[str, str], int]:
    """The headers at the top of ``lines``, and how many lines they take."""
    found: dict[str, str] = {}
    end = 0
    for count, line in enumerate(lines, 1):
        match = _HEADER.fullmatch(line)
        field = _keys().get(match["key"].lower()) if match else None
        if match and field:
            found.setdefault(field, match["value"].strip())
            end = count
        elif line:
            break
    return found, end


def _blocks(lines: Sequence[tuple[str, str]]) -> tuple[Piece, ...]:
    """Lines to blocks again, parted where a line is empty."""
    blocks: list[Piece] = []
    open_lines: list[str] = []
    role = ""
    for role_here, line in (*lines, ("", "")):
        if line.strip():
            role = role if open_lines else role_here
            open_lines.append(_unquoted(line))
        elif open_lines:
            blocks.append(Piece(role, "\n".join(open_lines)))
            open_lines = []
    return tuple(blocks)


def _name(sender: str | None) -> str | None:
    name, address = parseaddr(sender or "")
    return name or address or None
