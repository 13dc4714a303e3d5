"""Wire types of search: hits, and how many there are of each kind."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, Field

from api.schemas import ArticleOut, FigureOut, Names, StanceOut, StatementOut, Wire
from api.store.passages import PassageKind
from api.store.questions import Answer, Facet, FoundHit, Mode


class FragmentOut(Wire):
    text: str
    match: bool = Field(description="whether these are the words searched for")


class HitOut(BaseModel):
    """A statement with its stances, a figure, or else an article. Best first."""

    kind: PassageKind
    article: ArticleOut
    statement: StatementOut | None
    figure: FigureOut | None
    title: list[FragmentOut] = Field(description="the title of the article, with marks")
    snippet: list[FragmentOut]
    score: float = Field(description="comparable within one answer only", examples=[0.0325])

    @classmethod
    def from_record(cls, record: FoundHit, names: Names) -> Self:
        statement = StatementOut.from_record(record.statement, names) if record.statement else None
        if statement:
            stances = [StanceOut.from_record(stance, names) for stance in record.stances]
            statement = statement.model_copy(update={"stances": stances})
        return cls(
            kind=record.kind,
            article=ArticleOut.from_record(record.article),
            statement=statement,
            figure=FigureOut.from_record(record.figure, names) if record.figure else None,
            title=[FragmentOut.from_record(fragment) for fragment in record.title],
            snippet=[FragmentOut.from_record(fragment) for fragment in record.snippet],
            score=record.score,
        )


class FacetOut(Wire):
    """A value of a filter, and how many hits there would be with it."""

    value: str = Field(examples=["nhs-england"])
    name: str = Field(examples=["NHS England"])
    count: int

    @classmethod
    def named_by(cls, record: Facet, names: Names) -> Self:
        name = names[record.value].name if record.value in names else record.name
        return cls(value=record.value, name=name, count=record.count)


class FacetsOut(BaseModel):
    """Counts over all hits, not over the page: the twenty values with the most."""

    within: list[FacetOut] = Field(alias="in", description="statements, articles, figures")
    stakeholder: list[FacetOut]
    kind: list[FacetOut] = Field(description="of stakeholders")
    topic: list[FacetOut]
    stance: list[FacetOut]
    strength: list[FacetOut]
    publisher: list[FacetOut]
    year: list[FacetOut]
    tier: list[FacetOut] = Field(description="of confidence")

    @classmethod
    def from_record(cls, record: Answer, names: Names) -> Self:
        found = {key: [FacetOut.named_by(facet, names) for facet in facets] for key, facets in record.facets.items()}
        return cls.model_validate(found)


class SearchOut(BaseModel):
    """One page of hits; ``next`` goes into ``after=`` for the page that follows."""

    items: list[HitOut]
    next: str | None = Field(description="cursor of the next page; null on the last")
    total: int = Field(description="how many hits there are; by meaning, the hundred nearest are hits")
    mode: Mode = Field(description="how it was looked")
    note: str | None = Field(description="why it was not looked as asked")
    facets: FacetsOut

    @classmethod
    def from_record(cls, record: Answer, names: Names) -> Self:
        return cls(
            items=[HitOut.from_record(hit, names) for hit in record.items],
            next=record.next,
            total=record.total,
            mode=record.mode,
            note=record.note,
            facets=FacetsOut.from_record(record, names),
        )


def ids_in(record: Answer) -> set[str]:
    """The stakeholders whose names an answer needs."""
    found = {facet.value for facet in record.facets.get("stakeholder", ())}
    for hit in record.items:
        for item in (hit.statement, *hit.stances):
            found |= {id for id in (item.holder, item.on_behalf_of) if id} if item else set()
        if hit.figure:
            found |= {id for id in (hit.figure.payer, hit.figure.recipient, hit.figure.cited_by) if id}
    return found
