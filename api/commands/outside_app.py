"""The commands that have to do with other machines: ``standpoint webhooks`` and ``standpoint watch``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from api.commands.webhooks_app import AsJson, webhooks_app

if TYPE_CHECKING:
    from api.services import Services


def add_outside(app: typer.Typer, open_services: Callable[..., Services], finish: Callable[[int], NoReturn]) -> None:
    """Add the commands; ``open_services`` makes the services of the program, ``finish`` ends it."""
    app.add_typer(webhooks_app(open_services, finish), name="webhooks")

    @app.command("watch")
    def watch(
        feeds: Annotated[list[str], typer.Argument(metavar="FEED...", help="Addresses of RSS, Atom or JSON feeds.")],
        as_json: AsJson = False,
        every: Annotated[float, typer.Option(metavar="MINUTES", min=1, max=1440, help="How often to look.")] = 15,
        once: Annotated[bool, typer.Option("--once", help="Look once and end, as for cron.")] = False,
        fetch_articles: Annotated[
            bool, typer.Option("--fetch-articles", help="Read the page of an entry, where robots.txt lets it.")
        ] = False,
    ) -> None:
        """Look at feeds now and then and store what is new in them, until Ctrl-C. Nothing else asks feeds.

        Example: standpoint watch https://example.org/feed.xml --every 30 --fetch-articles
        """
        from api.commands.watch import watch_feeds

        with open_services(create=True) as services:
            finish(watch_feeds(services, feeds, minutes=every, once=once, fetch=fetch_articles, as_json=as_json))
