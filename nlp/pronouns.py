"""What a pronoun may stand for: "she" for nobody known as "he", "they" for none of several named side by side."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from functools import cache

import corpora
from nlp.records import Mention, Stakeholder

#: Pronouns that can be a subject. The first letter stands first, so that the others are passed over quickly.
PRONOUN = re.compile(
    r"[HhSsTtIiWw](?<![\w’'-].)(?:(?<=[Hh])e|(?<=[Ss])he|(?<=[Tt])hey|(?<=[Ii])t|(?<=I)|(?<=[Ww])e)(?![\w’'-])"
)
#: Between names that do or say something together, and within a list of more than two.
_AND = re.compile(r",?\s+(?:and|&|as well as|along with|together with)\s+(?:(?:the|both|also)\s+)?", re.IGNORECASE)
_LISTED = re.compile(r",\s+(?:the\s+)?", re.IGNORECASE)
#: So many names to either side are looked at for a list.
LONGEST_LIST = 8


@cache
def _pronouns() -> dict[str, str]:
    table = corpora.lexicon("names")["pronouns"]
    return {name: pronoun for pronoun in ("she", "he") for name in table[pronoun].split()}


def pronoun_of(who: Stakeholder) -> str | None:
    """ "she" or "he" by the title or the given name; None where they don't tell. A surname tells nothing."""
    for name in (who.name, *who.aliases):
        words = name.split()
        for word in words[: min(2, len(words) - 1)]:
            found = _pronouns().get(word.strip("."))
            if found:
                return found
    return None


def by_title(mention: Mention) -> str | None:
    """ "she" or "he" by the title that a mention is written with ("Mrs Orme"); None where there is none."""
    first = mention.span.text.split(maxsplit=1)[0].strip(".")
    return _pronouns().get(first) if " " in mention.span.text else None


def is_one_of_several(text: str, mentions: Sequence[Mention], named: Mention) -> bool:
    """Whether others are named side by side with this one ("Kent LMC and Kent CCG"): "they" are not one of them.

    ``mentions`` are those of the article in the order of the text.
    """
    at = bisect_left(mentions, named.span, key=lambda mention: mention.span)
    ahead = [(a, b) for a, b in zip(mentions[at:], mentions[at + 1 : at + LONGEST_LIST], strict=False)]
    behind = [(a, b) for a, b in zip(mentions[:at][::-1], mentions[: at + 1][::-1], strict=False)][:LONGEST_LIST]
    return _runs_to_and(text, ahead) or _runs_to_and(text, behind)


def _runs_to_and(text: str, pairs: Sequence[tuple[Mention, Mention]]) -> bool:
    """Whether a list goes on over these neighbours up to an "and" between two of them."""
    for first, second in pairs:
        between = text[first.extent.end : second.extent.start]
        if _AND.fullmatch(between):
            return first.stakeholder != second.stakeholder
        if not _LISTED.fullmatch(between):
            return False
    return False
