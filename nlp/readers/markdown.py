"""Markdown (CommonMark 0.31, without its rarer parts): front matter gives the metadata, marks are taken off.

A quotation is quoted to the letter, so no mark may stay in the text; line breaks within a paragraph are spaces.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace

from nlp.errors import UnreadableError
from nlp.readers.decoding import decode
from nlp.readers.formats import ReadNested
from nlp.readers.items import make_article
from nlp.readers.pieces import Piece
from nlp.readers.reading import Reading
from nlp.readers.rows import item_of
from nlp.readers.telling import front_matter

_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]|$)")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-{2,})[ \t]*$")
_RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})$")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]+(?P<text>.*)")
_NUMBER = re.compile(r"[ \t]*([0-9]{1,9}[.)])")
_QUOTE = re.compile(r"^(?: {0,3}> ?)+")
_REFERENCE = re.compile(r" {0,3}\[[^\]\n]{1,200}\]:[ \t]*\S+")
_TABLE_RULE = re.compile(r"[ \t]*\|?(?:[ \t]*:?-+:?[ \t]*\|)+(?:[ \t]*:?-+:?[ \t]*)?$")

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_IMAGE = re.compile(r"!\[[^\]\n]{0,300}\](?:\([^()\n]{0,1000}\)|\[[^\]\n]{0,200}\])")
_LINK = re.compile(r"\[([^\[\]\n]{1,500})\](?:\([^()\s]{0,1000}(?:\s+\"[^\"\n]{0,300}\")?\)|\[[^\]\n]{0,200}\])")
_AUTOLINK = re.compile(r"<((?:https?://|mailto:)[^\s<>]{1,1000})>")
_TAG = re.compile(r"</?[A-Za-z][^<>\n]{0,500}>")
_EMPHASIS = (
    re.compile(r"(\*{1,3})(?=[^\s*])([^*\n]{0,2000}[^\s*])\1"),
    re.compile(r"(?<![\w_])(_{1,3})(?=[^\s_])([^\n]{0,300}?[^\s_])\1(?![\w_])"),
    re.compile(r"(~~)(?=\S)([^~\n]{0,2000}\S)\1"),
    re.compile(r"(`+)([^`\n]{1,2000})\1"),
)
#: Escaped marks wait as characters of a private area until the others are gone.
_PRIVATE = 0xF0000


def read(data: bytes, *, source: str, nested: ReadNested) -> Reading:
    """A Markdown file is one article. Raises UnreadableError when there is no text in it."""
    text = decode(data)[0].removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    front = front_matter(text)
    pieces = list(_pieces(text[front.end() :] if front else text))
    if not pieces:
        raise UnreadableError("holds no text below its front matter", do="give a file with an article in it")
    stated = _front(front["mark"], front["keys"]) if front else {}
    item = item_of({**stated, "text": "x", "html": ""}, place=source)
    title = item.title or next((piece.text for piece in pieces[:1] if piece.role == "heading"), None)
    item = replace(item, pieces=pieces, title=title, source=item.url or source)
    return Reading(format="markdown", articles=(make_article(item, reader="markdown/1"),))


def _front(mark: str, keys: str) -> dict[str, object]:
    """The values of the front matter; of YAML only the lines "key: value" and lists below a key."""
    if mark == "+++":
        try:
            return {name: _plain_value(value) for name, value in tomllib.loads(keys).items()}
        except (tomllib.TOMLDecodeError, RecursionError):
            return {}
    found: dict[str, object] = {}
    last = ""
    for row in keys.split("\n"):
        name, colon, value = row.partition(":")
        if row.strip().startswith("- ") and last:
            found[last] = [*_as_list(found[last]), _unquoted(row.strip()[2:])]
        elif colon and name == name.strip() and not name.startswith("#"):
            last = name
            found[name] = _inline_list(value) if value.strip().startswith("[") else _unquoted(value)
    return found


def _plain_value(value: object) -> object:
    return value if isinstance(value, (str, int, float, list)) else str(value)


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value] if value else []


def _inline_list(value: str) -> object:
    return [_unquoted(part) for part in value.strip().strip("[]").split(",") if part.strip()]


def _unquoted(value: str) -> str:
    bare = value.strip()
    return bare[1:-1] if len(bare) > 1 and bare[0] == bare[-1] and bare[0] in "\"'" else bare


def _pieces(text: str) -> Iterator[Piece]:
    """The blocks of a Markdown text, without marks."""
    open_lines: list[str] = []
    fenced = False
    for row in (*_COMMENT.sub("", text).split("\n"), ""):
        line = _QUOTE.sub("", row, count=1) if not fenced else row
        if _FENCE.match(line):
            fenced = not fenced
            continue
        underlined = open_lines and len(open_lines) == 1 and _UNDERLINE.match(line)
        if underlined and not _ITEM.match(open_lines[0]):
            yield from _piece("heading", [open_lines.pop()])
        elif heading := _HEADING.match(line):
            yield from _piece("", open_lines)
            yield from _piece("heading", [line[heading.end() :].strip().rstrip("#").rstrip()])
            open_lines = []
        elif not line.strip() or _RULE.match(line) or _REFERENCE.match(line) or _TABLE_RULE.match(line):
            yield from _piece("", open_lines)
            open_lines = []
        elif _ITEM.match(line) or _is_row(line):
            yield from _piece("", open_lines)
            open_lines = [line]
        else:
            open_lines.append(line)
    yield from _piece("", open_lines)


def _is_row(line: str) -> bool:
    return line.strip().startswith("|") and line.strip().endswith("|") and line.count("|") > 2


def _piece(role: str, lines: list[str]) -> Iterator[Piece]:
    if not lines:
        return
    text = " ".join(line.strip().removesuffix("\\") for line in lines)
    item, number = _ITEM.match(text), _NUMBER.match(text)
    if _is_row(text):
        text = " | ".join(cell.strip() for cell in text.strip().strip("|").split("|"))
    bare = _without_marks(item["text"] if item and not role else text)
    if bare:
        yield Piece(role, f"{number[1] if number else '•'} {bare}" if item and not role else bare)


def _without_marks(text: str) -> str:
    bare = _ESCAPED.sub(lambda m: chr(_PRIVATE + ord(m[1])), text)
    bare = _LINK.sub(r"\1", _IMAGE.sub("", bare))
    bare = _TAG.sub("", _AUTOLINK.sub(r"\1", bare))
    for pattern in _EMPHASIS:
        bare = pattern.sub(r"\2", pattern.sub(r"\2", bare))
    shown = (chr(ord(c) - _PRIVATE) if _PRIVATE <= ord(c) < _PRIVATE + 128 else c for c in bare)
    return " ".join("".join(shown).split())
