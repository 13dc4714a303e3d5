"""Topics: the proposals that one can be for or against."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.routes.params import ListParams, ServicesDep, slice_page
from api.schemas import Items, TopicOut

router = APIRouter(prefix="/topics", tags=["topics"])


@router.get("")
def list_topics(params: Annotated[ListParams, Query()], services: ServicesDep) -> Items[TopicOut]:
    """The shipped topics, then those that users added."""
    page = slice_page(list(services.topics().values()), params)
    return Items(items=[TopicOut.from_record(topic) for topic in page.items], next=page.next)
