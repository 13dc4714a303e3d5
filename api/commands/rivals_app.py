"""The command line of ``standpoint rivals``. Nothing heavy is imported before the command runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from api.services import Services

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else on stdout.")]


def add_rivals(app: typer.Typer, open_services: Callable[[], Services], finish: Callable[[int], NoReturn]) -> None:
    """Add the command; ``open_services`` makes the services of the program, ``finish`` ends it."""

    @app.command("rivals")
    def rivals(
        as_json: AsJson = False,
        topic: Annotated[list[str] | None, typer.Option(help="Only articles on this topic; may be repeated.")] = None,
        stakeholder: Annotated[str | None, typer.Option(help="Who pays, gets or quotes one of the sums.")] = None,
        purpose: Annotated[str | None, typer.Option(help="Words of what the money is for.")] = None,
        min_confidence: Annotated[
            float | None,
            typer.Option(min=0, max=1, help="The least confidence that counts; by default medium and high."),
        ] = None,
        limit: Annotated[int, typer.Option(min=1, max=200, help="How many at most.")] = 20,
    ) -> None:
        """Print the different amounts that are quoted for one purpose and period, and by whom.

        Example: standpoint rivals --topic pooling --purpose "winter pressures"
        """
        from api.commands.rivals import Wanted, show_rivals

        wanted = Wanted(tuple(topic or ()), stakeholder, purpose, min_confidence, limit)
        with open_services() as services:
            finish(show_rivals(services, wanted, as_json=as_json))
