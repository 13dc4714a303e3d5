"""People and bodies told by what was said when they were named: "the peer", "the 62-year-old", "the trust boss".

Press reports name somebody once, with a title, an age or an office, and then call them by what it makes them. Nobody
is taken whom nothing fits, nor one of several whom it fits.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

import corpora
from nlp.alternatives import one_of
from nlp.called import is_called, unlike
from nlp.described import noun_sort
from nlp.records import Mention, Stakeholder, StakeholderKind
from nlp.units import TOLD_OF

#: So far before a name stands what a body is: "the housing charity X".
BEFORE = 40
#: No paragraph is read further back, in characters.
FAR = 1_500
#: So far behind a name stands what a body is: "X, the region’s largest operator".
BEHIND = 80
_AGED = re.compile(r"[Tt]he\s(?P<age>\d{2})[-\s]year[-\s]old")
_PARENT = re.compile(
    r"[Tt]he\s(?P<who>(?:mother|father|mum|dad|parent|grandmother|grandfather|gran)[-\s]of[-\s][a-z\d]+)"
)
#: What stands before whoever has spoken: "‘…,’ said the".
_SAID = re.compile(r"[’”'\"]\s(?:said|says|added|adds)\s$")
#: Behind "the retired teacher": the words go on, and so does who spoke.
_GOES_ON = re.compile(r"\s(?:also\s|then\s|further\s)?(?:added|adds|continued|continues|went\son|goes\son|concluded)\b")
_AGE = re.compile(r",?\s(?:\(|aged\s)?(?P<age>\d{2})(?=[,.;)\s])")


@cache
def _told() -> re.Pattern[str]:
    lexicon = corpora.lexicon("roles")["told"]
    nouns = one_of({*lexicon["titles"], *lexicon["offices"], *lexicon["lay"]})
    return re.compile(rf"[Tt]he\s(?P<of>(?:(?!former\b)[\w’'-]+\s){{0,2}}?)(?P<noun>{nouns})(?![\w’'-])")


def age_descriptions(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where "the 62-year-old" and "the mother of three" stand."""
    return [match.span() for pattern in (_AGED, _PARENT) for match in pattern.finditer(text, start, end)]


def find_titled(
    text: str,
    place: tuple[int, int],
    mentions: Sequence[Mention],
    known: Mapping[str, Stakeholder],
    spoke: Sequence[tuple[int, str]],
) -> str | None:
    """The one person of whom age, title or office is said; ``mentions`` are those before, in the order of the text.

    A noun that tells no office ("the grandmother") is whoever ``spoke`` last, right before, and is in no office.
    """
    people = [each for each in mentions if known[each.stakeholder or ""].kind is StakeholderKind.PERSON]
    if aged := _AGED.fullmatch(text, *place):
        return _one({m.stakeholder or "" for m in people if _age(text, m) == aged["age"]})
    # a quotation is read before the report in front of it: who is named there has spoken
    named = [(m.span.start, m.stakeholder or "") for m in people[-1:] if _is_near(text, m, place[0])]
    if parent := _PARENT.fullmatch(text, *place):
        said = re.compile(rf"[^.;:“”\n]{{0,40}}?\b{re.escape(parent['who'])}", re.IGNORECASE)
        near = (m for m in people if said.match(text, m.span.end) or _said_before(text, m, parent["who"]))
        return _one({m.stakeholder or "" for m in near}) or _lay(text, place[0], people, named or spoke, of_body=True)
    if named and text[place[0] : place[0] + 4] == "the " and _SAID.search(text, max(0, place[0] - 14), place[0]):
        noun = text[slice(*place)].split()[-1]
        if noun in corpora.lexicon("roles")["persons"]["nouns"] and not _in_office(people[-1]):
            return named[0][1]  # "Ann Orde, 34, is worried. ‘…,’ said the teaching assistant."
    if text[place[0] : place[0] + 4].lower() == "the " and _GOES_ON.match(text, place[1]):
        last = _lay(text, place[0], people, named or spoke, of_body=True)
        body = noun_sort(text[slice(*place)].split()[-1]) == "body"
        if last and not body:
            return last
    match = _told().fullmatch(text, *place)
    if match is None:
        return None
    lexicon, noun = corpora.lexicon("roles")["told"], match["noun"]
    fits = [m for m in people if _is_of(m, match["of"].lower().split(), known)]
    if noun in lexicon["lay"]:
        return _lay(text, place[0], people, spoke) if not match["of"] else None
    titles, offices = lexicon["titles"].get(noun, ()), lexicon["offices"].get(noun, ())
    has = re.compile(rf"(?<![\w-])(?:{'|'.join([*titles, *offices])})(?![\w-])", 0 if titles else re.IGNORECASE)
    told = {m.stakeholder or "" for m in fits if has.search(_words(m) if offices else m.span.text)}
    if len(told) > 1 and spoke and spoke[-1][1] in told and text.count("\n\n", spoke[-1][0], place[0]) <= 1:
        return spoke[-1][1]
    return _one(told)


