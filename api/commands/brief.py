"""``standpoint brief``: a briefing on stdout or in a file, and which recorded ones carried a line."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from api.briefing.build import MOST_STAKEHOLDERS, make_briefing
from api.briefing.formats import BINARY, Format, document_of, schema, write_briefing
from api.briefing.record import Asked
from api.briefing.recording import record_briefing
from api.commands.output import note, one_line, say, say_json, write_file
from api.explaining import find_topic
from api.routes.briefing_bodies import RecordedOut
from api.schemas import Items
from api.services import Services
from api.words import count_words
from nlp.errors import NotFoundError, UsageError
from nlp.register import register


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for; the names are of one topic or of stakeholders."""

    names: tuple[str, ...]
    format: str
    out: Path | None
    since: str | None
    until: str | None
    min_confidence: float | None
    all_topics: bool
    record: bool


def show_briefing(services: Services, wanted: Wanted) -> int:
    """Print a briefing, or write it to a file.

    Raises UsageError for what cannot be asked, NotFoundError for a name that is neither topic nor stakeholder.
    """
    format = _format(wanted)
    asked = _asked(services, wanted)
    made = record_briefing(services, asked, format) if wanted.record else make_briefing(services, asked)
    if wanted.out is None and format is Format.JSON:
        say_json(document_of(made))
    elif wanted.out is None:
        say(write_briefing(made, format).decode().rstrip("\n"))
    else:
        write_file(wanted.out, write_briefing(made, format))
        cited = count_words(len(made.sources), "source")
        note(f"{count_words(len(made.positions), 'position')} and {cited} are in {wanted.out}.")
    if made.recorded:
        note(f"Recorded as {made.recorded}; standpoint brief --carried ID finds it by its lines.")
    return 0


def _format(wanted: Wanted) -> Format:
    try:
        format = Format(wanted.format)
    except ValueError:
        raise UsageError(
            "is no format of a briefing", where=wanted.format, do=f"give --format {', '.join(Format)}"
        ) from None
    if format in BINARY and wanted.out is None:
        raise UsageError(f"{format} is no text", where="--format", do=f"name a file: --out briefing.{format.ending}")
    return format


def _asked(services: Services, wanted: Wanted) -> Asked:
    if not wanted.names:
        raise UsageError("a briefing is on a topic or on stakeholders", do="name one: standpoint brief pooling")
    since, until = _day(wanted.since, "--from"), _day(wanted.until, "--to")
    if since and until and until < since:
        raise UsageError("must not lie before --from", where="--to")
    topics, people = _named(services, wanted.names)
    if len(topics) > 1 and not people:
        raise UsageError("a briefing is on one topic", where=", ".join(topics), do="ask for them one by one")
    if len(people) > MOST_STAKEHOLDERS:
        raise UsageError(f"a briefing is on {MOST_STAKEHOLDERS} stakeholders at most", do="ask for fewer")
    floor = services.settings.min_confidence if wanted.min_confidence is None else wanted.min_confidence
    return Asked(
        topics=topics,
        stakeholders=people,
        since=since,
        until=until,
        min_confidence=floor,
        all_topics=wanted.all_topics,
    )


def _named(services: Services, names: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The ids of the topics and of the stakeholders that are named; a name of both is a topic."""
    topics: dict[str, None] = {}
    people: dict[str, None] = {}
    for name in names:
        try:
            topics[find_topic(services, name).id] = None
        except NotFoundError:
            people[_stakeholder(services, name)] = None
    return tuple(topics), tuple(people)


def _stakeholder(services: Services, name: str) -> str:
    """Raises NotFoundError with what is near, UsageError where several have the name."""
    try:
        return services.store.reader.stakeholder(name).id
    except NotFoundError as error:
        if register().get(name):
            return name
        raise NotFoundError("there is no topic and no stakeholder of this name", where=name, do=error.do) from None


def _day(text: str | None, option: str) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError("is no day", where=f"{option} {text}", do="write it as 2014-05-21") from None


def show_carried(services: Services, id: str, *, as_json: bool) -> int:
    """Print the recorded briefings that carried a line, or any line on a statement, a figure or an article."""
    log = services.store.briefings
    found = log.carrying(line=id) or log.carrying(target=id)
    if as_json:
        say_json(Items[RecordedOut](items=[RecordedOut.from_record(each) for each in found]).model_dump(mode="json"))
        return 0
    for each in found:
        by = f", key {each.by}" if each.by else ""
        head = f"{each.id} · {each.made:%Y-%m-%d %H:%M} UTC · {each.title} ({each.format}{by})"
        say(one_line(f"{head}: {', '.join(each.lines)}"))
    if not found:
        note("No recorded briefing carried it; only those made with --record or POST /v1/briefings are on record.")
    return 0


def print_schema() -> int:
    """Print the JSON Schema of the document."""
    say_json(schema())
    return 0
