"""Commands for what is held of articles: withdrawals, licences, purges, stories. Nothing heavy is imported before."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from api.services import Services

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else on stdout.")]


def add_holdings(app: typer.Typer, open_services: Callable[..., Services], finish: Callable[[int], NoReturn]) -> None:
    """Add the commands; ``open_services`` makes the services of the program, ``finish`` ends it."""

    @app.command()
    def withdraw(
        article: Annotated[str, typer.Argument(metavar="ID", help="The id of an article.")],
        reason: Annotated[str, typer.Option(help="Why; it is told to whoever asks for the article.")] = "",
        source: Annotated[
            bool, typer.Option("--source", help="ID is an address or file name: all that comes from it.")
        ] = False,
        undo: Annotated[bool, typer.Option("--undo", help="Let it be taken in again.")] = False,
        as_json: AsJson = False,
    ) -> None:
        """Take an article away, from search, map and exports at once, and keep it from coming back.

        Example: standpoint withdraw 3f2a9c0d51b7e684 --reason "the publisher asked for it"
        """
        from api.commands.holdings import withdraw_article

        with open_services() as services:
            finish(withdraw_article(services, article, reason=reason, source=source, undo=undo, as_json=as_json))

    @app.command()
    def licence(
        articles: Annotated[list[str] | None, typer.Argument(metavar="ID...", help="Ids of articles.")] = None,
        publisher: Annotated[str | None, typer.Option(help="All articles of this publisher.")] = None,
        show: Annotated[
            str | None, typer.Option(metavar="WHAT", help='"full text", "quotes only" or "links only".')
        ] = None,
        expires: Annotated[
            str | None, typer.Option(metavar="DATE", help="The last day on which it may be shown, as 2027-03-31.")
        ] = None,
        as_json: AsJson = False,
    ) -> None:
        """Say what may be shown of articles, and until when; what is not named has no limit.

        Example: standpoint licence --publisher "The Local Paper" --show "quotes only" --expires 2027-03-31
        """
        from api.commands.holdings import set_licence

        with open_services() as services:
            act = set_licence(services, articles or (), publisher=publisher, show=show, expires=expires)
            finish(act(as_json))

    @app.command()
    def purge(
        dry_run: Annotated[
            bool, typer.Option("--dry-run", help="Tell which texts have expired, and keep them.")
        ] = False,
        as_json: AsJson = False,
    ) -> None:
        """Take away texts whose licence has ended; positions keep their citation. A server does it every day.

        Example: standpoint purge --dry-run
        """
        from api.commands.holdings import purge_texts

        with open_services() as services:
            finish(purge_texts(services, dry_run=dry_run, as_json=as_json))

    @app.command()
    def regroup(as_json: AsJson = False) -> None:
        """Tell which articles are copies of one story anew, by their texts: once for what an older version stored.

        Example: standpoint regroup
        """
        from api.commands.holdings import regroup_stories

        with open_services() as services:
            finish(regroup_stories(services, as_json=as_json))
