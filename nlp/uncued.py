"""Whose a quotation without a cue is: by the sentence before it, or where the quotation ends."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from nlp.contents import skip_conjunction
from nlp.described import SPOKES
from nlp.identities import is_nameless
from nlp.quoted import Spoken, attribute_quotes, is_utterance
from nlp.quotes import Quote, find_quotes
from nlp.records import Block, BlockKind, StakeholderKind
from nlp.reported import Reported
from nlp.sentences import split_sentences
from nlp.speakers import NEAR, Discourse, Speaker
from nlp.units import SPOKESMAN, UNNAMED

#: Over so many paragraphs a quotation may run on before its speaker is named.
RUN_ON = 8
_BODY = (BlockKind.STANDFIRST, BlockKind.PARAGRAPH)


def teller(reported: Reported) -> Speaker:
    """Who goes on speaking after a clause: of "A said B had told her" A."""
    if not reported.chain:
        return reported.speaker
    return replace(reported.speaker, id=reported.chain[0], confidence=max(0.8, reported.speaker.confidence))


def speech_zones(block: Block, spoken: Sequence[Quote]) -> list[tuple[int, int]]:
    """The narration between the quotations."""
    edges = [block.start, *(at for q in spoken for at in (q.start, q.end)), block.end]
    return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def of_nameless(discourse: Discourse, spoken: Spoken, reported: Sequence[Reported]) -> Speaker | None:
    """ "One nurse said A. They added: ‘B’": the nurse, who had not spoken yet when the quotation was read."""
    speaker, text = spoken.speaker, discourse.article.text
    word = text[speaker.start : speaker.end].lower() if speaker else ""
    if speaker is None or word not in {"they", "he", "she"}:
        return speaker
    before = [r.speaker for r in reported if r.spans[0][0] < spoken.quote.start and r.speaker.id]
    if word != "they":
        return _of_unnamed(discourse, speaker, before) or _of_officer(discourse, speaker, before)
    one = before[-1].id if before else None
    if one is None or discourse.kind(one) is StakeholderKind.ORGANISATION:
        return speaker
    if discourse.kind(one) is StakeholderKind.PERSON and not is_nameless(one):
        return speaker
    return replace(speaker, id=one, confidence=0.8, reason=f"stands for {UNNAMED}")


def _of_unnamed(discourse: Discourse, speaker: Speaker, before: Sequence[Speaker]) -> Speaker | None:
    """ "One head, who asked not to be named, said A. She said: ‘B’": that one, if nobody is named between."""
    one = before[-1] if before else None
    if one is None or one.end > speaker.start or not is_nameless(one.id or ""):
        return None
    people = discourse.of_kind(StakeholderKind.PERSON)
    if discourse.kind(one.id or "") is not StakeholderKind.PERSON or discourse.first_named(
        one.end, people, speaker.start
    ):
        return None
    return replace(speaker, id=one.id, confidence=0.8, reason=f"stands for {UNNAMED}")


def _of_officer(discourse: Discourse, speaker: Speaker, before: Sequence[Speaker]) -> Speaker:
    """ "A spokesman for the trust said A. He added: ‘B’": the trust, where no person is named between."""
    officer = before[-1] if before else None
    if officer is None or officer.end > speaker.start or discourse.kind(officer.id or "") is StakeholderKind.PERSON:
        return speaker
    if not SPOKES.search(discourse.article.text, officer.start, officer.end):
        return speaker
    people = discourse.of_kind(StakeholderKind.PERSON)
    if discourse.first_named(officer.end, people, speaker.start):
        return speaker
    return replace(speaker, id=officer.id, confidence=0.85, reason=f"stands for {SPOKESMAN}")


def opens_sentence(discourse: Discourse, before: Spoken, quote: Quote) -> Speaker | None:
    """ "‘A,’ said Dr B. But Ms C disagreed. ‘D.’": the person of whom the last sentence between is."""
    text = discourse.article.text
    for low, high in list(split_sentences(text, before.quote.end, quote.start))[-1:]:
        if before.cue and before.cue[0] >= low:
            return None  # the sentence has nothing but the cue of the quotation before
        begin = skip_conjunction(text, low)
        unit = next((unit for unit in discourse.units(low, high) if unit.start >= begin), None)
        named = unit is not None and unit.form == "name" and discourse.kind(unit.id or "") is StakeholderKind.PERSON
        if unit and named and unit.start == begin and text[high - 1 : high] == ".":
            return replace(discourse.resolve(unit), confidence=0.75, reason="the sentence before is about them")
    return None


def named_later(discourse: Discourse, block: Block) -> Speaker | None:
    """ "‘A.¶ ‘B,’ said Dr C.": who is named first in the paragraphs over which a quotation without a cue runs on."""
    text, blocks = discourse.article.text, discourse.article.blocks
    at = bisect_left(blocks, block.start, key=lambda b: b.start)
    above = next((b for b in reversed(blocks[max(0, at - RUN_ON) : at]) if b.kind in _BODY), None)
    if above and not all(q.closed for q in find_quotes(text, above.start, above.end)):
        return None  # it goes on from an open one itself
    for later in (b for b in blocks[at + 1 : at + 1 + RUN_ON] if b.kind in _BODY):
        quotes = find_quotes(text, later.start, later.end)
        spoken = [q for q in quotes if is_utterance(text, later, q)]
        if not spoken or spoken[0].start - later.start > 3:
            return None
        fragments = tuple(q for q in quotes if q not in spoken)
        attributed = attribute_quotes(discourse, spoken, speech_zones(later, spoken), fragments)
        speaker = next((s.speaker for s in attributed if s.speaker), None)
        if speaker or spoken[-1].closed:
            return speaker and replace(
                speaker, confidence=min(0.85, speaker.confidence), reason="named where the quotation ends"
            )
    return None


def from_narration(discourse: Discourse, block: Block, quote: Quote, reported: Sequence[Reported]) -> Speaker | None:
    """ "Dr A was blunt. ‘It will not work.’": who the sentence before is about."""
    before = [r for r in reported if r.spans[0][0] < quote.start and r.speaker.id]
    if before:
        return replace(
            teller(before[-1]),
            confidence=min(0.9, before[-1].speaker.confidence),
            reason="speaks in the sentence before",
        )
    sentences = list(split_sentences(discourse.article.text, max(block.start, quote.start - NEAR), quote.start))
    for start, end in reversed(sentences):
        for unit in discourse.units(start, end):
            speaker = discourse.resolve(unit)
            if speaker.id and discourse.kind(speaker.id) is StakeholderKind.PERSON:
                return replace(speaker, confidence=0.75, reason="the sentence before is about them")
    return None
