"""What a change of topics sets going, whoever asked for it: at once behind the answer, or as a job."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from api.applying import apply_to_stored
from api.jobs import JobRunner
from api.services import Services
from api.store.jobs import Job
from nlp.records import Topic

CHECK, APPLY = "topics.check", "topics.apply"
#: Does some work behind the answer.
Later = Callable[[Callable[[], object]], object]


def topic_body(topic: Topic) -> dict[str, Any]:
    """A topic as the body of a job holds it, which is how the API takes one."""
    start, end = (day.isoformat() if day else None for day in (topic.start, topic.end))
    plain = {name: getattr(topic, name) for name in ("id", "name", "claim", "counter_claim", "named_only")}
    lists = {name: list(getattr(topic, name)) for name in ("phrases", "supports", "opposes")}
    return {**plain, **lists, "from": start, "to": end}


def apply_body(topic: Topic) -> dict[str, Any]:
    """The body of a job that brings what is stored to a topic that came or went."""
    return {"topic": topic_body(topic)}


def check_body(topic: Topic, *, articles: int, limit: int) -> dict[str, Any]:
    """The body of a job that reads so many articles and tells so many statements of each list."""
    return {"topic": topic_body(topic), "articles": articles, "limit": limit}


def start_applying(topic: Topic, services: Services, runner: JobRunner, later: Later, *, waiting: int) -> Job | None:
    """Bring the ``waiting`` articles to a topic that came or went: as a job, or behind the answer (None)."""
    if waiting > services.settings.job_articles:
        return runner.submit(APPLY, apply_body(topic), total=waiting)
    later(lambda: apply_to_stored(services, (topic,)))
    return None


def own_topic(services: Services, id: str) -> Topic | None:
    """The topic that a user added under this id; None for shipped ones and where there is none."""
    return next((topic for topic in services.store.reader.topics() if topic.id == id), None)
