"""What is said of somebody in the passive: "The plan was rejected by the GPC", "Practices were told by X that …"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.contents import Piece, content_end, skip_conjunction
from nlp.cues import HEARD, MET, Cue, agent_at
from nlp.reactions import relative_start
from nlp.speakers import Unit
from nlp.subjects import Place, named_together, subject_after

_RELATIVE = re.compile(r",\s+(?:who|which)\b")
_THAT = re.compile(r",?\s+(?=that\s)")
_TAIL = re.compile(r",\s+(?:who|which|but|and|while)\b|;|,\s|\s+(?:but|and|while|yet)\s+(?=(?:\w+\s+)?\w+ed\s+by\b)")
_JOINT = re.compile(r"(?:;|,\s+(?:but|and|while|although))\s+")


def read_passive(text: str, piece: Piece, cue: Cue, units: Sequence[Unit]) -> tuple[Unit, Place] | None:
    """The agent of a passive, and the clause with its verb or, of who was told, what."""
    by = agent_at(text, cue.end, cue.lemma)
    unit = subject_after(text, by, piece.end, units) if by else None
    if unit is None or unit.form == "pronoun":
        return None
    if cue.lemma == MET and _RELATIVE.match(text, unit.end, piece.end):
        return None  # "faces opposition from the BMA, which says …": that is its statement
    if cue.lemma in HEARD:
        that = _THAT.match(text, unit.end, piece.end) if unit.form != "pronoun" else None
        return (unit, (that.end(), content_end(text, piece.end))) if that else None
    row = named_together(text, piece.start, (unit.start, unit.end), units)
    named = max((other.end for other in row), default=unit.end)
    tail = _TAIL.search(text, named, piece.end)
    end = tail.start() if tail else content_end(text, piece.end)
    relative = relative_start(text, cue)
    if relative >= 0:
        return unit, (relative, end)
    start = skip_conjunction(text, piece.start)
    joint = list(_JOINT.finditer(text, start, cue.group_start))
    return unit, (joint[-1].end() if joint else start, end)
