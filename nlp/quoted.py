"""Whose words a quotation is, by the cue right before or behind it, or by a label ("Dr A: …")."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nlp.cues import HEARD, Cue, CueKind, find_cues
from nlp.described import noun_sort
from nlp.identities import is_nameless
from nlp.marks import DOUBLE, MARKS
from nlp.mistyped import cue_behind, cues_behind
from nlp.name_lines import is_name_line, is_unfinished, read_name_line
from nlp.quotes import Quote
from nlp.records import Block, StakeholderKind
from nlp.sentences import split_sentences
from nlp.speakers import Discourse, Speaker, Unit
from nlp.strangers import find_known, find_stranger, introduce, is_new
from nlp.subjects import subject_after, subject_before

_REACTION = re.compile(
    r"^\s*(?:(?:That|This|Such|Those)\s+)?(?:was|is|were|are) (?:also )?(?:the|his|her|their) (?:\w+ )?"
    r"(?:reaction|response|verdict|view|message|assessment|answer|opinion|conclusion|warning|words|advice)\b"
)
_WORD = re.compile(r"\w+")
#: What a quotation may stand behind: the end of a sentence or another quotation, or a colon.
_SET_OFF = ".:!?’”'\""
#: "… miss it’ – Dr A, chair of B.": the rest of the block is a dash, a name and an office.
_SIGNATURE = re.compile(
    r"\s*[–—-]\s*(?:[A-Z][\w.’'-]*\s+){1,4}[A-Z][\w.’'-]*(?<![’']s)(?:(?:,|\s\(|\s(?:of|at|from|for)\b)[^!?:;–—]{2,100})?\.?\s*"
)
_DASHED = re.compile(r"\s*[–—-]\s*(?P<cue>[^–—\n“”‘\"]{3,80}?)\s*[–—-]\s*")
_SPLIT = re.compile(rf"[.,!?][{re.escape(MARKS)}](?P<cue>\s[^{re.escape(DOUBLE)}‘\n]{{3,80}}?)\s*[,–—-]\s*$")
#: "The report, ‘Care close to home’, was printed": what a document is called.
_TITLE = re.compile(
    r"\b(?:report|study|paper|book|booklet|leaflet|letter|plan|strategy|white paper|document|article|film|play|song"
    r"|programme|campaign|survey|blog|manifesto|motion|briefing|pamphlet|guide)s?,$"
)
_SOME_VERB = re.compile(r"[a-z]{2,}(?:ed|s)(?=\s)")
_ITS_VERB = re.compile(r"\s(?:[a-z]+ly\s)?(?P<verb>[a-z]{2,}(?:ed|s))(?=[\s.,;:])")
#: Why a speaker is the one of the next paragraph.
ANNOUNCED = "announced in the paragraph before"
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
    before = text[max(block.start, quote.start - 200) : quote.start].rstrip()
    after = text[quote.end : min(block.end, quote.end + 200)]
    if words == 0 or (after[:1] == "," and _TITLE.search(before)):
        return False
    if _between_dashes(text, block, quote) or (before[-1:] == ":" and words >= 3):
        return True
    if before[-1:] in ("–", "—", "-") and words >= 3 and is_name_line(text, block.start, quote.start):
        return True
    if not before:
        return _opens_block(inner, after, words, quote)
    ends = inner[-1:] in ".,!?…" or not quote.closed or after[:1] in ",."
    if words >= 2 and _is_capital(inner) and ends and (before[-1] in _SET_OFF or (before[-1] == "," and words >= 4)):
        return True
    return inner[-1:] in ".,!?" and ((before[-1] == "," and words >= 5) or _is_second_half(text, block, quote))


def _opens_block(inner: str, after: str, words: int, quote: Quote) -> bool:
    """Whether a quotation that opens its block is speech: by its end and by what stands behind it."""
    if _REACTION.match(after):
        return True
    if not _is_capital(inner):
        return words >= 5 and inner[:1] == "…" and inner[-1:] in ".,!?…"
    ends = inner[-1:] in ".,!?…" or not quote.closed or after[:1] in ",."
    told = words >= 3 and (_SIGNATURE.fullmatch(after) or cue_behind(after, 0, len(after)))
    return (words >= 2 and ends) or bool(told)


def _is_capital(inner: str) -> bool:
    return inner.lstrip("…. [" + MARKS)[:1].isupper() or inner[:1].isdigit() or inner[:1] in tuple("£[")


def _is_second_half(text: str, block: Block, quote: Quote) -> bool:
    """ "“A,” Dr B said, “and c.”": what its cue and a comma or dash set off from the first half."""
    low = max(block.start, quote.start - 100)
    behind = _SPLIT.search(text[low : quote.start])
    return behind is not None and cue_behind(text, low + behind.start("cue"), low + behind.end("cue"))


def _between_dashes(text: str, block: Block, quote: Quote) -> bool:
    """ "“A” – Dr B said – “and c.”": either half of a quotation that its cue splits between dashes."""
    ahead = _DASHED.match(text, quote.end, block.end)
    if ahead and text[ahead.end() : ahead.end() + 1] in tuple(MARKS):
        return cue_behind(text, ahead.start("cue"), ahead.end("cue"))
    low = max(block.start, quote.start - 100)
    behind = re.search(rf"[{re.escape(MARKS)}]{_DASHED.pattern}$", text[low : quote.start])
    return behind is not None and cue_behind(text, low + behind.start("cue"), low + behind.end("cue"))


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
    signed = _signature(discourse, quote, (start, end), units)
    if signed:
        return signed, None
    for cue in cues_behind(text, start, end):
        before = subject_before(text, start, cue.group_start, units)
        if before and before.start - opens <= 4 and not _says_more(text, cue.end, end, quote):
            return _whoever(discourse, before, quote), (cue.start, cue.end)
        if cue.kind is CueKind.SPEECH and not before and _opens_with_stranger(text, opens, cue.group_start):
            return _stranger(discourse, (opens, cue.group_start), cue), (cue.start, cue.end)
        if cue.group_start - opens <= 1:
            after = subject_after(text, cue.end, end, units)
            after = after or next((u for u in units if 0 <= u.start - cue.end <= 60 and u.form == "name"), None)
            if after:
                return _whoever(discourse, _named(discourse, after, units), quote), (cue.start, cue.end)
            if cue.kind is CueKind.SPEECH and re.match(r"\s+(?:an?|one|another|the)\b", text[cue.end : end]):
                return _stranger(discourse, (cue.end, end), cue), (cue.start, cue.end)
        if cue.start - opens > 90:
            break
    return _by_place(discourse, quote, (opens, end), units)


def _by_place(
    discourse: Discourse, quote: Quote, zone: tuple[int, int], units: Sequence[Unit]
) -> tuple[Speaker, tuple[int, int]] | None:
    """ "‘A,’ agreed Dr B": behind the comma of a quotation any verb with its subject is a cue."""
    text, (opens, end) = discourse.article.text, zone
    comma = quote.inner(text)[-1:] == "," or text[quote.end : quote.end + 1] == ","
    verb = _SOME_VERB.match(text, opens, end)
    if verb and (comma or quote.inner(text)[-1:] in "?!"):
        after = subject_after(text, verb.end(), end, units)
        return (_whoever(discourse, after, quote), verb.span()) if after and after.form == "name" else None
    before = next((u for u in units if u.start - opens <= 4 and u.form in {"name", "pronoun"}), None)
    verb = _ITS_VERB.match(text, before.end, end) if before and comma else None
    return (_outside(discourse, before, quote), verb.span("verb")) if before and verb else None


def _whoever(discourse: Discourse, unit: Unit, quote: Quote) -> Speaker:
    """Who the subject of a cue is; a description of nobody known introduces them."""
    speaker, text = _outside(discourse, unit, quote), discourse.article.text
    if speaker.id is None and unit.form == "description" and is_new(text, unit.start, unit.end):
        block_end = text.find("\n", unit.end)
        found = find_stranger(text, unit.start, block_end if block_end >= 0 else len(text))
        return introduce(discourse, found or replace(unit, head=unit.text.split()[-1])) or speaker
    return speaker


def _named(discourse: Discourse, unit: Unit, units: Sequence[Unit]) -> Unit:
    """ "said its founder, Ann Orde": the name behind the comma, where an office stands before it."""
    nameless = unit.form == "description" or is_nameless(unit.id or "")
    if not nameless or discourse.article.text[unit.end : unit.end + 2] != ", ":
        return unit
    name = next((u for u in units if u.start == unit.end + 2 and u.form == "name"), None)
    person = name is not None and discourse.kind(name.id or "") is StakeholderKind.PERSON
    return name if name and person and not is_nameless(name.id or "") and noun_sort(unit.text.split()[-1]) else unit


def _opens_with_stranger(text: str, start: int, verb: int) -> bool:
    """ "‘…,’ a woman at the back said": somebody new, with nothing between them and their verb."""
    return is_new(text, start, verb) and not re.search(r"[,.;:]", text[start:verb])


def _stranger(discourse: Discourse, phrase: tuple[int, int], cue: Cue) -> Speaker:
    """Whom a phrase beside a cue describes; nobody where it is no description of a person."""
    start, end = phrase
    start += len(discourse.article.text[start:end]) - len(discourse.article.text[start:end].lstrip())
    if known := find_known(discourse.article.text, start, end):
        return discourse.resolve(known)
    found = find_stranger(discourse.article.text, start, end)
    return (introduce(discourse, found) if found else None) or _unknown(cue.start, cue.end)


def _signature(discourse: Discourse, quote: Quote, zone: tuple[int, int], units: Sequence[Unit]) -> Speaker | None:
    """ "‘…’ – Dr A, chair of B": who is named behind a dash, with nothing said of them."""
    text = discourse.article.text
    if not _SIGNATURE.fullmatch(text, quote.end, zone[1]) or cues_behind(text, *zone):
        return None
    named = next((u for u in units if u.form == "name"), None)
    if named is None or text[quote.end : named.start].strip(" –—-"):
        return None
    return replace(discourse.resolve(named), reason="named behind a dash")


def _says_more(text: str, cue_end: int, end: int, quote: Quote) -> bool:
    """ "‘We can’t.’ He said the plan …": the cue has a clause of its own; the quotation had ended."""
    if text[quote.inner_end - 1 : quote.inner_end] in ",?!" or text[quote.end : quote.end + 1] == ",":
        return False
    rest = text[cue_end:end].strip(" .,:")
    return len(rest.split()) > 4 and not text[cue_end:end].rstrip().endswith((":", ","))


def read_announced(discourse: Discourse, block: Block, fragments: Sequence[Quote]) -> Speaker | None:
    """Whose words the next paragraph has, where this one ends "Dr A, chair of B, said:" or is "Dr A, chair of B:".

    None where it announces nobody; somebody unknown where it is not clear whom.
    """
    text = discourse.article.text
    if not text[block.start : block.end].rstrip().endswith(":") and not is_unfinished(text, block):
        return None
    start = [*split_sentences(text, block.start, block.end)][-1][0]
    ahead = _lead_in(discourse, (start, block.end), fragments, colon=True)
    if ahead is None or ahead[1] is None:
        # "The plan has three aims:" announces no speaker
        return replace(line, reason=ANNOUNCED) if (line := read_name_line(discourse, block)) else None
    return replace(ahead[0], confidence=min(0.95, ahead[0].confidence), reason=ANNOUNCED)


def _lead_in(
    discourse: Discourse, zone: tuple[int, int], fragments: Sequence[Quote], *, colon: bool = False
) -> tuple[Speaker, tuple[int, int] | None] | None:
    """The cue before a quotation: "Dr A told Pulse:", "He said,", "Dr A, GPC chair:".

    With ``colon`` the stretch is read as if one ended it, whatever does.
    """
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
        if unit is None and cue.kind is CueKind.SPEECH and _opens_with_stranger(text, start, cue.group_start):
            return _stranger(discourse, (start, cue.group_start), cue), (cue.start, cue.end)
        unit = unit or (subject_after(text, cue.end, end, units) if cue.lemma not in HEARD else None)
        if unit:
            return discourse.resolve(unit), (cue.start, cue.end)
        if re.search(r"(?:,|\band|\bbut)\s+(?:\w+ly\s+)?$", text[start : cue.group_start]):
            first = next((u for u in units if u.form != "description"), None)
            if first:
                return discourse.resolve(first), (cue.start, cue.end)
    colon = colon or stripped.endswith(":") or (stripped[-1] in "–—-" and is_name_line(text, *zone))
    if colon:
        heard = min((cue.start for cue in cues if cue.lemma in HEARD), default=end)
        units = tuple(unit for unit in units if unit.start < heard)  # who is told says nothing
        named = [u for u in units if u.form == "name" and discourse.kind(u.id or "") is StakeholderKind.PERSON] or [
            u for u in units if u.form == "name"
        ]
        ends = bool(cues) and stripped.rstrip(" :,;–—-").endswith(text[cues[0].start : cues[0].end])
        spoken = (cues[0].start, cues[0].end) if ends else None
        opener = _chanting(text, start, end, units)
        if opener or named:
            return discourse.resolve(opener or named[0]), spoken
        if units:
            return discourse.resolve(units[0]), spoken
        if cues:  # somebody speaks, and it is not clear who: no one before them
            return _unknown(cues[-1].start, cues[-1].end), (cues[-1].start, cues[-1].end)
    return None


#: "Delegates taunted the minister, Ann Orde, chanting:": what those who open the sentence do.
_DOING = re.compile(r",\s(?:\w+ly\s)?[a-z]+ing\b[^,;:.]{0,40}:?\s*$")


def _chanting(text: str, start: int, end: int, units: Sequence[Unit]) -> Unit | None:
    """Who opens a sentence that ends in what they do before a colon, past what leads it in ("After the vote, …")."""
    if not _DOING.search(text, start, end) or not units:
        return None
    lead = _LEADS_IN.match(text, start, end)
    return next((unit for unit in units if unit.start >= (lead.end() if lead else start)), None)


_LEADS_IN = re.compile(r"\W*(?:After|As|When|While|Before|At|In|On|Outside|During|Following)\b[^,;:]{2,90},\s")


def _unknown(start: int, end: int) -> Speaker:
    return Speaker(None, 0.3, "the cue has a subject that nobody is known by", start, end, "description")


def _outside(discourse: Discourse, unit: Unit, quote: Quote) -> Speaker:
    """Whom a pronoun behind a quotation stands for: nobody whom the quotation itself names."""
    if unit.form != "pronoun":
        return discourse.resolve(unit)
    return replace(discourse.resolve(replace(unit, start=quote.start)), start=unit.start, end=unit.end)
