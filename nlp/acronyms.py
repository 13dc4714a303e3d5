"""Short names that a text gives a body in brackets: "the Fairfield Landlords Federation (FLF)"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from nlp.records import Block, Stakeholder, StakeholderKind
from nlp.register import initials

_BRACKET = re.compile(r"['’]?\s+\((?:the\s+|or\s+|hereafter\s+)?[“‘'\"]?(?P<short>[A-Z][A-Za-z&]{1,8})[”’'\"]?\)")
_SPELT_OUT = re.compile(
    r"(?<![\w’'-])(?P<name>[A-Z][\w’'-]+(?:\s(?:[A-Z][\w’'-]+|of|for|and|the|in|&)){1,7})"
    r"\s\((?:the\s)?(?P<short>[A-Z]{2,8})\)"
)


@dataclass(frozen=True, slots=True)
class SpeltOut:
    """A name with its acronym behind it: the offsets of the name, and both as printed."""

    start: int
    end: int
    name: str
    short: str


def short_name_behind(text: str, name: str, end: int) -> str | None:
    """The short name in brackets behind a name that ends at ``end``; None where the first letters differ."""
    match = _BRACKET.match(text, end)
    first = name.removeprefix("the ").removeprefix("The ")[:1].upper()
    return match["short"] if match and match["short"][0] == first else None


def spelt_out(text: str, start: int, end: int) -> Iterator[SpeltOut]:
    """Names whose words begin with the letters in the brackets behind them, of whatever sort they are."""
    for match in _SPELT_OUT.finditer(text, start, end):
        words = match["name"].split()
        for first in range(len(words) - 1):
            name = " ".join(words[first:])
            if words[first][0].isupper() and initials(name) == match["short"]:
                at = match.end("name") - len(match["name"].split(None, first)[-1])
                yield SpeltOut(at, match.end("name"), name, match["short"])
                break


#: Letters that stand for a body where an office, a verb or what it has stands behind them.
_LETTERS = re.compile(
    r"(?<![\w’'&-])(?P<short>[A-Z]{3,7})(?=(?:['’]s?)?\s(?:(?:[a-z-]+\s){0,3}?(?:[Cc]hair|[Cc]hief|[Dd]irector|[Pp]resident|[Ss]pokes"
    r"|[Ll]eader|[Hh]ead|[Dd]eputy|[Ss]ecretary|[Mm]anager|[Oo]fficer)|has|have|had|said|says|told|warned|argued|supports|opposes|backs|wants"
    r"|believes|welcomed|calls|called|is|was)\b)"
)


def letters_in(text: str, blocks: Iterable[Block], known: Iterable[Stakeholder]) -> dict[str, str]:
    """Letters that act and are the initials of one body alone: "ICG chair Ann Orde" of "the Independent Care Group".

    By the letters, the id of the body.
    """
    names: dict[str, set[str]] = {}
    for body in known:
        if body.kind is StakeholderKind.ORGANISATION:
            names.setdefault(initials(body.name), set()).add(body.id)
    told = {match["short"] for block in blocks for match in _LETTERS.finditer(text, block.start, block.end)}
    return {short: next(iter(names[short])) for short in sorted(told) if len(names.get(short, ())) == 1}
