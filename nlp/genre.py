"""What kind of text an article is, and who writes it: news reports others, comment speaks for itself.

The lines of the page and the voice decide together. A person who writes says "I" outside quotations, a body or
a newspaper "we"; news says neither and has no author of its own sentences.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby

import corpora
from nlp import bylines, mastheads
from nlp.interviews import ANSWER_LABEL, LEAST_LETTERS, QUESTION_LABEL
from nlp.mastheads import genre_lines
from nlp.office_words import names_office
from nlp.records import Article, BlockKind, Capacity, Genre, Mention, Stakeholder, StakeholderKind
from nlp.voice import Line, Voice, foot_lines, head_lines, hear, own_words, read_lines, says_i, says_we

_LABEL_LINE = re.compile(r"^(?:Q\d*\s+)?(?:[A-Z][\w’'.-]+ ){0,4}[A-Z][\w’'.-]+(?:,? \([^)]{2,60}\))?:\s+\S")
_TIME = re.compile(r"^\d{1,2}[:.]\d\d ?(?:am|pm|AM|PM|GMT|BST)?$")
#: A line that names the genre is no longer than this, in characters.
LABEL_LENGTH = 120
#: What a leader may be called before what it says, however long that is.
_EDITORIAL = re.compile(r"(?:editorial|leading article|leader):\s", re.IGNORECASE)
#: "I" as often as this outside quotations is a person's text, with a name and without.
_SIGNED_I, _PLAIN_I = 3, 5
#: A letter that is signed for a body says "we" so often.
_LETTER_WE = 2
#: A body that answers a consultation says "we" so often.
_ANSWERS_WE = 3
#: A heading over the writer's own remarks has no more words than this.
_HEADING_WORDS = 8


@dataclass(frozen=True, slots=True)
class Author:
    """Who speaks in the writer's own sentences of the blocks ``first``-``last``, and in what capacity."""

    stakeholder: Stakeholder
    first: int
    last: int
    capacity: Capacity = Capacity.UNSPECIFIED
    on_behalf_of: str | None = None
    body: Stakeholder | None = None

    @property
    def official(self) -> bool:
        return self.capacity is Capacity.OFFICIAL


@dataclass(frozen=True, slots=True)
class _Page:
    """What an article shows of itself."""

    article: Article
    lines: tuple[Line, ...]
    head: tuple[Line, ...]
    foot: tuple[Line, ...]
    voice: Voice

    @property
    def writer(self) -> str | None:
        """The name of the person who signs it, by the foot, the page's metadata or the head."""
        signed = bylines.sign_off(self.foot) or bylines.posted_by(self.foot)
        named = bylines.first_name_of(self.article.author) if self.article.author else None
        # "Dr Ann Orde is a GP in Leeds" stands below the title as often as at the foot
        return signed or named or bylines.sign_off(self.head) or bylines.byline(self.head, self.article.title)


def _read(article: Article) -> _Page:
    lines = read_lines(article)
    return _Page(article, lines, head_lines(lines), foot_lines(lines), hear(article))


def _says(lines: Iterable[Line], table: str, key: str) -> bool:
    pattern = genre_lines(table, key)
    return any(len(line.text) <= LABEL_LENGTH and pattern.search(line.text) for line in lines)


def classify_genre(article: Article) -> Genre:
    """The genre by what the text calls itself, else by whose voice it is in."""
    page = _read(article)
    return _reported(page) or _bodily(page) or _voiced(page)


def _reported(page: _Page) -> Genre | None:
    """Texts that only report others however often they say "I": running commentary, transcripts, interviews."""
    if sum(bool(_TIME.match(line.text)) for line in page.lines) >= 3:
        return Genre.NEWS
    if sum(bool(_LABEL_LINE.match(line.text)) for line in page.lines if line.kind is not BlockKind.BOILERPLATE) >= 4:
        return None if _paper_lines(page) >= 2 else Genre.TRANSCRIPT
    letters = [label for label in (QUESTION_LABEL, ANSWER_LABEL) if _often(page, label)]
    if len(letters) == 2:
        return Genre.INTERVIEW
    asked = sum(line.text.endswith("?") and line.words <= 25 for line in page.lines if not line.is_prose)
    met = [line for line in page.head if line.text != page.article.title or asked]
    if _says(met, "interview", "lines") and (asked >= 3 or page.voice.i < _SIGNED_I):
        return Genre.INTERVIEW
    return None


def _often(page: _Page, label: re.Pattern[str]) -> bool:
    return sum(bool(label.match(line.text)) for line in page.lines) >= LEAST_LETTERS


