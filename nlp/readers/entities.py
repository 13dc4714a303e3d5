"""XML that declares entities is refused: they make bombs of few bytes, and they read files of this machine."""

from __future__ import annotations

import re

from nlp.errors import UnreadableError

_DOCTYPE = re.compile(r"<!DOCTYPE\b", re.IGNORECASE)
_OUTSIDE = re.compile(r"<!ENTITY\s+(?:%\s*)?[^\s>]{1,200}\s+(?:SYSTEM|PUBLIC)\b", re.IGNORECASE)
_DO = "ask for the file without a DTD, or take the text out of it"


def refuse_entities(text: str) -> None:
    """Raise UnreadableError where a text of XML declares entities of its own.

    The names are those of OWASP's XML External Entity Prevention: external entities (XXE) name files or addresses,
    and entities that stand for entities grow without end ("billion laughs").
    """
    doctype = _DOCTYPE.search(text)
    if not doctype or not (declared := text.find("<!ENTITY", doctype.end())) + 1:
        return
    if _OUTSIDE.match(text, declared) or _OUTSIDE.search(text, doctype.end()):
        raise UnreadableError("is XML that names files outside itself (external entities, XXE)", do=_DO)
    raise UnreadableError("is XML that declares entities of its own (an entity bomb, 'billion laughs')", do=_DO)
