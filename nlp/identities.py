"""Stable ids of those whom no register knows: bodies and groups by name, people by name and affiliation."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from nlp.records import Affiliation, Mention, Stakeholder, StakeholderKind
from nlp.register import Register


def slug(name: str) -> str:
    """A stable id of a name: lower-case words joined by hyphens."""
    plain = unicodedata.normalize("NFKD", re.sub(r"['’]", "", name)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "unnamed"


def id_within(article: str, name: str) -> str:
    """The id of somebody known by a description alone: the nurse of another article is another nurse."""
    return f"{slug(name)}--in-{article[:8]}"


def is_nameless(id_: str) -> bool:
    """Whether the id is one of ``id_within``: of somebody whom a text describes and does not name."""
    return "--in-" in id_


def person_id(name_id: str, offices: Sequence[Affiliation], register: Register) -> str:
    """The id of a person in all articles: the name and, where it is said, the body: "ann-dorrit--kent-lmc".

    The first body named counts. Committees stand for the body they are of and old names for the new one, so
    that a person introduced "of the GPC" here and "of the BMA" there is one. No slug holds two hyphens.
    """
    body = next((office.organisation for office in offices if office.organisation), None)
    return f"{name_id}--{_house(body, register)}" if body else name_id


def _house(body: str, register: Register) -> str:
    top = (body, *register.parents(body))[-1]
    names = register.names_of(top)
    return names[-1].id if names else top


def tell_people_apart(
    stakeholders: Iterable[Stakeholder], mentions: Sequence[Mention], register: Register
) -> tuple[tuple[Stakeholder, ...], tuple[Mention, ...]]:
    """The same with the ids of people made of name and affiliation."""
    known = tuple(stakeholders)
    ids: Mapping[str, str] = {
        who.id: person_id(who.id, who.affiliations, register) for who in known if who.kind is StakeholderKind.PERSON
    }
    moved = {old: new for old, new in ids.items() if old != new}
    people = tuple(replace(who, id=moved[who.id]) if who.id in moved else who for who in known)
    named = (
        replace(each, stakeholder=moved[each.stakeholder]) if each.stakeholder in moved else each for each in mentions
    )
    return people, tuple(named)


def with_affiliations(stakeholders: Iterable[Stakeholder], mentions: Sequence[Mention]) -> tuple[Stakeholder, ...]:
    """Stakeholders with the offices that their mentions give them: one a body, with its role where one is said."""
    offices: dict[str, dict[str, Affiliation]] = {}
    for mention in mentions:
        if mention.stakeholder and mention.affiliation and mention.affiliation.organisation:
            known = offices.setdefault(mention.stakeholder, {})
            organisation = mention.affiliation.organisation
            if organisation not in known or not known[organisation].role:
                known[organisation] = mention.affiliation
    return tuple(replace(s, affiliations=tuple(offices[s.id].values())) if s.id in offices else s for s in stakeholders)
