"""An article with everything found in it marked in place, and notes beside each block."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from api.pages.evidence_view import BY_NARRATION, anchor_of, name_of
from api.pages.judgement_words import sure_words
from api.pages.marks import Mark, Piece, block_at, cut, marks_by_block, marks_of
from api.pages.paths import article_path, evidence_path
from api.store import ShownArticle
from api.words import (
    DIRECTIONS,
    MANNERS,
    RECURRENCES,
    STANCES,
    STATUSES,
    TERMS,
    StanceWord,
    date_words,
    links_words,
    printed_figures,
    stance_cell,
)
from nlp.positions import article_positions
from nlp.records import (
    Analysis,
    Block,
    BlockKind,
    Figure,
    Licence,
    PartialDate,
    Precision,
    Span,
    Stakeholder,
    Stance,
    Statement,
    Topic,
)

_PLAIN = {BlockKind.PARAGRAPH: "", BlockKind.HEADLINE: "headline", BlockKind.STANDFIRST: "standfirst"}
_LABELS = {
    **_PLAIN,
    BlockKind.CAPTION: "caption",
    BlockKind.PULL_QUOTE: "pull quote",
    BlockKind.READER_COMMENT: "reader comment, gives no named stakeholder a word",
    BlockKind.BOILERPLATE: "set aside",
}


@dataclass(frozen=True, slots=True)
class StanceNote:
    topic: str
    label: str
    stance: StanceWord
    confidence: str
    reason: str
    href: str
    topic_id: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """What stands beside a block: one statement, clause or figure that begins there."""

    anchor: str
    what: str
    who: str
    detail: str
    confidence: str
    reason: str
    stances: tuple[StanceNote, ...] = ()


@dataclass(frozen=True, slots=True)
class BlockView:
    kind: str
    label: str
    pieces: tuple[Piece, ...]
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class CopyView:
    title: str
    source: str
    href: str


@dataclass(frozen=True, slots=True)
class PositionView:
    holder: str
    topic: str
    label: str
    cell: str
    href: str


def block_views(analysis: Analysis, topics: Mapping[str, Topic]) -> list[BlockView]:
    """The blocks of the article in order, marked and annotated."""
    article = analysis.article
    # What was never cut into blocks is still shown, as one.
    blocks = article.blocks or (Block(BlockKind.PARAGRAPH, 0, len(article.text)),)
    marks = marks_by_block(blocks, _marks(analysis))
    notes = _notes_by_block(analysis, blocks, topics)
    return [
        BlockView(
            kind=block.kind.value.replace(" ", "-"),
            label=_LABELS[block.kind],
            pieces=tuple(cut(article.text, block.start, block.end, marks[block])),
            notes=tuple(notes[block]),
        )
        for block in blocks
    ]


def quote_views(analysis: Analysis, topics: Mapping[str, Topic]) -> list[BlockView]:
    """What was found in an article whose text may not be shown: each by itself, in its words where they may be."""
    known = {stakeholder.id: stakeholder for stakeholder in analysis.stakeholders}
    stances: dict[str, list[Stance]] = defaultdict(list)
    for stance in analysis.stances:
        stances[stance.statement or ""].append(stance)
    told = [stance for stance in analysis.stances if stance.statement is None]
    printed = printed_figures(analysis.figures)
    return [
        *(_alone(s.spans, "statement", _statement_note(s, stances[s.id], known, topics)) for s in analysis.statements),
        *(_alone(stance.evidence.spans, "clause", _clause_note(stance, known, topics)) for stance in told),
        *(_alone(figure.spans, "figure", _figure_note(figure, known, printed)) for figure in analysis.figures),
    ]


def _alone(spans: tuple[Span, ...], kind: str, note: Note) -> BlockView:
    words = " … ".join(span.text for span in spans)
    return BlockView("paragraph", "", (Piece(words, (kind,) if words else (), (note.anchor,)),), (note,))


def limit_words(found: ShownArticle) -> str:
    """Why the text is not shown; empty where it is."""
    if found.shown is Licence.FULL_TEXT:
        return ""
    if found.purged:
        return f"Its text was taken away on {date_words(_on(found.purged.date()))}, as its licence had ended"
    expires = found.analysis.article.expires
    if found.analysis.article.licence in (None, Licence.FULL_TEXT) and expires:
        return f"Its text may not be shown since its licence ended on {date_words(_on(expires))}"
    return f"Its licence allows {found.shown}"


def _on(day: date) -> PartialDate:
    return PartialDate(day, Precision.DAY)


def copy_views(found: ShownArticle) -> list[CopyView]:
    """The other articles of the story, newest first."""
    return [
        CopyView(
            title=copy.title or copy.source,
            source=f"{copy.publisher or 'publisher unknown'}, {date_words(copy.published)}",
            href=article_path(copy.id),
        )
        for copy in found.copies
    ]


def position_views(analysis: Analysis, topics: Mapping[str, Topic]) -> list[PositionView]:
    """The positions that this article alone shows."""
    known = {stakeholder.id: stakeholder for stakeholder in analysis.stakeholders}
    return [
        PositionView(
            holder=name_of(position.holder, known),
            topic=_topic_name(position.topic, topics),
            label=position.label.value,
            cell=stance_cell(position).rpartition(" ")[0],
            href=evidence_path(position.holder, position.topic),
        )
        for position in article_positions(analysis)
    ]


def _marks(analysis: Analysis) -> list[Mark]:
    found = [mark for s in analysis.statements for mark in marks_of(s.spans, "statement", s.id)]
    found += [mark for s in analysis.statements for mark in marks_of(s.repeats, "statement")]
    for stance in _narrated(analysis):
        spans = stance.evidence.spans
        found += marks_of(spans, "clause", anchor_of(None, spans))
    found += [mark for figure in analysis.figures for mark in marks_of(figure.spans, "figure", figure.id)]
    return found + [Mark(m.span.start, m.span.end, "mention") for m in analysis.mentions]


def _narrated(analysis: Analysis) -> list[Stance]:
    return [stance for stance in analysis.stances if stance.statement is None and stance.evidence.spans]


def _notes_by_block(
    analysis: Analysis, blocks: tuple[Block, ...], topics: Mapping[str, Topic]
) -> dict[Block, list[Note]]:
    known = {stakeholder.id: stakeholder for stakeholder in analysis.stakeholders}
    stances: dict[str, list[Stance]] = defaultdict(list)
    for stance in analysis.stances:
        stances[stance.statement or ""].append(stance)
    placed = [(s.spans, _statement_note(s, stances[s.id], known, topics)) for s in analysis.statements]
    placed += [(s.evidence.spans, _clause_note(s, known, topics)) for s in _narrated(analysis)]
    printed = printed_figures(analysis.figures)
    placed += [(figure.spans, _figure_note(figure, known, printed)) for figure in analysis.figures]
    return _by_block(blocks, placed)


def _by_block(blocks: tuple[Block, ...], placed: Iterable[tuple[tuple[Span, ...], Note]]) -> dict[Block, list[Note]]:
    notes: dict[Block, list[Note]] = defaultdict(list)
    for spans, note in sorted(((spans, note) for spans, note in placed if spans), key=lambda pair: pair[0][0]):
        block = block_at(blocks, spans[0].start)
        if block is not None:
            notes[block].append(note)
    return notes


def _statement_note(
    statement: Statement, stances: Iterable[Stance], known: Mapping[str, Stakeholder], topics: Mapping[str, Topic]
) -> Note:
    behalf = f"for {name_of(statement.on_behalf_of, known)}" if statement.on_behalf_of else ""
    return Note(
        anchor=statement.id,
        what="Statement",
        who=name_of(statement.holder, known) if statement.holder else "unattributed",
        detail=", ".join(part for part in (behalf, MANNERS[statement.manner]) if part),
        confidence=sure_words(statement.evidence),
        reason=statement.evidence.reason,
        stances=tuple(_stance_note(stance, topics) for stance in stances),
    )


def _clause_note(stance: Stance, known: Mapping[str, Stakeholder], topics: Mapping[str, Topic]) -> Note:
    return Note(
        anchor=anchor_of(None, stance.evidence.spans),
        what="View",
        who=name_of(stance.holder, known),
        detail=BY_NARRATION,
        confidence=sure_words(stance.evidence),
        reason="",
        stances=(_stance_note(stance, topics),),
    )


def _stance_note(stance: Stance, topics: Mapping[str, Topic]) -> StanceNote:
    return StanceNote(
        topic=_topic_name(stance.topic, topics),
        label=stance.label.value,
        stance=STANCES[stance.label],
        confidence=sure_words(stance.evidence),
        reason=stance.evidence.reason,
        href=evidence_path(stance.holder, stance.topic),
        topic_id=stance.topic,
    )


def _figure_note(figure: Figure, known: Mapping[str, Stakeholder], printed: Mapping[str, str]) -> Note:
    said = [figure.kind.value, DIRECTIONS[figure.direction], STATUSES[figure.status]]
    said += [figure.what.text] if figure.what else []
    said += [f"per {figure.per}"] if figure.per else []
    said += [TERMS[figure.terms], RECURRENCES[figure.recurrence], *links_words(figure, printed)]
    parties = (("from", figure.payer), ("to", figure.recipient), ("cited by", figure.cited_by))
    said += [f"{word} {name_of(id, known)}" for word, id in parties if id]
    said += [figure.period.text] if figure.period else []
    return Note(
        anchor=figure.id,
        what="Figure",
        who=figure.spans[0].text if figure.spans else "",
        detail=", ".join(part for part in said if part),
        confidence=sure_words(figure.evidence),
        reason=figure.evidence.reason,
    )


def _topic_name(id: str, topics: Mapping[str, Topic]) -> str:
    return topics[id].name if id in topics else id
