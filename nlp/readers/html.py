"""Web pages: trafilatura finds the article, the page's own metadata says whose it is.

The text is made of the article's blocks with an empty line between them: headings and captions are
hinted, list items start with a bullet, readers' comments are left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from lxml import etree
from lxml.html import HtmlElement, HTMLParser, document_fromstring
from trafilatura import bare_extraction

import corpora
from nlp.errors import UnreadableError
from nlp.readers.decoding import decode_page
from nlp.readers.formats import ReadNested
from nlp.readers.laid_out import lay_out
from nlp.readers.metadata import Metadata
from nlp.readers.page import read_page_metadata
from nlp.readers.pieces import Piece, join, tidy, with_title
from nlp.readers.reading import Reading
from nlp.records import Article, PartialDate, Precision

READER = "html/1"
#: An article has so many words, and one paragraph at least of so many that ends in a stop.
ARTICLE_WORDS = 30
PROSE_WORDS = 8
#: A page that marks no paragraphs holds an article if it has so many lines of prose.
LAID_OUT_LINES = 3

#: A comment that says where a page was saved from stands so far up.
SAVED_BYTES = 4_096
_SAVED_FROM = re.compile(rb"<!--[^>]{0,80}?(?:saved from url=\([0-9]{1,6}\)|\burl: )(https?://[!-=?-~]{1,2000})")
_STOPPED = re.compile(r"[.!?…][\"'”’)\]]*$")
_SPECIAL = ("head", "p", "quote", "list", "item", "table", "row", "cell", "lb", "graphic")


def read(data: bytes, *, source: str, nested: ReadNested) -> Reading:
    """A page is one article. Raises UnreadableError when there is none in it."""
    return Reading(format="html", articles=(read_html(data, source=source),))


def read_html(data: bytes, *, source: str) -> Article:
    """The article of a web page. Raises UnreadableError when the page holds none."""
    tree = _parse(decode_page(data))
    found = read_page_metadata(tree)
    captions = _open_captions(tree)
    _drop_comments(tree)
    try:
        pieces, found = _extract(tree, captions, found)
    except UnreadableError:
        pieces = _laid_out(_parse(decode_page(data)))
    text, hints = join(with_title(pieces, found.title, headed=True))
    url = found.url or _saved_from(data) or (source if source.startswith(("http://", "https://")) else None)
    return Article(
        id=Article.identify(url or source, text),
        source=url or source,
        text=text,
        reader=READER,
        title=found.title,
        publisher=found.publisher,
        published=found.published,
        author=found.author,
        url=url,
        genre=found.genre,
        hints=hints,
    )


def _saved_from(data: bytes) -> str | None:
    """The address that a browser, or SingleFile, writes into a page as it saves it."""
    match = _SAVED_FROM.search(data[:SAVED_BYTES])
    return match[1].decode("ascii") if match else None


def _no_article() -> UnreadableError:
    return UnreadableError("is a web page without an article in it", do="save the article's own page, or its text")


def _parse(text: str) -> HtmlElement:
    # Without huge_tree libxml2 itself bounds depth, names and attributes of hostile pages.
    parser = HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except etree.LxmlError:
        raise _no_article() from None


def _open_captions(tree: HtmlElement) -> frozenset[str]:
    """Make captions plain paragraphs, which trafilatura keeps, and return their texts."""
    captions = set()
    for caption in list(tree.iter("figcaption")):
        captions.add(tidy(caption.text_content()))
        caption.tag = "p"
        caption.attrib.clear()
        figure = next(caption.iterancestors("figure"), None)
        if figure is not None:
            figure.tag = "div"
    return frozenset(captions - {""})


def _drop_comments(tree: HtmlElement) -> None:
    """Remove what readers wrote: no named stakeholder may be given a word of it."""
    named = set(corpora.lexicon("metadata")["page"]["comments"])
    for element in list(tree.iter("section", "div", "ol", "ul", "aside", "article", "li")):
        words = f"{element.get('id') or ''} {element.get('class') or ''}".lower().split()
        if named.intersection(words) and element.getparent() is not None:
            element.drop_tree()


def _extract(tree: HtmlElement, captions: frozenset[str], found: Metadata) -> tuple[list[Piece], Metadata]:
    """The article's blocks, and the metadata with what only trafilatura saw."""
    document = bare_extraction(
        tree,
        include_comments=False,
        with_metadata=True,
        date_extraction_params={"original_date": True, "extensive_search": False},
    )
    if document is None or isinstance(document, dict) or document.body is None:
        raise _no_article()
    pieces = [p if p.text not in captions else Piece("caption", p.text) for p in _pieces(document.body)]
    if not _is_article(pieces):
        raise _no_article()
    return pieces, replace(
        found,
        title=found.title or document.title or None,
        author=found.author or document.author or None,
        publisher=found.publisher or _site_name(document.sitename, document.hostname),
        published=found.published or _guessed_date(document.date),
    )