def _bodily(page: _Page) -> Genre | None:
    """Letters, releases, papers and newsletters, by the lines that only these have."""
    opened = sum(bylines.opens_letter(line.text) for line in page.lines)
    if opened >= 2 or ((opened or _says(page.head, "head", "letter")) and _has_letters(page)):
        return Genre.LETTER
    if _says(page.head, "head", "press release") or _says(page.foot, "foot", "press release"):
        return Genre.PRESS_RELEASE
    newsletter = _says(page.head, "newsletter", "head") or _says(page.foot, "newsletter", "foot")
    told = page.writer and not page.voice.we  # a trade paper with a byline that calls itself a bulletin
    if newsletter and not told and mastheads.masthead(page.head):
        return Genre.BRIEFING
    if _says(page.head, "head", "board paper") or _paper_lines(page) >= 2:
        return Genre.BOARD_PAPER
    first = next((line for line in page.lines if line.is_prose), None)
    brief = first is not None and bool(genre_lines("briefing", "lines").search(first.text))
    answer = page.voice.we >= _ANSWERS_WE and _says(page.head, "briefing", "answers") and page.voice.i < _SIGNED_I
    return Genre.BRIEFING if brief or answer or _says(page.head, "briefing", "lines") else None


def _has_letters(page: _Page) -> bool:
    return next(iter(bylines.signed_letters(page.lines)), None) is not None


def _paper_lines(page: _Page) -> int:
    """How many different marks of a paper for a board the text has."""
    text = [line.text for line in page.lines if len(line.text) <= LABEL_LENGTH]
    return sum(any(re.search(mark, line, re.IGNORECASE) for line in text) for mark in _paper_marks())


@cache
def _paper_marks() -> tuple[str, ...]:
    return tuple(corpora.lexicon("genres")["paper"]["lines"])


def _voiced(page: _Page) -> Genre:
    """Comment, leader or news: the label, the name and the voice together."""
    voice, head = page.voice, page.head
    labelled = _says(head, "head", "comment")
    leader = _says(head, "head", "leader") or any(mastheads.labels_leader(line.text) for line in head)
    leader = leader or any(_EDITORIAL.match(line.text) for line in head)
    paper = any(mastheads.speaks_as_paper(own_words(page.article, page.article.blocks[n.index])) for n in page.lines)
    signed = bool(bylines.sign_off(page.foot) or bylines.posted_by(page.foot) or bylines.is_signed(page.foot))
    named = page.writer or _says(head, "speech", "lines")
    if voice.i >= _PLAIN_I or (voice.i >= _SIGNED_I and named):
        return Genre.COMMENT
    if bylines.ends_signed(page.lines) and (voice.i or voice.we >= _LETTER_WE) and _has_letters(page) and not named:
        return Genre.LETTER
    if signed and (voice.i or labelled or (voice.we >= 2 and voice.judging >= 2)):
        return Genre.COMMENT
    if leader or paper or (labelled and not page.writer):
        return Genre.LEADER if voice.we or paper or voice.judging >= 2 else Genre.NEWS
    if labelled and page.writer:
        return Genre.COMMENT
    if voice.we >= _LETTER_WE and any(bylines.names_office(line.text) for line in head):
        return Genre.COMMENT  # "By Ann Orde, chief executive of the charity" is no reporter
    unsigned = not page.writer and not page.article.author
    return Genre.LEADER if unsigned and voice.we >= 2 and voice.judging >= 3 else Genre.NEWS


def find_authors(
    article: Article, genre: Genre, mentions: Sequence[Mention], stakeholders: Sequence[Stakeholder]
) -> tuple[Author, ...]:
    """Who writes what in a text that speaks for itself; none for transcripts, interviews and news but an aside."""
    page, known = _read(article), {s.id: s for s in stakeholders}
    last = len(article.blocks) - 1
    if genre is Genre.COMMENT:
        speech = _speech(page, mentions, known)
        if speech:
            return (replace(speech, last=last),)
        person = bylines.People(stakeholders).find(page.writer) if page.writer else None
        return (Author(person, 0, last, _capacity(page.lines)),) if person else ()
    if genre is Genre.LETTER:
        return tuple(_letters(page, mentions, known))
    if genre is Genre.LEADER:
        paper = mastheads.publication(article, page.lines, mentions, known)
        return (Author(paper, 0, last),) if paper else ()
    if genre in (Genre.PRESS_RELEASE, Genre.BOARD_PAPER):
        body = mastheads.issuer(article, page.lines, page.head, mentions, known)
        return (Author(body, 0, last, Capacity.OFFICIAL),) if body else ()
    if genre is Genre.BRIEFING:
        body = mastheads.masthead(page.head, stakeholders)
        if body is None and _says(page.head, "briefing", "answers"):
            body = mastheads.issuer(article, page.lines, page.head, mentions, known)
        return tuple(_newsletter(page, body, stakeholders)) if body else ()
    return tuple(_aside(page, stakeholders)) if genre is Genre.NEWS else ()


