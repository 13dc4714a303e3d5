"""Positions and their map: stakeholder x topic, computed when asked for."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query

from api.routes.bodies import MapOut
from api.routes.params import ReaderDep, ServicesDep, StanceParams, names_for, slice_page
from api.schemas import Items, PositionOut

router = APIRouter(tags=["positions"])


@router.get("/positions")
def list_positions(
    params: Annotated[StanceParams, Query()], services: ServicesDep, reader: ReaderDep
) -> Items[PositionOut]:
    """Positions, one a stakeholder and topic; `stance` asks for the stance that was computed."""
    page = slice_page(reader.positions(params.to_filters(services)), params)
    names = names_for(reader, (id for item in page.items for id in (item.holder, item.on_behalf_of)))
    return Items(items=[PositionOut.from_record(item, names) for item in page.items], next=page.next)


@router.get("/map")
def get_map(params: Annotated[StanceParams, Query()], services: ServicesDep, reader: ReaderDep) -> MapOut:
    """Who stands where: a row a stakeholder, those with the most stories first."""
    found = reader.map(params.to_filters(services))
    page = slice_page(found.stakeholders, params)
    names = names_for(reader, (id for cell in found.cells.values() for id in (cell.holder, cell.on_behalf_of)))
    shown = MapOut.from_record(replace(found, stakeholders=page.items), names, services.topics())
    return shown.model_copy(update={"next": page.next})
