"""Reported speech in one sentence: which clause, by which cue, of whom.

The forms: "X said that …", "…, X said, and …", "…, said X", "according to X, …", "X opposes …",
"X is wary of …", "… was rejected by X", "X's argument that …", "…, warning that …".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.asides import FROM, past_recipient
from nlp.contents import (
    Piece,
    clause_before,
    content_behind,
    content_end,
    continuation,
    is_parenthetical,
    rest_behind,
    skip_conjunction,
    tidy,
    too_short,
)
from nlp.cues import HEARD, Cue, CueKind, find_cues, lemma_of, may_take_object
from nlp.described import noun_sort
from nlp.documents import written
from nlp.named_statements import find_named, own_unit, statement_nouns
from nlp.passives import read_passive
from nlp.reactions import ends_sentence, relative_start
from nlp.second_hand import is_second_hand, past_hearer
from nlp.speakers import Discourse, Speaker, Unit
from nlp.subjects import acts, subject_after, subject_before, turns
from nlp.viewpoints import find_viewpoint, opens_with_view

#: No sentence of the press is longer, in characters; what is reads as noise and would take quadratic time.
LONGEST_SENTENCE = 2500
_MANNERS_OF_NAMING = frozenset(
    {"call", "describe", "brand", "label", "dub", "question", "accuse", "blame", "urge", "demand"}
)


@dataclass(frozen=True, slots=True)
class Reported:
    """One reported clause: its speaker, its cue, and where it stands; and how likely it is one (0: nobody asked)."""

    speaker: Speaker
    cue: Cue | None
    spans: tuple[tuple[int, int], ...]
    cue_span: tuple[int, int] | None
    chain: tuple[str, ...] = ()
    likely: float = 0.0


def find_reported(discourse: Discourse, piece: Piece) -> list[Reported]:
    """Every reported clause of the piece, in order; a clause inside another's content is not taken again."""
    text = discourse.article.text
    if piece.end - piece.start > LONGEST_SENTENCE:
        return []
    cues = tidy(find_cues(text, piece.start, piece.end), piece)
    viewed = opens_with_view(text, piece)
    if not cues and not viewed and not statement_nouns().search(text, piece.start, piece.end):
        return []
    units = discourse.units(piece.start, piece.end)
    found: list[Reported] = []
    claimed = piece.start
    closing = _closing(discourse, piece, cues, units)
    if closing:
        found.append(closing)
        claimed = max(closing.spans[-1][1], closing.cue_span[1] if closing.cue_span else 0)
    for i, cue in enumerate(cues):
        if _is_aside(text, cue, cues[i + 1 :]):
            continue
        if (
            cue.group_start < claimed
            and found
            and is_second_hand(text, cue, units, found[-1].spans[0][0], found[-1].chain)
        ):
            found[-1] = _second_hand(discourse, piece, cue, units, found[-1])
            continue
        if cue.group_start < claimed and (closing or not _breaks_off(text, piece, cue, units, found)):
            continue
        reported = _read(discourse, piece, cue, units, found)
        if reported:
            if cue.group_start < claimed and found:
                passive = cue.kind is CueKind.PASSIVE
                found[-1] = _cut(text, found[-1], reported.spans[0][0] if passive else reported.speaker.start)
            found.append(reported)
            claimed = max(end for _, end in reported.spans)
    view = find_viewpoint(discourse, piece, units) if viewed and not found else None
    if view:
        said = _reported(text, discourse.resolve(view.owner), None, (view.content,), *view.cue)
        return [said] if said else []
    named = None if found else find_named(discourse, piece, units)
    if named is None:
        return found
    noun = _reported(text, discourse.resolve(named.owner), None, (named.content,), *named.noun)
    return [noun] if noun else []


