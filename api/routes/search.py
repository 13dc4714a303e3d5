"""Search over statements, articles and figures."""

from typing import Annotated

from fastapi import APIRouter, Query

from api.dependencies import ReaderDep, ServicesDep
from api.problems import bad_field
from api.routes.params import CursorDep, SearchParams
from api.routes.search_bodies import SearchOut, ids_in
from nlp.errors import UsageError

router = APIRouter(prefix="/search", tags=["search"])


@router.get("")
def search(
    params: Annotated[SearchParams, Query()], services: ServicesDep, reader: ReaderDep, cursor: CursorDep
) -> SearchOut:
    """Statements, articles and figures that match, best first, by their words and by what they mean.

    Words, "phrases", -not, OR: by words all must be there, by meaning only phrases must and excluded words must not.
    Filters narrow before anything is ranked; facets count all hits. Where the encoder of meaning is missing, `hybrid`
    looks for words only and `note` says so.
    """
    question = params.to_question(services)
    topics = {id: topic.name for id, topic in services.topics().items()}
    try:
        found = services.store.searcher.search(question, after=cursor.after, limit=params.limit, names=topics)
    except UsageError as error:
        raise bad_field("query.after", f"{error.what} ({error.do})") from None
    shown = SearchOut.from_record(found, reader.titles(ids_in(found)))
    return shown.model_copy(update={"next": cursor.seal(found.next)})
