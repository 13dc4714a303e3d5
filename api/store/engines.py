"""The only place that knows which database is underneath: connecting, transactions, upserts, errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from json import dumps
from pathlib import Path
from types import ModuleType
from typing import Any

from sqlalchemy import URL, Connection, Engine, Table, create_engine, event
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DatabaseError, IntegrityError, ProgrammingError
from sqlalchemy.pool import NullPool

from nlp.errors import NotSetUpError, UsageError

#: Older ones can lose a committed transaction when the write-ahead log is reset while it is read.
OLDEST_SQLITE = (3, 51, 3)
#: A writer waits this long for another one, in seconds, before it gives up.
BUSY_SECONDS = 60
SQLITE_HEADER = b"SQLite format 3\x00"
_WRITE = "standpoint_write"


def sqlite_driver() -> ModuleType:
    """The pysqlite3 module. Raises NotSetUpError when it is missing or its SQLite is too old."""
    try:
        from pysqlite3 import dbapi2
    except ImportError as error:
        raise NotSetUpError("the package pysqlite3 is missing", do="install Standpoint again") from error
    if dbapi2.sqlite_version_info < OLDEST_SQLITE:
        oldest = ".".join(map(str, OLDEST_SQLITE))
        raise NotSetUpError(
            f"SQLite {dbapi2.sqlite_version} is too old, {oldest} or newer is needed",
            do="upgrade the package pysqlite3",
        )
    return dbapi2  # type: ignore[no-any-return]


def open_sqlite(path: Path) -> Engine:
    """An engine on the file ``path``, which is made when it is not there."""
    driver = sqlite_driver()
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        module=driver,
        pool_size=8,
        max_overflow=-1,
        json_serializer=partial(dumps, ensure_ascii=False, separators=(",", ":")),
        # The driver must not begin transactions by itself: it begins deferred ones.
        connect_args={"isolation_level": None, "timeout": BUSY_SECONDS},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def open_sqlite_to_look(path: Path) -> Engine:
    """An engine on an existing file that cannot change it, nor leave anything beside it."""
    # Even a reader makes -wal and -shm files and leaves them; told that nobody writes, it makes none.
    # That is told only when there is no log, so nothing can be missed that stands in one.
    logged = path.with_name(f"{path.name}-wal").exists()
    uri = f"{path.resolve().as_uri()}?mode=ro{'' if logged else '&immutable=1'}"
    driver = sqlite_driver()
    return create_engine("sqlite://", module=driver, creator=lambda: driver.connect(uri, uri=True), poolclass=NullPool)


def _prepare_sqlite(connection: Any, record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    if cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        cursor.execute("PRAGMA journal_mode = WAL")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that turns into a writing one fails at once when another writer came
    # between, whatever the timeout; an immediate one waits its turn.
    writes = connection.get_execution_options().get(_WRITE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A transaction that sees one state of the database from first to last."""
    with explained(engine), engine.connect() as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that waits for other writers, and commits all or nothing."""
    with explained(engine), engine.connect().execution_options(**{_WRITE: True}) as connection, connection.begin():
        yield connection


@contextmanager
def explained(engine: Engine, where: str = "") -> Iterator[None]:
    """Turn a failure of the database itself (full disk, damaged file, no permission) into NotSetUpError."""
    try:
        yield
    except (IntegrityError, ProgrammingError):
        raise
    except DatabaseError as error:
        raise NotSetUpError(
            f"the database cannot be used: {error.orig}",
            where=where or str(engine.url.database or engine.url),
            do="check the disk, the permissions and that no other program holds the file",
        ) from error
    except UnicodeEncodeError as error:
        raise UsageError("a text holds half a character (a lone surrogate), which no database keeps") from error


def is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def insert_new(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows whose primary key is not there yet."""
    if rows:
        connection.execute(_insert(connection, table).on_conflict_do_nothing(), rows)


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, key: str = "id") -> None:
    """Insert rows or, where ``key`` is there already, set every other given column."""
    if rows:
        statement = _insert(connection, table)
        given = {name: statement.excluded[name] for name in rows[0] if name != key}
        connection.execute(statement.on_conflict_do_update(index_elements=[key], set_=given), rows)


def _insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(table) if is_sqlite(connection) else postgresql.insert(table)