def _closing(discourse: Discourse, piece: Piece, cues: Sequence[Cue], units: Sequence[Unit]) -> Reported | None:
    """ "He would prefer better buses, he said": the cue at the end rules the cues inside what it closes."""
    text = discourse.article.text
    for cue in cues:
        unit = subject_before(text, piece.start, cue.group_start, units)
        if (
            unit is None
            or cue.kind not in (CueKind.SPEECH, CueKind.POSITION)
            or not clause_before(text, piece, unit.start)
        ):
            continue
        earlier = [c for c in cues if c.start < unit.start and subject_before(text, piece.start, c.group_start, units)]
        if earlier and is_parenthetical(text, cue, piece):
            return _after_subject(discourse, piece, cue, unit)
    return _closing_turned(discourse, piece, cues, units)


def _closing_turned(discourse: Discourse, piece: Piece, cues: Sequence[Cue], units: Sequence[Unit]) -> Reported | None:
    """ "Many CCGs planned to pool money, said its director, Dr A": as above, with the verb before its subject."""
    text, last = discourse.article.text, cues[-1] if cues else None
    if last is None or len(cues) < 2 or last.lemma not in TURNS:
        return None
    before = text[piece.start : last.start].rstrip()
    closed = _inverted(discourse, piece, last, units) if before.endswith(",") else None
    behind = text[closed.speaker.end : piece.end] if closed else ""
    return closed if closed and len(behind.split()) <= _TITLE and not _FINITE.search(behind) else None


#: Verbs of speech that nobody stands behind but who speaks: "told Dr A" has a hearer there.
TURNS = frozenset({"say", "add", "argue", "claim", "insist", "explain", "reply", "suggest", "note", "write", "warn"})
#: No name and office that follow a description of who speaks are longer, in words.
_TITLE = 12
_DENIALS = frozenset({"believe", "think", "know", "understand", "agree", "feel", "expect", "accept", "see", "like"})
_WHO = re.compile(r",\s+(?:who|which)\s+(?:\w+\s+){0,2}$")


def _is_aside(text: str, cue: Cue, later: Sequence[Cue]) -> bool:
    """ "Dr A, chair of B, which will propose the motion, said": the cue between the commas is not the sentence's."""
    relative = _WHO.search(text, max(0, cue.start - 40), cue.start)
    reduced = cue.kind is CueKind.PASSIVE and text.endswith(", ", 0, cue.group_start)
    moved = cue.lemma in {"propose", "recommend"}  # "the motion, proposed by Kent LMC, calls for a ballot"
    kinds = (CueKind.SPEECH, CueKind.POSITION) if moved else (CueKind.SPEECH,)
    closing = any(c.kind in kinds and text.endswith(", ", 0, c.group_start) for c in later)
    return bool(relative or reduced) and closing


def _second_hand(discourse: Discourse, piece: Piece, cue: Cue, units: Sequence[Unit], outer: Reported) -> Reported:
    text = discourse.article.text
    if cue.kind is CueKind.PASSIVE:
        told = read_passive(text, piece, cue, units)
        unit, content = told or (None, None)
    else:
        unit = subject_before(text, outer.spans[0][0], cue.group_start, units)
        content = content_behind(discourse, piece, cue)
    if unit is None or content is None or outer.speaker.id is None:
        return outer
    start = past_hearer(text, cue, content)
    # no further than what the outer cue reports: "B had told us so, Dr A said"
    end = min(content[1], outer.spans[0][1]) if start < outer.spans[0][1] else content[1]
    return Reported(discourse.resolve(unit), cue, ((start, end),), (cue.start, cue.end), (outer.speaker.id,))


#: What joins a clause of somebody else to the one before; "said that while A wants it, B" begins no clause of A's.
_JOINT = re.compile(
    r"(?:,\s+(?:but|and|while|whereas|although|though)\s+(?:(?:the|its|their|an?)\s+)?|;\s*(?:but\s+)?|\s[–—]\s|\sbut\s+(?:the\s+)?"
    r"|\s(?:while|whereas)\s+)$"
)
#: A clause before that is no shorter than so many characters.
SHORTEST = 8


