"""Search over statements and the text of articles."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.routes.bodies import HitOut
from api.routes.params import CursorDep, ReaderDep, SearchParams, ServicesDep, names_for
from api.schemas import Items

router = APIRouter(prefix="/search", tags=["search"])


@router.get("")
def search(
    params: Annotated[SearchParams, Query()], services: ServicesDep, reader: ReaderDep, cursor: CursorDep
) -> Items[HitOut]:
    """Statements and articles that match, best first: words, "phrases", -not, OR."""
    page = reader.search(params.q, params.to_filters(services), after=cursor.after, limit=params.limit)
    said = [hit.statement for hit in page.items if hit.statement]
    names = names_for(reader, (id for item in said for id in (item.holder, item.on_behalf_of)))
    return Items(items=[HitOut.from_record(hit, names) for hit in page.items], next=cursor.seal(page.next))
