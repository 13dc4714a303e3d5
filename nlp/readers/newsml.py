"""NewsML-G2 (IPTC, versions 2.x): a newsItem, a newsMessage of several, and packages that refer to items.

Bodies are read from inlineXML (XHTML or NITF) and inlineData. A cancelled item is withdrawn, one that is withheld or
under embargo is skipped; of the versions of a guid the newest counts.
"""

from __future__ import annotations

from lxml import etree

from nlp.errors import UnreadableError
from nlp.readers.formats import ReadNested
from nlp.readers.fragment import local_name, pieces_of
from nlp.readers.items import Item, line, make_article, shown, web_address
from nlp.readers.news_items import NewsItem, read_news_items
from nlp.readers.pieces import Piece, plain
from nlp.readers.reading import Reading, SkippedItem
from nlp.readers.stamps import last_day, read_stamp
from nlp.readers.xml_tree import Tree, child, read_xml, text_at
from nlp.records import Article

READER = "newsml-g2/1"


def read(data: bytes, *, source: str, nested: ReadNested) -> Reading:
    """Every item of a file. Raises UnreadableError when there are none."""
    tree, text = read_xml(data)
    cut = tree.drop_cut(text, "newsitem")
    elements = list(tree.all("newsitem"))
    items = [_news_item(element, f"item {number}", source) for number, element in enumerate(elements, 1)]
    skipped = _missing(tree, {item.id for item in items})
    if cut or (tree.fault and local_name(tree.root) == "newsitem"):
        items = items if cut else []
        skipped.append(SkippedItem(f"item {len(items) + 1}", "the file is cut off or broken within it"))
    elif tree.fault:
        skipped.append(SkippedItem("file", f"{tree.fault}: items may be missing"))
    return read_news_items(items, format="newsml-g2", declared=_declared(tree), skipped=skipped)


def _declared(tree: Tree) -> int | None:
    """How many items the packages of the file name; None where it has no package."""
    packages = list(tree.all("packageitem"))
    return len(_references(tree)) if packages else None


def _references(tree: Tree) -> list[str]:
    """The ids that packages refer to, once each, but for other packages in the file."""
    own = {element.get("guid") for element in tree.all("packageitem")}
    named = [element.get("residref") or element.get("href") or "" for element in tree.all("itemref")]
    return list(dict.fromkeys(name for name in named if name and name not in own))


def _missing(tree: Tree, found: set[str]) -> list[SkippedItem]:
    return [
        SkippedItem(shown(name), "is named by a package and not in the file")
        for name in _references(tree)
        if name not in found
    ]


def _news_item(element: etree._Element, where: str, source: str) -> NewsItem:
    guid = line(element.get("guid")) or f"{source}#{where.removeprefix('item ')}"
    version = element.get("version") or ""
    status = child(element, "itemmeta", "pubstatus")

    def make() -> Article:
        return make_article(_item(element, guid), reader=READER)

    return NewsItem(
        where=where,
        id=guid,
        version=float(version) if version.isdecimal() and len(version) < 16 else 0.0,
        created=text_at(element, "itemmeta", "versioncreated") or "",
        status=(_code(status) if status is not None else "") or "usable",
        embargoed=text_at(element, "itemmeta", "embargoed"),
        make=make,
    )


def _code(element: etree._Element) -> str:
    """A code: "qcode" names it by scheme and value, "uri" as an address that ends in it."""
    return element.get("qcode") or (element.get("uri") or "").rpartition("/")[2]


def _item(element: etree._Element, guid: str) -> Item:
    kind = child(element, "itemmeta", "itemclass")
    code = _code(kind).rpartition(":")[2].lower() if kind is not None else "text"
    if code not in ("text", "composite", ""):
        raise UnreadableError(f"is of the class {code[:40]}, not text")
    title = text_at(element, "contentmeta", "headline") or text_at(element, "itemmeta", "title")
    content = child(element, "contentset")
    pieces = _pieces(content, title) if content is not None else []
    if not pieces:
        raise UnreadableError("has no text in it", do="ask for the item with its content")
    author = text_at(element, "contentmeta", "by") or text_at(element, "contentmeta", "creator", "name")
    return Item(
        source=guid,
        pieces=pieces,
        title=title,
        publisher=_publisher(element),
        published=read_stamp(text_at(element, "itemmeta", "versioncreated"))
        or read_stamp(text_at(element, "contentmeta", "contentcreated")),
        author=author,
        url=web_address(guid) or _link(element),
        licence=text_at(element, "rightsinfo", "usageterms"),
        expires=last_day(text_at(element, "itemmeta", "expires")),
    )


def _publisher(element: etree._Element) -> str | None:
    """The name of the provider, else of who holds the rights, else the credit line."""
    provider = child(element, "itemmeta", "provider")
    literal = provider.get("literal") if provider is not None else None
    named = text_at(element, "itemmeta", "provider", "name") or literal
    holder = child(element, "rightsinfo", "copyrightholder")
    rights = text_at(element, "rightsinfo", "copyrightholder", "name") or (
        holder.get("literal") if holder is not None else None
    )
    return named or rights or text_at(element, "contentmeta", "creditline")


def _link(element: etree._Element) -> str | None:
    """The page of the item, where its links name one of its own ("irel:isA…" and the like name others)."""
    meta = child(element, "itemmeta")
    links = [inner for inner in meta if local_name(inner) == "link"] if meta is not None else []
    return next(
        (url for one in links if "html" in (one.get("contenttype") or "") and (url := web_address(one.get("href")))),
        None,
    )


def _pieces(content: etree._Element, title: str | None) -> list[Piece]:
    """The blocks of the first body that has any: marked-up text before plain text."""
    for body in sorted(content, key=lambda inner: local_name(inner) != "inlinexml"):
        name = local_name(body)
        if name == "inlinexml" and (pieces := _marked_up(body)):
            return pieces
        if name == "inlinedata" and (body.text or "").strip() and "base64" not in (body.get("encoding") or ""):
            return plain(body.text or "", title)
    return []


def _marked_up(body: etree._Element) -> list[Piece]:
    # NITF has headline and byline in its body.head, which the metadata of the item give too.
    contents = [inner for inner in body.iter() if local_name(inner) == "body.content"]
    return [piece for inner in contents or [body] for piece in pieces_of(inner)]