def _breaks_off(text: str, piece: Piece, cue: Cue, units: Sequence[Unit], found: list[Reported]) -> bool:
    """Whether a cue inside a reported clause starts a new one: ", who said", "; but Dr B argued"."""
    if not found or cue.kind is CueKind.VIEW:
        return False
    if cue.kind is CueKind.PASSIVE:
        return relative_start(text, cue) > found[-1].spans[-1][0] and ends_sentence(text, cue, piece.end)
    if aside := re.search(r",\s+(?P<word>who|which)\s+$", text[max(0, cue.group_start - 12) : cue.group_start]):
        # "pointed to a survey of her members, which found": the survey is what she told of
        told = text[found[-1].spans[-1][0] : cue.group_start].lower().split()
        return aside["word"] == "who" or not written().intersection(told)
    unit = subject_before(text, found[-1].spans[0][0], cue.group_start, units)
    if unit is None or unit.form == "description":
        return False
    joint = _JOINT.search(text, max(found[-1].spans[-1][0] + SHORTEST, unit.start - 18), unit.start)
    return bool(joint) and (unit.form == "name" and unit.id != found[-1].speaker.id)


def _cut(text: str, reported: Reported, at: int) -> Reported:
    """End the clause where the next speaker begins."""
    start, end = reported.spans[-1]
    if not start < at < end:
        return reported
    joint = re.search(
        r"[\s,;–—]*(?:\b(?:but|and|while|whereas|although|though|who|which|the|its|their|an?)\b[\s,]*)*$",
        text[start:at],
    )
    stop = start + joint.start() if joint else at
    spans = (*reported.spans[:-1], (start, stop)) if stop > start else reported.spans
    return Reported(reported.speaker, reported.cue, spans, reported.cue_span)


_FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|would|will|could|can|should|may|might|must|do|does|did|cannot|\w+n['’]t|\w{2,}(?:ed|s))\b"
)


#: "Dr A is among those who say": Dr A.
_AMONG = re.compile(
    r"\b(?:is|was|are|were)\s+(?:now\s+)?(?:among|one\s+of)\s+[^,.;:“”‘]{3,60}\s(?:who|that|which)\s+(?:ha(?:s|ve|d)\s+)?$"
)


def _read(
    discourse: Discourse, piece: Piece, cue: Cue, units: Sequence[Unit], found: list[Reported]
) -> Reported | None:
    text = discourse.article.text
    if cue.negated and cue.kind in (CueKind.SPEECH, CueKind.POSITION) and denies(cue.lemma):
        return None  # what somebody did not say is nobody's statement
    if cue.kind is CueKind.PASSIVE:
        return _passive(discourse, piece, cue, units, found)
    if cue.kind is CueKind.ACCORDING:
        return _according(discourse, piece, cue, units)
    low = found[-1].spans[-1][1] if found and found[-1].spans[-1][1] <= cue.group_start else piece.start
    among = _AMONG.search(text, low, cue.group_start)
    unit = None if cue.participle else subject_before(text, low, among.start() if among else cue.group_start, units)
    unit = unit or _relative(text, cue, units)
    if unit is not None and turns(discourse, unit, (cue.group_start, cue.start, cue.end), (piece.start, piece.end)):
        turned = _inverted(discourse, piece, cue, units)
        if turned:
            return turned
    if unit is not None:
        return _after_subject(discourse, piece, cue, unit)
    inverted = _inverted(discourse, piece, cue, units)
    if inverted:
        return inverted
    return _joined(discourse, piece, cue, found)


def denies(lemma: str) -> bool:
    """Whether "not" makes the verb one of saying nothing: "did not say", and not "did not believe"."""
    return lemma in _MANNERS_OF_NAMING or (
        lemma_of(lemma) is not None and not may_take_object(lemma) and lemma not in _DENIALS
    )


