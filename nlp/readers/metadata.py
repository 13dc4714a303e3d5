"""Who, when and where: what the top of a plain text says of the article.

Only what can be told from its form is told. A title among other short lines is left to the step
that reads the whole page.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from typing import TypeVar

import corpora
from nlp.names import is_given
from nlp.page_lines import patterns
from nlp.readers.dates import read_date
from nlp.records import Genre, Hint, PartialDate

#: So far down a page its own byline and date are looked for: characters, then lines that hold something.
TOP_CHARACTERS = 20_000
TOP_LINES = 14
TITLE_CHARACTERS = 160
PROSE_WORDS = 10

_KEY_LINE = re.compile(r"(?P<key>[A-Za-z][A-Za-z ]{1,24})\s*:[ \t]+(?P<value>\S.*)")
_STOP = re.compile(r"\.[\"'”’)\]]*$")
#: What stands between a line's words and a date that ends it.
_SEPARATOR = re.compile(r"\s*[|–—]\s*|\s-\s|,\s")
_JOINT = re.compile(r",?\s+and\s+|\s*&\s*|,\s+")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Metadata:
    """What a page says of itself; what it does not say is None."""

    title: str | None = None
    publisher: str | None = None
    published: PartialDate | None = None
    author: str | None = None
    url: str | None = None
    genre: Genre | None = None
    hints: tuple[Hint, ...] = ()


@dataclass(frozen=True, slots=True)
class _Line:
    """A line without the white space around it; ``alone`` when nothing stands right below it."""

    start: int
    text: str
    alone: bool

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def is_prose(self) -> bool:
        stopped = bool(_STOP.search(self.text)) and len(self.text.split()) >= PROSE_WORDS
        return stopped or len(self.text) > TITLE_CHARACTERS


@dataclass(frozen=True, slots=True)
class _Entry:
    """A "Key: value" line: the field it fills and where its value stands."""

    field: str
    line: _Line
    value: _Line


def read_metadata(text: str) -> Metadata:
    """The metadata and layout hints of a plain text."""
    lines = _above_comments(list(islice(_lines(text[:TOP_CHARACTERS]), TOP_LINES)))
    header = _header(lines)
    stated = {entry.field: entry.value for entry in reversed(header)}
    keyed = {entry.line.start for entry in header}
    below = [line for line in lines if line.start not in keyed]
    title = stated.get("title") or _title(below)
    return Metadata(
        title=title.text if title else None,
        publisher=stated["publisher"].text if "publisher" in stated else _first(_publisher_name, below),
        published=_dated(stated) or _first(_line_date, below),
        author=_without_honorifics(_named(stated["author"].text)) if "author" in stated else _author_of(below),
        url=_web_address(stated),
        genre=_genre(stated),
        hints=_hints(header, title),
    )


def _first(read: Callable[[str], T | None], lines: Iterable[_Line]) -> T | None:
    return next((found for line in lines if (found := read(line.text))), None)


def _lines(text: str) -> Iterator[_Line]:
    """The lines that hold something, with their places in the text."""
    rows = [(m.start(), m.group()) for m in re.finditer(r"[^\r\n]+|\r\n|\r|\n", text)]
    for index, (start, row) in enumerate(rows):
        content = row.strip().removeprefix("\ufeff").strip()
        if content:
            below = [r for _, r in rows[index + 1 : index + 3]]
            alone = len(below) < 2 or not below[1].strip()
            yield _Line(start + row.index(content), content, alone)


@cache
def _keys() -> Mapping[str, str]:
    """What a key of a header line is called -> the field it fills."""
    named = corpora.lexicon("metadata")["keys"]
    return {name.lower(): field for field, names in named.items() for name in names}


def _key_of(text: str) -> str | None:
    match = _KEY_LINE.fullmatch(text)
    return _keys().get(match["key"].strip().lower()) if match else None


def _header(lines: Sequence[_Line]) -> list[_Entry]:
    """The "Key: value" lines that open a text, and those further down whose key of several words is no chance."""
    found: list[_Entry] = []
    opening = True
    for line in lines:
        field, (key, _, rest) = _key_of(line.text), line.text.partition(":")
        opening = opening and field is not None
        if field and (opening or " " in key.strip()):
            value = rest.strip()
            found.append(_Entry(field, line, _Line(line.end - len(value), value, line.alone)))
    return found


def _above_comments(lines: Sequence[_Line]) -> Sequence[_Line]:
    """Dates and names below "Readers' comments" are those of the readers; a kicker "Comment" stands above the text."""
    prose = next((i for i, line in enumerate(lines) if line.is_prose), len(lines))
    opens = (i for i in range(prose, len(lines)) if patterns("comments_open").search(lines[i].text))
    return lines[: next(opens, len(lines))]


def _title(lines: Sequence[_Line]) -> _Line | None:
    """The one line above the first paragraph that reads like a headline; None when there are several."""
    prose = next((i for i, line in enumerate(lines) if line.is_prose), 0)
    candidates = [i for i in range(prose) if _could_be_title(lines[i])]
    if len(candidates) != 1:
        return None
    line, below = lines[candidates[0]], lines[candidates[0] + 1]
    return line if line.alone or _line_date(below.text) or _author(below.text) else None


def _could_be_title(line: _Line) -> bool:
    text = line.text
    furniture = patterns("boilerplate").search(text) or _line_date(text) or _author(text) or _publisher_name(text)
    plain = not _STOP.search(text) and not text.endswith((":", ",", ";")) and not _key_of(text)
    return plain and not furniture and len(text.split()) >= 3 and len(text) <= TITLE_CHARACTERS


def _dated(stated: Mapping[str, _Line]) -> PartialDate | None:
    return read_date(stated["published"].text, year_alone=True) if "published" in stated else None


def _line_date(text: str) -> PartialDate | None:
    """The date that a line is, or that ends it after a mark ("By Ann Lee | 12 May 2014", "Our view, May 2014")."""
    whole = read_date(text)
    if whole or len(text) > TITLE_CHARACTERS or _STOP.search(text):
        return whole
    pieces = _SEPARATOR.split(text)[1:]
    byline = _byline().match(text)
    rest = [text[_people_end(text, byline.end()) :].strip(" ,")] if byline else []
    return next((found for piece in (*rest, *reversed(pieces)) if (found := read_date(piece))), None)


@cache
def _byline() -> re.Pattern[str]:
    openers = sorted(corpora.lexicon("metadata")["byline_openers"], key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(map(re.escape, openers))}):?\s+(?=[A-Z])", re.IGNORECASE)


@cache
def _person() -> re.Pattern[str]:
    """A name of two words or more: a capital in each, but for the small words inside."""
    particles = "|".join(corpora.lexicon("metadata")["name_particles"])
    return re.compile(rf"[A-Z][\w'’.-]*(?:\s+(?:(?:{particles})\s+){{0,2}}[A-Z][\w'’.-]*){{1,4}}")


def _starts_with_given_name(text: str) -> bool:
    words = [word for word in text.split() if word.rstrip(".") not in corpora.lexicon("metadata")["honorifics"]]
    return bool(words) and is_given(words[0])


def _people_end(text: str, start: int) -> int:
    """Where the names that stand at ``start`` end; what follows a comma is a name only when it looks like one."""
    person = _person().match(text, start)
    end = person.end() if person else start
    while person and (joint := _JOINT.match(text, end)):
        person = _person().match(text, joint.end())
        if person and ("," not in joint.group() or _starts_with_given_name(person.group())):
            end = person.end()
        else:
            person = None
    return end


def _named(text: str) -> str:
    """The names that open a text, without what stands after them: "Ann Lee, Head of Care" -> "Ann Lee"."""
    return text[: _people_end(text, 0)] or text


def author_in(text: str) -> str:
    """Who a byline names: "By Dr Ann Lee, health editor" -> "Ann Lee"; the whole of it where that is unclear."""
    opener = _byline().match(text)
    name = _without_honorifics(_named(text[opener.end() :] if opener else text))
    return name.title() if name.isupper() else name


def _author_of(lines: Sequence[_Line]) -> str | None:
    found = _first(_author, lines) or _bare_author(lines)
    return _without_honorifics(found) if found else None


def _without_honorifics(names: str) -> str:
    honorifics = "|".join(corpora.lexicon("metadata")["honorifics"])
    return re.sub(rf"\b(?:{honorifics})\.?\s+(?=[A-Z])", "", names)


def _author(text: str) -> str | None:
    """Who a byline names: "By Ann Lee, health editor" -> "Ann Lee"."""
    byline = _byline().match(text) if len(text) <= TITLE_CHARACTERS and not _STOP.search(text) else None
    end = _people_end(text, byline.end()) if byline else 0
    if not byline or end == byline.end():
        return None
    rest = text[end:].strip()
    apart = not rest or rest[0] in ",|–—-(@" or rest.startswith("on ") or read_date(rest) is not None
    return text[byline.end() : end] if apart else None


def _bare_author(lines: Sequence[_Line]) -> str | None:
    """A line that is a person's name and nothing else, below the first line and beside the date."""
    for i, line in enumerate(lines[1:], 1):
        beside = [lines[i - 1].text, *(row.text for row in lines[i + 1 : i + 2])]
        is_name = _person().fullmatch(line.text) and _starts_with_given_name(line.text) and len(line.text.split()) <= 5
        if is_name and any(read_date(text) for text in beside):
            return line.text
    return None


