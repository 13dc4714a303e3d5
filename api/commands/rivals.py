"""``standpoint rivals``: the different amounts that are quoted for one purpose, and by whom."""

from __future__ import annotations

from dataclasses import dataclass

from api.claims import stored_rivalries
from api.commands.output import joined, note, one_line, say, say_json
from api.routes.claim_bodies import ClaimOut, RivalryOut, VoiceOut
from api.routes.claims import rivalries_out
from api.schemas import Items
from api.services import Services
from api.store import Filters
from api.words import STATUSES, count_words
from nlp.errors import NotFoundError


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for; ``confidence`` None is what the settings show."""

    topics: tuple[str, ...] = ()
    stakeholder: str | None = None
    purpose: str | None = None
    confidence: float | None = None
    limit: int = 20


def show_rivals(services: Services, wanted: Wanted, *, as_json: bool) -> int:
    """Print the purposes with rival sums, those of the most stories first. Raises NotFoundError for no such topic."""
    reader = services.store.reader
    found = stored_rivalries(services, _filters(services, wanted), wanted.purpose or "")
    items = rivalries_out(found[: wanted.limit], reader)
    if as_json:
        say_json(Items[RivalryOut](items=items).model_dump(mode="json"))
    elif not items:
        note("Nobody sets another amount against one for the same purpose; --min-confidence 0 may show some.")
    else:
        say("\n\n".join("\n".join(_lines(item)) for item in items))
        note(
            f"{len(items)} of {count_words(len(found), 'purpose')} with rival sums. Machine-extracted: read the words."
        )
    return 0


def _filters(services: Services, wanted: Wanted) -> Filters:
    known = services.topics()
    for topic in wanted.topics:
        if topic not in known:
            raise NotFoundError(f"there is no topic {topic}", do=f"the topics are {', '.join(known)}")
    who = (services.store.reader.stakeholder(wanted.stakeholder).id,) if wanted.stakeholder else ()
    floor = services.settings.min_confidence if wanted.confidence is None else wanted.confidence
    return Filters(topic=wanted.topics, stakeholder=who, min_confidence=floor)


def _lines(item: RivalryOut) -> list[str]:
    period = item.period.text if item.period else "no period said"
    head = one_line(joined([item.purpose, f"per {item.per}" if item.per else "", period]))
    return [head, *(line for claim in item.amounts for line in _amount_lines(claim)), f"  {one_line(item.reason)}"]


def _amount_lines(claim: ClaimOut) -> list[str]:
    firm = joined(dict.fromkeys(STATUSES[each.status] for each in claim.quoted))
    lines = ["  " + one_line(f"{claim.text}: {_stories(claim)}, {firm}, {_dates(claim)}")]
    lines += ["    " + one_line(f"{_who(voice)} ({_stories(voice)})") for voice in claim.voices]
    return [*lines, *("    " + one_line(f"“{each.sentence}” {each.article}") for each in claim.quoted[:1])]


def _stories(counted: ClaimOut | VoiceOut) -> str:
    return count_words(counted.stories, "story", "stories")


def _who(voice: VoiceOut) -> str:
    return voice.holder.name if voice.holder else f"the writer, {voice.publisher or 'publisher unknown'}"


def _dates(claim: ClaimOut) -> str:
    if claim.first is None:
        return "date unknown"
    return claim.first if claim.first == claim.last else f"{claim.first} to {claim.last}"
