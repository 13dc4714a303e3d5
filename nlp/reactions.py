"""How others met what a sentence tells: ", which was welcomed by X", ", a move opposed by X"."""

from __future__ import annotations

import re

from nlp.cues import Cue

_MET_BY = re.compile(
    r",\s+(?P<clause>(?:which|something|an?\s+(?:\w+\s+){0,2}?(?:move|step|decision|plan|proposal|idea|call|claim|change"
    r"|measure|suggestion|demand|view|stance|argument|pledge|promise))\s+"
    r"(?:(?:that|which|has|have|had|was|were|is|are|been|being|also|since|\w+ly)\s+){0,4})$"
)


# What was broken off goes on: "the scheme, which was backed by A, would fail".
_GOES_ON = re.compile(r",\s+(?!(?:and|but|who|which|while)\b)")


def relative_start(text: str, cue: Cue) -> int:
    """Where ", which was welcomed by" and ", a move opposed by" begin behind their comma; -1 for other passives."""
    match = _MET_BY.search(text, max(0, cue.group_start - 80), cue.group_start)
    return match.start("clause") if match else -1


def ends_sentence(text: str, cue: Cue, end: int) -> bool:
    """Whether nothing of what stood before the clause goes on behind it."""
    return not _GOES_ON.search(text, cue.end, end)
