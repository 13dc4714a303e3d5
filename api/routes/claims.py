"""Claims and rival sums: the same money across articles, and the different amounts quoted for one purpose."""

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query
from pydantic import Field

from api.claims import sentences_of, stored_claims, stored_rivalries
from api.dependencies import ReaderDep, ServicesDep
from api.routes.claim_bodies import ClaimOut, RivalryOut, ids_in, shown
from api.routes.params import CursorDep, FilterParams, Text, names_for
from api.schemas import Items
from api.store import Reader
from nlp.figure_claims import Claim
from nlp.figure_rivals import Rivalry

router = APIRouter(prefix="/figures", tags=["figures"])


class ClaimParams(FilterParams):
    """Filters of figures, and the words of a purpose."""

    purpose: Text | None = Field(default=None, description="words of what the money is for", examples=["premises"])


@router.get("/rivals")
def list_rivals(
    params: Annotated[ClaimParams, Query()], services: ServicesDep, reader: ReaderDep, cursor: CursorDep
) -> Items[RivalryOut]:
    """The different amounts quoted for one purpose and period, side by side; those of the most stories first.

    `stakeholder` keeps what they pay, get or quote, with the sums that others set against it; the other filters
    choose the figures that are compared. Each amount shows its newest sentences, and counts all of them.
    """
    found = stored_rivalries(services, params.to_filters(services), params.purpose or "")
    page = cursor.part(found, params.limit, row=lambda rivalry: [_claim_key(each) for each in rivalry.amounts])
    return Items(items=rivalries_out(page.items, reader), next=page.next)


@router.get("/claims")
def list_claims(
    params: Annotated[ClaimParams, Query()], services: ServicesDep, reader: ReaderDep, cursor: CursorDep
) -> Items[ClaimOut]:
    """The sums that more than one article quotes, each once; those of the most stories first."""
    found = stored_claims(services, params.to_filters(services), params.purpose or "")
    page = cursor.part(found, params.limit, row=_claim_key)
    names, sentences = names_for(reader, ids_in(page.items)), sentences_of(reader, shown(page.items))
    return Items(items=[ClaimOut.from_record(claim, names, sentences) for claim in page.items], next=page.next)


def _claim_key(claim: Claim) -> list[Any]:
    """The figure in which it was printed first: newer ones come in front of it."""
    return [claim.figures[-1].figure.id]


def rivalries_out(rivalries: Sequence[Rivalry], reader: Reader) -> list[RivalryOut]:
    """Rivalries with the names and sentences that they show, each fetched in one go."""
    claims: list[Claim] = [claim for each in rivalries for claim in each.amounts]
    names, sentences = names_for(reader, ids_in(claims)), sentences_of(reader, shown(claims))
    return [RivalryOut.from_record(each, names, sentences) for each in rivalries]
