"""What reviewers say is laid over what the program found, never over its own record, and outlives a new analysis."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from api.store import Filters, Store, audit, engines
from api.store.judgement_tables import machine_results
from api.store.judging import GONE, Asked
from nlp.errors import NotFoundError, UsageError
from nlp.judgements import CONFIRMED, CORRECTED, Judged, Judgement, Target, Verdict, target_of
from nlp.records import Analysis, Evidence, Run, Span, Stakeholder, StakeholderKind, StanceLabel

Make = Callable[..., Analysis]
ALL = Filters(min_confidence=0)
KENT = Stakeholder("person:al-dray", "Al Dray", StakeholderKind.PERSON)


def judgement(target: Target, verdict: str, *, by: str = "Ann Orrell", **correction: str | None) -> Judgement:
    people = (KENT,) if KENT.id in correction.values() else ()
    return Judgement(
        id="",
        number=0,
        target=target,
        verdict=Verdict(verdict),
        by=by,
        at=datetime.now(UTC),
        correction=correction,
        people=people,
    )


@pytest.fixture
def told(store: Store, make_analysis: Make) -> Analysis:
    analysis = make_analysis("one.txt", confidence=0.6)
    store.writer.write_analysis(analysis)
    return analysis


def of_holder(analysis: Analysis) -> Target:
    return target_of(analysis, analysis.statements[0])


def of_stance(analysis: Analysis) -> Target:
    return target_of(analysis, analysis.stances[0])


def of_figure(analysis: Analysis) -> Target:
    return target_of(analysis, analysis.figures[0])


def shown(store: Store, analysis: Analysis) -> Analysis:
    return store.reader.article(analysis.article.id)


def audited(store: Store) -> list[str]:
    with engines.reading(store.engine) as connection:
        return [row.action for row in audit.rows(connection)]


def test_a_confirmed_stance_is_as_sure_as_can_be_and_says_who_said_so(store: Store, told: Analysis) -> None:
    stored = store.judging.add(judgement(of_stance(told), "confirm"))
    (stance,) = shown(store, told).stances
    assert stance.label is StanceLabel.SUPPORT
    assert (stance.evidence.confidence, stance.evidence.method) == (1.0, CONFIRMED)
    assert "Ann Orrell" in stance.evidence.reason and "0.60" in stance.evidence.reason
    assert stored.changed == 1 and stored.judgement.right is True and stored.judgement.confidence == 0.6
    assert store.judging.machine(told.article.id) == told


def test_a_corrected_stance_turns_map_and_positions_and_comes_back_when_withdrawn(store: Store, told: Analysis) -> None:
    before = store.reader.positions(ALL)
    sheet = store.analyst.sheet
    kept = store.judging.add(judgement(of_stance(told), "correct", stance="oppose", strength="strong")).judgement
    (position,) = store.reader.positions(ALL)
    assert position.label is StanceLabel.OPPOSE
    from api.store.analyst import Question

    opened = sheet(Question(filters=ALL))
    assert [cell.position.label for code in opened.holders for cell in opened.row(code)] == [StanceLabel.OPPOSE]
    assert kept.right is False and kept.found["stance"] == "support"
    store.judging.withdraw(kept.id, by="Ann Orrell")
    assert store.reader.positions(ALL) == before
    assert shown(store, told) == told
    with engines.reading(store.engine) as connection:
        assert connection.execute(select(machine_results)).all() == []
    (gone,) = store.judging.page().items
    assert gone.withdrawn_by == "Ann Orrell" and gone.withdrawn_at is not None
    assert audited(store)[-2:] == ["judgement.added", "judgement.withdrawn"]


def test_a_corrected_holder_takes_the_stance_along(store: Store, told: Analysis) -> None:
    store.judging.add(judgement(of_holder(told), "correct", holder=KENT.id))
    found = shown(store, told)
    assert found.statements[0].holder == found.stances[0].holder == KENT.id
    assert found.statements[0].evidence.method == CORRECTED
    assert [each.holder for each in store.reader.positions(ALL)] == [KENT.id]
    assert store.reader.stakeholder("Al Dray").id == KENT.id


def test_a_statement_of_nobody_keeps_no_stance(store: Store, told: Analysis) -> None:
    store.judging.add(judgement(of_holder(told), "correct", holder=None))
    found = shown(store, told)
    assert found.statements[0].holder is None and found.stances == ()


@pytest.mark.parametrize("kind", ["holder", "stance", "figure"])
def test_what_is_rejected_leaves_the_lists_and_stays_in_the_record(store: Store, told: Analysis, kind: str) -> None:
    target = {"holder": of_holder, "stance": of_stance, "figure": of_figure}[kind](told)
    kept = store.judging.add(judgement(target, "reject")).judgement
    found = shown(store, told)
    lists = {"holder": found.statements, "stance": found.stances, "figure": found.figures}
    assert lists[kind] == ()
    assert store.judging.machine(told.article.id) == told
    assert [each.id for each in store.judging.page(Asked(verdict=(Verdict.REJECT,))).items] == [kept.id]
    if kind != "figure":
        assert store.reader.positions(ALL) == ()


def test_a_corrected_figure_is_searched_by_its_new_amount(store: Store, told: Analysis) -> None:
    store.judging.add(judgement(of_figure(told), "correct", value="1200000", status="proposed", cited_by=None))
    (figure,) = shown(store, told).figures
    assert (str(figure.value), figure.status.value, figure.cited_by) == ("1200000", "proposed", None)
    from api.store.passages import PassageKind
    from api.store.questions import Mode, Question

    asked = Question(query='"1.2 million"', mode=Mode.LEXICAL, within=(PassageKind.FIGURE,), filters=ALL)
    assert store.searcher.search(asked).total == 1


def test_of_two_reviewers_the_last_that_is_not_withdrawn_holds(store: Store, told: Analysis) -> None:
    first = store.judging.add(judgement(of_stance(told), "correct", stance="oppose")).judgement
    second = store.judging.add(judgement(of_stance(told), "correct", by="Bo Venn", stance="neutral")).judgement
    assert shown(store, told).stances[0].label is StanceLabel.NEUTRAL
    store.judging.withdraw(second.id, by="Bo Venn")
    assert shown(store, told).stances[0].label is StanceLabel.OPPOSE
    store.judging.withdraw(first.id, by="Ann Orrell")
    assert shown(store, told) == told
    assert len(store.judging.page().items) == 2
    with pytest.raises(UsageError, match="withdrawn before"):
        store.judging.withdraw(first.id, by="Ann Orrell")


def test_a_judgement_outlives_a_new_analysis_by_its_words(store: Store, told: Analysis, make_analysis: Make) -> None:
    store.judging.add(judgement(of_stance(told), "correct", stance="oppose"))
    evidence = Evidence(0.8, "hand", "read anew")
    stance = replace(told.stances[0], label=StanceLabel.OPPOSE, evidence=evidence, statement="s9")
    statement = replace(told.statements[0], id="s9")
    newer = replace(told, run=Run("0.9.0", "d9"), statements=(statement,), stances=(stance,))
    store.writer.write_analysis(newer)
    (found,) = shown(store, told).stances
    assert found.evidence.method == CORRECTED and found.label is StanceLabel.OPPOSE
    (kept,) = store.judging.page().items
    assert kept.orphaned is None and kept.right is True and kept.confidence == 0.8
    assert store.judging.machine(told.article.id) == newer


def test_what_has_lost_its_words_is_an_orphan_until_they_are_found_again(store: Store, told: Analysis) -> None:
    store.judging.add(judgement(of_stance(told), "correct", stance="oppose"))
    store.writer.write_analysis(replace(told, run=Run("0.9.0", "d9"), statements=(), stances=()))
    orphans = Asked(orphaned=True)
    (orphan,) = store.judging.page(orphans).items
    assert orphan.orphaned and orphan.right is None
    store.writer.write_analysis(told)
    assert store.judging.page(orphans).items == ()
    assert shown(store, told).stances[0].label is StanceLabel.OPPOSE


def test_the_same_words_at_another_place_are_not_the_judged_ones(store: Store, make_analysis: Make) -> None:
    told = make_analysis("two.txt", words="no, no")
    text = told.article.text
    second = text.index("no", text.index("no") + 1)
    here, there = Span(text.index("no"), text.index("no") + 2, "no"), Span(second, second + 2, "no")
    statement = told.statements[0]
    both = replace(told, statements=(replace(statement, spans=(here,)), replace(statement, id="s2", spans=(there,))))
    store.writer.write_analysis(both)
    store.judging.add(judgement(target_of(both, both.statements[1]), "reject"))
    assert [each.id for each in shown(store, both).statements] == ["s1"]
    store.writer.write_analysis(replace(both, run=Run("1", "d2"), statements=both.statements[:1]))
    assert [each.id for each in shown(store, both).statements] == ["s1"]
    assert len(store.judging.page(Asked(orphaned=True)).items) == 1


def test_two_speakers_of_the_same_words_are_told_apart_by_whom_the_program_had(store: Store, told: Analysis) -> None:
    other = replace(told.statements[0], id="s2", holder=KENT.id)
    both = replace(told, stakeholders=(*told.stakeholders, KENT), statements=(*told.statements, other))
    store.writer.write_analysis(both)
    given = replace(judgement(target_of(both, other), "reject"), found={"holder": KENT.id})
    store.judging.add(given)
    assert [each.holder for each in shown(store, both).statements] == [told.statements[0].holder]
    with pytest.raises(NotFoundError):
        store.judging.add(judgement(target_of(both, other), "reject"))


def test_a_deleted_article_leaves_its_judgements_as_orphans(store: Store, told: Analysis) -> None:
    store.judging.add(judgement(of_stance(told), "correct", stance="oppose"))
    store.holdings.withdraw(told.article.id)
    (orphan,) = store.judging.page(Asked(orphaned=True)).items
    assert orphan.orphaned == GONE
    store.writer.write_analysis(told, forced=True)
    assert store.judging.page(Asked(orphaned=True)).items == ()
    assert shown(store, told).stances[0].label is StanceLabel.OPPOSE


def test_a_removed_topic_takes_its_stances_from_the_programs_own_record(store: Store, told: Analysis) -> None:
    from nlp.records import Topic

    store.writer.add_topic(Topic("pooling", "Pooling", "Budgets should be pooled."))
    store.judging.add(judgement(of_holder(told), "confirm"))
    store.writer.delete_topic("pooling")
    store.judging.add(judgement(of_holder(told), "confirm", by="Bo Venn"))
    assert shown(store, told).stances == () == store.judging.machine(told.article.id).stances


def test_unknown_words_are_refused_or_kept_as_an_orphan(store: Store, told: Analysis) -> None:
    target = replace(of_holder(told), quote=("words that nobody said",))
    with pytest.raises(NotFoundError):
        store.judging.add(judgement(target, "confirm"))
    assert store.judging.add(judgement(target, "confirm"), orphans=True).judgement.orphaned
    assert audited(store) == ["judgement.added"]


def test_a_lot_falls_on_what_was_rejected_too_and_marks_what_is_judged_later(store: Store, told: Analysis) -> None:
    store.judging.add(judgement(of_stance(told), "reject"))
    drawn = store.judging.draw((Judged.STANCE, Judged.FIGURE), 5)
    assert [(each.target.kind, each.judged) for each in drawn] == [(Judged.STANCE, True), (Judged.FIGURE, False)]
    store.judging.add(judgement(of_figure(told), "confirm"))
    store.judging.add(judgement(of_holder(told), "confirm"))
    assert {each.target.kind: each.drawn for each in store.judging.all()} == {
        Judged.STANCE: True,
        Judged.FIGURE: True,
        Judged.HOLDER: False,
    }


def test_pages_of_judgements_are_whole(store: Store, told: Analysis) -> None:
    made: list[Any] = [store.judging.add(judgement(of_stance(told), "confirm")).judgement.id for _ in range(5)]
    first = store.judging.page(limit=2)
    second = store.judging.page(after=first.next, limit=2)
    last = store.judging.page(after=second.next, limit=2)
    assert [each.id for page in (first, second, last) for each in page.items] == made[::-1]
    assert last.next is None
