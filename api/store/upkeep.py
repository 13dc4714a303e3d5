"""What an administrator does to a database: another schema, a copy, a look at what it is."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL

from api.store import engines, migrations, postgres
from api.store.store import DATABASE_NAME, open_engine
from nlp.errors import NotSetUpError, StandpointError, UsageError


@dataclass(frozen=True, slots=True)
class Migrated:
    """The schema before, None for an empty database, and now."""

    place: str
    before: str | None
    now: str


@dataclass(frozen=True, slots=True)
class Description:
    """A database in words. ``engine`` is name and version; ``extension`` is pgvector's state, empty for SQLite."""

    place: str
    engine: str
    schema: str
    extension: str


@dataclass(frozen=True, slots=True)
class Backup:
    """A checked copy; ``size`` in bytes."""

    path: Path
    size: int


def migrate_store(folder: Path, *, database_url: str | None = None, down: str | None = None) -> Migrated:
    """Bring a database to this version's schema, made when it is not there, or down to an older one.

    Raises NotSetUpError as ``Store.open`` does, and UsageError when ``down`` is no older schema.
    """
    engine, _ = open_engine(folder, create=down is None, database_url=database_url)
    try:
        with engines.reshaping(engine) as connection:
            before = migrations.schema_of(connection)
            if down is not None:
                migrations.migrate_down(connection, down)
            elif before != migrations.REVISIONS[-1]:
                migrations.migrate(connection)
        return Migrated(engines.place(engine), before, down or migrations.REVISIONS[-1])
    finally:
        engine.dispose()


def describe_store(folder: Path, *, database_url: str | None = None) -> Description:
    """What a database is, without changing it. Raises NotSetUpError as ``Store.open`` does."""
    engine, path = open_engine(folder, database_url=database_url)
    try:
        with engines.reading(engine) as connection:
            schema = migrations.schema_of(connection) or "none yet"
            if path is not None:
                version = f"SQLite {engines.sqlite_driver().sqlite_version}"
                return Description(str(path), version, schema, "")
            server = postgres.describe_server(connection)
            return Description(engines.place(engine), f"PostgreSQL {server.version}", schema, server.vector)
    finally:
        engine.dispose()


def back_up(target: Path, folder: Path, *, database_url: str | None = None) -> Backup:
    """Write a copy of the database to ``target``, whole and checked or not at all; writers go on meanwhile.

    A copy of SQLite is a database; of PostgreSQL it is an archive that pg_restore reads. Raises UsageError
    when there is something at ``target``, NotSetUpError when there is no database, no pg_dump, or no room.
    """
    if target.exists():
        raise UsageError("is there already, and a backup overwrites nothing", where=str(target), do="name a new file")
    engine, path = open_engine(folder, database_url=database_url)
    try:
        with engines.reading(engine) as connection:
            if migrations.schema_of(connection) is None:
                raise NotSetUpError("there is nothing in the database yet", where=engines.place(engine))
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=".standpoint-") as scratch:
            copy = Path(scratch) / DATABASE_NAME
            if path is not None:
                _copy_sqlite(path, copy)
            else:
                _dump_postgresql(engine.url, copy)
            _keep(copy, target)
    except OSError as error:
        raise NotSetUpError(
            f"the copy cannot be written: {error.strerror}", where=str(target), do="check the folder and the disk"
        ) from error
    finally:
        engine.dispose()
    return Backup(target, target.stat().st_size)


def _keep(copy: Path, target: Path) -> None:
    """Give the copy its name when it is safe on the disk."""
    with copy.open("rb") as file:
        os.fsync(file.fileno())
    copy.rename(target)


def _copy_sqlite(path: Path, copy: Path) -> None:
    driver = engines.sqlite_driver()
    try:
        source, target = driver.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True), driver.connect(copy)
        try:
            # All pages in one step: a copy made in several begins again whenever somebody writes.
            source.backup(target, pages=-1)
            _check_copy(target)
        finally:
            target.close()
            source.close()
    except driver.DatabaseError as error:
        raise NotSetUpError(f"the database cannot be copied: {error}", where=str(path), do="check the disk") from error


def _check_copy(target: Any) -> None:
    """Raises StandpointError when the copy is damaged, its references do not hold or an index has lost its text."""
    # One file, without a log beside it.
    target.execute("PRAGMA journal_mode = DELETE")
    faults = [row[0] for row in target.execute("PRAGMA integrity_check(3)") if row[0] != "ok"]
    faults += [f"a row of {row[0]} refers to none of {row[2]}" for row in target.execute("PRAGMA foreign_key_check")][
        :3
    ]
    if faults:
        raise StandpointError(
            f"the database is damaged: {'; '.join(faults)}", do="no copy was kept; go back to an earlier one"
        )


def _dump_postgresql(url: URL, copy: Path) -> None:
    program = shutil.which("pg_dump")
    if program is None:
        raise NotSetUpError(
            "pg_dump is not on the PATH, and only it copies a PostgreSQL database",
            do="install postgresql-client, or run on the server: pg_dump --format=custom --file=FILE DATABASE",
        )
    given, environment = _for_libpq(url)
    _run([program, "--format=custom", "--no-password", f"--file={copy}", f"--dbname={given}"], environment)
    if restore := shutil.which("pg_restore"):
        _run([restore, f"--file={os.devnull}", str(copy)], environment)


def _for_libpq(url: URL) -> tuple[str, dict[str, str]]:
    """The address for PostgreSQL's programs, and an environment with the password: everybody sees arguments."""
    from psycopg.conninfo import make_conninfo

    given = {**url.translate_connect_args(database="dbname", username="user"), **url.query}
    given = {key: value if isinstance(value, str | int) else ",".join(value) for key, value in given.items()}
    given.pop("options", None)
    password = given.pop("password", "")
    return make_conninfo(**given), {**os.environ, **({"PGPASSWORD": str(password)} if password else {})}


def _run(command: list[str], environment: dict[str, str]) -> None:
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        message = " ".join(done.stderr.split())
        raise NotSetUpError(
            f"{Path(command[0]).name} failed: {message}",
            do="use the programs of the server's own version, or a newer one",
        )
