"""Figures: the money that articles quote."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.dependencies import ReaderDep, ServicesDep
from api.routes.params import CursorDep, FilterParams, names_for
from api.schemas import FigureOut, Items

router = APIRouter(prefix="/figures", tags=["figures"])


@router.get("")
def list_figures(
    params: Annotated[FilterParams, Query()], services: ServicesDep, reader: ReaderDep, cursor: CursorDep
) -> Items[FigureOut]:
    """Figures, newest article first; `topic` keeps articles that hold a stance on it."""
    page = reader.figures(params.to_filters(services), after=cursor.after, limit=params.limit)
    figures = [row.figure for row in page.items]
    names = names_for(reader, (id for item in figures for id in (item.payer, item.recipient, item.cited_by)))
    return Items(items=[FigureOut.from_row(row, names) for row in page.items], next=cursor.seal(page.next))
