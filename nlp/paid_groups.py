"""Groups that are told only as getting or losing money: "practices will be paid £5m", "£4m for schools".

The grammar of groups (``nlp.groups``) does not take a plural noun for somebody that as often means a thing
("practices"); whoever a sum goes to is somebody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import corpora
from nlp.alternatives import one_of
from nlp.found import Found, add
from nlp.identities import id_within
from nlp.records import Article, Block, Stakeholder, StakeholderKind

_SUM = r"£\d[\d.,]*\s?(?:bn|m|k|tn|million|billion)?\b"


class PaidGroup(NamedTuple):
    """Where the group is told, and its noun in small letters."""

    start: int
    end: int
    name: str


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    lexicon = corpora.lexicon("groups")["paid"]
    bare = {*lexicon["heads"], *(head for head in corpora.lexicon("groups")["heads"] if " " not in head)}
    heads = one_of({*bare, *(head[:1].upper() + head[1:] for head in bare)})
    kinds = one_of({*lexicon["kinds"], *(kind[:1].upper() + kind[1:] for kind in lexicon["kinds"])})
    group = rf"(?P<group>(?:{kinds}\s)?{heads})(?![\w’'-])"
    some = r"(?:(?:the|all|these|those|their|its|local|some|other|many|most|several|\d[\d,]*)\s){0,2}"
    light = (
        r"(?:(?:will|would|could|can|should|must|may|are|were|have|had|has|been|be|to|also|now|each|all|not|only)\s)*"
    )
    got = one_of(lexicon["gets"])
    behind = "in|from|across|to|by|over|next|this|last|and|or|who|that|which|with|under|as|at|on|of"
    ends = rf"(?=[.,;:)]|\s(?:{behind})\b|\s*$)"
    return (
        re.compile(rf"{_SUM}(?:\s(?!(?:to|for)\s)[\w’'%-]+){{0,8}}\s(?:to|for)\s{some}{group}{ends}"),
        re.compile(rf"(?<![\w’'-])(?:{one_of(lexicon['gives'])})\s{some}{group}\s(?:[a-z-]+\s){{0,4}}{_SUM}"),
        re.compile(rf"(?<![\w’'-]){group}\s{light}(?:{got})\s(?:[\w’'-]+\s){{0,5}}?{_SUM}"),
    )


def find_paid(text: str, start: int, end: int) -> Iterator[PaidGroup]:
    """Groups of ``text[start:end]`` that a sum goes to or is taken from."""
    for pattern in _patterns():
        for match in pattern.finditer(text, start, end):
            yield PaidGroup(*match.span("group"), match["group"].lower())


def add_paid(found: Found, article: Article, blocks: Sequence[Block]) -> None:
    """Add those of an article where a sum goes to them; elsewhere the noun may mean a thing."""
    groups = {s.name.lower(): s for s in found.stakeholders.values() if s.kind is StakeholderKind.GROUP}
    for block in blocks:
        for group in find_paid(article.text, block.start, block.end):
            if not found.taken.overlaps(group.start, group.end):
                new = Stakeholder(id_within(article.id, group.name), group.name, StakeholderKind.GROUP)
                add(found, article, group.start, group.end, groups.setdefault(group.name, new), "a sum goes to them")
