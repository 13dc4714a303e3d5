"""Whose a document is: "the report", of which the text said before that the Nuffield Trust has published it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import corpora
from nlp.alternatives import one_of
from nlp.records import Mention

#: So far a document stands from the name of whose it is, in characters.
REACH = 90
#: So far who speaks in a document stands from the beginning of the paragraph, in characters.
OPENING = 400
#: Words for any document that was called something else before.
_ANY = frozenset({"document", "paper", "papers", "report", "publication"})
#: What a report may be called instead; a letter or the minutes of a meeting are no report.
_REPORTS = _ANY | {"study", "survey", "review", "research", "analysis", "assessment", "evaluation", "audit", "dossier"}
#: Whoever sees, leaks or meets a document with a view did not write it.
_READERS = (
    r"(?:seen|read|obtained|leaked|shared|reported|reviewed|reached|received|shown|discussed|debated|considered"
    r"|welcomed|rejected|opposed|backed|supported|endorsed|criticised|condemned|dismissed|praised|attacked|ignored"
    r"|accepted|agreed|requested|ordered|demanded)"
)
_ISSUED = re.compile(
    r"(?:,\s+(?:\w+\s+){0,3}?(?:issued|published|released|written|drawn up|produced|compiled|prepared|submitted|signed)"
    r"(?:\s+(?!by)\w+){0,3}?\s+by|\s+(?:from|by))\s+(?:the\s+)?"
)
#: Whoever pays for a document has somebody else write it.
PAYS = r"(?:commissioned|funded|financed|sponsored|bankrolled|paid\s+for|requested|ordered)"
PAID_BY = re.compile(rf"\b{PAYS}(?:\s+jointly)?\s+by\s+(?:the\s+)?$")
#: What stands before the name of such a reader: ", read out by ".
READ_BY = re.compile(rf",\s+(?:\w+\s+){{0,2}}{_READERS}(?:\s+(?:out|aloud))?\s+by\s+(?:the\s+)?$")


@cache
def written() -> frozenset[str]:
    """Nouns for what is written and has somebody who says what it says."""
    return frozenset(corpora.lexicon("cues")["documents"]["written"])


@cache
def _behind() -> re.Pattern[str]:
    """What follows the name of whose it is: "’s annual report", "has published a report"."""
    noun = one_of(written())
    words = r"(?:(?!(?:by|from|said|says|to|for|and|but|that|on)\b)[\w’'-]+\s+)"
    out = r"(?:publish(?:ed|es)?|release[sd]?|issue[sd]?|launch(?:ed|es)?|produced|wrote|sent|commissioned|submitted)"
    owns = rf"['’]s?\s+{words}{{0,4}}?"
    made = rf"\s+(?:(?:has|have|had|also|last|this|week|month|year|yesterday|today)\s+)*{out}\s+{words}{{0,6}}?"
    said = r"\s+(?:(?:has|have|had|also)\s+)*(?:said|says|warned|wrote|told|argued|added|stated|writes)\s+"
    said += r"(?:[\w’'-]+\s+){0,3}?"
    said += rf"in\s+(?:an?|the|its|their|his|her)\s+{words}{{0,4}}?"
    return re.compile(rf"(?:{owns}|\s+{words}{{0,3}}?|{made}|{said})(?P<noun>{noun})\b")


#: "Unison wrote to ministers", of which "the letter" tells then.
_WROTE_TO = re.compile(
    r"\s+(?:(?:has|have|had|also|now|again|earlier|late|last|this|week|month|year|today|yesterday|on|in|[A-Z]\w+)\s+)*"
    r"(?:wrote|written|writes|write)\s+(?:\w+\s+)?to\s"
)


@cache
def _before() -> re.Pattern[str]:
    """What stands before it: "a report out today from", "a survey of 900 GPs by"."""
    noun = one_of(written())
    between = rf"(?:\s+(?!(?:said|says|was|is|has|have|warn\w*)\b|{_READERS},?\s+(?:by|from)\b)[\w’'%,-]+){{0,9}}?"
    return re.compile(rf"\b(?P<noun>{noun}){between}\s+(?:by|from)\s+(?:the\s+)?$", re.IGNORECASE)


@cache
def _opening() -> re.Pattern[str]:
    """What stands before who speaks in one: "In a letter to ministers, seen by the paper, "."""
    noun = one_of(written())
    return re.compile(
        rf"(?:\A|(?<=\n)|(?<=[.!?]\s)|(?<=\n\s)|\b[Bb]ut\s|\b[Aa]nd\s)[Ii]n\s+(?:an?|the|its|their|his|her|this)\s+(?:[\w-]+\s+){{0,4}}?"
        rf"(?P<noun>{noun})\b[^.:;“‘\"\n]*,\s+(?:the\s+)?$"
    )


def author_of(text: str, noun: str, at: int, mentions: Sequence[Mention]) -> str | None:
    """Whose the document called ``noun`` at ``at`` is, by the ``mentions`` before it: the nearest with one so called.

    A word for any document ("the paper") means the nearest of whatever name. None where no name is said to have one.
    """
    fallback = None
    for mention in reversed(mentions):
        if mention.span.end > at or mention.stakeholder is None:
            continue
        called = _called(text, mention, at)
        if called == noun.lower():
            return mention.stakeholder
        if called and fallback is None and (noun.lower() in _ANY or {called, noun.lower()} <= _REPORTS):
            fallback = mention.stakeholder
    return fallback


#: "Dr Crewe has put out a statement. ‘…,’ it says."
_PUT_OUT = re.compile(
    r"\b(?:put\sout|issued|released|published|posted|written|wrote|sent|signed|drafted)\s(?:an?|the)\s(?:[\w-]+\s){0,2}?"
    r"(?:statement|letter|note|blog|post|message|email|newsletter|leaflet)\b[^.!?\n]{0,80}[.!?:]\s(?:[“‘\"'][^\n]{0,600})?$"
)


def writer_of_words(text: str, low: int, at: int, mentions: Sequence[Mention]) -> str | None:
    """Whose statement "it" at ``at`` is, if the sentence before its quotation says who put one out."""
    out = _PUT_OUT.search(text, max(low, text.rfind("\n", low, at) + 1), at)
    if out is None:
        return None
    line = max(text.rfind(mark, low, out.start()) for mark in ("\n", ". ", "! ", "? "))
    return next((m.stakeholder for m in mentions if line < m.span.start < out.start()), None)


def author_behind(text: str, end: int, mentions: Sequence[Mention]) -> str | None:
    """Whose a document is by the words right behind it: "The document, issued by the Home Office, says".

    ``mentions`` are those behind ``end``, in the order of the text.
    """
    issued = _ISSUED.match(text, end)
    named = next(iter(mentions), None) if issued else None
    return named.stakeholder if issued and named and named.span.start == issued.end() else None


def _called(text: str, mention: Mention, at: int) -> str | None:
    start, end = mention.span.start, mention.span.end
    for stop in dict.fromkeys((end, mention.extent.end)):
        behind = _behind().match(text, stop, min(at, stop + REACH))
        if behind:
            return behind["noun"].lower()
        if _WROTE_TO.match(text, stop, min(at, stop + REACH)):
            return "letter"
    line = text.rfind("\n", 0, start) + 1
    before = _before().search(text, max(line, start - REACH), start)
    if before is None and mention.extent.start - line < OPENING:
        before = _opening().search(text, line, mention.extent.start)
    return before["noun"].lower() if before else None
