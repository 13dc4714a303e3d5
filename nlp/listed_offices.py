"""Officers of a meeting by their office: who is listed as "Leader" or "Head of Housing" is "The Leader" below.

Minutes and papers name those present once, with their offices, and call them by these from there on.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from nlp.records import Affiliation, Article, Block, Genre, Mention, Stakeholder, StakeholderKind

_MEETINGS = (Genre.BOARD_PAPER,)
_TAIL = re.compile(r"(?!['’]s?\b)(?!\s(?:of|for)\b)(?![\w-])")
_LEAD = re.compile(r"^(?:and|the|of|at|for|in|a|an)\b|[\n:;()]", re.IGNORECASE)
_LIST = re.compile(
    r"\W*(?:also )?(?:[\w ]{0,20} )?(?:present|attendance|attendees|officers)\b[^:\n]{0,30}:", re.IGNORECASE
)
#: An office has no more words than this.
LONGEST = 9


@dataclass(frozen=True, slots=True)
class ListedOffice:
    """An office at these offsets that stands for the person who is listed with it."""

    start: int
    end: int
    person: str


def find_listed_offices(
    article: Article, blocks: Sequence[Block], mentions: Sequence[Mention], stakeholders: Mapping[str, Stakeholder]
) -> Iterator[ListedOffice]:
    """ "The Leader", "the deputy finance director": in minutes, whoever is listed with that office alone."""
    if article.genre not in _MEETINGS:
        return
    held: dict[str, set[str]] = {}
    for mention in mentions:
        role = mention.affiliation.role if mention.affiliation else None
        if role and mention.stakeholder and stakeholders[mention.stakeholder].kind is StakeholderKind.PERSON:
            for office in _offices(role):
                held.setdefault(office.lower(), set()).add(mention.stakeholder)
    single = {office: next(iter(people)) for office, people in held.items() if len(people) == 1}
    if not single:
        return
    names = "|".join(re.escape(office) for office in sorted(single, key=len, reverse=True))
    pattern = re.compile(rf"(?<![\w’'-])[Tt]he (?P<office>(?i:{names})){_TAIL.pattern}")
    for block in blocks:
        for match in pattern.finditer(article.text, block.start, block.end):
            yield ListedOffice(*match.span(), single[match["office"].lower()])


def with_issuer(article: Article, mentions: Sequence[Mention], body: str) -> list[Mention]:
    """The mentions with the body that the minutes are of for whoever is listed with an office and no body."""
    lists = [block for block in article.blocks if _LIST.match(article.text, block.start, block.end)]
    found = []
    for mention in mentions:
        office = mention.affiliation
        bare = office is not None and office.role is not None and office.organisation is None
        if bare and any(block.start <= mention.span.start < block.end for block in lists):
            mention = replace(mention, affiliation=Affiliation(body, office.role if office else None))
        found.append(mention)
    return found


def _offices(role: str) -> Iterator[str]:
    """The role as a whole, and its first part: "Chair, non-executive" -> "Chair"."""
    for office in dict.fromkeys((role, role.partition(",")[0])):
        words = " ".join(office.split())
        if words and not _LEAD.search(words) and len(words.split()) <= LONGEST:
            yield words
