"""Where reported content stands: the clause behind a cue, before it, or around it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import corpora
from nlp.alternatives import one_of
from nlp.cues import Cue, CueKind
from nlp.described import noun_sort
from nlp.quotes import Quote
from nlp.speakers import Discourse

_LEAD = re.compile(r"\s*(?:(?:But|And|So|Yet|However|Meanwhile|Still|Also|Instead|Then),?\s+)?")
_THAT_AHEAD = re.compile(
    r"(?:\s+(?:in|on|at|after|during|to|last|this|yesterday|earlier|today|before|with|publicly"
    r"|privately|recently|from|about)\b(?:(?!\bthat\b)[^,;:“‘\"]){0,80}?)?\s*\b(?P<that>that\s)"
)
_ADVERB = re.compile(
    r"\s*(?:,\s*)?(?:(?:yesterday|today|this week|last week|last night|this morning|recently"
    r"|earlier|out|publicly|privately|on (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\s+)?"
)
_SPAN = r"(?:week|month|year|morning|afternoon|evening|night|weekend|spring|summer|autumn|winter|term|session)"
# "said this week", and neither "said this would" nor "said today’s plan"
_TIME_START = re.compile(
    rf"\s*(?:$|[.,;:]|on |in |at |during |after |before |(?:last|this) (?:{_SPAN}|[A-Z][a-z]+)\b(?!['’]s)"
    r"|(?:yesterday|today)(?!['’]s)|to |earlier|when |as )"
)
_ASIDE = re.compile(
    r",\s+(?:with|after|following|amid|despite|saying|warning|arguing|claiming|adding|leaving|as it|which is"
    r"|as (?:did|do|does|has|have))\b"
)
# "said, speaking in a personal capacity, that …"
_BETWEEN_COMMAS = re.compile(r",\s[^,;:“‘\"]{3,80},(?=\s+that\b)")
# "Speaking at the conference, Dr A said": what opens a sentence is no clause of hers.
_OPENS = re.compile(
    r"(?:Speaking|Responding|Reacting|Commenting|Replying|Addressing|Writing to"
    r"|Asked (?:by [^,;:.]{2,50}? )?(?:about|whether|if|why|what|how|when)"
    r"|Giving evidence|In (?:an?|the|its|their|his|her) (?:[\w-]+ ){0,4}?(?:statement|letter|response|report|submission"
    r"|interview|speech|article|email|message|post|tweet|briefing))\b"
)
_CONTENT_VERBLESS = 2
MIN_BEFORE = 3


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of narration (a sentence or what a quotation leaves of it) and the short quotations in it."""

    start: int
    end: int
    fragments: tuple[Quote, ...] = ()

    def in_fragment(self, at: int) -> bool:
        return any(q.start <= at < q.end for q in self.fragments)


#: "Warned of higher rents and tenants' groups called for checks": a thing is told of, and no clause that could go on.
_OF_A_THING = re.compile(r"(?:of|about|against|over|for)\s(?!(?:it|this|that|them|him|her|us)\b)")
#: "Told the Courier that members would pass on the cost": these words open what is told, whoever it is told.
_BEGINS = r"(?:that|how|why|what|whether|he|she|they|it|there)"


@cache
def _audience() -> re.Pattern[str]:
    heads = one_of(corpora.lexicon("cues")["audience"]["heads"])
    return re.compile(
        rf"\s+(?:(?:the|a|an|its|their|his|her|this"
        rf"|last)\s+)?(?:(?!{_BEGINS}\b)[\w’'-]+\s+){{0,5}}?{heads}(?:\s(?:meeting|hearing|session|conference|event|panel|inquiry|committee|summit|debate))?(?:\s+(?:in|at|on|of)\s+[A-Z][\w’'-]+"
        rf"|\s+(?:on|of|from|at)\s+(?:the|its|their|a)\s+(?:[\w’'-]+\s+){{0,3}}?{heads})?(?=[\s,.:])"
        r"(?!\s(?:programme|show|podcast|website|committee|conference|newspaper|magazine)\b)"  # "the Today programme"
    )


def clause_before(text: str, piece: Piece, np_start: int) -> tuple[int, int] | None:
    """The clause before ", X said": it must end in a comma (or a closing mark) and have some words."""
    match = re.search(
        r"(?:,[’'”\"]?|[’'”\"]|\s[–—-])\s*(?:as\s+|the\s+|its\s+|their\s+|his\s+|her\s+|an?\s+)?(?:[A-Z][\w’'-]+\s+){0,3}$",
        text[piece.start : np_start],
    )
    if not match:
        return None
    start = skip_conjunction(text, piece.start)
    if _OPENS.match(text, start):
        return None
    end = piece.start + match.start() + (1 if match.group()[0] in "’'”\"" else 0)
    return (start, end) if len(text[start:end].split()) > MIN_BEFORE else None