def _laid_out(tree: HtmlElement) -> list[Piece]:
    """The lines of a page that marks no paragraphs, furniture among them, if there is an article in them."""
    _drop_comments(tree)
    pieces = [Piece("", line) for line in lay_out(tree)]
    prose = [p for p in pieces if len(p.text.split()) >= PROSE_WORDS and _STOPPED.search(p.text)]
    if len(prose) < LAID_OUT_LINES or not _is_article(pieces):
        raise _no_article()
    return pieces


def _site_name(name: str | None, host: str | None) -> str | None:
    """The site's name, unless it is only its address."""
    return name if name and name != host and "." not in name.strip(".") else None


def _guessed_date(text: str | None) -> PartialDate | None:
    """trafilatura reads "May 2014" as its first day: a first of the month is taken for the month."""
    if not text:
        return None
    value = PartialDate.parse(text).value
    return PartialDate(value, Precision.MONTH if value.day == 1 else Precision.DAY)


@cache
def _furniture() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p})" for p in corpora.lexicon("blocks")["boilerplate"]), re.IGNORECASE)


def _is_article(pieces: list[Piece]) -> bool:
    running = [p.text for p in pieces if not p.role and not _furniture().search(p.text)]
    prose = any(len(text.split()) >= PROSE_WORDS and _STOPPED.search(text) for text in running)
    return prose and sum(len(text.split()) for text in running) >= ARTICLE_WORDS


def _pieces(body: etree._Element) -> Iterator[Piece]:
    """The blocks of trafilatura's tree, in order, each with its layout role."""
    for element in body:
        yield from _block(element)
        if element.tail and element.tail.strip():
            yield Piece("", tidy(element.tail))


def _block(element: etree._Element) -> Iterator[Piece]:
    if element.tag == "head":
        yield from _piece("heading", _inline(element))
    elif element.tag == "list":
        for item in element.iter("item"):
            yield from _piece("", _inline(item), bullet=True)
    elif element.tag == "table":
        for row in element.iter("row"):
            yield from _piece("", " | ".join(cell for c in row.iter("cell") if (cell := _inline(c))))
    elif element.tag in ("quote", "div") and any(child.tag in ("p", "head", "list", "quote") for child in element):
        yield from _piece("", element.text or "")
        yield from _pieces(element)
    elif element.tag != "graphic":
        yield from _piece("", _inline(element))


def _piece(role: str, text: str, *, bullet: bool = False) -> Iterator[Piece]:
    if tidied := tidy(text):
        yield Piece(role, f"• {tidied}" if bullet else tidied)


def _inline(element: etree._Element) -> str:
    """The text in an element; <br> is a line break, and a block inside it starts a new line."""
    parts = [element.text or ""]
    for inner in element.iterdescendants():
        parts += ["\n"] if inner.tag in _SPECIAL else []
        parts += [inner.text or "", inner.tail or ""]
    return "".join(parts)
