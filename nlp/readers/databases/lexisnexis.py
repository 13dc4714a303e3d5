"""LexisNexis Academic and Nexis Uni: articles between "N of M DOCUMENTS" or before "End of Document".

The older form (Academic, until 2018) has publication, date and headline, then keys in capitals; the newer (Nexis Uni,
Lexis Advance) has a cover page with "Documents (12)", then headline, publication, date, keys and a line "Body".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import corpora
from nlp.readers.databases.cuttings import Cutting, Export, Fields, blocks, dated, genre_of, held, paragraphs
from nlp.readers.document_pieces import piece
from nlp.readers.pieces import Piece

END = "End of Document"
_MARK = re.compile(r"\s*(\d+) of (\d+) DOCUMENTS?\s*")
_DECLARED = re.compile(r"\s*Documents? \((\d+)\)\s*")
_LENGTH = re.compile(r"\s*length:\s*[\d,]+ words?\s*", re.IGNORECASE)
_LOADED = re.compile(r"\s*load-date:\s*\S.*", re.IGNORECASE)
_PAGE = re.compile(r"\s*Page \d+ of \d+\s*")
_COPYRIGHT = re.compile(r"\s*(?:Copyright\b|©|\(c\) ?(?:19|20)\d\d|All Rights Reserved\b).*", re.IGNORECASE)
_SCORED = re.compile(r"\(\d{1,3}%\)")
_LISTED = re.compile(r"\s*\d{1,4}\.\s")
#: From so many words on a line above the text is text.
PROSE_WORDS = 12
#: A line of no more words may be the rest of a list of subjects.
REST_WORDS = 4


def is_export(lines: Sequence[str]) -> bool:
    """Whether two marks of an export are in the lines: one alone may stand in an article about such exports."""
    marks = {
        name
        for line in lines
        for name, found in (
            ("mark", _MARK.fullmatch(line)),
            ("end", line.strip() == END),
            ("body", line.strip() == "Body"),
            ("length", _LENGTH.fullmatch(line)),
            ("loaded", _LOADED.fullmatch(line)),
            ("cover", _DECLARED.fullmatch(line) or line.strip().startswith("Job Number:")),
        )
        if found
    }
    return len(marks) >= 2


def split(lines: Sequence[str]) -> Export:
    """The items of an export, in order."""
    lines = [line for line in lines if not _PAGE.fullmatch(line)]
    marks = _numbered(lines)
    if marks:
        ends = [*(at for at, _ in marks[1:]), len(lines)]
        items = [_older(lines[at + 1 : end]) for (at, _), end in zip(marks, ends, strict=True)]
        return Export(cuttings=items, declared=marks[0][1])
    declared = next((int(found[1]) for line in lines if (found := _DECLARED.fullmatch(line))), None)
    return Export(cuttings=[_newer(item) for item in _ended(lines)], declared=declared)


def _numbered(lines: Sequence[str]) -> list[tuple[int, int]]:
    """Where items begin, and how many there are: numbers rise, so that no sentence of an article is one."""
    found: list[tuple[int, int]] = []
    last = 0
    for at, line in enumerate(lines):
        match = _MARK.fullmatch(line)
        if match and int(match[1]) > last and int(match[2]) >= int(match[1]):
            if found and int(match[2]) != found[0][1]:
                continue
            last = int(match[1])
            found.append((at, int(match[2])))
    return found


def _ended(lines: Sequence[str]) -> Iterator[list[str]]:
    """The lines of each item. "End of Document" inside an article ends none: what follows has no head of its own."""
    items: list[list[str]] = [[]]
    for line in lines:
        if line.strip() == END:
            items.append([])
        else:
            items[-1].append(line)
    joined: list[list[str]] = []
    whole = True
    for item in filter(held, items):
        if whole or _has_head(item):
            joined.append(item)
        else:
            joined[-1] += [END, *item]
        whole = any(map(_LOADED.fullmatch, item))
    yield from joined


def _has_head(lines: Sequence[str]) -> bool:
    top = held(lines)
    return any(_LENGTH.fullmatch(line) or line == "Body" or _COPYRIGHT.fullmatch(line) for line in top[:40])


@cache
def _keys(group: str) -> re.Pattern[str]:
    names = "|".join(map(re.escape, corpora.lexicon("cuttings")["lexisnexis"][group]))
    return re.compile(rf"\s*(?P<key>{names})(?:\s*\(\d+\))?\s*:\s*(?P<value>.*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Parts:
    """An item: the blocks above its text, its text, and the keys found."""

    head: list[list[str]]
    body: list[str]
    fields: Fields


def _parts(lines: Sequence[str]) -> _Parts:
    fields, start = Fields(), _body_start(lines)
    body, tail = _without_tail(lines[start:])
    head = [line for line in lines[:start] if line.strip() != "Body"]
    bare: list[list[str]] = []
    for block in blocks(head):
        key = ""
        bare.append([])
        for line in block:
            if match := _keys("heads").fullmatch(line):
                key = match["key"]
                fields.add(key, match["value"])
            elif key:  # a key's value goes on below it
                fields.go_on(key, line)
            elif not _COPYRIGHT.fullmatch(line):
                bare[-1].append(line)
    for block in blocks(tail):
        if match := _keys("tails").fullmatch(block[0]):
            fields.add(match["key"], " ".join([match["value"], *block[1:]]))
    return _Parts([block for block in bare if block], body, fields)


def _body_start(lines: Sequence[str]) -> int:
    """Where the text begins: below "Body", else below the last key above the first paragraph of prose."""
    body = next((at for at, line in enumerate(lines) if line.strip() == "Body"), None)
    if body is not None:
        return body + 1
    start = last = 0
    for at, line in enumerate(lines):
        text = line.strip()
        goes_on = bool(text) and start > 0 and last == at
        if goes_on or _keys("heads").fullmatch(line):
            start = last = at + 1
        elif len(text.split()) >= PROSE_WORDS and not _keys("cover").fullmatch(line) and not _LISTED.match(line):
            return start or at
    return start


def _without_tail(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """The text, and the lines of keys and rights below it, with what goes on from them."""
    tails: list[bool] = []
    for at, line in enumerate(lines):
        goes_on = bool(tails) and tails[-1] and bool(lines[at - 1].strip())
        rest = _SCORED.search(line) is not None or len(line.split()) <= REST_WORDS
        tails.append(not line.strip() or _is_tail(line) or goes_on or rest)
    whole = next((at for at in range(len(lines) - 1, -1, -1) if not tails[at]), -1) + 1
    cut = next((at for at in range(whole, len(lines)) if _is_tail(lines[at])), len(lines))
    return list(lines[:cut]), list(lines[cut:])


def _is_tail(line: str) -> bool:
    known = _keys("tails").fullmatch(line) or _COPYRIGHT.fullmatch(line)
    return known is not None or line.strip() in ("Classification", "Notes")


def _body(parts: _Parts) -> Iterator[Piece]:
    """Standfirst, text, and captions, which stand behind "GRAPHIC:" or below a line "Graphic"."""
    yield from piece(parts.fields.first("Highlight") or "")
    at = next((at for at, line in enumerate(parts.body) if line.strip() == "Graphic"), len(parts.body))
    yield from paragraphs(parts.body[:at])
    yield from paragraphs(parts.body[at + 1 :], "caption")
    yield from piece(parts.fields.first("Graphic") or "", "caption")


def _cutting(parts: _Parts, title: str | None, publisher: str | None, date: str | None) -> Cutting:
    fields = parts.fields
    return Cutting(
        pieces=tuple(_body(parts)),
        title=title or fields.first("Headline"),
        publisher=publisher,
        published=dated(date or ""),
        author=fields.first("Byline"),
        genre=genre_of(fields.first("Section", "Type")),
    )


def _older(lines: Sequence[str]) -> Cutting:
    """Publication, date, editions; headline; keys; text."""
    parts = _parts(lines)
    at = next((i for i, block in enumerate(parts.head) for line in block if dated(line)), None)
    if at is None:
        names = [" ".join(block) for block in parts.head]
        return _cutting(parts, names[-1] if len(names) > 1 else None, names[0] if names else None, None)
    block = parts.head[at]
    date = next(line for line in block if dated(line))
    above = [*(line for each in parts.head[:at] for line in each), *block[: block.index(date)]]
    below = [" ".join(each) for each in parts.head[at + 1 :]]
    return _cutting(parts, below[-1] if below else None, above[0] if above else None, date)


def _newer(lines: Sequence[str]) -> Cutting:
    """Cover page, perhaps; headline, publication, date, editions; keys; text."""
    parts = _parts(_without_cover(lines))
    rows = [line for block in parts.head for line in block]
    at = next((i for i, line in enumerate(rows) if dated(line)), None)
    if at is None:
        return _cutting(parts, rows[0] if rows else None, rows[1] if len(rows) > 1 else None, None)
    title = " ".join(rows[: at - 1]) if at > 1 else rows[0] if at else None
    return _cutting(parts, title, rows[at - 1] if at > 1 else None, rows[at])


def _without_cover(lines: Sequence[str]) -> Sequence[str]:
    """The lines from the headline on: the second held line above the first line that is a date, below the cover."""
    if not any(_is_cover(line) for line in lines[: _body_start(lines)]):
        return lines
    start = max(at for at, line in enumerate(lines[: _body_start(lines)]) if _is_cover(line)) + 1
    date = next((at for at in range(start, len(lines)) if dated(lines[at])), None)
    above = [at for at in range(start, date or start) if lines[at].strip()]
    return lines[above[-2] :] if len(above) > 1 else lines[start:]


def _is_cover(line: str) -> bool:
    rights = re.search(r"©.*LexisNexis|About LexisNexis|Privacy Policy|Terms & Conditions", line)
    return bool(_keys("cover").fullmatch(line) or _DECLARED.fullmatch(line) or rights or _LISTED.match(line))
