"""XML to a tree, safely: no entities, no DTD, no network, and a file that breaks off is read as far as it goes."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from nlp.errors import UnreadableError
from nlp.readers.decoding import decode_page
from nlp.readers.entities import refuse_entities
from nlp.readers.fragment import local_name

_DECLARATION = re.compile(r"\s*<\?xml[^>]{0,200}\?>")
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{0,31});")
_OF_XML = frozenset(["amp", "lt", "gt", "quot", "apos"])
#: What XML 1.0 does not allow, even as a reference.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Tree:
    """The root of a document; ``fault`` says where it is no XML, None when all of it is.

    ``data`` is the document in UTF-8 as it was read, without entities that XML does not know.
    """

    root: etree._Element
    data: bytes
    fault: str | None

    def all(self, *names: str) -> Iterator[etree._Element]:
        """Every element of these local names, in order."""
        return (element for element in self.root.iter() if local_name(element) in names)

    def drop_cut(self, text_end: str, name: str) -> bool:
        """Take away the last element called ``name`` when the file ends within it; whether it did."""
        last = list(self.all(name))[-1:]
        if self.fault is None or not last or _closed(text_end, name):
            return False
        parent = last[0].getparent()
        if parent is None:
            return False
        parent.remove(last[0])
        return True


def _closed(text: str, name: str) -> bool:
    """Whether the last element called ``name`` ends in ``text``."""
    opens = [m.start() for m in re.finditer(rf"<(?:[\w.-]{{1,40}}:)?{name}\b", text, re.IGNORECASE)]
    ends = [m.start() for m in re.finditer(rf"</(?:[\w.-]{{1,40}}:)?{name}\s*>", text, re.IGNORECASE)]
    return bool(ends) and (not opens or ends[-1] > opens[-1])


def read_xml(data: bytes) -> tuple[Tree, str]:
    """The tree of a document, and its text. Raises UnreadableError for what is no XML, or hostile."""
    text = _DECLARATION.sub("", decode_page(data).removeprefix("\ufeff"), count=1)
    refuse_entities(text)
    plain = _FORBIDDEN.sub("\ufffd", _ENTITY.sub(_character, text))
    encoded = plain.encode("utf-8", "replace")
    try:
        return Tree(etree.fromstring(encoded, _parser(recover=False)), encoded, None), text
    except etree.XMLSyntaxError as error:
        fault = f"the XML is broken at line {error.lineno}"
    try:
        root = etree.fromstring(encoded, _parser(recover=True))
    except etree.XMLSyntaxError:
        root = None
    if root is None:
        raise UnreadableError(f"cannot be read: {fault}", do="get the file again")
    return Tree(root, encoded, fault), text


def _parser(*, recover: bool) -> etree.XMLParser:
    # Without huge_tree libxml2 itself bounds depth, names, attributes and texts.
    return etree.XMLParser(
        encoding="utf-8",
        recover=recover,
        resolve_entities=False,
        load_dtd=False,
        dtd_validation=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )


def _character(match: re.Match[str]) -> str:
    """The character that HTML means by a name, which feeds use without declaring it."""
    if match[1] in _OF_XML:
        return match.group()
    meant = html.unescape(match.group())
    return f"&amp;{match[1]};" if meant == match.group() else meant.replace("<", "&lt;").replace("&", "&amp;")


def child(element: etree._Element, *path: str) -> etree._Element | None:
    """The first element at a path of local names below ``element``."""
    found: etree._Element | None = element
    for name in path:
        if found is None:
            return None
        found = next((inner for inner in found if local_name(inner) == name), None)
    return found


def text_at(element: etree._Element, *path: str) -> str | None:
    """The text of the element at a path, white space collapsed, or None."""
    found = child(element, *path)
    return (
        (" ".join("".join(t for t in found.itertext() if isinstance(t, str)).split()) or None)
        if found is not None
        else None
    )
