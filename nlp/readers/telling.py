"""What tells a format by its text: the shape of its first lines, never the name of the file."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from nlp.readers.field_names import is_article_like

if TYPE_CHECKING:
    from nlp.readers.formats import Content

_ROOT = re.compile(
    r"(?>\s+|\ufeff|<!--(?>.*?-->)|<\?(?>.*?\?>)|<!DOCTYPE(?>[^\[>]*)(?>\[.*?\]\s*)?>)*+<(?:[\w.-]+:)?(?P<name>[\w.-]+)",
    re.DOTALL | re.IGNORECASE,
)
_FEEDS = frozenset(["rss", "rdf", "feed"])
_NEWSML = frozenset(["newsitem", "newsmessage", "packageitem", "conceptitem", "knowledgeitem"])

# A header block of RFC 5322: no key of it holds a space, which keys of a text's own header may.
_HEADERS = re.compile(r"(?:From [^\n]{1,200}\n)?(?P<block>(?:[!-9;-~]{1,76}:[^\n]*\n(?:[ \t][^\n]*\n)*)+)(?:\r?\n|\Z)")
_HEADER_NAME = re.compile(r"^([!-9;-~]{1,76}):", re.MULTILINE)
_OF_MAIL = frozenset(["mime-version", "message-id", "received", "return-path", "dkim-signature", "content-type"])
_OF_DELIVERY = frozenset(["to", "received", "delivered-to", "return-path", "message-id"])
_RELATED = re.compile(r"^Content-Type:\s*multipart/related", re.MULTILINE | re.IGNORECASE)

_JSON_OBJECT = re.compile(r"\s*(?:\[\s*)?\{\s*(?:\"[^\"\n]{0,80}\"\s*:|\})")
#: Lines of JSON that are looked at; the first may be broken.
_LINES = 5

_NINJS_KEYS = frozenset(
    ["pubstatus", "versioncreated", "headline", "headlines", "bodies", "body_text", "body_xhtml", "body_html",
     "copyrightholder", "representationtype"]
)  # fmt: skip

_DELIMITERS = ",;\t|"
SEPARATOR_LINE = re.compile(r"\ufeff?\"?sep=(?P<mark>[,;\t|])\"?(?:\r\n|\r|\n)", re.IGNORECASE)
#: A header cell is a name, not a sentence.
_CELL_CHARACTERS = 40

_FRONT = re.compile(r"\ufeff?(?P<mark>---|\+\+\+)[ \t]*\r?\n(?P<keys>(?:[^\n]*\n){1,60}?)(?P=mark)[ \t]*(?:\r?\n|\Z)")
_KEYED = re.compile(r"^[\w -]{1,30}\s*[:=]", re.MULTILINE)
_MARKS = re.compile(
    r"^#{1,6}[ \t]+\S|^(?:={3,}|```)[ \t]*$|!?\[[^\]\n]{1,300}\]\([^()\s]{1,1000}\)"
    r"|\*\*[^\s*][^*\n]{0,300}\*\*|__[^\s_][^_\n]{0,300}__",
    re.MULTILINE,
)
_HEADING_FIRST = re.compile(r"\ufeff?\s*#{1,6}[ \t]+\S")


def is_feed(content: Content) -> bool:
    """RSS (0.9 to 2.0), or Atom: by the root element."""
    return _root(content) in _FEEDS


def is_newsml(content: Content) -> bool:
    """NewsML-G2: by the root element."""
    return _root(content) in _NEWSML


def _root(content: Content) -> str:
    match = _ROOT.match(content.start)
    return match["name"].lower() if match else ""


def is_mail(content: Content) -> bool:
    """A message: it opens with headers, one of which only a mail has, and names a sender or a subject."""
    names = _header_names(content)
    return bool(names & _OF_MAIL) and bool(names & {"from", "subject"})


def is_mhtml(content: Content) -> bool:
    """A saved page: a message of related parts that was sent to nobody."""
    names = _header_names(content)
    return bool(names) and not names & _OF_DELIVERY and _RELATED.search(content.start) is not None


def _header_names(content: Content) -> frozenset[str]:
    block = _HEADERS.match(content.start.replace("\r\n", "\n"))
    return frozenset(name.lower() for name in _HEADER_NAME.findall(block["block"])) if block else frozenset()


def is_json(content: Content) -> bool:
    """JSON, whole or broken off, of an object or of a list of objects."""
    return _JSON_OBJECT.match(content.start) is not None


def is_json_feed(content: Content) -> bool:
    """JSON Feed: by the address of its version."""
    found = content.json
    return isinstance(found, dict) and "jsonfeed.org/version" in str(found.get("version"))[:200]


def is_ninjs(content: Content) -> bool:
    """IPTC ninjs, one item or a list of them: by "uri" and a key of its own."""
    found = content.json
    first = found[0] if isinstance(found, list) and found else found
    return isinstance(first, dict) and _is_ninjs_item(first)


def _is_ninjs_item(item: Mapping[str, object]) -> bool:
    names = {str(name).lower() for name in item}
    return "uri" in names and bool(names & _NINJS_KEYS)


def is_jsonl(content: Content) -> bool:
    """JSON Lines of articles, or a list of them: by the names of the keys."""
    if not is_json(content):
        return False
    if isinstance(content.json, list):
        return any(_is_row(row) for row in content.json[:_LINES])
    lines = content.data.lstrip(b"\xef\xbb\xbf \t\r\n").split(b"\n", _LINES)[:_LINES]
    return any(_is_row(_loaded(line)) for line in lines)


def _is_row(value: object) -> bool:
    # An analysis that Standpoint wrote carries its text too, and is no article.
    return isinstance(value, dict) and "text_sha256" not in value and is_article_like([str(name) for name in value])


def _loaded(line: bytes) -> object:
    try:
        return json.loads(line.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None


def is_table(content: Content) -> bool:
    """CSV and its kin: the first line names columns of articles."""
    return table_dialect(content.start) is not None


def table_dialect(text: str) -> str | None:
    """What stands between the columns of a table of articles; None where the first line is no header of one."""
    stated, first = SEPARATOR_LINE.match(text), re.split(r"[\r\n]", without_separator(text), maxsplit=1)[0]
    if stated:
        return stated["mark"] if _is_header(_cells(first, stated["mark"])) else None
    fitting = [mark for mark in _DELIMITERS if _is_header(_cells(first, mark))]
    return max(fitting, key=first.count, default=None)


def without_separator(text: str) -> str:
    """A table without the line "sep=;" that Excel reads above the header."""
    return SEPARATOR_LINE.sub("", text.removeprefix("\ufeff"), count=1)


def _cells(line: str, mark: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=mark), [])
    except csv.Error:
        return []


def _is_header(cells: Sequence[str]) -> bool:
    return len(cells) > 1 and all(len(cell) <= _CELL_CHARACTERS for cell in cells) and is_article_like(cells)


def is_markdown(content: Content) -> bool:
    """Markdown: front matter, a heading first, or marks in two places."""
    text = content.start.replace("\r\n", "\n")
    if front_matter(text):
        return True
    marks = sum(1 for _ in zip(_MARKS.finditer(text), range(2), strict=False))
    return bool(marks) and (marks > 1 or _HEADING_FIRST.match(text) is not None)


def front_matter(text: str) -> re.Match[str] | None:
    """The front matter of a text, between lines of "---" (YAML) or "+++" (TOML); group "keys" is what they hold."""
    match = _FRONT.match(text)
    return match if match and _KEYED.search(match["keys"]) else None
