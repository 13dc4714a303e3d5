"""The lines of a web page as a browser lays them out, for pages of tables and line breaks that mark no paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml.html import HtmlElement

#: What holds nothing to read, or only what a visitor fills in.
_LEFT_OUT = frozenset(
    ["script", "style", "noscript", "template", "form", "nav", "select", "button", "svg", "iframe", "head"]
)
#: What stands within a line.
_INLINE = frozenset(
    ["a", "abbr", "acronym", "b", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd", "mark", "q",
     "s", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var"]
)  # fmt: skip
_SPACE = re.compile(r"[\s\xa0]+")


def lay_out(tree: HtmlElement) -> list[str]:
    """The lines of a page from the top, white space collapsed; forms, menus and scripts are left out."""
    rows = "".join(_text(tree)).split("\0")
    return [line for row in rows if (line := _SPACE.sub(" ", row).strip())]


def _text(tree: HtmlElement) -> Iterator[str]:
    """Text in order, with NUL where a line ends; a walk without recursion, as pages nest as deep as they like."""
    stack: list[HtmlElement | str] = [tree]
    while stack:
        node = stack.pop()
        if isinstance(node, str):
            yield node
            continue
        if not isinstance(node.tag, str) or node.tag in _LEFT_OUT:
            continue
        edge = "" if node.tag in _INLINE else "\0"
        stack.append(edge)
        for child in reversed(node):
            stack += [(child.tail or "").replace("\0", " "), child]
        stack.append(edge + (node.text or "").replace("\0", " "))
