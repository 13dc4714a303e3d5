"""Names of bodies that no register knows: by their endings, and behind an office."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from functools import cache

import corpora
from nlp.alternatives import one_of
from nlp.intervals import Intervals
from nlp.names import is_given, not_a_name, titles
from nlp.records import Block, Span

#: What a body does that speaks, and a capitalised name that does it.
SPEAKS = (
    r"(?:\s+(?:has|have|had|also|now|later|strongly|fully|firmly))?\s+(?:said|says|say|warned|warns|argued|argues"
    r"|claimed|claims|welcomed|welcomes|told|added|urged|believes?|insisted|opposes?|rejected"
    r"|backs|backed|supports|called)\b"
)
_BESIDE = r"(?:,\s(?:which|who|the|an?|one\sof)\s[^,.;:“”‘\"]{3,90},)?"
SUBJECT = re.compile(
    # the capital stands first, so that all else is passed over quickly
    rf"(?P<name>[A-Z](?<![\w’'-].)(?<!\bof .)(?<!\band .)(?<!\bfor .)(?<!\bin .)(?<!\bat .)(?<!\band the .)"
    rf"(?<!\bof the .)(?<!\bfor the .)(?<!\bin the .)(?:[A-Z]{{1,6}}|[a-z]{{3,}}(?:\s[A-Z][a-z]+){{0,2}}))"
    rf"{_BESIDE}{SPEAKS}"
)

#: Who sits for somewhere.
_SEATS = frozenset({"mp", "msp", "mep", "am", "ms", "peer"})


def speaking_names(text: str, block: Block, taken: Intervals) -> Iterator[str]:
    """Capitalised names that are said to speak and may be a body's, but for the end of a longer one."""
    lexicon = corpora.lexicon("names")
    for match in SUBJECT.finditer(text, block.start, block.end):
        words = [word for word in match["name"].split() if word not in lexicon["context"]["campaign_ends"]]
        part = _GOES_BACK.search(text, max(block.start, match.start() - 40), match.start())
        apart = not taken.overlaps(*match.span("name")) and not part
        if words and apart and match["name"] not in lexicon["post_nominals"] and may_be_body(words):
            yield match["name"]


#: "A passenger at Tyneford Interchange said": the name has more words before.
_GOES_BACK = re.compile(r"\b(?:at|in|of|from|for|near)\s(?:the\s)?(?:[A-Z][\w’'-]*\s)+$")


def may_be_body(words: Sequence[str]) -> bool:
    """Whether a capitalised name that speaks may be a body's: "Community Pharmacy Trent", and no "Deputy Cobb"."""
    first = words[0]
    if first in opening_words() or first in titles() or first.lower() in corpora.lexicon("roles")["heads"]:
        return False
    known = [not_a_name(word) for word in words]
    return not all(known) if len(words) > 2 else not any(known)


#: "One council officer said": one of several, and no place.
COUNTS = frozenset({"One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten"})
_MANY = re.compile(r"[A-Z]{2,}s")
#: "told Health Weekly the LMC would": what stands before the second of two names.
_TWO_NAMES = re.compile(r"(?:[A-Z][\w’'&-]*\s){2,}(?=the\s[A-Z]{2,})")


def unknown_bodies(text: str, block: Block, taken: Intervals) -> Iterator[tuple[int, int]]:
    for match in _body_pattern().finditer(text, block.start, block.end):
        two = _TWO_NAMES.match(match["name"])
        start = match.start("name") + (two.end() if two else 0)
        start += behind_office(text[start : match.end("name")])
        words = text[start : match.end("name")].split()
        while len(words) > 2 and (
            (words[0] in opening_words() and not_a_name(words[0])) or _only_opens(text, start, words)
        ):
            start += len(words[0])
            while text[start].isspace():
                start += 1
            words = words[1:]
        first = 1 if len(words) > 2 and words[0].lower() in corpora.lexicon("roles")["heads"] else 0
        if is_given(words[first]) and any(word in ("of", "from", "at") for word in words[first + 1 : first + 4]):
            continue  # "Maud Etherington of the Digital Inclusion Forum", or "Economist Maud …", is a person and a body
        both = words.index("and") if "and" in words[:-1] else 0
        if both and is_given(words[0]) and is_given(words[both + 1]):
            continue  # "Mary Orde and Kevin Court" are two people
        programme = _is_programme(text[start : match.end("name")])
        fresh = not programme and not taken.overlaps(start, match.end("name"))
        # "One CCG finance director said", "Five CCGs have said"
        counted = len(words) == 2 and (
            (words[0] == "One" and words[1].isupper()) or (words[0] in COUNTS and _MANY.fullmatch(words[1]) is not None)
        )
        if len(words) >= 2 and words[0] not in opening_words() and fresh and not counted:
            yield start, match.end("name")


