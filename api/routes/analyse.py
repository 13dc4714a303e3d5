"""Analyses a text that is sent, and keeps nothing of it."""

from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Query

from api.dependencies import ServicesDep
from api.problems import bad_field
from api.routes.bodies import AnalyseIn, AnalysisOut, TopicIn
from api.routes.params import NoParams
from api.services import Services
from nlp.records import Topic

router = APIRouter(prefix="/analyse", tags=["analyse"])


@router.post("")
def analyse_text(body: AnalyseIn, _: Annotated[NoParams, Query()], services: ServicesDep) -> AnalysisOut:
    """Everything found in a text. Nothing is stored; ids hold within the answer only."""
    if not body.text.strip():
        raise bad_field("body.text", "must not be empty")
    topics = choose_topics(body.topics, services)
    return AnalysisOut.from_record(services.analyse(body.to_article(), topics))


def choose_topics(wanted: Iterable[str | TopicIn] | None, services: Services) -> list[Topic]:
    """The known topics that were named and those that were sent; all known ones when none were."""
    known = services.topics()
    if wanted is None:
        return list(known.values())
    chosen: dict[str, Topic] = {}
    for index, topic in enumerate(wanted):
        if isinstance(topic, str) and topic not in known:
            raise bad_field(f"body.topics.{index}", "is not the id of a known topic; see /v1/topics")
        record = known[topic] if isinstance(topic, str) else topic.to_record(f"body.topics.{index}")
        chosen[record.id] = record
    return list(chosen.values())
