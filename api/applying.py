"""A change of topics applied to what is stored: one transaction an article, and it may be stopped and gone on with.

Whether an article is done stands in its run, which names the set of topics behind it: nothing else is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from api.services import Engine, Services
from api.store import Store
from api.store.licences import shown_of, today
from nlp.errors import NotFoundError, NotSetUpError, StandpointError, TopicError
from nlp.records import Analysis, Article, Licence, Run, Topic
from nlp.topics import check_topic, load_topics, topics_digest

if TYPE_CHECKING:
    from nlp.topic_check import Catch


class Failed(NamedTuple):
    """An article that could not be brought to the new topics, and why; it stays as it was."""

    article: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """How far the work is: ``done`` of ``total`` articles that waited, the last of them ``article``."""

    done: int
    total: int
    article: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplyReport:
    """``articles`` were waiting, ``changed`` of them say something else now; ``stopped`` when some still wait."""

    articles: int = 0
    changed: int = 0
    failed: tuple[Failed, ...] = ()
    stopped: bool = False


def add_topic(services: Services, topic: Topic) -> bool:
    """Keep a user's topic. False when the same one is there already, whose work may wait to be gone on with.

    Raises TopicError when it breaks a rule, or when its id is that of another topic.
    """
    check_topic(topic)
    if any(shipped.id == topic.id for shipped in load_topics(None)):
        raise TopicError("'id' is that of a topic that ships with Standpoint", do="choose another id")
    known = {each.id: each for each in services.store.reader.topics()}
    if topic.id in known and known[topic.id] != topic:
        raise TopicError("'id' is that of another topic that was added", do="choose another id, or remove that one")
    if topic.id not in known:
        services.store.writer.add_topic(topic)
    return topic.id not in known


def remove_topic(services: Services, id: str) -> Topic:
    """Take a user's topic away with every stance on it. Raises NotFoundError, UsageError for a shipped one."""
    topic = next((each for each in services.store.reader.topics() if each.id == id), None)
    if topic is None and any(shipped.id == id for shipped in load_topics(None)):
        raise TopicError("this topic ships with Standpoint and cannot be removed")
    if topic is None:
        raise NotFoundError("there is no such topic")
    services.store.writer.delete_topic(id)
    return topic


def apply_to_stored(
    services: Services, changed: Sequence[Topic] = (), *, progress: Callable[[Step], None] | None = None
) -> ApplyReport:
    """Bring every stored article to the topics that are known now, one after the other.

    ``changed`` are the topics that came or went: articles that bear on none of them take little time then.
    """
    with services.applying:
        topics = tuple(services.topics().values())
        waiting = waiting_articles(services.store, topics)
        before = _before(topics, changed)
        tally = _Tally(len(waiting))
        stopped = False
        for done, id in enumerate(waiting, 1):
            if stopped := services.stopping.is_set():
                break
            with tally.failures(id):
                tally.changed += _apply(services.store, services.engine, id, topics, before)
            if progress:
                progress(Step(done=done, total=len(waiting), article=id))
        report = tally.report(stopped=stopped)
        _record(services.store, topics, report)
        return report


def _record(store: Store, topics: Sequence[Topic], report: ApplyReport) -> None:
    """What the chain says of a change of topics; each article's own change stands in its run."""
    if report.articles:
        counts = {"articles": report.articles, "changed": report.changed, "failed": len(report.failed)}
        store.writer.record("topics.applied", topics_digest(topics), {**counts, "stopped": report.stopped})


def waiting_articles(store: Store, topics: Sequence[Topic]) -> list[str]:
    """The articles whose analysis was made with other topics than these."""
    wanted = topics_digest(topics)
    return [id for id, run in store.reader.article_runs() if _topics_of(run) != wanted]


def _topics_of(run: Run) -> str | None:
    return dict(run.models).get("topics")


def _before(topics: Sequence[Topic], changed: Sequence[Topic]) -> tuple[Topic, ...] | None:
    """The topics as they were before some of them came, or others went."""
    if not changed:
        return None
    ids, known = {topic.id for topic in changed}, {topic.id for topic in topics}
    return (*(topic for topic in topics if topic.id not in ids), *(each for each in changed if each.id not in known))


def _apply(store: Store, engine: Engine, id: str, topics: Sequence[Topic], before: Sequence[Topic] | None) -> bool:
    """Whether the article says something else now. One that was taken away or written anew meanwhile is left."""
    try:
        old = store.judging.machine(id)
    except NotFoundError:
        return False
    new = engine.apply(old, topics, before)
    return store.writer.replace_analysis(new, over=old.run) and _found(new) != _found(old)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """What a topic would catch in ``read`` of ``articles`` stored ones, and would narrowly miss, likeliest first."""

    topic: Topic
    articles: int
    read: int
    caught: tuple[Catch, ...]
    missed: tuple[Catch, ...]


def check_stored(
    services: Services, topic: Topic, *, most: int | None = None, progress: Callable[[Step], None] | None = None
) -> CheckReport:
    """What the topic would do to the ``most`` articles that came last (None: all of them). Nothing is written."""
    check_topic(topic)
    topics = tuple(services.topics().values())
    ids = [id for id, _ in reversed(services.store.reader.article_runs())]
    read = ids if most is None else ids[:most]
    found: list[Catch] = []
    for done, id in enumerate(read, 1):
        stored = services.store.judging.machine(id)
        found += [_shown(stored.article, catch) for catch in services.engine.check(stored, topic, topics)]
        if progress:
            progress(Step(done=done, total=len(read), article=id))
    ranked = sorted(found, key=lambda catch: -catch.score)
    return CheckReport(
        topic=topic,
        articles=len(ids),
        read=len(read),
        caught=tuple(catch for catch in ranked if catch.caught),
        missed=tuple(catch for catch in ranked if not catch.caught),
    )


def _shown(article: Article, catch: Catch) -> Catch:
    """What is caught, without words that the licence of the article keeps back."""
    shown = shown_of(article.licence, article.expires, on=today())
    quote = shown is Licence.QUOTES_ONLY and catch.statement is not None
    return catch if quote or shown is Licence.FULL_TEXT else replace(catch, text="")


def _found(analysis: Analysis) -> tuple[object, ...]:
    return analysis.statements, analysis.stances


class _Tally:
    def __init__(self, total: int) -> None:
        self.total, self.changed = total, 0
        self._failed: list[Failed] = []

    @contextmanager
    def failures(self, id: str) -> Iterator[None]:
        """What one article does to the work is its own; what is not set up fails for all of them."""
        try:
            yield
        except NotSetUpError:
            raise
        except StandpointError as error:
            self._failed.append(Failed(id, str(error)))

    def report(self, *, stopped: bool) -> ApplyReport:
        return ApplyReport(articles=self.total, changed=self.changed, failed=tuple(self._failed), stopped=stopped)
