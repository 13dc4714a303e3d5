"""What stands beside an amount: its modifier ("up to", "an extra") and its rate ("a year", "per patient")."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

import corpora

#: What ends an amount that no rate follows.
_NO_RATE = frozenset({"", ".", ",", ";", ":", ")", "?", "!", "£", "$", "€"})


@dataclass(frozen=True, slots=True)
class Modifier:
    """The words around an amount that bend its value, and where the amount with them begins and ends."""

    lead: int
    tail: int
    text: str


@cache
def _modifier_patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    words = corpora.lexicon("money")["amounts"]
    ordered = sorted(words["modifiers"], key=len, reverse=True)
    before = "|".join(re.escape(word).replace(r"\ ", r"\s{1,3}") for word in ordered)
    glued = "|".join(re.escape(word) for word in sorted(words["modifiers_glued"], key=len, reverse=True))
    after = "|".join(re.escape(word).replace(r"\ ", r"\s") for word in words["modifiers_after"])
    return (
        re.compile(rf"(?<![\w-])(?:{before})\s{{1,3}}$", re.I),
        re.compile(rf"(?<!\w)(?:{glued})$"),
        re.compile(rf"\s?(?:{after})(?!\w)", re.I),
    )


def read_modifier(text: str, start: int, end: int) -> Modifier:
    """The modifier of the amount at these offsets, in lower case; its text is "" when there is none."""
    before, glued, after = _modifier_patterns()
    lead, tail = start, end
    if match := glued.search(text, max(0, lead - 2), lead):
        lead = match.start()
    for _ in range(3):
        spaced = text[lead - 1 : lead].isspace()  # a look that saves the search in a row of amounts
        if not spaced or not (match := before.search(text[max(0, lead - 28) : lead])):
            break
        lead -= len(match[0])
    printed = " ".join(text[lead:start].split())
    if not printed and (match := after.match(text, tail)):
        printed, tail = match[0].strip(" -"), match.end()
    return Modifier(lead, tail, printed.lower())


@cache
def _per_pattern() -> re.Pattern[str]:
    nouns = "|".join(sorted(corpora.lexicon("money")["amounts"]["per"], key=len, reverse=True))
    adjective = r"(?:(?!cent\b)[A-Za-z]{2,14}[-\s]){0,3}?"
    return re.compile(
        rf"[-\s]{{0,3}}(?:(?:per|for\seach|for\severy|each|every|(?:in|of)\severy|in\sthe(?=\spound\b)){{1}}[-\s]{adjective}(?P<noun>{nouns})s?\b"
        rf"|an?[-\s](?P<noun2>{nouns})\b(?!\s(?:ago|earlier|later|before|old|long|half|and\sa\s(?:half|quarter|bit))|(?:(?<=year)|(?<=week)|(?<=month)|(?<=\sday))\son\b(?!\s\w))"
        rf"|/\s?(?P<noun3>{nouns})\b|(?P<year>annually|yearly|p\.?a\.?(?=[\s,;)])|a-year)|(?P<month>monthly|pcm\b)|(?P<week>weekly|p/?w\b)|(?P<day>daily)|(?P<hour>hourly)"
        r"|(?:of|in|from|out\sof)\severy\s(?P<pound>£1)(?![\d,.]\d|\d|\w)|per\s(?P<other>(?!cent\b)[A-Za-z]{2,20}))",
        re.I,
    )


def read_rate(text: str, at: int) -> tuple[str, int] | None:
    """The rate ("year", "patient") printed at this offset and where it ends; None when there is none.

    Of "per patient per year" the one that is no stretch of time is kept.
    """
    if text[at : at + 1] in _NO_RATE:
        return None
    names, found = corpora.lexicon("money")["amounts"]["per"], None
    for _ in range(2):
        match = _per_pattern().match(text, at)
        if not match:
            break
        noun = "pound" if match["pound"] else match["noun"] or match["noun2"] or match["noun3"] or match["other"]
        word = (
            names.get(noun.lower(), noun.lower())
            if noun
            else next(n for n in ("year", "month", "week", "day", "hour") if match[n])
        )
        if found is None or found in {"year", "month", "week", "day", "term", "quarter"}:
            found = word if found is None or word not in {"year", "month", "week", "day"} else found
        at = match.end()
    return (found, at) if found else None
