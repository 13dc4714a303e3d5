"""``standpoint judge`` and ``standpoint stakeholders``, and judgements across a re-analysis."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from api.commands import reanalyse as command
from api.judging import reference_of
from api.reanalysing import Plan
from api.services import Services
from api.settings import Settings
from api.store import Store
from nlp.records import Analysis, Article, Run, StanceLabel, Topic

Make = Callable[..., Analysis]
ANN = ("--by", "Ann Orrell")
TODAY = Run("0.9.0", "today", (("topics", "t"),))


@pytest.fixture
def told(store: Store, make_analysis: Make) -> Analysis:
    analysis = make_analysis("one.txt", confidence=0.6)
    store.writer.write_analysis(analysis)
    store.writer.write_analysis(make_analysis("two.txt", holder="person:j-tarn", words="it will not work here"))
    return analysis


@pytest.fixture
def act(run: Callable[..., Any], data: list[str]) -> Callable[..., Any]:
    return lambda *given: run(*given, *data)


def label(store: Store, told: Analysis) -> StanceLabel:
    return store.reader.article(told.article.id).stances[0].label


def test_a_stance_is_corrected_listed_and_taken_back(act: Callable[..., Any], store: Store, told: Analysis) -> None:
    target = reference_of(told, told.stances[0])
    done = act("judge", target, "correct", "--stance", "oppose", *ANN, "--note", "Read it again.")
    assert done.code == 0 and "1 article changed" in done.err
    assert "the program had: stance support" in done.out and "right is: stance oppose" in done.out
    assert label(store, told) is StanceLabel.OPPOSE
    (listed,) = act("judge", "--list", "--json").document["judgements"]
    assert listed["by"] == "Ann Orrell" and listed["note"] == "Read it again."
    assert act("judge", "--withdraw", listed["id"], "--by", "Bo Venn").code == 0
    assert label(store, told) is StanceLabel.SUPPORT
    assert "withdrawn by Bo Venn" in act("judge", "--list").out
    assert act("judge", "--list", "--orphaned").code == 4


@pytest.mark.parametrize(
    "given",
    [
        (),
        ("x:s1",),
        ("x:s1", "perhaps"),
        ("x:s1", "confirm"),
        ("ONE:s1", "confirm", "--stance", "oppose"),
        ("ONE:f1", "correct", "--value", "much"),
        ("ONE:f1", "correct", "--kind", "loan"),
        ("ONE:s1", "correct", "--holder", "Nobody Known"),
        ("--list", "--kind", "loan"),
        ("--list", "--draw", "3"),
    ],
)
def test_what_cannot_be_judged_is_said_in_one_line(
    act: Callable[..., Any], told: Analysis, given: tuple[str, ...]
) -> None:
    done = act("judge", *(each.replace("ONE", told.article.id) for each in given), *ANN)
    assert done.code == 2 and done.out == ""
    assert done.err.startswith(("standpoint: ", "Usage")) and done.err


def test_a_figure_is_corrected_in_all_that_it_says(act: Callable[..., Any], store: Store, told: Analysis) -> None:
    more = (
        "--low",
        "1,000,000",
        "--high",
        "£1200000",
        "--status",
        "proposed",
        "--period",
        "none",
        "--cited-by",
        "none",
    )
    assert act("judge", f"{told.article.id}:f1", "correct", *more, *ANN).code == 0
    (figure,) = store.reader.article(told.article.id).figures
    assert (figure.value, str(figure.low), str(figure.high)) == (None, "1000000", "1200000")
    assert (figure.status.value, figure.period, figure.cited_by) == ("proposed", None, None)


def test_stakeholders_are_merged_split_and_parted_again(act: Callable[..., Any], store: Store, told: Analysis) -> None:
    merged = act("stakeholders", "merge", "person:j-tarn", "person:jo-tarn", *ANN, "--json").document
    assert merged["changed"] == 1 and len(store.reader.positions()) == 1
    assert act("stakeholders", "undo", merged["judgement"]["id"], *ANN).code == 0
    assert len(store.reader.positions()) == 2
    split = act(
        "stakeholders", "split", "person:jo-tarn", "--article", told.article.id, "--name", "Jo T", *ANN, "--json"
    )
    assert store.reader.stakeholder("Jo T").id == split.document["judgement"]["correction"]["to"]
    assert act("stakeholders", "split", "person:jo-tarn", *ANN).code == 2
    assert act("stakeholders", "merge", "person:j-tarn", "person:j-tarn", *ANN).code == 2


def test_lots_are_drawn_and_accuracy_is_told_with_its_bias(act: Callable[..., Any], told: Analysis) -> None:
    assert act("judge", "--accuracy").code == 4
    drawn = act("judge", "--draw", "1", "--kind", "stance", "--json").document["drawn"]
    assert len(drawn) == 1 and not drawn[0]["judged"]
    assert act("judge", drawn[0]["target"], "confirm", *ANN).code == 0
    done = act("judge", "--accuracy")
    assert "stance, all, drawn by lot: 1.00" in done.out and "look at" in done.err


def test_a_judgement_outlives_a_swap_and_what_it_loses_is_told(
    settings: Settings, store: Store, told: Analysis, make_analysis: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    from api import judging
    from nlp.judgements import Verdict

    def analyse(article: Article, topics: Sequence[Topic]) -> Analysis:
        words = article.text.split(" said that ")[1].removesuffix(". Practices need £1m.")
        new = make_analysis(
            article.source, words=words, holder=article.text.split(" said")[0], label=StanceLabel.NEUTRAL
        )
        return replace(new, run=TODAY, figures=())

    services = Services(settings, store=store, analyse=analyse)
    given: Any = {"by": "Ann Orrell", "verdict": Verdict.CORRECT}
    correction = {"stance": "oppose"}
    judging.judge(services, judging.Given(target=f"{told.article.id}:s1/pooling", correction=correction, **given))
    judging.judge(services, judging.Given(target=f"{told.article.id}:f1", correction={"value": "2"}, **given))
    machine = store.judging.machine(told.article.id)
    assert machine == told
    assert command.reanalyse(services, Plan(), dry_run=False, yes=True, as_json=False, run=lambda *_: TODAY) == 0
    assert "--orphaned" in capsys.readouterr().err
    found = store.reader.article(told.article.id)
    assert found.stances[0].label is StanceLabel.OPPOSE and found.stances[0].evidence.confidence == 1
    assert store.judging.machine(told.article.id).stances[0].label is StanceLabel.NEUTRAL
    assert found.run == TODAY
    states = {each.target.kind.value: each.orphaned for each in store.judging.all()}
    assert states["stance"] is None and states["figure"]
