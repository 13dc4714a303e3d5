"""Quotations of which a mark was left out: where they must begin or end, by the cue beside them."""

from __future__ import annotations

import re
from dataclasses import replace

from nlp.cues import Cue, CueKind, find_cues
from nlp.marks import MARKS
from nlp.sentences import split_sentences

#: A cue with its subject stands within so many characters.
REACH = 160
#: A name, an office or a pronoun: what a cue behind a quotation says something of.
_WHO = r"(?:[Hh]e|[Ss]he|[Tt]hey|(?:(?:[Tt]he|[Aa]n?)\s+)?(?:[\w’'-]+\s+){0,3}?[A-Z][\w’'-]+)"
_SUBJECT_FIRST = re.compile(rf"[\s–—-]*(?P<who>{_WHO}(?:\s+[A-Z][\w’'-]+){{0,4}})\s+(?:\w+ly\s+|also\s+|has\s+)?")
_VERB_FIRST = re.compile(r"[\s–—-]*")
_SUBJECT_BEHIND = re.compile(rf"\s+{_WHO}")
_COMMA = re.compile(r",\s")


def cues_behind(text: str, start: int, end: int) -> list[Cue]:
    """The cues of ``text[start:end]`` by place, as if nothing stood before: ",’said Dr A" has one."""
    moved = (
        replace(cue, start=cue.start + start, end=cue.end + start, group_start=cue.group_start + start)
        for cue in find_cues(text[start:end], 0, end - start)
    )
    return sorted(moved, key=lambda cue: cue.start)


def cue_behind(text: str, at: int, end: int) -> bool:
    """Whether the words right behind ``at`` are a cue with its subject: "said Dr A", "Dr A said", "she added"."""
    high = min(end, at + REACH)
    verbs = {cue.start: cue for cue in cues_behind(text, at, high) if cue.kind is CueKind.SPEECH}
    lead = _VERB_FIRST.match(text, at, high)
    if lead and lead.end() in verbs and _SUBJECT_BEHIND.match(text, verbs[lead.end()].end, high):
        return True
    who = _SUBJECT_FIRST.match(text, at, high)
    return bool(who and who.end() in verbs)


def _behind_cue(text: str, start: int, end: int) -> int | None:
    """Where the sentence with the cue right behind a quotation ends, when more stands behind it."""
    first, *more = list(split_sentences(text, start, end)) or [(start, start)]
    return more[0][0] if more and cue_behind(text, _past_comma(text, start), first[1]) else None


def drops_mark(text: str, start: int, at: int) -> int | None:
    """Where the quotation ended whose end mark is missing: "‘A, said Dr B. ‘C.’", up to the mark at ``at``."""
    if text[max(start, at - 2) : at].strip() not in {".", "!", "?"} or not text[at - 1].isspace():
        return None
    last = list(split_sentences(text, max(start, at - 2 * REACH), at))[-1:]
    for low, high in last:
        for comma in list(_COMMA.finditer(text, low, high))[-3:]:
            if cue_behind(text, comma.end(), high) and not any(m in MARKS for m in text[comma.end() : high]):
                return comma.end() - 1
    return None


def opened_nowhere(text: str, mark: tuple[int, int], within: tuple[int, int], after_quote: bool) -> int | None:
    """Where a quotation begins that ends with this mark and has none before it; None where it is no such end.

    ``within`` goes from the last quotation (or the start of the paragraph) to the end of the paragraph.
    """
    start, end = within
    if text[mark[0] - 1 : mark[0]] not in tuple(".,!?") or mark[0] <= start or text[mark[1] : mark[1] + 1].isalnum():
        return None
    if after_quote:
        return _behind_cue(text, start, mark[0]) if mark[1] == end else None
    if cue_behind(text, mark[1], end):
        return list(split_sentences(text, max(start, mark[0] - 4 * REACH), mark[0]))[-1][0]
    return None if mark[1] < end or any(find_cues(text, start, mark[0])) else start


def _past_comma(text: str, at: int) -> int:
    return at + 1 if text[at : at + 1] in tuple(",.") else at
