"""Who said what: quotations and reported clauses, each with its holder.

A paragraph is read as quotations and what stands between them. A quotation takes the speaker of the
cue beside it, else of its paragraph, else it goes on from the last one; reported clauses come from the
narration. When the holder is not clear the statement is unattributed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import NamedTuple

from nlp.contents import Piece
from nlp.interviews import ANSWER_LABEL, find_interview
from nlp.joined_cues import split_joined
from nlp.language import Read
from nlp.linear import LinearModel
from nlp.name_lines import name_above
from nlp.offices import Office, find_offices
from nlp.quoted import LABEL, Spoken, attribute_quotes, is_utterance, read_announced, read_label
from nlp.quotes import Quote, find_quotes
from nlp.records import (
    Article,
    Block,
    BlockKind,
    Capacity,
    Evidence,
    Manner,
    Mention,
    Sentence,
    Span,
    Stakeholder,
    StakeholderKind,
    Statement,
)
from nlp.reported import Reported, find_reported
from nlp.reporting import Report, Reporter, report_by_rule
from nlp.resolutions import read_resolution
from nlp.resolving import Resolver
from nlp.sentences import split_sentences
from nlp.set_apart import Page, is_set_apart
from nlp.speakers import Discourse, Speaker
from nlp.subjects import enumerated, named_together, said_likewise
from nlp.uncued import from_narration, named_later, of_nameless, opens_sentence, speech_zones, teller
from nlp.voice import says_i

_WORD = re.compile(r"\w+")
#: A question and nothing else is no statement.
_QUESTION = re.compile(
    r"\W*(?:(?:so|but|and|well|then),?\s+)?(?:if\s[^.!?]*,\s)?(?:wh(?:at|o|om|ose|ich|en|ere|y)|how|do|does|did|is|are|was|were"
    r"|am|can|could|would|will|should|shall|may|might|must|has|have|had)\b[^.!?]*\?\W*",
    re.IGNORECASE,
)
#: A report of nobody known is kept, unattributed, from this likelihood on; below it may be no report at all.
CLEAR = 0.8


class Attribution(NamedTuple):
    """Statements in the order of the text, with ids "s1", "s2", …; holders known by a description alone; and what
    may be reported, of nobody clear, and is left out.
    """

    statements: tuple[Statement, ...]
    introduced: tuple[Stakeholder, ...]
    left_out: tuple[Span, ...]


def attribute_statements(
    article: Article,
    mentions: Sequence[Mention],
    stakeholders: Sequence[Stakeholder],
    reads: Sequence[Read] = (),
    heads: Mapping[str, LinearModel] = MappingProxyType({}),
    sentences: Sequence[Sentence] | None = None,
) -> Attribution:
    """The statements of a segmented article: by the rules alone where there is no parse or no model.

    ``sentences`` are those of the article, split anew where they are not given.
    """
    discourse = Discourse(article, mentions, {s.id: s for s in stakeholders})
    report: Report = report_by_rule
    if reads and heads:
        report = Reporter(reads, heads["reported"], heads["source"])
        discourse.resolver = Resolver(article, heads["holder"], sentences)
    statements = attribute(discourse, report)
    known = {s.id for s in stakeholders}
    # sources that were weighed and not chosen may have been described too
    heard = {id_ for s in statements for id_ in (s.holder, *s.chain)}
    introduced = tuple(s for s in discourse.stakeholders.values() if s.id in heard - known)
    return Attribution(statements, introduced, tuple(article.span(*place) for place in discourse.left_out))


def attribute(discourse: Discourse, report: Report) -> tuple[Statement, ...]:
    """The statements, with narration read by ``report``; holders that it introduces are added to the discourse."""
    article, mentions = discourse.article, discourse.mentions
    drafts: list[Statement] = []
    last: tuple[int, Speaker] | None = None
    bodies = [i for i, b in enumerate(article.blocks) if b.kind in (BlockKind.STANDFIRST, BlockKind.PARAGRAPH)]
    page = Page.of(article, [article.blocks[i] for i in bodies])
    interview = find_interview(article, mentions, discourse.stakeholders)
    for number, index in enumerate(bodies):
        if interview and index in interview.answers:
            drafts += _answer(discourse, article.blocks[index], interview.person)
            continue
        line = name_above(discourse, index)
        last = (number - 1, line) if line else last
        found, last = _paragraph(discourse, article.blocks[index], number, last, page, report)
        drafts += found
    drafts += _headline(discourse)
    offices = find_offices(article, mentions, discourse)
    repeats = _repeats(article, drafts)
    return tuple(
        _finish(draft, f"s{i}", offices, repeats.get(id(draft), ()))
        for i, draft in enumerate(sorted(drafts, key=lambda d: d.spans[0].start), start=1)
    )


def _answer(discourse: Discourse, block: Block, person: str) -> list[Statement]:
    """What the person of an interview answers."""
    speaker = Speaker(person, 0.9, "answers the question above", block.start, block.start, "name")
    discourse.spoke(block.start, speaker)
    label = ANSWER_LABEL.match(discourse.article.text, block.start, block.end)
    return [_direct(discourse, speaker, [(label.end() if label else block.start, block.end)], None)]


def _paragraph(
    discourse: Discourse,
    block: Block,
    number: int,
    last: tuple[int, Speaker] | None,
    page: Page,
    report: Report,
) -> tuple[list[Statement], tuple[int, Speaker] | None]:
    text = discourse.article.text
    quotes = find_quotes(text, block.start, block.end)
    spoken = [q for q in quotes if is_utterance(text, block, q)]
    fragments = tuple(q for q in quotes if q not in spoken)
    label = read_label(discourse, block) if not spoken else None
    if label:
        statement = _direct(discourse, label[0], [(label[1], block.end)], None)
        discourse.spoke(block.start, label[0])
        return [statement], (number, label[0])
    if page.transcript and not spoken:
        return _goes_on(discourse, block, number, last)
    if page.unmarked and not quotes and last and is_set_apart(discourse, block, number, last):
        return [_direct(discourse, last[1], [(block.start, block.end)], None)], (number, last[1])
    zones = speech_zones(block, spoken)
    reported: list[Reported] = []
    attributed = attribute_quotes(discourse, spoken, zones, fragments)
    taken = [cue for s in attributed if (cue := s.cue)]
    for zone in zones:
        for start, end in split_sentences(text, *zone):
            if resolved := read_resolution(discourse, start, end):
                reported.append(resolved)
                continue
            piece = Piece(start, end, fragments)
            told = report(discourse, piece, block.kind, taken)
            for found in (each for whole in told for each in split_joined(discourse, piece, whole)):
                reported += _said_together(discourse, found, start, end)
                discourse.spoke(found.spans[0][0], teller(found))
    attributed = _fill(discourse, block, attributed, reported, last, number)
    reported = [r for r in reported if not _is_papers_own(text, r)]
    kept = [r for r in reported if r.speaker.id or r.speaker.form == "name" or r.speaker.several or r.likely >= CLEAR]
    discourse.left_out += [r.spans[0] for r in reported if r not in kept]
    statements = [_indirect(discourse, r, fragments) for r in kept]
    statements += [said for said in _quoted(discourse, attributed) if not _QUESTION.fullmatch(said.text)]
    for s in attributed:
        if s.speaker:
            discourse.spoke(s.quote.start, s.speaker)
    announced = read_announced(discourse, block, fragments) if zones[-1][0] < zones[-1][1] else None
    if announced:
        return statements, (number, announced) if announced.id else None
    speakers = [(s.quote.start, s.speaker) for s in attributed if s.speaker]
    speakers += [(r.spans[0][0], teller(r)) for r in reported if r.speaker.id]
    if not speakers:
        return statements, last
    latest = max(speakers, key=lambda row: row[0])[1]
    # what goes on from somebody unknown is unattributed too
    return statements, (number, latest) if latest.id else None


#: "Pulse has learnt", "HSJ can reveal", "the BBC understands": the paper tells its own news.
_OWN_NEWS = re.compile(
    r"\b(?:(?:can|could)(?:\snow|\sexclusively)?\s(?:reveal|disclose|report)|has(?:\salso)?\slearn(?:ed|t)|understands)$"
)


def _is_papers_own(text: str, reported: Reported) -> bool:
    """Whether the clause is what a paper has found out: a writer's own sentence, which has no holder."""
    cue, speaker = reported.cue_span, reported.speaker
    if cue is None or speaker.form != "name" or not _OWN_NEWS.search(text, max(0, cue[0] - 24), cue[1]):
        return False
    return not re.match(r"\s(?:the|how|why|what)\b", text[cue[1] : cue[1] + 6])


