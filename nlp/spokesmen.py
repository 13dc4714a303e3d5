"""Whose spokesman speaks where no body is named beside the word: "a council spokesman", "the trust's spokeswoman"."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

from nlp.described import noun_sort
from nlp.leads import LEADS, OPENS
from nlp.records import BlockKind
from nlp.sentences import split_sentences
from nlp.units import Unit

if TYPE_CHECKING:
    from nlp.speakers import Discourse

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


def body_above(discourse: Discourse, unit: Unit, fits: Callable[[str], bool]) -> str | None:
    """ "NHS Employers, which acts for the government, issued a statement.¶ A spokesman said": the body that opens the
    last sentence of the paragraph before, where a spokesman without a body opens one.
    """
    blocks = [b for b in discourse.article.blocks if b.kind is BlockKind.PARAGRAPH and b.start <= unit.start]
    if len(blocks) < 2 or unit.start - blocks[-1].start > OPENS:
        return None
    *_, (start, end) = split_sentences(discourse.article.text, blocks[-2].start, blocks[-2].end)
    first = discourse.first_named(start, fits, end)
    if first is None or first.extent.start - start > OPENS:
        return None
    opens = LEADS.fullmatch(discourse.article.text[start : first.extent.start]) or first.extent.start == start
    return first.stakeholder if opens else None
