"""People who are told by an office alone: "the chancellor", "a parish councillor said", "its finance director told"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import corpora
from nlp.alternatives import one_of

#: A longer office goes without what it is of: "a director of adult services at one of them".
MOST_WORDS = 5
_STOP = (
    r"(?:has|have|had|been|is|was|were|are|be|by|to|that|who|which|said|says|told|and|but|or|from|with|as|if|when|not"
    r"|will|would|can|could|should|may|might|must|he|she|it|they|we)"
)
_SPEAKS = (
    r"(?:\s+(?:has|had|also|now|later|then|already|recently))*\s+(?:said|says|warned|warns|argued|argues|claimed|claims"
    r"|welcomed|told|tells|added|urged|believes|insisted|rejected|backs|backed|called for|denied|promised|asked"
    r"|asks|wrote|writes|thought|thinks|announced|confirmed|admitted|complained|replied|agreed|explained|accepted)\b"
)


@dataclass(frozen=True, slots=True)
class RoleAlone:
    """An office that stands for its holder. ``office`` is the noun that heads it, ``definite`` whether one is meant."""

    start: int
    end: int
    name: str
    office: str
    definite: bool
    self_named: bool = False


def find_roles_alone(text: str, start: int, end: int) -> Iterator[RoleAlone]:
    """Offices that name their holder by themselves, anywhere, and other offices where they speak."""
    for match in _self_named().finditer(text, start, end):
        yield RoleAlone(*match.span(), match["office"], match["office"], True, True)
    for match in _speaking().finditer(text, start, end):
        definite = match["det"].lower() not in {"a", "an", "one", "another"}
        office = f"{match['lead']}{match['office']}"
        name = f"{office}{match['of'] or ''}"
        name = name if len(name.split()) <= MOST_WORDS else office
        yield RoleAlone(
            match.start(), match.end("of") if match["of"] else match.end("office"), name, match["office"], definite
        )


def _choice(words: list[str]) -> str:
    return one_of(words)


@cache
def _self_named() -> re.Pattern[str]:
    lexicon = corpora.lexicon("roles")
    offices = [*lexicon["office_bodies"], *lexicon["self_named"]]
    return re.compile(
        rf"[Tt](?<![\w’'-].)he\s(?P<office>(?i:{_choice([office.lower() for office in offices])}))(?![\w’'-])"
        r"(?!\sof\s(?:the\s)?(?:[A-Z]|exchequer’s))(?!,?\s(?:[A-Z]|who\b))"
    )


@cache
def _speaking() -> re.Pattern[str]:
    """A determiner, up to four words, an office, what it is of, and a verb of speech."""
    lexicon = corpora.lexicon("roles")
    offices = [head for head in lexicon["heads"] if not head.startswith("spokes")]
    of = rf"(?:\s(?:of|for|at|in|from)\s(?:(?!{_STOP}\b)[\w’'&-]+\s?){{1,6}}?(?=\s))"
    return re.compile(
        # the first letter stands first, so that the others are passed over quickly
        rf"(?P<det>[TtAaOoIiMm](?<![\w’'-].)(?<!\bas .)"
        rf"(?:(?<=[Tt])h(?:e|eir)|(?<=[Aa])(?:n?|nother)|(?<=[Oo])(?:ne|ur)|(?<=[Ii])ts|(?<=[Mm])y))\s"
        rf"(?P<lead>(?:(?!{_STOP}\b)[a-z][\w-]*\s|[A-Z]{{2,5}}\s|[A-Z][\w]+\s){{0,4}}?)"
        rf"(?P<office>{_choice(offices)})(?P<of>{of})?(?={_SPEAKS})"
    )
