"""Stakeholders are merged and split over what is stored, counted as they stand, and undone without a trace."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from api.judging import merge, split, withdraw
from api.services import Services
from api.settings import Settings
from api.store import Filters, Store
from api.store.analyst import Question
from nlp.errors import NotFoundError, UsageError
from nlp.judgements import Verdict
from nlp.records import Analysis, StanceLabel

Make = Callable[..., Analysis]
ALL = Filters(min_confidence=0)
WHO = ("person:jo-tarn", "person:j-tarn", "person:al-dray", "person:mo-ferris")
SIDES = (StanceLabel.SUPPORT, StanceLabel.OPPOSE, StanceLabel.NEUTRAL)


@pytest.fixture
def services(settings: Settings, store: Store, make_analysis: Make) -> Services:
    for number in range(8):
        who, body = WHO[number % 4], "lmc:kent" if number % 3 == 0 else None
        words = f"point {number} of the county plan needs another look"
        label = SIDES[number % 3]
        store.writer.write_analysis(make_analysis(f"{number}.txt", holder=who, body=body, words=words, label=label))
    return Services(settings, store=store)


def everything(store: Store) -> dict[str, Any]:
    """All that anybody can read of what is stored, without the order in which rows were written."""
    reader = store.reader
    sheet = store.analyst.sheet(Question(filters=ALL))
    listed = reader.stakeholders(ALL, limit=200).items
    return {
        "articles": {id: reader.article(id) for id, _ in reader.article_runs()},
        "positions": {(each.holder, each.topic): each for each in reader.positions(ALL)},
        "map": {
            (cell.position.holder, cell.position.topic): cell for code in sheet.holders for cell in sheet.row(code)
        },
        "listed": {row.stakeholder.id: row for row in listed},
        "names": reader.names(),
        "counts": reader.counts(min_confidence=0),
        "found": [(hit.article.id) for hit in reader.statements(Filters(q="county", min_confidence=0)).items],
    }


def holders(store: Store) -> list[str]:
    return sorted(each.holder for each in store.reader.positions(ALL))


def test_a_merge_counts_both_as_one_and_is_undone_without_a_trace(services: Services) -> None:
    store = services.store
    before = everything(store)
    kept = merge(services, "person:j-tarn", "person:jo-tarn", by="Ann Orrell")
    assert kept.changed == 2
    assert "person:j-tarn" not in holders(store)
    (position,) = [each for each in store.reader.positions(ALL) if each.holder == "person:jo-tarn"]
    assert position.story_count == 4
    assert store.reader.stakeholder("J Tarn").id == store.reader.stakeholder("person:j-tarn").id == "person:jo-tarn"
    assert store.judging.stands_for(["person:j-tarn", "person:al-dray"]) == ("person:jo-tarn", "person:al-dray")
    withdraw(services, kept.judgement.id, by="Ann Orrell")
    assert everything(store) == before
    assert list(store.faults()) == []


def test_new_articles_and_new_analyses_keep_to_a_merge(services: Services, make_analysis: Make) -> None:
    merge(services, "person:j-tarn", "person:jo-tarn", by="Ann Orrell")
    store = services.store
    new = make_analysis("new.txt", holder="person:j-tarn", words="a last word on the plan")
    store.writer.write_analysis(new)
    assert store.reader.article(new.article.id).statements[0].holder == "person:jo-tarn"
    store.writer.write_analysis(
        make_analysis("new.txt", holder="person:j-tarn", words="a last word on the plan", run="2")
    )
    assert store.reader.article(new.article.id).statements[0].holder == "person:jo-tarn"
    assert store.judging.machine(new.article.id).statements[0].holder == "person:j-tarn"
    assert "person:j-tarn" not in holders(store)


def test_merging_into_one_whom_only_the_register_knows(services: Services) -> None:
    kept = merge(services, "lmc:kent", "bma", by="Ann Orrell")
    assert services.store.reader.stakeholder("bma").name == "British Medical Association"
    assert kept.changed == 3
    withdraw(services, kept.judgement.id, by="Ann Orrell")
    with pytest.raises(NotFoundError):
        services.store.reader.stakeholder("bma")


def test_a_split_takes_some_articles_or_all_but_some(services: Services) -> None:
    store = services.store
    before = everything(store)
    own = [id for id, each in before["articles"].items() if each.statements[0].holder == "person:jo-tarn"]
    kept = split(services, "person:jo-tarn", own[:1], by="Ann Orrell", name="Jo Tarn of Kent")
    assert store.reader.article(own[0]).statements[0].holder == "person:jo-tarn~2"
    assert store.reader.stakeholder("Jo Tarn of Kent").id == "person:jo-tarn~2"
    assert store.reader.article(own[1]).statements[0].holder == "person:jo-tarn"
    withdraw(services, kept.judgement.id, by="Ann Orrell")
    assert everything(store) == before
    kept = split(services, "person:jo-tarn", own[:1], by="Ann Orrell", keeps=True)
    assert store.reader.article(own[0]).statements[0].holder == "person:jo-tarn"
    assert store.reader.article(own[1]).statements[0].holder == "person:jo-tarn~2"
    withdraw(services, kept.judgement.id, by="Ann Orrell")
    assert everything(store) == before


def test_nobody_stands_for_himself_by_way_of_others(services: Services) -> None:
    before = everything(services.store)
    first = merge(services, "person:j-tarn", "person:jo-tarn", by="Ann Orrell").judgement
    with pytest.raises(UsageError, match="one already"):
        merge(services, "person:jo-tarn", "person:j-tarn", by="Ann Orrell")
    elsewhere = merge(services, "person:j-tarn", "person:al-dray", by="Ann Orrell").judgement
    merge(services, "person:jo-tarn", "person:al-dray", by="Ann Orrell")
    back = merge(services, "person:al-dray", "person:mo-ferris", by="Ann Orrell").judgement
    assert {each for each in holders(services.store) if each.startswith("person")} == {"person:mo-ferris"}
    with pytest.raises(UsageError, match=r"one already|circle"):
        merge(services, "person:mo-ferris", "person:jo-tarn", by="Ann Orrell")
    for id in (back.id, elsewhere.id, first.id):
        withdraw(services, id, by="Ann Orrell")
    (last,) = [each for each in services.store.judging.all() if each.withdrawn_at is None]
    withdraw(services, last.id, by="Ann Orrell")
    assert everything(services.store) == before


def test_a_rejected_merge_parts_them_again(services: Services) -> None:
    before = everything(services.store)
    merge(services, "person:j-tarn", "person:jo-tarn", by="Ann Orrell")
    merge(services, "person:j-tarn", "person:jo-tarn", by="Bo Venn", verdict=Verdict.REJECT)
    assert everything(services.store) == before


def recomputed(store: Store) -> dict[str, str | None]:
    """Who holds each article's statement by a walk of its own over the judgements that stand."""
    standing = [each for each in store.judging.all() if each.withdrawn_at is None]
    found = {}
    for id, _ in store.reader.article_runs():
        who, seen = store.judging.machine(id).statements[0].holder, set[str]()
        while who and who not in seen:
            seen.add(who)
            # The newest comes first.
            own = [each for each in standing if each.target.stakeholder == who]
            splits = [each for each in own if each.target.kind == "split"]
            taken = [e for e in splits if (id in e.target.quote) != (e.correction["keeps"] == "yes")]
            merges = [each for each in own if each.target.kind == "merge"]
            way = taken[0].correction["to"] if taken else merges[0].correction["into"] if merges else None
            who = way or who
        found[id] = who
    return found


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_merged_split_and_undone_is_what_the_standing_judgements_say(services: Services, seed: int) -> None:
    store, chance = services.store, Random(seed)
    before, made = everything(store), list[str]()
    articles = list(before["articles"])
    for _ in range(14):
        try:
            match chance.choice(("merge", "merge", "split", "undo")):
                case "merge":
                    made.append(merge(services, *chance.sample(WHO, 2), by="Ann Orrell").judgement.id)
                case "split":
                    some = chance.sample(articles, chance.randint(1, 4))
                    kept = split(services, chance.choice(WHO), some, by="Ann Orrell", keeps=chance.random() < 0.3)
                    made.append(kept.judgement.id)
                case "undo" if made:
                    id = chance.choice(made)
                    withdraw(services, id, by="Bo Venn")
                    made.remove(id)
        except UsageError:
            # A circle, or nobody of that name any more: refused, and nothing is changed.
            pass
        expected = recomputed(store)
        assert {id: store.reader.article(id).statements[0].holder for id in articles} == expected
        told = {each.holder for each in store.reader.positions(ALL)} - {"lmc:kent"}
        assert told == set(expected.values())
    while made:
        for id in list(made):
            try:
                withdraw(services, id, by="Bo Venn")
            except UsageError:
                continue
            made.remove(id)
    assert everything(store) == before
