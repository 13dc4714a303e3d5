"""What kind of text an article is, and who writes it: news reports others, comment speaks for itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import corpora
from nlp.quotes import find_quotes
from nlp.records import Article, Block, BlockKind, Genre, Mention, Stakeholder, StakeholderKind

_SIGN_OFF = re.compile(
    r"^(?:(?:Dr|Prof|Professor|Sir|Dame|Lord|Baroness|Mr|Mrs|Ms|Cllr)\.?"
    r" )?(?P<name>[A-Z][\w’'-]+(?: [A-Z][\w’'.-]+){1,3})(?:,? (?:who )?(?:is|was|writes) (?!not"
    r"|right|wrong|keen|expected|said|likely|due)(?:an?|the|chief|chair|deputy|director|professor"
    r"|president|head|senior|policy|general|former|editor|here|for|about|[a-z]+ (?:of|at|and))\b)"
)
_LABEL_LINE = re.compile(r"^(?:Q\d*\s+)?(?:[A-Z][\w’'.-]+ ){0,4}[A-Z][\w’'.-]+(?:,? \([^)]{2,60}\))?:\s+\S")
_I = re.compile(r"(?<![\w’'])(?:I|my|me|I['’](?:m|ve|d|ll))(?![\w])")
_WE = re.compile(r"(?<![\w’'])(?:[Ww]e|[Oo]ur)(?![\w])")
_NORMATIVE = re.compile(
    r"\b(?:should|must|ought|needs? to|worrying(?:ly)?|hope|alas|sadly|surely|clearly|absurd|right"
    r"|wrong|welcome|better|blow)\b",
    re.I,
)


#: A line that names the genre is no longer than this, in characters.
LABEL_LENGTH = 120


@cache
def _labels() -> dict[Genre, re.Pattern[str]]:
    """Lines by which a text names its own genre, in the order in which they are believed."""
    lexicon = corpora.lexicon("genres")["labels"]
    return {Genre(name): re.compile("|".join(rows), re.IGNORECASE) for name, rows in lexicon.items()}


@dataclass(frozen=True, slots=True)
class Author:
    """Who speaks in the writer's own sentences of the blocks ``first``-``last``."""

    stakeholder: Stakeholder
    first: int
    last: int
    official: bool


def classify_genre(article: Article) -> Genre:
    """The genre by what the text calls itself, else by whose voice it is in."""
    lines = [(b, article.text[b.start : b.end]) for b in article.blocks]
    body = [(b, line) for b, line in lines if b.kind in (BlockKind.PARAGRAPH, BlockKind.STANDFIRST)]
    heads = [line for _, line in lines[:8]] + [line for _, line in lines[-12:]]
    for genre, pattern in _labels().items():
        if any(len(line) <= LABEL_LENGTH and pattern.search(line.strip()) for line in heads):
            return genre
    if body and _labels()[Genre.BRIEFING].search(body[0][1]):
        return Genre.BRIEFING
    if sum(bool(_LABEL_LINE.match(line)) for _, line in body) >= 4:
        return Genre.TRANSCRIPT
    voice = "\n".join(own_words(article, block) for block, _ in body)
    if sign_off(article) or (len(_I.findall(voice)) >= 3 and article.author):
        return Genre.COMMENT
    if len(_I.findall(voice)) >= 5:
        return Genre.COMMENT
    ours = len(_WE.findall(voice))
    if ours >= 2 and not article.author and len(_NORMATIVE.findall(voice)) >= 3:
        return Genre.LEADER
    return Genre.NEWS


def own_words(article: Article, block: Block) -> str:
    """The block without its quotations."""
    parts, at = [], block.start
    for quote in find_quotes(article.text, block.start, block.end):
        parts.append(article.text[at : quote.start])
        at = quote.end
    return "".join([*parts, article.text[at : block.end]])


def sign_off(article: Article) -> re.Match[str] | None:
    """ "Name is the editor of …" in one of the last paragraphs."""
    body = [b for b in article.blocks if b.kind in (BlockKind.PARAGRAPH, BlockKind.HEADLINE, BlockKind.CAPTION)]
    for block in reversed(body[-3:]):
        line = article.text[block.start : block.end].lstrip("•*- ")
        match = _SIGN_OFF.match(line)
        if match and len(line) <= 260:
            return match
    return None