def _said_together(discourse: Discourse, found: Reported, start: int, end: int) -> Iterator[Reported]:
    """The clause, and the same of the others in "The BMA, the RCGP and Unison have called for …".

    A group that is spelt out ("three unions – A, B and C – have") is those it is made of.
    """
    speaker = found.speaker
    if speaker.id is None or speaker.form not in {"name", "pronoun"} or found.chain:
        yield found
        return
    units, place = discourse.units(start, end), (speaker.start, speaker.end)
    group = discourse.kind(speaker.id) is StakeholderKind.GROUP
    made_of = enumerated(discourse.article.text, place, units) if group else None
    if not (made_of and made_of.whole):
        yield found
    others = (
        made_of.members if made_of and made_of.members else named_together(discourse.article.text, start, place, units)
    )
    likewise = said_likewise(discourse.article.text, found.spans[-1][1], units)
    for other in (*others, *likewise):
        also = replace(speaker, id=other.id, start=other.start, end=other.end, reason="named together as the subject")
        yield replace(found, speaker=also)


def _goes_on(
    discourse: Discourse, block: Block, number: int, last: tuple[int, Speaker] | None
) -> tuple[list[Statement], tuple[int, Speaker] | None]:
    """A paragraph of a transcript without a label: the one before goes on; a label nobody knows ends it."""
    if last is None or LABEL.match(discourse.article.text, block.start, block.end):
        return [], None
    words = discourse.article.text[block.start : block.end]
    surname = discourse.stakeholders[last[1].id].name.split()[-1] if last[1].id else ""
    if surname and surname in words and not says_i(words):
        return [], None  # what tells of the speaker by name is the paper's
    speaker = replace(last[1], confidence=min(0.85, last[1].confidence), reason="goes on from the label before")
    return [_direct(discourse, speaker, [(block.start, block.end)], None)], (number, last[1])


