"""Offices and reasons, from the store: the same on both engines."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from api.store import Filters, Store
from api.store.analyst import Question
from nlp.records import Affiliation, Analysis, Stakeholder, StakeholderKind, StanceLabel


def test_offices_are_counted_by_article_and_dated(store: Store, make_analysis: Callable[..., Analysis]) -> None:
    person = Stakeholder("person:jo-tarn", "Jo Tarn", StakeholderKind.PERSON)
    chair = replace(person, affiliations=(Affiliation("north-lmc", "chair"),))
    for source, day in (("a.txt", "2013-05-01"), ("b.txt", "2015-05-01"), ("c.txt", None)):
        store.writer.write_analysis(replace(make_analysis(source, published=day), stakeholders=(chair,)))
    (post,) = store.reader.posts(organisation="north-lmc")
    assert store.reader.posts(person="person:jo-tarn") == [post]
    assert (post.person, post.role, post.articles) == ("person:jo-tarn", "chair", 3)
    assert (str(post.first), str(post.last)) == ("2013-05-01", "2015-05-01")
    assert store.reader.posts(organisation="elsewhere") == []


def test_reasons_are_those_of_stances_that_pass(store: Store, analysis: Analysis) -> None:
    store.writer.write_analysis(analysis)
    (reason,) = store.analyst.reasons(Question(filters=Filters(topic=("pooling",))))
    assert (reason.span.text, reason.holder, reason.label) == (
        "end the blame game",
        "person:asha-merton",
        StanceLabel.SUPPORT,
    )
    assert store.analyst.reasons(Question(filters=Filters(topic=("capitation",), min_confidence=0))) == []
    assert store.analyst.reasons(Question(kind=(StakeholderKind.GROUP,))) == []


def test_officers_of_a_body_are_those_who_speak_for_it_most(
    store: Store, make_analysis: Callable[..., Analysis]
) -> None:
    store.writer.write_analysis(make_analysis("a.txt", body="body:north"))
    assert store.analyst.officers("body:north") == ("person:jo-tarn",)
    assert store.analyst.officers("body:south") == ()
