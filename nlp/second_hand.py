"""What one passes on of another: "A said B had told her that …" is B's."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.cues import HEARD, Cue, CueKind
from nlp.subjects import Place, subject_before
from nlp.units import Unit

#: What somebody does of whom another says so: "A said B had told her".
TELLS = frozenset(
    {"tell", "say", "assure", "inform", "warn", "promise", "report", "complain", "admit", "advise", "confirm"}
)
#: So many words name who was told: "that the practices".
FEW = 6
_TO_WHOM = re.compile(r"\s*(?:to\s+)?(?:him|her|them|us|me|it)(?=\s)\s*")
_THAT = re.compile(r"\s+(?:that|to|him|her|them|us|me|it)\b")
_TOLD = re.compile(r"\b(?:had|has|have)\b")


def is_second_hand(text: str, cue: Cue, units: Sequence[Unit], start: int, chain: tuple[str, ...]) -> bool:
    """ "X said officials had told him that …": the clause belongs to the officials."""
    if cue.kind is CueKind.PASSIVE and cue.lemma in HEARD and not chain:
        # "said she had been told by officials that …": nobody but who was told stands between
        return len(text[start : cue.group_start].split()) <= FEW
    if cue.kind is not CueKind.SPEECH or not _TOLD.search(text, cue.group_start, cue.start) or chain:
        return False
    if cue.lemma == "promise" and not _THAT.match(text, cue.end):
        return False  # "said the government had promised buses" is what the speaker says of it
    unit = subject_before(text, start, cue.group_start, units)
    opens = unit is not None and text[start : unit.start].strip().lower() in {"", "that", "the", "that the"}
    if unit is None or not opens:
        return False
    # "said the federation had asked for a limit" is the speaker's own; "a councillor had told her" is not
    return unit.form == "name" or (unit.form == "description" and cue.lemma in TELLS)


def past_hearer(text: str, cue: Cue, content: Place) -> int:
    """Where the content begins behind whom it was told to: "had told her"."""
    to_whom = _TO_WHOM.match(text, cue.end, content[1])
    return max(content[0], to_whom.end()) if to_whom else content[0]