def skip_conjunction(text: str, start: int) -> int:
    match = _LEAD.match(text, start)
    return match.end() if match else start


def is_parenthetical(text: str, cue: Cue, piece: Piece) -> bool:
    """Whether nothing that could be content follows the cue: "…, Dr Watson said, and …"."""
    if cue.kind is CueKind.POSITION and not re.match(r"\s*[.,;:]|\s*$", text[cue.end : piece.end]):
        return False
    rest = text[cue.end : piece.end]
    audience = _audience().match(rest) if cue.lemma in {"tell", "warn"} else None
    if audience:
        rest = rest[audience.end() :]
    return bool(_TIME_START.match(rest)) and not re.match(r"[^,]{0,60}\bthat\b", rest)


#: "The plan would, Dr A felt, cost lives": what goes on belongs to it, however short.
_BROKEN_OFF = re.compile(
    r"\b(?:would|will|could|can|should|may|might|must|is|are|was|were|be|been|has|have|had|to|not),\s+[^,;:]{2,60}$"
)


def continuation(text: str, cue: Cue, piece: Piece) -> tuple[tuple[int, int], ...]:
    """What goes on after ", X said, …"."""
    match = re.match(
        r"[^,]{0,70},\s*(?=(?:and|but|with|because|as|which|so|or|while|although|if|unless|adding)\b|[a-z])",
        text[cue.end : piece.end],
    )
    if not match or re.match(r"(?:who|which|in|at|on|after|during|following|ahead)\b", text[cue.end + match.end() :]):
        return ()
    start, end = cue.end + match.end(), content_end(text, piece.end)
    if text[start:].startswith("adding"):
        return ()
    if _BROKEN_OFF.search(text, piece.start, cue.start):
        return ((start, end),)
    return ((start, end),) if len(text[start:end].split()) > MIN_BEFORE else ()


#: "…, according to Dr A, and …"; what begins otherwise tells of the speaker, the place or the occasion.
_BEHIND = re.compile(
    r"[^,]{0,40},\s+(?!(?:who|whose|which|where|when|a|an|in|at|on|after|during|following|ahead|speaking|writing)\b)"
)
_FINITE = re.compile(r"\s(?:will|would|can|could|should|may|might|must|is|are|was|were|has|have|had)\s")


def rest_behind(text: str, start: int, end: int) -> tuple[tuple[int, int], ...]:
    """What goes on behind a source that ends at ``start``, in "…, according to X, …"."""
    found = _BEHIND.match(text, start, end)
    return ((found.end(), content_end(text, end)),) if found else ()


def too_short(text: str, start: int, end: int) -> bool:
    """Whether the words are too few to be what somebody said: "Fares would rise" is enough."""
    return len(text[start:end].split()) <= (1 if _FINITE.search(text, start, end) else MIN_BEFORE)


def content_end(text: str, end: int) -> int:
    while end > 0 and (text[end - 1].isspace() or text[end - 1] in ".,;:–—"):
        end -= 1
    return end


#: "Voted by seven to four on Tuesday to pause it": by how much and when, before what for.
_BY_HOW_MUCH = re.compile(
    r"(?:\s(?:by\s)?(?:an?\s(?:\w+\s)?(?:margin|majority)(?:\sof\s[\w-]+(?:\sto\s[\w-]+)?)?|[\w-]+(?:\svotes)?\sto\s(?!\w+\sthe\s)[\w-]+"
    r"|unanimously|narrowly|overwhelmingly))?(?:\s(?:on|last)\s[A-Z]?\w+|\syesterday|\stoday|\slast\snight)?(?=\s(?:to|for|against|in)\s)"
)
#: What somebody does to another, who is then named before "to" only where they are told.
_ADDRESSED = frozenset({"tell", "urge", "advise", "order", "instruct", "warn"})


