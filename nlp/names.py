"""Names of people as the press writes them: titled, full, or by surname once introduced."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import corpora
from nlp.alternatives import one_of

#: Capital letters of names in Britain: Latin with and without accents.
CAPITALS = "A-Z" + "".join(chr(c) for c in range(0xC0, 0x250) if chr(c).isupper())
_CAP = f"[{CAPITALS}]"
_REST = r"[\w\u0300-\u036f]*"
_WORD = rf"{_CAP}{_REST}(?:['’]{_CAP}{_REST})?(?:-{_CAP}{_REST})*"
_TOKEN = rf"(?:{_CAP}\.(?:{_CAP}\.)*|(?:Mc|Mac|O['’]|D['’]|St\. ?|St )?{_WORD})"
_PARTICLES = r"(?:(?:de|van|von|der|den|du|da|di|la|le|bin|al|el|ap)[ \u00a0]){0,3}"
_RUN = re.compile(rf"(?<![\w'’-]){_PARTICLES}{_TOKEN}(?:[ \u00a0]{_PARTICLES}{_TOKEN})*")
_SURNAME = re.compile(rf"(?<![\w-]){_WORD}")
_PIECE = re.compile(r"[^ \u00a0]+")
_SAID_AFTER = re.compile(
    r"(?:['’]s)?,?\s+(?:who\s+)?(?:has |had |also |then |later )?(?:said|says|told|added|adds"
    r"|warned|argued|argues|wrote|writes|asked|believes|believed|insisted|explained|called|claimed"
    r"|claims|urged|agreed|replied|concluded|admitted|described)\b"
)
#: "Ann Orde, MP for Mid Norvale, said": the last name is of a place.
_PLACED = re.compile(
    r"\b(?:MP|MSP|MEP|AM|[Mm]ember|[Cc]ouncillor|[Mm]ayor|[Pp]eer)\s(?:for|of)\s(?:the\s)?(?:(?:North|South|East|West|Mid|Central|New|Great|Upper|Lower)(?:\s|-)){0,2}$"
)
_SAID_BEFORE = re.compile(
    r"\b(?:said|says|added|adds|argued|argues|wrote|writes|warned|according to|claimed|claims|asked|explained)\s+$"
)
#: What stands before the first word of a sentence.
_OPENS = re.compile(r"(?:^|[.?!:]\s|\n)[“‘\"']?$")
#: "Bernice Adu, 34, pays": only people have an age.
AGE = re.compile(r",\s+(?:aged\s+)?\d{1,3}(?=,|\s+and\b)")
_KIN = re.compile(
    r"\b(?:[Hh]er|[Hh]is|[Tt]heir)\s(?:[a-z-]+\s)?(?:husband|wife|son|daughter|mother|father|mum|dad|partner|sister|brother"
    r"|neighbour|friend|colleague),?\s$"
)
_MAX_TOKENS = 4


@dataclass(frozen=True, slots=True)
class PersonName:
    """A name in the text: offsets take in the title, ``name`` leaves it out; ``full`` with more than a surname."""

    start: int
    end: int
    name: str
    title: str | None

    @property
    def styled(self) -> str | None:
        """The surname with the title that belongs to it ("Baroness Orde"); None for anybody with a given name."""
        rank = self.title.split()[-1] if self.title else ""
        return f"{rank} {self.name}" if rank in _peers() and not self.full else None

    @property
    def full(self) -> bool:
        return self.name != self.surname

    @property
    def surname(self) -> str:
        """The last name with the particles before it ("van der Meer")."""
        parts = self.name.split()
        first = next((i for i, part in enumerate(parts) if part.islower()), len(parts) - 1)
        return " ".join(parts[first:])


@cache
def _given() -> frozenset[str]:
    return frozenset(corpora.lexicon("names")["given"].split())


@cache
def _not_names() -> frozenset[str]:
    return frozenset(corpora.lexicon("names")["not_names"].split()) | frozenset(
        word for head in corpora.lexicon("names")["organisation_heads"] for word in head.split()
    )


@cache
def titles() -> frozenset[str]:
    """What may stand before the name of a person ("Dr", "Professor Dame")."""
    return frozenset(corpora.lexicon("names")["titles"])


@cache
def _peers() -> frozenset[str]:
    return frozenset(corpora.lexicon("names")["peers"])


@cache
def _role_before() -> re.Pattern[str]:
    field = r"(?-i:\s(?:of|for)\s[a-z]+(?:(?:,|\sand)?\s[a-z]+){0,4})?"
    return re.compile(rf"\b{_role_heads()}{field},?\s+$", re.IGNORECASE)


@cache
def _role_after() -> re.Pattern[str]:
    return re.compile(rf",\s+(?:\w[\w’'&-]*\s+){{0,7}}{_role_heads()}\b", re.IGNORECASE)


def _role_heads() -> str:
    return one_of(head.lower() for head in corpora.lexicon("roles")["heads"])


_POSSESSIVE = re.compile(r"['’]s?$")
_MAY_OWN = frozenset("'’s")


def find_people(text: str, start: int, end: int, taken: Sequence[tuple[int, int]] = ()) -> Iterator[PersonName]:
    """Yield titled and full names in ``text[start:end]``, left to right, outside the ``taken`` offsets (sorted)."""
    at = 0
    for run in _RUN.finditer(text, start, end):
        pieces = [(m.start() + run.start(), m.end() + run.start()) for m in _PIECE.finditer(run.group())]
        free: list[tuple[int, int]] = []
        for piece in pieces:
            while at < len(taken) and taken[at][1] <= piece[0]:
                at += 1
            if at < len(taken) and taken[at][0] < piece[1]:
                yield from _names_in(text, free, start, end)
                free = []
            else:
                free.append(piece)
        yield from _names_in(text, free, start, end)


def _names_in(text: str, pieces: list[tuple[int, int]], start: int, end: int) -> Iterator[PersonName]:
    i = 0
    while i < len(pieces):
        # a name is no longer than its titles and a few words
        words = [_bare(text[a:b]) for a, b in pieces[i : i + _MAX_TOKENS + 3]]
        taken = _titled(words) or _known(words) or _by_context(text, pieces, i, words, start, end)
        taken = taken or _alone(text, pieces, words, start, end)
        if not taken:
            i += 1
            continue
        skip, length = taken
        first, last = pieces[i], pieces[i + length - 1]
        name_start = pieces[i + skip][0]
        finish = last[1] - (len(text[last[0] : last[1]]) - len(_bare(text[last[0] : last[1]])))
        title = text[first[0] : pieces[i + skip - 1][1]] if skip else None
        yield PersonName(first[0], finish, " ".join(text[name_start:finish].split()), title)
        i += length


def is_given(word: str) -> bool:
    """Whether the word is a given name."""
    return word in _given()


def not_a_name(word: str) -> bool:
    """Whether the word may stand capitalised without being part of a name."""
    return word in _not_names()


def _bare(word: str) -> str:
    """The word without a possessive ending."""
    return _POSSESSIVE.sub("", word) if word[-1:] in _MAY_OWN else word


def _name_word(word: str) -> bool:
    return word not in _not_names() and not (len(word) > 1 and word.isupper() and "." not in word)


def _goes_on(words: list[str], first: int, at: int, *, titled: bool) -> bool:
    """Whether a name that begins at ``first`` has the word at ``at``: "Dr Green" is somebody, "Green Party" nobody."""
    word, lexicon = words[at], corpora.lexicon("names")
    if _name_word(word):
        return True
    ends = at - first <= 1 and (at + 1 == len(words) or not _name_word(words[at + 1]))
    return ends and (word in lexicon["surnames"] or (titled and word in lexicon["surnames_behind_titles"]))


def _titled(words: list[str]) -> tuple[int, int] | None:
    """(tokens of title, tokens in all) for "Dr Nigel Watson"."""
    skip = 0
    while step := _title_length(words[skip : len(words) - 1]):
        skip += step
    if not skip:
        return None
    length = skip
    while length < min(len(words), skip + _MAX_TOKENS) and (_goes_on(words, skip, length, titled=True)):
        length += 1
    while length > skip and words[length - 1].islower():
        length -= 1
    return (skip, length) if length > skip else None


def _title_length(words: list[str]) -> int:
    """Of how many words a title is that these open with: "Dr", "Chief Inspector"; 0 for none."""
    return next((n for n in (3, 2, 1) if len(words) >= n and " ".join(words[:n]) in titles()), 0)


def _known(words: list[str]) -> tuple[int, int] | None:
    """A known given name, or initials, and what follows."""
    if len(words) < 2 or not (
        words[0] in _given() or words[0].split("-")[0] in _given() or re.fullmatch(r"(?:[A-Z]\.)+", words[0])
    ):
        return None
    length = 1
    while length < min(len(words), _MAX_TOKENS) and (_goes_on(words, 0, length, titled=False)):
        length += 1
    while length > 1 and words[length - 1].islower():
        length -= 1
    return (0, length) if length >= 2 else None


def _by_context(
    text: str, pieces: list[tuple[int, int]], first: int, words: list[str], start: int, end: int
) -> tuple[int, int] | None:
    """A run of two or three capitalised words beside a role or a verb of speech is a person."""
    rest = len(pieces) - first
    if not 2 <= rest <= 3 or not all(_name_word(word) for word in words):
        return None
    head, tail = pieces[first][0], pieces[-1][1]
    if rest == 3 and is_given(words[1]) and not is_given(words[0]) and _OPENS.search(text, max(0, head - 3), head):
        return None  # "Villager Ken Dobbs": the first word has its capital from the sentence
    before, after = text[max(start, head - 60) : head], text[tail : min(end, tail + 90)]
    if _PLACED.search(before):
        return None
    said = _SAID_AFTER.match(after) or _SAID_BEFORE.search(before)
    role = _role_before().search(before) or _role_after().match(after) or AGE.match(after)
    return (0, rest) if said or role else None


def _alone(text: str, pieces: list[tuple[int, int]], words: list[str], start: int, end: int) -> tuple[int, int] | None:
    """A given name alone, with an age or behind whose bearer it is: "Dawn, 54, from Hull", "her husband, Marc"."""
    if len(pieces) != 1 or not is_given(words[0]):
        return None
    low, high = pieces[0]
    return (0, 1) if AGE.match(text, high, end) or _KIN.search(text, max(start, low - 40), low) else None


def find_surnames(text: str, start: int, end: int, surnames: frozenset[str]) -> Iterator[tuple[int, int, str]]:
    """Yield offsets and name of every bare surname out of ``surnames``."""
    for match in _SURNAME.finditer(text, start, end):
        if match.group() in surnames:
            yield match.start(), match.end(), match.group()


def by_given_name(name: PersonName, full: Iterable[str]) -> str | None:
    """Which of the ``full`` names "Dame Carol" or "Carly" is, if only one has that given name."""
    title = (name.title or "").split(" ")[-1]
    if name.full or title not in {"Sir", "Dame", ""} or not (title or is_given(name.name)):
        return None
    called = [other for other in full if other.split()[0] == name.name]
    return called[0] if len(called) == 1 else None
