"""Which offices that speak stand for somebody without a name, and which for a person named elsewhere."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import replace

import corpora
from nlp.intervals import Intervals
from nlp.records import EVIDENCE_KINDS, Article, Block, BlockKind, Mention
from nlp.roles_alone import RoleAlone, find_roles_alone

#: So many paragraphs on, "a leading expert" may be named.
AHEAD = 4
#: Offices that one person holds where they are said with "the", beside those of bodies.
#: What the press calls who has one of these offices: "the union leader" is its chairman, "the GP leader" of an LMC too.
_CALLED = {
    word: frozenset({"leader", "boss", "chief"})
    for word in ("chair", "chairman", "chairwoman", "president", "secretary", "negotiator", "executive", "convener")
}
#: "Health secretary Maria Vane" is a minister, and the general secretary of a union is none.
_OF_STATE = re.compile(r"(?<!general )(?<!medical )(?<!joint )\bsecretary\b|\bchancellor\b")
_SINGLE = frozenset({"minister", "chancellor", "mayor", "leader"})


def find_nameless(article: Article, people: Sequence[Mention], taken: Intervals) -> Iterator[RoleAlone]:
    """Offices of people without a name. ``people`` are the mentions of those with one, in the order of the text.

    Where a person has the office, or the office of somebody named was not read, the one named may be meant.
    """
    held = _words_of_offices(people)
    roles = {mention.stakeholder for mention in people if mention.affiliation and mention.affiliation.role}
    unread = any(mention.stakeholder not in roles for mention in people)
    introduced = Intervals()
    secretaries = set[str]()
    for mention in people:
        if not introduced.overlaps(mention.extent.start, mention.extent.end):
            introduced.add(mention.extent.start, mention.extent.end)
    for block in (block for block in article.blocks if block.kind in EVIDENCE_KINDS):
        for role in find_roles_alone(article.text, block.start, block.end):
            if role.self_named:
                alone = True
            elif role.definite:
                alone = _is_single(role) and not unread
            else:
                alone = _stays_nameless(article, block, people, role.start)
            free = not taken.overlaps(role.start, role.end) and not introduced.overlaps(role.start, role.end)
            if role.self_named and role.name.endswith("secretary"):
                secretaries.add(role.name)
            if alone and free and role.office.split()[-1].lower() not in held:
                # "The health secretary told MPs … The minister replied": one person
                same = role.name == "minister" and role.definite and len(secretaries) == 1
                yield replace(role, name=next(iter(secretaries))) if same else role


def _words_of_offices(people: Sequence[Mention]) -> frozenset[str]:
    found = {
        word
        for mention in people
        for words in ((mention.affiliation and mention.affiliation.role) or "", mention.extent.text)
        for word in re.findall(r"[a-z]+", words.lower())
    }
    told = (mention.extent.text for mention in people)
    minister = {"minister"} if any(_OF_STATE.search(words.lower()) for words in told) else set[str]()
    return frozenset(found.union(minister, *(_CALLED.get(word, ()) for word in found)))


def _is_single(role: RoleAlone) -> bool:
    bodily = corpora.lexicon("roles")["bodily"]
    return " " in role.office or role.office in bodily or role.office.lower() in _SINGLE


def _stays_nameless(article: Article, block: Block, people: Sequence[Mention], start: int) -> bool:
    """Whether "a leading expert" is nobody whom the next paragraphs name.

    Somebody was named before in the paragraph, or nobody is in the next four: the attribution looks as far ahead.
    """
    if block.kind in (BlockKind.HEADLINE, BlockKind.STANDFIRST):
        return False
    at = bisect_left(people, start, key=lambda mention: mention.span.start)
    if at and people[at - 1].span.start >= block.start:
        return True
    following = [each for each in article.blocks if each.start > start and each.kind is BlockKind.PARAGRAPH][:AHEAD]
    end = following[-1].end if following else block.end
    return at == len(people) or people[at].span.start >= end
