"""Holders known by a description alone: "opposition councillors", "a parish councillor", "employees at one team".

The description is their name in the article; the same words mean the same holder.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

import corpora
from nlp.described import noun_sort
from nlp.identities import id_within, slug
from nlp.records import Stakeholder, StakeholderKind
from nlp.units import Unit

if TYPE_CHECKING:
    from nlp.speakers import Discourse

_NOBODY = frozenset(
    ["anything", "something", "nothing", "everything", "this", "that", "these", "those", "which", "what"]
)
_MANY = frozenset(
    ["some", "others", "many", "most", "few", "several", "all", "both", "half", "people", "police", "staff"]
)
#: A longer description is no name, in words; a person's goes without what it is of when it is longer than that.
LONGEST, PERSON = 12, 5
_OF_WHAT = re.compile(r"\s(?:of|at|in|for|from|on|with|to|who|whose|whom|that)\s.*")
_POINTER = re.compile(
    r"^(?:(?:the|a|an|this|that|these|those|my|our|his|her|its|their|your|another|other)\b|[\w-]+['’]s?(?=\s))\s*",
    re.IGNORECASE,
)
_QUANTITY = re.compile(
    r"^(?:(?:at least|more than|fewer than|nearly|almost|about|around|over|some|many|most|several|few|all|both|half"
    r"|a third of|two thirds of|a quarter of|a number of|a majority of|the majority of|\d[\d,.]*|one|two|three|four"
    r"|five|six|seven|eight|nine|ten|dozens|hundreds|thousands|per cent|of|the|in|every|each|those)\s+)+",
    re.IGNORECASE,
)


@cache
def _persons() -> frozenset[str]:
    return frozenset(corpora.lexicon("roles")["persons"]["nouns"])


def describe(text: str, kind: StakeholderKind | None, article: str) -> Stakeholder | None:
    """Whom a noun phrase of that kind describes in the article of that id; None for things and for what is too long.

    A description is good for one article, as another's council is another council; only words that are all
    capitalised ("Healthwatch Fosse") are a name everywhere.
    """
    text = " ".join(text.split())
    bare = without_pointer(_QUANTITY.sub("", text))
    if kind is None or not re.search(r"[^\W_]", bare) or len(text.split()) > LONGEST:
        return None
    words = bare.split()
    named = len(words) > 1 and all(word[:1].isupper() for word in words)
    long = kind is StakeholderKind.PERSON and len(words) > PERSON
    short = _OF_WHAT.sub("", bare) if long else bare
    aliases = tuple(dict.fromkeys(name for name in (text, without_pointer(text), bare) if name != short))
    return Stakeholder(slug(bare) if named else id_within(article, bare), short, kind, aliases=aliases)


def without_pointer(text: str) -> str:
    """A description without the word that points: "the council" -> "council"."""
    return _POINTER.sub("", text) or text


def describe_unit(discourse: Discourse, unit: Unit) -> Stakeholder | None:
    """Whom a description or a phrase of the text describes, by its head noun."""
    if unit.form not in {"description", "phrase"}:
        return None
    kind = kind_of_noun(unit.head or unit.text.split()[-1], alone=" " not in unit.text)
    return describe(discourse.article.text[unit.start : unit.end], kind, discourse.article.id)


def kind_of_noun(noun: str, *, alone: bool = False) -> StakeholderKind | None:
    """What a noun makes of who is described by it; None for things.

    A capital shows a body's name, but not on a word that stands ``alone``: it may only open the sentence.
    """
    lemma = noun.lower()
    sort = noun_sort(noun) or noun_sort(lemma)
    if lemma in _NOBODY:
        return None
    if lemma in _MANY or noun.isdigit():
        return StakeholderKind.GROUP
    if lemma in _persons() or noun in _persons() or sort in {"role", "spokes"}:
        return StakeholderKind.PERSON
    if sort == "body":
        return StakeholderKind.ORGANISATION
    if sort == "document":
        return None
    if lemma.endswith("s") and not lemma.endswith(("ss", "us", "is")):
        return StakeholderKind.GROUP
    return StakeholderKind.ORGANISATION if noun[:1].isupper() and not alone else None
