"""The stakeholders that an article has shown so far, and where."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from nlp.intervals import Intervals
from nlp.records import Article, Block, Evidence, Mention, Span, Stakeholder

#: So many names of bodies that nobody knows are followed through one article.
MANY_NAMES = 200


@dataclass(slots=True)
class Found:
    """What one article has shown so far."""

    stakeholders: dict[str, Stakeholder] = field(default_factory=dict)
    mentions: list[Mention] = field(default_factory=list)
    people: dict[str, list[tuple[int, str]]] = field(default_factory=dict)  # surname -> (offset, id)
    forms: dict[str, str] = field(default_factory=dict)  # id -> "he" or "she", by the title
    taken: Intervals = field(default_factory=Intervals)

    def mention(self, mention: Mention) -> None:
        self.mentions.append(mention)
        self.taken.add(mention.span.start, mention.span.end)


def add(
    found: Found,
    article: Article,
    start: int,
    end: int,
    stakeholder: Stakeholder,
    reason: str,
    phrase: Span | None = None,
) -> None:
    """A mention of the stakeholder at ``start``-``end``; what is written there becomes one of its names."""
    known = found.stakeholders.setdefault(stakeholder.id, stakeholder)
    written = article.text[start:end]
    if written not in (known.name, *known.aliases):
        found.stakeholders[stakeholder.id] = replace(known, aliases=(*known.aliases, written))
    method = "register" if reason == "known name" else "pattern"
    evidence = Evidence(0.95, method, reason, (phrase,) if phrase else ())
    found.mention(Mention(article.span(start, end), stakeholder.id, None, evidence))


def add_everywhere(
    found: Found, article: Article, blocks: Sequence[Block], names: Mapping[str, Stakeholder], reason: str
) -> None:
    """Every place of each name, in one pass over the text."""
    longest = sorted(list(names)[:MANY_NAMES], key=len, reverse=True)
    if not longest:
        return
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest))})(?![\w-])")
    for block in blocks:
        for match in pattern.finditer(article.text, block.start, block.end):
            if not found.taken.overlaps(*match.span()):
                add(found, article, *match.span(), names[match.group()], reason)
