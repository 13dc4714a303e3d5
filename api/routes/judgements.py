"""What reviewers say of what the program found, and how good that shows it to be."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field

from api import judging
from api.dependencies import ServicesDep
from api.judging import Given
from api.problems import Problem, ProblemError, bad_field, not_found
from api.reviewers import Reviewer, reviewer_of
from api.routes.judgement_bodies import (
    AccuracyOut,
    JudgementIn,
    JudgementOut,
    LaidOut,
    MergeIn,
    ReviewerName,
    SplitIn,
)
from api.routes.params import CursorDep, Identifier, ListParams, NoParams, Text
from api.schemas import Items
from api.services import Services
from api.store.judging import Asked, Stored
from nlp.accuracy import read_accuracy
from nlp.errors import NotFoundError, UsageError
from nlp.judged_accuracy import measure
from nlp.judgements import Judged, Verdict

router = APIRouter(tags=["judgements"])


class JudgementParams(ListParams):
    """The same key again widens (or), another key narrows (and)."""

    kind: list[Judged] = Field(default=[], max_length=5)
    verdict: list[Verdict] = Field(default=[], max_length=3)
    article: list[Text] = Field(default=[], max_length=50, description="ids of articles")
    topic: list[Text] = Field(default=[], max_length=50, description="ids of topics")
    by: list[Text] = Field(default=[], max_length=50, description="names of reviewers")
    orphaned: bool | None = Field(default=None, description="those whose words are not found any more, or the others")
    withdrawn: bool | None = Field(default=None, description="those that were withdrawn, or those that stand")

    def to_asked(self) -> Asked:
        return Asked(
            kind=tuple(self.kind),
            verdict=tuple(self.verdict),
            article=tuple(self.article),
            topic=tuple(self.topic),
            by=tuple(self.by),
            orphaned=self.orphaned,
            standing=None if self.withdrawn is None else not self.withdrawn,
        )


class WithdrawParams(NoParams):
    """Who takes it back."""

    by: ReviewerName | None = Field(default=None, description="who withdraws; by default the name of the API key")


@router.get("/judgements")
def list_judgements(
    params: Annotated[JudgementParams, Query()], services: ServicesDep, cursor: CursorDep
) -> Items[JudgementOut]:
    """Every verdict, the newest first: who said what of what, and whether it still has its words."""
    page = services.store.judging.page(params.to_asked(), after=cursor.after, limit=params.limit)
    return Items(items=[JudgementOut.from_record(each) for each in page.items], next=cursor.seal(page.next))


@router.post("/judgements", status_code=201)
def post_judgement(
    body: JudgementIn, _: Annotated[NoParams, Query()], request: Request, services: ServicesDep
) -> LaidOut:
    """Confirm, correct or reject a holder, a stance, a figure or a merge.

    The program's own result is kept; what the reviewer says is laid over it wherever it is shown or counted. Of
    several verdicts on one item the last that is not withdrawn holds. It outlives a new analysis by its words.
    """
    who = _reviewer(request, services, body.by, "body.by")
    given = Given(
        target=body.target,
        verdict=body.verdict,
        by=who.name,
        correction=body.correction.values(),
        note=body.note,
        new=body.correction.new,
        actor=who.key,
    )
    with _told(found="body.target", wrong="body.correction" if body.verdict is Verdict.CORRECT else "body.target"):
        return _laid(judging.judge(services, given))


@router.delete("/judgements/{id}")
def delete_judgement(
    id: Identifier, params: Annotated[WithdrawParams, Query()], request: Request, services: ServicesDep
) -> LaidOut:
    """Withdraw a verdict: what the program found, or an earlier verdict, holds again. Nothing is erased."""
    who = _reviewer(request, services, params.by, "query.by")
    try:
        return _laid(judging.withdraw(services, id, by=who.name, actor=who.key))
    except NotFoundError:
        raise not_found("judgement") from None
    except UsageError as error:
        raise ProblemError(Problem.of(409, f"{error.what[:1].upper()}{error.what[1:]}.")) from None


@router.post("/stakeholders/{id}/merge", status_code=201)
def merge_stakeholder(
    id: Identifier, body: MergeIn, _: Annotated[NoParams, Query()], request: Request, services: ServicesDep
) -> LaidOut:
    """Say that this stakeholder is another one: everything of it counts for that one, in articles to come too.

    Its id goes on to answer with the other one's. `DELETE /v1/judgements/{id}` brings back what was there.
    """
    who = _reviewer(request, services, body.by, "body.by")
    _require(services, id)
    with _told(found="body.into", wrong="body.into"):
        return _laid(judging.merge(services, id, body.into, by=who.name, note=body.note, actor=who.key))


@router.post("/stakeholders/{id}/split", status_code=201)
def split_stakeholder(
    id: Identifier, body: SplitIn, _: Annotated[NoParams, Query()], request: Request, services: ServicesDep
) -> LaidOut:
    """Say that this stakeholder is somebody else in some articles, under a new id that the answer names (`to`)."""
    who = _reviewer(request, services, body.by, "body.by")
    _require(services, id)
    with _told(found="body.articles", wrong="body.articles"):
        stored = judging.split(
            services,
            id,
            body.articles,
            by=who.name,
            keeps=body.keeps,
            name=body.name,
            note=body.note,
            actor=who.key,
        )
        return _laid(stored)


@router.get("/accuracy")
def get_accuracy(_: Annotated[NoParams, Query()], services: ServicesDep) -> AccuracyOut:
    """How good the program is: on the gold corpus, and by what reviewers say of what is stored here."""
    return AccuracyOut.of(read_accuracy(), measure(services.store.judging.all()))


def _laid(stored: Stored) -> LaidOut:
    return LaidOut(judgement=JudgementOut.from_record(stored.judgement), changed=stored.changed)


def _reviewer(request: Request, services: Services, given: str | None, field: str) -> Reviewer:
    who = reviewer_of(request, services, given)
    if who is None:
        raise bad_field(field, "Say who judges, or send an API key, whose name is kept then.")
    return who


def _require(services: Services, id: str) -> None:
    if not services.store.judging.knows(id):
        raise not_found("stakeholder")


@contextmanager
def _told(*, found: str, wrong: str) -> Iterator[None]:
    """What a body names and is not there, and what is wrong with it, as problems of its fields."""
    try:
        yield
    except UsageError as error:
        text = f"{error.what[:1].upper()}{error.what[1:]}"
        field = found if isinstance(error, NotFoundError) else wrong
        raise bad_field(field, f"{text} ({error.do})." if error.do else f"{text}.") from None