def _only_opens(text: str, start: int, words: Sequence[str]) -> bool:
    """ "Developer Merrow Homes said": what the body is, with the capital of the sentence."""
    kinds = corpora.lexicon("names")["context"]["kinds"]
    opens = text[max(0, start - 2) : start].strip(" \n“‘\"'") in ("", ".", "!", "?")
    return opens and words[0][:1].lower() + words[0][1:] in kinds and words[1][:1].isupper()


def behind_office(name: str) -> int:
    """Where the body's name begins in an office with its body ("Chief Executive of Homes for Carers"); 0 for none.

    "Head of Housing" is an office to its end: what is left of it is one word, and no name.
    """
    match = _office_ahead().match(name)
    return match.end() if match else 0


@cache
def _office_ahead() -> re.Pattern[str]:
    heads = one_of([head.lower() for head in corpora.lexicon("roles")["heads"] if head != "GP"])
    words = r"(?:(?!(?:of|for|at)\s)[\w’'&-]+\s){0,4}?"
    return re.compile(rf"(?i:{words}{heads})\s(?:of|for)\s(?:the\s)?(?=[A-Z])")


def _is_programme(name: str) -> bool:
    """A fund, plan or field of care whose name looks like a body's ("the Better Care Fund")."""
    known = corpora.lexicon("names")["not_bodies"]
    return any(name == other or (other.endswith("Fund") and name.endswith(other)) for other in known)


@cache
def opening_words() -> frozenset[str]:
    """Words that open a sentence and never a body's name."""
    words = corpora.lexicon("names")["not_names"].split()
    return frozenset(words[: words.index("New")]) | {"Under", "Over", "Between", "Among", "Within", "Without"}


def whole_name(start: int, end: int, seen: Sequence[Span], taken: Intervals) -> tuple[int, int]:
    """The longer name around a body's name that the language pipeline sees: "Fenland and Wash ICB" for "Wash ICB"."""
    at = bisect_right(seen, start, key=lambda span: span.start)
    for span in seen[max(0, at - 1) : at]:
        free = span.start <= start and end <= span.end and not taken.overlaps(span.start, span.end)
        if free and not behind_office(span.text):
            return span.start, span.end
    return start, end


@cache
def _body_pattern() -> re.Pattern[str]:
    word = r"[A-Z][\w’'&-]*"
    joined = rf"(?:{word}|of|for|and|the|on|in|&)"
    head = one_of(corpora.lexicon("names")["organisation_heads"])
    tail = rf"(?:\s(?:of|for|on)\s(?:the\s)?{word}(?:\s(?:and\s)?{word}){{0,4}})"
    day = r"(?!\s(?:of|for|on)\s(?:the\s)?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)"
    ends = rf"{word}(?:\s{joined}){{0,6}}?\s{head}(?:\s{head})*(?:{day}{tail})?"
    return re.compile(
        rf"(?<![\w’'-])(?P<name>{ends}|(?:{head}|Convention|Ministry|Friends"
        rf"|Campaign){tail}|Chamber\sof\s(?:Commerce|Trade))(?![\w-])(?!\s(?:Act|Bill|Order|Regulations|Review|Report|Plan|Strategy"
        rf"|Weekly|Today|Gazette|News|Review)\b)"
    )


