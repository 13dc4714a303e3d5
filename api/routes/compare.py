"""What nobody else answers: who turned, who stands against and beside whom, who is silent, what would win them over."""

from typing import Annotated, Any

from fastapi import APIRouter, Query

from api.comparing import divide, ties_of
from api.dependencies import ServicesDep
from api.routes.coverage import AlliancesParams, ChangesParams, DividesParams, OneTopicParams, question_of, topic_of
from api.routes.map_bodies import (
    AlliancesOut,
    CampOut,
    ChangeOut,
    ConditionOut,
    ConditionsOut,
    DividesOut,
    HolderOut,
    MapCell,
    MemberOut,
    SilentOut,
    SpeakerOut,
    TieOut,
)
from api.routes.params import CursorDep
from api.schemas import Items, Ref
from nlp.alliances import DEFINITION as TIES
from nlp.changes import Change
from nlp.divides import DEFINITION as POLARIZATION

router = APIRouter(tags=["comparing"])


def _change_key(change: Change) -> list[Any]:
    return [change.holder, change.topic, change.day, change.kind, change.before, change.after]


@router.get("/changes")
def list_changes(
    params: Annotated[ChangesParams, Query()], services: ServicesDep, cursor: CursorDep
) -> Items[ChangeOut]:
    """Who turned, when, and the two sentences, the latest first: a holder's stance on a topic on one day that differs
    from the one it took the time before, and former stances that the text itself reports."""
    analyst = services.store.analyst
    snapshot, found = analyst.changes(question_of(params, services))
    page = cursor.part(found.only(params.change), params.limit, row=_change_key)
    rows = [row for each in page.items for row in (each.old, each.new) if row is not None]
    told = analyst.read_rows(found.columns, snapshot, rows)
    names = snapshot.people
    # What was taken away since the columns were read cannot be shown.
    whole = [each for each in page.items if each.new in told and (each.old is None or each.old in told)]
    return Items(items=[ChangeOut.from_record(each, told, names) for each in whole], next=page.next)


@router.get("/divides", description=f"The camps on a topic, and how far apart they are. {POLARIZATION}")
def show_divides(params: Annotated[DividesParams, Query()], services: ServicesDep, cursor: CursorDep) -> DividesOut:
    question = question_of(params, services)
    topic = topic_of(params, services)
    found, checked = divide(services.store.analyst, question), services.store.judging.cells()
    page = cursor.part(found.members, params.limit, row=lambda member: [member[0].id])
    return DividesOut(
        topic=Ref(id=topic.id, name=topic.name),
        polarization=found.polarization,
        definition=POLARIZATION,
        camps=[CampOut(label=camp.label, stakeholders=camp.stakeholders, stories=camp.stories) for camp in found.camps],
        items=[
            MemberOut(stakeholder=HolderOut.from_record(holder), position=MapCell.from_record(cell, checked=checked))
            for holder, cell in page.items
        ],
        next=page.next,
    )


@router.get("/alliances", description=f"Stakeholders who stand alike, two by two, the strongest ties first. {TIES}")
def list_alliances(
    params: Annotated[AlliancesParams, Query()], services: ServicesDep, cursor: CursorDep
) -> AlliancesOut:
    sheet, ties = ties_of(
        services.store.analyst,
        question_of(params, services),
        mode=params.mode,
        normalization=params.normalization,
        least=params.least,
    )
    page = cursor.part(ties, params.limit, row=lambda tie: [tie.first, tie.second])
    code = sheet.snapshot.books.holders.known

    def who(id: str) -> HolderOut:
        return HolderOut.from_record(sheet.holder(code[id]))

    return AlliancesOut(
        mode=params.mode,
        normalization=params.normalization,
        definition=TIES,
        compared=len(ties.who),
        total=len(ties),
        items=[
            TieOut(
                first=who(tie.first),
                second=who(tie.second),
                weight=tie.weight,
                alike=list(tie.alike),
                opposed=list(tie.opposed),
            )
            for tie in page.items
        ],
        next=page.next,
    )


@router.get("/silent")
def list_silent(params: Annotated[OneTopicParams, Query()], services: ServicesDep, cursor: CursorDep) -> SilentOut:
    """Who speaks in the articles that pass and never on the topic there, with how often they speak."""
    question = question_of(params, services)
    topic = topic_of(params, services)
    found = services.store.analyst.silent(question, topic.id)
    page = cursor.part(found, params.limit, row=lambda speaker: [speaker.id])
    return SilentOut(
        topic=Ref(id=topic.id, name=topic.name),
        total=len(found),
        items=[SpeakerOut.from_record(each) for each in page.items],
        next=page.next,
    )


@router.get("/conditions")
def list_conditions(
    params: Annotated[OneTopicParams, Query()], services: ServicesDep, cursor: CursorDep
) -> ConditionsOut:
    """What would win the conditional ones over: the condition by its offsets, its sentence and date, newest first."""
    question, analyst = question_of(params, services), services.store.analyst
    topic = topic_of(params, services)
    page = analyst.conditions(question, cursor.after, params.limit)
    labels = analyst.sheet(question).labels()
    names = analyst.names()
    return ConditionsOut(
        topic=Ref(id=topic.id, name=topic.name),
        items=[
            ConditionOut.from_record(told, labels.get(told.stance.holder, {}).get(topic.id), names)
            for told in page.items
        ],
        next=cursor.seal(page.next),
    )
