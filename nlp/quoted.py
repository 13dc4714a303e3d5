"""Whose words a quotation is, by the cue right before or behind it, or by a label ("Dr A: …")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nlp.cues import CueKind, find_cues
from nlp.quotes import Quote
from nlp.records import Block, StakeholderKind
from nlp.sentences import split_sentences
from nlp.speakers import Discourse, Speaker, Unit
from nlp.subjects import subject_after, subject_before

_REACTION = re.compile(
    r"^\s*(?:was|is) (?:the|his|her|their) (?:reaction|response|verdict|view|message|assessment|answer)\b"
)
_WORD = re.compile(r"\w+")
LABEL = re.compile(r"(?:Q\d+\s+)?(?:[A-Z][\w’'.-]*\s){0,4}[A-Z][\w’'.-]*(?:,? \([^)\n]{2,60}\))?:\s")


@dataclass(frozen=True, slots=True)
class Spoken:
    """A quotation with who is thought to speak."""

    quote: Quote
    speaker: Speaker | None
    cue: tuple[int, int] | None


def is_utterance(text: str, block: Block, quote: Quote) -> bool:
    """Whether the quotation is speech of its own rather than quoted words inside a sentence."""
    inner = quote.inner(text)
    words = len(_WORD.findall(inner))
    if words == 0:
        return False
    before = text[max(block.start, quote.start - 200) : quote.start].rstrip()
    after = text[quote.end : min(block.end, quote.end + 200)]
    capital = inner.lstrip("…. [")[:1].isupper() or inner[:1].isdigit() or inner[:1] in "£["
    ends = inner[-1:] in ".,!?…" or not quote.closed or after[:1] in ",."
    opens = (
        not before or before[-1] in ".:,!?’”'\"–—;" or bool(re.search(r"\b(?:said|says|added|told \w+|that)$", before))
    )
    if not before and _REACTION.match(after):
        return True
    if (
        words >= 2
        and capital
        and ends
        and (not before or before[-1] in ".:!?’”'\"" or (before[-1] in "," and words >= 4))
    ):
        return True
    if before[-1:] == ":" and words >= 3:
        return True
    return words >= 5 and ends and opens and bool(before) and before[-1] in "," and inner[-1:] in ".,!?"


def read_label(discourse: Discourse, block: Block) -> tuple[Speaker, int] | None:
    """ "Name: what they said", as in transcripts: the speaker and where the words begin."""
    text = discourse.article.text
    match = re.match(r"(?P<name>[^:.?!“‘\"]{3,80}):\s+(?=[A-Z£“‘'\"])", text[block.start : block.end])
    if not match:
        return None
    units = [u for u in discourse.units(block.start, block.start + match.end("name")) if u.form == "name" and u.id]
    if not units or len(text[units[-1].end : block.start + match.end("name")].split()) > 8:
        return None
    first = units[0]
    if not re.fullmatch(r"[\s•*-]*(?:Q\d*\s*)?", text[block.start : first.start]):
        return None
    start = block.start + match.end()
    if text[start : block.end].rstrip().endswith("?") and text[start : block.end].count(".") == 0:
        return None
    return replace(discourse.resolve(first), end=start, reason="named before a colon"), start


def attribute_quotes(
    discourse: Discourse, spoken: Sequence[Quote], zones: Sequence[tuple[int, int]], fragments: Sequence[Quote]
) -> list[Spoken]:
    """Every quotation with the speaker of the cue right before or behind it."""
    text = discourse.article.text
    found = []
    for i, quote in enumerate(spoken):
        behind = _tail(discourse, quote, zones[i + 1])
        ahead = _lead_in(discourse, zones[i], fragments)
        closes = quote.inner(text)[-1:] in ",?!" or text[quote.end : quote.end + 1] == ","
        pick = (behind or ahead) if closes or not ahead else ahead
        found.append(Spoken(quote, *(pick or (None, None))))
    return found


def _tail(discourse: Discourse, quote: Quote, zone: tuple[int, int]) -> tuple[Speaker, tuple[int, int] | None] | None:
    """The cue behind a quotation: ", he argued." or " said Dr A"."""
    text = discourse.article.text
    start, end = next(split_sentences(text, *zone), (zone[0], zone[0]))
    if start >= end:
        return None
    reaction = _REACTION.match(text[quote.end : end])
    units = discourse.units(start, end)
    if reaction:
        unit = next((u for u in units if u.start >= quote.end + reaction.end() and u.form == "name"), None)
        return (discourse.resolve(unit), (quote.end + 1, quote.end + reaction.end())) if unit else None
    opens = start
    while opens < end and (text[opens].isspace() or text[opens] in ",.–—-"):
        opens += 1
    for cue in sorted(find_cues(text, start, end), key=lambda c: c.start):
        before = subject_before(text, start, cue.group_start, units)
        if before and before.start - opens <= 4 and not _says_more(text, cue.end, end, quote):
            return _outside(discourse, before, quote), (cue.start, cue.end)
        if cue.group_start - opens <= 1:
            after = subject_after(text, cue.end, end, units)
            after = after or next((u for u in units if 0 <= u.start - cue.end <= 60 and u.form == "name"), None)
            if after:
                return _outside(discourse, after, quote), (cue.start, cue.end)
            if cue.kind is CueKind.SPEECH and re.match(r"\s+(?:an?|one|another|the)\b", text[cue.end : end]):
                return _unknown(cue.start, cue.end), (cue.start, cue.end)
        if cue.start - opens > 90:
            break
    return None


def _says_more(text: str, cue_end: int, end: int, quote: Quote) -> bool:
    """ "‘We can’t.’ He said the plan …": the cue has a clause of its own; the quotation had ended."""
    if text[quote.inner_end - 1 : quote.inner_end] in ",?!" or text[quote.end : quote.end + 1] == ",":
        return False
    rest = text[cue_end:end].strip(" .,:")
    return len(rest.split()) > 4 and not text[cue_end:end].rstrip().endswith((":", ","))


def _lead_in(
    discourse: Discourse, zone: tuple[int, int], fragments: Sequence[Quote]
) -> tuple[Speaker, tuple[int, int] | None] | None:
    """The cue before a quotation: "Dr A told Pulse:", "He said,", "Dr A, GPC chair:"."""
    text = discourse.article.text
    pieces = list(split_sentences(text, *zone))
    if not pieces:
        return None
    start, end = pieces[-1]
    stripped = text[start:end].rstrip()
    if stripped[-1:] in ".!?" or not stripped:
        return None
    units = discourse.units(start, end)
    cues = sorted((c for c in find_cues(text, start, end)), key=lambda c: c.start, reverse=True)
    for cue in cues:
        unit = subject_before(text, start, cue.group_start, units)
        unit = unit or subject_after(text, cue.end, end, units)
        if unit:
            return discourse.resolve(unit), (cue.start, cue.end)
        if re.search(r"(?:,|\band|\bbut)\s+(?:\w+ly\s+)?$", text[start : cue.group_start]):
            first = next((u for u in units if u.form != "description"), None)
            if first:
                return discourse.resolve(first), (cue.start, cue.end)
    if stripped.endswith(":"):
        named = [u for u in units if u.form == "name" and discourse.kind(u.id or "") is StakeholderKind.PERSON] or [
            u for u in units if u.form == "name"
        ]
        if named:
            return discourse.resolve(named[0]), None
        if units:
            return discourse.resolve(units[0]), None
        if cues:  # somebody speaks, and it is not clear who: no one before them
            return _unknown(cues[-1].start, cues[-1].end), (cues[-1].start, cues[-1].end)
    return None


def _unknown(start: int, end: int) -> Speaker:
    return Speaker(None, 0.3, "the cue has a subject that nobody is known by", start, end, "description")


def _outside(discourse: Discourse, unit: Unit, quote: Quote) -> Speaker:
    """Whom a pronoun behind a quotation stands for: nobody whom the quotation itself names."""
    if unit.form != "pronoun":
        return discourse.resolve(unit)
    return replace(discourse.resolve(replace(unit, start=quote.start)), start=unit.start, end=unit.end)
