"""The schema's history. Alembic is imported only when there is something to migrate: it takes 0.2 s.

Every migration runs inside one transaction, on both engines: whatever stops it, and at whichever
statement, the database is as it was before, and the next start begins again.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from nlp.errors import NotSetUpError, UsageError

if TYPE_CHECKING:
    from alembic.config import Config

#: Every schema that this version knows, oldest first; the last one is its own.
REVISIONS = tuple(f"{number:04}" for number in range(1, 18))


def schema_of(connection: Connection) -> str | None:
    """The schema that the database has; None when there is nothing in it.

    Raises NotSetUpError for a newer schema and for a database of another program.
    """
    tables = set(inspect(connection).get_table_names())
    if not tables - {"alembic_version"}:
        return None
    elsewhere = _elsewhere(connection)
    if "alembic_version" not in tables or "articles" not in tables:
        raise NotSetUpError("this database was made by another program", do=elsewhere)
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if revision not in REVISIONS:
        raise NotSetUpError(
            f"this database has schema {revision}, made by a newer Standpoint; this one knows {REVISIONS[-1]} at most",
            do=f"upgrade Standpoint, or {elsewhere}",
        )
    return str(revision)


def is_current(connection: Connection) -> bool:
    """Whether the database has this version's schema; False for an empty or older one. Raises as ``schema_of``."""
    return schema_of(connection) == REVISIONS[-1]


def _elsewhere(connection: Connection) -> str:
    if connection.dialect.name == "sqlite":
        return "name another folder with --data or STANDPOINT_DATA"
    return "name another database in STANDPOINT_DATABASE_URL"


def migrate(connection: Connection) -> None:
    """Bring the database to the newest schema inside the connection's transaction."""
    from alembic import command

    with _config(connection) as config:
        command.upgrade(config, "head")


def migrate_down(connection: Connection, revision: str) -> None:
    """Bring the database to an older schema; what only newer ones keep is lost.

    Raises UsageError when the revision is none, or not below the one that the database has.
    """
    from alembic import command

    found = schema_of(connection)
    if revision not in REVISIONS:
        raise UsageError(f"is no schema; there are {', '.join(REVISIONS)}", where=revision)
    if found is None or REVISIONS.index(revision) > REVISIONS.index(found):
        raise UsageError(f"is not below schema {found or 'none'}, which the database has", where=revision)
    with _config(connection) as config:
        command.downgrade(config, revision)


@contextmanager
def _config(connection: Connection) -> Iterator[Config]:
    from alembic.config import Config

    with as_file(files(__name__)) as folder:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        config.attributes["connection"] = connection
        yield config
