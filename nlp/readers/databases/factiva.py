"""Factiva: articles with fields of two or three letters, or laid out without them; each ends with its accession number.

Fields are told with a tab, a bar, two spaces or a line of their own behind them ("HD\\tBoard votes"), with one space
only where the file has its first headline so. AN, the accession number, is the article's name. "Results Found" in the
search summary counts what was found, of which a file holds a hundred at most: a greater number declares nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any

import corpora
from nlp.names import is_given
from nlp.readers.databases.cuttings import Cutting, Export, dated, genre_of, held, paragraphs

#: So many articles Factiva saves at a time.
MOST_SAVED = 100
_NUMBER = re.compile(r"(?:AN\b[\s|:]*)?Document\s+(?P<id>[A-Za-z]{2,8}[A-Za-z0-9]*\d{8}[a-z0-9]{5,12})[\s|]*")
_FOOTER = re.compile(
    r"(?:\s*Page \d+(?: of \d+)?)?\s*(?:©|\(c\))\s*\d{4}\s*Factiva,? Inc.*|\s*Page \d+ of \d+\s*", re.I
)
_SUMMARY = re.compile(r"\s*Search Summary[\s|]*", re.IGNORECASE)
_FOUND = re.compile(r"\s*Results Found[\s|:]*(?P<count>[\d,]+)?[\s|]*", re.IGNORECASE)
_WORDS = re.compile(r"\s*[\d,]+ words\s*")
_RIGHTS = re.compile(r"\s*(?:\(c\)|©|Copyright\b).*", re.IGNORECASE)
_CODE = re.compile(r"[A-Z0-9]{2,8}")
_CODED = re.compile(r"[\w.]+ ?: \S.*")
#: So many lines may stand between the number of words and the rights line above the text.
HEAD_LINES = 14


@cache
def _words() -> Mapping[str, Any]:
    found: Mapping[str, Any] = corpora.lexicon("cuttings")["factiva"]
    return found


@cache
def _field() -> re.Pattern[str]:
    names = "|".join(_words()["fields"])
    return re.compile(rf"[ \t]*(?P<code>{names})(?P<mark>[ \t]*\||\t|[ ]{{2,}}| |[ \t]*$)[ \t]*(?P<value>.*)")


def is_export(lines: Sequence[str]) -> bool:
    """Whether the lines have the head of an article, or a headline and other fields in their order.

    The accession number alone would not do: it stands below the first article, which may be long.
    """
    lines = [line for line in lines if line.strip()]
    words = [at for at, line in enumerate(lines) if _WORDS.fullmatch(line)]
    if words and any(_NUMBER.fullmatch(line.strip()) for line in lines):
        return True
    if any(_is_head(lines[at + 1 : at + 1 + HEAD_LINES]) for at in words):
        return True
    codes = [match["code"] for line in lines if (match := _field().match(line))]
    head = codes[codes.index("HD") :] if "HD" in codes else []
    return all(code in head for code in ("WC", "PD", "SN"))


def _is_head(lines: Sequence[str]) -> bool:
    """Whether date, language and rights stand below a number of words."""
    held_lines = [line.strip() for line in lines]
    language = any(line in _words()["languages"] for line in held_lines)
    return language and any(map(dated, held_lines)) and any(map(_RIGHTS.fullmatch, held_lines))


def split(lines: Sequence[str]) -> Export:
    """The items of an export, in order."""
    lines, declared = _without_summary([line for line in lines if not _FOOTER.fullmatch(line)])
    loose = _is_loose(lines)
    items = [item for item in _items(lines) if held(item[0])]
    return Export(cuttings=[_cutting(body, id, loose=loose) for body, id in items], declared=declared)


def _without_summary(lines: Sequence[str]) -> tuple[list[str], int | None]:
    """The lines without the search summary, and the number of articles in it."""
    start = next((at for at, line in enumerate(lines) if _SUMMARY.fullmatch(line)), None)
    if start is None:
        return list(lines), None
    next_end = next((at for at in range(start, len(lines)) if _NUMBER.fullmatch(lines[at].strip())), None)
    at = next((at for at in range(start, next_end or len(lines)) if _FOUND.fullmatch(lines[at])), None)
    count, end = _count(lines, at) if at is not None else (None, start + 1)
    below = lines[end:] if next_end else []
    return [*lines[:start], *below], count if count is not None and count <= MOST_SAVED else None


def _count(lines: Sequence[str], at: int) -> tuple[int | None, int]:
    """The number behind "Results Found", in its line or the next that holds something; and where it ends."""
    match = _FOUND.fullmatch(lines[at])
    if match and match["count"]:
        return int(match["count"].replace(",", "")), at + 1
    below = next((i for i in range(at + 1, len(lines)) if lines[i].strip()), at)
    text = lines[below].strip(" |\t").replace(",", "")
    return (int(text), below + 1) if text.isdecimal() and len(text) < 9 else (None, at + 1)


def _is_loose(lines: Sequence[str]) -> bool:
    """Whether one space stands behind a field: so it does behind the first headline."""
    first = next((match for line in lines if (match := _field().match(line)) and match["code"] == "HD"), None)
    return first is not None and first["mark"] == " "


def _items(lines: Sequence[str]) -> Iterator[tuple[list[str], str | None]]:
    """The lines of each item and its accession number; what stands behind the last has none."""
    item: list[str] = []
    for line in lines:
        if match := _NUMBER.fullmatch(line.strip()):
            if item and item[-1].strip(" |\t") == "AN":
                item.pop()
            yield item, match["id"]
            item = []
        elif line.strip() or item:
            item.append(line)
    rest = [line for line in item if line.strip(" |\t") != "AN"]
    if any(_field().match(line) or _WORDS.fullmatch(line) for line in rest) or len(" ".join(rest).split()) > HEAD_LINES:
        yield rest, None


def _cutting(lines: Sequence[str], id: str | None, *, loose: bool) -> Cutting:
    fields = dict(_fields(lines, loose=loose))
    return _of_fields(fields, id) if "HD" in fields else _of_layout(lines, id)


def _fields(lines: Sequence[str], *, loose: bool) -> Iterator[tuple[str, list[str]]]:
    """Each field with its lines. Fields come in their order, so a paragraph that begins like one is none."""
    order = {code: at for at, code in enumerate(_words()["fields"])}
    code, value, last = "", list[str](), -1
    for at, line in enumerate(lines):
        match = _field().match(line)
        if match and order[match["code"]] > last and _is_field(match, lines[at + 1 : at + 3], order, last, loose=loose):
            if code:
                yield code, value
            code, value, last = match["code"], [match["value"].strip(" |\t")], order[match["code"]]
        elif code:
            value.append(line.rstrip(" |\t"))
    if code:
        yield code, value


def _is_field(match: re.Match[str], below: Sequence[str], order: Mapping[str, int], last: int, *, loose: bool) -> bool:
    if match["mark"] == " " and not loose:
        return False
    if last < order[_words()["lead"]] or match["code"] not in _words()["coded"]:
        return True
    value = match["value"].strip(" |\t") or next((line.strip(" |\t") for line in below if line.strip(" |\t")), "")
    return _CODED.fullmatch(value) is not None


def _of_fields(fields: Mapping[str, Sequence[str]], id: str | None) -> Cutting:
    said = {code: " ".join(held(lines)) for code, lines in fields.items()}
    text = [line for code in _words()["text"] for line in ("", *fields.get(code, ()))]
    body = [*paragraphs(text), *paragraphs(fields.get("ART", ()), "caption")]
    return Cutting(
        pieces=tuple(body),
        title=said.get("HD") or None,
        publisher=said.get("SN") or None,
        published=dated(said.get("PD", "")),
        author=said.get("BY") or None,
        id=id,
        genre=genre_of(said.get("SE")) or genre_of(said.get("CLM")),
        lacks="" if text else "has no text, only its fields",
    )


def _of_layout(lines: Sequence[str], id: str | None) -> Cutting:
    """Headline, byline; words, date, time, source, code, page, language, rights; text."""
    rows = [(at, text) for at, line in enumerate(lines) if (text := line.strip(" |\t\r"))]
    words = next((i for i, (_, text) in enumerate(rows) if _WORDS.fullmatch(text)), None)
    if words is None:
        return Cutting(pieces=tuple(paragraphs(lines)), id=id)
    section, title, author = _above([text for _, text in rows[:words]])
    head = rows[words + 1 : words + 1 + HEAD_LINES]
    date = next((i for i, (_, text) in enumerate(head) if dated(text)), None)
    named = head[date + 1 :] if date is not None else head
    start = _text_start(head)
    body = lines[head[start][0] :] if start < len(head) else lines[rows[-1][0] + 1 :]
    publisher = next((text for _, text in named if re.search(r"[A-Za-z]{2}", text) and not dated(f"{text}")), None)
    return Cutting(
        pieces=tuple(paragraphs(body)),
        title=title,
        publisher=publisher,
        published=dated(head[date][1]) if date is not None else None,
        author=author,
        id=id,
        genre=genre_of(section),
    )


def _above(rows: Sequence[str]) -> tuple[str | None, str | None, str | None]:
    """Section, headline and byline of what stands above the number of words."""
    if len(rows) > 2:
        return rows[0], rows[1], rows[2]
    if len(rows) == 2:
        person = rows[1].lower().startswith("by ") or (is_given(rows[1].split()[0]) and len(rows[1].split()) < 6)
        return (None, rows[0], rows[1]) if person else (rows[0], rows[1], None)
    return None, rows[0] if rows else None, None


def _text_start(head: Sequence[tuple[int, str]]) -> int:
    """Where the text begins: below the rights line, else the language, else the source's code."""
    tests = (
        lambda text: _RIGHTS.fullmatch(text),
        lambda text: text in _words()["languages"],
        lambda text: _CODE.fullmatch(text) and not text.isdecimal(),
    )
    for test in tests:
        if (at := next((i for i, (_, text) in enumerate(head) if test(text)), None)) is not None:
            return at + 1
    return 0
