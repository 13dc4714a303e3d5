"""Topics put in place of others without reading anew: the same as a new analysis, and cheap where nothing changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from nlp.language import Models, load_models
from nlp.pipeline import analyse, applied_run, apply_topics, bears_on
from nlp.records import Analysis, Article, Manner, PartialDate, Run, Topic
from nlp.topics import shipped_topics

LEVY = Topic(
    "parking-levy",
    "Parking levy",
    "Councils should charge employers a yearly levy for staff parking spaces.",
    "Councils should not charge employers for staff parking spaces.",
    ("parking levy", "levy on parking spaces"),
)
NEWS = """Employers split over parking levy

By Ann Castle
4 March 2019

Northfield council will decide on a parking levy in May.

Dr Mary Fenn, chair of Northfield LMC, said: ‘We oppose the parking levy because nurses would pay for it.’

She added that a single budget with the hospital was wrong and that practices would lose £2m.
"""
COMMENT = """Why the levy is right

A parking levy should come this year. I have said so for long, and I believe it will pay for my bus.

I hope my council goes on with the parking levy. It must not give way now.

Jo Tarn is a bus driver in Northfield
"""


@pytest.fixture(scope="module")
def models() -> Models:
    return load_models()


def _article(text: str) -> Article:
    return Article(Article.identify("t", text), "t", text, "text 1")


def _topics() -> tuple[Topic, ...]:
    return (*shipped_topics(), LEVY)


@pytest.mark.parametrize("text", [NEWS, COMMENT, "", "It was late."])
def test_applied_topics_give_what_a_new_analysis_gives(text: str, models: Models) -> None:
    before = analyse(_article(text), shipped_topics(), models)
    assert apply_topics(before, _topics(), models) == analyse(_article(text), _topics(), models)


def test_a_topic_that_goes_leaves_no_trace(models: Models) -> None:
    with_levy = analyse(_article(COMMENT), _topics(), models)
    assert any(statement.manner is Manner.AUTHORIAL for statement in with_levy.statements)
    assert apply_topics(with_levy, shipped_topics(), models) == analyse(_article(COMMENT), shipped_topics(), models)


def test_only_the_run_changes_where_the_article_does_not_bear_on_what_changed(
    models: Models, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = NEWS.replace("parking levy", "ferry").replace("Parking levy", "Ferry")
    before = analyse(_article(text), shipped_topics(), models)
    wanted = analyse(_article(text), _topics(), models)
    monkeypatch.setattr("nlp.pipeline.find_stances", None)
    assert apply_topics(before, _topics(), models, before=shipped_topics()) == wanted


def test_an_article_bears_on_a_topic_by_its_words_and_in_its_time(models: Models) -> None:
    article = replace(analyse(_article(NEWS), (), models).article, published=PartialDate.parse("2019-03-04"))
    likeness = models.reader.likeness if models.reader else None
    assert bears_on(article, LEVY, likeness) and bears_on(article, LEVY, None)
    assert not bears_on(article, replace(LEVY, start=date(2020, 1, 1)), likeness)
    assert not bears_on(analyse(_article("It was late."), (), models).article, LEVY, likeness)


def test_what_older_code_read_keeps_that_in_its_run(models: Models) -> None:
    old = Analysis(analyse(_article(NEWS), (), models).article, Run("0.0.9", "old", (("rules", "r1"), ("topics", "t"))))
    first = apply_topics(old, _topics(), models)
    made = applied_run(first.run, _topics(), models)
    assert first.run == made and "read by" in dict(made.models)
    assert first.run.digest != analyse(_article(NEWS), _topics(), models).run.digest
    assert dict(apply_topics(first, shipped_topics(), models).run.models)["read by"] == dict(made.models)["read by"]
