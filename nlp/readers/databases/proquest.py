"""ProQuest's text export: items between rules of "____", each with "Full text:" and lines of "Key: value".

Files saved as "Citation, abstract and indexing" hold no full text: each such item is skipped and named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import corpora
from nlp.readers.databases.cuttings import (
    Cutting,
    Export,
    Fields,
    dated,
    genre_of,
    held,
    in_order,
    paragraphs,
    web_address,
)
from nlp.readers.dates import read_date
from nlp.records import PartialDate

_RULE = re.compile(r"\s*_{20,}\s*")
_NUMBERED = re.compile(r"\s*Document \d+ of (?P<count>\d+)\s*")
_TEXT = re.compile(r"\s*Full[ -]text:\s*(?P<value>.*)", re.IGNORECASE)
_NONE = re.compile(r"(?:Not available|None|No full text)\b.{0,40}", re.IGNORECASE)
_COVER = re.compile(
    r"\s*(?:Report Information from ProQuest|Table of contents|Contact us at:.*|Database copyright.*)\s*"
)
_ABSTRACT = re.compile(r"\s*Abstract(?: \(summary\))?:\s*\S.*", re.IGNORECASE)

#: From so many words on a line that ends in a stop is prose.
PROSE_WORDS = 8


@cache
def _words() -> Mapping[str, Any]:
    found: Mapping[str, Any] = corpora.lexicon("cuttings")["proquest"]
    return found


@cache
def _key() -> re.Pattern[str]:
    names = sorted({name for group in _words().values() for name in group}, key=len, reverse=True)
    return re.compile(rf"\s*(?P<key>{'|'.join(map(re.escape, names))})\s*:\s*(?P<value>.*)", re.IGNORECASE)


def is_export(lines: Sequence[str]) -> bool:
    """Whether there is a rule, and a full text or an item's number of ProQuest."""
    ruled = any(map(_RULE.fullmatch, lines))
    keyed = any(_TEXT.match(line) or re.match(r"\s*ProQuest document (?:ID|link)", line) for line in lines)
    cover = any(map(_NUMBERED.fullmatch, lines)) or any("Report Information from ProQuest" in line for line in lines)
    return (ruled and (keyed or cover)) or (keyed and cover)


def split(lines: Sequence[str]) -> Export:
    """The items of an export, in order."""
    counts = [int(match["count"]) for line in lines if (match := _NUMBERED.fullmatch(line))]
    return Export(cuttings=[_cutting(item) for item in _items(lines)], declared=counts[0] if counts else None)


def _items(lines: Sequence[str]) -> Iterator[list[str]]:
    """The lines of each item. A rule inside an article ends none: its lines of keys come below it."""
    item: list[str] = []
    began = ended = False
    for part in _ruled(lines):
        numbered = any(map(_NUMBERED.fullmatch, part[:3]))
        if item and (ended or numbered or (began and any(map(_TEXT.match, part)))):
            yield item
            item, began, ended = [], False, False
        item = item if began else []
        item += ["", *part]
        began = began or any(map(_TEXT.match, part))
        ended = any(re.match(r"\s*(?:ProQuest document ID|Document URL|Database)\s*:", line) for line in part)
        if not began and not ended and not numbered:
            item = []  # cover page and imprint
    if item:
        yield item


def _ruled(lines: Sequence[str]) -> Iterator[list[str]]:
    part: list[str] = []
    for line in lines:
        if _RULE.fullmatch(line):
            if held(part):
                yield _trimmed(part)
            part = []
        elif not _COVER.fullmatch(line):
            part.append(line)
    if held(part):
        yield _trimmed(part)


def _trimmed(part: list[str]) -> list[str]:
    start = next((at for at, line in enumerate(part) if line.strip()), 0)
    return part[start:]


def _cutting(lines: Sequence[str]) -> Cutting:
    lines = [line for line in lines if not _NUMBERED.fullmatch(line)]
    text = next((at for at, line in enumerate(lines) if _TEXT.match(line)), None)
    end = _text_end(lines, text + 1) if text is not None else len(lines)
    fields = _fields([*lines[: text if text is not None else len(lines)], *lines[end:]])
    body = [] if text is None else [_value(lines[text]), *lines[text + 1 : end]]
    words = _words()
    return Cutting(
        pieces=() if _lacks(body, lines) else tuple(paragraphs(body)),
        title=fields.first(*words["title"]) or next(iter(held(lines)), None),
        publisher=fields.first(*words["publisher"]),
        published=dated(fields.first(*words["published"]) or "") or _year(fields.first(*words["year"])),
        author=in_order(fields.first(*words["author"])),
        url=web_address(fields.first(*words["url"])),
        id=fields.first(*words["id"]),
        genre=genre_of(fields.first(*words["section"])),
        lacks=_lacks(body, lines),
    )


def _year(text: str | None) -> PartialDate | None:
    return read_date(text, year_alone=True) if text else None


def _value(line: str) -> str:
    match = _TEXT.match(line)
    return match["value"] if match else ""


def _lacks(body: Sequence[str], lines: Sequence[str]) -> str:
    text = " ".join(held(body))
    if text and not _NONE.fullmatch(text):
        return ""
    abstract = any(map(_ABSTRACT.fullmatch, lines))
    return "holds an abstract alone, not the article" if abstract else "has no full text"


def _text_end(lines: Sequence[str], start: int) -> int:
    """Where the lines of keys begin, with no prose between them: what a value goes on with is a list of terms."""
    end = len(lines)
    for at in range(len(lines) - 1, start - 1, -1):
        if _key().fullmatch(lines[at]):
            end = at
        elif len(lines[at].split()) >= PROSE_WORDS and lines[at].rstrip(" \"'”’)").endswith((".", "!", "?")):
            break
    return end


def _fields(lines: Sequence[str]) -> Fields:
    fields = Fields()
    for line in lines:
        if match := _key().fullmatch(line):
            fields.add(match["key"], match["value"])
    return fields
