"""A briefing laid out: headings, paragraphs, lists and tables of runs, which each format prints in its own way.

What came from an article is a run of its own kind, so that every format can treat it as foreign.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from api.briefing.record import (
    ArgumentLine,
    Briefing,
    ChangeLine,
    Money,
    PositionLine,
    Quote,
    RivalLine,
    SilentLine,
    Source,
    Sum,
    Untrusted,
)
from api.words import (
    CHANGES,
    NO_DATE,
    STANCES,
    STATUSES,
    STRENGTHS,
    checked_words,
    confidence_words,
    count_words,
    date_words,
    sentence,
)
from nlp.records import PartialDate, Precision

CUT = "[…]"
_SPACE = re.compile(r"\s+")
#: White space and what is no character become single spaces and marks of replacement.
_CONTROLS = dict.fromkeys((*range(32), *range(127, 160), 65534, 65535), "�")
_CONTROLS |= dict.fromkeys(range(55296, 57344), "�")


class Kind(StrEnum):
    """What a run is: our words, our words in bold, an article's words, a citation's number, a source's address."""

    OURS = "ours"
    STRONG = "strong"
    FOREIGN = "foreign"
    CITE = "cite"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of one kind on one line."""

    text: str
    kind: Kind = Kind.OURS


Runs: TypeAlias = tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    text: Runs


@dataclass(frozen=True, slots=True)
class Paragraph:
    runs: Runs


@dataclass(frozen=True, slots=True)
class Items:
    """A list; ``numbered`` ones begin at 1 and are what citations point to."""

    items: tuple[Runs, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Runs, ...], ...]


Part: TypeAlias = Heading | Paragraph | Items | Table


def one_line(text: str) -> str:
    """The text with its white space as single spaces, and nothing in it that is no character."""
    return _SPACE.sub(" ", text).translate(_CONTROLS)


def ours(text: str) -> Run:
    return Run(one_line(text))


def foreign(words: Untrusted) -> Run:
    return Run(one_line(words.untrusted_text).strip(), Kind.FOREIGN)


def lay_out(briefing: Briefing) -> tuple[Part, ...]:
    """The whole briefing, section by section; a section of which there is nothing says so."""
    names = {proposal.id: proposal.name for proposal in briefing.proposals}
    return (
        Heading(1, (ours("Briefing: "), foreign(briefing.title))),
        Paragraph((ours(_period(briefing)),)),
        *_proposals(briefing),
        *_positions(briefing.positions, names),
        *_arguments(briefing.arguments, names),
        *_changes(briefing.changes, names),
        *_money(briefing.money),
        *_silent(briefing.silent, names),
        *_sources(briefing.sources),
        *_made(briefing),
    )


def day_words(day: date) -> str:
    return date_words(PartialDate(day, Precision.DAY))


def partial_words(day: str | None) -> str:
    return date_words(PartialDate.parse(day)) if day else NO_DATE


def made_words(briefing: Briefing) -> str:
    """What stands at the head or the foot of every page."""
    made = briefing.made
    quotes = count_words(made.quoted, "statement or sum quoted", "statements and sums quoted")
    rest = f"reviewers checked {made.checked} of the {quotes}, the rest is checked" if made.checked else "checked"
    return f"Machine-extracted by Standpoint {made.program} on {day_words(made.on)}, {rest} by no one"


def _period(briefing: Briefing) -> str:
    asked = briefing.asked
    since = f"from {day_words(asked.since)} " if asked.since else ""
    until = f"until {day_words(asked.until)}" if asked.until else ""
    when = f"Published {since}{until}".strip() if since or until else "Whatever its date"
    sure = f"with a confidence of {asked.min_confidence:g} or more" if asked.min_confidence else "of any confidence"
    return f"{when}; statements {sure}. {made_words(briefing)}: read the source before you rely on it."


def _quote(quote: Quote | None) -> Runs:
    if quote is None:
        return (ours("–"),)
    cite = Run(f"[{quote.source}]", Kind.CITE)
    if quote.withheld:
        return (ours(f"(not quoted: {quote.withheld}) "), cite)
    words = foreign(Untrusted(" … ".join(piece.untrusted_text for piece in quote.pieces)))
    return (ours("“"), words, ours(f" {CUT}”" if quote.cut else "”"), ours(" "), cite)


def _proposals(briefing: Briefing) -> Iterator[Part]:
    """Each proposal with its contrary; those of which nothing else is said are only named."""
    spoken = {each.topic for each in briefing.positions} | {each.topic for each in briefing.arguments}
    found = briefing.proposals
    shown = found if len(found) == 1 else tuple(each for each in found if each.id in spoken)
    others = [each.name for each in found if each not in shown]
    yield Heading(2, (ours("The proposal" if len(found) == 1 else "The proposals"),))
    for each in shown:
        yield Paragraph((Run(one_line(each.name), Kind.STRONG), ours(f": {each.claim}")))
        contrary = f"The contrary: {each.counter_claim} " if each.counter_claim else ""
        yield Paragraph((ours(f"{contrary}Stakeholders: {each.divided}."),))
    if others or not shown:
        yield Paragraph((ours(f"No position was found on: {'; '.join(others) or 'any proposal'}."),))


def _positions(found: Sequence[PositionLine], names: dict[str, str]) -> Iterator[Part]:
    yield Heading(2, (ours("Where stakeholders stand"),))
    if not found:
        yield Paragraph((ours("Nobody takes a position in this coverage."),))
        return
    heads = ("Stakeholder", "Position", "Since", "Strength", "Condition", "Latest quote", "Confidence")
    rows = [(topic, _position(each)) for each in found for topic in [names[each.topic]]]
    yield _table("Positions", heads, rows, names)


def _position(line: PositionLine) -> tuple[Runs, ...]:
    stance = STANCES[line.stance]
    told = f" ({count_words(line.stories, 'story', 'stories')})"
    before = f"; before: {STANCES[line.earlier].word.lower()}" if line.earlier else ""
    return (
        (foreign(line.who.name),),
        (Run(f"{stance.word} {stance.sign}", Kind.STRONG), ours(f"{told}{before}")),
        (ours(partial_words(line.since)),),
        (ours(STRENGTHS[line.strength] or "plainly"),),
        _quote(line.condition),
        (*_quote(line.quote), *((ours(f", {partial_words(line.last)}"),) if line.quote else ())),
        (ours(confidence_words(line.confidence) + (f"; {checked_words(line.checked)}" if line.checked else "")),),
    )


def _table(caption: str, heads: Sequence[str], rows: Sequence[tuple[str, tuple[Runs, ...]]], names: dict[str, str]
           ) -> Table:  # fmt: skip
    """A table with a column for the proposal where there are several."""
    if len(names) < 2:
        return Table(caption, tuple(heads), tuple(row for _, row in rows))
    return Table(caption, ("Proposal", *heads), tuple(((ours(topic),), *row) for topic, row in rows))


_SIDES = {"for": "Arguments for", "against": "Arguments against", "between": "From those in between"}


def _arguments(found: Sequence[ArgumentLine], names: dict[str, str]) -> Iterator[Part]:
    yield Heading(2, (ours("Arguments, and who makes them"),))
    if not found:
        yield Paragraph((ours("No reason for or against was found in the words of those who take a position."),))
    groups = dict.fromkeys((each.topic, each.side) for each in found)
    for topic, side in groups:
        where = f": {names[topic]}" if len(names) > 1 else ""
        yield Heading(3, (ours(f"{_SIDES[side]}{where}"),))
        yield Items(tuple(_argument(each) for each in found if (each.topic, each.side) == (topic, side)))


def _argument(line: ArgumentLine) -> Runs:
    runs: list[Run] = []
    for voice in line.voices:
        runs += [*((ours("; "),) if runs else ()), foreign(voice.who.name)]
        runs += [ours(": "), *_quote(voice.quote)]
    more = (ours(f"; and {count_words(line.more, 'other')}"),) if line.more else ()
    return (*runs, *more)


def _changes(found: Sequence[ChangeLine], names: dict[str, str]) -> Iterator[Part]:
    yield Heading(2, (ours("What changed"),))
    if not found:
        yield Paragraph((ours("Nobody is seen to turn in this period."),))
        return
    heads = ("When", "Stakeholder", "Change", "Before", "After")
    yield _table("Changes", heads, [(names[each.topic], _change(each)) for each in found], names)


def _change(line: ChangeLine) -> tuple[Runs, ...]:
    before, after = (STANCES[label].word.lower() for label in (line.before, line.after))
    told = CHANGES[line.kind]
    return (
        (ours(partial_words(line.on)),),
        (foreign(line.who.name),),
        (ours(f"{told}: {before} → {after} ({confidence_words(line.confidence)})"),),
        _quote(line.old),
        _quote(line.new),
    )


def _money(found: Money) -> Iterator[Part]:
    yield Heading(2, (ours("The money quoted"),))
    if not found.rivals and not found.sums:
        yield Paragraph((ours("No money is quoted."),))
    for rival in found.rivals:
        yield Heading(3, (ours("Rival sums for “"), foreign(rival.purpose), ours("”"), *_when(rival)))
        yield Table("Rival sums", _SUM_HEADS[1:], tuple(_sum(each)[1:] for each in rival.amounts))
    if found.sums:
        yield Heading(3, (ours("Other sums" if found.rivals else "Sums"),))
        yield Table("Sums", _SUM_HEADS, tuple(_sum(each) for each in found.sums))
    if found.more:
        yield Paragraph((ours(f"{count_words(found.more, 'more sum')} not listed."),))


_SUM_HEADS = ("For", "Amount", "Period", "Who quotes it", "Quote")


def _when(rival: RivalLine) -> Runs:
    return (ours(", "), foreign(rival.period)) if rival.period else ()


def _sum(line: Sum) -> tuple[Runs, ...]:
    voices = [run for voice in line.voices for run in (ours("; "), foreign(voice))][1:]
    per = f" per {line.per}" if line.per else ""
    return (
        (foreign(line.purpose),) if line.purpose else (ours("not said"),),
        (foreign(line.text),
         ours(f"{per}, {line.kind.value}, {STATUSES[line.status]}")),
        (foreign(line.period),) if line.period else (ours("not said"),),
        (*voices, ours(f" ({count_words(line.stories, 'story', 'stories')})")),
        _quote(line.quote),
    )  # fmt: skip


def _silent(found: Sequence[SilentLine], names: dict[str, str]) -> Iterator[Part]:
    """A row a stakeholder, with all proposals on which it says nothing."""
    yield Heading(2, (ours("Who has been silent"),))
    if not found:
        yield Paragraph((ours("Everybody who was looked for and speaks in this coverage says something on this."),))
        return
    of: dict[str, list[SilentLine]] = {}
    for each in found:
        of.setdefault(each.who.id, []).append(each)
    rows = tuple(_silence(own[0], "; ".join(names[each.topic] for each in own)) for own in of.values())
    yield Table("Who speaks, and not on this", ("Stakeholder", "Speaks in all", "Latest", "Silent on"), rows)


def _silence(line: SilentLine, topics: str) -> tuple[Runs, ...]:
    said = f"{count_words(line.statements, 'statement')} in {count_words(line.stories, 'story', 'stories')}"
    return (foreign(line.who.name),), (ours(said),), (ours(partial_words(line.last)),), (ours(topics),)


def _sources(found: Sequence[Source]) -> Iterator[Part]:
    yield Heading(2, (ours("Sources"),))
    if not found:
        yield Paragraph((ours("Nothing is quoted."),))
        return
    yield Items(tuple(_source(each) for each in found), numbered=True)


def _source(source: Source) -> Runs:
    by = (ours(", by "), foreign(source.author)) if source.author else ()
    publisher = foreign(source.publisher) if source.publisher else ours("publisher unknown")
    link = (ours(". "), Run(one_line(source.url), Kind.LINK)) if source.url else ()
    when = ours(f", {partial_words(source.published)}, article {source.article}")
    return (ours("“"), foreign(source.title), ours("”"), *by, ours(", "), publisher, when, *link)


def _made(briefing: Briefing) -> Iterator[Part]:
    made = briefing.made
    yield Heading(2, (ours("How this was made"),))
    yield Items(tuple((ours(text),) for text in _made_lines(briefing)))
    for run in made.runs:
        models = "; ".join(f"{model.name} {model.version}" for model in run.models)
        told = f"{count_words(run.articles, 'source')} read by Standpoint {run.version}, run {run.digest}"
        yield Paragraph((ours(f"{told}{f' ({models})' if models else ''}."),))


def _made_lines(briefing: Briefing) -> Iterable[str]:
    made = briefing.made
    yield f"{made_words(briefing)}. Proposals: digest {made.topics}."
    yield made.confidence
    caps = made.caps
    yield (
        f"Quotes are copied from their articles letter by letter, at most {caps.quote_characters} characters each and "
        f"{caps.quotes_per_source} of a source; {CUT} marks where one goes on. "
        f"{sentence(count_words(made.shortened, 'quote'))} shortened, {made.withheld} not given."
    )
    if made.left_out:
        yield f"Not listed: {'; '.join(made.left_out)}."
    recorded = f"; recorded as {briefing.recorded}" if briefing.recorded else ""
    yield f"Briefing {briefing.id}{recorded}."
