"""What a text gives a person beside the name: an office, a body, and the offices that verbs tell ("X chairs it")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

#: How far an introduction may reach from the name, in characters.
REACH = 170
#: The office that a verb tells of; who "runs" a body may have any.
_BY_VERB = {
    "chairs": "chair",
    "leads": "leader",
    "led": "leader",
    "heads": "head",
    "manages": "manager",
    "speaks for": "spokesperson",
    "owns": "owner",
    "founded": "founder",
    "co-founded": "co-founder",
}
_HOLDS = re.compile(
    r",?\s+(?:who\s+)?(?:has\s+|also\s+|now\s+)*(?P<verb>chairs|leads|led|heads|runs|run|owns|manages|speaks\sfor|(?:co-)?founded)\s+"
    r"(?!an?\s|by\b)(?:(?P<own>it|its|their)\b)?(?:the\s+)?(?:[a-z\d][\w,-]*\s+){0,3}"
)
#: What somebody heads, to its end.
_OBJECT = re.compile(
    r"\s+(?:the\s+|an?\s+)?(?:(?:[\w’'-]+\s){1,3}?(?:committee|panel|board|commission|task\s?force|campaign|department|team|caucus)"
    r"|[A-Z][\w’'-]+(?:\s[\w’'-]+)?\sgroup)\b"
)
#: Who "led the government's review" had no office in the government.
LED_WORK = re.compile(
    r",?\s+(?:and\s+)?(?:who\s+)?(?:also\s+|once\s+)?"
    r"(?:led|chaired|headed|wrote|leads|chairs|ran|conducted|carried out)\s+"
    r"[^,;:.]{1,60}?\b(?:review|inquiry|enquiry|investigation|report|study|survey|evaluation|research|trial|pilot)s?\b"
)


@dataclass(frozen=True, slots=True)
class Body:
    """A body named at these offsets."""

    start: int
    end: int
    id: str


@dataclass(frozen=True, slots=True)
class Introduction:
    """What stands beside a name: the offsets of the whole phrase, the body and the role, when said."""

    start: int
    end: int
    organisation: str | None
    role: str | None


def by_verb(
    text: str, start: int, end: int, bodies: Sequence[Body], high: int, last_body: str | None
) -> Introduction | None:
    """An office that a verb tells: "Ann Orde chairs it", ", who speaks for the county's LMCs on pay"."""
    match = _HOLDS.match(text, end, min(high, end + REACH))
    if match is None or LED_WORK.match(text, end, min(high, end + REACH)):
        return None
    role = _BY_VERB.get(match["verb"])
    body = next((b.id for b in bodies_in(bodies, match.end(), end + REACH) if b.start == match.end()), None)
    said = _OBJECT.match(text, match.end("verb")) if body is None and role and not match["own"] else None
    if said:  # "who chairs the planning committee" is of that, and of no body that was named before
        return Introduction(start, end, None, f"{role} of {said.group().strip()}")
    return Introduction(start, end, last_body if match["own"] else body, role) if role or body else None


def bodies_in(bodies: Sequence[Body], start: int, end: int) -> list[Body]:
    return [body for body in bodies if start <= body.start and body.end <= end]
