"""The command line of ``standpoint brief``. Nothing heavy is imported before the command runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from api.services import Services

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else on stdout.")]


def add_briefing(app: typer.Typer, open_services: Callable[[], Services], finish: Callable[[int], NoReturn]) -> None:
    """Add the command; ``open_services`` makes the services of the program, ``finish`` ends it."""

    @app.command("brief")
    def brief(
        names: Annotated[
            list[str] | None,
            typer.Argument(metavar="[TOPIC_OR_STAKEHOLDER...]", help="A topic, or stakeholders, by id or name."),
        ] = None,
        as_json: AsJson = False,
        format: Annotated[
            str, typer.Option("--format", help="markdown, json, html, docx or odt.", metavar="FORMAT")
        ] = "markdown",
        out: Annotated[Path | None, typer.Option(metavar="FILE", help="Write it there, whole or not at all.")] = None,
        since: Annotated[
            str | None, typer.Option("--from", metavar="DATE", help="Published on this day or later.")
        ] = None,
        until: Annotated[
            str | None, typer.Option("--to", metavar="DATE", help="Published on this day or earlier.")
        ] = None,
        min_confidence: Annotated[
            float | None,
            typer.Option(min=0, max=1, help="The least confidence that counts; by default medium and high."),
        ] = None,
        all_topics: Annotated[
            bool, typer.Option("--all-topics", help="Name the proposals too on which the stakeholders are silent.")
        ] = False,
        record: Annotated[
            bool, typer.Option("--record", help="Keep which lines it carries, to be found when one is withdrawn.")
        ] = False,
        carried: Annotated[
            str | None,
            typer.Option(metavar="ID", help="List recorded briefings with this line, statement, figure or article."),
        ] = None,
        schema: Annotated[bool, typer.Option("--schema", help="Print the JSON Schema of a briefing.")] = False,
    ) -> None:
        """Print a briefing: who stands where on a proposal, or where some stakeholders stand, with numbered sources.

        Example: standpoint brief pooling --format docx --out pooling.docx
        """
        from api.commands.brief import Wanted, print_schema, show_briefing, show_carried

        if schema:
            finish(print_schema())
        with open_services() as services:
            if carried is not None:
                finish(show_carried(services, carried, as_json=as_json))
            wanted = Wanted(
                names=tuple(names or ()),
                format="json" if as_json else format,
                out=out,
                since=since,
                until=until,
                min_confidence=min_confidence,
                all_topics=all_topics,
                record=record,
            )
            finish(show_briefing(services, wanted))
