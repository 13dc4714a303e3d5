"""One item of a feed, a table or a news file as its format states it, and the article that it makes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from nlp.errors import UnreadableError
from nlp.readers.metadata import read_metadata
from nlp.readers.pieces import Piece, join, with_title
from nlp.readers.reading import SkippedItem
from nlp.records import Article, Genre, Licence, PartialDate

#: What no text may hold: NUL, which databases refuse, and halves of characters, which no encoding has.
_BROKEN = re.compile("[\0\ud800-\udfff]")
_WEB = re.compile(r"https?://[^\s/]+(?:/\S*)?")
_BY = re.compile(r"by\s+(?=\S)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """What a format says of one article. ``source`` is its address or id, else its place in the file."""

    source: str
    pieces: Sequence[Piece]
    title: str | None = None
    publisher: str | None = None
    published: PartialDate | None = None
    author: str | None = None
    url: str | None = None
    genre: Genre | None = None
    licence: str | None = None
    expires: date | None = None


def make_article(item: Item, *, reader: str) -> Article:
    """The article: what the item states, then what its text says. Raises UnreadableError when it has no text."""
    title = line(item.title)
    pieces = [Piece(piece.role, whole(piece.text)) for piece in item.pieces if piece.text.strip()]
    if not pieces:
        raise UnreadableError("has no text")
    body = join(pieces)[0]
    found = read_metadata(body)
    text, hints = join(with_title(pieces, title))
    source = whole(item.source)
    return Article(
        id=Article.identify(source, text),
        source=source,
        text=text,
        reader=reader,
        title=title or found.title,
        publisher=line(item.publisher) or found.publisher,
        published=item.published or found.published,
        author=without_by(item.author) or found.author,
        url=web_address(item.url) or found.url,
        genre=item.genre or found.genre,
        licence=_licence(item.licence),
        expires=item.expires,
        hints=hints or (() if title else found.hints),
    )


def _licence(value: object) -> Licence | None:
    """The licence that a field names, in any case; what is no licence that the program knows says nothing."""
    named = (line(value) or "").casefold().replace("-", " ").replace("_", " ")
    return next((each for each in Licence if each == named), None)


def whole(text: str) -> str:
    """The text with U+FFFD in place of NUL and of halves of characters, which JSON can write."""
    return _BROKEN.sub("\ufffd", text)


def shown(name: str) -> str:
    """A name out of a file as it may be printed: no control characters, and no longer than a line or two."""
    return "".join(c if c.isprintable() else "\ufffd" for c in name)[:300]


def line(value: object) -> str | None:
    """A value as one line, or None."""
    return (" ".join(whole(value).split()) or None) if isinstance(value, str) else None


def without_by(value: object) -> str | None:
    """The names of a byline, without the "By" before them."""
    names = line(value)
    return _BY.sub("", names, count=1) if names and _BY.match(names) else names


def web_address(value: object) -> str | None:
    """An address of the web, or None."""
    text = value.strip() if isinstance(value, str) else ""
    return text if _WEB.fullmatch(text) else None


@dataclass(frozen=True, slots=True)
class Version:
    """One version of an item: ``key`` is equal for all of them, the largest ``rank`` is the newest."""

    key: str
    rank: tuple[float, str]
    where: str


def newest(versions: Iterable[Version]) -> tuple[set[str], list[SkippedItem]]:
    """Where the newest version of each item stands, and the others, skipped; of equal ones the first counts."""
    best: dict[str, Version] = {}
    listed = list(versions)
    for version in listed:
        if version.key not in best or version.rank > best[version.key].rank:
            best[version.key] = version
    kept = {version.where for version in best.values()}
    older = [v for v in listed if v.where not in kept]
    return kept, [SkippedItem(v.where, _replaced(v, best[v.key])) for v in older]


def _replaced(version: Version, by: Version) -> str:
    if version.rank == by.rank:
        return f"repeats {by.where}: both have the id {shown(version.key)}"
    return f"replaced by a newer version, {by.where}: both have the id {shown(version.key)}"


def attempt(where: str, make: Callable[[], Article], articles: list[Article], skipped: list[SkippedItem]) -> None:
    """Add the article that ``make`` gives, or the reason why it gives none."""
    try:
        articles.append(make())
    except UnreadableError as error:
        skipped.append(SkippedItem(where, reason(error)))


def reason(error: UnreadableError) -> str:
    """What is wrong, and what to do, without the place, which stands beside it."""
    return f"{error.what} ({error.do})" if error.do else error.what
