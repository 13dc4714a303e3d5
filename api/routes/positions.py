"""Positions and their map: stakeholder x topic, computed when asked for."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field

from api.explaining import explain
from api.problems import not_found
from api.routes.bodies import MapOut
from api.routes.params import Identifier, NoParams, ReaderDep, ServicesDep, StanceParams, names_for, slice_page
from api.routes.why_bodies import WhyOut, ids_in
from api.schemas import Items, PositionOut
from nlp.records import MEDIUM

router = APIRouter(tags=["positions"])


class WhyParams(NoParams):
    """How sure a statement must be to count."""

    min_confidence: float | None = Field(
        default=None, ge=0, le=1, description=f"the least confidence; by default what the server shows ({MEDIUM})"
    )


@router.get("/positions")
def list_positions(
    params: Annotated[StanceParams, Query()], services: ServicesDep, reader: ReaderDep
) -> Items[PositionOut]:
    """Positions, one a stakeholder and topic; `stance` asks for the stance that was computed."""
    page = slice_page(reader.positions(params.to_filters(services)), params)
    names = names_for(reader, (id for item in page.items for id in (item.holder, item.on_behalf_of)))
    return Items(items=[PositionOut.from_record(item, names) for item in page.items], next=page.next)


@router.get("/positions/{holder}/{topic}")
def get_position(
    holder: Identifier,
    topic: Identifier,
    params: Annotated[WhyParams, Query()],
    services: ServicesDep,
    reader: ReaderDep,
) -> WhyOut:
    """Why a stakeholder stands where it does: the utterances, their weights, the words that decided, and against it."""
    stakeholder, known = reader.stakeholders_by_id([holder]).get(holder), services.topics().get(topic)
    if stakeholder is None or known is None:
        raise not_found("stakeholder" if stakeholder is None else "topic")
    floor = services.settings.min_confidence if params.min_confidence is None else params.min_confidence
    why = explain(services, stakeholder, known, min_confidence=floor)
    if why is None:
        raise not_found("position of enough confidence")
    return WhyOut.from_record(why, names_for(reader, ids_in(why)))


@router.get("/map")
def get_map(params: Annotated[StanceParams, Query()], services: ServicesDep, reader: ReaderDep) -> MapOut:
    """Who stands where: a row a stakeholder, those with the most stories first."""
    found = reader.map(params.to_filters(services))
    page = slice_page(found.stakeholders, params)
    names = names_for(reader, (id for cell in found.cells.values() for id in (cell.holder, cell.on_behalf_of)))
    shown = MapOut.from_record(replace(found, stakeholders=page.items), names, services.topics())
    return shown.model_copy(update={"next": page.next})
