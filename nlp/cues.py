"""Cues: the words by which a text attributes a statement, found by the lexicon ``cues.toml``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

import corpora
from nlp.alternatives import one_of


class CueKind(StrEnum):
    SPEECH = "speech"
    POSITION = "position"
    VIEW = "view"
    THAT = "that"
    PASSIVE = "passive"
    ACCORDING = "according"


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue in the text: its own offsets, and ``start`` moved left over auxiliaries as ``group_start``."""

    start: int
    end: int
    group_start: int
    kind: CueKind
    lemma: str
    negated: bool
    participle: bool = False


#: What others say of somebody's view: "is said to favour", "are understood to have told".
_HEARD_OF = r"(?:said|understood|reported|known|thought|believed|rumoured) to(?: have)?"
_AUX = (
    rf"(?:{_HEARD_OF}"
    r"|has|have|had|is|are|was|were|will|would|could|should|might|may|can|does|do|did|be|been"
    r"|being|not|never|no longer|n['’]t|doesn['’]t"
    r"|didn['’]t|don['’]t|hasn['’]t|haven['’]t|won['’]t|also|now|then|later|today|yesterday"
    r"|recently|already|still|again|previously"
    r"|since|earlier|further|once|always|often|repeatedly|reportedly|just|only|even|long|instead"
    r"|nevertheless|however|therefore|both"
    r"|all|clearly|[a-z]+ly|went on to|goes on to|continued to|continues to|seem|seems|seemed"
    r"|appear|appears|appeared|remain|remains"
    r"|remained|to|as well|too|himself|herself|themselves|themself|itself)"
)
_GROUP = re.compile(rf"(?:(?<=\s)|(?<=,)){_AUX}(?:\s+{_AUX})*\s+$")
# "X’s worry is that …": no verb
_IS_NOUN = re.compile(r"\s+(?:is|was|remains?)\s+(?:(?:simply|simple|clear|plain|also|not):?\s+)?that\b")
# "agreed, saying that …": what is said is behind the participle
_SIDES = frozenset({"agree", "disagree", "object", "protest"})
_PARTICIPLE = re.compile(r",\s+(?:\w+ly\s+)?(?:saying|adding|arguing|warning|claiming|insisting|telling)\b")
_BE_FORMS = frozenset(["is", "are", "was", "were", "been", "being", "be"])
_NEGATION = re.compile(r"\b(?:not|never|no longer|refused to|declined to|n['’]t)\b|n['’]t\b")
# "according to X", "in the view of X", "in X’s view": no more than five words stand for X.
_ACCORDING = re.compile(
    r"\b(?:[Aa]ccording to|[Ii]n (?:the )?(?:view|opinion|judge?ment|eyes|words) of"
    r"|[Ii]n (?:his|her|their|its|(?:[^\s,.;:“”\"]+ ){0,4}[^\s,.;:“”\"]+?['’]s?)"
    r" (?:own )?(?:view|opinion|judge?ment|eyes))\b"
)
#: By how much, or in what way, a vote went is nobody who acts: "voted by 71% to reject", "by a majority of two".
_COUNTED = r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\s(?:votes\s)?to\s"
_MARGIN = (
    rf"(?!\s+(?:[\d£]|{_COUNTED}|(?:an?|the)\s+(?:\w+\s+)?(?:majority|margin|show|vote)\b|acclamation"
    r"|more than|nearly|almost))"
)
_BY = re.compile(rf"\s+(?:\w+ly\s+)?by\b{_MARGIN}")
_IS_HEARD = re.compile(rf"\b(?:is|are|was|were|been)(?: also| now| still| \w+ly)? {_HEARD_OF}$")
# "welcomed as a step forward by", "branded ‘a farce’ by", "called unworkable by"
_AS_BY = re.compile(
    r"\s+(?:as\s+[^,.;:‘“”]{2,60}?|as\s+[‘“'\"][^‘“”]{2,60}?[’”'\"](?:,?\s(?:and|or)\s[‘“'\"][^‘“”]{2,60}?[’”'\"])?|[‘“'\"][^‘“”]{2,60}?[’”'\"])\s+by\b"
)
_SO_BY = re.compile(r"\s+(?:an?\s+)?[\w’'-]+(?:\s+[\w’'-]+){0,3}?\s+by\b")
#: Behind these stands who is told, never who tells.
HEARD = frozenset({"tell", "remind", "assure", "inform", "hear"})
#: "MPs heard from Dr A that it would fail": Dr A says so.
_HEARD_FROM = re.compile(r"\b(?:heard|hears)\s(?:\w+\s)?(?=from\s)")
#: "Councillors should vote for it", "ministers could back it": what the writer wants or expects of them.
WISHED = frozenset({"should", "must", "ought", "could", "might", "may"})
_BE = (
    r"(?:is|are|was|were|be|been|being|has been|have been|seem|seems|seemed|appear|appears"
    r"|appeared|remain|remains|remained|feel|feels|felt|stand|stands|came out|come out|comes out"
    r"|went|grew|become|became|becomes)"
)


