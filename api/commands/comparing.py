"""``standpoint changes``, ``divides`` and ``silent``: what is compared over the map, for people and for programs."""

from __future__ import annotations

from collections.abc import Mapping

from api.commands.output import joined, note, one_line, say, say_json
from api.comparing import divide
from api.explaining import find_topic
from api.routes.map_bodies import CampOut, ChangeOut, DividesOut, HolderOut, MapCell, MemberOut, SilentOut, SpeakerOut
from api.schemas import Items, Names, Ref
from api.services import Services
from api.store import Filters
from api.store.analyst import Question
from api.store.evidence import Told
from api.words import STANCES, confidence_words, count_words, date_words
from nlp.changes import Change, ChangeKind
from nlp.divides import DEFINITION
from nlp.errors import NotFoundError


def show_changes(
    services: Services, *, topics: tuple[str, ...], confidence: float | None, limit: int, as_json: bool
) -> int:
    """Print who turned, the latest first, with the two sentences."""
    analyst = services.store.analyst
    snapshot, found = analyst.changes(_question(services, topics, confidence))
    shown = found[:limit]
    told = analyst.read_rows(
        found.columns, snapshot, [row for each in shown for row in (each.old, each.new) if row is not None]
    )
    names = snapshot.people
    if as_json:
        items = [ChangeOut.from_record(each, told, names) for each in shown]
        say_json(Items[ChangeOut](items=items).model_dump(mode="json"))
        return 0
    for each in shown:
        say(_change_lines(each, told, names))
    if not found:
        note("Nobody is seen to turn; see --min-confidence 0.")
    elif len(found) > limit:
        note(f"{limit} of {len(found):,} are shown; see --limit.")
    return 0


def _change_lines(change: Change, told: Mapping[int, Told], names: Names) -> str:
    who = names[change.holder].name if change.holder in names else change.holder
    turn = f"{STANCES[change.before].word.lower()} → {STANCES[change.after].word.lower()}"
    new = told[change.new]
    head = joined([date_words(new.article.published), change.kind.value, confidence_words(change.confidence)])
    lines = [one_line(f"{who} · {change.topic} · {turn} ({head})")]
    if change.old is not None:
        lines.append(_said("before", told[change.old]))
    lines.append(_said("told" if change.kind is ChangeKind.TOLD else "after", new))
    return "\n".join([*lines, ""])


def _said(when: str, told: Told) -> str:
    source = joined([date_words(told.article.published), told.article.publisher, told.article.id])
    return "  " + one_line(f"{when}: “{told.sentence}” ({source})")


def show_divides(services: Services, topic: str, *, confidence: float | None, as_json: bool) -> int:
    """Print the camps of a topic and how far apart they are."""
    known = find_topic(services, topic)
    found = divide(services.store.analyst, _question(services, (known.id,), confidence))
    if as_json:
        checked = services.store.judging.cells()
        items = [
            MemberOut(stakeholder=HolderOut.from_record(holder), position=MapCell.from_record(cell, checked=checked))
            for holder, cell in found.members
        ]
        camps = [
            CampOut(label=camp.label, stakeholders=camp.stakeholders, stories=camp.stories) for camp in found.camps
        ]
        out = DividesOut(
            topic=Ref(id=known.id, name=known.name),
            polarization=found.polarization,
            definition=DEFINITION,
            camps=camps,
            items=items,
        )
        say_json(out.model_dump(mode="json"))
        return 0
    index = "nobody takes a position" if found.polarization is None else f"polarization {found.polarization:.2f}"
    say(one_line(f"{known.name}: {index}"))
    for camp in found.camps:
        if camp.stakeholders:
            own = [holder.name for holder, cell in found.members if cell.position.label is camp.label]
            stance = STANCES[camp.label]
            say(one_line(f"  {stance.word} {stance.sign} {camp.stakeholders}: {'; '.join(own)}"))
    say(f"\n{DEFINITION}")
    return 0


def show_silent(services: Services, topic: str, *, confidence: float | None, limit: int, as_json: bool) -> int:
    """Print who speaks in the coverage and never on a topic."""
    known = find_topic(services, topic)
    found = services.store.analyst.silent(_question(services, (), confidence), known.id)
    if as_json:
        items = [SpeakerOut.from_record(each) for each in found[:limit]]
        out = SilentOut(topic=Ref(id=known.id, name=known.name), total=len(found), items=items)
        say_json(out.model_dump(mode="json"))
        return 0
    for each in found[:limit]:
        said = f"{count_words(each.statements, 'statement')} in {count_words(each.stories, 'story', 'stories')}"
        say(one_line(f"{each.name} ({each.kind}): {said}"))
    if not found:
        note("Everybody who speaks does so on this topic too.")
    elif len(found) > limit:
        note(f"{limit} of {len(found):,} are shown; see --limit.")
    return 0


def _question(services: Services, topics: tuple[str, ...], confidence: float | None) -> Question:
    known = services.topics()
    for topic in topics:
        if topic not in known:
            raise NotFoundError(f"there is no topic {topic}", do=f"the topics are {', '.join(known)}")
    floor = services.settings.min_confidence if confidence is None else confidence
    return Question(filters=Filters(topic=topics, min_confidence=floor))
