"""The body of an office that a text gives without it: "health secretary", "the CCG’s chair", "LMC chair"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import corpora
from nlp.affiliations import Body, Introduction, is_called
from nlp.records import Stakeholder
from nlp.register import Register

_OWNER = re.compile(r"(?:the |its |their )?(?:[\w-]+ ){0,3}?(?P<noun>[\w-]+)['’]s? (?P<role>.+)")


def fill_in(
    stakeholders: dict[str, Stakeholder],
    intro: Introduction,
    register: Register,
    when: date | None,
    named: Sequence[Body],
    last_body: str | None,
) -> Introduction:
    """Fill in the body of an office that names it by itself, belongs to a place, or to the body named last."""
    if intro.organisation or not intro.role or intro.role.lower().startswith(("shadow", "former", "ex-")):
        return intro
    role = intro.role.lower()
    lexicon = corpora.lexicon("roles")
    for office, body in lexicon["office_bodies"].items():
        if office in role:
            return _filed_under(stakeholders, intro, register.resolve(body, when))
    place = re.match(r"(?:the )?(?P<place>[A-Z][\w-]+(?: [A-Z][\w-]+)*)['’]s? (?P<role>.+)", intro.role)
    if place and any(office in place["role"].lower() for office in lexicon["local"]):
        council = register.resolve(f"{place['place']} Council", when)
        return _filed_under(stakeholders, replace(intro, role=place["role"]), council)
    owner = _OWNER.match(intro.role)
    if owner and owner["noun"].lower() not in lexicon["bodies"]["served"]:
        # "the CCG’s accountable officer": of a body so called, or of none that is known
        so_called = (b.id for b in reversed(named) if is_called(stakeholders[b.id], owner["noun"]))
        loose = last_body if owner["noun"].lower() in lexicon["bodies"]["loose"] else None
        return replace(intro, organisation=next(so_called, loose), role=owner["role"])
    sort = next((noun for noun in lexicon["bodies"]["told_by_office"] if role.startswith(f"{noun} ")), None)
    if sort:  # "Council leader Ann Orde" leads no charity, whichever was named last
        return replace(
            intro, organisation=next((b.id for b in reversed(named) if is_called(stakeholders[b.id], sort)), None)
        )
    bare = any(re.search(rf"(?<![\w-]){office}(?![\w-])", role) for office in lexicon["bodily"])
    return replace(intro, organisation=last_body) if bare and last_body else intro


def _filed_under(stakeholders: dict[str, Stakeholder], intro: Introduction, body: Stakeholder | None) -> Introduction:
    if body is None:
        return intro
    stakeholders.setdefault(body.id, body)
    return replace(intro, organisation=body.id)
