"""``standpoint why``: the statements behind a position, the words that decided, and what spoke against it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from api.commands.output import joined, one_line, say, say_json
from api.explaining import Counts, Ground, Why, explain, find_topic
from api.routes.why_bodies import WhyOut, ids_in
from api.services import Services
from api.words import STANCES, STRENGTHS, confidence_words, count_words, date_words
from nlp.errors import NothingToDoError
from nlp.explanations import Words
from nlp.records import Stakeholder

_TITLES = {
    Counts.FOR: "What shows it",
    Counts.AGAINST: "What spoke against it",
    Counts.REPEAT: "Repeats, counted once",
    Counts.UNSURE: "Too unsure to count",
}


#: What the language model can say by itself, by its labels.
_ALONE = {label.value: word.word.lower() for label, word in STANCES.items()}


def show_why(services: Services, holder: str, topic: str, *, min_confidence: float | None, as_json: bool) -> int:
    """Print why a stakeholder stands where it does. Raises NothingToDoError when no position is stored."""
    known = find_topic(services, topic)
    reader = services.store.reader
    stakeholder = reader.stakeholder(holder)
    floor = services.settings.min_confidence if min_confidence is None else min_confidence
    why = explain(services, stakeholder, known, min_confidence=floor)
    if why is None:
        raise NothingToDoError(
            f"{stakeholder.name} holds no position on {known.id} of confidence {floor:g} or more",
            do="try --min-confidence 0, or see standpoint map",
        )
    names = reader.stakeholders_by_id(ids_in(why))
    if as_json:
        say_json(WhyOut.from_record(why, names, services.store.judging.cells()).model_dump(mode="json"))
    else:
        say("\n".join(_lines(why, names)))
    return 0


def _lines(why: Why, names: Mapping[str, Stakeholder]) -> Iterator[str]:
    position = why.explanation.position
    stance = STANCES[position.label]
    before = f"earlier {STANCES[position.earlier].word.lower()}" if position.earlier else ""
    stories = count_words(position.story_count, "story", "stories")
    details = joined([STRENGTHS[position.strength], confidence_words(position.confidence), stories, before])
    yield one_line(f"{why.stakeholder.name} · {why.topic.name} · {stance.word} {stance.sign} ({details})")
    yield one_line(f"Proposal: {why.topic.claim}")
    yield one_line(_computed(why))
    for counts, title in _TITLES.items():
        rows = [ground for ground in why.grounds if ground.counts is counts]
        if rows:
            yield f"\n{title}"
            for ground in rows:
                yield from _ground_lines(ground, why, names)
    if not any(ground.counts is Counts.AGAINST for ground in why.grounds):
        yield "\nNo statement that counts speaks against it."
    yield "\nMachine-extracted: read the sentences. The numbers behind this are in --json."


def _computed(why: Why) -> str:
    """How the position came about, without its arithmetic."""
    counts = [ground.counts for ground in why.grounds]
    shows, against = counts.count(Counts.FOR), counts.count(Counts.AGAINST)
    said = [count_words(shows, "statement shows it", "statements show it")]
    if against:
        said.append(count_words(against, "shows another stance", "show another stance"))
    return f"{', '.join(said)}. Surer and newer statements weigh more, and a statement that is repeated counts once."


def _ground_lines(ground: Ground, why: Why, names: Mapping[str, Stakeholder]) -> Iterator[str]:
    head, stance = ground.article, STANCES[ground.stance.label]
    source = joined([date_words(head.published), head.publisher or "publisher unknown", head.title or head.source])
    yield f"  {one_line(f'{source} ({ground.statement.id if ground.statement else head.id})')}"
    yield f"    “{one_line(ground.sentence)}”"
    holder = ground.stance.holder
    speaker = f"{names[holder].name if holder in names else holder}: " if holder != why.stakeholder.id else ""
    told = f"{speaker}{stance.word.lower()}, {confidence_words(ground.stance.evidence.confidence)}"
    yield f"    {one_line(f'{told}: {ground.stance.evidence.reason}')}"
    yield from (f"    {one_line(line)}" for line in _reading_lines(ground))


def _reading_lines(ground: Ground) -> Iterator[str]:
    if ground.stance.condition:
        yield f"on the condition: “{ground.stance.condition.text}”"
    for rationale in ground.stance.rationales:
        yield f"reason given: “{rationale.text}”"
    if ground.reading is None:
        return
    if ground.reading.decided:
        yield f"words that decided: {_words(ground.reading.decided)}"
    if ground.reading.against:
        yield f"words that spoke against it: {_words(ground.reading.against)}"
    best = max(ground.reading.scores, key=lambda row: row[1])[0]
    if best != ground.stance.label.value:
        yield f"the language model alone would say: {_ALONE.get(best, 'no position')}"


def _words(found: Sequence[Words]) -> str:
    return ", ".join(f"“{words.span.text}”" for words in found)
