"""Groups: collectives that speak as one ("most LMCs", "Hampshire GP leaders", "unions")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import corpora
from nlp.alternatives import one_of
from nlp.names import not_a_name

_PLACE = r"[A-Z][\w’'-]+(?:(?: and | upon | on | of | the |[ -])?[A-Z][\w’'-]+){0,3}"
_TIME = (
    r"(?!(?:January|February|March|April|May|June|July|August|September|October|November|December|\w+day"
    r"|Spring|Summer|Autumn|Winter|Christmas|Easter)\b)"
)
_AREA = (
    rf"(?:\s+(?:in|across|around|throughout|from)\s+(?:the\s+)?{_TIME}(?P<area>{_PLACE}|country|region"
    rf"|capital|city|county|area))"
)
_AHEAD = re.compile(rf"\bIn (?P<area>{_PLACE}),? $")
#: Whose members, officers or consultants: "members of the GPC", "consultants at the Royal".
_OF = re.compile(
    rf"\s+(?P<link>of|at|on)\s+{_TIME}(?P<body>(?:the\s+)?[A-Z][\w’'&-]+(?:\s(?:[A-Z][\w’'&-]+|of|for|and)){{0,6}})"
)
#: What a head too common to stand alone needs behind it: a verb of speech, thought or choice.
_ACTS = re.compile(
    r"\s+(?:(?:had|have|also|now|then|later|there|who \w+|that (?:answered|responded|replied|took part))\s+){0,2}"
    r"(?:said|say|told|tell|warned|warn|argued|argue"
    r"|claimed|claim|believed?|thought|think|wanted?|voted?|rejected|backed|back|opposed?|supported|agreed?|welcomed|feared?"
    r"|complained|insisted?|preferred|prefer|recommend(?:ed)?|objected|called for|asked|expect(?:ed)?|consider(?:ed)?"
    r"|were (?:told|divided|split|unhappy|in favour|against))\b"
)


#: "Carers First said": a name that begins as a group does.
_NAME_GOES_ON = re.compile(rf"\s[A-Z][a-z]+(?:\s[A-Z][a-z]+)?(?={_ACTS.pattern})")


@dataclass(frozen=True, slots=True)
class GroupName:
    """A group in the text. ``name`` is without quantifiers, with place and body; ``quantifier`` is as printed."""

    start: int
    end: int
    name: str
    quantifier: str | None
    phrase_end: int = 0


@cache
def _grammar() -> re.Pattern[str]:
    lexicon = corpora.lexicon("groups")

    def choice(words: list[str]) -> str:
        return one_of(words, space=r"\s+")

    # a head or a modifier may open the sentence
    heads = [
        form for head in (*lexicon["heads"], *lexicon["long_forms"]) for form in (head, head[:1].upper() + head[1:])
    ]
    number = r"\d{1,3}(?:,\d{3})*"
    quantifiers = choice([word.lower() for word in lexicon["quantifiers"]])
    counted = rf"(?:(?:the|some|all|just|only)\s+)?(?:{quantifiers}|{number})"
    quantifier = rf"(?P<quantifier>{counted}(?:\s+the)?)\s+"
    first_capital = r"[A-Z][\w’'-]+"
    modifier = (
        rf"(?:(?:{choice([f for m in lexicon['modifiers'] for f in (m, m[:1].upper() + m[1:])])}"
        rf"|{first_capital})\s+){{0,4}}?"
    )
    return re.compile(
        rf"(?<![\w’'-])(?i:{quantifier})?(?P<core>(?P<modifiers>{modifier})(?P<head>{choice(heads)}))(?![\w-])(?!['’]s?\s+[a-z]){_AREA}?"
    )


@cache
def _last_words() -> re.Pattern[str]:
    """What every head ends with: two blocks of three have none, which shows in a fraction of the time."""
    lexicon = corpora.lexicon("groups")
    ends = {head.split()[-1] for head in (*lexicon["heads"], *lexicon["long_forms"])}
    return re.compile(one_of([*ends, *(end[:1].upper() + end[1:] for end in ends)]))


@cache
def _words() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Heads that cannot stand alone, all heads, and the words of modifiers."""
    lexicon = corpora.lexicon("groups")
    known = frozenset(part for m in lexicon["modifiers"] for part in (*m.split(), m[:1].upper() + m[1:]))
    return frozenset(lexicon["bare"]), frozenset(lexicon["heads"]), known


def find_groups(text: str, start: int, end: int) -> Iterator[GroupName]:
    """Yield the groups named in ``text[start:end]``, left to right."""
    if not _last_words().search(text, start, end):
        return
    lexicon = corpora.lexicon("groups")
    long_forms, bare, heads, known = lexicon["long_forms"], *_words()
    for match in _grammar().finditer(text, start, end):
        modifiers = [word for word in match["modifiers"].split() if not not_a_name(word) or word in known]
        if modifiers and modifiers[0] in lexicon["openers"]:  # "Should councils be allowed to charge?"
            modifiers = modifiers[1:]
        written = match["head"] if match["head"] in heads else match["head"][:1].lower() + match["head"][1:]
        head = long_forms.get(written, written)
        of = _OF.match(text, match.end(), end) if not match["area"] else None
        if _NAME_GOES_ON.match(text, match.end(), end):
            continue
        if not modifiers and head in bare and not (of or match["area"] or _ACTS.match(text, match.end(), end)):
            continue
        area = match["area"]
        if area is None:
            ahead = _AHEAD.search(text, max(start, match.start() - 60), match.start())
            area = ahead["area"] if ahead else None
        place = [area] if area and area[0].isupper() else []
        core = " ".join([*modifiers, head])
        name = " ".join([*place, core])
        if of and not modifiers:
            name = " ".join([name, of["link"], of["body"]])
        begin = (
            match.start()
            if match["quantifier"]
            else match.start("core") + match["core"].find((modifiers or [match["head"]])[0])
        )
        owned = of is not None and of["body"].endswith(("'s", "’s"))
        # "the unions at Kent University have backed it": the university has not
        yield GroupName(begin, match.end(), name, match["quantifier"], of.end() if of and not owned else match.end())
