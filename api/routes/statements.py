"""Statements: who said what, where."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.dependencies import ReaderDep, ServicesDep
from api.routes.params import CursorDep, Identifier, NoParams, StanceParams, names_for
from api.schemas import Items, Names, StatementOut
from api.store import Reader, StatementRow

router = APIRouter(prefix="/statements", tags=["statements"])


@router.get("")
def list_statements(
    params: Annotated[StanceParams, Query()], services: ServicesDep, reader: ReaderDep, cursor: CursorDep
) -> Items[StatementOut]:
    """Statements with their stances, newest article first and then in the order of the text."""
    page = reader.statements(params.to_filters(services), after=cursor.after, limit=params.limit)
    names = _names(reader, *page.items)
    return Items(items=[StatementOut.from_row(row, names) for row in page.items], next=cursor.seal(page.next))


@router.get("/{id}")
def get_statement(id: Identifier, _: Annotated[NoParams, Query()], reader: ReaderDep) -> StatementOut:
    """One statement with its stances and its article."""
    row = reader.statement(id)
    return StatementOut.from_row(row, _names(reader, row))


def _names(reader: Reader, *rows: StatementRow) -> Names:
    said = [row.statement for row in rows] + [stance for row in rows for stance in row.stances]
    return names_for(reader, (id for item in said for id in (item.holder, item.on_behalf_of)))
