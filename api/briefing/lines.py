"""The lines of a briefing, made from what was read; a line whose words are gone is left out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from hashlib import sha256

from api.briefing.material import ARGUMENTS, VOICES, Material, Stand
from api.briefing.record import (
    ArgumentLine,
    ChangeLine,
    Money,
    PositionLine,
    Quote,
    RivalLine,
    SilentLine,
    Sum,
    Untrusted,
    Voice,
    Who,
)
from api.briefing.texts import Citing, untrusted
from api.claims import quoted
from api.store.evidence import Told
from api.store.profile import Reason
from api.words import story_count
from nlp.changes import Change
from nlp.figure_claims import Claim
from nlp.figure_rivals import Rivalry
from nlp.records import PartialDate, Span, StakeholderKind, Tier


def line_id(*content: object) -> str:
    """Sixteen hexadecimal digits that name a content: the same whenever, and in whichever briefing, it is said."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"), default=str)
    return sha256(text.encode()).hexdigest()[:16]


def _places(spans: Iterable[Span]) -> list[list[object]]:
    """Spans as an id counts them: whole, so that the settings that shorten quotes change no id."""
    return [[span.start, span.text] for span in sorted(spans)]


class People:
    """Names of stakeholders, told apart where several bear one."""

    def __init__(self, found: Material) -> None:
        snapshot = found.sheet.snapshot
        self._people, self._namesakes = snapshot.people, snapshot.namesakes
        self._spoken = {speaker.id: speaker for _, speaker in found.silent}

    def who(self, id: str) -> Who:
        return Who(id, self._kind(id), Untrusted(self.name(id)))

    def name(self, id: str) -> str:
        known = self._people.get(id) or self._spoken.get(id)
        if known is None:
            return id
        body = self._people.get(id.partition("--")[2])
        return f"{known.name} ({body.name})" if body and known.name in self._namesakes else known.name

    def _kind(self, id: str) -> StakeholderKind:
        known = self._people.get(id) or self._spoken.get(id)
        return known.kind if known else StakeholderKind.ORGANISATION


def position_lines(found: Material, people: People, citing: Citing) -> Iterator[PositionLine]:
    for stand in found.stands:
        yield _position(stand, found, people, citing)


def _position(stand: Stand, found: Material, people: People, citing: Citing) -> PositionLine:
    position, told = stand.cell.position, stand.told
    condition = told.stance.condition if told else None
    head = (position.topic, position.holder, position.label, position.strength, position.earlier)
    words = (told.article.id, _places(told.spans), condition.text if condition else None) if told else ()
    return PositionLine(
        id=line_id("position", *head, *words),
        topic=position.topic,
        who=people.who(position.holder),
        stance=position.label,
        strength=position.strength,
        earlier=position.earlier,
        since=_day(position.first),
        last=_day(position.last),
        stories=story_count(position),
        confidence=position.confidence,
        tier=Tier.of(position.confidence),
        checked=found.checked.get((position.holder, position.topic), 0),
        condition=citing.quote(told.article.id, [condition], told.stance.statement) if told and condition else None,
        quote=_said(told, citing) if told else None,
    )


def _said(told: Told, citing: Citing) -> Quote | None:
    return citing.quote(told.article.id, told.spans, told.stance.statement)


def argument_lines(found: Material, people: People, citing: Citing) -> Iterator[ArgumentLine]:
    for topic, side in found.arguments:
        for argument in side.arguments[:ARGUMENTS]:
            shown = argument.reasons[:VOICES]
            voices = tuple(voice for each in shown if (voice := _voice(each, people, citing)) is not None)
            if voices:
                content = [(each.holder, each.article.id, _places([each.span])) for each in shown]
                id, more = line_id("argument", topic, side.key, content), len(argument.reasons) - len(voices)
                yield ArgumentLine(id, topic, side.key, voices, more)


def _voice(reason: Reason, people: People, citing: Citing) -> Voice | None:
    quote = citing.quote(reason.article.id, [reason.span], reason.statement)
    return None if quote is None else Voice(people.who(reason.holder), quote)


def change_lines(found: Material, people: People, citing: Citing) -> Iterator[ChangeLine]:
    for change, old, new in found.changes:
        before, after = (_said(old, citing) if old else None), _said(new, citing)
        if after is not None and (old is None or before is not None):
            yield ChangeLine(
                id=_change_id(change, old, new),
                topic=change.topic,
                who=people.who(change.holder),
                kind=change.kind,
                before=change.before,
                after=change.after,
                on=_day(new.article.published),
                confidence=round(change.confidence, 4),
                old=before,
                new=after,
            )


def _change_id(change: Change, old: Told | None, new: Told) -> str:
    words = [(told.article.id, _places(told.spans)) for told in (old, new) if told]
    return line_id("change", change.topic, change.holder, change.kind, change.before, change.after, words)


def money_of(found: Material, people: People, citing: Citing) -> Money:
    rivals = tuple(line for each in found.rivalries if (line := _rival(each, found, people, citing)) is not None)
    sums = tuple(sum for each in found.claims if (sum := _sum(each, found, people, citing)) is not None)
    return Money(rivals, sums, found.more_sums)


def _rival(rivalry: Rivalry, found: Material, people: People, citing: Citing) -> RivalLine | None:
    amounts = tuple(line for each in rivalry.amounts if (line := _sum(each, found, people, citing)) is not None)
    if len(amounts) < 2:
        return None
    period = rivalry.period.text if rivalry.period else None
    id = line_id("rivals", rivalry.purpose, period, [each.id for each in amounts])
    return RivalLine(id, Untrusted(rivalry.purpose), untrusted(period), amounts)


def _sum(claim: Claim, found: Material, people: People, citing: Citing) -> Sum | None:
    shown = quoted(claim.figures)[0]
    sentence = found.sentences.get(shown.figure.id)
    # The sentence around an amount may not be shown where only quotes may: then the amount stands alone.
    spans = (sentence.span,) if sentence else shown.figure.spans
    quote = citing.quote(shown.article, spans, shown.figure.id)
    if quote is None:
        return None
    voices = [people.name(v.holder) if v.holder else v.publisher or "the writer" for v in claim.voices]
    period = claim.period.text if claim.period else None
    low, high = f"{claim.amount.low:f}", f"{claim.amount.high:f}"
    return Sum(
        id=line_id("sum", claim.text, low, high, claim.amount.unit, period, shown.article, _places(spans)),
        text=Untrusted(claim.text),
        low=low,
        high=high,
        unit=claim.amount.unit,
        per=claim.amount.per or None,
        kind=shown.figure.kind,
        status=shown.figure.status,
        purpose=untrusted(claim.purpose),
        period=untrusted(period),
        voices=tuple(Untrusted(voice) for voice in voices[:VOICES]),
        stories=claim.stories,
        quote=quote,
    )


def silent_lines(found: Material, people: People) -> Iterator[SilentLine]:
    for topic, speaker in found.silent:
        yield SilentLine(
            id=line_id("silent", topic, speaker.id),
            topic=topic,
            who=people.who(speaker.id),
            statements=speaker.statements,
            stories=speaker.stories,
            last=speaker.last.isoformat() if speaker.last else None,
        )


def _day(published: PartialDate | None) -> str | None:
    return str(published) if published else None
