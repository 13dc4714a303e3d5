"""Judging by hand: what a reviewer names is found, checked, kept and laid over what is stored.

A target is written as the pages and the API name things: ``ARTICLE:s1`` (who holds a statement), ``ARTICLE:s1/pooling``
(its stance on a topic), ``ARTICLE:c120/pooling`` (a view told by the writer, by where its words begin), ``ARTICLE:f2``
(a figure), and ``A=B`` for two stakeholders that are one. What is kept is the words, so that a new analysis, which may
number everything anew, finds them again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from typing import NamedTuple, Protocol

from api.corrections import Read, find_person, read_correction
from api.services import Services
from api.store.judging import Stored
from nlp.errors import NotFoundError, StandpointError, UsageError
from nlp.judgements import Item, Judged, Judgement, Target, Verdict, attach, target_of, values_of
from nlp.records import Analysis, Stakeholder, StakeholderKind, Stance

LONGEST_NOTE, LONGEST_NAME = 2000, 100
#: What stands between the two of a merge, in a target.
SAME = "="


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A verdict as somebody writes it; ``actor`` is the id of the API key, if one was used."""

    target: str
    verdict: Verdict
    by: str
    correction: Mapping[str, str | None] = field(default_factory=dict)
    note: str = ""
    new: StakeholderKind | None = None
    actor: str = ""


class Found(NamedTuple):
    """An item of the program with the analysis that it is of."""

    analysis: Analysis
    item: Item


def judge(services: Services, given: Given) -> Stored:
    """Keep a verdict and lay it over what is stored. Raises NotFoundError and UsageError."""
    _check_words(given.by, given.note)
    if SAME in given.target:
        return _judge_merge(services, given)
    found = find_item(services, given.target)
    target = target_of(found.analysis, found.item)
    read = _read(services, given, target.kind, found)
    judgement = Judgement(
        id="",
        number=0,
        target=target,
        verdict=given.verdict,
        by=given.by.strip(),
        at=datetime.now(UTC),
        correction=read.values,
        found=values_of(found.item),
        people=read.people,
        note=given.note.strip(),
    )
    return services.store.judging.add(judgement, actor=given.actor)


def _read(services: Services, given: Given, kind: Judged, found: Found) -> Read:
    if given.verdict is not Verdict.CORRECT:
        if given.correction:
            raise UsageError(f"what is {given.verdict}ed has no correction", do="say correct to change a value")
        return Read()
    published = found.analysis.article.published
    return read_correction(services, kind, given.correction, item=found.item, published=published, new=given.new)


def _check_words(by: str, note: str) -> None:
    if not by.strip() or len(by) > LONGEST_NAME or not by.isprintable():
        raise UsageError(f"who judges is not said, or is longer than {LONGEST_NAME} characters", do="give --by NAME")
    if len(note) > LONGEST_NOTE or "\0" in note:
        raise UsageError(f"the note is longer than {LONGEST_NOTE} characters, or no text")


def find_item(services: Services, target: str) -> Found:
    """The item that a target names, as the program found it. Raises NotFoundError, UsageError for no target."""
    article, colon, place = target.partition(":")
    local, slash, topic = place.partition("/")
    if not (article and colon and local) or (slash and not topic):
        raise UsageError(
            "this names nothing that can be judged",
            where=target,
            do="say ARTICLE:s1, ARTICLE:s1/TOPIC, ARTICLE:f1 or A=B, as the pages show them",
        )
    analysis = services.store.judging.machine(article)
    items: tuple[Item, ...] = analysis.stances if slash else (*analysis.statements, *analysis.figures)
    for item in items:
        if reference_of(analysis, item) == target:
            return Found(analysis, item)
    raise NotFoundError("the article has no such thing", where=target, do="its page shows what can be judged")


def reference_of(analysis: Analysis, item: Item) -> str:
    """How an item of an analysis is named to be judged; the same on pages, in the API and on the command line."""
    article = analysis.article.id
    if not isinstance(item, Stance):
        return f"{article}:{item.id.rpartition(':')[2]}"
    place = item.statement or f"c{item.evidence.spans[0].start if item.evidence.spans else 0}"
    return f"{article}:{place.rpartition(':')[2]}/{item.topic}"


def _judge_merge(services: Services, given: Given) -> Stored:
    one, _, other = (part.strip() for part in given.target.partition(SAME))
    if given.verdict is Verdict.CORRECT:
        raise UsageError("a merge is confirmed or rejected", do="merge into the right one instead")
    return merge(services, one, other, by=given.by, note=given.note, verdict=given.verdict, actor=given.actor)


def merge(
    services: Services,
    one: str,
    other: str,
    *,
    by: str,
    note: str = "",
    verdict: Verdict = Verdict.CONFIRM,
    actor: str = "",
) -> Stored:
    """Say that a stakeholder stands for ``other`` (or, rejected, that it does not), here and in articles to come.

    Raises NotFoundError, UsageError for one who stands for himself and for circles.
    """
    _check_words(by, note)
    first, second = _id_of(services, one), find_person(services, other)
    if first == second.id:
        raise UsageError("both are one already", where=f"{one}, {other}")
    judgement = Judgement(
        id="",
        number=0,
        target=Target(kind=Judged.MERGE, stakeholder=first),
        verdict=verdict,
        by=by.strip(),
        at=datetime.now(UTC),
        correction={"into": second.id},
        people=(_plain(second),),
        note=note.strip(),
    )
    return services.store.judging.add(judgement, actor=actor)


