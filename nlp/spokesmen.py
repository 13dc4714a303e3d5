"""Whose spokesman speaks where no body is named beside the word: "a council spokesman", "the trust's spokeswoman"."""

from __future__ import annotations

import re

from nlp.described import noun_sort

#: What a spokesman may be called that says nothing of whose he is.
_PLAIN = frozenset(
    {"chief", "senior", "official", "second", "another", "lead", "its", "their", "own", "main", "public", "press"}
)
_HOUSE = re.compile(
    r"(?:the|an?|its|their|one|another)\s+(?P<words>(?:[\w’'-]+\s+)*?)spokes(?:man|woman|person)", re.IGNORECASE
)


def house_of(described: str) -> str | None:
    """The noun for the body of a spokesman, of no known sort ("police"), or None where no word tells it."""
    match = _HOUSE.match(described)
    words = [re.sub(r"['’]s?$", "", word) for word in match["words"].split()] if match else []
    words = [word for word in words if word.lower() not in _PLAIN]
    if not words:
        return None
    known = [word for word in words if noun_sort(word) == "body" or noun_sort(word.lower()) == "body"]
    # "a government spokesman" is of none that is only called so in part
    return known[-1] if known and known[-1].lower() != "government" else "spokesman"
