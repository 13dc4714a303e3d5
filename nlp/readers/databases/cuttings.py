"""What every export of a press database comes to: its items, each with what the database says of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache

import corpora
from nlp.readers.dates import read_date
from nlp.readers.document_pieces import build_article, has_words, piece
from nlp.readers.metadata import Metadata, author_in
from nlp.readers.pieces import Piece
from nlp.readers.reading import Reading, SkippedItem
from nlp.records import Article, Genre, PartialDate

#: Lines of a text that is wrapped by hand are no longer than this.
WRAPPED = 90
#: A standfirst has some 300 characters.
LONGEST_VALUE = 5_000
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_AROUND = re.compile(
    rf"\b{_WEEKDAY}\b,?|\b[0-9]{{1,2}}[:.][0-9]{{2}}(?::[0-9]{{2}})?\s*(?:[ap]\.?m\.?)?\s*"
    r"(?:(?:GMT|BST|UTC|[CEMP][DES]?T)\b)?",
    re.IGNORECASE,
)
_WEB = re.compile(r"https?://[^\s/]+(?:/\S*)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutting:
    """An item of an export: its blocks without the headline, and what the database states of it.

    ``id`` is the database's number of it, None where it has none; ``lacks`` says why there is no text.
    """

    pieces: tuple[Piece, ...]
    title: str | None = None
    publisher: str | None = None
    published: PartialDate | None = None
    author: str | None = None
    url: str | None = None
    id: str | None = None
    genre: Genre | None = None
    lacks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """All items of an export, and how many it says it holds."""

    cuttings: Sequence[Cutting]
    declared: int | None = None


@dataclass(slots=True)
class Fields:
    """The "Key: value" lines of an item as they are met: keys in small letters, the first value of each counts."""

    values: dict[str, str] = field(default_factory=dict)

    def add(self, key: str, value: str) -> None:
        self.values.setdefault(key.casefold(), " ".join(value.split()))

    def go_on(self, key: str, more: str) -> None:
        """Add the next line of a value; what is longer than any value is no more than kept."""
        if len(self.values[key.casefold()]) < LONGEST_VALUE:
            self.values[key.casefold()] += f" {more}"

    def first(self, *names: str) -> str | None:
        return next((value for name in names if (value := self.values.get(name.casefold()))), None)


def reading_of(export: Export, *, name: str, source: str, form: str) -> Reading:
    """The articles of an export. ``form`` is the format it came in, which the reader's name tells."""
    reader = f"{name}/1 {form}"
    articles, skipped = [], []
    for number, cutting in enumerate(export.cuttings, 1):
        if cutting.lacks or not has_words(cutting.pieces):
            skipped.append(SkippedItem(_where(number, cutting), cutting.lacks or "has no text"))
        else:
            articles.append(_article(cutting, source=f"{source}#{number}", reader=reader))
    return Reading(format=name, articles=tuple(articles), skipped=tuple(skipped), declared=export.declared)


def _where(number: int, cutting: Cutting) -> str:
    return f"item {number}" + (f" ({cutting.title})" if cutting.title else "")


def _article(cutting: Cutting, *, source: str, reader: str) -> Article:
    return build_article(
        cutting.pieces,
        source=cutting.url or cutting.id or source,
        reader=reader,
        stated=Metadata(
            title=cutting.title,
            publisher=cutting.publisher,
            published=cutting.published,
            author=author_in(cutting.author) if cutting.author else None,
            url=cutting.url,
            genre=cutting.genre,
        ),
    )


def held(lines: Sequence[str]) -> list[str]:
    """The lines that hold something, without the white space around them."""
    return [text for line in lines if (text := line.strip())]


def blocks(lines: Sequence[str]) -> Iterator[list[str]]:
    """Runs of lines with nothing empty between them."""
    block: list[str] = []
    for line in (*lines, ""):
        if text := line.strip():
            block.append(text)
        elif block:
            yield block
            block = []


def paragraphs(lines: Sequence[str], role: str = "") -> Iterator[Piece]:
    """The paragraphs of a text: each line, or each block where lines are broken by hand and paragraphs set apart."""
    found = list(blocks(lines))
    wrapped = len(found) > 1 and max((len(line) for block in found for line in block), default=0) <= WRAPPED
    wrapped = wrapped or (len(found) == 1 and _broken(found[0]))
    for block in found:
        for text in [" ".join(block)] if wrapped else block:
            yield from piece(text, role)


def _broken(block: Sequence[str]) -> bool:
    """Whether the lines of a block end where the page did: most do not end a sentence."""
    return max(map(len, block)) <= WRAPPED and 2 * sum(line[-1] not in ".?!”’\"'" for line in block[:-1]) > len(block)


def dated(text: str) -> PartialDate | None:
    """The date in a line of date, weekday and time in any order ("May 12, 2014 Monday 10:28 AM GMT")."""
    return read_date(" ".join(_AROUND.sub(" ", text).split()).strip(" ,;")) if len(text) < 80 else None


def in_order(names: str | None) -> str | None:
    """Names in the order of speech: "Lee, Ann; Orme, Tom" -> "Ann Lee, Tom Orme"."""
    parts = [each.strip() for each in (names or "").split(";") if each.strip()]
    turned = [
        " ".join(reversed([part.strip() for part in each.split(",")])) if each.count(",") == 1 else each
        for each in parts
    ]
    return ", ".join(dict.fromkeys(turned)) or None


def web_address(text: str | None) -> str | None:
    """An address without the account that fetched it, so that two readers' exports name one article alike."""
    found = _WEB.fullmatch((text or "").strip())
    return found.group().partition("?accountid")[0] if found else None


@cache
def _sections() -> tuple[tuple[re.Pattern[str], Genre], ...]:
    named = corpora.lexicon("cuttings")["sections"]
    return tuple(
        (re.compile(rf"\b(?:{'|'.join(map(re.escape, words))})\b", re.IGNORECASE), Genre(genre))
        for genre, words in named.items()
    )


def genre_of(section: str | None) -> Genre | None:
    """What a newspaper's own section says an article is: "LETTERS; Pg. 24" is a letter, "NEWS" says nothing."""
    return next((genre for pattern, genre in _sections() if pattern.search(section or "")), None)
