"""A change of topics reaches every stored article once, one transaction each, and may be stopped and gone on with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from api.applying import Step, add_topic, apply_to_stored, check_stored, remove_topic, waiting_articles
from api.services import Services
from api.settings import Settings
from api.store import Filters, Store
from nlp.errors import NotFoundError, NotSetUpError, StandpointError, TopicError, UsageError
from nlp.records import Analysis, Article, Evidence, Run, Stance, StanceLabel, Topic
from nlp.topic_check import Catch
from nlp.topics import shipped_topics, topics_digest

if TYPE_CHECKING:
    from nlp.explanations import Reading
    from nlp.positions import Observation

Make = Callable[..., Analysis]
TOLL = Topic("toll", "Toll", "The bridge should have a toll.", phrases=("bridge toll",))
ROAD = Topic("road", "Road", "The road should be closed.")


class FakeEngine:
    """Every statement opposes the topics that do not ship; ``broken`` maps articles to what goes wrong there."""

    def __init__(self) -> None:
        self.broken: dict[str, StandpointError] = {}
        self.asked: list[tuple[str, tuple[str, ...] | None]] = []
        self.meanwhile: Callable[[], None] = lambda: None

    def apply(self, analysis: Analysis, topics: Sequence[Topic], before: Sequence[Topic] | None) -> Analysis:
        self.asked.append((analysis.article.id, None if before is None else _own(before)))
        if analysis.article.id in self.broken:
            raise self.broken[analysis.article.id]
        self.meanwhile()
        kept = [stance for stance in analysis.stances if stance.topic in {topic.id for topic in shipped_topics()}]
        said = analysis.statements[0]
        evidence = Evidence(0.9, "fake", "made up", said.spans)
        made = [Stance(said.holder or "", id, StanceLabel.OPPOSE, evidence, statement=said.id) for id in _own(topics)]
        run = Run("0.1.0", f"now {topics_digest(topics)}", (("topics", topics_digest(topics)),))
        return replace(analysis, run=run, stances=(*kept, *made))

    def check(self, analysis: Analysis, topic: Topic, topics: Sequence[Topic]) -> tuple[Catch, ...]:
        caught = "single" in analysis.statements[0].text
        row = Catch(analysis.article.id, "s1", "person:jo-tarn", "words", caught, StanceLabel.OPPOSE, 0.8, "made up")
        return (row,)

    def read(self, article: Article, observation: Observation, topic: Topic, holder: str) -> Reading | None:
        return None


def _own(topics: Sequence[Topic]) -> tuple[str, ...]:
    return tuple(topic.id for topic in topics if topic not in shipped_topics())


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def services(settings: Settings, store: Store, engine: FakeEngine, make_analysis: Make) -> Iterator[Services]:
    for number in range(3):
        store.writer.write_analysis(make_analysis(f"{number}.txt", words=f"a single budget is the way for {number}"))
    yield Services(settings, store=store, engine=engine)


def on(store: Store, topic: str) -> int:
    return len(store.reader.stances(Filters(topic=(topic,))).items)


def test_a_new_topic_reaches_every_article_and_leaves_the_others_stances(services: Services) -> None:
    steps: list[Step] = []
    assert add_topic(services, TOLL)
    report = apply_to_stored(services, [TOLL], progress=steps.append)
    assert (report.articles, report.changed, report.failed, report.stopped) == (3, 3, (), False)
    assert [(step.done, step.total) for step in steps] == [(1, 3), (2, 3), (3, 3)]
    assert on(services.store, "toll") == 3 and on(services.store, "pooling") == 3
    assert waiting_articles(services.store, tuple(services.topics().values())) == []


def test_what_is_done_is_not_done_again(services: Services, engine: FakeEngine) -> None:
    add_topic(services, TOLL)
    apply_to_stored(services, [TOLL])
    engine.asked.clear()
    assert apply_to_stored(services, [TOLL]).articles == 0 and engine.asked == []


def test_the_engine_is_told_which_topics_there_were_before(services: Services, engine: FakeEngine) -> None:
    add_topic(services, TOLL)
    apply_to_stored(services, [TOLL])
    add_topic(services, ROAD)
    apply_to_stored(services, [ROAD])
    apply_to_stored(services, [remove_topic(services, "toll")])
    befores = [before for _, before in engine.asked]
    assert befores[0] == () and befores[3] == ("toll",) and set(befores[6] or ()) == {"road", "toll"}


def test_an_interrupted_work_goes_on_where_it_stopped(services: Services, engine: FakeEngine) -> None:
    def stop(step: Step) -> None:
        raise KeyboardInterrupt

    add_topic(services, TOLL)
    with pytest.raises(KeyboardInterrupt):
        apply_to_stored(services, [TOLL], progress=stop)
    assert on(services.store, "toll") == 1
    assert not add_topic(services, TOLL), "the same topic is no clash"
    assert apply_to_stored(services, [TOLL]).articles == 2
    assert on(services.store, "toll") == 3 and len(engine.asked) == 3


def test_a_server_that_stops_leaves_the_rest_waiting(services: Services) -> None:
    add_topic(services, TOLL)
    report = apply_to_stored(services, [TOLL], progress=lambda step: services.stopping.set())
    assert report.stopped and on(services.store, "toll") == 1
    assert len(waiting_articles(services.store, tuple(services.topics().values()))) == 2


def test_an_article_that_fails_is_named_and_stops_no_other(services: Services, engine: FakeEngine) -> None:
    first = services.store.reader.article_runs()[0][0]
    engine.broken[first] = StandpointError("no reading today", where=first)
    add_topic(services, TOLL)
    report = apply_to_stored(services, [TOLL])
    assert [(each.article, "no reading today" in each.reason) for each in report.failed] == [(first, True)]
    assert report.changed == 2 and on(services.store, "toll") == 2
    engine.broken[first] = NotSetUpError("no model")
    with pytest.raises(NotSetUpError):
        apply_to_stored(services, [TOLL])


def test_an_article_that_was_analysed_anew_meanwhile_is_left_as_it_is(
    services: Services, engine: FakeEngine, make_analysis: Make
) -> None:
    newer = make_analysis("0.txt", words="a single budget is the way for 0", run="newer")
    engine.meanwhile = lambda: services.store.writer.write_analysis(newer) and None
    add_topic(services, TOLL)
    apply_to_stored(services, [TOLL])
    stored = services.store.reader.stored(newer.article.id)
    assert stored is not None and stored.run.digest == "newer" and on(services.store, "toll") == 2


def test_an_article_that_is_taken_away_meanwhile_is_no_failure(services: Services, engine: FakeEngine) -> None:
    ids = [id for id, _ in services.store.reader.article_runs()]

    def take_away() -> None:
        engine.meanwhile = lambda: None
        services.store.holdings.withdraw(ids[0])
        services.store.holdings.withdraw(ids[1])

    engine.meanwhile = take_away
    add_topic(services, TOLL)
    report = apply_to_stored(services, [TOLL])
    assert report.failed == () and report.changed == 1


def test_a_topic_that_goes_takes_its_stances_at_once(services: Services) -> None:
    add_topic(services, TOLL)
    apply_to_stored(services, [TOLL])
    assert remove_topic(services, "toll") == TOLL
    assert on(services.store, "toll") == 0 and on(services.store, "pooling") == 3
    apply_to_stored(services, [TOLL])
    assert waiting_articles(services.store, shipped_topics()) == []


def test_an_article_whose_stances_went_is_written_when_it_is_analysed_again(
    services: Services, engine: FakeEngine
) -> None:
    add_topic(services, TOLL)
    apply_to_stored(services, [TOLL])
    analysis = services.store.reader.article(services.store.reader.article_runs()[0][0])
    remove_topic(services, "toll")
    services.store.writer.write_analysis(analysis)
    assert on(services.store, "toll") == 1


def test_ids_that_clash_are_refused_and_change_nothing(services: Services) -> None:
    with pytest.raises(TopicError, match="ships with"):
        add_topic(services, replace(TOLL, id="pooling"))
    add_topic(services, TOLL)
    with pytest.raises(TopicError, match="another topic that was added"):
        add_topic(services, replace(TOLL, claim="The bridge should have no toll."))
    with pytest.raises(TopicError, match="'claim'"):
        add_topic(services, replace(TOLL, id="x", claim="Toll!"))
    assert services.store.reader.topics() == (TOLL,)


def test_only_topics_of_users_are_removed(services: Services) -> None:
    with pytest.raises(UsageError, match="ships with"):
        remove_topic(services, "pooling")
    with pytest.raises(NotFoundError):
        remove_topic(services, "none")


def test_a_check_tells_both_lists_and_writes_nothing(services: Services, make_analysis: Make) -> None:
    services.store.writer.write_analysis(make_analysis("last.txt", words="other words than those"))
    before = services.store.reader.article_runs()
    report = check_stored(services, TOLL)
    assert (report.articles, report.read, len(report.caught), len(report.missed)) == (4, 4, 3, 1)
    newest = check_stored(services, TOLL, most=1)
    assert (newest.articles, newest.read, len(newest.caught), len(newest.missed)) == (4, 1, 0, 1)
    assert services.store.reader.article_runs() == before and services.store.reader.topics() == ()
