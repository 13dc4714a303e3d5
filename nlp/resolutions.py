"""What a meeting resolved, as minutes print it: "RESOLVED: that the plan be rejected" is the committee's decision."""

from __future__ import annotations

import re

from nlp.called import is_called
from nlp.contents import content_end
from nlp.cues import Cue, CueKind
from nlp.phrases import describe
from nlp.records import Stakeholder, StakeholderKind
from nlp.reported import Reported
from nlp.speakers import Discourse, Speaker

_RESOLVED = re.compile(
    r"(?:It\swas\s)?(?P<cue>(?:unanimously\s)?RESOLVED|(?<=It\swas\s)(?:unanimously\s)?resolved|Resolved(?=\s?[:–—-]|\sthat\b))"
    r"(?:\s\([a-z ]{3,30}\))?\s?[:–—-]?\s+(?:unanimously\s)?(?P<what>(?i:that|to)\b[,:]?\s)"
)
#: What meets and resolves, the smallest first.
_MEETINGS = ("committee", "panel", "cabinet", "board", "council", "lmc")
#: So many names before are looked at, the nearest first.
NEAR = 200


#: One that is named by its council alone: "Kent Council’s scrutiny committee met".
_WITHIN = re.compile(r"(?:\b[Tt]he|['’]s)\s(?P<words>(?:[a-z-]+\s){0,3}?(?:committee|panel|cabinet|board))(?![\w’'-])")
#: So far back it is looked for, in characters.
FAR = 5_000


def _meeting(discourse: Discourse, start: int) -> Stakeholder | None:
    """Whose minutes the sentence at ``start`` stands in."""
    before = discourse.between(0, start)[-NEAR:]
    known = [discourse.stakeholders[m.stakeholder or ""] for m in reversed(before)]
    bodies = [body for body in known if body.kind is StakeholderKind.ORGANISATION]
    for noun in _MEETINGS:
        if named := next((body for body in bodies if is_called(body, noun)), None):
            if noun != "council":
                return named
            described = list(_WITHIN.finditer(discourse.article.text, max(0, start - FAR), start))
            words = described[-1]["words"] if described else None
            new = describe(words, StakeholderKind.ORGANISATION, discourse.article.id) if words else None
            return discourse.stakeholders.setdefault(new.id, new) if new else named
    return None


def read_resolution(discourse: Discourse, start: int, end: int) -> Reported | None:
    """The decision in the sentence, of the meeting that was named last; None where none was named."""
    text = discourse.article.text
    match = _RESOLVED.match(text, start, end)
    if match is None:
        return None
    stop = content_end(text, end)
    meeting = _meeting(discourse, start)
    if meeting is None or stop <= match.start("what"):
        return None
    place = match.span("cue")
    cue = Cue(*place, place[0], CueKind.SPEECH, "resolve", False)
    speaker = Speaker(meeting.id, 0.8, "the meeting whose minutes say what was resolved", *place, "description")
    return Reported(speaker, cue, ((match.start("what"), stop),), place)
