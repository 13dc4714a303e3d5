"""People told by party or place: "the Labour councillor", "the Fulwell councillor", "the Conservative".

Reports of councils and parliament name a speaker once, with party and ward in brackets or in a clause, and then call
them by either. Party and place must be said of the person that is meant; who else holds the office does not matter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

import corpora
from nlp.alternatives import one_of
from nlp.called import parties
from nlp.records import Mention, Stakeholder, StakeholderKind

#: So far behind and before a name a place or party may be said of it, in characters.
BEHIND, BEFORE = 70, 90
_SEAT = re.compile(r"\b(?:Cllr|Coun|Councillor|councillor|MP|MSP|MS|AM|Lord|Lady|Baroness)\b")
#: How members of parliament call each other, and reports of it whoever spoke right before.
_IN_DEBATE = re.compile(
    r"[Tt]he\s(?:noble\s(?:[Ll]ord|[Ll]ady|[Bb]aroness|[Bb]aron|[Ee]arl|[Vv]iscount|[Pp]eer)"
    r"|(?:right\s)?hon(?:ourable|\.)?\s(?:[Gg]entleman|[Ll]ady|[Mm]ember))"
)
_SENTENCE_END = re.compile(r"[.!?;\n]")


@cache
def _pattern() -> re.Pattern[str]:
    lexicon = corpora.lexicon("roles")["qualified"]
    words = r"(?P<words>(?:[A-Z][\w’'&-]+\s(?:(?:and|upon|on)\s)?){1,4}|independent\s)"
    party = one_of(lexicon["parties"])
    return re.compile(
        rf"[Tt]he\s(?:{words}(?:ward\s|county\s|city\s|borough\s|district\s|parish\s)?(?:{one_of(lexicon['nouns'])})"
        rf"|(?P<party>{party})(?=\W*$|[.,]|\s(?:(?:has|had|also|then|later)\s)?(?:{one_of(lexicon['says'])})(?!\w)))(?![\w’'-])"
    )


def party_descriptions(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where such descriptions stand: a party's name inside one names a member, and not the party."""
    return [match.span() for match in _pattern().finditer(text, start, end)]


def find_qualified(
    text: str,
    place: tuple[int, int],
    mentions: Sequence[Mention],
    known: Mapping[str, Stakeholder],
    spoke: Sequence[tuple[int, str]] = (),
) -> str | None:
    """Whom the description at ``place`` means: the person named last of whom party or place is said.

    ``mentions`` are those before it, in the order of the text. A bracket, an office or a clause of the name itself
    counts before what only stands in its sentence or the one before. Of nobody else, it is the councillor who
    ``spoke`` last, right before.
    """
    match = _pattern().fullmatch(text, *place)
    if (
        match is None
        and spoke
        and _IN_DEBATE.fullmatch(text, *place)
        and text.count("\n\n", spoke[-1][0], place[0]) <= 1
    ):
        return spoke[-1][1] if known[spoke[-1][1]].kind is StakeholderKind.PERSON else None
    if match is None:
        return None
    wanted = (match["words"] or match["party"]).strip()
    spelt = corpora.lexicon("roles")["qualified"]["spellings"]
    spellings = spelt.get(wanted, [wanted])
    told = re.compile(rf"(?<![\w-]){one_of([wanted, *spellings])}(?![\w-])")
    people = [each for each in mentions if known[each.stakeholder or ""].kind is StakeholderKind.PERSON]
    for says in (_of_name, _behind, _before):
        found = next((each.stakeholder for each in reversed(people) if told.search(says(text, each))), None)
        if found:
            return found
    return _goes_on(
        text, place[0], people, spoke[-1] if spoke else None, by_party=match["words"] is None or wanted in spelt
    )


def _goes_on(
    text: str, start: int, people: Sequence[Mention], spoke: tuple[int, str] | None, *, by_party: bool
) -> str | None:
    """A councillor or member whose words stand right before, if nothing says that they are of another party."""
    if spoke is None or text.count("\n\n", spoke[0], start) > 1:
        return None
    named = [each for each in people if each.stakeholder == spoke[1]]
    of_party = any(each.affiliation and each.affiliation.organisation in parties() for each in named)
    sits = any(_SEAT.search(_of_name(text, each)) for each in named)
    last = people[-1].stakeholder if people else None
    if named and last == spoke[1] and not any(each.affiliation for each in named):
        return spoke[1]  # "Ann Orde warned of it. The Labour MP told the Commons"
    return spoke[1] if (sits or of_party) and not (of_party and by_party) else None


def _of_name(text: str, mention: Mention) -> str:
    return text[mention.extent.start : mention.extent.end]


def _behind(text: str, mention: Mention) -> str:
    """What the sentence goes on with: ", who represents Fulwell"."""
    stretch = text[mention.extent.end : mention.extent.end + BEHIND]
    stop = _SENTENCE_END.search(stretch)
    clause = stretch[: stop.start()] if stop else stretch
    return clause if clause.lstrip().startswith(("(", ",", "who", "of", "for", "from")) else ""


def _before(text: str, mention: Mention) -> str:
    """What stands before the name in its paragraph: "The Green group backed it. Its leader, Cllr A"."""
    stretch = text[max(0, mention.extent.start - BEFORE) : mention.extent.start]
    return stretch.rpartition("\n")[2]
