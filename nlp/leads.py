"""Who is told by an office before being named, as the first lines of a story do: "The chair of a trust has said …"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from nlp.called import is_called, may_be_of
from nlp.described import noun_sort
from nlp.identities import is_nameless
from nlp.pronouns import is_one_of_several
from nlp.records import BlockKind, Mention, StakeholderKind
from nlp.sentences import split_sentences
from nlp.units import HAS_OFFICE, SEVERAL, Speaker, Unit

if TYPE_CHECKING:
    from nlp.speakers import Discourse

#: So many names are looked back on.
MEMORY = 200
#: So many paragraphs on, who has the office is still named.
AHEAD = 4
#: The first lines of a story are no more paragraphs than these.
LEAD = 4
#: A name that begins within so many characters of its paragraph opens it: "Shop owner Jane Tibb".
OPENS = 24
#: What may stand before whom a sentence is about: "The former chair".
LEADS = re.compile(
    r"(?:\b(?:[Tt]he|But|And|Meanwhile|However|Yet|[Ff]ormer|[Oo]utgoing|[Aa]cting|[Ii]nterim|[Ll]ocal),?\s+)+$"
)
_AGED = re.compile(r",\s\d{2},\s$")
_HIDDEN = re.compile(
    r"[^.;:,“\"]{0,60},?\s(?:who\s)?(?:did\snot\swant|didn[’']t\swant|does\snot\swant|asked\snot|wished|declined|preferred|speaking)\s"
    r"[^.;:“\"]{0,30}?(?:named|identified|anonym\w+)"
)
_UNNAMED = re.compile(r"\s+(?:of|at|for)\s+(?:an?|one\s+of|one)\s+(?P<body>(?:[\w’'-]+\s){1,5})")


def last_subject(discourse: Discourse, offset: int, fits: Callable[[str], bool], near: int) -> str | None:
    """Who opens the sentence before the one of ``offset``, within the paragraph and ``near`` characters."""
    block = next((b for b in discourse.article.blocks if b.start <= offset < b.end), None)
    if block is None:
        return None
    window = max(block.start, offset - near), min(block.end, offset + near)
    before = [s for s in split_sentences(discourse.article.text, *window) if s[1] <= offset]
    for start, end in before[-1:]:
        first = discourse.first_named(start, fits, end)
        if first and first.stakeholder and first.extent.start - start <= 14:
            return first.stakeholder
    return None


def body_of_officer(discourse: Discourse, unit: Unit, near: int) -> str | None:
    """The body of the officer who spoke last, where that body was named near and no other body since."""

    def is_near(start: int) -> bool:
        return unit.start - start <= near and discourse.article.text.count("\n", start, unit.start) <= 2

    spoke = discourse.holders[-1:]
    if not spoke or not is_near(spoke[0][0]):
        return None
    bodies = [a.organisation for a in discourse.stakeholders[spoke[0][1]].affiliations]
    named = discourse.last_named(unit.start, discourse.of_kind(StakeholderKind.ORGANISATION))
    return named.stakeholder if named and is_near(named.span.start) and named.stakeholder in bodies else None


_INDEFINITE = re.compile(r"(?:an?|one)\s", re.IGNORECASE)
_APPOSED = re.compile(r"[^.,;:“‘]{0,80},\s")
#: Sorts of nouns that a pronoun may stand for.
_SORTS = {"he": "role", "she": "role", "it": "body"}


def described_subject(discourse: Discourse, unit: Unit, near: int) -> Unit | None:
    """ "The union met Kent Council. It said": the description that opens the sentence before that of a pronoun."""
    text, wanted = discourse.article.text, _SORTS.get(unit.text.lower())
    start = max(0, unit.start - near, text.rfind("\n\n", 0, text.rfind("\n\n", 0, unit.start) + 1))
    before = [s for s in split_sentences(text, start, unit.end) if s[1] <= unit.start]
    if wanted is None or not before or text.count("\n\n", before[-1][1], unit.start) > 1:
        return None
    low, high = before[-1]
    first, behind = (*discourse.units(low, high), None, None)[:2]
    if first is None or first.form != "description" or first.id is not None:
        return None
    if discourse.holders and _INDEFINITE.match(first.text):
        return None  # "A GP in a room by the entrance is no bed" may be the words of who spoke last
    if behind and behind.form == "name" and _APPOSED.fullmatch(text, first.end, behind.start):
        return behind  # "The lead officer for the procurement, Dr A, denied it. He said"
    opens = first.start == low or LEADS.fullmatch(text[low : first.start])
    owns = text.startswith(("’", "'"), first.end)
    return first if opens and not owns and noun_sort(first.text.split()[-1]) == wanted else None


def of_one(discourse: Discourse, unit: Unit, speaker: Speaker) -> Speaker:
    """ "Kent LMC and Kent CCG met. They said": nobody rather than one of the two."""
    if speaker.id is None or unit.text.lower() != "they":
        return speaker
    at = bisect_left(discourse.starts, unit.start)
    near = discourse.mentions[max(0, at - MEMORY) : at]
    named = next((mention for mention in reversed(near) if mention.stakeholder == speaker.id), None)
    if named is None or not is_one_of_several(discourse.article.text, discourse.mentions, named):
        return speaker
    return replace(speaker, id=None, confidence=0.3, reason=f"“{unit.text}” {SEVERAL}")


def is_of_unnamed(text: str, unit: Unit) -> bool:
    """Whether an office is of a body without a name: "the chief executive of a hospital trust"."""
    return (
        _UNNAMED.match(text, unit.end) is not None
        or re.search(r"\s(?:of|at|for)\s(?:an?|one)\s", unit.text) is not None
    )


def named_ahead(discourse: Discourse, unit: Unit, noun: str, reason: str) -> tuple[str | None, float, str]:
    """ "A leading expert has urged": the person whom the next paragraphs introduce, if nobody was named before."""
    blocks, nobody = discourse.article.blocks, (None, 0.3, f"{reason} somebody not named")

    def has_name(id_: str) -> bool:
        return discourse.kind(id_) is StakeholderKind.PERSON and not is_nameless(id_)

    index = next((i for i, b in enumerate(blocks) if b.start <= unit.start < b.end), None)
    if index is None or unit.text.split()[0].lower() in {"one", "another"}:
        return nobody
    if _AGED.search(discourse.article.text, max(0, unit.start - 8), unit.start) or _HIDDEN.match(
        discourse.article.text, unit.end
    ):
        return nobody  # "Tracey, 41, a nurse, said" has named her; "a pupil, who asked not to be named" stays unnamed
    if discourse.first_named(blocks[index].start, has_name, unit.start):
        return nobody
    spoken = {id_ for _, id_ in discourse.holders}
    following = [b for b in blocks[index + 1 :] if b.kind is BlockKind.PARAGRAPH][:AHEAD]
    firsts = [discourse.first_named(paragraph.start, has_name, paragraph.end) for paragraph in following]
    fresh = [named for named in firsts if named and named.stakeholder not in spoken]
    one = next((named for named in fresh if _has_office(discourse, unit, noun, named)), None)
    if one:
        return one.stakeholder, 0.8, f"{reason} {HAS_OFFICE}"
    if unit.id:
        fresh = [named for named in fresh if may_be_of(named.stakeholder or "", unit.id, discourse.stakeholders)]
    other = fresh and fresh[0].affiliation and is_of_unnamed(discourse.article.text, unit)
    above = [b for b in blocks[:index] if b.kind is BlockKind.PARAGRAPH]  # a page has much else before its story
    if len(above) > LEAD or any(discourse.first_named(b.start, has_name, b.end) for b in above):
        return nobody  # a lead names nobody before; further down "a bus company director" stays without a name
    if fresh and fresh[0] is firsts[0] and not other:
        return fresh[0].stakeholder, 0.7, f"{reason} the person named next"
    return nobody


def interviewee(discourse: Discourse, unit: Unit, fits: Callable[[str], bool]) -> str | None:
    """ "‘It never comes,’ she says.¶ Jane Tibb, 54, has …": whom the next paragraph opens with, if it is the first."""

    def is_person(id_: str) -> bool:
        return discourse.kind(id_) is StakeholderKind.PERSON

    if any(is_person(id_) for _, id_ in discourse.holders) or discourse.first_named(0, is_person, unit.start):
        return None
    blocks = (b for b in discourse.article.blocks if b.start > unit.end and b.kind is BlockKind.PARAGRAPH)
    following = next(blocks, None)
    named = discourse.first_named(following.start, fits, following.end) if following else None
    if following is None or named is None or named.stakeholder is None or is_nameless(named.stakeholder):
        return None
    return named.stakeholder if named.extent.start - following.start <= OPENS else None


def _has_office(discourse: Discourse, unit: Unit, noun: str, named: Mention) -> bool:
    """Whether who is named has the office, or is of a body that is called what the office is said to be of."""
    role = named.affiliation.role if named.affiliation else None
    if unit.id and not may_be_of(named.stakeholder or "", unit.id, discourse.stakeholders):
        return False
    if noun in (role or "").lower() or noun in named.extent.text.lower():
        return True
    body = discourse.stakeholders.get((named.affiliation and named.affiliation.organisation) or "")
    unnamed = _UNNAMED.match(discourse.article.text, unit.end) or _UNNAMED.search(f"{unit.text} ")
    if role or body is None or unnamed is None:
        return False
    return any(is_called(body, word.rstrip("s")) for word in unnamed["body"].split() if len(word) > 2)