def _relative(text: str, cue: Cue, units: Sequence[Unit]) -> Unit | None:
    """ "… rejected by the GPC, who said": whom the relative pronoun stands for."""
    match = re.search(r"(?P<gap>,\s+(?:who|which)\s+)$", text[max(0, cue.group_start - 12) : cue.group_start])
    end = cue.group_start - len(match["gap"]) if match else -1
    return next((unit for unit in units if unit.end == end), None)


_WHICH = re.compile(r"\b(?:which|that)\s+(?:the\s+)?$")


def _after_subject(discourse: Discourse, piece: Piece, cue: Cue, unit: Unit) -> Reported | None:
    text = discourse.article.text
    speaker = discourse.resolve(unit)
    if speaker.id is None and unit.form == "pronoun" and unit.text.lower() in {"i", "we"}:
        return None
    if cue.kind in (CueKind.SPEECH, CueKind.POSITION) and is_parenthetical(text, cue, piece):
        rest = continuation(text, cue, piece)
        before = clause_before(text, piece, unit.start) or (_short_before(text, piece, unit.start) if rest else None)
        if before:
            return _reported(text, speaker, cue, (before, *rest), cue.group_start)
    if cue.kind is CueKind.POSITION and text.startswith(",", cue.end) and _WHICH.search(text, piece.start, unit.start):
        # "The plan, which the BMA opposes, would cost £3m": as in the passive, the clause with its verb
        return _reported(text, speaker, cue, ((skip_conjunction(text, piece.start), cue.end),), cue.group_start)
    content = content_behind(discourse, piece, cue)
    return _reported(text, speaker, cue, (content,), cue.group_start) if content else None


def _passive(
    discourse: Discourse, piece: Piece, cue: Cue, units: Sequence[Unit], found: Sequence[Reported]
) -> Reported | None:
    read = read_passive(discourse.article.text, piece, cue, units)
    if read is None:
        return None
    unit, (start, end) = read
    if found and found[-1].cue and found[-1].cue.kind is CueKind.PASSIVE and start < found[-1].spans[-1][1]:
        start = cue.start  # "opposed by A, backed by B": each has their own verb
    return _reported(discourse.article.text, discourse.resolve(unit), cue, ((start, end),), cue.group_start)


def _according(discourse: Discourse, piece: Piece, cue: Cue, units: Sequence[Unit]) -> Reported | None:
    text = discourse.article.text
    unit = next((u for u in units if cue.start <= u.start and u.end <= cue.end), None)
    unit = (
        unit
        or subject_after(text, cue.end, piece.end, units)
        or own_unit(text, text.rindex(" ", cue.start, cue.end) + 1)
    )
    unit = unit or next((u for u in units if cue.end <= u.start <= cue.end + 60 and u.form == "name"), None)
    unit = past_recipient(text, cue.end, unit, units) if unit else None
    if unit is None:
        return None
    if unit.form == "description":
        behind = (u for u in units if u.form == "name" and u.start > unit.end)
        unit = next((u for u in behind if FROM.fullmatch(text, unit.end, u.start)), unit)
    if len(text[piece.start : cue.start].split()) <= 2:
        comma = re.search(r",\s*", text[unit.end : piece.end])
        start = unit.end + (comma.end() if comma else 0)
        content = (start, content_end(text, piece.end))
        lead = (skip_conjunction(text, piece.start), content_end(text, cue.start))
        if comma and lead[0] < lead[1] < cue.start and text[lead[1]] == ",":  # "The plan, according to X, would fail"
            return _reported(text, discourse.resolve(unit), cue, (lead, content), cue.start)
    else:
        content = (skip_conjunction(text, piece.start), content_end(text, cue.start))
    more = rest_behind(text, unit.end, piece.end) if content[0] < cue.start else ()
    if not more and too_short(text, *content):
        return None
    return _reported(text, discourse.resolve(unit), cue, (content, *more), cue.start)


