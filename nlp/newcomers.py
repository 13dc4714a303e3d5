"""Whom a text names first behind an office that it has given to nobody: "The chair said no.¶ ‘…,’ Ann Orde said."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from nlp.identities import is_nameless
from nlp.leads import LEADS
from nlp.records import Mention, Stakeholder, StakeholderKind

#: So many names on, somebody is still introduced next.
NEXT = 8

#: Nobody is introduced further behind, in characters; and a hostile text is not counted through again and again.
FAR = 1_500


def newcomer(
    text: str, offset: int, before: Sequence[Mention], behind: Sequence[Mention], known: Mapping[str, Stakeholder]
) -> str | None:
    """The first person named behind ``offset``, in its paragraph or the next, if new there and without an office.

    ``before`` and ``behind`` are the mentions around ``offset``, in order. Somebody known by an office alone has no
    name that could be given, and whoever has an office of their own does not have this one. On gold train it
    puts 8 holders right and about 2 wrong.
    """
    for mention in behind:
        if mention.span.start - offset > FAR:
            return None
        if mention.stakeholder is None or text.count("\n\n", offset, mention.span.start) > 1:
            return None
        who = known[mention.stakeholder]
        if who.kind is StakeholderKind.PERSON:
            return who.id if _is_fresh(mention, who, before) else None
    return None


def just_spoke(
    text: str, offset: int, spoke: Sequence[tuple[int, str]], known: Mapping[str, Stakeholder]
) -> str | None:
    """Who spoke last, in the paragraph or the one before, if it is a person named of whom no office was told."""
    if not spoke or offset - spoke[-1][0] > FAR or text.count("\n\n", spoke[-1][0], offset) > 1:
        return None
    who = known[spoke[-1][1]]
    told = who.kind is not StakeholderKind.PERSON or is_nameless(who.id) or any(a.role for a in who.affiliations)
    return None if told else who.id


def _is_fresh(mention: Mention, who: Stakeholder, before: Sequence[Mention]) -> bool:
    offices = (*who.affiliations, *([mention.affiliation] if mention.affiliation else ()))
    named = mention.evidence is None or mention.evidence.method == "name"
    return named and not any(office.role for office in offices) and all(m.stakeholder != who.id for m in before)


def opened_last(text: str, mentions: Sequence[Mention], fits: Callable[[str], bool]) -> str | None:
    """Who opened a sentence last of these; behind the last speaker they take the pronoun over."""
    for mention in reversed(mentions):
        start = mention.extent.start
        before = LEADS.sub("", text[max(0, start - 40) : start]).rstrip(" ‘“'\"")
        opens = not before or before.endswith(("\n", ".", "!", "?"))
        if mention.stakeholder and fits(mention.stakeholder) and opens:
            return mention.stakeholder
    return None
