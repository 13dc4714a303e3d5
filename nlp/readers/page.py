"""What a web page says of itself: JSON-LD first, then meta tags, then what can be seen on the page."""

from __future__ import annotations

import html
import json
import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from lxml.html import HtmlElement

import corpora
from nlp.readers.dates import read_date
from nlp.readers.metadata import Metadata
from nlp.records import Genre, PartialDate

#: A page that lists more than this many things in JSON-LD is no article.
MOST_NODES = 5_000
_SPACE = re.compile(r"\s+")
_WEB = re.compile(r"https?://[^\s/]+(?:/\S*)?")


def read_page_metadata(tree: HtmlElement) -> Metadata:
    """The metadata that a page states; what it does not state is None."""
    article = _json_article(tree)
    meta = _meta_tags(tree)
    return Metadata(
        title=_first(_text(article.get("headline")), *_named(meta, "title"), _text(_heading(tree))),
        publisher=_first(*_names(article.get("publisher")), *_named(meta, "publisher")),
        published=_published(article, meta, tree),
        author=_first(", ".join(_people(_names(article.get("author")))), *_people(_named(meta, "author"))),
        url=_url(tree, article, meta),
        genre=_genre(article),
    )


def _first(*values: str | None) -> str | None:
    return next((value for value in values if value), None)


def _text(value: object) -> str | None:
    """A string of the page as a reader sees it, or None."""
    if not isinstance(value, str):
        return None
    return _SPACE.sub(" ", html.unescape(value)).strip() or None


def _json_article(tree: HtmlElement) -> dict[str, Any]:
    """The JSON-LD object of the best article type, or an empty one."""
    ranks = {name: rank for rank, name in enumerate(corpora.lexicon("metadata")["jsonld"]["articles"])}
    ranked = [
        (min(ranks[t] for t in types), node)
        for script in tree.iter("script")
        if "ld+json" in (script.get("type") or "").lower()
        for node in _nodes(_loads(script.text or ""))
        if (types := [t for t in _strings(node.get("@type")) if t in ranks])
    ]
    return min(ranked, key=lambda pair: pair[0])[1] if ranked else {}


def _loads(text: str) -> object:
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):  # pages write broken JSON, and hostile ones nest it
        return None


def _nodes(value: object) -> Iterator[dict[str, Any]]:
    """Every JSON object in ``value``, outer before inner."""
    waiting, seen = deque([value]), 0
    while waiting and seen < MOST_NODES:
        node, seen = waiting.popleft(), seen + 1
        if isinstance(node, dict):
            yield node
            waiting.extend(node.values())
        elif isinstance(node, list):
            waiting.extend(node)


def _strings(value: object) -> list[str]:
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)]


def _names(value: object) -> list[str]:
    """The names in a JSON-LD person or organisation, or in a list of them."""
    items = value if isinstance(value, list) else [value]
    named = [item.get("name") if isinstance(item, dict) else item for item in items]
    return [name for item in named for text in _strings(item) if (name := _text(text))]


def _people(names: Iterable[str]) -> list[str]:
    """Names of authors, without "By" and without the addresses of their pages."""
    bare = (re.sub(r"^by\s+", "", name, flags=re.IGNORECASE) for name in names)
    return list(dict.fromkeys(name for name in bare if not _WEB.match(name)))


def _meta_tags(tree: HtmlElement) -> dict[str, list[str]]:
    """The contents of meta tags by lower-case name."""
    tags: dict[str, list[str]] = {}
    for tag in tree.iter("meta"):
        content = _text(tag.get("content"))
        for key in ("property", "name", "itemprop"):
            name = tag.get(key)
            if name and content:
                tags.setdefault(name.lower(), []).append(content)
    return tags


def _named(meta: dict[str, list[str]], field: str) -> list[str]:
    return [value for name in corpora.lexicon("metadata")["meta"][field] for value in meta.get(name, [])]


def _heading(tree: HtmlElement) -> str | None:
    headings = list(tree.iter("h1"))
    return str(headings[0].text_content()) if len(headings) == 1 else None


def _published(article: dict[str, Any], meta: dict[str, list[str]], tree: HtmlElement) -> PartialDate | None:
    stated = [*_strings(article.get("datePublished")), *_named(meta, "published"), *_visible_dates(tree)]
    return next((found for text in stated if (found := read_date(text))), None)


def _visible_dates(tree: HtmlElement) -> Iterator[str]:
    """Dates marked as such in the page's own body, the publication date before others."""
    marked = tree.xpath('//*[contains(@itemprop, "datePublished")]')
    shown = tree.xpath("(//article//time | //main//time)[position() <= 3] | //time[@pubdate]")
    classed = tree.xpath(
        '(//article | //main)//*[contains(@class, "date") or contains(@class, "publish")][position() <= 5]'
    )
    for element in (*marked, *shown, *classed):
        yield from filter(None, (element.get("content"), element.get("datetime"), _text(element.text_content())))


def _url(tree: HtmlElement, article: dict[str, Any], meta: dict[str, list[str]]) -> str | None:
    links = [link.get("href") or "" for link in tree.iter("link") if (link.get("rel") or "").lower() == "canonical"]
    stated: Sequence[str] = [*links, *_named(meta, "url"), *_strings(article.get("url"))]
    return next((url.strip() for url in stated if _WEB.fullmatch(url.strip())), None)


def _genre(article: dict[str, Any]) -> Genre | None:
    genres = corpora.lexicon("metadata")["jsonld"]["genres"]
    return next((Genre(genres[t]) for t in _strings(article.get("@type")) if t in genres), None)
