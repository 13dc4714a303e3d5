"""A briefing as Markdown (CommonMark with tables), in which an article's words can be nothing but words.

What would make a link, an image, HTML or emphasis is escaped. Addresses without brackets, which many renderers turn
into links by themselves, are broken by an empty comment, as a backslash does not stop all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from api.briefing.layout import Heading, Items, Kind, Paragraph, Part, Run, Runs, Table

_SPECIAL = re.compile(r"([\\`*_\[\]<>&|~$^])")
#: What begins an address for renderers that make links by themselves, and where it is broken.
_ADDRESS = re.compile(r"(?<=[A-Za-z])(?=://)|(?<=www)(?=\.)|(?<=:)(?=//)|(?<=@)(?=[A-Za-z0-9])", re.IGNORECASE)
_SCHEME = re.compile(r"\b(mailto|xmpp)(?=:)", re.IGNORECASE)
BREAK = "<!-- -->"
#: What begins a heading, a list, a rule or a quotation at the start of a line.
_OPENER = re.compile(r"^([#+\-=>]|\d{1,9}(?=[.)]))")


def write_markdown(parts: tuple[Part, ...]) -> str:
    """The document, one part a paragraph."""
    return "\n\n".join(text for part in parts for text in _part(part)) + "\n"


def _part(part: Part) -> Iterator[str]:
    match part:
        case Heading(level, text):
            yield f"{'#' * level} {_runs(text)}"
        case Paragraph(runs):
            yield _at_start(_runs(runs))
        case Items(items, numbered):
            signs = (f"{number}." if numbered else "-" for number in range(1, len(items) + 1))
            yield "\n".join(f"{sign} {_at_start(_runs(runs))}" for sign, runs in zip(signs, items, strict=True))
        case Table(_, heads, rows):
            lines = [heads, ["---"] * len(heads), *([_runs(cell) for cell in row] for row in rows)]
            yield "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _runs(runs: Runs) -> str:
    return "".join(_run(run) for run in runs).strip()


def _run(run: Run) -> str:
    match run.kind:
        case Kind.LINK:
            return f"<{_address(run.text)}>"
        case Kind.STRONG:
            return f"**{escape(run.text)}**"
        case Kind.CITE:
            return run.text.replace("[", r"\[").replace("]", r"\]")
        case _:
            return escape(run.text)


def escape(text: str) -> str:
    """The text as Markdown that is read as this text and nothing else.

    >>> escape("[a](b) <i> www.x.org")
    '\\\\[a\\\\](b) \\\\<i\\\\> www<!-- -->.x.org'
    """
    marked = _ADDRESS.sub("\0", _SCHEME.sub("\\1\0", text))
    return _SPECIAL.sub(r"\\\1", marked).replace("\0", BREAK)


def _at_start(text: str) -> str:
    return _OPENER.sub(lambda found: rf"\{found[1]}" if not found[1].isdecimal() else f"{found[1]}{BREAK}", text)


def _address(url: str) -> str:
    """An address that ends where its brackets end."""
    return "".join(f"%{ord(char):02X}" if char in '<>\\ |`"' else char for char in url)