def names_by_office(text: str, block: Block, seen: Sequence[Span], taken: Intervals) -> Iterator[str]:
    """Names behind an office, as long as the language pipeline sees them (``seen``), without "the"."""
    line = _label_pattern().match(text[block.start : block.end])
    first = line["name"].split()[0] if line else ""
    if line and first not in opening_words() and not is_given(first):
        yield line["name"]
    for match in _ahead_pattern().finditer(text, block.start, block.end):
        words = match["name"].split()
        known = words[0] in opening_words() or words[0] in titles() or is_given(words[0])
        named = any(not not_a_name(word) for word in words) and not office_ends(words)
        if named and not known and not taken.overlaps(*match.span("name")):
            yield match["name"]
    for match in _office_pattern().finditer(text, block.start, block.end):
        name = re.sub(r"(?:\s(?:of|and|for|the|&))+$", "", re.sub(r"['’]s$", "", match["name"]))
        start, end = match.start("name"), match.start("name") + len(name)
        of_place = match.group().startswith(tuple(corpora.lexicon("roles")["of_places"]))
        inner = name.split()[1:-1]  # "chief officer for England Keith Ridge" names a person
        person = ends_in_person(name.split()) or any(is_given(word) for word in inner)
        fresh = name.split()[0] not in opening_words() and not person
        if not of_place and fresh and not taken.overlaps(start, end):
            whole = slice(*whole_name(start, end, seen, taken))
            yield re.sub(r"^[Tt]he\s", "", " ".join(text[whole].split()))


def office_ends(words: Sequence[str]) -> bool:
    """Whether the last of the words is an office: "Deputy Chief"."""
    heads = corpora.lexicon("roles")["heads"]
    return words[-1].lower() in heads or words[0].lower() in {*heads, "former", "acting", "interim", "shadow"}


def ends_in_person(words: Sequence[str]) -> bool:
    """Whether an office or a title with a name behind it ends the words: "Health and Care Secretary Ann Orde"."""
    heads = [
        i for i, word in enumerate(words[:-1]) if word in titles() or word.lower().removesuffix("s") in _person_heads()
    ]
    if not heads:
        return False
    named = words[heads[-1] + 1 :]
    known = words[heads[-1]] in titles() or is_given(named[0]) or len(named) == 2
    return known and len(named) <= 4 and all(word[0].isupper() and not not_a_name(word) for word in named)


@cache
def _person_heads() -> frozenset[str]:
    heads = corpora.lexicon("roles")["heads"]
    return frozenset({head for head in heads if head.islower() and " " not in head} | _SEATS)


@cache
def _ahead_pattern() -> re.Pattern[str]:
    """ "Community Pharmacy Trent chief officer Imran Dar": a name, an office in small letters, a person."""
    lexicon, word = corpora.lexicon("roles"), r"[A-Z][\w’&-]+"
    offices = one_of([each for each in lexicon["bodily"] if each not in lexicon["local"] and "council" not in each])
    return re.compile(
        rf"(?:\A|(?<=\n)|(?<=[.?!]\s))(?P<name>{word}(?:\s{word}){{1,4}})\s{offices}\s(?:(?:Dr|Prof|Mr|Mrs|Ms|Sir|Dame)\s)?"
        rf"[A-Z][a-z]+\s[A-Z]"
    )


@cache
def _label_pattern() -> re.Pattern[str]:
    """ "Ann Orde, chief executive, Homes for Carers:", where a line ends or a quotation opens."""
    word = r"[A-Z][\w’'&-]*"
    office = rf"(?i:(?:[a-z-]+\s){{0,3}}?{one_of([head.lower() for head in corpora.lexicon('roles')['heads']])})"
    return re.compile(
        rf"(?:{word}\s){{1,4}}{word},\s{office}(?:\s(?:of|for)\s[a-z][a-z ]{{2,30}})?,\s(?:the\s)?"
        rf"(?P<name>{word}(?:\s(?:{word}|of|and|for|the|&)){{1,5}})(?=\s*(?::|[–—-]\s|$))"
    )


@cache
def _office_pattern() -> re.Pattern[str]:
    """ "project officer with Chiltern Field Archaeology": an office, a link and a name nobody knows."""
    word = r"[A-Z][\w’'&-]*"
    noun = (
        r"(?:(?:campaign |pressure |lobby |local )?(?:group|charity|union|campaign|think ?tank|firm"
        r"|company|consultancy|body|operator|developer|supplier)\s+)?"
    )
    return re.compile(
        rf"\b{one_of(corpora.lexicon('roles')['heads'])}(?:\s+(?:for|of|and)\s+[a-z][a-z"
        rf" ,-]{{2,40}}?)?\s+(?:of|at|for|with)\s+(?:the\s+)?{noun}"
        rf"(?P<name>{word}(?:\s(?:{word}|of|and|for|the|&)){{0,5}})"
    )
