"""The names of writers, as the UK press prints them: bylines, standfirsts, sign-offs, signatures of letters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

import corpora
from nlp.identities import slug
from nlp.names import CAPITALS, is_given, not_a_name
from nlp.office_words import names_office as is_office
from nlp.records import BlockKind, Stakeholder, StakeholderKind
from nlp.voice import Line

_WORD = rf"(?:(?:Mc|Mac|[OD]['’])?[{CAPITALS}][\w\u0300-\u036f]+(?:['’-][\w]+)*|[{CAPITALS}]\.?(?:-?[{CAPITALS}]\.?)*)"
_PARTICLE = r"(?:(?:de|van|von|der|den|du|da|di|la|le|bin|al|el|ap|ferch) ){0,3}"
_TITLE = (
    r"(?:\(?(?:The|Dr|Prof|Professor|Sir|Dame|Lord|Lady|Baroness|Mr|Mrs|Ms|Miss|Mx|Cllr|Coun|Councillor|Rev|Reverend"
    r"|Canon|Revd|DR|PROFESSOR|MR|MRS|MS|SIR|CLLR)\b\.?\)? ){0,3}"
)
_NAME = rf"{_WORD}(?: {_PARTICLE}{_WORD}){{1,3}}"
_LEAD = (
    r"(?:(?:by|words|words by|written by|authors?|blog by|column by|from|posted by|opinion|comment|blog"
    r"|exclusive by)\b:? (?:by )?"
    r"|(?:opinion|comment|blog)\s*[|•·–-]\s*)?"
)
#: A line that begins with a name: what comes before it, the name, what follows it.
_LINE = re.compile(
    rf"^(?P<lead>(?i:{_LEAD}))(?P<title>{_TITLE})(?P<name>{_NAME})(?P<rest>(?:\s*[,|•·(/@–—:;-].*|\s+at \d.*|\.)?)$"
)
_POSTED = re.compile(rf"^(?i:posted|written|published)(?: on .{{4,30}})? by (?P<name>{_WORD}(?: {_WORD}){{0,3}})")
_TELLS = (
    r"writes|asks|argues|wonders|explains|reflects|looks|makes|considers|says|reports|describes|calls|sets out|believes"
    r"|on (?:why|how|what|the)|explores|finds|reveals|recalls|remembers|thinks|warns|sees|wants|has"
)
_BEFORE_NAME = re.compile(rf"\b(?:writes|argues|asks|says|explains|wonders) (?:{_TITLE})(?P<name>{_NAME})\W*$")
_AFTER_NAME = re.compile(rf"(?:^|[.?!] |, )(?:{_TITLE})(?P<name>{_NAME})(?:, [^,]{{3,60}},)? (?:{_TELLS})\b")
_SIGNER = re.compile(r"^(?:The|This) (?:writer|author|columnist|blogger) (?:is|was|works|writes)\b")
_EDITOR = re.compile(r"[-–—] ?Ed(?:itor)?\.?\W*$|^(?:The editor|[A-Z][\w& ]{2,30}) (?:writes|replies):|^\[")
_NAMELESS = re.compile(
    r"^(?:name|names)(?: and address(?:es)?)? (?:supplied|withheld|provided)\b.{0,60}$", re.IGNORECASE
)
_OPENS = re.compile(
    r"^(?:(?:dear )?(?:sirs?|madam|sir or madam|editor)"
    r"|dear (?:all|(?:fellow )?(?:colleagues?|members?|residents?|parents|friends|patients?|neighbours?)"
    r"|(?:prime |first )?minister|secretary of state|chancellor|(?:mr|mrs|ms|dr|sir|dame|lord|professor) [\w’'-]+"
    r"(?: [\w’'-]+)?))(?:,|:| ?[–—-]) ?",
    re.IGNORECASE,
)
#: A signature has no more words than this, and the letter above it no fewer than that.
_SIGNATURE, _LETTER = 16, 15
#: Of those who sign one letter so many more are given its words.
SIGNATORIES = 11


@dataclass(frozen=True, slots=True)
class Signed:
    """A name under or over the blocks ``first``-``last``, and what stands beside it ("chair, Kent LMC")."""

    name: str
    rest: str
    first: int
    last: int
    line: int = -1

    @property
    def place(self) -> int:
        """The line with the name, where others sign below the first."""
        return self.last if self.line < 0 else self.line


def tidy(name: str) -> str:
    """A name in capital letters as it is written elsewhere ("ROSA O’NEIL-BROWN" -> "Rosa O’Neil-Brown")."""
    words = [_lowered(word) if len(word.rstrip(".")) > 2 and word.isupper() else word for word in name.split()]
    return " ".join(words)


def _lowered(word: str) -> str:
    word = re.sub(r"[^\W\d_]+", lambda m: m.group().capitalize(), word)
    word = re.sub(r"(['’])S$", r"\1s", word)
    return re.sub(r"^Mc(\w)", lambda m: "Mc" + m[1].upper(), word)


@cache
def _no_names() -> frozenset[str]:
    heads = corpora.lexicon("names")["organisation_heads"]
    words = corpora.lexicon("genres")["writers"]["no_names"].split()
    return frozenset({*words, *(word for head in heads for word in head.split())})


@cache
def _sign_off() -> re.Pattern[str]:
    """ "Ann Orde is a GP in Leeds", "Jo Pell writes on tax"."""
    offices = "|".join(corpora.lexicon("genres")["writers"]["offices"].split())
    return re.compile(
        rf"^{_TITLE}(?P<name>{_NAME})(?:,? (?:[A-Z]{{2,7}},? ){{0,3}})? ?(?:(?:is|was|has been|works as)"
        rf" (?!not\b)(?:[\w’'&-]+,? ){{0,7}}?(?i:{offices})s?\b"
        # any trade, where the line says no more: "Jo Pell is a bus driver in Leeds"
        r"|(?:is|was) an? (?:[\w’'-]+ ){1,4}(?:in|of|at|for|from|with) (?:the )?[A-Z][\w’' -]{1,40}\.?$"
        r"|(?:writes|chairs|works|edits|leads|teaches|blogs|practises|tweets)\b(?! that))"
    )


def _is_person(name: str) -> bool:
    words = [tidy(word) for word in name.split()]
    return not any(not_a_name(word) or word in _no_names() for word in words)


def named_line(text: str) -> re.Match[str] | None:
    """The line as a name with what stands around it, None when it is anything else (groups lead, name, rest)."""
    match = _LINE.match(text.strip())
    return match if match and _is_person(match["name"]) else None


class People:
    """The people of an article, to be looked up by the names that writers sign with."""

    def __init__(self, known: Iterable[Stakeholder]) -> None:
        self._named: dict[str, Stakeholder] = {}
        self._surnames: dict[str, list[Stakeholder]] = {}
        for person in known:
            if person.kind is StakeholderKind.PERSON:
                for id_ in (person.id, *(slug(name) for name in (person.name, *person.aliases))):
                    self._named.setdefault(id_, person)
                if " " not in person.name:
                    self._surnames.setdefault(person.name.lower(), []).append(person)

    def find(self, name: str) -> Stakeholder:
        """The person of that name, by the full name or an only surname; else a new one."""
        name = tidy(" ".join(name.split()))
        if found := self._named.get(slug(name)):
            return found
        surname = self._surnames.get(name.split()[-1].lower(), ())
        return surname[0] if len(surname) == 1 else Stakeholder(slug(name), name, StakeholderKind.PERSON)


def sign_off(foot: Sequence[Line]) -> str | None:
    """ "Name is the editor of …" in one of the last lines."""
    for line in reversed(foot):
        match = _sign_off().match(line.text)
        if match and len(line.text) <= 320 and _is_person(match["name"]):
            return match["name"]
    return None


def is_signed(foot: Sequence[Line]) -> bool:
    """Whether a last line tells who "the writer" is, whose name stands above."""
    return any(_SIGNER.match(line.text) for line in foot)


def ends_signed(lines: Sequence[Line]) -> bool:
    """Whether a letter ends in who wrote it: "From Dr Ann Orde", "Dr Ann Orde, chair, Kent LMC"."""
    last = (named_line(line.text) for line in lines[-2:] if line.words <= _SIGNATURE)
    return any(match and (match["rest"].startswith(",") or match["lead"].lower().startswith("from")) for match in last)


#: What reporters are called in their bylines.
_REPORTER = re.compile(
    r"\b(?:correspondent|reporter|editor|journalist|staff|writer|news|desk|political|health|business|agency)\b",
    re.IGNORECASE,
)


def names_office(line: str) -> bool:
    """Whether a byline gives its writer an office, which is no reporter's: "By Ann Orde, BASW chief executive"."""
    match = named_line(line)
    by = match is not None and match["lead"].lower().strip(": ") in {"by", "written by", "words by"}
    rest = match["rest"] if match else ""
    return by and not _REPORTER.search(rest) and is_office(rest)


