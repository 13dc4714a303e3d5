"""The only place that knows which database is underneath: connecting, transactions, upserts, errors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from json import dumps
from pathlib import Path
from types import ModuleType
from typing import Any

from pydantic_core import from_json
from sqlalchemy import URL, Connection, Engine, Table, create_engine, event, insert, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DatabaseError, DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.pool import NullPool

from api.store import postgres
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
        json_deserializer=from_json,
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


def open_postgresql(address: URL) -> Engine:
    """An engine on a PostgreSQL that was reached and may be used; NotSetUpError says why it cannot."""
    engine = postgres.open_postgresql(address, wait=BUSY_SECONDS)
    try:
        with explained(engine), engine.connect() as connection:
            postgres.check_server(connection)
    except ProgrammingError as error:
        # The driver's refusal of an option in the address, before there is a server to answer.
        engine.dispose()
        raise NotSetUpError(
            "the address holds an option that is none", where=place(engine), do="check STANDPOINT_DATABASE_URL"
        ) from error
    except NotSetUpError:
        engine.dispose()
        raise
    return engine


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
        if not is_sqlite(connection):
            connection = connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction that waits for other writers, and commits all or nothing."""
    with explained(engine), engine.connect().execution_options(**{_WRITE: True}) as connection, connection.begin():
        _wait_turn(connection)
        yield connection


@contextmanager
def reshaping(engine: Engine) -> Iterator[Connection]:
    """A writing transaction for a migration, in which SQLite may rebuild a table that others refer to.

    Raises NotSetUpError, and nothing is kept, when the references do not hold at its end.
    """
    with (
        explained(engine),
        engine.connect().execution_options(**{_WRITE: True}) as connection,
        _unchecked(connection),
        connection.begin(),
    ):
        _wait_turn(connection)
        yield connection
        _check_references(connection)


@contextmanager
def _unchecked(connection: Connection) -> Iterator[None]:
    # To rebuild a table is to drop it, and with keys on that deletes what hangs on it. The switch
    # works outside of transactions only, so it is thrown behind SQLAlchemy's back, which begins one.
    if not is_sqlite(connection):
        yield
        return
    driver: Any = connection.connection.dbapi_connection
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def _check_references(connection: Connection) -> None:
    if is_sqlite(connection) and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise NotSetUpError("the migration would break references between tables", do="report it; nothing was changed")


def _wait_turn(connection: Connection) -> None:
    # SQLite has one writer at a time; here a lock makes it so, until the transaction ends. Each later
    # statement sees what the writer before has committed, so that reading and then writing loses nothing.
    if not is_sqlite(connection):
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": postgres.WRITER_LOCK})


@contextmanager
def explained(engine: Engine, where: str = "") -> Iterator[None]:
    """Turn a failure of the database itself (full disk, no server, no permission) into NotSetUpError."""
    try:
        yield
    except DBAPIError as error:
        explanation = _explain(engine, error, where)
        if explanation is error:
            raise
        raise explanation from error
    except UnicodeEncodeError as error:
        raise UsageError("a text holds half a character (a lone surrogate), which no database keeps") from error


def _explain(engine: Engine, error: DBAPIError, where: str) -> Exception:
    if engine.dialect.name != "sqlite":
        return postgres.explain(error, engine.url)
    if isinstance(error, IntegrityError | ProgrammingError) or not isinstance(error, DatabaseError):
        return error
    return NotSetUpError(
        f"the database cannot be used: {error.orig}",
        where=where or place(engine),
        do="check the disk, the permissions and that no other program holds the file",
    )


def place(engine: Engine) -> str:
    """Where the database is, in words that hold no password."""
    return str(engine.url.database or engine.url) if engine.dialect.name == "sqlite" else postgres.place_of(engine.url)


def is_sqlite(connection: Connection) -> bool:
    return connection.dialect.name == "sqlite"


def insert_new(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert the rows whose primary key is not there yet."""
    if rows:
        connection.execute(_insert(connection, table).on_conflict_do_nothing(), rows)


def insert_rows(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; in PostgreSQL hundreds a statement, as triggers count what a statement changed at once."""
    statement = insert(table)
    if not is_sqlite(connection):
        # What is to be returned makes SQLAlchemy put rows together.
        statement = statement.returning(*table.primary_key.columns)
    connection.execute(statement, rows)


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], *, key: str = "id") -> None:
    """Insert rows or, where ``key`` is there already, set every other given column."""
    if rows:
        statement = _insert(connection, table)
        given = {name: statement.excluded[name] for name in rows[0] if name != key}
        connection.execute(statement.on_conflict_do_update(index_elements=[key], set_=given), rows)


def _insert(connection: Connection, table: Table) -> sqlite.Insert | postgresql.Insert:
    return sqlite.insert(table) if is_sqlite(connection) else postgresql.insert(table)
