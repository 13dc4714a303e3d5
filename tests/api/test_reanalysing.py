"""Stored texts are analysed anew beside what is stored, told apart, and swapped in at once, or not at all."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select, text, update

from api.commands import reanalyse as command
from api.differences import Count, Turn
from api.reanalysing import Plan, find_anew, swap
from api.services import Services
from api.settings import Settings
from api.store import Store, audit, engines
from api.store.staging import CLAIMED, is_gone
from api.store.tables import articles, runs
from api.store.work_tables import part_runs, staged
from nlp.errors import NotFoundError, NothingToDoError, NotSetUpError, StandpointError, UsageError
from nlp.records import Analysis, Article, Figure, Run, StanceLabel, Topic
from nlp.topics import topics_digest

if TYPE_CHECKING:
    from nlp.explanations import Reading
    from nlp.positions import Observation
    from nlp.topic_check import Catch

Make = Callable[..., Analysis]
WORDS = (
    "a single pot is the way for this town",
    "wards and practices must share what they have",
    "nobody can plan with four separate purses",
    "the hospital would gain as much as we do",
)
TODAY = Run("0.3.0", "today", (("rules", "9"), ("topics", "t")))


class FakeEngine:
    """Stances turn to opposition; the run says who read the article before."""

    def apply(self, analysis: Analysis, topics: Sequence[Topic], before: Sequence[Topic] | None) -> Analysis:
        run = Run(TODAY.version, "applied", (*TODAY.models, ("read by", "old")))
        return replace(analysis, run=run, stances=tuple(turn(each) for each in analysis.stances))

    def check(self, analysis: Analysis, topic: Topic, topics: Sequence[Topic]) -> tuple[Catch, ...]:
        return ()

    def read(self, article: Article, observation: Observation, topic: Topic, holder: str) -> Reading | None:
        return None


def turn(stance: Any) -> Any:
    return replace(stance, label=StanceLabel.OPPOSE)


class Pipeline:
    """What a newer version finds: everybody opposes, one figure less, and the statement is of somebody else."""

    def __init__(self, make: Make) -> None:
        self.make, self.asked = make, list[str]()
        self.broken: dict[str, BaseException] = {}
        self.meanwhile: Callable[[Article], None] = lambda article: None

    def __call__(self, article: Article, topics: Sequence[Topic]) -> Analysis:
        assert article.blocks == ()
        self.asked.append(article.source)
        self.meanwhile(article)
        if article.source in self.broken:
            raise self.broken[article.source]
        words = article.text.split(" said that ")[1].removesuffix(". Practices need £1m.")
        new = self.make(article.source, words=words, label=StanceLabel.OPPOSE)
        assert new.article.text == article.text
        extra = Figure("f2", new.figures[0].spans, "GBP", new.figures[0].evidence, value=new.figures[0].value)
        return replace(new, run=TODAY, figures=(replace(new.figures[0], per="year"), extra))


@pytest.fixture
def pipeline(make_analysis: Make) -> Pipeline:
    return Pipeline(make_analysis)


@pytest.fixture
def services(settings: Settings, store: Store, pipeline: Pipeline, make_analysis: Make) -> Iterator[Services]:
    for number, words in enumerate(WORDS):
        store.writer.write_analysis(make_analysis(f"{number}.txt", words=words))
    yield Services(settings, store=store, analyse=pipeline, engine=FakeEngine())


def today(topics: Sequence[Topic], settings: Settings) -> Run:
    return TODAY


def find(services: Services, plan: Plan | None = None, **given: Any) -> Any:
    return find_anew(services, plan or Plan(), run=today, **given)


def everything(store: Store) -> list[Analysis]:
    return [store.reader.article(id) for id, _ in store.reader.article_runs()]


def labels(store: Store) -> set[StanceLabel]:
    return {stance.label for each in everything(store) for stance in each.stances}


def test_nothing_changes_before_the_swap_and_everything_by_it(services: Services) -> None:
    before = everything(services.store)
    outcome = find(services)
    assert everything(services.store) == before
    assert (outcome.articles, outcome.failed) == (4, ())
    assert outcome.counts["stances"] == Count(changed=4) and outcome.counts["statements"] == Count()
    assert outcome.counts["figures"] == Count(added=4, changed=4)
    assert outcome.turns == (
        Turn(holder="person:jo-tarn", topic="pooling", before=StanceLabel.SUPPORT, after=StanceLabel.OPPOSE),
    )
    swapped = swap(services, Plan(), outcome)
    assert (swapped.swapped, swapped.left) == (4, 0)
    assert labels(services.store) == {StanceLabel.OPPOSE}
    assert {run for _, run in services.store.reader.article_runs()} == {TODAY}
    assert list(services.store.faults()) == []


def test_the_positions_that_are_told_are_those_of_the_store_after_the_swap(services: Services) -> None:
    outcome = find(services, Plan(articles=(services.store.reader.article_runs()[0][0],)))
    assert outcome.counts["positions"] == Count() and outcome.turns == (), "three stories weigh more than one"
    swap(services, Plan(), outcome)
    (position,) = services.store.reader.positions()
    assert position.label is StanceLabel.SUPPORT and position.story_count == 4


def test_a_swap_leaves_a_row_in_the_audit_chain(services: Services) -> None:
    swap(services, Plan(), find(services))
    with engines.reading(services.store.engine) as connection:
        (row,) = audit.rows(connection)
        assert list(audit.breaks(connection)) == []
    assert row.action == "reanalysis.swapped" and row.detail["swapped"] == 4
    assert row.detail["changes"]["figures"] == [4, 0, 4] and row.detail["parts"][0] == "stakeholders"


def test_work_that_was_stopped_goes_on_with_what_is_left(services: Services, pipeline: Pipeline) -> None:
    def stop(step: Any) -> None:
        if step.done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        find(services, progress=stop)
    assert find(services).articles == 4
    assert pipeline.asked == ["0.txt", "1.txt", "2.txt", "3.txt"]


def test_a_killed_process_loses_the_article_in_hand_alone(
    services: Services, pipeline: Pipeline, settings: Settings, same_place: Any
) -> None:
    child = os.fork()
    if not child:
        # Whatever happens here, the child must not go on with the tests and take their server away.
        try:
            pipeline.meanwhile = lambda article: os._exit(9) if article.source == "2.txt" else None
            with same_place.open(create=False) as store:
                find(Services(settings, store=store, analyse=pipeline, engine=FakeEngine()))
        finally:
            os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    with engines.reading(services.store.engine) as connection:
        worker = connection.scalar(select(staged.c.worker).where(staged.c.state == "claimed"))
    assert worker.startswith(f"{socket.gethostname()}:{child}:") and is_gone(worker)
    assert find(services).articles == 4 and pipeline.asked == ["2.txt", "3.txt"]


def test_a_process_that_was_killed_and_not_asked_for_is_gone() -> None:
    child = os.fork()
    if not child:
        os._exit(0)
    os.waitid(os.P_PID, child, os.WEXITED | os.WNOWAIT)
    assert is_gone(f"{socket.gethostname()}:{child}")
    os.waitpid(child, 0)


def test_a_worker_that_lives_or_cannot_be_asked_keeps_its_claim(services: Services) -> None:
    assert not is_gone("elsewhere:1") and not is_gone(f"{socket.gethostname()}:{os.getppid()}")
    assert is_gone(f"{socket.gethostname()}:{os.getppid()}:1"), "its number was given out again"
    staging = services.store.staging
    ids = [id for id, _ in services.store.reader.article_runs()]
    id = staging.open("plan", ids[:2])
    assert staging.claim(id) == ids[0]
    with engines.writing(services.store.engine) as connection:
        connection.execute(update(staged).where(staged.c.state == "claimed").values(worker="elsewhere:1"))
    assert staging.release(id) == 0 and staging.claim(id) == ids[1] and staging.claim(id) is None
    with engines.writing(services.store.engine) as connection:
        long_ago = datetime.now(UTC) - CLAIMED - timedelta(minutes=1)
        connection.execute(update(staged).where(staged.c.worker == "elsewhere:1").values(claimed_at=long_ago))
    assert staging.release(id) == 2 and staging.claim(id) == ids[0], "an old claim, and this process's own"


def test_another_plan_begins_anew(services: Services, pipeline: Pipeline) -> None:
    find(services, Plan(only=("figures",)))
    find(services)
    assert len(pipeline.asked) == 8
    with engines.reading(services.store.engine) as connection:
        assert len(connection.execute(select(staged)).all()) == 4


@pytest.mark.parametrize(
    "error", [StandpointError("no reading today"), ValueError("odd"), KeyError("x"), RecursionError()]
)
def test_a_bad_article_stops_no_other_and_stays_as_it_is(
    services: Services, pipeline: Pipeline, error: BaseException
) -> None:
    pipeline.broken["1.txt"] = error
    outcome = find(services)
    bad = services.store.reader.article_runs()[1][0]
    assert [each.article for each in outcome.failed] == [bad] and outcome.failed[0].reason
    swap(services, Plan(), outcome)
    assert [run == TODAY for _, run in services.store.reader.article_runs()] == [True, False, True, True]
    pipeline.broken.clear()
    assert find(services).articles == 1, "only what failed is left to do"


def test_what_contradicts_itself_is_a_bad_article(services: Services, pipeline: Pipeline) -> None:
    real = pipeline.make
    pipeline.make = lambda *a, **k: replace(real(*a, **k), stakeholders=())
    outcome = find(services)
    assert len(outcome.failed) == 4 and "does not list" in outcome.failed[0].reason


def test_what_is_not_set_up_stops_the_work(services: Services, pipeline: Pipeline) -> None:
    pipeline.broken["0.txt"] = NotSetUpError("no model")
    with pytest.raises(NotSetUpError):
        find(services)


def test_what_others_wrote_or_took_away_meanwhile_is_left(services: Services, make_analysis: Make) -> None:
    outcome = find(services)
    ids = [id for id, _ in services.store.reader.article_runs()]
    services.store.holdings.withdraw(ids[0])
    newer = make_analysis("1.txt", words=WORDS[1], run="newer")
    services.store.writer.write_analysis(newer)
    swapped = swap(services, Plan(), outcome)
    assert (swapped.swapped, swapped.left) == (2, 1)
    assert services.store.reader.article(ids[1]).run.digest == "newer"


def test_an_article_that_goes_during_the_work_is_left_out(services: Services, pipeline: Pipeline) -> None:
    last = services.store.reader.article_runs()[3][0]

    def take_away(article: Article) -> None:
        pipeline.meanwhile = lambda article: None
        services.store.holdings.withdraw(last)

    pipeline.meanwhile = take_away
    assert find(services).articles == 3


def test_only_older_versions_are_chosen_and_nothing_left_is_nothing_to_do(
    services: Services, make_analysis: Make
) -> None:
    new = replace(make_analysis("new.txt"), run=Run("0.10.1", "n"))
    services.store.writer.write_analysis(new)
    assert find(services, Plan(older_than="0.2")).articles == 4
    swap(services, Plan(), find(services, Plan(older_than="0.2")))
    with pytest.raises(NothingToDoError, match=r"older than 0\.2"):
        find(services, Plan(older_than="0.2"))
    assert find(services, Plan(older_than="0.10.2")).articles == 5
    swap(services, Plan(), find(services))
    with pytest.raises(NothingToDoError, match="than today's"):
        find(services)


@pytest.mark.parametrize(
    ("plan", "error"),
    [
        (Plan(only=("words",)), UsageError),
        (Plan(older_than="new"), UsageError),
        (Plan(articles=("none",)), NotFoundError),
    ],
)
def test_what_makes_no_plan_is_refused(services: Services, plan: Plan, error: type[Exception]) -> None:
    with pytest.raises(error):
        find(services, plan)


def runs_of(store: Store) -> set[tuple[str, str]]:
    query = select(part_runs.c.part, runs.c.digest).join_from(part_runs, runs)
    with engines.reading(store.engine) as connection:
        return {(row.part, row.digest) for row in connection.execute(query)}


def test_figures_alone_are_found_anew_and_name_their_run(services: Services) -> None:
    old = everything(services.store)
    plan = Plan(only=("figures",))
    swap(services, plan, find(services, plan))
    for before, after in zip(old, everything(services.store), strict=True):
        assert after.stances == before.stances and after.statements == before.statements and after.run == before.run
        assert len(after.figures) == 2 and after.figures[0].per == "year"
    assert runs_of(services.store) == {("figures", "today")}
    with pytest.raises(NothingToDoError):
        find(services, plan)
    assert find(services).articles == 4, "the other parts are still of an older run"
    swap(services, Plan(), find(services))
    assert runs_of(services.store) == set() and list(services.store.faults()) == []


def test_statements_bring_their_stances(services: Services) -> None:
    plan = Plan(only=("statements",))
    assert plan.parts == ("statements", "stances")
    outcome = find(services, plan)
    assert outcome.counts["figures"] == Count() and outcome.counts["stances"] == Count(changed=4)
    swap(services, plan, outcome)
    assert runs_of(services.store) == {("statements", "today"), ("stances", "today")}
    assert labels(services.store) == {StanceLabel.OPPOSE}


def test_stances_alone_are_read_from_what_was_found(services: Services, pipeline: Pipeline) -> None:
    plan = Plan(only=("stances",))
    swap(services, plan, find(services, plan))
    assert pipeline.asked == [] and labels(services.store) == {StanceLabel.OPPOSE}
    assert {run.digest for _, run in services.store.reader.article_runs()} == {"applied"}
    with pytest.raises(NothingToDoError):
        find(services, plan)


def test_a_run_is_kept_as_long_as_a_part_names_it(services: Services) -> None:
    plan = Plan(only=("figures",))
    swap(services, plan, find(services, plan))
    with engines.reading(services.store.engine) as connection:
        assert set(connection.scalars(select(runs.c.digest))) == {"d1", "today"}
    for id, _ in services.store.reader.article_runs():
        services.store.holdings.withdraw(id)
    with engines.reading(services.store.engine) as connection:
        assert connection.scalars(select(runs.c.digest)).all() == []


def test_a_swap_that_fails_half_way_changes_nothing(services: Services) -> None:
    outcome = find(services)
    before = everything(services.store)
    with engines.writing(services.store.engine) as connection:
        last = connection.scalar(select(staged.c.article_id).order_by(staged.c.seq.desc()))
        rows = connection.scalar(select(staged.c.rows).where(staged.c.article_id == last))
        rows["items"]["stances"][0]["holder"] = "nobody"
        connection.execute(update(staged).where(staged.c.article_id == last).values(rows=rows))
    with pytest.raises(Exception, match=r"(?i)foreign key"):
        swap(services, Plan(), outcome)
    assert everything(services.store) == before


def test_stances_come_and_go_with_their_positions(services: Services, pipeline: Pipeline) -> None:
    real = pipeline.make
    pipeline.make = lambda *a, **k: real(*a, **{**k, "holder": "person:jo-tarn", "topic": "capitation"})
    outcome = find(services)
    assert outcome.counts["stances"] == Count(added=4, gone=4) and outcome.counts["positions"] == Count(added=1, gone=1)
    assert {(each.topic, each.before, each.after) for each in outcome.turns} == {
        ("pooling", StanceLabel.SUPPORT, None),
        ("capitation", None, StanceLabel.OPPOSE),
    }


def test_the_command_needs_a_yes_where_nobody_can_be_asked(
    services: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(UsageError) as refusal:
        command.reanalyse(services, Plan(), dry_run=False, yes=False, as_json=False, run=today)
    assert "--yes" in refusal.value.do and refusal.value.exit_code == 2
    assert command.reanalyse(services, Plan(), dry_run=True, yes=False, as_json=False, run=today) == 0
    shown = capsys.readouterr()
    assert "Jo Tarn, Pooling of GP and NHS budgets: Supports ▲ → Opposes ▼" in shown.out
    assert "nothing was swapped in" in shown.err and labels(services.store) == {StanceLabel.SUPPORT}
    assert command.reanalyse(services, Plan(), dry_run=False, yes=True, as_json=True, run=today) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["swapped"] == 4 and document["changes"]["positions"] == {"added": 0, "gone": 0, "changed": 1}
    assert document["positions"][0]["before"] == "support" and document["positions"][0]["holder"]["name"] == "Jo Tarn"


@pytest.mark.parametrize("answer", [True, False])
def test_at_a_terminal_the_command_asks(
    services: Services, monkeypatch: pytest.MonkeyPatch, answer: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(command, "_can_ask", lambda: True)
    monkeypatch.setattr("typer.confirm", lambda question, **_: asked.append(question) or answer)
    assert command.reanalyse(services, Plan(), dry_run=False, yes=False, as_json=False, run=today) == 0
    assert asked == ["Swap in the new results of 4 articles?"]
    assert labels(services.store) == {StanceLabel.OPPOSE if answer else StanceLabel.SUPPORT}


def test_the_command_ends_with_3_when_an_article_failed(
    services: Services, pipeline: Pipeline, capsys: pytest.CaptureFixture[str]
) -> None:
    pipeline.broken["1.txt"] = ValueError("odd")
    assert command.reanalyse(services, Plan(), dry_run=False, yes=True, as_json=False, run=today) == 3
    shown = capsys.readouterr().err
    assert "3 articles swapped in, 1 failed" in shown and ": odd" in shown


def test_the_shipped_pipeline_finds_the_same_anew(run: Callable[..., Any], tmp_path: Any) -> None:
    (tmp_path / "in.txt").write_text(
        "Councillors split over single budget\n\nBy Ann Castle\n4 March 2019\n\n"
        "Dr Mary Fenn, chair of Northfield LMC, said: ‘We oppose the pooled budget because it would cost £2m.’\n",
        encoding="utf-8",
    )
    assert run("ingest", "in.txt").code == 0
    nothing = run("reanalyse", "--yes")
    assert nothing.code == 4 and "--article" in nothing.err
    with Store.open(tmp_path / "standpoint-data") as store:
        (before,) = everything(store)
        assert dict(before.run.models)["topics"] == topics_digest(Services(Settings(), store=store).topics().values())
    refused = run("reanalyse", "--article", before.article.id)
    assert refused.code == 2 and "--dry-run" in refused.err
    result = run("reanalyse", "--article", before.article.id, "--yes", "--json")
    assert result.code == 0 and result.document["swapped"] == 1
    assert {tuple(counts.values()) for counts in result.document["changes"].values()} == {(0, 0, 0)}
    with Store.open(tmp_path / "standpoint-data") as store:
        assert everything(store) == [before]
        with engines.writing(store.engine) as connection:
            connection.execute(text("UPDATE runs SET version = '0.0.1'"))
            connection.execute(update(articles).values(digest=""))
    assert run("reanalyse", "--older-than", "0.0.2", "--only", "stances", "--yes").code == 0
    assert run("verify").code == 0


def test_help_has_an_example(run: Callable[..., Any]) -> None:
    for name in ("reanalyse", "verify"):
        assert f"Example: standpoint {name}" in run(name, "--help").out