def _in_office(mention: Mention) -> bool:
    """Whether who is mentioned is said to have an office or to be of a body."""
    return mention.affiliation is not None and bool(mention.affiliation.role or mention.affiliation.organisation)


def _is_near(text: str, mention: Mention, at: int) -> bool:
    """Whether the mention stands in the same paragraph, not far before."""
    return at - mention.span.start < FAR and "\n" not in text[mention.span.start : at]


def _one(ids: set[str]) -> str | None:
    return next(iter(ids)) if len(ids) == 1 else None


def _age(text: str, mention: Mention) -> str | None:
    match = _AGE.match(text, mention.span.end)
    return match["age"] if match else None


def _words(mention: Mention) -> str:
    return f"{(mention.affiliation and mention.affiliation.role) or ''} {mention.extent.text}"


def _is_of(mention: Mention, words: Sequence[str], known: Mapping[str, Stakeholder]) -> bool:
    """Whether each word before the noun is of the person's body or office: "the trust boss", "the Tory peer"."""
    body = known.get((mention.affiliation and mention.affiliation.organisation) or "")
    office = _words(mention).lower()
    return all(word in office or (body is not None and is_called(body, word)) for word in words)


def _said_before(text: str, mention: Mention, words: str) -> bool:
    """Whether the words stand right before the name: "mother of three Ann Orde"."""
    return text[max(0, mention.span.start - BEFORE) : mention.span.start].lower().rstrip(" ,").endswith(words.lower())


def _lay(
    text: str, start: int, people: Sequence[Mention], spoke: Sequence[tuple[int, str]], *, of_body: bool = False
) -> str | None:
    """Who spoke last, right before, if it is a person of no body (but for ``of_body``) and nobody was named since."""
    if not spoke or text.count("\n\n", spoke[-1][0], start) > 1:
        return None
    named = [each for each in people if each.stakeholder == spoke[-1][1]]
    in_office = any(each.affiliation and each.affiliation.organisation for each in named) and not of_body
    return spoke[-1][1] if named and not in_office and people[-1].stakeholder == spoke[-1][1] else None


def body_called(
    text: str, noun: str, bodies: Sequence[Mention], known: Mapping[str, Stakeholder]
) -> tuple[str, float, str] | None:
    """Which of the bodies named before (``bodies``, in the order of the text) "the charity" is, how sure, and why."""
    named = [known[m.stakeholder or ""] for m in reversed(bodies)]
    # "the university" is Kent University before it is the University Lecturers’ Union
    for body in sorted(named, key=lambda body: unlike(body, noun)):
        if is_called(body, noun):
            return body.id, 0.85, "the body of that name"
    firms = frozenset(corpora.lexicon("roles")["bodies"]["firms"])
    nouns = firms if noun in firms else frozenset({noun})
    so_told = (m for m in reversed(bodies) if _told_before(text, m, nouns) or _told_behind(text, m, nouns))
    if told := next(so_told, None):
        return told.stakeholder or "", 0.85, TOLD_OF
    if noun == "trust":  # a story of one hospital calls what runs it so
        runs = next((body for body in named if is_called(body, "hospital")), None)
        return (runs.id, 0.7, "the hospital that it runs") if runs else None
    return None


_SAID_OF = re.compile(r",\s(?:which\sis\s|who\sare\s)?(?:an?|the|one\sof|part\sof)\s(?P<what>[^.;:“”\n]{2,70})")


def _told_before(text: str, mention: Mention, nouns: frozenset[str]) -> bool:
    """Whether a body was named with one of the nouns before its name: "the housing charity X"."""
    before = text[max(0, mention.span.start - BEFORE) : mention.span.start].lower()
    return before[-1:].isspace() and (before.split() or [""])[-1] in nouns


def _told_behind(text: str, mention: Mention, nouns: frozenset[str]) -> bool:
    """Whether a body was named with one of the nouns behind its name: "X, the region’s largest operator"."""
    said = _SAID_OF.match(text, mention.span.end, mention.span.end + BEHIND)
    return said is not None and not nouns.isdisjoint(said["what"].partition(",")[0].lower().split())
