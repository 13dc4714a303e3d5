"""Positions and their map: stakeholder x topic, computed when asked for."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import Field
from pydantic_core import to_json
from starlette.responses import Response

from api.dependencies import ReaderDep, ServicesDep
from api.explaining import explain
from api.problems import not_found
from api.routes.coverage import MapParams, PositionParams, question_of
from api.routes.map_bodies import MapOut, evidence_query, map_document
from api.routes.params import CursorDep, Identifier, NoParams, names_for
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
    params: Annotated[PositionParams, Query()], services: ServicesDep, cursor: CursorDep
) -> Items[PositionOut]:
    """Positions, one a stakeholder and topic, whoever is in most stories first; `stance` asks for the stance that was
    computed. Each tells its surest utterances, at most five; its own address tells them all."""
    analyst, question = services.store.analyst, question_of(params, services)
    sheet = analyst.sheet(question)
    page = cursor.page(range(sheet.size), params.limit, key=sheet.cell_key)
    found = analyst.positions(question, page.items)
    names, checked = analyst.names(), services.store.judging.cells()
    return Items(items=[PositionOut.from_record(item, names, checked) for item in found], next=page.next)


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
    return WhyOut.from_record(why, names_for(reader, ids_in(why)), services.store.judging.cells())


@router.get("/map", response_model=MapOut)
def get_map(params: Annotated[MapParams, Query()], services: ServicesDep, cursor: CursorDep) -> Response:
    """Who stands where: a row a stakeholder, those with the most stories first."""
    question = question_of(params, services)
    sheet = services.store.analyst.sheet(question)
    page = cursor.page(sheet.holders, params.limit, key=sheet.row_key)
    query = evidence_query(question, services.settings.min_confidence)
    checked = services.store.judging.cells()
    document = map_document(sheet, page.items, services.topics(), query=query, next=page.next, checked=checked)
    # Checked by a test against the schema: a model for each of thousands of cells takes longer than all the rest.
    return Response(to_json(document), media_type="application/json")
