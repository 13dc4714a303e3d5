"""Who confirmed or corrected what was found, and what becomes of the words of judgements when a licence ends."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any, Protocol

import pytest
from sqlalchemy import select

from api.store import Store, engines, tables
from api.store.judgement_tables import draws, judgements, machine_results
from api.store.licences import today
from api.store.upkeep import migrate_store
from nlp.judgements import IN_ARTICLE, Judged, Judgement, Target, Verdict, target_of
from nlp.records import Analysis, Licence, Stakeholder, StakeholderKind, StanceLabel

Make = Callable[..., Analysis]
PAST = date(2020, 1, 31)
CELL = ("person:jo-tarn", "pooling")


class Place(Protocol):
    """The fixture of tests/conftest.py."""

    folder: Any
    url: str | None


@pytest.fixture
def told(store: Store, make_analysis: Make) -> Analysis:
    analysis = make_analysis("one.txt", confidence=0.6)
    store.writer.write_analysis(analysis)
    return analysis


def said(target: Target, verdict: str = "confirm", *, by: str = "Ann Orrell", **correction: str | None) -> Judgement:
    return Judgement(
        id="", number=0, target=target, verdict=Verdict(verdict), by=by, at=datetime.now(UTC), correction=correction
    )


def of_stance(analysis: Analysis) -> Target:
    return target_of(analysis, analysis.stances[0])


def of_holder(analysis: Analysis) -> Target:
    return target_of(analysis, analysis.statements[0])


def limit(store: Store, analysis: Analysis, licence: Licence | None, expires: date | None = None) -> None:
    store.holdings.license([analysis.article.id], licence=licence, expires=expires)


def test_everybody_who_confirmed_or_corrected_counts_once(store: Store, told: Analysis) -> None:
    assert store.judging.cells() == {}
    for by, verdict in (("Ann Orrell", "confirm"), ("Bo Venn", "confirm"), ("Ann Orrell", "confirm")):
        last = store.judging.add(said(of_stance(told), verdict, by=by)).judgement
    store.judging.add(said(of_holder(told), by="Cy Marsh"))
    found = store.reader.article(told.article.id)
    assert found.stances[0].evidence.checked_by == ("Ann Orrell", "Bo Venn")
    assert found.statements[0].evidence.checked == 1 and found.figures[0].evidence.checked == 0
    assert store.judging.cells() == {CELL: 2}
    assert store.judging.checked([f"{told.article.id}:s1", f"{told.article.id}:f1"]) == {f"{told.article.id}:s1"}
    store.judging.withdraw(last.id, by="Ann Orrell")
    assert store.judging.cells() == {CELL: 2}
    assert store.judging.machine(told.article.id) == told


def test_whoever_rejected_checked_nothing_that_is_left(store: Store, told: Analysis) -> None:
    store.judging.add(said(of_stance(told), "reject", by="Bo Venn"))
    assert store.judging.cells() == {}
    store.judging.add(said(of_stance(told), "correct", stance="oppose"))
    assert store.judging.cells() == {CELL: 1}


def test_what_people_say_is_no_part_of_what_the_program_found(store: Store, told: Analysis) -> None:
    store.judging.add(said(of_stance(told)))
    judged = store.reader.article(told.article.id)
    assert repr(replace(judged.stances[0].evidence, checked_by=())) == repr(judged.stances[0].evidence)


def test_reviewers_are_known_again_after_an_older_schema(
    store: Store, same_place: Place, told: Analysis, make_analysis: Make
) -> None:
    store.judging.add(said(of_stance(told), "correct", stance="oppose"))
    store.writer.write_analysis(make_analysis("two.txt"))
    migrate_store(same_place.folder, database_url=same_place.url, down="0015")
    migrate_store(same_place.folder, database_url=same_place.url)
    assert store.reader.article(told.article.id).stances[0].evidence.checked_by == ("Ann Orrell",)


@pytest.mark.parametrize("limited", [(Licence.LINKS_ONLY, None), (None, PAST), (Licence.FULL_TEXT, PAST)])
def test_words_of_judgements_go_with_the_licence_and_come_back_with_it(
    store: Store, told: Analysis, limited: tuple[Licence | None, date | None]
) -> None:
    kept = store.judging.add(said(of_stance(told))).judgement
    assert kept.target.quote == (told.statements[0].text,)
    limit(store, told, *limited)
    shown = [store.judging.get(kept.id), *store.judging.page().items, *store.judging.of_article(told.article.id)]
    assert [each.target for each in shown] == [replace(kept.target, quote=())] * 3
    assert [each.target.quote for each in store.judging.draw([Judged.STANCE], 1)] == [()]
    # What is worked with still has them: the judgement holds, and the same one is told from another.
    assert store.judging.of_article(told.article.id, unshown=True)[0].target == kept.target
    assert store.reader.positions()[0].confidence == 1.0
    limit(store, told, None)
    assert store.judging.get(kept.id).target == kept.target


def test_an_amount_is_a_fact_and_stays(store: Store, told: Analysis) -> None:
    kept = store.judging.add(said(target_of(told, told.figures[0]))).judgement
    limit(store, told, Licence.LINKS_ONLY)
    assert store.judging.get(kept.id).target.quote == ("£1m",)


def test_a_withdrawn_article_leaves_no_words_in_the_list(store: Store, told: Analysis) -> None:
    store.judging.add(said(of_stance(told)))
    store.holdings.withdraw(told.article.id)
    (left,) = store.judging.page().items
    assert left.target.quote == () and left.orphaned


@pytest.mark.parametrize("licence", [None, Licence.QUOTES_ONLY, Licence.LINKS_ONLY])
def test_judgements_hold_when_the_text_is_purged_and_keep_none_of_its_words(
    store: Store, analysis: Analysis, licence: Licence | None
) -> None:
    store.writer.write_analysis(analysis)
    turned = store.judging.add(said(of_stance(analysis), "correct", stance="oppose")).judgement
    store.judging.draw(IN_ARTICLE, 9)
    store.judging.add(said(of_holder(analysis)))
    store.judging.add(said(target_of(analysis, analysis.stances[1]), "reject"))
    limit(store, analysis, licence, PAST)
    assert store.holdings.purge(on=today()) == 1
    with engines.reading(store.engine) as connection:
        rows = [row for table in (judgements, draws, machine_results) for row in connection.execute(select(table))]
    quotes = licence is Licence.QUOTES_ONLY
    assert any("blame game" in str(row) for row in rows) is quotes
    assert not any("Merton, chair" in str(row) or "“" in str(row) for row in rows)
    labels = {each.topic: each.label for each in store.reader.positions()}
    assert labels == {"pooling": StanceLabel.OPPOSE}
    # Whatever lays judgements over anew finds them by their places.
    store.judging.add(merged("person:asha-merton", "person:asha-m"))
    assert {each.holder for each in store.reader.positions()} == {"person:asha-m", "ccg:mid-wexshire"}
    assert {each.label for each in store.reader.positions()} == {StanceLabel.OPPOSE}
    assert [each.orphaned for each in store.judging.of_article(analysis.article.id)] == [None] * 3
    store.judging.withdraw(turned.id, by="Ann Orrell")
    assert {each.label for each in store.reader.positions()} == {StanceLabel.SUPPORT}
    assert list(store.faults()) == []


def merged(one: str, other: str) -> Judgement:
    into = Stakeholder(other, "Asha Merton", StakeholderKind.PERSON)
    plain = said(Target(kind=Judged.MERGE, stakeholder=one), into=other)
    return replace(plain, people=(into,))


def test_what_is_found_in_a_purged_text_can_still_be_judged(store: Store, told: Analysis) -> None:
    limit(store, told, None, PAST)
    store.holdings.purge(on=today())
    purged = store.judging.machine(told.article.id)
    stored = store.judging.add(said(of_stance(purged), "correct", stance="oppose"))
    assert stored.judgement.target.place == 0 and stored.judgement.orphaned is None
    assert store.reader.positions()[0].label is StanceLabel.OPPOSE
    with engines.reading(store.engine) as connection:
        assert connection.execute(select(tables.mentions)).all() == []
