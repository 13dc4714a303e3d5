"""The schema goes up and down on both engines, and whatever stops it, at whichever statement, nothing is half done."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, event, inspect, text

from api.store import Store, engines, migrations, tables
from api.store.passages import PassageKind
from api.store.questions import Mode, Question
from api.store.store import open_engine
from api.store.upkeep import describe_store, migrate_store
from nlp.errors import NotSetUpError, UsageError
from nlp.records import Analysis, Recurrence, Terms, Topic

ROOT = Path(__file__).resolve().parents[2]
FIRST, LAST = migrations.REVISIONS[0], migrations.REVISIONS[-1]


def statements_with(query: str) -> Question:
    return Question(query=query, mode=Mode.LEXICAL, within=(PassageKind.STATEMENT,))


class Place(Protocol):
    """The fixture of tests/conftest.py."""

    folder: Path
    url: str | None

    def open(self, *, create: bool = True) -> Store: ...


class Stopped(Exception):
    """What a test stops a migration with."""


@pytest.fixture
def engine(place: Place) -> Iterator[Engine]:
    opened, _ = open_engine(place.folder, create=True, database_url=place.url)
    yield opened
    opened.dispose()


def tables_in(engine: Engine) -> list[str]:
    with engines.reading(engine) as connection:
        return inspect(connection).get_table_names()


@contextmanager
def stopping_after(engine: Engine, statements: int) -> Iterator[None]:
    """Let so many statements pass, and fail behind the next."""
    left = [statements]

    def note(*_: Any) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise Stopped

    event.listen(engine, "after_cursor_execute", note)
    try:
        yield
    finally:
        event.remove(engine, "after_cursor_execute", note)


def schema_in(engine: Engine) -> str | None:
    with engines.reading(engine) as connection:
        return migrations.schema_of(connection)


def stop_everywhere(engine: Engine, act: Any, before: Any, *, every: int = 1) -> int:
    """Stop ``act`` behind each of its statements in turn until it ends; each time all must be as ``before`` says."""
    expected = before()
    for number in range(0, 400, every):
        try:
            with stopping_after(engine, number), engines.reshaping(engine) as connection:
                act(connection)
            return number
        except Stopped:
            assert before() == expected, number
    raise AssertionError("it never ends")


def up_to(revision: str) -> Any:
    def act(connection: Connection) -> None:
        with migrations._config(connection) as config:
            command.upgrade(config, revision)

    return act


def down_to(revision: str) -> Any:
    return lambda connection: migrations.migrate_down(connection, revision)


def test_stopped_behind_any_statement_the_database_is_as_before_and_goes_up_and_down_in_the_end(engine: Engine) -> None:
    def state() -> tuple[str | None, list[str]]:
        return schema_in(engine), tables_in(engine)

    # Step by step, as stopping all of them behind each statement of all of them took 97 s on PostgreSQL.
    stopped = [stop_everywhere(engine, up_to(revision), state) for revision in migrations.REVISIONS]
    assert sum(stopped) > 100 and min(stopped) > 0 and schema_in(engine) == LAST
    downwards = migrations.REVISIONS[-2::-1]
    assert min(stop_everywhere(engine, down_to(revision), state) for revision in downwards) > 0
    assert schema_in(engine) == FIRST
    # All steps are one transaction.
    assert stop_everywhere(engine, migrations.migrate, state, every=31) > 100
    assert schema_in(engine) == LAST
    assert stop_everywhere(engine, down_to(FIRST), state, every=31) > 30
    stop_everywhere(engine, migrations.migrate, state, every=97)
    assert schema_in(engine) == LAST
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_ours})
        assert compare_metadata(context, tables.metadata) == []


def is_ours(name: str | None, kind: str, parents: object) -> bool:
    return (kind != "table" or name in tables.metadata.tables) and "lexemes" not in (name or "")


def test_schema_goes_down_to_nothing_and_up_again(engine: Engine) -> None:
    with engines.reshaping(engine) as connection:
        migrations.migrate(connection)
    with engines.reshaping(engine) as connection, migrations._config(connection) as config:
        command.downgrade(config, "base")
    assert tables_in(engine) == ["alembic_version"]
    with engines.reshaping(engine) as connection:
        migrations.migrate(connection)
    assert schema_in(engine) == LAST


def test_what_is_stored_survives_going_down_and_up(place: Place, analysis: Analysis) -> None:
    topic = Topic("toll", "Toll", "The bridge should have a toll.", phrases=("toll",))
    with place.open() as store:
        store.writer.write_analysis(analysis)
        store.writer.add_topic(topic)
    done = migrate_store(place.folder, database_url=place.url, down=FIRST)
    assert (done.before, done.now) == (LAST, FIRST)
    assert describe_store(place.folder, database_url=place.url).schema == FIRST
    with place.open(create=False) as store:
        # The first schema has no place for what figures have since: it is lost on the way down, and said to be.
        plain = {"terms": Terms.UNSPECIFIED, "recurrence": Recurrence.UNSPECIFIED, "links": ()}
        figures = tuple(replace(figure, **plain) for figure in analysis.figures)
        assert store.reader.article(analysis.article.id) == replace(analysis, figures=figures)
        assert store.reader.topics() == (topic,)
        assert store.searcher.search(statements_with("blame")).total == 1
        store.writer.add_topic(replace(topic, named_only=True))
        assert store.reader.topics()[0].named_only


def test_migrating_twice_changes_nothing_the_second_time(place: Place) -> None:
    first = migrate_store(place.folder, database_url=place.url)
    assert (first.before, first.now) == (None, LAST)
    second = migrate_store(place.folder, database_url=place.url)
    assert (second.before, second.now) == (LAST, LAST)


@pytest.mark.parametrize("revision", ["0999", "", "base", "head"])
def test_down_to_what_is_no_schema_is_refused(place: Place, revision: str) -> None:
    migrate_store(place.folder, database_url=place.url)
    with pytest.raises(UsageError, match="is no schema; there are 0001"):
        migrate_store(place.folder, database_url=place.url, down=revision)


def test_down_to_a_newer_schema_is_refused(place: Place) -> None:
    migrate_store(place.folder, database_url=place.url)
    migrate_store(place.folder, database_url=place.url, down=FIRST)
    with pytest.raises(UsageError, match="not below schema 0001"):
        migrate_store(place.folder, database_url=place.url, down=LAST)


def test_newer_schema_is_refused(place: Place) -> None:
    with place.open() as store, store._engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0999'"))
    for act in (place.open, lambda: migrate_store(place.folder, database_url=place.url)):
        with pytest.raises(NotSetUpError, match="schema 0999, made by a newer Standpoint"):
            act()


def test_migration_that_would_break_references_is_undone(engine: Engine) -> None:
    with engines.reshaping(engine) as connection:
        migrations.migrate(connection)
    orphan = text(
        "INSERT INTO affiliations (article_id, stakeholder_id, seq, organisation) VALUES ('none', 'none', 0, 'x')"
    )
    with pytest.raises(Exception, match=r"break references|foreign key"), engines.reshaping(engine) as connection:
        connection.execute(orphan)
    with engines.reading(engine) as connection:
        assert connection.scalar(text("SELECT count(*) FROM affiliations")) == 0


KILLED = """
import os, signal, sys
from pathlib import Path
from sqlalchemy import event
from api.store import Store
from sqlalchemy.engine import Engine

left = [int(sys.argv[1])]

@event.listens_for(Engine, "after_cursor_execute")
def die(*_):
    left[0] -= 1
    if left[0] < 0:
        os.kill(os.getpid(), signal.SIGKILL)

Store.open(Path(sys.argv[2]), create=True, database_url=sys.argv[3] or None)
"""


@pytest.mark.parametrize("statements", [12, 45])
def test_killed_migration_is_done_by_the_next_start(place: Place, analysis: Analysis, statements: int) -> None:
    arguments = (str(statements), str(place.folder), place.url or "")
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    killed = subprocess.run([sys.executable, "-c", KILLED, *arguments], env=environment, check=False)
    assert killed.returncode == -signal.SIGKILL
    if place.url:
        with pytest.raises(NotSetUpError, match="nothing in the database yet"):
            place.open(create=False)
    with place.open() as store:
        store.writer.write_analysis(analysis)
        assert store.reader.article(analysis.article.id) == analysis