def find_authors(
    article: Article, genre: Genre, mentions: Sequence[Mention], stakeholders: Sequence[Stakeholder]
) -> tuple[Author, ...]:
    """Who writes what in a text that speaks for itself; none for news, transcripts and unsigned briefings."""
    last = len(article.blocks) - 1
    known = {s.id: s for s in stakeholders}
    if genre is Genre.COMMENT:
        person = _person(article, mentions, known)
        return (Author(person, 0, last, False),) if person else ()
    if genre is Genre.LETTER:
        return tuple(_letters(article, mentions, known))
    if genre in (Genre.LEADER, Genre.PRESS_RELEASE, Genre.BOARD_PAPER):
        body = _publisher(article, mentions, known, genre)
        return (Author(body, 0, last, genre is not Genre.LEADER),) if body else ()
    return ()


def _person(article: Article, mentions: Sequence[Mention], known: dict[str, Stakeholder]) -> Stakeholder | None:
    match = sign_off(article)
    name = match["name"] if match else article.author
    if not name:
        return None
    wanted = re.sub(r"^(?:By|Dr|Prof|Professor|Sir|Dame|Mr|Mrs|Ms)\.? ", "", name.strip())
    for stakeholder in known.values():
        if stakeholder.kind is StakeholderKind.PERSON and stakeholder.name.lower() == wanted.lower():
            return stakeholder
    return Stakeholder(re.sub(r"[^a-z0-9]+", "-", wanted.lower()).strip("-"), wanted, StakeholderKind.PERSON)


def _letters(article: Article, mentions: Sequence[Mention], known: dict[str, Stakeholder]) -> Iterator[Author]:
    """Each letter belongs to the name that signs it: a short line without a full stop that holds a person."""
    first, words = 0, 0
    for index, block in enumerate(article.blocks):
        line = article.text[block.start : block.end]
        people = [
            m
            for m in mentions
            if block.start <= m.span.start < block.end
            and m.stakeholder
            and known[m.stakeholder].kind is StakeholderKind.PERSON
        ]
        signed = people and len(line.split()) <= 24 and (people[0].span.start - block.start <= 12)
        if signed and words >= 30 and not re.search(r"\b(?:said|says|told|argued|argues)\b", line):
            yield Author(known[people[0].stakeholder or ""], first, index, False)
            first, words = index + 1, 0
        elif block.kind in (BlockKind.PARAGRAPH, BlockKind.STANDFIRST):
            words += len(line.split())


def _publisher(
    article: Article, mentions: Sequence[Mention], known: dict[str, Stakeholder], genre: Genre
) -> Stakeholder | None:
    """The publication of a leader ("HSJ analysis", "our evidence"), the body that issues a release or a paper."""
    organisations = [m for m in mentions if m.stakeholder and known[m.stakeholder].kind is StakeholderKind.ORGANISATION]
    if article.publisher:
        wanted = article.publisher.lower().removeprefix("the ")
        for stakeholder in known.values():
            names = {stakeholder.name.lower(), *(a.lower() for a in stakeholder.aliases)}
            if wanted in {n.removeprefix("the ") for n in names}:
                return stakeholder
        slug = re.sub(r"[^a-z0-9]+", "-", wanted).strip("-")
        return Stakeholder(slug, article.publisher, StakeholderKind.ORGANISATION)
    if genre is Genre.LEADER:
        own = re.compile(
            r"(?:['’]s)?\s+(?:analysis|finding|findings|survey|investigation|understands|has learned"
            r"|revealed|readers|research)\b"
        )
        outlets = [m for m in organisations if own.match(article.text, m.span.end)]
        return known[outlets[0].stakeholder or ""] if outlets else None
    counts: dict[str, int] = {}
    for mention in organisations:
        counts[mention.stakeholder or ""] = counts.get(mention.stakeholder or "", 0) + 1
    first = next((m.stakeholder for m in organisations if m.span.start < 200), None)
    if first:
        return known[first]
    best = max(counts, key=lambda id_: counts[id_] + 2 * (id_ == first), default=None)
    return known[best] if best else None
