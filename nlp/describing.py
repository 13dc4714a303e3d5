"""Nouns that describe who speaks ("the chair", "the trust"), and whether two such offices may be one."""

from __future__ import annotations

import re
from functools import cache

import corpora

_WORD = re.compile(r"[a-z-]{4,}")
#: Words before an office that anybody in it may be called by.
_SAYS_LITTLE = frozenset(
    {"their", "this", "that", "former", "current", "outgoing", "incoming", "veteran", "local", "long-serving", "with"}
)


def is_like_office(told: str, role: str, noun: str) -> bool:
    """Whether nothing tells "the trust’s medical director" (``told``) from who has the ``role``; both hold ``noun``."""
    kinds = _kinds(told, noun), _kinds(role, noun)
    return not all(kinds) or bool(kinds[0] & kinds[1])


def _kinds(text: str, noun: str) -> frozenset[str]:
    """What tells one holder of an office from another: "medical" director, director of "finance"."""
    before, _, behind = text.rpartition(noun)
    own = re.split(r"['’]s ", before)[-1]
    return frozenset(_WORD.findall(own) + _WORD.findall(behind.partition(",")[0])) - _SAYS_LITTLE


@cache
def describing_nouns() -> dict[str, str]:
    """Nouns that can describe a speaker -> "role", "body" or "document"."""
    roles = {head.split()[-1]: "role" for head in corpora.lexicon("roles")["heads"]}
    bodies = dict.fromkeys(corpora.lexicon("roles")["bodies"]["nouns"], "body")
    documents = dict.fromkeys(corpora.lexicon("cues")["documents"]["heads"], "document")
    return {**documents, **roles, **bodies, "spokesman": "spokes", "spokeswoman": "spokes", "spokesperson": "spokes"}


def noun_sort(noun: str) -> str | None:
    """What a noun makes of who is described by it: "role", "body", "document", "spokes", or None."""
    return describing_nouns().get(noun)