def _publisher_name(text: str) -> str | None:
    """The name in a line "Published in Pulse"; a date after it is no part of the name."""
    openers = "|".join(re.escape(word) for word in corpora.lexicon("metadata")["lines"]["publisher"])
    match = re.fullmatch(rf"(?:{openers}):?\s+(?P<name>(?-i:[A-Z]).{{1,60}})", text, re.IGNORECASE)
    name = re.split(r",\s|\s[|–—-]\s|\son\s", match["name"])[0] if match else ""
    return name.strip() if name and not _STOP.search(name) and not read_date(name) else None


def _web_address(stated: Mapping[str, _Line]) -> str | None:
    value = stated["url"].text if "url" in stated else ""
    return value if re.fullmatch(r"https?://[^\s/]+(?:/\S*)?", value) else None


def _genre(stated: Mapping[str, _Line]) -> Genre | None:
    value = stated["genre"].text.lower() if "genre" in stated else ""
    return Genre(value) if value in set(Genre) else None


def _hints(header: Sequence[_Entry], title: _Line | None) -> tuple[Hint, ...]:
    """The title, and header lines as no part of the article."""
    headers = [
        Hint("boilerplate", entry.line.start, title.start if title == entry.value else entry.line.end)
        for entry in header
        if entry.field != "author"  # it says who speaks in what office
    ]
    found = [*headers, *([Hint("title", title.start, title.end)] if title else [])]
    return tuple(sorted(found, key=lambda hint: hint.start))
