"""Articles: what was read, and everything that was found in one."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.dependencies import ReaderDep, ServicesDep
from api.routes.bodies import AnalysisOut
from api.routes.params import CursorDep, Identifier, NoParams, StanceParams
from api.schemas import ArticleRowOut, Items

router = APIRouter(prefix="/articles", tags=["articles"])


@router.get("")
def list_articles(
    params: Annotated[StanceParams, Query()], services: ServicesDep, reader: ReaderDep, cursor: CursorDep
) -> Items[ArticleRowOut]:
    """Articles, newest first; those without a date come last."""
    page = reader.articles(params.to_filters(services), after=cursor.after, limit=params.limit)
    return Items(items=[ArticleRowOut.from_record(row) for row in page.items], next=cursor.seal(page.next))


@router.get("/{id}")
def get_article(id: Identifier, _: Annotated[NoParams, Query()], reader: ReaderDep) -> AnalysisOut:
    """One article with its text and everything found in it, at any confidence."""
    analysis, stored = reader.article(id), reader.stored(id)
    return AnalysisOut.from_record(analysis, story=stored.story if stored else None)
