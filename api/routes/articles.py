"""Articles: what was read, and everything that was found in one."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import Response

from api.callers import key_of
from api.dependencies import ReaderDep, ServicesDep
from api.routes.bodies import AnalysisOut, CleanText
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
    """One article with its text, as far as its licence allows, its copies, and everything found in it.

    An article that was withdrawn is a 410, which says when and why.
    """
    return AnalysisOut.from_shown(reader.shown(id))


class WithdrawParams(NoParams):
    """Why an article is taken away."""

    reason: Annotated[CleanText, Field(max_length=500)] = Field(
        default="", description="told to whoever asks for the article", examples=["the publisher asked for it"]
    )


@router.delete("/{id}", status_code=204)
def withdraw_article(
    id: Identifier, params: Annotated[WithdrawParams, Query()], request: Request, services: ServicesDep
) -> Response:
    """Take an article away: it is gone from search, map and exports at once, and is not taken in again.

    Its story is told anew without it. `standpoint withdraw --undo ID` lets it in again.
    """
    services.store.holdings.withdraw(id, reason=params.reason, actor=key_of(request.scope))
    return Response(status_code=204)