def _speech(page: _Page, mentions: Sequence[Mention], known: dict[str, Stakeholder]) -> Author | None:
    """Whose speech it is by a line of the head ("Speech by Policing Minister Ann Orde"), in the office named there."""
    for line in (line for line in page.head if genre_lines("speech", "lines").search(line.text)):
        block = page.article.blocks[line.index]
        first, last = (bisect_left(mentions, at, key=lambda m: m.span.start) for at in (block.start, block.end))
        for mention in mentions[first:last]:
            person = known[mention.stakeholder or ""]
            if person.kind is StakeholderKind.PERSON:
                office = mention.affiliation
                capacity = Capacity.OFFICIAL if office else _capacity(page.lines)
                return Author(person, line.index, line.index, capacity, office.organisation if office else None)
    return None


def _capacity(lines: Iterable[Line]) -> Capacity:
    personal = any(genre_lines("personal", "lines").search(line.text) for line in lines)
    return Capacity.PERSONAL if personal else Capacity.UNSPECIFIED


def _letters(page: _Page, mentions: Sequence[Mention], known: dict[str, Stakeholder]) -> Iterator[Author]:
    """One author a letter; an officer who writes "we" for the body under whose name they sign is official."""
    people, places = bylines.People(known.values()), [line.index for line in page.lines]
    for letter in bylines.signed_letters(page.lines):
        first, last = bisect_left(places, letter.first), bisect_right(places, letter.last)
        lines = page.lines[first:last]
        person = people.find(letter.name)
        capacity, body = _capacity(lines), None
        if capacity is Capacity.UNSPECIFIED and any(says_we(line.text) for line in lines):
            named = _office(page.article, letter.place, mentions, known)
            body = known[named] if named else _signed_for(page, letter, known)
            capacity = Capacity.OFFICIAL if body else capacity
        yield Author(person, letter.first, letter.last, capacity, body.id if body else None, body)


def _signed_for(page: _Page, letter: bylines.Signed, known: dict[str, Stakeholder]) -> Stakeholder | None:
    """The body behind an office in the signature ("Chief Executive, Pools Alliance"), else that of the masthead."""
    at = bisect_left([line.index for line in page.lines], letter.place)
    below = page.lines[at + 1].text if at + 1 < len(page.lines) and page.lines[at + 1].words <= _HEADING_WORDS else ""
    office, _, name = letter.rest.rpartition(",")
    if office and names_office(office):
        return mastheads.find_body(name, tuple(known.values()))
    alone = names_office(letter.rest) or names_office(below)
    return mastheads.masthead(page.head, tuple(known.values())) if alone and "," not in letter.rest else None


def _office(article: Article, index: int, mentions: Sequence[Mention], known: dict[str, Stakeholder]) -> str | None:
    """The body named in the signature, or in the line below it."""
    start, end = article.blocks[index].start, article.blocks[min(index + 1, len(article.blocks) - 1)].end
    first, last = (bisect_left(mentions, at, key=lambda m: m.span.start) for at in (start, end))
    named = (m.stakeholder for m in mentions[first:last] if m.stakeholder)
    return next((id_ for id_ in named if known[id_].kind is StakeholderKind.ORGANISATION), None)


def _newsletter(page: _Page, body: Stakeholder, known: Sequence[Stakeholder]) -> Iterator[Author]:
    """The body, and in the paragraphs where the officer who signs says "I", that officer."""
    signed = bylines.signature(page.foot) if page.voice.i >= _SIGNED_I else None
    person = bylines.People(known).find(signed[0]) if signed else None
    blocks = enumerate(page.article.blocks)
    for own, run in groupby(blocks, lambda row: bool(person) and says_i(own_words(page.article, row[1]))):
        places = [index for index, _ in run]
        if person and own:
            yield Author(person, places[0], places[-1], Capacity.OFFICIAL, body.id)
        else:
            yield Author(body, places[0], places[-1], Capacity.OFFICIAL)


def _aside(page: _Page, known: Sequence[Stakeholder]) -> Iterator[Author]:
    """The writer's own remarks under a heading of their own ("Analysis") inside a report."""
    prose = [line.index for line in page.lines if line.is_prose]
    for at, line in enumerate(page.lines):
        if line.words > _HEADING_WORDS or len(prose) < 4 or not prose[2] < line.index < prose[-1]:
            continue
        editor = genre_lines("aside", "editor").match(line.text)
        name = next(n for n in editor.groups() if n).capitalize() if editor else None
        if not name and genre_lines("aside", "lines").match(line.text):
            name = page.writer
        if name:
            yield Author(bylines.People(known).find(name), line.index, _aside_end(page, at))
            return


def _aside_end(page: _Page, at: int) -> int:
    """The last block before the next heading."""
    later = page.lines[at + 1 :]
    stop = next((line.index for line in later if line.kind is BlockKind.HEADLINE), None)
    return stop - 1 if stop is not None else len(page.article.blocks) - 1
