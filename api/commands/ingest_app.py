"""The command line of ``standpoint ingest`` and ``skipped``. Nothing heavy is imported before a command runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, Protocol

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.services import Services

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else on stdout.")]


class OpenServices(Protocol):
    """Makes the services of the program; with ``create``, a database where there is none."""

    def __call__(self, *, create: bool = False) -> Services: ...


def add_ingest(app: typer.Typer, open_services: OpenServices, finish: Callable[[int], NoReturn]) -> None:
    """Add the commands; ``finish`` ends the program."""

    @app.command()
    def ingest(
        paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help="Files, or folders of them.")],
        as_json: AsJson = False,
        workers: Annotated[
            int | None,
            typer.Option(min=1, max=256, help="Processes that analyse; by default one a core where there is much."),
        ] = None,
        scheduler: Annotated[
            str | None,
            typer.Option(metavar="ADDRESS", help="A Dask scheduler: tls://HOST:8786, or tcp:// on loopback."),
        ] = None,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Read everything, and store nothing.")] = False,
        retry_failed: Annotated[
            bool, typer.Option("--retry-failed", help="Try again what failed before, or ended its reader.")
        ] = False,
        force: Annotated[bool, typer.Option("--force", help="Take in what was withdrawn, too.")] = False,
        only_format: Annotated[
            str | None, typer.Option(metavar="FORMAT", help="Leave files of other formats out, such as html.")
        ] = None,
    ) -> None:
        """Analyse files and folders into the database; what is there already is not done again.

        Example: standpoint ingest articles/ --workers 2 --data ./press
        """
        from api.commands.ingest import Asked, ingest_paths

        asked = Asked(
            workers=workers,
            scheduler=scheduler,
            dry_run=dry_run,
            retry_failed=retry_failed,
            force=force,
            only_format=only_format,
            as_json=as_json,
        )
        with open_services(create=not dry_run) as services:
            finish(ingest_paths(services, paths, asked))

    @app.command()
    def skipped(as_json: AsJson = False) -> None:
        """Print every file, and item of one, that came in and gave no article, with the reason.

        Example: standpoint skipped --data ./press
        """
        from api.commands.skipped import show_skipped

        with open_services() as services:
            finish(show_skipped(services, as_json=as_json))