#: "considered the savings to be unlikely"
_DEEMED = re.compile(r"\s(?:the|these|those|its|their|his|her|any|such)\s(?:[\w’'-]+\s){1,5}to\sbe\b")


@cache
def _lemmas() -> dict[str, str]:
    """Every form of every cue verb -> its lemma."""
    table = {}
    for row in corpora.lexicon("cues")["speech"].split("|"):
        forms = row.split()
        table.update(dict.fromkeys(forms, forms[0]))
    return table


@cache
def _verbs() -> re.Pattern[str]:
    return re.compile(rf"(?<![\w’'-]){one_of(_lemmas())}(?![\w-])")


@cache
def _predicates() -> re.Pattern[str]:
    lexicon = corpora.lexicon("cues")["predicates"]
    view, that = (one_of(lexicon[name]) for name in ("view", "that"))
    adverb = r"(?:(?:not|very|deeply|strongly|firmly|broadly|also|now|still|increasingly|quite|more|\w+ly)\s+)*"
    return re.compile(rf"\b{_BE}\s+{adverb}(?:(?P<view>{view})|(?P<that>{that}))\b")


@cache
def _idioms() -> re.Pattern[str]:
    lexicon = corpora.lexicon("cues")["idioms"]
    own = (
        r"(?:his|her|its|their|our|the|an?|this|that|any|full|public|new|open|joint|strong"
        r"|[a-z-]+(?:ed|al|ous|ful|ing|ent|ive|ic))"
    )
    view, that = ("|".join(row.replace("OWN", own) for row in lexicon[name]) for name in ("view", "that"))
    return re.compile(rf"(?<![\w’'-])(?:(?P<view>{view})|(?P<that>{that}))(?![\w-])")


#: The lemma of cues that tell what a thing was given by somebody.
MET = "meet"
_SAID_OF_IT = r"(?:(?!(?:to|for|of|in|and|with|from|by)\b)[a-z-]+\s+){0,3}"


_SOURCE = re.compile(r"\s+\w+")


@cache
def _met() -> re.Pattern[str]:
    lexicon = corpora.lexicon("cues")["met"]
    verbs, nouns = "|".join(lexicon["verbs"]), "|".join(lexicon["nouns"])
    return re.compile(
        rf"(?<![\w’'-])(?:(?i:{verbs})\s+{_SAID_OF_IT}(?:{nouns})|(?:came|come|comes)\s+under\s+fire)(?=\s+(?:from|by|of|among)\s)"
    )


@cache
def _position_lemmas() -> frozenset[str]:
    return frozenset(corpora.lexicon("cues")["position"].split())


@cache
def _passive_lemmas() -> frozenset[str]:
    return frozenset(corpora.lexicon("cues")["passive"]["lemmas"])


@cache
def speech_forms() -> frozenset[str]:
    """Finite forms of verbs of speech as a story tells them: "said", "warns", and not "supported" or "planning"."""
    acts = _position_lemmas() | {"second", "plan", "propose", "submit", "share"}
    return frozenset(f for f, lemma in _lemmas().items() if f != lemma and not f.endswith("ing") and lemma not in acts)