def posted_by(lines: Sequence[Line]) -> str | None:
    """ "Posted by Name at 21:14"; a blog may give no surname."""
    found = (_POSTED.match(line.text) for line in lines if line.words <= 20)
    return next((m["name"] for m in found if m and _is_person(m["name"])), None)


def first_name_of(authors: str) -> str:
    """The first of the authors that a page names ("By Ann Orde and Jo Pell" -> "Ann Orde"), without titles."""
    first = re.split(r"\s*(?:,|;|\band\b|&|\|)\s*", re.sub(r"^(?i:by) ", "", authors.strip()))[0]
    return re.sub(rf"^{_TITLE}", "", f"{first} ").strip() or authors


def byline(head: Sequence[Line], title: str | None) -> str | None:
    """The name at the head: "By Name", a line that is a name, "writes Name", "Name asks …"."""
    short = [(line, named_line(line.text)) for line in head if line.words <= _SIGNATURE and line.text != title]
    lines = [match for _, match in short if match]
    for match in lines:
        if match["lead"]:
            return match["name"]
    given = [m["name"] for m in lines if is_given(tidy(m["name"].split()[0]))]
    for line in head:
        told = _BEFORE_NAME.search(line.text) or _AFTER_NAME.search(line.text)
        if told and _is_person(told["name"]):
            given.append(told["name"])
    return next(iter([*given, *(m["name"] for m in lines)]), None)


