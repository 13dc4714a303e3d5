"""What a body is called besides its name: "the trust", "the county council", "the charity"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

import corpora
from nlp.records import Stakeholder

_TIERS = re.compile(r"\b(?:county|city|borough|district|parish|town)\b")


@cache
def parties() -> frozenset[str]:
    """The ids of political parties."""
    return frozenset(corpora.lexicon("roles")["parties"]["ids"])


def is_called(stakeholder: Stakeholder, noun: str, tier: str | None = None) -> bool:
    """Whether the body has the noun in one of its names, spelt out or not: "trust", "CCG", "committee" of an LMC.

    With a ``tier`` ("county") no council that is named as another one has it.
    """
    names = " ".join((stakeholder.name, *stakeholder.aliases)).lower()
    if tier and tier not in names and _TIERS.search(names):
        return False
    short = corpora.lexicon("roles")["bodies"]["short_for"].get(noun.lower(), ())
    if any(re.search(rf"(?<![a-z]){acronym.lower()}(?![a-z])", names) for acronym in short):
        return True
    return re.search(rf"(?<![a-z]){re.escape(noun.lower())}", names) is not None


def is_headed(stakeholder: Stakeholder, noun: str) -> bool:
    """Whether the noun heads one of the body's names: "Kent University", "University of Kent"."""
    names = [name.lower() for name in (stakeholder.name, *stakeholder.aliases)]
    return any(name.endswith(noun.lower()) or f"{noun.lower()} of" in name for name in names)


def unlike(stakeholder: Stakeholder, noun: str) -> int:
    """How far the body is from what the noun calls: 0 where its own name ends so, 1 where another of its names does."""
    return 0 if stakeholder.name.lower().endswith(noun.lower()) else 1 if is_headed(stakeholder, noun) else 2


def is_public(stakeholder: Stakeholder) -> bool:
    """Whether the body is of the state or a party: a ministry, a council, Parliament, Labour."""
    words = corpora.lexicon("roles")["bodies"]["public"]
    return stakeholder.id in parties() or any(word in stakeholder.name.lower() for word in words)


def may_be_of(person: str, body: str, stakeholders: Mapping[str, Stakeholder]) -> bool:
    """Whether nothing shows the person to be of other bodies alone, by ids."""
    bodies = [stakeholders.get(a.organisation or "") for a in stakeholders[person].affiliations]
    of = stakeholders.get(body)
    return not any(bodies) or any(
        each and (each.id == body or body == each.parent or (of and of.parent == each.id)) for each in bodies
    )
