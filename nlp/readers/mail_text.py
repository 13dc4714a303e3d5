"""Plain text of messages, whose lines programs break at some seventy characters: paragraphs are put together again."""

from __future__ import annotations

import re
from email.message import Message

#: Lines between these widths, one after the other, were broken by a program; shorter ones by a person.
NARROWEST, WIDEST = 55, 80

_QUOTED = re.compile(r"^(?:> ?)+", re.MULTILINE)
_SIGNATURE = re.compile(r"\n-- \n.*", re.DOTALL)


def unwrap(text: str, part: Message) -> str:
    """The text with whole paragraphs: by RFC 3676 where it says "format=flowed", else where all lines are full."""
    bare = _SIGNATURE.sub("\n", text) if text.count("\n-- \n") == 1 else text
    if _all_quoted(bare):
        bare = _QUOTED.sub("", bare)
    flowed = str(part.get_param("format") or "").lower() == "flowed"
    paragraphs = re.split(r"\n[ \t]*(?:\n[ \t]*)+", bare.strip())
    return "\n\n".join(_flow(paragraph) if flowed else _join_full(paragraph) for paragraph in paragraphs)


def _all_quoted(text: str) -> bool:
    lines = [line for line in text.split("\n") if line.strip()]
    return len(lines) > 1 and all(line.startswith(">") for line in lines)


def _flow(paragraph: str) -> str:
    """A line that ends in a space goes on in the next; a space at the start was stuffed in."""
    lines = [line.removeprefix(" ") for line in paragraph.split("\n")]
    return "".join(line if line.endswith(" ") else f"{line}\n" for line in lines).strip()


def _join_full(paragraph: str) -> str:
    lines = [line.strip() for line in paragraph.split("\n")]
    full = len(lines) > 1 and all(NARROWEST <= len(line) <= WIDEST for line in lines[:-1])
    return " ".join(lines) if full and len(lines[-1]) <= WIDEST else "\n".join(lines)