def _inverted(discourse: Discourse, piece: Piece, cue: Cue, units: Sequence[Unit]) -> Reported | None:
    """ "…, claims Dr A": the verb before its subject, behind a comma or a closing mark."""
    text = discourse.article.text
    turns = cue.kind is CueKind.SPEECH and cue.lemma not in HEARD and not cue.participle
    unit = subject_after(text, cue.end, piece.end, units) if turns else None
    if unit is None or unit.form == "pronoun" or acts(text, unit, piece.end):
        return None
    behind = Cue(cue.start, unit.end, cue.group_start, cue.kind, cue.lemma, cue.negated)
    rest = continuation(text, behind, piece)
    before = clause_before(text, piece, cue.group_start)
    comma = re.match(r",\s+", text[unit.end : piece.end])
    if before is None and comma:  # "Nurses, said Dr A, were leaving"
        before, rest = (
            _short_before(text, piece, cue.group_start),
            ((unit.end + comma.end(), content_end(text, piece.end)),),
        )
    return _reported(text, discourse.resolve(unit), cue, (before, *rest), cue.group_start) if before else None


def _short_before(text: str, piece: Piece, end: int) -> tuple[int, int] | None:
    """A word or two before ", X said," when the clause goes on behind it: "The plan, Dr A said, will …"."""
    start = skip_conjunction(text, piece.start)
    return (
        (start, content_end(text, end)) if start < end and text[max(0, end - 4) : end].rstrip().endswith(",") else None
    )


# "The GPC has written to ministers asking for": who writes asks.
_LETTER = re.compile(
    r"\b(?:(?:has|have|had|also|again|now)\s+)*(?:wrote|written|writes|write|writing)\s+(?:[^,.;]{0,40}\s)?to\s+[^,.;]{2,90}\s$"
)


_OUTLET = re.compile(r"\s(?:for|in|on)\s(?:the\s)?[A-Z]")


def _joined(discourse: Discourse, piece: Piece, cue: Cue, found: list[Reported]) -> Reported | None:
    """ "…, warning that …" and "praised A but said that …": the speaker of the cue before."""
    text = discourse.article.text
    left = text[piece.start : cue.group_start]
    aside = re.search(r",\s+(?:with (?:\w+\s+){0,3})?(?:\w+ly\s+)?$", left)
    if cue.lemma == "write" and _OUTLET.match(text, cue.end):  # "Dr A, writing for the Guardian, argued"
        return None
    participle = text[cue.start : cue.end].endswith("ing") and aside
    verb = re.search(r"\b(?:and|but|or|then)\s+$", left)
    letter = _LETTER.search(left) if cue.participle else None
    whole = discourse.units(piece.start, piece.end)
    if letter and (writer := subject_before(text, piece.start, piece.start + letter.start(), whole)):
        content = content_behind(discourse, piece, cue)
        return _reported(text, discourse.resolve(writer), cue, (content,), cue.group_start) if content else None
    if not (participle or verb):
        return None
    if found:
        speaker = found[-1].speaker
    else:
        units = discourse.units(piece.start, cue.group_start)
        opens = units and units[0].start == piece.start and noun_sort(units[0].text.split()[-1]) in {"body", "role"}
        unit = units[0] if opens else next((u for u in units if u.form != "description"), None)
        if unit is None or not participle:
            return None
        speaker = discourse.resolve(unit)
    content = content_behind(discourse, piece, cue)
    moved = Speaker(
        speaker.id, speaker.confidence * 0.95, "the speaker of the cue before", cue.group_start, cue.end, speaker.form
    )
    return _reported(text, moved, cue, (content,), cue.group_start) if content else None


def _reported(
    text: str,
    speaker: Speaker,
    cue: Cue | None,
    spans: tuple[tuple[int, int], ...],
    cue_start: int,
    cue_end: int | None = None,
) -> Reported | None:
    kept = tuple((start, end) for start, end in spans if end > start and text[start:end].strip())
    if not kept:
        return None
    stop = cue_end if cue_end is not None else cue.end if cue else cue_start
    start = cue.start if cue else cue_start
    return Reported(speaker, cue, kept, (start, stop))
