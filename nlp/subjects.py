"""Which noun phrase of a sentence is the subject of a cue: the one it says something of, before or behind it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import corpora
from nlp.speakers import Unit

_TIME = (
    r"(?:last|this|next|earlier|on|in|at|since|yesterday|today|tonight|week|month|year|night"
    r"|morning|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March"
    r"|April|May|June|July|August|September|October|November|December|\d{1,4}(?:st|nd|rd|th)?)"
)

_ASIDE = r"(?:\s*(?:,[^,;:“‘\"]{2,160},|\([^()]{1,80}\)|[–—-]\s[^–—]{2,140}\s[–—-]))"

# What may stand behind a subject: "LMCs in the south west", "CCGs that took over contracts".
_BEHIND = re.compile(
    r"\s+(?:of|for|at|in|from|on|to|across|that|who|which)\s+(?:(?!\b(?:said|says|say|told)\b)[^,.;:“‘\"]){2,70}?"
    r"(?=\s(?:has|have|had|said|says|say|told|warned|warn|urged|claimed|called|want|fear|argue|argued|voted|believe)\b|\s$)"
)

# "Nobody at NHS England has said", "a source close to Mr A said": not their words.
_NOBODY = re.compile(
    r"\b(?:(?:nobody|no one|no-one|none|neither|few|hardly anybody|not everybody)(?:\s+(?:at|in|from|of|among|inside))?"
    r"|(?:close|loyal|near)\s+to|(?:allies|friends?|critics?|opponents?|supporters?|lawyers?)\s+(?:of|for))\s+(?:the\s+)?$",
    re.IGNORECASE,
)

_SPOKE = re.compile(r"\b(?:said|says|say|told|warned|argued|added|claimed|believes?|thinks?|welcomed|called)\b")

_OF_BODY = re.compile(r"\s+(?:of|at|for|from)\s+(?:the\s+)?(?:[\w’'-]+['’]s\s+)?")


@cache
def _gap() -> re.Pattern[str]:
    """What may stand between a subject and its verb."""
    documents = "|".join(corpora.lexicon("cues")["documents"]["heads"])
    words = (
        rf"(?:who|which|that|and|have|has|had|also|then|later|recently|previously|{_TIME}|{documents}"
        rf"|for|by|from|of|the|new|own|annual|latest|[a-z]+ly)"
    )
    met = (
        r"(?:\s+(?:that\s+|who\s+)?(?:I|we|he|she|they)\s+(?:have\s+|had\s+)?(?:spoke|spoken|talk"
        r"|talked|speak|met|interviewed|surveyed|asked|contacted|know|hear|heard)(?:\s+(?:to|with"
        r"|from))?)"
    )
    return re.compile(rf"(?:['’]s?)?{_ASIDE}?{met}?,?(?:\s*{words})*\s*,?\s*(?:who|which)?\s*$")


def subject_before(text: str, low: int, verb: int, units: Sequence[Unit]) -> Unit | None:
    """The unit of which the verb group at ``verb`` says something, when it stands before it."""
    near = [unit for unit in units if low <= unit.start and unit.end <= verb]
    for unit in reversed(near[-4:]):
        if verb - unit.end <= 240 and _reaches(text, unit, verb):
            if _NOBODY.search(text, max(low, unit.start - 40), unit.start):
                return None
            return _of_body(text, near, _past_aside(text, low, verb, near, unit))
    return None


def _of_body(text: str, near: Sequence[Unit], unit: Unit) -> Unit:
    """ "the chairman of the GPC": the office speaks, of the body that stands behind it."""
    for office in near:
        between = text[office.end : unit.start] if office.end <= unit.start else ""
        if office.form == "description" and unit.form == "name" and _OF_BODY.fullmatch(between):
            return replace(unit, start=office.start, form="description")
    return unit


def _reaches(text: str, unit: Unit, verb: int) -> bool:
    if _gap().fullmatch(text, unit.end, verb):
        return True
    after = _BEHIND.match(text, unit.end, verb) if unit.form != "pronoun" else None
    return bool(after and _gap().fullmatch(text, after.end(), verb))


def _past_aside(text: str, low: int, verb: int, near: Sequence[Unit], unit: Unit) -> Unit:
    """ "Dr A, who chairs B, said": a comma before the verb closes an aside; the subject stands before it."""
    if not re.match(r"(?:['’]s?)?[^,]{0,40},\s*$", text[unit.end : verb]) or text[unit.end : verb].count(",") != 1:
        return unit
    for first in near:
        opens = re.fullmatch(
            r"\W*(?:(?:But|And|However|Meanwhile|Yet|Also|The|the|In|At)\W+)*(?:[^,]{0,60},\s)?",
            text[low : first.start],
        )
        if (
            first.form == "name"
            and first.start < unit.start
            and opens
            and text[first.end : first.end + 1] == ","
            and verb - first.end < 260
            and not _SPOKE.search(text, first.end, unit.start)
        ):
            return first
    return unit


def subject_after(text: str, verb_end: int, high: int, units: Sequence[Unit]) -> Unit | None:
    """The unit right behind the verb ("claims Dr A", "according to the BMA")."""
    for unit in units:
        if unit.start >= verb_end:
            between = text[verb_end : unit.start]
            return unit if unit.start < high and re.fullmatch(r"\s+(?:the\s+)?(?:\w+ly\s+)?", between) else None
    return None