def signature(foot: Sequence[Line]) -> tuple[str, str] | None:
    """A name at the foot on a line of its own, with the office beside or below it ("Dr Ann Orde", "Secretary")."""
    for at in range(len(foot) - 1, -1, -1):
        line = foot[at]
        match = named_line(line.text) if line.words <= _SIGNATURE else None
        # a bare name among furniture may be anybody's; with an office it signs
        if match and not match["lead"] and (match["rest"] or line.kind is not BlockKind.BOILERPLATE):
            below = foot[at + 1].text if at + 1 < len(foot) and foot[at + 1].words <= 8 else ""
            return match["name"], f"{match['rest']} {below}".strip(" ,.")
    return None


def opens_letter(text: str) -> bool:
    """Whether a paragraph begins as letters to the press do ("SIR - ", "Dear Editor,")."""
    return bool(_OPENS.match(text))


def signed_letters(lines: Sequence[Line]) -> Iterator[Signed]:
    """Each letter with the name under it, or over it after "From"; the editor's notes belong to none."""
    first, words, over = 0, 0, ""
    signed, others = None, 0
    for at, line in enumerate(lines):
        match = named_line(line.text) if line.words <= _SIGNATURE else None
        if (
            match
            and match["lead"].lower().startswith("from")
            and words >= _LETTER
            and not over
            and at >= len(lines) - 2
        ):
            yield Signed(match["name"], _below(lines, at), first, line.index)  # "From Dr A" under a letter
            first, words = line.index + 1, 0
        elif match and match["lead"].lower().startswith("from"):
            if over and words >= _LETTER:
                yield Signed(over, "", first, line.index - 1)
            first, words, over = line.index, 0, match["name"]
        elif (named := _signs(line, match)) and words >= _LETTER:
            below = _below(lines, at)
            others = 0
            signed = Signed(named, f"{match['rest'] if match else ''} {below}".strip(" ,."), first, line.index)
            yield signed
            first, words, over = line.index + 1, 0, ""
        elif signed and match and match["rest"].startswith((",", " (", "(")) and not words and not match["lead"]:
            # further signatories of one letter, each with an office
            others += 1
            if others > SIGNATORIES:
                continue
            yield replace(signed, name=match["name"], rest=match["rest"].strip(" ,."), line=line.index)
        elif line.kind in (BlockKind.PARAGRAPH, BlockKind.STANDFIRST):
            if _EDITOR.search(line.text) or _is_notice(line.text):
                first, words = (first, words) if words else (line.index + 1, 0)
            else:
                words += line.words
    if over and words >= _LETTER:
        yield Signed(over, "", first, lines[-1].index)


def _signs(line: Line, match: re.Match[str] | None) -> str | None:
    if _NAMELESS.match(line.text):
        return line.text
    off = _sign_off().match(line.text) if line.words <= 40 else None
    if off and _is_person(off["name"]):
        return off["name"]
    return match["name"] if match and not match["lead"] else None


def _below(lines: Sequence[Line], at: int) -> str:
    """The line under a signature, when it is an office and no heading of the next letter."""
    below = lines[at + 1].text if at + 1 < len(lines) and lines[at + 1].words <= 10 else ""
    return below if "," in below and not named_line(below) else ""


def _is_notice(text: str) -> bool:
    return bool(re.search(r"\b(?:letters|emails) (?:must|may|should|can|will)\b|^write to\b", text, re.IGNORECASE))
