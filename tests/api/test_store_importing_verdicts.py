"""Verdicts from elsewhere become judgements: stored, kept as orphans, or refused with a reason."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from api.judging import import_verdicts
from api.services import Services
from api.settings import Settings
from api.store import Store
from nlp.judgements import Target, target_of
from nlp.records import Analysis, StanceLabel

Make = Callable[..., Analysis]
THEN = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Verdict:
    """A plain record, as whoever reads a file makes it."""

    target: str | Target
    verdict: str = "confirm"
    correction: Mapping[str, str | None] = field(default_factory=dict)
    by: str = "Ann Orrell"
    at: datetime = THEN


@pytest.fixture
def told(store: Store, make_analysis: Make) -> Analysis:
    analysis = make_analysis("one.txt", confidence=0.6)
    store.writer.write_analysis(analysis)
    return analysis


@pytest.fixture
def services(settings: Settings, store: Store) -> Services:
    return Services(settings, store=store)


def words(told: Analysis, quote: str, **more: Any) -> Target:
    return replace(target_of(told, told.stances[0]), quote=(quote,), **more)


def test_verdicts_are_laid_over_what_is_stored_with_their_own_day(services: Services, told: Analysis) -> None:
    given = [
        Verdict(target_of(told, told.stances[0]), "correct", {"stance": "oppose"}),
        Verdict(f"{told.article.id}:s1"),
    ]
    report = import_verdicts(services, given)
    assert len(report.stored) == 2 and report.orphaned == () == report.refused
    found = services.store.reader.article(told.article.id)
    assert found.stances[0].label is StanceLabel.OPPOSE
    assert {each.at for each in services.store.judging.all()} == {THEN}
    assert "2026-05-04" in found.stances[0].evidence.reason


def test_words_that_nobody_said_are_orphans_and_nonsense_is_refused(services: Services, told: Analysis) -> None:
    given = [
        Verdict(words(told, "what nobody said")),
        Verdict(words(told, "from an article that is not here", article="0" * 16)),
        Verdict(words(told, told.statements[0].text), "perhaps"),
        Verdict(words(told, told.statements[0].text), "correct", {"stance": "yes"}),
        Verdict(words(told, told.statements[0].text), "correct", {"value": "1"}),
        Verdict(words(told, told.statements[0].text), "reject", {"stance": "oppose"}),
        Verdict("nonsense"),
        Verdict(f"{told.article.id}:s9"),
        Verdict(f"{told.article.id}:s1", by=" "),
    ]
    report = import_verdicts(services, given)
    assert (len(report.stored), len(report.orphaned)) == (0, 2)
    assert [each.place for each in report.refused] == [2, 3, 4, 5, 6, 7, 8]
    assert all(each.reason for each in report.refused)
    assert services.store.reader.article(told.article.id) == told


def test_an_import_that_is_sent_twice_is_kept_once(services: Services, told: Analysis) -> None:
    given = [Verdict(target_of(told, told.stances[0]), "correct", {"stance": "oppose"}), Verdict(words(told, "gone"))]
    import_verdicts(services, given)
    again = import_verdicts(services, given)
    assert again.stored == again.orphaned == ()
    assert [each.reason for each in again.refused] and "there already" in again.refused[0].reason
    assert len(list(services.store.judging.all())) == 2


def test_an_imported_merge_is_a_merge(services: Services, told: Analysis, make_analysis: Make) -> None:
    services.store.writer.write_analysis(make_analysis("two.txt", holder="person:j-tarn"))
    report = import_verdicts(services, [Verdict("person:j-tarn=person:jo-tarn")])
    assert len(report.stored) == 1
    assert {each.holder for each in services.store.reader.positions()} == {"person:jo-tarn"}


def test_a_moment_without_a_zone_is_taken_for_utc(services: Services, told: Analysis) -> None:
    import_verdicts(services, [Verdict(f"{told.article.id}:s1", at=datetime(2026, 5, 4, 9, 30))])
    assert next(services.store.judging.all()).at == THEN
