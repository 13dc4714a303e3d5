"""Positions and their map: stakeholder x topic, computed when asked for."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from api.explaining import explain
from api.problems import not_found
from api.routes.bodies import MapOut
from api.routes.params import CursorDep, Identifier, NoParams, ReaderDep, ServicesDep, StanceParams, names_for
from api.routes.why_bodies import WhyOut, ids_in
from api.schemas import Items, PositionOut
from api.store import PositionMap
from api.store.names import normalise_name
from nlp.records import MEDIUM, Position, Stakeholder

router = APIRouter(tags=["positions"])


class WhyParams(NoParams):
    """How sure a statement must be to count."""

    min_confidence: float | None = Field(
        default=None, ge=0, le=1, description=f"the least confidence; by default what the server shows ({MEDIUM})"
    )


@router.get("/positions")
def list_positions(
    params: Annotated[StanceParams, Query()], services: ServicesDep, reader: ReaderDep, cursor: CursorDep
) -> Items[PositionOut]:
    """Positions, one a stakeholder and topic; `stance` asks for the stance that was computed."""
    found = sorted(reader.positions(params.to_filters(services)), key=_position_key)
    page = cursor.page(found, params.limit, key=_position_key)
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
def get_map(
    params: Annotated[StanceParams, Query()], services: ServicesDep, reader: ReaderDep, cursor: CursorDep
) -> MapOut:
    """Who stands where: a row a stakeholder, those with the most stories first."""
    found = reader.map(params.to_filters(services))
    key = partial(_row_key, stories=_stories(found))
    page = cursor.page(sorted(found.stakeholders, key=key), params.limit, key=key)
    names = names_for(reader, (id for cell in found.cells.values() for id in (cell.holder, cell.on_behalf_of)))
    shown = MapOut.from_record(replace(found, stakeholders=page.items), names, services.topics())
    return shown.model_copy(update={"next": page.next})


def _position_key(position: Position) -> list[Any]:
    return [position.holder, position.topic]


def _stories(found: PositionMap) -> Counter[str]:
    stories: Counter[str] = Counter()
    for cell in found.cells.values():
        stories[cell.holder] += cell.story_count
    return stories


def _row_key(stakeholder: Stakeholder, *, stories: Mapping[str, int]) -> list[Any]:
    return [-stories[stakeholder.id], normalise_name(stakeholder.name), stakeholder.id]