def split(
    services: Services,
    one: str,
    articles: Iterable[str],
    *,
    by: str,
    keeps: bool = False,
    name: str = "",
    note: str = "",
    actor: str = "",
) -> Stored:
    """Say that a stakeholder is somebody else in these articles, or with ``keeps`` in all others.

    Raises NotFoundError for an unknown stakeholder or article, UsageError when no article is named.
    """
    _check_words(by, note)
    wanted = tuple(dict.fromkeys(articles))
    if not wanted:
        raise UsageError("a split needs an article", do="name the articles of the other one, or those that stay")
    for id in wanted:
        if services.store.reader.stored(id) is None:
            raise NotFoundError("there is no such article", where=id)
    who = services.store.reader.stakeholder(one)
    other = replace(_plain(who), id=_free_id(services, who.id), name=" ".join(name.split()) or who.name)
    judgement = Judgement(
        id="",
        number=0,
        target=Target(kind=Judged.SPLIT, stakeholder=who.id, quote=wanted),
        verdict=Verdict.CORRECT,
        by=by.strip(),
        at=datetime.now(UTC),
        correction={"to": other.id, "keeps": "yes" if keeps else "no"},
        people=(other,),
        note=note.strip(),
    )
    return services.store.judging.add(judgement, actor=actor)


def _id_of(services: Services, name: str) -> str:
    """An id that was merged away is still one: it may be sent elsewhere."""
    identities = services.store.judging.identities()
    return name if name in identities.merges else find_person(services, name).id


def _plain(person: Stakeholder) -> Stakeholder:
    return replace(person, aliases=(), affiliations=())


def _free_id(services: Services, id: str) -> str:
    identities = services.store.judging.identities()
    taken = {split.to for own in identities.splits.values() for split in own}
    known = services.store.reader
    return next(
        each for number in count(2) if (each := f"{id}~{number}") not in taken and not known.stakeholders_by_id([each])
    )


def withdraw(services: Services, id: str, *, by: str, actor: str = "") -> Stored:
    """Take a judgement back; what the program found, or an earlier judgement, holds again."""
    _check_words(by, "")
    return services.store.judging.withdraw(id, by=by.strip(), actor=actor)


class ImportedVerdict(Protocol):
    """A verdict from elsewhere. ``target`` is written as above, or names the words themselves."""

    @property
    def target(self) -> str | Target: ...

    @property
    def verdict(self) -> str: ...

    @property
    def correction(self) -> Mapping[str, str | None]: ...

    @property
    def by(self) -> str: ...

    @property
    def at(self) -> datetime: ...


class Refused(NamedTuple):
    """A verdict that was not kept: its place in the list, from 0, and why."""

    place: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What came of an import: judgements that were stored and laid, kept as orphans, or refused."""

    stored: tuple[str, ...] = ()
    orphaned: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()


def import_verdicts(services: Services, verdicts: Iterable[ImportedVerdict], *, actor: str = "") -> ImportReport:
    """Keep verdicts from elsewhere as judgements, each in a transaction of its own.

    What is there already, by the same person and moment, is refused: an import may be sent twice.
    """
    stored: list[str] = []
    orphaned: list[str] = []
    refused: list[Refused] = []
    for place, verdict in enumerate(verdicts):
        try:
            judgement = _import(services, verdict, actor)
        except StandpointError as error:
            refused.append(Refused(place, str(error)))
            continue
        (orphaned if judgement.orphaned else stored).append(judgement.id)
    return ImportReport(stored=tuple(stored), orphaned=tuple(orphaned), refused=tuple(refused))


def _import(services: Services, given: ImportedVerdict, actor: str) -> Judgement:
    if given.verdict not in list(Verdict):
        raise UsageError("there is no such verdict", where=given.verdict, do=f"say {', '.join(Verdict)}")
    verdict = Verdict(given.verdict)
    _check_words(given.by, "")
    if isinstance(given.target, str) and SAME in given.target:
        asked = Given(target=given.target, verdict=verdict, by=given.by, actor=actor)
        return _judge_merge(services, asked).judgement
    judgement = _imported(services, given, verdict)
    same = [
        each
        for each in services.store.judging.of_article(judgement.target.article or "", unshown=True)
        if _same(each, judgement)
    ]
    if same:
        raise UsageError("this verdict is there already", where=same[0].id)
    return services.store.judging.add(judgement, actor=actor, orphans=True).judgement


def _imported(services: Services, given: ImportedVerdict, verdict: Verdict) -> Judgement:
    read, item = Read(), None
    if isinstance(given.target, str):
        there = find_item(services, given.target)
        target, item = target_of(there.analysis, there.item), there.item
    else:
        target, item = given.target, _item_of(services, given.target)
    if verdict is Verdict.CORRECT:
        read = read_correction(services, target.kind, given.correction, item=item)
    elif given.correction:
        raise UsageError(f"what is {verdict}ed has no correction")
    return Judgement(
        id="",
        number=0,
        target=target,
        verdict=verdict,
        by=given.by.strip(),
        at=given.at if given.at.tzinfo else given.at.replace(tzinfo=UTC),
        correction=read.values,
        found=values_of(item) if item else {},
        people=read.people,
    )


def _item_of(services: Services, target: Target) -> Item | None:
    try:
        analysis = services.store.judging.machine(target.article or "")
    except NotFoundError:
        return None
    return attach(
        analysis, Judgement(id="", number=0, target=target, verdict=Verdict.CONFIRM, by="", at=datetime.now(UTC))
    )


def _same(one: Judgement, other: Judgement) -> bool:
    # Not by the verdict: what was corrected before reads as confirmed when the same file comes again.
    return (one.target, one.by, one.at) == (other.target, other.by, other.at.astimezone(UTC))
