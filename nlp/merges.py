"""Stakeholders that a reviewer has said to be one, or two: who an id stands for, article by article.

A merge sends an id to another one everywhere; a split sends it to a new one in some articles. Both are facts laid over
what the program found and never change it, so that taking one away brings back what was there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache

from nlp.records import Affiliation, Analysis, Figure, Mention, Stakeholder, Stance, Statement


@dataclass(frozen=True, slots=True)
class Split:
    """In some articles an id means somebody else, ``to``: in ``articles``, or with ``keeps`` in all but these."""

    to: str
    articles: frozenset[str]
    keeps: bool = False

    def takes(self, article: str) -> bool:
        return (article in self.articles) is not self.keeps


@dataclass(frozen=True, slots=True)
class Identities:
    """Who stands for whom: ``merges`` by id, ``splits`` by id, the newest first; ``known`` describes the targets."""

    merges: Mapping[str, str] = field(default_factory=dict)
    splits: Mapping[str, tuple[Split, ...]] = field(default_factory=dict)
    known: Mapping[str, Stakeholder] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.merges or self.splits)

    def resolve(self, id: str, article: str | None = None) -> str:
        """Who is meant by an id in an article; without one, by the id wherever no split says otherwise."""
        seen: set[str] = set()
        while id not in seen:
            seen.add(id)
            taken = next((each.to for each in self.splits.get(id, ()) if article and each.takes(article)), None)
            after = taken or self.merges.get(id)
            if after is None:
                return id
            id = after
        return id

    def upstream(self, id: str) -> frozenset[str]:
        """The ids whose way may lead through this one, and itself."""
        found, waiting = {id}, [id]
        while waiting:
            here = waiting.pop()
            before = {each for each in self._ways() if here in self._targets(each)}
            waiting += before - found
            found |= before
        return frozenset(found)

    def circle(self) -> tuple[str, ...]:
        """Ids that stand for each other in a circle, in order; none, as it should be."""
        done: set[str] = set()
        for start in sorted(self._ways()):
            if found := self._circle_from(start, (), done):
                return found
        return ()

    def _circle_from(self, id: str, path: tuple[str, ...], done: set[str]) -> tuple[str, ...]:
        if id in path:
            return path[path.index(id) :]
        if id in done:
            return ()
        for after in sorted(self._targets(id)):
            if found := self._circle_from(after, (*path, id), done):
                return found
        done.add(id)
        return ()

    def _ways(self) -> set[str]:
        return {*self.merges, *self.splits}

    def _targets(self, id: str) -> set[str]:
        return {*(each.to for each in self.splits.get(id, ())), *filter(None, (self.merges.get(id),))}


@dataclass(frozen=True, slots=True)
class Renamed:
    """An analysis with everybody under the id that stands for them; ``resolved`` are the ids that do not for itself."""

    analysis: Analysis
    resolved: Mapping[str, str]


def rename(analysis: Analysis, identities: Identities) -> Renamed:
    """Put every stakeholder under the id that stands for it in this article; those that become one are joined."""
    article = analysis.article.id

    @cache
    def of(id: str) -> str:
        return identities.resolve(id, article)

    named = _named(analysis)
    resolved = {id: of(id) for id in named if of(id) != id} if identities else {}
    if not resolved:
        return Renamed(analysis, {})

    def other(id: str | None) -> str | None:
        return None if id is None else of(id)

    return Renamed(
        replace(
            analysis,
            stakeholders=_joined(analysis.stakeholders, of, identities),
            mentions=tuple(_mention(each, other) for each in analysis.mentions),
            statements=tuple(_statement(each, of, other) for each in analysis.statements),
            stances=tuple(_stance(each, of, other) for each in analysis.stances),
            figures=tuple(_figure(each, other) for each in analysis.figures),
        ),
        resolved,
    )


Other = Callable[[str | None], str | None]


def _named(analysis: Analysis) -> set[str]:
    found = {each.id for each in analysis.stakeholders}
    offices = (office for each in analysis.stakeholders for office in each.affiliations)
    return found | {office.organisation for office in offices if office.organisation}


def _joined(
    stakeholders: Iterable[Stakeholder], of: Callable[[str], str], identities: Identities
) -> tuple[Stakeholder, ...]:
    """Each stakeholder once, in the order of first appearance, with the names and offices of all that it stands for."""
    groups: dict[str, list[Stakeholder]] = {}
    for each in stakeholders:
        groups.setdefault(of(each.id), []).append(each)
    return tuple(_join(id, group, of, identities) for id, group in groups.items())


def _join(id: str, group: list[Stakeholder], of: Callable[[str], str], identities: Identities) -> Stakeholder:
    own = next((each for each in group if each.id == id), None) or identities.known.get(id) or replace(group[0], id=id)
    names = [*own.aliases, *(name for each in group for name in (each.name, *each.aliases))]
    offices = [_office(office, of) for each in group for office in each.affiliations]
    parent = of(own.parent) if own.parent else None
    return replace(
        own,
        aliases=tuple(name for name in dict.fromkeys(names) if name != own.name),
        affiliations=tuple(dict.fromkeys(office for office in offices if office.organisation != id)),
        parent=None if parent == id else parent,
    )


def _office(office: Affiliation, of: Callable[[str], str]) -> Affiliation:
    return replace(office, organisation=of(office.organisation)) if office.organisation else office


def _mention(mention: Mention, other: Other) -> Mention:
    office = mention.affiliation
    moved = replace(office, organisation=other(office.organisation)) if office else None
    return replace(mention, stakeholder=other(mention.stakeholder), affiliation=moved)


def _body(holder: str | None, body: str | None) -> str | None:
    """The body spoken for; nobody speaks for himself."""
    return None if body == holder else body


def _statement(statement: Statement, of: Callable[[str], str], other: Other) -> Statement:
    holder = other(statement.holder)
    body = _body(holder, other(statement.on_behalf_of))
    return replace(statement, holder=holder, on_behalf_of=body, chain=tuple(of(id) for id in statement.chain))


def _stance(stance: Stance, of: Callable[[str], str], other: Other) -> Stance:
    holder = of(stance.holder)
    return replace(stance, holder=holder, on_behalf_of=_body(holder, other(stance.on_behalf_of)))


def _figure(figure: Figure, other: Other) -> Figure:
    payer, recipient, cited_by = other(figure.payer), other(figure.recipient), other(figure.cited_by)
    return replace(figure, payer=payer, recipient=recipient, cited_by=cited_by)
