"""The schema's history. Alembic is imported only when there is something to migrate: it takes 0.2 s."""

from __future__ import annotations

from importlib.resources import as_file, files

from sqlalchemy import Connection, inspect, text

from nlp.errors import NotSetUpError

#: Every schema that this version knows, oldest first; the last one is its own.
REVISIONS = ("0001", "0002", "0005")


def is_current(connection: Connection) -> bool:
    """Whether the database has this version's schema; False for an empty or older one.

    Raises NotSetUpError for a newer schema and for a database of another program.
    """
    tables = set(inspect(connection).get_table_names())
    if not tables:
        return False
    if "alembic_version" not in tables or "articles" not in tables:
        raise NotSetUpError(
            "this database was made by another program", do="name another folder with --data or STANDPOINT_DATA"
        )
    revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    if revision not in REVISIONS:
        raise NotSetUpError(
            f"this database has schema {revision}, made by a newer Standpoint; this one knows {REVISIONS[-1]} at most",
            do="upgrade Standpoint, or name another folder with --data or STANDPOINT_DATA",
        )
    return bool(revision == REVISIONS[-1])


def migrate(connection: Connection) -> None:
    """Bring the database to the newest schema inside the connection's transaction."""
    from alembic import command
    from alembic.config import Config

    with as_file(files(__name__)) as folder:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
