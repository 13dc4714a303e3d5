"""The quotes behind a position, each with its sentence marked in its paragraph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from api.pages.citation import cite
from api.pages.judgement_words import sure_words
from api.pages.marks import Piece, block_at, cut, marks_of
from api.pages.paths import article_path
from api.schemas import Names
from api.store import StanceRow
from api.words import CAPACITIES, MANNERS, STANCES, STRENGTHS, StanceWord, date_words
from nlp.records import Analysis, Article, Block, Manner, Span, Stakeholder

BY_NARRATION = "told by the writer, in no one's words"


#: So many copies of a quote are named, the newest.
NAMED = 5


@dataclass(frozen=True, slots=True)
class AlsoIn:
    """A copy of the article that prints the same words."""

    source: str
    href: str


@dataclass(frozen=True, slots=True)
class Quote:
    """One stance in its words: who, where, when, how, how sure and why."""

    label: str
    stance: StanceWord
    paragraphs: tuple[tuple[Piece, ...], ...]
    holder: str
    role: str
    behalf: str
    title: str
    publisher: str
    published: str
    manner: str
    capacity: str
    strength: str
    confidence: str
    reason: str
    condition: str
    rationales: tuple[str, ...]
    href: str
    citation: str
    also: tuple[AlsoIn, ...]
    more: int
    stance_target: str = ""
    holder_target: str = ""
    statement: str = ""


def quote_of(row: StanceRow, analysis: Analysis, names: Mapping[str, Stakeholder], *, on: date) -> Quote:
    """What the page shows of a stance ``on`` a day; ``analysis`` is of the article it stands in."""
    stance, statement, head = row.stance, row.statement, row.article
    spans = statement.spans if statement else stance.evidence.spans
    holder = (statement.holder if statement else None) or stance.holder
    people = {stakeholder.id: stakeholder for stakeholder in analysis.stakeholders}
    known = {**names, **people}
    evidence = stance.evidence
    cited = cite(
        analysis.article,
        spans,
        holder=name_of(holder, known),
        role=role_of(people.get(holder), known),
        manner=statement.manner if statement else None,
        version=analysis.run.version,
        on=on,
    )
    return Quote(
        label=stance.label.value,
        stance=STANCES[stance.label],
        paragraphs=context(analysis.article, spans),
        holder=name_of(holder, known),
        role=role_of(people.get(holder), known),
        behalf=name_of(stance.on_behalf_of, known) if stance.on_behalf_of else "",
        title=head.title or head.source,
        publisher=head.publisher or "publisher unknown",
        published=date_words(head.published),
        manner=MANNERS[statement.manner] if statement else BY_NARRATION,
        capacity=CAPACITIES[statement.capacity] if statement and statement.manner is not Manner.AUTHORIAL else "",
        strength=STRENGTHS[stance.strength],
        confidence=sure_words(evidence),
        reason=evidence.reason,
        condition=stance.condition.text if stance.condition else "",
        rationales=tuple(span.text for span in stance.rationales),
        href=f"/articles/{quote(head.id, safe='')}#{anchor_of(statement.id if statement else None, spans)}",
        citation=cited,
        also=tuple(AlsoIn(copy.publisher or copy.source, article_path(copy.id)) for copy in row.also[:NAMED]),
        more=max(0, len(row.also) - NAMED),
        stance_target=f"{head.id}:{anchor_of(statement.id if statement else None, spans)}/{stance.topic}",
        holder_target=f"{head.id}:{anchor_of(statement.id, spans)}" if statement else "",
        statement=statement.id if statement else "",
    )


def anchor_of(statement: str | None, spans: Iterable[Span]) -> str:
    """Where the article's page has these words: by statement, else by the place of the clause."""
    if statement is not None:
        return statement.rpartition(":")[2]
    first = next(iter(spans), None)
    return f"c{first.start}" if first else "text"


def name_of(id: str | None, known: Names) -> str:
    """The stakeholder's name; an id that nobody knows is its own."""
    return "" if id is None else known[id].name if id in known else id


def role_of(person: Stakeholder | None, known: Mapping[str, Stakeholder]) -> str:
    """What the article says of a person's office: "deputy chairman, General Practitioners Committee"."""
    if person is None or not person.affiliations:
        return ""
    affiliation = person.affiliations[0]
    return ", ".join(part for part in (affiliation.role, name_of(affiliation.organisation, known)) if part)


def context(article: Article, spans: Iterable[Span]) -> tuple[tuple[Piece, ...], ...]:
    """The paragraphs that hold the spans, with the spans marked; in the order of the text."""
    ordered = sorted(spans)
    blocks: dict[Block, None] = {}
    for span in ordered:
        block = block_at(article.blocks, span.start)
        if block is not None:
            blocks[block] = None
    marks = marks_of(ordered, "said")
    paragraphs = tuple(tuple(cut(article.text, block.start, block.end, marks)) for block in blocks)
    return paragraphs or tuple((Piece(span.text, ("said",)),) for span in ordered)
