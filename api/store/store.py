"""Opens the database of a data folder: makes it, migrates it, or says why it cannot be used."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType

from sqlalchemy import Engine

from api.store import engines, migrations
from api.store.reader import Reader
from api.store.searching import Searcher
from api.store.writer import Writer
from nlp.errors import NotSetUpError

DATABASE_NAME = "standpoint.sqlite"


class Store:
    """A database with its reader and writer; threads may share it. Close it, or use it in a ``with``."""

    def __init__(self, engine: Engine, path: Path) -> None:
        self._engine = engine
        self.path = path
        self.reader = Reader(engine)
        self.writer = Writer(engine)
        self.searcher = Searcher(engine)

    @classmethod
    def open(cls, folder: Path, *, create: bool = False, database_url: str | None = None) -> Store:
        """The store of a data folder, in this version's schema; ``create`` makes folder and database.

        Raises NotSetUpError, and writes nothing, when there is no database and ``create`` is off, when
        the file is no database or one of a newer or another program, and when SQLite is too old.
        """
        if database_url is not None:
            raise NotSetUpError("PostgreSQL is not built in yet", do="unset STANDPOINT_DATABASE_URL")
        engines.sqlite_driver()
        path = folder / DATABASE_NAME
        if _exists(path):
            _look(path)
        elif create:
            _make_folder(folder)
        else:
            raise NotSetUpError(
                "there is no database", where=str(path), do="make one with: standpoint ingest PATH --data FOLDER"
            )
        engine = engines.open_sqlite(path)
        try:
            _bring_up_to_date(engine)
        except NotSetUpError as error:
            engine.dispose()
            raise _at(path, error) from error
        return cls(engine, path)

    def close(self) -> None:
        self._engine.dispose()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _exists(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except FileNotFoundError:
        return False
    except OSError as error:
        raise NotSetUpError(f"the database cannot be reached: {error.strerror}", where=str(path)) from error


def _look(path: Path) -> None:
    """Refuse a file that is not ours before any connection could change it."""
    try:
        with path.open("rb") as file:
            header = file.read(len(engines.SQLITE_HEADER))
    except OSError as error:
        raise NotSetUpError(f"the database cannot be read: {error.strerror}", where=str(path)) from error
    if header != engines.SQLITE_HEADER:
        raise NotSetUpError(
            "this file is not a database", where=str(path), do="move it away, or name another folder with --data"
        )
    engine = engines.open_sqlite_to_look(path)
    try:
        with engines.explained(engine, str(path)), engine.connect() as connection:
            migrations.is_current(connection)
    except NotSetUpError as error:
        raise _at(path, error) from error
    finally:
        engine.dispose()


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NotSetUpError(
            f"the data folder cannot be made: {error.strerror}", where=str(folder), do="name another one with --data"
        ) from error


def _bring_up_to_date(engine: Engine) -> None:
    with engines.reading(engine) as connection:
        if migrations.is_current(connection):
            return
    with engines.writing(engine) as connection:
        if not migrations.is_current(connection):
            migrations.migrate(connection)


def _at(path: Path, error: NotSetUpError) -> NotSetUpError:
    return NotSetUpError(error.what, where=error.where or str(path), do=error.do)
