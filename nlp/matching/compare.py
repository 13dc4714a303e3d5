"""What speaks for and against a candidate: each comparison is small and pure, and says its reason.

The habit is that of nomenklatura's ``matching/compare``: one comparison, one score, one reason.
Spellings are compared with rapidfuzz's normalised Indel similarity of whole names: its weighted ratio
finds "British Medical Journal" 75 % like "BMA", as it takes parts of names for names.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from rapidfuzz import fuzz

from nlp.names import is_given, titles
from nlp.records import Stakeholder, StakeholderKind
from nlp.register import DatedName, Register, fold_name, initials

#: From here on two spellings are alike: one slip in eight letters.
ALIKE = 86
_SMALL = frozenset({"of", "the", "and", "for", "in", "on", "at", "to"})


@dataclass(frozen=True, slots=True)
class Point:
    """What one comparison gave (or, below zero, took), and why."""

    test: str
    score: float
    reason: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """The name that is looked for: as given without honorifics, folded, and the body that bears it, if one does."""

    text: str
    folded: str
    on: date | None
    body: Stakeholder | None

    @classmethod
    def of(cls, name: str, register: Register, on: date | None) -> Wanted:
        bare = _without_titles(name)
        return cls(bare, fold_name(bare), on, register.resolve(name, on))

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(self.folded.split())

    def relatives(self, register: Register) -> Iterator[str]:
        """The bearer of the name, and those before, after, above and below it."""
        if self.body:
            id = self.body.id
            yield id
            yield from register.predecessors(id)
            yield from register.successors(id)
            yield from register.parents(id)
            yield from register.children(id)


Test = Callable[[Wanted, Stakeholder], Point | None]


def _without_titles(name: str) -> str:
    words = name.split()
    while len(words) > 1 and words[0] in titles():
        words = words[1:]
    return " ".join(words)


def _named_so(wanted: Wanted, stakeholder: Stakeholder) -> str | None:
    """The alias that is the wanted name; in one word of capitals case counts ("WHO" is not "who")."""
    for alias in stakeholder.aliases:
        if fold_name(_without_titles(alias)) == wanted.folded and (not _is_short(alias) or alias == wanted.text):
            return alias
    return None


def _is_short(name: str) -> bool:
    """Whether the name is one word with capitals inside: an acronym."""
    return " " not in name and any(letter.isupper() for letter in name[1:])


def compare_name(wanted: Wanted, stakeholder: Stakeholder) -> Point | None:
    """The name itself."""
    if fold_name(stakeholder.name) != wanted.folded or (
        _is_short(stakeholder.name) and stakeholder.name != wanted.text
    ):
        return None
    return Point("exact name", 1.0, f"“{stakeholder.name}” is its name")


def compare_acronym(wanted: Wanted, stakeholder: Stakeholder) -> Point | None:
    """An acronym that the register or an article gives, letter for letter."""
    alias = _named_so(wanted, stakeholder)
    if alias is None or not _is_short(alias):
        return None
    return Point("acronym", 0.97, f"“{alias}” is a short name of it")


def compare_alias(wanted: Wanted, stakeholder: Stakeholder) -> Point | None:
    """Another name that the register or an article gives."""
    alias = _named_so(wanted, stakeholder)
    return Point("exact alias", 0.95, f"“{alias}” is another name of it") if alias else None


def compare_shape(wanted: Wanted, stakeholder: Stakeholder) -> Point | None:
    """A spelling that no list holds, of a body that is read from the shape of the name."""
    if wanted.body is None or wanted.body.id != stakeholder.id:
        return None
    return Point("shape of the name", 0.9, f"the name is read as “{stakeholder.name}”")


NAMING: tuple[Test, ...] = (
    compare_name,
    compare_acronym,
    compare_alias,
    compare_shape,
)


def compare_relation(wanted: Wanted, stakeholder: Stakeholder, register: Register) -> list[Point]:
    """Nearness to the body that bears the name: the same one under another name, before, after, above, below."""
    body, id = wanted.body, stakeholder.id
    if body is None:
        return []
    names = register.names_of(id)
    order = [name.id for name in names]
    if body.id in order:
        name = names[order.index(body.id)]
        word = "former name" if order.index(body.id) < order.index(id) else "later name"
        return [Point(word, 0.75, f"it was called “{name.name}”{_when(name)}")]
    kin = (
        (id in register.successors(body.id), "successor", 0.55, "took over from"),
        (id in register.predecessors(body.id), "predecessor", 0.55, "was taken over by"),
        (id in register.parents(body.id), "parent", 0.45, "is the parent of"),
        (body.id in register.parents(id), "part", 0.4, "is a part of"),
    )
    return [Point(test, score, f"{verb} “{body.name}”") for holds, test, score, verb in kin if holds][:1]


def _when(name: DatedName) -> str:
    since = f" from {_day(name.since)}" if name.since else ""
    return since + (f" until {_day(name.until)}" if name.until else "")


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def compare_life(wanted: Wanted, stakeholder: Stakeholder) -> Point | None:
    """Points taken from a body that did not stand on the day."""
    if wanted.on and stakeholder.start and wanted.on < stakeholder.start:
        return Point("not alive", -0.2, f"not yet there on {_day(wanted.on)}: it began on {_day(stakeholder.start)}")
    if wanted.on and stakeholder.end and stakeholder.end < wanted.on:
        return Point("not alive", -0.2, f"no longer there on {_day(wanted.on)}: it ended on {_day(stakeholder.end)}")
    return None


# Likeness: suggestions for a person. The points of all of them together stay under the least of a bearer.


def compare_acronym_case(wanted: Wanted, stakeholder: Stakeholder) -> Point | None:
    """An acronym that is written in other letters, such as "bma"."""
    for alias in (stakeholder.name, *stakeholder.aliases):
        if _is_short(alias) and alias != wanted.text and fold_name(alias) == wanted.folded:
            return Point("acronym in other letters", 0.6, f"“{alias}” but for capitals")
    return None


def compare_initials(wanted: Wanted, stakeholder: Stakeholder) -> Point | None:
    """Letters that the words of the name begin with, of a body that no list gives an acronym."""
    if stakeholder.kind is StakeholderKind.PERSON or not wanted.text.isupper() or len(wanted.text) < 3:
        return None
    if any(_is_short(alias) for alias in stakeholder.aliases) or initials(stakeholder.name) != wanted.text:
        return None
    return Point("initials", 0.4, f"the words of “{stakeholder.name}” begin with these letters")


def _other_names(wanted: Wanted, stakeholder: Stakeholder) -> list[str]:
    """The names that differ from the wanted one in more than capitals."""
    return [name for name in (stakeholder.name, *stakeholder.aliases) if fold_name(name) != wanted.folded]


def compare_tokens(wanted: Wanted, stakeholder: Stakeholder) -> Point | None:
    """Words that two names of bodies share, against all words of both (Jaccard)."""
    if stakeholder.kind is StakeholderKind.PERSON:
        return None
    mine = set(wanted.words) - _SMALL
    best, name = 0.0, ""
    for other in _other_names(wanted, stakeholder):
        theirs = set(fold_name(other).split()) - _SMALL
        share = len(mine & theirs) / len(mine | theirs) if mine | theirs else 0.0
        best, name = max((best, name), (share, other))
    if best < 0.5:
        return None
    return Point("token overlap", round(0.35 * best, 3), f"shares {best:.0%} of the words of “{name}”")


def compare_spelling(wanted: Wanted, stakeholder: Stakeholder) -> Point | None:
    """The whole name of a body or group with a slip or two."""
    if stakeholder.kind is StakeholderKind.PERSON or len(wanted.folded) < 5:
        return None
    likes = [(fuzz.ratio(wanted.folded, fold_name(name)), name) for name in _other_names(wanted, stakeholder)]
    like, name = max(likes, default=(0.0, ""))
    if like < ALIKE:
        return None
    return Point("similar spelling", round(0.003 * like, 3), f"spelt {like:.0f} % like “{name}”")


def compare_person(wanted: Wanted, stakeholder: Stakeholder) -> Point | None:
    """A surname with an initial, alone, or with a given name in another spelling; never with another given name."""
    words, theirs = wanted.words, tuple(fold_name(stakeholder.name).split())
    if stakeholder.kind is not StakeholderKind.PERSON or not words or not theirs or len(theirs) < 2:
        return None
    same = words[-1] == theirs[-1]
    if len(words) == 1:
        return Point("surname", 0.35, f"the surname of {stakeholder.name}") if same else None
    given, other = words[0], theirs[0]
    if same and 1 in (len(given), len(other)) and given[0] == other[0]:
        return Point("surname and initial", 0.55, f"the surname and initial of {stakeholder.name}")
    if same and given == other:
        return Point("surname and given name", 0.6, f"the names of {stakeholder.name} but for those between")
    if same and min(len(given), len(other)) > 2 and (given.startswith(other) or other.startswith(given)):
        return Point("short given name", 0.5, f"the surname, and a given name that {stakeholder.name} may be called by")
    return _slip(wanted, stakeholder)


def _slip(wanted: Wanted, stakeholder: Stakeholder) -> Point | None:
    """Two given names that are both in use are two people, however alike ("Jon" and "Joan")."""
    names = wanted.text.split()[0], stakeholder.name.split()[0]
    known = all(is_given(name.title()) for name in names)
    if known and names[0].lower() != names[1].lower():
        return None
    other = fold_name(stakeholder.name)
    like = fuzz.ratio(wanted.folded, other)
    if like < ALIKE or wanted.folded == other:
        return None
    return Point("similar spelling", round(0.005 * like, 3), f"spelt {like:.0f} % like {stakeholder.name}")


#: The first of these that holds says enough; the words and the letters of a name are counted together.
LIKENESS_ALONE: tuple[Test, ...] = (
    compare_acronym_case,
    compare_initials,
    compare_person,
)
LIKENESS_TOGETHER: tuple[Test, ...] = (compare_tokens, compare_spelling)