def find_cues(text: str, start: int, end: int) -> Iterator[Cue]:
    """Yield cues of ``text[start:end]`` in order of kind, then place; the caller sorts and filters."""
    for match in _ACCORDING.finditer(text, start, end):
        yield Cue(match.start(), match.end(), match.start(), CueKind.ACCORDING, "according to", False)
    for match in _predicates().finditer(text, start, end):
        kind = CueKind.VIEW if match["view"] else CueKind.THAT
        begin = match.start("view") if match["view"] else match.start("that")
        group = _group_start(text, start, match.start())
        yield Cue(begin, match.end(), group, kind, text[begin : match.end()], _negated(text, group, begin))
    for match in _idioms().finditer(text, start, end):
        group = _group_start(text, start, match.start())
        if not text[group : match.start()].rstrip().endswith("to"):
            kind = CueKind.VIEW if match["view"] else CueKind.THAT
            yield Cue(*match.span(), group, kind, match.group(), _negated(text, group, match.start()))
    for match in _met().finditer(text, start, end):
        group = _group_start(text, start, match.start())
        yield Cue(*match.span(), group, CueKind.PASSIVE, MET, _negated(text, group, match.end()))
    for match in _HEARD_FROM.finditer(text, start, end):
        group = _group_start(text, start, match.start())
        yield Cue(match.start(), match.end() - 1, group, CueKind.PASSIVE, "hear", _negated(text, group, match.start()))
    for match in _verbs().finditer(text, start, end):
        cue = _verb_cue(text, start, end, match)
        if cue:
            yield cue
    for match in _quoted_verbs().finditer(text, start, end):
        group = _group_start(text, start, match.start())
        negated = _negated(text, group, match.start())
        yield Cue(*match.span(), group, CueKind.POSITION, _lemmas()[match["verb"]], negated)


@cache
def _quoted_verbs() -> re.Pattern[str]:
    """ "Unison ‘firmly rejected’ the plan": a verb in marks of its own."""
    forms = [form for form, lemma in _lemmas().items() if form.endswith("ed") and lemma in _position_lemmas()]
    return re.compile(rf"(?<=\s)[‘“'\"](?:\w+ly\s)?(?P<verb>{one_of(forms)})[’”'\"](?=\s(?!by\b))")


def cue_lemma(words: str) -> str:
    """The dictionary form of a cue as printed ("voted" -> "vote"); predicates stay as they are."""
    return _lemmas().get(words, words)


def lemma_of(form: str) -> str | None:
    """The cue verb of which this is a form, or None."""
    return _lemmas().get(form)


@cache
def _classes() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for name, lemmas in corpora.lexicon("cues")["classes"].items():
        for lemma in dict.fromkeys(lemmas.split()):
            found.setdefault(lemma, []).append(name)
    return {lemma: tuple(names) for lemma, names in found.items()}


def classes_of(lemma: str) -> tuple[str, ...]:
    """What a subject does with the verb ("say", "think", "view", "ask", "act", "show"); "none" for any other."""
    return _classes().get(lemma, ("none",))


def may_take_object(lemma: str) -> bool:
    """Whether the verb carries a view of its own, so that an object may follow it: "rejected the plans"."""
    return lemma in _position_lemmas()


_PREPOSITION = (
    r"(?:over|of|under|about|with|without|for|against|by|from|into|on|amid|amidst|despite|after|following|because\sof)"
)
#: Behind one of these a word that may be a verb is a noun: "a plan to", "over calls for", "spent on extra support".
_NOUN_AHEAD = re.compile(
    rf"\b(?:an?|the|its|their|his|her|our|my|any|{_PREPOSITION}"
    rf"|{_PREPOSITION}\s(?:more|extra|further|additional|better|greater|little|new|much|less|fresh|repeated|recent"
    r"|renewed|growing|widespread|strong|broad|[a-z]{3,}(?:al|ic|ive|ous|ful|ary)))\s$"
)


#: "GPs oppose key NHS England and DH plans to": whose plans they are, behind a verb that has them as its object.
_OWNED_AHEAD = re.compile(
    r"\b(?:oppose[sd]?|reject(?:s|ed)?|back(?:s|ed)?|support(?:s|ed)?|welcome[sd]?|condemn(?:s|ed)?|criticise[sd]?"
    r"|block(?:s|ed)?|resist(?:s|ed)?|over|against|about|under|of)\s(?:(?:the|key|new|controversial|proposed|[a-z]+ed)\s){0,2}"
    r"(?:[A-Z][\w’'&-]*\s){1,4}(?:and\s(?:[A-Z][\w’'&-]*\s){1,4})?$"
)


