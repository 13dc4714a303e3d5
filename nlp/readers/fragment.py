"""The blocks of marked-up text that is known to be an article: the body of a feed's entry, of a news item, of a letter.

Nothing is chosen here: whoever gives such a body has already left out what stands around it on a page. Names of
elements are those of HTML and of NITF, with or without a namespace.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree
from lxml.html import HTMLParser, document_fromstring

from nlp.errors import UnreadableError
from nlp.readers.pieces import Piece, tidy

_LEFT_OUT = frozenset(
    ["script", "style", "noscript", "template", "form", "nav", "select", "button", "svg", "iframe", "head", "object"]
)
#: What stands within a line, in HTML and in NITF.
_INLINE = frozenset(
    ["a", "abbr", "acronym", "b", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark", "q",
     "s", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "img", "wbr", "bdi", "bdo",
     "alt-code", "chron", "classifier", "event", "function", "lang", "location", "money", "num", "object.title", "org",
     "person", "pronounce", "virtloc"]
)  # fmt: skip
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "hl1", "hl2")
_CAPTIONS = ("figcaption", "caption", "media-caption")
_ROLES = {**dict.fromkeys(_HEADINGS, "heading"), **dict.fromkeys(_CAPTIONS, "caption")}
_CELLS = frozenset(["td", "th"])
#: A row of more cells is no line that anybody reads.
CELLS = 50
CELL_CHARACTERS = 80
_SPACE = re.compile(r"[\s\xa0]+")
_EMPTY_LINE = re.compile(r"\n[ \xa0]*(?:\n[ \xa0]*)+")


def fragment(text: str) -> list[Piece]:
    """The blocks of a piece of HTML, in order; none where it shows nothing."""
    if not text.strip():
        return []
    try:
        tree = document_fromstring(
            f"<div>{text}</div>".encode("utf-8", "replace"),
            parser=HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True),
        )
    except etree.LxmlError:
        raise UnreadableError("holds HTML that cannot be read") from None
    return pieces_of(tree)


def words_of(text: str) -> str:
    """A line with marks of HTML in it, such as a feed's title, as a reader sees it."""
    return " ".join(_SPACE.sub(" ", piece.text) for piece in fragment(text))


def pieces_of(tree: etree._Element) -> list[Piece]:
    """The blocks below an element, in order, each with its role in the layout."""
    found = _Blocks()
    # A walk without recursion, as hostile pages nest as deep as they like.
    stack: list[etree._Element | str | _End] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            found.parts.append(_SPACE.sub(" ", node))
        elif isinstance(node, _End):
            found.close(node.role)
        else:
            stack.extend(reversed(list(_enter(node, found))))
    found.close("")
    return found.done


class _End:
    """The end of a block: ``role`` is that of what it stands in."""

    def __init__(self, role: str) -> None:
        self.role = role


class _Blocks:
    """What was found so far, and the block that is open."""

    def __init__(self) -> None:
        self.done: list[Piece] = []
        self.parts: list[str] = []
        self.role, self.bullet = "", False
        self.lines: set[etree._Element | None] = set()  # the rows of tables that read as lines

    def close(self, role: str) -> None:
        """End the open block; the next one has ``role``."""
        for text in _EMPTY_LINE.split("".join(self.parts)):
            if line := tidy(text):
                self.done.append(Piece(self.role, f"• {line}" if self.bullet else line))
                self.bullet = False
        self.parts, self.role = [], role


def _enter(element: etree._Element, found: _Blocks) -> Iterator[etree._Element | str | _End]:
    """What stands in an element; blocks are opened as they are entered."""
    name = local_name(element)
    if name in _LEFT_OUT or not name:
        return
    if name == "br":
        found.parts.append("\n")
        return
    inline = name in _INLINE or (name in _CELLS and element.getparent() in found.lines)
    if not inline:
        outer = found.role
        found.close(_ROLES.get(name, outer))
        found.bullet = found.bullet or name == "li"
        if name == "tr" and _is_line(element):
            found.lines.add(element)
    elif name in _CELLS and "".join(found.parts).strip():
        found.parts.append(" | ")
    yield element.text or ""
    for child in element:
        yield child
        yield child.tail or ""
    if not inline:
        yield _End(outer)


def _is_line(row: etree._Element) -> bool:
    """Whether a row of a table reads as a line: tables that lay out a page have blocks in their cells."""
    cells = list(islice(row, CELLS + 1))
    return 1 < len(cells) <= CELLS and all(
        len(c.text or "") <= CELL_CHARACTERS and all(local_name(e) in _INLINE for e in c) for c in cells
    )


def local_name(element: etree._Element) -> str:
    """The name of an element in lower case without its namespace; "" for what is no element."""
    return element.tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(element.tag, str) else ""
