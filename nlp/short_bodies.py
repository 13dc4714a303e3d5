"""A body by a part of its name: "Tyne Gateway" of "Tyne Gateway GP Federation", "the Alliance" of "Alliance of Shops".

Newspapers give a name whole once and short from there on; two stakeholders for one body split what it says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

import corpora
from nlp.acronyms import short_name_behind
from nlp.called import is_called
from nlp.records import Mention, Stakeholder, StakeholderKind
from nlp.register import Register

#: What stands behind the head of a body's name and still belongs to the name.
_GOES_ON = frozenset({"of", "for", "in", "on"})
_THE = re.compile(r"\b[Tt]he\s+$")


@cache
def _nouns() -> frozenset[str]:
    return frozenset(noun.lower() for noun in corpora.lexicon("roles")["bodies"]["nouns"])


def find_heads(text: str, start: int, end: int, bodies: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    """Where "The Alliance" stands for the one body of the text whose name has that head (``bodies``: head -> id)."""
    if bodies:
        heads = "|".join(map(re.escape, bodies))
        pattern = re.compile(rf"\b[Tt]he (?P<head>{heads})(?![\w-])(?!\s(?:of|for|and|on)\s[A-Z])(?!\s[A-Z])")
        for match in pattern.finditer(text, start, end):
            yield *match.span("head"), bodies[match["head"]]


def single_heads(stakeholders: Mapping[str, Stakeholder]) -> dict[str, str]:
    """The heads of bodies' names that one body of the text has, with its id: "Alliance", "Association", "Trust"."""
    found: dict[str, set[str]] = {}
    for body in stakeholders.values():
        if body.kind is StakeholderKind.ORGANISATION and len(body.name.split()) > 1:
            for word in {word for name in (body.name, *body.aliases) for word in name.split()}:
                if word[:1].isupper() and word.lower() in _nouns() and not word.isupper():
                    found.setdefault(word, set()).add(body.id)
    return {head: next(iter(ids)) for head, ids in found.items() if len(ids) == 1}


@cache
def _trades() -> frozenset[str]:
    return frozenset(corpora.lexicon("names")["context"]["trades"])


def join_short(
    text: str, stakeholders: dict[str, Stakeholder], mentions: Sequence[Mention], register: Register
) -> list[Mention]:
    """The mentions with each body under one id; what is short for another is taken out of ``stakeholders``."""
    whole = whole_of_short(text, stakeholders, mentions, register)
    for short, id_ in whole.items():
        gone, known = stakeholders.pop(short), stakeholders[id_]
        names = dict.fromkeys((*known.aliases, gone.name, *gone.aliases))
        stakeholders[id_] = replace(known, aliases=tuple(name for name in names if name != known.name))
    return [replace(each, stakeholder=whole.get(each.stakeholder or "", each.stakeholder)) for each in mentions]


def whole_of_short(
    text: str, stakeholders: Mapping[str, Stakeholder], mentions: Sequence[Mention], register: Register
) -> dict[str, str]:
    """The ids of bodies named in short, each with the id of the one body of the text that it is short for.

    A name that may be short for two bodies, or that the register knows as a body of its own, is left alone.
    """
    bodies = [who for who in stakeholders.values() if who.kind is StakeholderKind.ORGANISATION]
    found: dict[str, str] = {}
    bracketed = {short_name_behind(text, each.span.text, each.span.end): each.stakeholder for each in mentions}
    for short in bodies:
        if register.names_of(short.id):
            continue
        spelt = bracketed.get(short.name)
        if spelt and spelt != short.id:  # "the National Pharmacists’ Guild (NPG)", where NPG was found by itself
            found[short.id] = spelt
            continue
        whole = [each.id for each in bodies if each.id != short.id and _is_short_for(short.name, each)]
        alone = " " in short.name or short.name.lower() not in _nouns() or _pointed_at(text, short.id, mentions)
        if len(whole) == 1 and alone:
            found[short.id] = whole[0]
    return {short: whole for short, whole in found.items() if whole not in found}


def _is_short_for(short: str, body: Stakeholder) -> bool:
    words, whole = short.split(), body.name.split()
    if len(words) == 1:  # "the CCG", "the Alliance"; "Norwind" of "Norwind Energy"
        if len(whole) > 1 and whole[0] == short and len(short) > 3 and {*whole[1:]} <= _trades():
            return True
        return short.lower() in _nouns() and len(whole) > 1 and is_called(body, short)
    if len(whole) <= len(words) or whole[: len(words)] != words:
        return False
    if words[-1].lower() in _nouns():  # "Forth Institute" for Work and Welfare, but no branch of it
        return whole[len(words)].lower() in _GOES_ON
    return whole[-1].lower() in _nouns()


def _pointed_at(text: str, id_: str, mentions: Sequence[Mention]) -> bool:
    """Whether the name mostly stands behind "the": "the CCG", not "Kent CCG" cut short."""
    starts = [mention.span.start for mention in mentions if mention.stakeholder == id_]
    return sum(bool(_THE.search(text, max(0, at - 8), at)) for at in starts) * 2 > len(starts)