def is_noun_at(text: str, at: int, form: str) -> bool:
    """Whether the word at ``at`` is no verb by what stands before it; only forms that nouns have are looked at."""
    if form.endswith(("ed", "ing")):
        return False
    owned = form in {"plans", "calls", "demands", "claims", "moves", "fears", "hopes"} and _OWNED_AHEAD.search(
        text, max(0, at - 110), at
    )
    return bool(owned) or _NOUN_AHEAD.search(text, max(0, at - 32), at) is not None


#: What a participle that stands between it and a noun is said of: "the proposed hub".
_ARTICLE = re.compile(r"(?:\b(?:an?|[Tt]he|its|their|our|my|your|his|her|any|this|these|those)|\w['’]s)\s$")


def _is_attribute(text: str, match: re.Match[str]) -> bool:
    """Whether the word is said of a noun behind it, and by nobody."""
    if not match.group().endswith("ed") or not _ARTICLE.search(text, max(0, match.start() - 7), match.start()):
        return False
    return re.match(r"\s(?!by\b|as\b|to\b)[a-z]", text[match.end() : match.end() + 5]) is not None


#: "Ministers accused of a cut": headlines leave out that they were.
_BLAMED = re.compile(
    r"(?:accused\sof|(?:blamed|criticised|slammed|condemned|attacked|praised|blasted|lambasted)\s(?:for|over)|urged\sto)\b"
)


def _verb_cue(text: str, start: int, end: int, match: re.Match[str]) -> Cue | None:
    lemma = _lemmas()[match.group()]
    if _IS_NOUN.match(text, match.end(), end) or (lemma in _SIDES and _PARTICIPLE.match(text, match.end(), end)):
        return None
    if is_noun_at(text, match.start(), match.group()) or _is_attribute(text, match):
        return None
    group = _group_start(text, start, match.start())
    aux = text[group : match.start()].split()
    if any(word in WISHED for word in aux):
        return None
    if _BLAMED.match(text, match.start(), end):
        return None
    participle = match.group().endswith("ing")
    heard = _IS_HEARD.search(" ".join(aux))
    passive = any(word in _BE_FORMS for word in aux[-3:]) and not participle and not heard
    by = agent_at(text, match.end(), lemma, passive=passive) if match.group() != lemma and not participle else None
    if passive or by:
        if not by or lemma not in _passive_lemmas():
            return None
        return Cue(match.start(), match.end(), group, CueKind.PASSIVE, lemma, _negated(text, group, match.start()))
    if aux[-1:] == ["to"] and not heard and not re.search(r"(?:on|continued|continues) to$", " ".join(aux)):
        return None
    needs = corpora.lexicon("cues")["needs"].get(lemma)
    deems = lemma == "consider" and _DEEMED.match(text, match.end(), end)
    if needs is not None and not deems and not _followed(text[match.end() : end], needs):
        return None
    kind = CueKind.POSITION if lemma in _position_lemmas() else CueKind.SPEECH
    bare = participle and not any(word in _BE_FORMS for word in aux)
    return Cue(match.start(), match.end(), group, kind, lemma, _negated(text, group, match.start()), bare)


def agent_at(text: str, at: int, lemma: str, *, passive: bool = True) -> int | None:
    """Where the agent of a passive that ends at ``at`` begins: behind "by", or behind "as a disaster by"."""
    if lemma in {MET, "hear"}:
        source = _SOURCE.match(text, at)
        return source.end() if source else None
    names = lemma in corpora.lexicon("cues")["passive"]["naming"]
    adjective = _SO_BY.match(text, at) if names and lemma in {"brand", "call", "dub", "label"} else None
    by = _BY.match(text, at) or ((_AS_BY.match(text, at) or adjective) if names and passive else None)
    return by.end() if by else None


def _followed(rest: str, needs: list[str]) -> bool:
    stripped = rest.lstrip()
    return any(
        (stripped.startswith(word) and not stripped[len(word) : len(word) + 1].isalnum())
        or (not word.isalnum() and stripped.startswith(word))
        for word in needs
    )


def _group_start(text: str, start: int, verb: int) -> int:
    window = max(start, verb - 60)
    group = _GROUP.search(text, window, verb)
    return group.start() if group else verb


def _negated(text: str, group: int, verb: int) -> bool:
    return bool(_NEGATION.search(text, group, verb))
