"""Whose "its" is: the body that the sentence before is about, else the one that was named last."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from functools import cache, lru_cache

import corpora
from nlp.alternatives import one_of
from nlp.called import parties
from nlp.introductions import Body
from nlp.quotes import Quote, find_quotes

#: A body that begins within so many characters of its sentence opens it: "But the BMA".
OPENS = 14
#: So far back a sentence may begin, in characters.
REACH = 1500
#: So many bodies before the sentence are looked at.
BACK = 8
#: Marks around so many characters or fewer are around a name or a phrase.
LONG = 25


#: A body that is told by what it is, as the subject of a sentence.
_THE_BODY = re.compile(
    r"\s*(?:But\s+t|And\s+t|T)he\s+(?:[a-z][\w-]*\s+)?(?P<noun>chamber|council|college|committee|trust|union|charity|group|board"
    r"|federation|authority|firm|company|regulator|watchdog|hospital|department|party)(?:\s+of\s+[a-z]+)?"
    r"(?=,|\s+(?:said|says|is|was|has|had|will|would|wants|welcomed|warned|rejected|backed|declined)\b)"
)
_WITH = re.compile(r",\s+with\s+(?:its\s+)?(?:[a-z][\w-]*\s+){1,5}$")
_STOP = re.compile(r"[.!?][’”'\"]?\s")
#: Whoever is told something is no subject: "She told Pulse".
_HEARER = re.compile(r"\b(?:told|tells|speaking to|spoke to|interview with|writing in)\s+(?:the\s+)?$", re.IGNORECASE)


@cache
def _office_of_member() -> re.Pattern[str]:
    """What stands behind a party that only says whose member somebody is: "Labour councillor", "Green MP"."""
    heads = one_of(head.lower() for head in corpora.lexicon("roles")["heads"])
    return re.compile(rf"(?:['’]s)?\s+(?:[a-z][\w-]*\s+){{0,3}}?{heads}(?![\w-])", re.IGNORECASE)


def owner_before(
    text: str,
    at: int,
    low: int,
    bodies: Sequence[Body],
    starts: Sequence[int],
    called: Callable[[str, str], bool] | None = None,
) -> str | None:
    """The body that "its chair" points to for somebody named at ``at`` in a paragraph that begins at ``low``.

    ``bodies`` are those of the article in the order of the text and ``starts`` where they begin. The bodies of
    the sentence itself are passed over; one that opens the sentence before comes before what that names besides.
    ``called`` tells whether a body is called by a noun.
    """
    sentence = max(low, _sentence_start(text, at))
    earlier = bisect_left(starts, sentence)
    if _WITH.search(text, max(sentence, at - 60), at) and earlier < len(bodies) and bodies[earlier].end < at:
        return bodies[earlier].id  # "The RCN backed it, with director Ann Orde saying"
    near = [body for body in bodies[max(0, earlier - BACK) : earlier] if not _is_aside(text, body)]
    if not near:
        return None
    told = _THE_BODY.match(text, _sentence_start(text, max(low - 2, sentence - 2))) if called else None
    if told and called:  # "The chamber is split. Its president": of a body so called, or of none
        loose = corpora.lexicon("roles")["bodies"]["loose"]
        so_called = next((body.id for body in reversed(near) if called(body.id, told["noun"])), None)
        if so_called is None and told["noun"] == "trust":
            so_called = next((body.id for body in reversed(near) if called(body.id, "hospital")), None)
        return so_called or (near[-1].id if told["noun"] in loose else None)
    opened = _sentence_start(text, near[-1].start)
    first = next(body for body in near if body.start >= opened)
    opens = first.start - opened <= OPENS and text[first.end : first.end + 2] not in ("’s", "'s")
    just_before = len(_STOP.findall(text, near[-1].end, min(sentence, near[-1].end + REACH))) <= 1
    return first.id if opens and just_before else near[-1].id


def _sentence_start(text: str, before: int) -> int:
    low = max(0, before - REACH)
    found = [at for mark in (". ", "? ", "! ", "\n") if (at := text.rfind(mark, low, before)) >= 0]
    return max(found, default=low - 1) + 1


def _is_aside(text: str, body: Body) -> bool:
    """Whether the body is only told something, only named in a quotation, or only says whose member somebody is."""
    if _HEARER.search(text, max(0, body.start - 24), body.start) or _is_quoted(text, body):
        return True
    return body.id in parties() and _office_of_member().match(text, body.end) is not None


def _is_quoted(text: str, body: Body) -> bool:
    """Whether somebody else names the body: "‘It is like moving to Tesco.’¶ Its deputy chair, Dr Orde, said"."""
    low = max(text.rfind("\n", max(0, body.start - REACH), body.start) + 1, body.start - REACH, 0)
    high = text.find("\n", body.end)
    quotes = _quotes(text[low : high if high >= 0 else len(text)])
    return any(quote.start <= body.start - low < quote.end for quote in quotes if quote.end - quote.start > LONG)


@lru_cache(maxsize=64)
def _quotes(paragraph: str) -> tuple[Quote, ...]:
    return find_quotes(paragraph, 0, len(paragraph))