def _fill(
    discourse: Discourse,
    block: Block,
    attributed: list[Spoken],
    reported: Sequence[Reported],
    last: tuple[int, Speaker] | None,
    number: int,
) -> list[Spoken]:
    """Quotations without a cue of their own: the paragraph's speaker, or the one that goes on."""
    paragraph = next((s.speaker for s in attributed if s.speaker), None)
    filled: list[Spoken] = []
    for spoken in attributed:
        spoken = replace(spoken, speaker=of_nameless(discourse, spoken, reported))
        if spoken.speaker is None:
            fresh = opens_sentence(discourse, filled[-1], spoken.quote) if filled and paragraph else None
            speaker = fresh or paragraph or from_narration(discourse, block, spoken.quote, reported)
            if speaker is None and not spoken.quote.closed:
                speaker = named_later(discourse, block)
            if speaker is None and last is not None:
                opens = spoken.quote.start - block.start <= 3
                confidence = 0.9 if opens and last[0] == number - 1 else 0.6
                speaker = replace(
                    last[1], confidence=min(confidence, last[1].confidence), reason="goes on from the quotation before"
                )
            spoken = replace(spoken, speaker=speaker)
        paragraph = spoken.speaker or paragraph
        filled.append(spoken)
    return filled


def _quoted(discourse: Discourse, attributed: Iterable[Spoken]) -> list[Statement]:
    """One direct statement a paragraph and speaker."""
    groups: list[list[Spoken]] = []
    for spoken in attributed:
        same = groups and (groups[-1][0].speaker and groups[-1][0].speaker.id) == (spoken.speaker and spoken.speaker.id)
        if same:
            groups[-1].append(spoken)
        else:
            groups.append([spoken])
    return [
        _direct(
            discourse,
            group[0].speaker,
            [(s.quote.inner_start, s.quote.inner_end) for s in group],
            next((s.cue for s in group if s.cue), None),
        )
        for group in groups
    ]


