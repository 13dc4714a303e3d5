"""Commands that keep the database in order. Nothing heavy is imported before one runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from api.services import Services

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else on stdout.")]


def add_upkeep(app: typer.Typer, open_services: Callable[..., Services], finish: Callable[[int], NoReturn]) -> None:
    """Add the commands; ``open_services`` makes the services of the program, ``finish`` ends it."""

    @app.command()
    def reanalyse(
        as_json: AsJson = False,
        older_than: Annotated[
            str | None, typer.Option(metavar="VERSION", help="Only what an older version of Standpoint found.")
        ] = None,
        only: Annotated[
            list[str] | None, typer.Option(help="stakeholders, statements, stances or figures; may be repeated.")
        ] = None,
        article: Annotated[list[str] | None, typer.Option(metavar="ID", help="Only this one; may be repeated.")] = None,
        dry_run: Annotated[
            bool, typer.Option("--dry-run", help="Tell what would change, and swap nothing in.")
        ] = False,
        yes: Annotated[bool, typer.Option("--yes", help="Swap the new results in without asking.")] = False,
    ) -> None:
        """Analyse stored texts anew with today's models and topics, tell what changes, and swap it in.

        Example: standpoint reanalyse --older-than 0.2.0 --dry-run
        """
        from api.commands.reanalyse import reanalyse as act
        from api.reanalysing import Plan

        plan = Plan(older_than=older_than, only=tuple(only or ()), articles=tuple(article or ()))
        with open_services() as services:
            finish(act(services, plan, dry_run=dry_run, yes=yes, as_json=as_json))

    @app.command()
    def verify(as_json: AsJson = False) -> None:
        """Check the database: index against table, every span against its text, the audit chain, the file itself.

        Example: standpoint verify --json
        """
        from api.commands.verify import verify_store

        with open_services() as services:
            finish(verify_store(services, as_json=as_json))