def content_behind(discourse: Discourse, piece: Piece, cue: Cue) -> tuple[int, int] | None:
    """The clause (or object) behind the cue."""
    text = discourse.article.text
    start = cue.end
    if cue.lemma in _ADDRESSED and text.startswith(" to ", cue.end):
        return None  # "CCGs told to publish spending": they hear it
    if cue.kind is CueKind.VIEW:
        start = cue.start
    elif cue.kind is CueKind.THAT:
        start = cue.end - 4 if text.endswith("that", 0, cue.end) else cue.end
    else:
        start = _skip_audience(discourse, piece, cue)
        margin = _BY_HOW_MUCH.match(text, start, piece.end) if cue.lemma == "vote" else None
        start = margin.end() if margin else start
        aside = _BETWEEN_COMMAS.match(text, start, piece.end)
        start = aside.end() if aside else start
        adverb = _ADVERB.match(text, start, piece.end)
        start = adverb.end() - 1 if adverb and adverb.end() > start else start
        aside = _BETWEEN_COMMAS.match(text, start, piece.end)
        start = aside.end() if aside else start
        ahead = _THAT_AHEAD.match(text, start, piece.end) if cue.kind is CueKind.SPEECH else None
        if ahead:
            start = ahead.start("that")
        preposition = re.match(r"\s*(?:for|on|of|to|against|in favour of|with)\s+(?!that)", text[start : piece.end])
        if preposition and cue.lemma in {"call", "vote", "campaign", "plead", "lobby", "object", "ask"}:
            start += preposition.end()
    while start < piece.end and (text[start].isspace() or text[start] in ",:"):
        start += 1
    end = content_end(text, piece.end)
    tail = _TAIL.search(text, start, end)
    end = tail.start() if tail and tail.start() > start else end
    if cue.kind is CueKind.POSITION:
        trailing = _ASIDE.search(text, start, end)
        end = _before_another(discourse, start, trailing.start() if trailing else end)
    elif _OF_A_THING.match(text, start, end):
        end = _before_another(discourse, start, end)
    if _CONTRAST.match(text, piece.start):
        end = _before_another(discourse, start, end, _COMMA)
    relative = _IN_RELATIVE.search(text, max(piece.start, cue.group_start - 80), cue.group_start)
    who = cue.kind is CueKind.POSITION and _WHO.search(text, max(piece.start, cue.group_start - 20), cue.group_start)
    if relative or who:
        end = _end_of_relative(text, piece, start, end)
    words = text[start:end].split()
    if cue.lemma == "vote" and text[start:end] in {"against", "for", "in favour"}:
        return cue.start, end
    # "Delegates asked for a count" is procedure; what is called for or warned of is wanted or feared.
    names_a_thing = cue.lemma != "ask" and (
        text[cue.end : start].split()[-1:] == ["for"] or _OF_A_THING.match(text, start, end)
    )
    if not names_a_thing and (
        len(words) < _CONTENT_VERBLESS or (cue.kind is CueKind.SPEECH and len(words) <= 2 and cue.lemma not in {"deny"})
    ):
        return None
    if cue.lemma in {"write", "speak", "blog"} and _BY_TRADE.match(text, start, end):
        return None
    if cue.lemma == "add" and re.match(r"to\b|[£\d]", text[start:end]):  # money is added, not words
        return None
    return start, end


#: What a line about the writer says: "she writes in a personal capacity", "writes about housing for the Herald".
_BY_TRADE = re.compile(
    r"(?:in an? \w+ capacity|in (?:his|her|their|my) \w+ capacity|(?:regularly |often )?(?:about|for)\s)"
)

#: What stands at the end and is none of it: ", adding" before a quotation, ", the Mirror understands".
_TAIL = re.compile(
    r",\s+(?:and\s+)?(?:(?:\w+ly\s+)?(?:adding|saying|explaining|insisting|warning|arguing|telling\s[^,;:.]{1,50}"
    r"|added|concluded)"
    r"|it\s+(?:has\s+|was\s+|is\s+)?(?:been\s+)?(?:confirmed|announced|revealed|understood|reported|emerged|claimed)"
    r"(?:\s(?:last|this|on|yesterday|today|tonight)\b[^,;:.]{0,30})?"
    r"|(?:the\s+)?(?:[A-Z][\w’'&-]*\s+){1,5}(?:understands|has learn(?:ed|t)|can reveal|has been told))[\s:,]*$"
    # what the writer says of the words: ‘would “fragment services”, a phrase that means’
    r"|,\s+an?\s+(?:\w+\s+)?(?:phrase|term|word|expression|description|charge|claim|argument|figure)\s+"
    r"(?:that|which|he|she|they|it|(?:the\s+)?(?:[A-Z][\w’'&-]*\s+|of\s+|and\s+|for\s+){1,8}(?:reject|den|disput|dismiss)\w+)\b[^.]*$"
)
#: "The plan, which he will describe as ‘a farce’, would cost £3m": the comma ends what he describes.
_IN_RELATIVE = re.compile(r",\s+which\s+[^,;:.]{1,60}$")
#: "The local MP, who has campaigned against the plan, was jubilant".
_WHO = re.compile(r",\s+(?:who|which)\s+(?:\w+\s+)?$")
_GOES_ON = re.compile(
    r",\s+(?=(?:will|would|has|have|had|is|are|was|were|can|could|should|may|might|must|do|does|did)\b|\w{2,}(?:ed|es)\b)"
)


