"""Names of bodies as long as the language pipeline sees them: nothing is cut off a name, and no body is left out
that a sentence is about.

The register finds "Wolds CCG" in "Marlbeck and Wolds CCG" where the first word opens a sentence, and "House of
Commons" in "House of Commons Library". On gold train 15 of 15 such longer names were those of the annotators.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import islice, takewhile

import corpora
from nlp.bodies import behind_office, ends_in_person
from nlp.called import parties
from nlp.described import noun_sort
from nlp.identities import slug
from nlp.intervals import Intervals
from nlp.names import AGE, is_given, not_a_name
from nlp.records import Block, Name, NameKind, Span, Stakeholder, StakeholderKind
from nlp.register import NameMatch

_WORD = re.compile(r"[\w’'&-]+")
#: Small words inside a name.
_SMALL = frozenset({"of", "and", "the", "for", "in", "on", "upon", "&", "NHS"})
#: What stands before a name that is somebody's, or one of many: "our ICB", "a Kent practice".
_POINTING = re.compile(r"(?:our|my|your|his|her|its|their|this|that|these|those|an?|no|any|some|every|both)\b", re.I)
#: What an office begins with that stands behind its body.
_RANKS = frozenset(
    {"General", "Chief", "Deputy", "Vice", "Regional", "National", "Managing", "Medical", "Assistant", "Joint"}
)
#: Offices that bodies are called by too: "the Northern Ireland Executive".
_STANDING = frozenset({"executive", "commissioner", "reviewer", "ombudsman", "registrar"})
#: "Sir Desmond Fell (Con, North Wold)": the seat of a member is no body.
_SEAT = re.compile(r"\((?:[A-Z][\w’'-]*\s?){1,3},\s$")
#: A name has no more words than this.
LONGEST = 9


def longer_names(
    text: str, start: int, end: int, matches: Sequence[NameMatch], names: Sequence[Name]
) -> Iterator[tuple[str, Stakeholder]]:
    """Names in ``text[start:end]`` that hold one name of the register and go on before or behind it.

    Yields the whole name as printed and a body of it: spelt as the register spells what it found.
    ``matches`` and ``names`` are in the order of the text.
    """
    at = 0
    first = bisect_left(names, start, key=lambda name: name.span.start)
    for name in takewhile(lambda name: name.span.start < end, islice(names, first, None)):
        span = name.span
        if name.kind is not NameKind.ORGANISATION:
            continue
        while at < len(matches) and matches[at].end <= span.start:
            at += 1
        inner = matches[at : at + 2]
        if not inner or inner[0].start >= span.end or (len(inner) == 2 and inner[1].start < span.end):
            continue  # none, or two bodies that are named side by side
        match = inner[0]
        before, behind = text[span.start : match.start], text[match.end : span.end]
        if match.stakeholder.id in parties() and before.rstrip().endswith(("'s", "’s")):
            continue  # "Leicester’s Labour mayor"
        if match.start >= span.start and match.end <= span.end and _is_part(before, behind):
            yield span.text, _body(span.text, before, behind, match)


def printed_longer(text: str, matches: Iterable[NameMatch]) -> Iterator[tuple[str, Stakeholder]]:
    """Names of the register that it finds cut elsewhere: "Eastmere and Wolds CCG" where it has "Wolds CCG" too."""
    bodies = {text[match.start : match.end]: match.stakeholder for match in matches}
    for name, body in bodies.items():
        words = name.split(" ")
        if any(" ".join(words[first:]) in bodies for first in range(1, min(len(words), LONGEST))):
            yield name, body


def _is_part(before: str, behind: str) -> bool:
    """Whether what stands around a known name belongs to it: "Marlbeck and …", "… Library"."""
    first, last = _WORD.findall(before), _WORD.findall(behind)
    if not {*first, *last} - _SMALL - {"The"} or len(first) + len(last) >= LONGEST:
        return False
    if any(word not in _SMALL and not word[0].isupper() for word in first) or _POINTING.match(before):
        return False
    if not last:
        return True
    if len(last) == 1 and last[0].islower() and noun_sort(last[0]) == "body":
        return False  # "the RCN union"
    if set(last) <= _RANKS:
        return False  # "RCN General" before "Secretary"
    of_officer = last[-1].lower() in _offices() - _STANDING and last[-1] not in _things()
    of_officer = of_officer or (last[-1].islower() and last[-1].removesuffix("s") in _offices() | {"executive"})
    if of_officer or any(word in _offices() for word in last) or ends_in_person([*first, "of", *last]):
        return False  # "Liberal Democrat councillor Ann Orde", "Treasury minister Ann Orde" are somebody
    if len(last) > 1 and is_given(last[0]) and not any(not_a_name(word) for word in last[1:]):
        return False  # "(Chief Secretary to the) Treasury Ann Orde"
    joins = bool({"and", "for", "&"} & set(last)) or behind[0] in "’',("
    return not joins and last[-1] not in _collectives() | _things()


def _body(whole: str, before: str, behind: str, match: NameMatch) -> Stakeholder:
    known = match.stakeholder.name
    place = re.sub(r"^(?:[Tt]he )?(?:NHS )?", "", " ".join(before.split()) + " ")
    printed = whole.removeprefix(before)
    spelt_alike = printed.split()[0].lower() == known.split()[0].lower()
    name = f"{place}{known}" if spelt_alike and place and not behind else re.sub(r"^[Tt]he ", "", whole)
    return Stakeholder(slug(name), " ".join(name.split()), StakeholderKind.ORGANISATION)


@cache
def _collectives() -> frozenset[str]:
    """Heads of groups: "Treasury officials" are no body."""
    return frozenset(head for head in corpora.lexicon("groups")["heads"] if " " not in head)


@cache
def _offices() -> frozenset[str]:
    return frozenset(head for head in corpora.lexicon("roles")["heads"] if head.islower() and " " not in head)


@cache
def _things() -> frozenset[str]:
    return frozenset(corpora.lexicon("names")["context"]["things"])


def acting_bodies(text: str, block: Block, names: Sequence[Name], taken: Intervals) -> Iterator[str]:
    """Names of bodies, of two capitals or more, that a clause is about or that stand behind what they are called.

    Of those on gold train that no rule finds, 32 of 38 are stakeholders; of all that the pipeline calls bodies and
    no rule finds, fewer than half.
    """
    first = bisect_left(names, block.start, key=lambda name: name.span.start)
    for name in takewhile(lambda name: name.span.start < block.end, islice(names, first, None)):
        acts = name.kind is NameKind.ORGANISATION and name.acts and not _is_somebody(text, name.span)
        acts = acts and not _SEAT.search(text, max(block.start, name.span.start - 40), name.span.start)
        if acts and _is_body(name.span.text) and not taken.overlaps(name.span.start, name.span.end):
            yield " ".join(name.span.text.split())


def _is_somebody(text: str, span: Span) -> bool:
    """ "Nurse Bernice Adu, 34, pays": an age behind a name, or an office before it, is a person's."""
    before = text[max(0, span.start - 24) : span.start].split()
    return AGE.match(text, span.end) is not None or bool(before and before[-1] in _offices())


def _is_body(name: str) -> bool:
    words = _WORD.findall(name)
    capitals = [word for word in words if word[0].isupper()]
    if len(capitals) < 2 or len(words) >= LONGEST or _POINTING.match(name) or ends_in_person(words):
        return False
    if behind_office(name) or any(word.islower() and noun_sort(word.removesuffix("s")) == "role" for word in words):
        return False  # "Parish council chairman Roy Kettle" is a person
    if len(words) > 2 and noun_sort(words[0].lower()) == "role" and is_given(words[1]):
        return False  # "Economist Neil Strand of the Fiscal Forum" too
    return words[-1] not in _collectives() | _things() and not all(not_a_name(word) for word in capitals)
