"""The commands that keep a database: their names, options and help; nothing heavy is imported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from api.settings import Settings

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else on stdout.")]
Down = Annotated[
    str | None, typer.Option(metavar="REV", help="Go down to this older schema; what only newer ones keep is lost.")
]
Target = Annotated[Path, typer.Argument(metavar="FILE", help="A new file; nothing is overwritten.")]


def add_database(app: typer.Typer, settings: Callable[[], Settings], finish: Callable[[int], NoReturn]) -> None:
    """Give the program the commands ``migrate`` and ``backup``."""

    @app.command()
    def migrate(down: Down = None, as_json: AsJson = False) -> None:
        """Bring the database to this version's schema, or down for an older Standpoint; all or nothing.

        Example: standpoint migrate --down 0001
        """
        from api.commands.upkeep import migrate_database

        finish(migrate_database(settings(), down=down, as_json=as_json))

    @app.command()
    def backup(file: Target, as_json: AsJson = False) -> None:
        """Copy the database while it is in use, and check the copy; PostgreSQL is copied by its own pg_dump.

        Example: standpoint backup /mnt/backups/press.sqlite
        """
        from api.commands.upkeep import back_up_database

        finish(back_up_database(settings(), file, as_json=as_json))