def _end_of_relative(text: str, piece: Piece, start: int, end: int) -> int:
    joints = (joint.start() for joint in _GOES_ON.finditer(text, start, end))
    return next((at for at in joints if not piece.in_fragment(at)), end)


_AND = re.compile(r"(?:;|,?\s(?:and|but|while|whereas))\s+(?:the\s+)?")
_VERB = re.compile(
    r"\s+(?:said|saying|warning|arguing|calling|insisting|demanding|urging|claiming|has|have|is|are|was|were|does|do|did|will|would|wants?|\w+(?:s|ed))\b"
)


#: "While the BMA opposes the plan, the RCGP backs it": a comma ends what the first does.
_CONTRAST = re.compile(r"(?:But |And )?(?:[Ww]hile|[Ww]hilst|[Aa]lthough|[Tt]hough|[Ww]hereas)\s")
_COMMA = re.compile(r",\s+(?:the\s+)?")


def _before_another(discourse: Discourse, start: int, end: int, joints: re.Pattern[str] = _AND) -> int:
    """ "Kent LMC backs the plan and Kent CCG opposes it": where what another does begins, else ``end``."""
    text = discourse.article.text
    for joint in joints.finditer(text, start, end):
        named = next((m for m in discourse.between(joint.end(), end) if m.extent.start == joint.end()), None)
        stop = named.extent.end if named else _end_of_description(discourse, joint.end(), end)
        if stop and _VERB.match(text, stop, end):
            return joint.start()
    return end


def _end_of_description(discourse: Discourse, at: int, end: int) -> int:
    """Where a body that stands at ``at`` without a name ends ("committee" behind "the"); 0 for none."""
    found = (u for u in discourse.units(max(0, at - 4), end) if u.form == "description" and u.end > at)
    unit = next(found, None)
    is_body = unit is not None and unit.start in (at - 4, at) and noun_sort(unit.text.split()[-1]) == "body"
    return unit.end if unit and is_body else 0


def _skip_audience(discourse: Discourse, piece: Piece, cue: Cue) -> int:
    """Past whom the speaker told: "told GP it was …", "warned MPs that …"."""
    text = discourse.article.text
    if cue.lemma not in {"tell", "warn", "remind", "ask", "advise", "assure"}:
        return cue.end
    named = next(iter(discourse.between(cue.end, min(piece.end, cue.end + 6))), None)
    if cue.lemma == "tell":
        if named:
            return _past_outlet(text, named.span.end, piece.end)
        audience = _audience().match(text, cue.end, piece.end)
        if audience:
            return audience.end()
        outlet = re.match(r"\s+(?:the\s+)?[A-Z][\w’'-]*(?:\s+[A-Z][\w’'-]*){0,3}(?=\s)", text[cue.end : piece.end])
        return cue.end + outlet.end() if outlet else cue.end
    audience = _audience().match(text, cue.end, piece.end)
    return audience.end() if audience and re.match(r"\s+(?:that|it|the|there)\b", text[audience.end() :]) else cue.end


def _past_outlet(text: str, end: int, limit: int) -> int:
    """Past the rest of an outlet's name ("Health Policy" Week), or "’s Today programme" behind it."""
    rest = re.compile(
        r"(?:['’]s)?(?:\s+[A-Z][\w’'-]*)+(?=\s+(?:that|it|he|she|they|the|there|his|her|their|its|a|an|this)\b)"
    ).match(text, end)
    if rest:
        return rest.end()
    match = re.match(
        r"(?:['’]s\s+(?:[\w’'-]+\s+){0,4}?(?:programme|conference|committee|meeting|website|magazine"
        r"|podcast|panel|board|inquiry)|\s+(?:annual\s+)?(?:conference|congress|programme|podcast|summit|event))\b",
        text[end:limit],
    )
    return end + match.end() if match else end


def tidy(cues: Iterable[Cue], piece: Piece) -> list[Cue]:
    """Cues in order, outside short quotations or the whole of one, the longer of two that overlap."""
    kept: list[Cue] = []
    whole = {(q.start, q.end) for q in piece.fragments}
    for cue in sorted(cues, key=lambda c: (c.start, -c.end)):
        if (not piece.in_fragment(cue.start) or (cue.start, cue.end) in whole) and not (
            kept and cue.start < kept[-1].end
        ):
            kept.append(cue)
    return kept
