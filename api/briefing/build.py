"""Makes a briefing: reads what it needs, then writes its lines in the order in which they are read."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from hashlib import sha256

from api.briefing import lines
from api.briefing.material import Material, read_material
from api.briefing.record import (
    FORMAT,
    NOTE,
    Asked,
    Briefing,
    Caps,
    Made,
    ModelMade,
    Proposal,
    Quote,
    RunMade,
    Untrusted,
)
from api.briefing.texts import Citing
from api.services import Services, version
from api.words import TIERS, divided_words
from nlp.records import MEDIUM, SURE, Run, Tier, Topic

#: The id of a briefing before its lines are known.
NOTHING = "0" * 16
#: More stakeholders than this make no brief.
MOST_STAKEHOLDERS = 20


@dataclass(frozen=True, slots=True)
class Carried:
    """A line of a briefing with what it stands on: the ids of statements or figures, and of articles."""

    line: str
    articles: tuple[str, ...]
    targets: tuple[str, ...]


def make_briefing(services: Services, asked: Asked, *, on: date | None = None, recorded: str | None = None) -> Briefing:
    """The briefing that is asked for, as of what is stored; ``on`` is the day that it carries, today by default.

    The ids of the topics and stakeholders must be known. Raises StandpointError where the store contradicts itself.
    """
    settings, day = services.settings, on or datetime.now(UTC).date()
    found = read_material(services, asked)
    caps = Caps(settings.quote_characters, settings.quotes_per_source)
    people, citing = lines.People(found), Citing(found.articles, caps, day)
    positions = tuple(lines.position_lines(found, people, citing))
    arguments = tuple(lines.argument_lines(found, people, citing))
    changes = tuple(lines.change_lines(found, people, citing))
    money = lines.money_of(found, people, citing)
    silent = tuple(lines.silent_lines(found, people))
    made = Briefing(
        format=FORMAT,
        id=NOTHING,
        note=NOTE,
        title=Untrusted(_title(found, asked, people)),
        asked=asked,
        proposals=tuple(_proposal(topic, found) for topic in found.topics),
        positions=positions,
        arguments=arguments,
        changes=changes,
        money=money,
        silent=silent,
        sources=citing.sources(),
        made=_made(services, found, citing, caps, day),
        recorded=recorded,
    )
    told = carried(made)
    quoted = {target for each in told for target in each.targets}
    checked = len(services.store.judging.checked(quoted))
    how = replace(made.made, confidence=_confidence_words(checked), quoted=len(quoted), checked=checked)
    return replace(made, id=lines.line_id("briefing", asdict(asked), [each.line for each in told]), made=how)


def _confidence_words(checked: int) -> str:
    by = ", and but for what reviewers confirmed or corrected" if checked else " and"
    return (
        f"A confidence is a probability from 0 to 1: {TIERS[Tier.HIGH]} from {SURE:g}, {TIERS[Tier.MEDIUM]} from "
        f"{MEDIUM:g}, {TIERS[Tier.LOW]} below. Everything here was found by a program{by} checked by no one."
    )


def _title(found: Material, asked: Asked, people: lines.People) -> str:
    topics = ", ".join(topic.name for topic in found.topics) if asked.topics else ""
    names = [people.name(id) for id in asked.stakeholders]
    who = " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    return f"{who} on {topics}" if who and topics else who or topics


def _proposal(topic: Topic, found: Material) -> Proposal:
    return Proposal(topic.id, topic.name, topic.claim, topic.counter_claim, divided_words(found.divided[topic.id]))


def _made(services: Services, found: Material, citing: Citing, caps: Caps, on: date) -> Made:
    return Made(
        on=on,
        program=version(),
        topics=_digest(services.topics().values()),
        runs=_runs(found.runs[source.article] for source in citing.sources() if source.article in found.runs),
        confidence="",
        quoted=0,
        checked=0,
        caps=caps,
        shortened=citing.shortened,
        withheld=citing.withheld,
        left_out=found.left_out,
    )


def _runs(runs: Iterable[Run]) -> tuple[RunMade, ...]:
    counts = Counter(runs)
    return tuple(
        RunMade(run.version, run.digest, tuple(ModelMade(*model) for model in run.models), count)
        for run, count in counts.most_common()
    )


def _digest(topics: Iterable[Topic]) -> str:
    content = json.dumps([asdict(topic) for topic in topics], ensure_ascii=False, default=str)
    return sha256(content.encode()).hexdigest()[:16]


def carried(briefing: Briefing) -> Sequence[Carried]:
    """Every line of the briefing with what it stands on, for the record of who was told what."""
    found = [_line(each.id, each.condition, each.quote) for each in briefing.positions]
    found += [_line(each.id, *(voice.quote for voice in each.voices)) for each in briefing.arguments]
    found += [_line(each.id, each.old, each.new) for each in briefing.changes]
    for rival in briefing.money.rivals:
        found.append(_line(rival.id, *(each.quote for each in rival.amounts)))
        found += [_line(each.id, each.quote) for each in rival.amounts]
    found += [_line(each.id, each.quote) for each in briefing.money.sums]
    found += [Carried(each.id, (), ()) for each in briefing.silent]
    return list({each.line: each for each in found}.values())


def _line(id: str, *quotes: Quote | None) -> Carried:
    given = [quote for quote in quotes if quote is not None]
    articles = tuple(dict.fromkeys(quote.article for quote in given))
    return Carried(id, articles, tuple(dict.fromkeys(quote.target for quote in given if quote.target)))
