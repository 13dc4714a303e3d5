"""Blocks of a document, whatever its format: joined to the text of an article, with hints where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from nlp.readers.metadata import Metadata, read_metadata
from nlp.readers.pieces import Piece, join
from nlp.records import Article, Hint

#: From so many characters on a line is no title.
TITLE_CHARACTERS = 300
#: So far down a document its own title stands.
TITLE_WITHIN = 4

_SPACE = re.compile(r"[ \t\r\f\v\xa0\u2000-\u200a\u202f\u3000]*\n[\s\xa0]*|[ \t\r\f\v\xa0\u2000-\u200a\u202f\u3000]+")
#: What XML and databases cannot hold, and what shows nothing: a soft hyphen, zero-width marks.
_NOT_SHOWN = re.compile("[\x00-\x08\x0e-\x1f\x7f\u00ad\u200b\u2060\ufeff\ud800-\udfff]")
_WORD = re.compile(r"[^\W\d_]{2,}")


def tidy(text: str) -> str:
    """White space as it is shown: runs are one space, line breaks stay; what shows nothing goes."""
    return _SPACE.sub(lambda m: "\n" if "\n" in m.group() else " ", _NOT_SHOWN.sub("", text)).strip()


def piece(text: str, role: str = "") -> Iterator[Piece]:
    """The block of a text, if anything is in it."""
    if found := tidy(text):
        yield Piece(role, found)


def row_of(cells: Iterable[str]) -> str:
    """A row of a table as one line."""
    return " | ".join(cell.replace("\n", " ") for text in cells if (cell := tidy(text)))


def has_words(pieces: Iterable[Piece]) -> bool:
    return any(_WORD.search(each.text) for each in pieces)


def build_article(pieces: Sequence[Piece], *, source: str, reader: str, stated: Metadata) -> Article:
    """An article of its blocks: what its format states of it first, then what its text says."""
    title = stated.title or _own_title(pieces)
    text, hints = join(_with_title(pieces, title) if title else pieces)
    found = read_metadata(text)
    url = stated.url or found.url or (source if source.startswith(("http://", "https://")) else None)
    return Article(
        id=Article.identify(source, text),
        source=source,
        text=text,
        reader=reader,
        title=title or found.title,
        publisher=stated.publisher or found.publisher,
        published=stated.published or found.published,
        author=stated.author or found.author,
        url=url,
        genre=stated.genre or found.genre,
        hints=_together(hints, found.hints),
    )


def _own_title(pieces: Sequence[Piece]) -> str | None:
    marked = (each.text for each in pieces[:TITLE_WITHIN] if each.role == "title")
    return next((text for text in marked if len(text) <= TITLE_CHARACTERS), None)


def _with_title(pieces: Sequence[Piece], title: str) -> list[Piece]:
    """The pieces with the headline marked, or put first where the body lacks it."""
    for index, each in enumerate(pieces[:TITLE_WITHIN]):
        if each.text.casefold() == title.casefold():
            return [*pieces[:index], replace(each, role="title"), *pieces[index + 1 :]]
    return [Piece("title", title), *pieces]


def _together(own: Sequence[Hint], told: Sequence[Hint]) -> tuple[Hint, ...]:
    """The hints of the format, and those of the text where the format has none."""
    new = [hint for hint in told if all(hint.end <= each.start or each.end <= hint.start for each in own)]
    return tuple(sorted([*own, *new], key=lambda hint: hint.start))
