"""Opens the database of a data folder, or a PostgreSQL: makes it, migrates it, or says why it cannot be used."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

from sqlalchemy import Engine

from api.store import engines, migrations, postgres, verifying
from api.store.access import Access
from api.store.briefings import Briefings
from api.store.feeds import Feeds
from api.store.holdings import Holdings
from api.store.intake import Intake
from api.store.jobs import Jobs
from api.store.judging import Judging
from api.store.reader import Reader
from api.store.searching import Searcher
from api.store.staging import Staging
from api.store.updates import Updates
from api.store.uploads import Uploads
from api.store.verifying import Fault
from api.store.webhooks import Webhooks
from api.store.writer import Writer
from nlp.errors import NotSetUpError

DATABASE_NAME = "standpoint.sqlite"


class Store:
    """A database with its reader and writer; threads may share it. Close it, or use it in a ``with``.

    ``path`` is the file of an SQLite database, None for PostgreSQL; ``place`` says to a person where it is.
    """

    def __init__(self, engine: Engine, path: Path | None = None) -> None:
        self._engine = engine
        self.path = path
        self.place = str(path) if path else engines.place(engine)
        self.reader = Reader(engine)
        self.writer = Writer(engine)
        self.staging = Staging(engine)
        self.jobs = Jobs(engine)
        self.judging = Judging(engine)
        self.intake = Intake(engine)
        self.uploads = Uploads(engine)
        self.analyst = self.reader.analyst
        self.access = Access(engine)
        self.updates = Updates(engine, self.analyst)
        self.feeds = Feeds(engine)
        self.webhooks = Webhooks(engine)
        self.briefings = Briefings(engine)
        self.searcher = Searcher(engine)
        self.holdings = Holdings(engine)

    @classmethod
    def open(cls, folder: Path, *, create: bool = False, database_url: str | None = None) -> Store:
        """The store of a data folder, or of ``database_url``, in this version's schema.

        ``create`` makes folder and database, and the tables in an empty PostgreSQL database. Raises
        NotSetUpError, and writes nothing, when there is no database and ``create`` is off, when it is
        no database or one of a newer or another program, and when SQLite or the server is too old.
        """
        engine, path = open_engine(folder, create=create, database_url=database_url)
        try:
            _bring_up_to_date(engine, create=create or path is not None)
        except NotSetUpError as error:
            engine.dispose()
            raise _at(path or engines.place(engine), error) from error
        return cls(engine, path)

    @property
    def engine(self) -> Engine:
        """The engine, for what looks at the database itself."""
        return self._engine

    def faults(self) -> Iterator[Fault]:
        """Everything that is wrong with the database, as it is found."""
        return verifying.faults(self._engine)

    @property
    def is_there(self) -> bool:
        """Whether the file of the database is still in its place; a server is asked by reading."""
        return self.path is None or self.path.exists()

    def warm(self) -> None:
        """Read what the map and search keep in memory, so that nobody who asks waits for it."""
        self.analyst.names()
        self.searcher.warm()

    def close(self) -> None:
        self._engine.dispose()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def open_engine(folder: Path, *, create: bool = False, database_url: str | None = None) -> tuple[Engine, Path | None]:
    """The engine on a database whose schema is none, ours, or one of ours before; and its file, if it has one.

    Raises as ``Store.open``, and changes nothing but that ``create`` makes the folder.
    """
    if database_url is not None:
        return engines.open_postgresql(postgres.read_address(database_url)), None
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
    return engines.open_sqlite(path), path


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


def _bring_up_to_date(engine: Engine, *, create: bool) -> None:
    with engines.reading(engine) as connection:
        found = migrations.schema_of(connection)
    if found is None and not create:
        raise NotSetUpError("there is nothing in the database yet", do="fill it with: standpoint ingest PATH")
    if found == migrations.REVISIONS[-1]:
        return
    with engines.reshaping(engine) as connection:
        if not migrations.is_current(connection):
            migrations.migrate(connection)


def _at(place: Path | str, error: NotSetUpError) -> NotSetUpError:
    return NotSetUpError(error.what, where=error.where or str(place), do=error.do)
