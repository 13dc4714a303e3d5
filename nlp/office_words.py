"""The words of an office beside a name: "deputy chief executive", "Committee chairman", "director of planning"."""

from __future__ import annotations

import re
from functools import cache

import corpora
from nlp.alternatives import one_of
from nlp.cues import speech_forms

#: What an office is of: "of the county council", "for planning and growth", "for Children and Families".
_ROLE_TAIL = re.compile(
    r"(?:\s+(?:of|for|on)\s+(?:the\s+(?:[a-z-]+\s)?(?:council|board|trust|committee|party|union|college)"
    r"|(?!the\b)[a-z][a-z’'-]*(?:(?:,| and)?\s[a-z][a-z’'-]*){0,5}"
    r"|[A-Z][a-z’'-]+(?:(?:,| and| &)?\s[A-Z][a-z’'-]+){0,5}))?"
)
LEAD = re.compile(
    r"^(?:who (?:is|was|chairs|leads|heads|runs|represents)|and|now|also|currently|then|both|the|a|an"
    r"|his|her|its|their|our|week|month|year|night|yesterday|today|meanwhile)\s+",
    re.IGNORECASE,
)
_STANDING = re.compile(
    r"\b(?:shadow|former|acting|interim|deputy|junior|outgoing|then|ex|scottish|scotland['’]s|welsh|wales['’]s?)[\s-]+$",
    re.IGNORECASE,
)
#: "Its founder, mum-of-two Carly Shaw": what the popular press calls people besides.
_RELATION = re.compile(
    r",\s(?:local\s)?(?:mum|dad|mother|father|gran|grandmother|grandfather|pensioner|resident|businessman|businesswoman)"
    r"(?:-of-[\w-]+)?\s*$"
)


@cache
def not_role() -> re.Pattern[str]:
    """What ends before an office begins: "said the ", "warned "."""
    links = "by|to|from|with|that|when|as|after|before|since|because|while|although|though|if|where|who|than"
    links += "|but|and|of|in|at|for|was|is|were|are|has|had|the|a|an|its|their"
    return re.compile(rf".*\b(?:{links}|{one_of(speech_forms())}|{_DID})\s+")


#: Verbs of the past, but for what is said of people in an office: "retired", "London-based".
_OF_OFFICES = (
    "retired|elected|re-elected|unelected|appointed|experienced|disgraced|respected|based|educated|promoted|embattled"
    "|beleaguered|seasoned|ousted|sacked|suspended|shared|united|combined|integrated|advanced|registered|chartered"
    "|qualified|trained|allied|related|salaried|need|speed|seed|bed|red|med|aged|tied|called|skilled|so-called|reformed"
)
_DID = (
    rf"(?<![\w-])(?!(?:{_OF_OFFICES})\b)[a-z]{{2,}}ed|met|wrote|saw|sent|took|gave|put|held|made|found|left|beat|joined"
)


@cache
def tells_an_act() -> re.Pattern[str]:
    """A verb between a body and an office, which is another's then: "Unison emailed council leader Ann Orde"."""
    return re.compile(rf"\s(?:{_DID}|{one_of(speech_forms())})\s")


@cache
def office_heads() -> re.Pattern[str]:
    """The words that can be an office, in any case."""
    heads = [head.lower() for head in corpora.lexicon("roles")["heads"]]
    # a member of the Senedd is an MS, and Ms Vane is not
    return re.compile(rf"(?<![\w-])(?!(?-i:Ms)\b){one_of(heads)}(?![\w-])", re.IGNORECASE)


@cache
def _named_offices() -> tuple[str, ...]:
    """Offices that name their body, the longest first."""
    return tuple(sorted(corpora.lexicon("roles")["office_bodies"], key=len, reverse=True))


def names_office(words: str) -> bool:
    """Whether the words hold an office ("Chief Executive", "chair")."""
    return office_heads().search(words) is not None


#: "director North West", but not "chair Dr Vera Oldham called on".
_PLACES = re.compile(
    r"(?:\s+(?!(?:Dr|Mr|Mrs|Ms|Prof|Professor|Cllr|Sir|Lord)\b)(?:[A-Z][\w’'&-]*,?|of|and|for|the|&))+"
)


def ends_in_role(words: str) -> bool:
    """Whether nothing but what an office is of stands behind the last one: "chief executive for Kent"."""
    stripped = words.rstrip(" ,")
    heads = list(office_heads().finditer(stripped))
    if not heads:
        return False
    tail = stripped[heads[-1].end() :]
    return not tail.strip() or bool(re.match(r"\s+(?:for|of|on|and)\s+[\w ,&-]+$", tail) or _PLACES.fullmatch(tail))


def last_role(left: str) -> tuple[int, str] | None:
    """Offset and words of a role that ends where the name begins: "deputy chief executive "."""
    stripped = _RELATION.sub("", left).rstrip(" ,")
    heads = [m for m in office_heads().finditer(stripped) if _ROLE_TAIL.fullmatch(stripped, m.end())]
    if not heads:
        return None
    office = next((known for known in _named_offices() if re.search(rf"(?<![\w-]){known}$", stripped.lower())), None)
    if office and not stripped.endswith(office):  # "Policing Minister" with capitals as "policing minister"
        standing = _STANDING.search(stripped[: -len(office)])
        at = len(stripped) - len(office) - (len(standing.group()) if standing else 0)
        return at, stripped[at:]
    first = heads[0].start()
    phrase = re.search(
        r"(?<![\w’'-])(?:(?:Shadow|Former|Acting|Interim|Deputy|Junior|Outgoing|Panel|Committee|Trust|College|Hospital|Federation)\s+)?"
        r"(?:(?:[a-z][\w-]*|[A-Z]{2,}[\w]*)\s+){0,4}$",
        stripped[:first],
    )
    lead = not_role().sub("", phrase.group()) if phrase else ""
    words = lead + stripped[first:]
    while (shorter := LEAD.sub("", words)) != words:
        words = shorter
    return len(stripped) - len(words), words
