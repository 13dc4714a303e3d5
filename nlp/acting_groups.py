"""Groups and bodies without a name of their own, known by what they do: "Villagers in Ponton are fighting the plan".

The grammar of groups (``nlp.groups``) has a closed list of heads, which it finds anywhere. Here any plural noun that
denotes people by its form, or by a second list, is a group; but only as the subject of a verb that shows a view.
So is a body told by its owner or place: "Aberdeen’s chamber", "Unison’s schools branch", "the parish of Ponton".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import corpora
from nlp.alternatives import one_of
from nlp.found import Found, add, add_everywhere
from nlp.identities import id_within, slug
from nlp.records import Article, Block, BlockKind, Stakeholder, StakeholderKind

#: No subject is longer, in characters.
LONGEST = 130
_PLACE = r"[A-Z][\w’'-]+(?:(?: and | upon | on | of | the |[ -])?[A-Z][\w’'-]+){0,3}"
#: Where a clause begins: a sentence, or what is joined to one before.
_CLAUSE = re.compile(r"(?:[.!?;:–—\n]['\"’”)]?\s|\n|,\s(?:and|but|while|although|though|whereas)\s)")
_LEADS = re.compile(
    r"(?:(?:But|And|Yet|Now|Meanwhile|However|Still|Also|While|Although|Though|Even|Only|Locally|Nationally"
    r"|(?:In|At|On|After|Before|During|Since|Across)\s[^,]{2,60}(?=,)|(?:Last|This)\s(?:week|month|year)),?\s+)+"
)
_VERBS = (
    "has|have|had|been|is|was|were|are|be|by|to|that|which|who|said|says|told|or|but|will|would|can|could|should|may"
    "|might|must|not|if|when|as|than|no|nor|neither|whether|why|how|what|where|because|since|unless|until|so|there|this"
    "|i|we|you|they|he|she|it|us|them|me|do|does|did|asked|wants?|makes?|made|let|lets|says?|thinks?|knows?|means?"
    "|every|any|our|my|your|which|whose|whom|after|before|while|although|though"
)
_WHERE = "in|at|of|from|on|across|around|near|round|along|behind|outside"
#: A word of a noun phrase, and one of what stands behind it.
_WORD = rf"(?!(?i:{_VERBS}|{_WHERE}|and|with|for|the|an?)\b)[\w’'&-]+"
_PHRASE = rf"(?P<phrase>\s(?:{_WHERE})\s(?P<where>(?:(?!(?i:{_VERBS}|with|for)\b)[\w’'&-]+\s?){{1,7}}))?"
_WHO = r"(?:\swho\s(?:[\w’'-]+\s?){1,5}|,\s(?:who|which)\s[^,]{3,80},|,\sled\sby\s[^,]{3,60},)?"


@dataclass(frozen=True, slots=True)
class ActingGroup:
    """A subject that shows a view. ``name`` is without quantifier; ``body``: one body and no group."""

    start: int
    end: int
    name: str
    head: str
    quantifier: str | None
    body: bool = False


@cache
def _acts() -> re.Pattern[str]:
    """The verb group behind a subject: a verb of view, with what may stand before it."""
    lexicon = corpora.lexicon("groups")["acting"]
    adverb = rf"(?:(?:{one_of(lexicon['adverbs'])}|\w+ly)\s)?"
    forms = "|".join(lexicon["verbs"])
    done = "|".join(lexicon["done"])
    state = "|".join(lexicon["states"])
    bare = "|".join(lexicon["bare"])
    return re.compile(
        rf"(?<=[\w,])\s(?={adverb}(?:(?:{forms})|(?:has|have|had)\s(?:not\s|never\s)?{adverb}(?:{done})"
        rf"|(?:is|are|was|were)\s(?:not\s)?{adverb}(?:{state})|(?:has|have)\sbeen\s{adverb}(?:{state})"
        rf"|(?:will|would|do|does|did|cannot|can)\s(?:not\s|never\s)?{adverb}(?:{bare})"
        rf"|(?:don|doesn|didn|won|wouldn)['’]t\s{adverb}(?:{bare})|no\slonger\s(?:{bare}|{forms}))(?![\w-]))"
    )


@cache
def _people() -> re.Pattern[str]:
    """A plural noun that denotes people."""
    lexicon = corpora.lexicon("groups")
    known = one_of([*lexicon["heads"], *lexicon["long_forms"], *lexicon["acting"]["people"]])
    things = one_of(lexicon["acting"]["things"])
    forms = r"[a-z-]+(?:ers|ors|ists|ians|ees|dents|tants|gents|men|women|folk|mums|dads)"
    return re.compile(rf"(?:{known}|(?!(?:[a-z-]*-)?(?:{things})\b){forms})", re.IGNORECASE)


@cache
def _group() -> re.Pattern[str]:
    quantifiers = one_of(corpora.lexicon("groups")["quantifiers"] + corpora.lexicon("groups")["acting"]["few"])
    number = r"\d{1,3}(?:,\d{3})*"
    return re.compile(
        rf"(?:(?P<quantifier>(?i:{quantifiers}|(?:almost |nearly |about |around |more than |over |some )?{number})"
        rf"(?:\s(?:the|its|their|those))?(?:\s{number})?)\s)?(?:[Tt]he\s)?"
        rf"(?P<core>(?:{_WORD}\s(?:and\s)?){{0,4}}(?P<head>[A-Za-z-]+)){_PHRASE}{_WHO}"
    )


@cache
def _body() -> re.Pattern[str]:
    lexicon = corpora.lexicon("groups")["acting"]
    nouns = one_of([*corpora.lexicon("roles")["bodies"]["nouns"], *lexicon["bodies"]])
    return re.compile(
        rf"(?:(?P<owner>(?:[Tt]he\s)?{_PLACE}(?:['’]s|(?<=s)['’]))\s(?P<noun>(?:{_WORD}\s){{0,3}}(?:{nouns})"
        rf"(?:\sof\s(?:commerce|trade))?)|(?:[Tt]he\s)(?P<whole>(?:{one_of(lexicon['parishes'])})\sof\s{_PLACE})){_WHO}"
    )


def add_acting(found: Found, article: Article, blocks: Sequence[Block]) -> None:
    """Add those of an article; "the villagers" are the same from there on, and before."""
    heads: dict[str, Stakeholder] = {}
    for block in (block for block in blocks if block.kind is not BlockKind.HEADLINE):
        for group in find_acting(article.text, block.start, block.end):
            if found.taken.overlaps(group.start, group.end):
                continue
            kind = StakeholderKind.ORGANISATION if group.body else StakeholderKind.GROUP
            id_ = slug(group.name) if re.search(r"[A-Z]", group.name) else id_within(article.id, group.name)
            who = found.stakeholders.get(id_) or Stakeholder(id_, group.name, kind)
            if not group.body:
                who = heads.setdefault(group.head, who) if group.name == group.head else who
                heads.setdefault(group.head, who)
            add(found, article, group.start, group.end, who, "the subject of a verb of view")
    told = {f"{the} {head}": who for head, who in heads.items() for the in ("the", "The")}
    add_everywhere(found, article, blocks, told, "a group told of before")


def find_acting(text: str, start: int, end: int) -> Iterator[ActingGroup]:
    """Subjects of ``text[start:end]`` that show a view and are groups or bodies by their own words."""
    for act in _acts().finditer(text, start, end):
        found = _subject(text, max(start, act.start() - LONGEST), act.start(), opens=act.start() - LONGEST <= start)
        if found is not None:
            yield found


def _subject(text: str, low: int, high: int, *, opens: bool) -> ActingGroup | None:
    """The noun phrase that fills the clause from its beginning to ``high``."""
    breaks = [match.end() for match in _CLAUSE.finditer(text, low, high)]
    if not breaks and not opens:
        return None
    begin = breaks[-1] if breaks else low
    lead = _LEADS.match(text, begin, high)
    begin = lead.end() if lead else begin
    while begin < high and text[begin] in " ‘’“”'\"(":
        begin += 1
    whole = _body().fullmatch(text, begin, high)
    if whole:
        return _of_body(text, whole)
    match = _group().fullmatch(text, begin, high)
    if match is None or not _people().fullmatch(match["head"]) or _is_possessive(match["core"]):
        return None
    if (match["quantifier"] or "").lower() in {"not all", "our", "his"} or (
        match["core"].lower() == "people" and not match["phrase"]
    ):
        return None  # no view of the whole; "two people voted against": nobody who is spoken of again
    return ActingGroup(
        match.start("quantifier") if match["quantifier"] else match.start("core"),
        match.end("phrase") if match["phrase"] else match.end("core"),
        _name(match),
        match["head"].lower(),
        match["quantifier"],
    )


def _is_possessive(core: str) -> bool:
    """ "The minister’s critics" are named by somebody who is not in the group; "Kent’s growers" are of a place."""
    return re.search(r"\b[a-z][\w-]*['’]s?\s", core) is not None and not re.match(r"[A-Z]", core)


def _name(match: re.Match[str]) -> str:
    """ "business leaders" in Taunton are "Taunton business leaders", governors at Halsby "governors at Halsby"."""
    core, where = match["core"], (match["where"] or "").strip()
    words = core.split()
    if len(words) == 1 or (
        words[0][1:].islower() and not re.search(r"['’]", words[0]) and words[0].lower() in _openers()
    ):
        core = core[:1].lower() + core[1:]
    place = re.fullmatch(rf"(?:the\s)?({_PLACE})", where)
    if place is None:
        return core
    link = (match["phrase"] or "").split()[0]
    return f"{place[1]} {core}" if link in {"in", "across", "from", "around"} else f"{core} {link} {where}"


@cache
def _openers() -> frozenset[str]:
    """Modifiers in small letters: with a capital they only open the sentence."""
    lexicon = corpora.lexicon("groups")
    return frozenset(word for word in (*lexicon["modifiers"], *lexicon["acting"]["modifiers"]) if word.islower())


def _of_body(text: str, match: re.Match[str]) -> ActingGroup:
    if match["whole"]:
        return ActingGroup(*match.span("whole"), match["whole"], match["whole"].split()[0], None, body=True)
    name = re.sub(r"^[Tt]he\s", "", " ".join(text[match.start("owner") : match.end("noun")].split()))
    return ActingGroup(*match.span("noun"), name, match["noun"].split()[-1], None, body=True)
