"""Who a verb is said of where others stand nearer: whose letter somebody read out, who is told of in an aside."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.described import noun_sort
from nlp.documents import PAID_BY, PAYS, READ_BY
from nlp.speakers import Unit

_SPOKE = re.compile(r"\b(?:said|says|say|told|warned|argued|added|claimed|believes?|thinks?|welcomed|called)\b")

#: "In the House of Lords, Baroness Vane, a former nurse, said": where something is said is nobody who says it.
_WHERE = re.compile(r"\b(?:In|At|From|For|To|After)\s+(?:the\s+)?$")
#: No aside is longer, in characters.
LONGEST = 260
_RELATIVE = re.compile(r",\s+(?:which|who|whose)\b")
#: Between a document and whom it is from: "a report out today from the Hazel Trust".
FROM = re.compile(rf"(?:\s+(?!(?:said|says|was|is|has|have|{PAYS})\b)[\w’'%-]+){{0,5}}?\s+(?:by|from)\s+(?:the\s+)?")


#: "Dr A, who is also a trustee of the union, said": what stands before the union.
_IS_OF = re.compile(r"\b(?:is|was)\s(?:also\s|now\s)?(?:the|an?)\s[^,.;:“‘]{2,60}?\s(?:of|at|for|with|in)\s(?:the\s)?$")


def past_office(text: str, near: Sequence[Unit], unit: Unit) -> Unit:
    """Whoever is said to be in the body that stands before the verb, and not the body."""
    told = _IS_OF.search(text, max(near[0].start, unit.start - 90), unit.start) if unit.form == "name" else None
    if told is None:
        return unit
    return next((u for u in near if u.form in {"name", "pronoun"} and u.end <= told.start()), unit)


def past_reader(text: str, near: Sequence[Unit], unit: Unit) -> Unit:
    """ "A letter from the agency, read out by Mr Vane, said": the letter, and not who read it out or paid for it."""
    low = max(near[0].start, unit.start - 60)
    aside = READ_BY.search(text, low, unit.start) or PAID_BY.search(text, low, unit.start)
    if aside is None:
        return unit
    paper = next((u for u in near if u.form == "description" and u.end <= aside.start() and is_document(u)), None)
    if paper is None:
        return unit
    ahead = (u for u in near if u.form == "name" and paper.end < u.start and u.end <= aside.start())
    return next((u for u in ahead if FROM.match(text, paper.end, u.start)), paper)


#: What is written to others; a report to a board is the board's own.
_SENT = frozenset({"letter", "letters", "email", "petition", "submission", "note", "message", "appeal", "memo"})
_TO = re.compile(r",?\s+to\s+(?:the\s+)?")


#: Between whose survey it is and whom it asked: "A BMA survey of nearly 3,000 doctors found".
_SURVEYS = re.compile(
    r"[^,.;:“‘]{0,80}?\s(?:survey|poll|study|ballot|analysis|audit|census|questionnaire)"
    r"\s(?:of|among|with)\s(?:[\w,.-]+\s){0,3}"
)


def past_surveyed(text: str, near: Sequence[Unit], unit: Unit) -> Unit:
    """Whose survey it is, and not whom it asked."""
    return next((u for u in near if u.form == "name" and _SURVEYS.fullmatch(text, u.start, unit.start)), unit)


def past_addressee(text: str, near: Sequence[Unit], unit: Unit) -> Unit:
    """ "A letter from Unison to the council said": whoever wrote it, and not to whom."""
    papers = [u for u in near if u.form == "description" and u.end <= unit.start and is_document(u)]
    if papers and papers[-1].text.split()[-1] in _SENT and _TO.fullmatch(text, papers[-1].end, unit.start):
        return papers[-1]  # "The letter to ministers said"
    senders = (u for u in near if u.form == "name" and _TO.fullmatch(text, u.end, unit.start))
    return next((u for u in senders for paper in papers if FROM.fullmatch(text, paper.end, u.start)), unit)


def is_document(unit: Unit) -> bool:
    return noun_sort(unit.text.split()[-1]) == "document"


#: "Councillors on the panel, who …": what they are of may stand before the comma.
_COMMA_BEHIND = re.compile(
    r"(?:\s(?:on|of|at|in|from|for)\s(?:(?!\b(?:said|says|told|who|which|that)\b)[^,.;:]){2,60})?,"
)


#: What may stand before whom a sentence with an aside is about: "But", "In Leeds,", "A statement from".
_OPENS_ASIDE = re.compile(
    r"\W*(?:(?:But|And|However|Meanwhile|Yet|Also|The|the|In|At)\W+)*(?:[^,]{0,60},\s)?"
    r"(?:[Aa]n?\s|[Tt]he\s)?(?:(?:[\w-]+\s){0,2}(?:spokes(?:man|woman|person)\sfor"
    r"|(?:statement|letter|report|survey|poll|submission|response|paper|study)\s(?:from|by))\s(?:the\s)?)?"
)


def past_aside(text: str, low: int, verb: int, near: Sequence[Unit], unit: Unit) -> Unit:
    """ "Dr A, who chairs B, said": a comma before the verb closes an aside; the subject stands before it."""
    if told := _past_relative(text, low, verb, near, unit):
        return told
    if not re.match(r"(?:['’]s?)?[^,]{0,40},\s*$", text[unit.end : verb]) or text[unit.end : verb].count(",") != 1:
        return unit
    for first in near:
        opens = _OPENS_ASIDE.fullmatch(text, low, first.start)
        if (
            # "The third board, Hull ICB, said" is Hull ICB; "the union, which has 40,000 nurses, said" is the union
            (first.form == "name" or (first.form == "description" and _RELATIVE.match(text, first.end)))
            and first.start < unit.start
            and opens
            and _COMMA_BEHIND.match(text, first.end, unit.start)
            and verb - first.end < LONGEST
            and not _WHERE.search(text, max(low, first.start - 10), first.start)
            and not _SPOKE.search(text, first.end, unit.start)
        ):
            return first
    return unit


def _past_relative(text: str, low: int, verb: int, near: Sequence[Unit], unit: Unit) -> Unit | None:
    """ "The NPA, which has about half of all pharmacies, some 6,000, says": who opens the sentence, before "which"."""
    first = near[0] if near and near[0].end <= unit.start and near[0].form != "pronoun" else None
    if first is None or not _OPENS_ASIDE.fullmatch(text, low, first.start) or verb - first.end > LONGEST:
        return None
    clause = _RELATIVE.match(text, first.end)
    closed = text[unit.end : verb].rstrip().endswith(",") and not _SPOKE.search(text, first.end, verb)
    return first if clause and closed else None


#: "According to a note to members": who gets it did not write it.
_SENT_TO = re.compile(
    r"\s(?:an?|the)\s(?:[\w-]+\s){0,2}(?:note|letter|email|memo|message|briefing|circular)\sto\s(?:the\s|its\s)?"
)


def past_recipient(text: str, cue_end: int, unit: Unit, units: Sequence[Unit]) -> Unit | None:
    """Whoever a note is from that stands behind "according to", and nobody for whom it is to."""
    if not _SENT_TO.fullmatch(text, cue_end, unit.start):
        return unit
    return next((u for u in units if u.start > unit.end and FROM.fullmatch(text, unit.end, u.start)), None)
