"""Names of bodies that nobody knows, shown by the words around them: "the charity X", "X, a think tank,", "told X"."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice, takewhile

import corpora
from nlp.alternatives import one_of
from nlp.bodies import COUNTS, opening_words
from nlp.cues import speech_forms
from nlp.intervals import Intervals
from nlp.names import find_people, is_given, not_a_name
from nlp.records import Block, Name, NameKind

_WORD = r"[A-Z][\w’'&-]*"
#: One that nothing is glued to; its capital stands first, so that all else is passed over quickly.
_FIRST = r"[A-Z](?<![\w’'-].)[\w’'&-]*"
_MORE = rf"(?:\s(?:{_WORD}|(?:of|for|in|and|the|&|on)(?=\s[A-Z]))){{0,5}}"
_NAME = _WORD + _MORE


def names_by_context(text: str, block: Block, seen: Sequence[Name], taken: Intervals) -> Iterator[str]:
    """Names of bodies without "the", but for people and places; ``seen`` are names of the language pipeline."""
    found = [place for place in bodies_by_context(text, block.start, block.end) if not taken.overlaps(*place)]
    if not found:
        return
    others = Intervals()
    at = bisect_left(seen, block.start, key=lambda name: name.span.start)
    here = takewhile(lambda name: name.span.start < block.end, islice(seen, at, None))
    places = [(name.span.start, name.span.end) for name in here if name.kind is not NameKind.ORGANISATION]
    people = find_people(text, block.start, block.end, taken.between(block.start, block.end))
    # "the green group Clean Harbours said": what is a person's name by the verb alone is none
    sure = ((person.start, person.end) for person in people if person.title or is_given(person.name.split()[0]))
    for start, end in (*places, *sure):
        if not others.overlaps(start, end):
            others.add(start, end)
    for start, end in found:
        if not others.overlaps(start, end):
            yield re.sub(r"^[Tt]he\s+", "", " ".join(text[start:end].split()))


def bodies_by_context(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Offsets of capitalised names that their own context calls a body, in the order of the patterns."""
    told = set[tuple[int, int]]()
    for pattern in _patterns():
        for match in pattern.finditer(text, start, end):
            first, last = match.span("name")
            name = re.sub(r"['’]s?$", "", match["name"])
            place = first, last - (len(match["name"]) - len(name))
            if _is_name(name) and place not in told:
                told.add(place)
                yield place
    for match in _local().finditer(text, start, end):
        words = match["place"].split()
        if (
            words[0] not in COUNTS
            and words[0] not in opening_words()
            and not is_given(words[0])
            and not not_a_name(words[-1])
        ):
            yield match.span("name")


def _is_name(name: str) -> bool:
    words = name.split()
    return words[0] not in opening_words() and not is_given(words[0]) and not (len(words) == 1 and not_a_name(words[0]))


_ACTS = (
    r"(?:\s(?:has|have|had|also|now|later))?\s(?:said|says|told|warned|argued|claimed|wants|wanted|called|asked"
    r"|urged|believes|insisted|rejected|backs|backed|opposes|opposed|welcomed|voted|wrote)\b"
)


@cache
def _local() -> re.Pattern[str]:
    """ "Eastmoor council", "the Fenland vanguard": a place and a small common noun."""
    lexicon = corpora.lexicon("names")["context"]
    nouns, acting = (one_of(lexicon[key]) for key in ("local", "acting"))
    place = r"[A-Z](?<![\w’'-].)[a-z-]+(?:\s(?:and\s|on\s|upon\s)?[A-Z][a-z-]+){0,3}"
    acts = rf"(?={_ACTS})"
    return re.compile(rf"(?P<name>(?P<place>{place})\s(?:(?:{nouns})(?![\w’'-])|(?:{acting}){acts}))")


def _campaign() -> re.Pattern[str]:
    """ "Save Our Fields", "Stop the Bypass": a campaign by its aim, where a verb or what it has stands behind it."""
    lexicon = corpora.lexicon("names")["context"]
    aims, behind = one_of(lexicon["aims"]), one_of(lexicon["behind_aims"])
    name = rf"(?:{aims})\s(?:(?:the|our)\s)?{_WORD}(?:\s(?:{_WORD}|and|of|for)){{0,4}}"
    return re.compile(rf"(?<![\w’'-])(?P<name>{name})(?=(?:['’]s?)?(?:,|\s(?:{behind})(?![\w-])))")


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    lexicon = corpora.lexicon("names")["context"]
    kinds, told = one_of(lexicon["kinds"]), one_of(lexicon["told"])
    openers = one_of(kind[:1].upper() + kind[1:] for kind in lexicon["kinds"])
    of_what = r"(?:[\w’'-]+\s){0,3}?"
    return (
        re.compile(rf"\b(?:[Tt]he|[Aa]|[Aa]n|[Oo]ur|[Tt]heir|,)\s{of_what}(?:{kinds})\s(?P<name>{_NAME})"),
        # "said housing charity X", "backed by bus operator X"
        re.compile(
            rf"\b(?:by|from|to|with|of|at|for|{one_of(speech_forms())})\s(?:[a-z’'-]+\s){{0,2}}?(?:{kinds})\s(?P<name>{_NAME})"
        ),
        re.compile(rf"\b[Tt]he\s{of_what}(?:{kinds}),\s(?P<name>{_NAME})(?=,\s)"),
        # "The Patients’ Voice group backed it", "the Marsh Watch charity said"
        re.compile(
            rf"\b[Tt]he\s(?P<name>{_WORD}(?:\s{_WORD}){{1,3}})\s(?:campaign\s|pressure\s|support\s)?(?:group|{kinds})(?=['’,]|{_ACTS})"
        ),
        # "Campaign group X said", "Health charity X": what opens a sentence needs no article
        re.compile(
            rf"(?:\A|(?<=\n)|(?<=[.!?]\s))(?:(?:But|And|Meanwhile,?)\s)?(?!The\s|An?\s|Our\s|Their\s)(?:[A-Z][a-z’'-]+\s)?(?:[a-z-]+\s)?"
            rf"(?:{kinds}|{openers})"
            rf"\s(?P<name>{_NAME})"
        ),
        re.compile(rf"(?P<name>{_FIRST}{_MORE}),\s(?:the|a|an)\s{of_what}(?:{kinds})\b(?!\sof\b)"),
        re.compile(
            rf"\b(?:{told})\s(?P<name>(?:The\s)?{_WORD}(?:\s(?:&\s)?{_WORD}){{1,3}})(?![\w-])(?!,? (?:who|chair|of)\b)"
        ),
        _campaign(),
        re.compile(
            r"\bwho\s(?:also\s|now\s)?(?:runs|owns|founded|co-founded|heads|chairs|leads|manages|set\sup)\s(?:the\s)?"
            rf"(?:[a-z\d][\w’'-]*\s){{0,3}}(?P<name>{_NAME})"
        ),
        re.compile(rf"(?P<name>{_FIRST}(?:\s{_WORD}){{1,3}})\s(?:has learned|understands|has seen|can reveal)\b"),
    )
