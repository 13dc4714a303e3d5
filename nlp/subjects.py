"""Which noun phrase of a sentence is the subject of a cue: the one it says something of, before or behind it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

import corpora
from nlp.alternatives import one_of
from nlp.asides import FROM, is_document, past_addressee, past_aside, past_office, past_reader, past_surveyed
from nlp.described import noun_sort, nouns, speaks_for_nobody
from nlp.records import StakeholderKind
from nlp.speakers import Discourse, Unit

Place = tuple[int, int]

_TIME = (
    r"(?:last|this|next|earlier|on|in|at|since|yesterday|today|tonight|week|month|year|night"
    r"|morning|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March"
    r"|April|May|June|July|August|September|October|November|December|\d{1,4}(?:st|nd|rd|th)?)"
)

_ASIDE = r"(?:\s*(?:,[^,;:“‘\"]{2,160},|\([^()]{1,80}\)|[–—-]\s[^–—]{2,140}\s[–—-]))"

# What may stand behind a subject: "LMCs in the south west", "CCGs that took over contracts".
_BEHIND = re.compile(
    r"\s+(?:of|for|at|in|from|on|to|across|that|who|which)\s+(?:(?!\b(?:said|says|say|told)\b)[^,.;:“‘\"]){2,70}?"
    r"(?=\s(?:has|have|had|said|says|say|told|warned|warn|urged|claimed|called|want|fear|argue|argued|voted|believe)\b|\s$)"
)

# "Nobody at NHS England has said", "a source close to Mr A said", "Neither A nor B supports": not their words.
NOBODY = re.compile(
    r"\b(?:(?:nobody|no one|no-one|none|neither|few|hardly anybody|not everybody)(?:\s+(?:at|in|from|of|among|inside))?"
    r"|(?:close|loyal|near)\s+to|(?:allies|friends?|critics?|opponents?|supporters?|lawyers?)\s+(?:of|for)"
    r"|(?:other\sthan|except(?:\sfor)?|apart\sfrom|excluding|with\sthe\sexception\sof)(?:\s[^.;,]{2,34}\sand)?"
    r"|neither\s[^.;]{2,34}\snor)\s+(?:the\s+)?$",
    re.IGNORECASE,
)

_OF_UNNAMED = re.compile(r"\s+(?:of|at|for)\s+(?:an?|one\s+of)\s+(?:[\w’'-]+\s+){0,6}")
_AND_OTHERS = re.compile(r"\s+and\s+(?:[a-z-]+\s+){0,2}[a-z]+s\s+(?:at|in|of|from|across)\s+(?:the\s+)?")
_OF_BODY = re.compile(r"\s+(?:of|at|for|from)\s+(?:the\s+)?(?:[\w’'-]+['’]s\s+)?")


@cache
def _gap() -> re.Pattern[str]:
    """What may stand between a subject and its verb."""
    documents = "|".join(corpora.lexicon("cues")["documents"]["heads"])
    words = (
        rf"(?:who|which|that|and|have|has|had|also|then|later|recently|previously|{_TIME}|{documents}"
        rf"|for|by|from|of|the|new|own|annual|latest|office|[a-z]+ly)"
    )
    met = (
        r"(?:\s+(?:that\s+|who\s+)?(?:I|we|he|she|they)\s+(?:have\s+|had\s+)?(?:spoke|spoken|talk"
        r"|talked|speak|met|interviewed|surveyed|asked|contacted|know|hear|heard)(?:\s+(?:to|with"
        r"|from))?)"
    )
    letters = one_of(corpora.lexicon("names")["post_nominals"])
    return re.compile(
        rf"(?:\s+{letters}\b)?(?:['’]s?)?(?:\s\([A-Z][\w&]{{1,9}}\))?{_ASIDE}?{met}?,?(?:\s*{words})*\s*,?\s*(?:who|which)?\s*$"
    )


def subject_before(text: str, low: int, verb: int, units: Sequence[Unit]) -> Unit | None:
    """The unit of which the verb group at ``verb`` says something, when it stands before it."""
    near = [unit for unit in units if low <= unit.start and unit.end <= verb]
    for unit in reversed(near[-4:]):
        if verb - unit.end <= 240 and _reaches(text, unit, verb):
            second = _SECOND_VERB.search(text, unit.end, verb)
            owner = _of_both_verbs(text, low, unit, near) if second else past_office(text, near, unit)
            if owner is None or NOBODY.search(text, max(low, owner.start - 40), owner.start):
                return None
            owner = past_surveyed(text, near, owner)
            writer = past_addressee(text, near, past_aside(text, low, verb, near, owner))
            return _of_body(text, near, past_reader(text, near, writer))
    return None


#: Before the second verb of a subject: "met the minister and said".
_SECOND_VERB = re.compile(r"\b(?:and|but|then)\s+(?:(?:has|have|had|also|then|later|since|again|now|\w+ly)\s+)*$")
_CLAUSE = re.compile(r"[;:]\s|\s[–—]\s|,\s+(?:but|and|while|whereas|although|though|as|after|before|when|because|so)\s")
_LEADS = re.compile(
    r"\W*(?:(?:But|And|However|Meanwhile|Yet|Also|Today|Yesterday|Then|Later|The|the|A|a|An|an|Its|Their|His|Her)\W+)*"
    r"(?:(?:In|At|On|After|During|Following|For|Since|By|With|From|Last|This|Earlier)\b[^,;“‘\"]{0,120},\s+)?"
    r"(?:(?!(?:of|with|to|from|by|for|at|in|on|is|are|was|were|has|have|had|(?:he|she|it|they|we|i)\b)\b)[\w’'-]+\s+){0,3}",
    re.IGNORECASE,
)


def _of_both_verbs(text: str, low: int, unit: Unit, near: Sequence[Unit]) -> Unit | None:
    """Whose verbs both are in "Dr A met the minister and said": who opens the clause, and not whom they met."""
    breaks = [match.end() for match in _CLAUSE.finditer(text, low, unit.start)]
    for start in (breaks[-1] if breaks else low, low):
        first = next((u for u in near if start <= u.start), None)
        if first is not None and _LEADS.fullmatch(text, start, first.start):
            return first
    return None


#: "A councillor, who is also a tenant of an association, said": what somebody is, and nobody else.
_IS = re.compile(r"\b(?:is|are|was|were|be|been|also|as|became|becomes)\s$")


@cache
def _lay_before() -> re.Pattern[str]:
    """ "A passenger at ", before the body they are at."""
    nouns = one_of(corpora.lexicon("roles")["persons"]["lay"])
    return re.compile(
        rf"(?<![\w’'-])(?P<who>(?:[Aa]n?|[Oo]ne|[Aa]nother)\s(?:[a-z-]+\s){{0,2}}?(?P<noun>{nouns}))\s(?:at|from|with|of|in)\s(?:the\s)?$"
    )


def _of_body(text: str, near: Sequence[Unit], unit: Unit) -> Unit:
    """ "the chairman of the GPC": the office speaks, of the body that stands behind it."""
    lay = _lay_before().search(text, max(near[0].start - 80, unit.start - 80, 0), unit.start)
    if lay and not _IS.search(text, max(0, lay.start() - 12), lay.start()):
        return Unit(lay.start("who"), unit.end, None, text[lay.start("who") : unit.end], "description", lay["noun"])
    for office in near:
        if office.end <= unit.start and (whole := _whole_office(text, office, unit)):
            return whole
    return unit


def _whole_office(text: str, office: Unit, unit: Unit) -> Unit | None:
    """The office with the body behind it, or None where the two are no office and its body."""
    between = text[office.end : unit.start]
    unnamed = _OF_UNNAMED.fullmatch(between) if office.form == "description" and _is_person(office) else None
    if unnamed or (office.form == "name" == unit.form and _AND_OTHERS.fullmatch(between)):
        # "the head of one of the largest trusts"; "nurses and porters at the Royal"
        whole = replace(office, end=unit.end, text=text[office.start : unit.end], head=office.text.split()[-1])
        return whole if unnamed else office
    if office.form == unit.form == "description" and _OF_BODY.fullmatch(between) and _is_person(office):
        # "one chief executive of a large trust": a person, of a body without a name
        return replace(office, end=unit.end, text=text[office.start : unit.end], head=office.text.split()[-1])
    if unit.form == "name" and is_document(office) and FROM.fullmatch(between):
        return replace(unit, start=office.start)  # "a letter from Dr A"
    if office.form == "description" and unit.form == "name" and _OF_BODY.fullmatch(between):
        noun = office.text.split()[-1]
        if speaks_for_nobody(noun):  # "a pupil at Marlbrook High" is a person whom nobody names
            return replace(office, end=unit.end, text=text[office.start : unit.end], head=noun)
        return replace(unit, start=office.start, text=text[office.start : unit.end], form="description")
    if office.form == "description" and unit.form == "name" and FROM.fullmatch(between):
        return replace(unit, start=office.start)  # "a report by the Nuffield Trust"
    return None


def _is_person(office: Unit) -> bool:
    return noun_sort(office.text.split()[-1]) == "role"


def _reaches(text: str, unit: Unit, verb: int) -> bool:
    if _gap().fullmatch(text, unit.end, verb):
        return True
    after = _BEHIND.match(text, unit.end, verb) if unit.form != "pronoun" else None
    return bool(after and _gap().fullmatch(text, after.end(), verb))


_OPENS = re.compile(
    r"\W*(?:(?:In|At|On|After|During|Following|Speaking|Responding|Earlier)\b[^.;:“‘\"]{0,120},\s+)?"
    r"(?:(?:But|And|However|Meanwhile|Yet|Also|Both|The|both|the|Today|Yesterday|Last (?:week|month|year))\W+)*"
)
#: "GPs Ann Poole and Tom Orr said": what they are, before their names.
_OF_A_KIND = re.compile(r"\W*(?:[\w’'-]+\s){0,2}[\w’'-]+s\s")
_AGENTS = re.compile(r"\b(?:by|from|among|(?:backing|support|blessing)\s+of)\s+(?:both\s+)?(?:the\s+)?$")
_JOINT = re.compile(r"\s*(?P<word>,|,?\s+and\b)\s+(?:both\s+)?(?:the\s+)?")


def named_together(text: str, low: int, unit: Place, units: Sequence[Unit]) -> list[Unit]:
    """The others of whom a sentence that begins at ``low`` says the same as of the one at ``unit``.

    "The BMA, the RCGP and Unison have called for …": names in a row that opens the sentence or stands behind "by",
    the last behind "and".
    """
    # "He and Orde said" too
    named = [u for u in units if u.form == "name" or (u.form == "pronoun" and (u.start, u.end) == unit)]
    at = next((i for i, each in enumerate(named) if each.start < unit[1] and unit[0] < each.end), None)
    if at is None:
        return []
    first = last = at
    words: list[str] = []
    while first and (joint := _JOINT.fullmatch(text, named[first - 1].end, named[first].start)):
        words.insert(0, joint["word"].strip(" ,"))
        first -= 1
    while last + 1 < len(named) and (joint := _JOINT.fullmatch(text, named[last].end, named[last + 1].start)):
        words.append(joint["word"].strip(" ,"))
        last += 1
    row = named[first : last + 1]
    opens = _OPENS.fullmatch(text, low, row[0].start) or _OF_A_KIND.fullmatch(text, low, row[0].start)
    opens = opens or _AGENTS.search(text, max(low, row[0].start - 24), row[0].start)
    if words[-1:] != ["and"] or any(words[:-1]) or not opens:
        return []
    return [each for each in row if each.id and each.id != named[at].id]


_LIKEWISE = re.compile(r",?\s+as\s+(?:did|do|does|has|have)\s+(?:both\s+)?(?:the\s+)?")


def said_likewise(text: str, end: int, units: Sequence[Unit]) -> list[Unit]:
    """Who does the same by the end of the sentence: "The council objected to the plan, as did the BMA and Unison"."""
    match = _LIKEWISE.match(text, end)
    found: list[Unit] = []
    if match is None:
        return found
    for unit in (unit for unit in units if unit.form == "name" and unit.start >= match.end()):
        if unit.start == match.end() if not found else _JOINT.fullmatch(text, found[-1].end, unit.start):
            found.append(unit)
    return [unit for unit in found if unit.id]


_LIST_OPENS = re.compile(
    r"\s*(?P<mark>[–—(]|-\s|,\s)\s*(?P<some>including|among them|such as|led by)?\s*(?:both\s+)?(?:the\s+)?"
)
_LIST_CLOSES = re.compile(r"\s*[–—),-]")


class Enumeration(NamedTuple):
    """Who is named in a list that a group stands before; ``whole`` where the list is all of the group."""

    members: tuple[Unit, ...]
    whole: bool


def enumerated(text: str, group: Place, units: Sequence[Unit]) -> Enumeration:
    """ "Three unions – the RCN, Unite and the GMB – have rejected it": those of whom the group is made."""
    opens = _LIST_OPENS.match(text, group[1])
    named = [each for each in units if each.form == "name" and each.start >= group[1]]
    if opens is None or not named or named[0].start != opens.end():
        return Enumeration((), False)
    row = [named[0]]
    for each in named[1:]:
        if not _JOINT.fullmatch(text, row[-1].end, each.start):
            break
        row.append(each)
    joined = " and " in text[row[0].end : row[-1].start] and _LIST_CLOSES.match(text, row[-1].end)
    return Enumeration(tuple(row), opens["some"] is None) if joined else Enumeration((), False)


_DEPUTY = re.compile(r"(?:,[^,]{3,80})?,\s+(?:would|will|had|has|was|is|were|are|could|should|may|might|\w+ed)\b")


def has_deputy(discourse: Discourse, unit: Unit, cue: int, behind: int, within: Place) -> bool:
    """ "The chairman, Dr A, said Dr B, her deputy, would go": a person says so, and B, who ends at ``behind``, acts."""
    text = discourse.article.text
    person = unit.form == "name" and discourse.kind(unit.id or "") is StakeholderKind.PERSON
    introduced = text.count(",", within[0], cue) > 1
    return person and introduced and bool(_DEPUTY.match(text, behind, within[1]))


@cache
def _behind_verb() -> re.Pattern[str]:
    """What may stand between the verb and who speaks: "said ", "argued the charity ", "said campaign group "."""
    bodies = one_of(
        {*(noun for noun, sort in nouns().items() if sort == "body"), *corpora.lexicon("names")["context"]["kinds"]}
    )
    return re.compile(
        rf"\s+(?:both\s+)?(?:(?:the|its|their|his|her|an?)\s+)?(?:\w+ly\s+)?(?P<called>(?:[a-z-]+\s+){{0,2}}{bodies}\s+)?"
    )


_ACTS = re.compile(r"\s(?:is|are|was|were|has|have|had|would|will|could|can|should|may|might|must|cannot)\b(?!\s*[,.])")


def acts(text: str, unit: Unit, high: int) -> bool:
    """Whether a verb stands right behind: in "Dr A, who is 41, said staff were told" staff say nothing."""
    return _ACTS.match(text, unit.end, high) is not None


def subject_after(text: str, verb_end: int, high: int, units: Sequence[Unit]) -> Unit | None:
    """The unit right behind the verb ("claims Dr A", "according to the BMA", "said a spokesman for the trust")."""
    at = next((i for i, unit in enumerate(units) if unit.start >= verb_end), len(units))
    if at + 1 < len(units) and units[at].form == "description" and units[at + 1].form == "name":
        at += text[units[at].end : units[at + 1].start].isspace()  # "the charity Hollin Care" is Hollin Care
    behind = _behind_verb().fullmatch(text, verb_end, units[at].start) if at < len(units) else None
    if behind is None or units[at].start >= high or (behind["called"] and units[at].form != "name"):
        return None
    unit = units[at]
    body = units[at + 1] if at + 1 < len(units) and units[at + 1].end <= high else None
    return (_whole_office(text, unit, body) if body else None) or unit


_ASIDE_OPENS = re.compile(r"[^,]*,\s+(?:who|which)\b")
_COMMA = re.compile(r"[\s’”'\"]*,[\s’”'\"]*")  # also of "‘led by doctors’, claims Dr A"
#: "…, claims Dr A in a letter to ministers."
_CLOSES = re.compile(
    r",|\W*$|\s(?:in|at|on|during|after|before|as|when|today|yesterday|last|this|earlier)\b(?:(?!\bthat\b)[^,;“‘\"])*$"
)


def turns(discourse: Discourse, unit: Unit, cue: tuple[int, int, int], within: Place) -> bool:
    """ "It is bad for patients, warned Dr A": whether who says so stands behind the cue, and not ``unit`` before it.

    ``cue`` is where its group begins, where the cue begins and where it ends.
    """
    text = discourse.article.text
    if unit.form == "pronoun" or not _COMMA.fullmatch(text, unit.end, cue[0]):
        return False
    behind = subject_after(text, cue[2], within[1], discourse.units(*within))
    if behind is None or not _CLOSES.match(text, behind.end, within[1]):
        return False
    return not has_deputy(discourse, unit, cue[1], behind.end, within) and not _ASIDE_OPENS.match(text, within[0])