def _direct(
    discourse: Discourse, speaker: Speaker | None, spans: Sequence[tuple[int, int]], cue: tuple[int, int] | None
) -> Statement:
    article = discourse.article
    confidence = speaker.confidence if speaker else 0.3
    reason = speaker.reason if speaker else "no cue names a speaker"
    where = (article.span(speaker.start, speaker.end),) if speaker else ()
    return Statement(
        id="",
        holder=speaker.id if speaker else None,
        manner=Manner.DIRECT,
        spans=tuple(article.span(*_clean(article.text, *span)) for span in spans),
        evidence=Evidence(confidence, "quotation", reason, where),
        cue=article.span(*cue) if cue else None,
    )


def _clean(text: str, start: int, end: int) -> tuple[int, int]:
    """Without white space and the comma before a cue."""
    while end > start and (text[end - 1].isspace() or text[end - 1] == ","):
        end -= 1
    while start < end and text[start].isspace():
        start += 1
    return start, end


def _indirect(discourse: Discourse, reported: Reported, fragments: Sequence[Quote]) -> Statement:
    article, speaker = discourse.article, reported.speaker
    mixed = any(q.start < end and start < q.end for q in fragments for start, end in reported.spans)
    return Statement(
        id="",
        holder=speaker.id,
        manner=Manner.MIXED if mixed else Manner.INDIRECT,
        spans=tuple(article.span(*_clean(article.text, *span)) for span in reported.spans),
        evidence=Evidence(
            speaker.confidence, "reported speech", speaker.reason, (article.span(speaker.start, speaker.end),)
        ),
        cue=article.span(*reported.cue_span) if reported.cue_span else None,
        chain=reported.chain,
    )


def _headline(discourse: Discourse) -> list[Statement]:
    """What the article's own headline says that somebody says."""
    article = discourse.article
    block = next((b for b in article.blocks if b.kind is BlockKind.HEADLINE), None)
    if block is None or article.text[block.start : block.end] != article.title:
        return []
    fragments = find_quotes(article.text, block.start, block.end)
    found = find_reported(discourse, Piece(block.start, block.end, fragments))
    return [_indirect(discourse, r, fragments) for r in found if r.speaker.id]


def _finish(draft: Statement, id_: str, offices: Mapping[str, Office], repeats: tuple[Span, ...]) -> Statement:
    office = offices.get(draft.holder or "")
    capacity, body = Capacity.UNSPECIFIED, None
    if office and office.personal:
        capacity = Capacity.PERSONAL
    elif office and office.official:
        capacity, body = Capacity.OFFICIAL, office.organisation
    return replace(draft, id=id_, capacity=capacity, on_behalf_of=body, repeats=repeats)


def _repeats(article: Article, drafts: Sequence[Statement]) -> dict[int, tuple[Span, ...]]:
    """Pull quotes and captions whose words a statement holds: its other places."""
    places = [block for block in article.blocks if block.kind in (BlockKind.PULL_QUOTE, BlockKind.CAPTION)]
    bags = [(draft, {w.lower() for w in _WORD.findall(draft.text)}) for draft in drafts] if places else []
    found: dict[int, tuple[Span, ...]] = {}
    for block in places:
        words = {w.lower() for w in _WORD.findall(article.text[block.start : block.end])}
        best = max(bags, key=lambda row: len(row[1] & words), default=None)
        if best and words and len(best[1] & words) >= 0.6 * len(words):
            found[id(best[0])] = (*found.get(id(best[0]), ()), article.span(block.start, block.end))
    return found
