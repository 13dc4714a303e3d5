"""Two verbs of one speaker: "X criticised the plan and urged ministers to think again" is two statements.

What the second verb tells is no part of what the first one does. In gold's train and dev articles such a second clause
is a statement of its own in 11 of 18 places; in 4 of the others its subject is somebody inside the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from nlp.contents import Piece, content_behind, content_end
from nlp.cues import Cue, CueKind, find_cues
from nlp.described import noun_sort
from nlp.reported import Reported
from nlp.speakers import Discourse

_JOINT = re.compile(
    r",?\s+(?:and|but)\s+(?P<aux>(?:has|have)\s+)?(?:(?:also|later|then|further|went\son\sto)\s+)?"
    r"(?P<verb>told|tells|warned|warns|added|adds|insisted|insists|called|calls|urged|urges|claimed|claims|argued|argues"
    r"|promised|promises|pointed|points|said|says|asked|asks|wants|wanted|suggested|suggests|accused|accuses|described"
    r"|describes|criticised|criticises|welcomed|welcomes|backed|backs|opposed|opposes|rejected|rejects|pledged|pledges)\b"
)
#: A clause that opens with a name or a person may own the second verb: "said ministers had met X and told them".
_OWN = re.compile(r"(?:that\s+)?(?:the\s+)?(?P<word>[\w’'-]+)")
_PRONOUNS = frozenset({"he", "she", "it", "they", "there", "this", "these", "that", "we", "i"})
_RELATIVE = re.compile(r"\b(?:who|which)\b")
_PERFECT = re.compile(r"\b(?:has|have)\b")


def split_joined(discourse: Discourse, piece: Piece, found: Reported) -> Iterator[Reported]:
    """The report, and where a second verb of its speaker follows inside it, that one apart."""
    second = _second(discourse, piece, found)
    if second is None:
        yield found
        return
    at, other = second
    start = found.spans[-1][0]
    yield replace(found, spans=(*found.spans[:-1], (start, content_end(discourse.article.text, at))))
    yield other


def _second(discourse: Discourse, piece: Piece, found: Reported) -> tuple[int, Reported] | None:
    text, cue = discourse.article.text, found.cue
    if cue is None or cue.kind in (CueKind.PASSIVE, CueKind.ACCORDING) or found.speaker.id is None or found.chain:
        return None
    start, end = found.spans[-1]
    if cue.start > start:
        return None  # "the plan would fail, X said, and …"
    for joint in _JOINT.finditer(text, start, end):
        verb = joint.start("verb")
        fits = _agrees(text, cue, joint) and not _may_be_another(discourse, start, joint.start(), found)
        if piece.in_fragment(verb) or not fits:
            continue
        after = next((c for c in find_cues(text, joint.start("verb"), piece.end) if c.start == verb), None)
        content = content_behind(discourse, piece, after) if after else None
        if after and content and content[0] > verb and len(text[start : joint.start()].split()) >= 2:
            place = (after.start, after.end)
            return joint.start(), Reported(found.speaker, after, (content,), place, likely=found.likely)
    return None


def _agrees(text: str, cue: Cue, joint: re.Match[str]) -> bool:
    """Whether both verbs are of one time: "said … and called", "says … and wants", "has welcomed … but has warned"."""
    present = joint["verb"].endswith("s")
    first = text[cue.start : cue.end]
    now = first.endswith("s") and not first.endswith("ss")
    perfect = bool(_PERFECT.search(text, cue.group_start, cue.start))
    return (perfect or not joint["aux"]) and (present == now or perfect)


def _may_be_another(discourse: Discourse, start: int, end: int, found: Reported) -> bool:
    """Whether the first clause has a subject of its own that may be who does the second."""
    text = discourse.article.text
    if _RELATIVE.search(text, start, end):
        return True
    if found.cue and found.cue.kind is CueKind.POSITION:
        return False
    opens = _OWN.match(text, start, end)
    if opens is None or opens["word"].lower() in _PRONOUNS:
        return False
    first = next((unit for unit in discourse.units(start, end) if unit.start <= opens.end() - 1 < unit.end), None)
    return first is not None and (first.form == "name" or noun_sort(first.text.split()[-1]) != "document")
