"""Somebody who is quoted and not named: "said one nurse", "a woman at the back of the hall said".

They are never anybody named before them. With models at hand they become a holder known by the description.
"""

from __future__ import annotations

import re
from functools import cache

import corpora
from nlp.described import noun_sort
from nlp.phrases import describe_unit
from nlp.speakers import Discourse, Speaker, Unit

#: A description that a quotation is given to is this likely to be read whole and right (set by rule, not fitted).
LIKELY = 0.7
_NEW = re.compile(r"(?:an?|one|another)\s", re.IGNORECASE)


@cache
def _described(article: str) -> re.Pattern[str]:
    """A description of a person behind the article, with nothing but time after it."""
    lexicon = corpora.lexicon("roles")
    heads = {*lexicon["persons"]["nouns"], *(head.split()[-1] for head in lexicon["heads"])}
    nouns = "|".join(map(re.escape, sorted(heads, key=len, reverse=True)))
    stop = r"(?:said|says|told|and|or|but|who|which|that|of|in|at|on|from|for|to)\b"
    when = r"(?:on|last|yesterday|today|this|after|before|during|who|as|when|and)\b"
    return re.compile(
        rf"(?P<who>{article}\s+(?:(?!{stop})[\w’'-]+\s+){{0,4}}?(?P<noun>{nouns})(?![\w’'-])"
        rf"(?:\s+(?:at|in|from|of|with)\s+(?:(?!{when})[\w’'-]+\s*){{1,6}}?)?)(?=\s*(?:[,.;:]|$|{when}))"
    )


def find_stranger(text: str, start: int, end: int) -> Unit | None:
    """The description of a person not named that ``text[start:end]`` opens with, when nothing but time follows it."""
    return _find(r"(?:[Aa]n?|[Oo]ne)", text, start, end)


def find_known(text: str, start: int, end: int) -> Unit | None:
    """The same of somebody who was told of before: "said the plumber"."""
    return _find("[Tt]he", text, start, end)


def _find(article: str, text: str, start: int, end: int) -> Unit | None:
    match = _described(article).match(text, start, end)
    if match is None:
        return None
    return Unit(match.start(), match.end("who"), None, match["who"], "phrase", match["noun"])


def is_new(text: str, start: int, end: int) -> bool:
    """Whether the phrase brings in somebody new: "a woman …", "one of those …", "another"."""
    return bool(_NEW.match(text[start:end].lstrip() + " "))


def introduce(discourse: Discourse, unit: Unit) -> Speaker | None:
    """A holder known by the description alone; None without a resolver, as the rules alone introduce nobody."""
    new = describe_unit(discourse, unit)
    if discourse.resolver is None or new is None or noun_sort(unit.head) in {"document", "spokes"}:
        return None
    discourse.stakeholders.setdefault(new.id, new)
    return Speaker(new.id, LIKELY, "known by this description alone", unit.start, unit.end, "description")
