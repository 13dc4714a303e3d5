"""The command line of ``standpoint keys``. Nothing heavy is imported before a command runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from nlp.errors import UsageError

if TYPE_CHECKING:
    from api.keys import Scope
    from api.services import Services

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else on stdout.")]


def keys_app(open_services: Callable[..., Services], finish: Callable[[int], NoReturn]) -> typer.Typer:
    """The group of commands; ``open_services`` makes the services of the program, ``finish`` ends it."""
    app = typer.Typer(
        no_args_is_help=True,
        help="Make, list and revoke API keys, without which nobody beyond this machine is answered."
        "\n\nExample: standpoint keys add dashboard --scope read",
    )

    @app.command("add")
    def add(
        name: Annotated[str, typer.Argument(help="What the key is for, to know it by.")],
        scope: Annotated[
            list[str] | None, typer.Option(help="read (by default), ingest, review or admin; may be repeated.")
        ] = None,
        as_json: AsJson = False,
    ) -> None:
        """Make a key and print it: once, as only its digest is kept.

        Example: standpoint keys add nightly-feed --scope read --scope ingest
        """
        from api.commands.keys import add_key

        scopes = [_scope(each) for each in scope or ["read"]]
        with open_services(create=True) as services:
            finish(add_key(services, name, scopes, as_json=as_json))

    @app.command("list")
    def list_(as_json: AsJson = False) -> None:
        """Print every key with what it may do, the revoked ones too.

        Example: standpoint keys list
        """
        from api.commands.keys import list_keys

        with open_services() as services:
            finish(list_keys(services, as_json=as_json))

    @app.command("revoke")
    def revoke(
        key: Annotated[str, typer.Argument(metavar="KEY", help="The id or the name of a key.")], as_json: AsJson = False
    ) -> None:
        """Take the rights of a key away; the server needs no new start.

        Example: standpoint keys revoke dashboard
        """
        from api.commands.keys import revoke_key

        with open_services() as services:
            finish(revoke_key(services, key, as_json=as_json))

    return app


def _scope(name: str) -> Scope:
    from api.keys import Scope

    try:
        return Scope(name)
    except ValueError:
        raise UsageError("there is no such scope", where=name, do=f"the scopes are {', '.join(Scope)}") from None
