"""The audit chain: what is done leaves a row that holds the digest of the row before, and no row can be changed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from api.keys import Scope, make_key
from api.store import Store, audit, engines
from nlp.errors import NotFoundError, UsageError
from nlp.records import Analysis, Topic

Make = Callable[..., Analysis]
TRIGGERS = {"sqlite": ("audit_no_update", "audit_no_delete"), "postgresql": ("audit_no_change ON audit",)}
TOLL = Topic("toll", "Toll", "The bridge should have a toll.")


def rows(store: Store) -> list[audit.AuditRow]:
    with engines.reading(store.engine) as connection:
        return list(audit.rows(connection))


def breaks(store: Store) -> list[audit.Break]:
    with engines.reading(store.engine) as connection:
        return list(audit.breaks(connection))


def past_the_triggers(store: Store, statement: str) -> None:
    with engines.writing(store.engine) as connection:
        for trigger in TRIGGERS[connection.dialect.name]:
            connection.execute(text(f"DROP TRIGGER {trigger}"))
        connection.execute(text(statement))


@pytest.fixture
def written(store: Store, make_analysis: Make) -> Store:
    analysis = make_analysis()
    store.writer.write_analysis(analysis)
    store.writer.add_topic(TOLL)
    store.writer.add_topic(TOLL)
    store.writer.group_story("one", [analysis.article.id])
    store.writer.delete_topic("toll")
    store.holdings.withdraw(analysis.article.id)
    store.writer.record("export.made", "map.csv", {"rows": 3, "über": "£"}, actor="key:7")
    return store


def test_what_is_done_leaves_a_row_that_holds_the_digest_of_the_row_before(written: Store) -> None:
    found = rows(written)
    assert [row.action for row in found] == [
        *("topic.added", "topic.changed", "story.grouped", "topic.removed", "article.withdrawn", "export.made")
    ]
    assert [row.number for row in found] == list(range(1, 7)) and found[0].previous == audit.NOTHING
    assert [row.previous for row in found[1:]] == [row.digest for row in found[:-1]]
    assert found[-1].detail == {"rows": 3, "über": "£"} and found[-1].actor == "key:7" and found[0].actor is None
    assert breaks(written) == []


def test_what_fails_leaves_no_row(store: Store) -> None:
    for act in (lambda: store.writer.delete_topic("none"), lambda: store.writer.group_story("one", ["none"])):
        with pytest.raises(NotFoundError):
            act()
    assert rows(store) == []


@pytest.mark.parametrize("statement", ["UPDATE audit SET subject = 'x' WHERE number = 1", "DELETE FROM audit"])
def test_no_row_can_be_changed_or_taken_away(written: Store, statement: str) -> None:
    with pytest.raises(DatabaseError, match="only ever added to"), engines.writing(written.engine) as connection:
        connection.execute(text(statement))
    assert len(rows(written)) == 6


@pytest.mark.parametrize(
    ("statement", "places"),
    [
        ("UPDATE audit SET subject = 'other' WHERE number = 3", [3]),
        ("UPDATE audit SET detail = '{}' WHERE number = 6", [6]),
        ("UPDATE audit SET at = replace(at, ':', '.') WHERE number = 1", [1]),
        ("DELETE FROM audit WHERE number = 4", [5, 5]),
        ("DELETE FROM audit WHERE number = 1", [2, 2]),
        ("UPDATE audit SET digest = previous WHERE number = 2", [2, 3]),
    ],
)
def test_a_change_past_the_triggers_breaks_the_chain_where_it_was_made(
    written: Store, statement: str, places: list[int]
) -> None:
    past_the_triggers(written, statement)
    assert [each.number for each in breaks(written)] == places


def test_many_writers_make_one_chain(store: Store) -> None:
    def write(number: int) -> None:
        for each in range(10):
            store.writer.record("export.made", f"{number}-{each}")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    assert len(rows(store)) == 80 and breaks(store) == []


def test_the_canonical_text_does_not_depend_on_the_order_of_keys() -> None:
    assert audit.canonical({"b": [1, 2.5], "a": "é"}) == audit.canonical({"a": "é", "b": [1, 2.5]})
    with pytest.raises(ValueError, match="not JSON compliant"):
        audit.canonical({"a": float("nan")})


def test_keys_that_are_made_and_revoked_leave_rows_without_their_tokens(store: Store) -> None:
    made = make_key(store.access, "feed", [Scope.INGEST])
    with pytest.raises(UsageError, match="in use"):
        make_key(store.access, "feed", [Scope.READ])
    store.access.revoke_key("feed")
    assert [(row.action, row.subject) for row in rows(store)] == [("key.added", made.id), ("key.revoked", made.id)]
    assert rows(store)[0].detail == {"name": "feed", "scopes": ["ingest"]} and breaks(store) == []
    assert not any(made.token.removeprefix(f"sp_{made.id}_") in str(row) for row in rows(store))
