"""Stakeholders: people, organisations and groups."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Query, Response

from api.dependencies import ReaderDep, ServicesDep
from api.problems import not_found
from api.routes.bodies import StakeholderDetail
from api.routes.kin import KinOut
from api.routes.match_bodies import MatchIn, MatchOut
from api.routes.params import CursorDep, Identifier, NoParams, StakeholderParams, names_for
from api.schemas import Items, PositionOut, StakeholderOut, StakeholderRowOut
from api.store import Filters
from api.store.analyst import Question
from nlp.register import register

router = APIRouter(prefix="/stakeholders", tags=["stakeholders"])


@router.get("")
def list_stakeholders(
    params: Annotated[StakeholderParams, Query()], services: ServicesDep, reader: ReaderDep, cursor: CursorDep
) -> Items[StakeholderRowOut]:
    """Stakeholders by name; `q` is a part of a name or of an alias."""
    page = reader.stakeholders(params.to_filters(services), after=cursor.after, limit=params.limit)
    return Items(items=[StakeholderRowOut.from_record(row) for row in page.items], next=cursor.seal(page.next))


@router.post("/match")
def match_stakeholders(body: MatchIn, _: Annotated[NoParams, Query()], services: ServicesDep) -> MatchOut:
    """Who may be meant by a name, best first, with the reason for each point. Likeness only suggests."""
    return MatchOut.from_records(services.match(body.name, on=body.on, limit=body.limit))


@router.get("/{id}")
def get_stakeholder(
    id: Identifier, _: Annotated[NoParams, Query()], services: ServicesDep, reader: ReaderDep, response: Response
) -> StakeholderDetail:
    """One stakeholder, of the database or the register, with its relatives and its position on every topic.

    Each position tells its surest utterances, at most five; its own address tells them all.

    The id of one that was merged answers with the one that stands for it, whose address is in `Content-Location`.
    """
    (stands,) = services.store.judging.stands_for([id])
    if stands != id:
        response.headers["Content-Location"] = f"/v1/stakeholders/{quote(stands, safe='')}"
        id = stands
    stakeholder = reader.stakeholders_by_id([id]).get(id) or register().get(id)
    if stakeholder is None:
        raise not_found("stakeholder")
    filters = Filters(stakeholder=(id,), min_confidence=services.settings.min_confidence)
    analyst, question = services.store.analyst, Question(filters=filters)
    positions = analyst.positions(question, range(analyst.sheet(question).size))
    checked = services.store.judging.cells()
    names = names_for(reader, [id, *(position.on_behalf_of for position in positions)])
    return StakeholderDetail(
        stakeholder=StakeholderOut.from_record(stakeholder),
        kin=KinOut.of(stakeholder),
        positions=[PositionOut.from_record(position, names, checked) for position in positions],
    )
