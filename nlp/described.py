"""Nouns and noun phrases that describe who speaks: "the chairman", "a report", "the union’s regional officer"."""

from __future__ import annotations

import re
from functools import cache

import corpora
from nlp.alternatives import one_of

_WORD = re.compile(r"[a-z-]{4,}")
#: Words before an office that anybody in it may be called by.
_SAYS_LITTLE = frozenset(
    {"their", "this", "that", "former", "current", "outgoing", "incoming", "veteran", "local", "long-serving", "with"}
)


#: Who speaks for a body without a name.
SPOKES = re.compile(r"\bspokes(?:man|woman|person)\b", re.IGNORECASE)
#: The chair is not the vice chair.
_SECOND = re.compile(r"\b(?:vice|deputy|assistant)\b", re.IGNORECASE)


@cache
def nouns() -> dict[str, str]:
    """Nouns that can describe a speaker -> "role", "body" or "document"."""
    roles = {head.split()[-1]: "role" for head in corpora.lexicon("roles")["heads"]}
    bodies = dict.fromkeys(corpora.lexicon("roles")["bodies"]["nouns"], "body")
    documents = dict.fromkeys(corpora.lexicon("cues")["documents"]["heads"], "document")
    return {**documents, **roles, **bodies, "spokesman": "spokes", "spokeswoman": "spokes", "spokesperson": "spokes"}


def noun_sort(noun: str) -> str | None:
    """What a noun makes of who is described by it: "role", "body", "document", "spokes", or None."""
    return nouns().get(noun)


@cache
def _lay() -> frozenset[str]:
    return frozenset(corpora.lexicon("roles")["persons"]["lay"])


def speaks_for_nobody(noun: str) -> bool:
    """Whether who is told by the noun has no office in the body they are at: "a pupil at Marlbrook High"."""
    return noun in _lay()


@cache
def description() -> re.Pattern[str]:
    """A noun phrase that describes a speaker: "the union’s regional officer"; groups ``det``, ``noun``, ``owned``."""
    heads = one_of(nouns())
    stop = (
        "has|have|had|been|is|was|were|are|be|by|to|that|who|which|said|says|told|and|but|from|with|for|at|in|on|of"
        "|will|would|can|could|should|may|might|must|not"
        # a second article: "the RCGP opposed the plan" is no plan
        "|the|an?|its|their|his|her|this|these|any|all"
    )
    between = rf"(?:(?!(?:{stop})\b)[\w’'-]+\s+){{0,6}}?"
    owned = rf"(?:['’]s\s+(?P<owned>(?:[\w-]+\s+){{0,4}}?{heads}))?"
    return re.compile(
        rf"(?P<det>[TtAaOoIiHh](?<![\w’'-].)(?:(?<=[Tt])he|(?<=[Aa])n?|(?<=[Oo])ne|(?<=[Aa])nother|(?<=[Ii])ts|(?<=[Tt])heir"
        rf"|(?<=[Hh])(?:is|er)"
        rf"|(?<=T)HE|(?<=A)N?))\s+{between}(?P<noun>{heads}){owned}(?![\w’'-])"
        # "the practice owners' group": the last noun is who speaks
        rf"(?!\s+(?:[\w-]+s['’]\s+)?{heads}(?![\w-]))"
    )


def is_office_at(text: str, start: int) -> bool:
    """Whether a description begins there whose noun is an office."""
    match = description().match(text, start)
    return match is not None and nouns().get(_head(match)) == "role"


def _head(match: re.Match[str]) -> str:
    return (match["owned"] or match["noun"]).split()[-1]


#: What an office is of: "of finance", "for adult social care"; "of the council" is where.
_FIELD = re.compile(r"\s(?:of|for)\s(?!the\b|an?\b|its\b|their\b)[a-z]+(?:\s(?:and\s)?[a-z]+){0,1}")


#: What has somebody for what stands before: "the universities minister".
_HAS_FIELD = re.compile(
    r"\s(?:(?:and|&)\s[a-z]+\s)?"
    r"(?:minister|secretary|spokes(?:man|woman|person)|tsar|commissioner|correspondent|editor)\b"
)


def names_field(text: str, end: int) -> bool:
    """Whether the words that end there are but what an office is for: "universities" in "the universities minister"."""
    return _HAS_FIELD.match(text, end) is not None


def field_of(text: str, end: int) -> str:
    """The field that stands behind an office: " of finance" behind "the director"; empty for none."""
    field = _FIELD.match(text, end)
    return field.group() if field else ""


def is_like_office(told: str, role: str, noun: str) -> bool:
    """Whether nothing tells "the trust’s medical director" (``told``) from who has the ``role``; both hold ``noun``."""
    kinds = _kinds(told, noun), _kinds(role, noun)
    if bool(_SECOND.search(told)) != bool(_SECOND.search(role)):
        return False
    return not all(kinds) or bool(kinds[0] & kinds[1])


def _kinds(text: str, noun: str) -> frozenset[str]:
    """What tells one holder of an office from another: "medical" director, director of "finance"."""
    before, _, behind = text.lower().rpartition(noun.lower())
    own = re.split(r"['’]s ", before)[-1]
    return frozenset(_WORD.findall(own) + _WORD.findall(behind.partition(",")[0])) - _SAYS_LITTLE


def held_offices(role: str) -> frozenset[str]:
    """The words of a role that may call who has it: an "executive member" is a member, and no executive."""
    words = re.findall(r"[\w-]+", role.lower())
    return frozenset(
        word
        for word, after in zip(words, [*words[1:], ""], strict=True)
        if word != "executive" or nouns().get(after) != "role"
    )
