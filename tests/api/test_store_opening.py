"""A data folder opens, or one line says what is wrong with it and nothing is written."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from api.store import DATABASE_NAME, Store, engines, migrations, tables
from nlp.errors import NotSetUpError
from nlp.records import Analysis, Topic


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def refuse(folder: Path, *, create: bool = True) -> str:
    """The line with which the folder is refused; it must be one line and change nothing."""
    before = contents(folder)
    with pytest.raises(NotSetUpError) as refusal:
        Store.open(folder, create=create)
    assert contents(folder) == before
    line = str(refusal.value)
    assert "\n" not in line and str(folder / DATABASE_NAME) in line
    return line


def test_reading_a_folder_without_a_database_makes_none(tmp_path: Path) -> None:
    assert "there is no database" in refuse(tmp_path, create=False)


def test_database_is_found_again(tmp_path: Path, analysis: Analysis) -> None:
    with Store.open(tmp_path / "a b%20c" / "d", create=True) as store:
        store.writer.write_analysis(analysis)
    with Store.open(tmp_path / "a b%20c" / "d") as store:
        assert store.reader.article(analysis.article.id) == analysis


def test_newer_schema_is_refused_and_left_alone(tmp_path: Path) -> None:
    with Store.open(tmp_path, create=True) as store, store._engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0999'"))
    assert "schema 0999, made by a newer Standpoint" in refuse(tmp_path)


@pytest.mark.parametrize("content", [b"GIF89a and so on", b"SQLite form", b"\x00" * 4096])
def test_file_that_is_no_database_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / DATABASE_NAME).write_bytes(content)
    assert "not a database" in refuse(tmp_path)


def test_damaged_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / DATABASE_NAME).write_bytes(engines.SQLITE_HEADER + b"\xff" * 5000)
    assert "the database cannot be used" in refuse(tmp_path)


def test_database_of_another_program_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / DATABASE_NAME) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    other.close()
    assert "another program" in refuse(tmp_path)


def test_old_sqlite_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from pysqlite3 import dbapi2

    monkeypatch.setattr(dbapi2, "sqlite_version_info", (3, 40, 1))
    monkeypatch.setattr(dbapi2, "sqlite_version", "3.40.1")
    with pytest.raises(NotSetUpError, match=r"SQLite 3\.40\.1 is too old, 3\.51\.3"):
        Store.open(tmp_path, create=True)
    assert contents(tmp_path) == {}


def test_missing_driver_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pysqlite3", None)
    with pytest.raises(NotSetUpError, match="pysqlite3 is missing"):
        Store.open(tmp_path, create=True)


def test_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")
    with pytest.raises(NotSetUpError):
        Store.open(tmp_path / "data", create=True)


def test_other_engines_are_refused_for_now(tmp_path: Path) -> None:
    with pytest.raises(NotSetUpError, match="PostgreSQL"):
        Store.open(tmp_path, create=True, database_url="postgresql://somewhere/else")


def test_empty_file_becomes_a_database(tmp_path: Path) -> None:
    (tmp_path / DATABASE_NAME).touch()
    with Store.open(tmp_path, create=True) as store:
        assert store.reader.counts().articles == 0


def test_many_openings_at_once_make_one_database(tmp_path: Path, analysis: Analysis) -> None:
    def open_and_write(_: int) -> None:
        with Store.open(tmp_path, create=True) as store:
            store.writer.write_analysis(analysis)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(open_and_write, range(16))) == [None] * 16
    with Store.open(tmp_path) as store:
        assert store.reader.counts().articles == 1


def test_migrations_lead_to_the_tables(store: Store) -> None:
    with store._engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_ours})
        assert compare_metadata(context, tables.metadata) == []


def is_ours(name: str | None, kind: str, parents: object) -> bool:
    return kind != "table" or name in tables.metadata.tables


def test_known_revisions_are_those_of_the_folder() -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    found = [step.revision for step in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(found)) == migrations.REVISIONS


def test_connections_wait_write_ahead_and_check_keys(store: Store) -> None:
    with store._engine.connect() as connection:
        values = {
            name: connection.scalar(text(f"PRAGMA {name}")) for name in ("journal_mode", "foreign_keys", "busy_timeout")
        }
    assert values == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": engines.BUSY_SECONDS * 1000}


def test_failed_migration_leaves_no_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = migrations.migrate

    def migrate_and_fail(connection: Connection) -> None:
        real(connection)
        raise NotSetUpError("stopped half way")

    monkeypatch.setattr(migrations, "migrate", migrate_and_fail)
    with pytest.raises(NotSetUpError, match="stopped half way"):
        Store.open(tmp_path, create=True)
    monkeypatch.undo()
    with Store.open(tmp_path, create=True) as store:
        assert store.reader.counts().articles == 0


def downgrade(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["connection"] = connection
    command.downgrade(config, revision)


def test_database_of_the_first_schema_is_brought_up_to_date_with_its_topics(tmp_path: Path) -> None:
    topic = Topic("toll", "Toll", "The bridge should have a toll.")
    with Store.open(tmp_path, create=True) as store:
        store.writer.add_topic(topic)
        with engines.writing(store._engine) as connection:
            downgrade(connection, "0001")
    with Store.open(tmp_path) as store:
        assert store.reader.topics() == (topic,)
        store.writer.add_topic(replace(topic, phrases=("toll",), named_only=True))
        assert store.reader.topics()[0].named_only
