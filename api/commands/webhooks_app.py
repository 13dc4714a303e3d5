"""The command line of ``standpoint webhooks``. Nothing heavy is imported before a command runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from api.services import Services

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else on stdout.")]


def webhooks_app(open_services: Callable[..., Services], finish: Callable[[int], NoReturn]) -> typer.Typer:
    """The group of commands; ``open_services`` makes the services of the program, ``finish`` ends it."""
    app = typer.Typer(
        no_args_is_help=True,
        help="Addresses that the server tells of what is new, changed or withdrawn."
        "\n\nExample: standpoint webhooks add https://receiver.example.org/standpoint",
    )

    @app.command("add")
    def add(
        url: Annotated[str, typer.Argument(help="The address, which begins with https://.")], as_json: AsJson = False
    ) -> None:
        """Make a webhook and print the secret that its deliveries are signed with: once.

        Example: standpoint webhooks add https://receiver.example.org/standpoint
        """
        from api.commands.webhooks import add as act

        with open_services(create=True) as services:
            finish(act(services, url, as_json=as_json))

    @app.command("list")
    def list_(as_json: AsJson = False) -> None:
        """Print every webhook with how its deliveries stand.

        Example: standpoint webhooks list
        """
        from api.commands.webhooks import list_all

        with open_services() as services:
            finish(list_all(services, as_json=as_json))

    @app.command("remove")
    def remove(webhook: Annotated[str, typer.Argument(help="The id of a webhook.")], as_json: AsJson = False) -> None:
        """Take a webhook away with all that waits for it.

        Example: standpoint webhooks remove 9c1f03ab27de
        """
        from api.commands.webhooks import remove as act

        with open_services() as services:
            finish(act(services, webhook, as_json=as_json))

    @app.command("dead")
    def dead(as_json: AsJson = False) -> None:
        """Print what could not be delivered and is not tried again; --json shows the bodies too.

        Example: standpoint webhooks dead
        """
        from api.commands.webhooks import dead as act

        with open_services() as services:
            finish(act(services, as_json=as_json))

    @app.command("retry")
    def retry(
        events: Annotated[
            list[str] | None, typer.Argument(metavar="[EVENT]...", help="Ids of dead letters; by default all.")
        ] = None,
        as_json: AsJson = False,
    ) -> None:
        """Let dead letters be sent once more by the server.

        Example: standpoint webhooks retry
        """
        from api.commands.webhooks import retry as act

        with open_services() as services:
            finish(act(services, events or (), as_json=as_json))

    return app
