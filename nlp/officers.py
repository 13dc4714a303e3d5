"""Officers told with the name of their body: "the NHS England chief executive", "a delegate from Napo"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import corpora
from nlp.alternatives import one_of
from nlp.called import may_be_of
from nlp.described import held_offices, is_like_office, nouns, speaks_for_nobody
from nlp.identities import is_nameless
from nlp.phrases import describe, without_pointer
from nlp.records import Affiliation, Mention, StakeholderKind
from nlp.units import Speaker, Unit

if TYPE_CHECKING:
    from nlp.speakers import Discourse

#: So many names before the office and behind it may be of who has it.
NEAR = 200
#: How an officer without a name is resolved.
OF_BODY = "is an officer of the body without a name"
_DETERMINER = re.compile(
    r"\b(?:[Tt]he|[Aa]n?|[Oo]ne|[Aa]nother)\s(?:(?:senior|leading|local|former|unnamed|top|regional|national)\s)?$"
)
_NAMED = re.compile(r"\s*,?\s*(?:(?:Dr|Cllr|Sir|Dame|Lord|Lady|Professor|Mr|Mrs|Ms)\s)?[A-Z]")
#: Who is none that a body lets speak for it.
_OF_NO_OFFICE = frozenset({"official", "member", "source", "insider", "employee", "worker"})
_FORMER = re.compile(r"\b(?:former|ex|outgoing|ousted|retired)\b")


_ORGAN = re.compile(
    r"(?:['’]s)?\s(?:ruling\s|governing\s|national\s|full\s)?(?:cabinet|board|executive|governing\sbody|council|leadership|executive\scommittee)"
    r"(?=\s(?:has|have|had|is|was|will|would|voted|agreed|said|says|backed|rejected|approved|decided|opposed|supported|wants|warned|met)\b)"
)


@cache
def _office() -> re.Pattern[str]:
    """What stands behind the body: "chief executive", "’s director of standards and care"."""
    roles = {noun for noun, sort in nouns().items() if sort == "role"}
    lay = corpora.lexicon("roles")["persons"]["lay"]
    heads = one_of({*roles, *lay, *_OF_NO_OFFICE} - {"lead", "head"})
    verbs = r"(?:has|have|had|is|was|said|says|told|tells|and|but|as|to|for|of|in|at|by|the|an?|its|his|her|their"
    verbs += r"|[a-z]+ed)\b"
    ends = r"(?=\s(?:has|have|had|is|was|said|says|told|tells|[a-z]+ed)\b|[,.:])"
    of = rf"(?:\s(?:of|for)\s[a-z-]+(?:\s(?:and\s)?[a-z-]+){{0,2}}?{ends})?"
    return re.compile(rf"(?:['’]s)?\s(?P<role>(?:(?!{verbs})[a-z-]+\s){{0,3}}(?P<noun>{heads})(?![\w’'-]){of})")


def with_offices(text: str, units: Iterable[Unit], is_body: Callable[[str], bool], end: int) -> list[Unit]:
    """Units in order, each name of a body that an office stands behind as that office: "The BMA chair"."""
    found: list[Unit] = []
    for unit in units:
        name = text.find(unit.text, unit.start, unit.end)
        of_body = unit.form == "name" and unit.id and is_body(unit.id) and name >= 0
        match = _office().match(text, name + len(unit.text), end) if of_body else None
        organ = _ORGAN.match(text, unit.end, end) if of_body and match is None else None
        if organ:  # what a council’s cabinet votes for is the council’s
            found.append(replace(unit, end=organ.end()))
            continue
        if match is None or match.end() < unit.end or _NAMED.match(text, match.end(), end):
            found.append(unit)
            continue
        before = _DETERMINER.search(text, max(0, name - 16), name)
        start = before.start() if before else name
        nobody = speaks_for_nobody(match["noun"]) or match["noun"] in _OF_NO_OFFICE
        former = _FORMER.search(text, start, match.end())  # who had the office once has it no more
        body = None if nobody or former else unit.id
        found = [each for each in found if each.end <= start]
        found.append(Unit(start, match.end(), body, text[start : match.end()], "description", match["role"]))
    return found


def find_officer(discourse: Discourse, unit: Unit) -> str | None:
    """The one person named who has the office of a unit of ``with_offices``, of that body."""
    if not (unit.id and unit.head):
        return None
    noun = office_noun(unit)
    called = corpora.lexicon("roles")["told"]["offices"].get(noun, ())
    has = re.compile("|".join(called), re.IGNORECASE) if called else None
    at = bisect_left(discourse.starts, unit.start)
    held = set[str]()
    for mention in discourse.mentions[max(0, at - NEAR) : at + NEAR]:
        office, who = mention.affiliation, mention.stakeholder or ""
        if office is None or not office.role or not may_be_of(who, unit.id, discourse.stakeholders):
            continue
        same = noun in held_offices(office.role) and is_like_office(unit.head, office.role, noun)
        if same or (has and has.search(office.role)):
            held.add(who)
    return next(iter(held)) if len(held) == 1 else None


def is_of_another(text: str, mention: Mention, role: str) -> bool:
    """Whether the office is of something without a name: "The Green group … Its leader, Ann Orde" leads no council."""
    before = text[max(0, mention.extent.start - 6) : mention.extent.start].lower()
    return "group" in role.lower() or before.endswith(("its ", "their "))


def spoke_before(discourse: Discourse, noun: str) -> str | None:
    """Who spoke last of those known by an office alone that is called so: "the director" of standards."""
    known = (discourse.stakeholders[id_] for _, id_ in reversed(discourse.holders) if is_nameless(id_))
    return next((who.id for who in known if any(noun in held_offices(a.role or "") for a in who.affiliations)), None)


def without_name(discourse: Discourse, unit: Unit, speaker: Speaker) -> Speaker:
    """Who has an office of a body and no name is somebody, who speaks for the body; a spokesman is the body itself."""
    if unit.form != "description" or unit.id is None or speaker.id != unit.id:
        return speaker
    noun = office_noun(unit)
    if nouns().get(noun) != "role":
        return speaker
    new = describe(unit.text, StakeholderKind.PERSON, discourse.article.id)
    if new is None:
        return speaker
    role = without_pointer(unit.head or unit.text[: unit.text.index(noun) + len(noun)])
    who = replace(new, affiliations=(Affiliation(unit.id, role),))
    known = discourse.stakeholders.setdefault(who.id, who)
    return replace(speaker, id=known.id, reason=f"“{unit.text}” {OF_BODY}")


def office_noun(unit: Unit) -> str:
    """The noun of the office: "chair" in "chair of the GPC", "director" in "director of standards"."""
    words = unit.head or unit.text
    return re.split(r"\s(?:of|for|at|from|in)\s", words)[0].split()[-1]
