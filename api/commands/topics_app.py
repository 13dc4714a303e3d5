"""The command line of ``standpoint topics``. Nothing heavy is imported before a command runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from api.services import Services

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else on stdout.")]
Id = Annotated[str, typer.Argument(metavar="ID", help="The id of a topic.")]


def topics_app(open_services: Callable[..., Services], finish: Callable[[int], NoReturn]) -> typer.Typer:
    """The group of commands; ``open_services`` makes the services of the program, ``finish`` ends it."""
    app = typer.Typer(
        no_args_is_help=True,
        help="List the topics, add your own, and see what one would catch.\n\nExample: standpoint topics add levy.toml",
    )

    @app.command("list")
    def list_topics(as_json: AsJson = False) -> None:
        """Print every topic: the shipped ones, then your own.

        Example: standpoint topics list
        """
        from api.commands.topics import list_topics as act

        with open_services() as services:
            finish(act(services, as_json=as_json))

    @app.command("show")
    def show(topic: Id, as_json: AsJson = False) -> None:
        """Print one topic: its claim, its phrases, and what counts as support.

        Example: standpoint topics show pooling
        """
        from api.commands.topics import show_topic

        with open_services() as services:
            finish(show_topic(services, topic, as_json=as_json))

    @app.command("add")
    def add(
        file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="A TOML or JSON file of topics.")] = None,
        id: Annotated[str | None, typer.Option(help="Lower-case words joined by hyphens.")] = None,
        name: Annotated[str | None, typer.Option(help="What pages call it; the id in words by default.")] = None,
        claim: Annotated[str | None, typer.Option(help="The proposal as one sentence.")] = None,
        counter_claim: Annotated[str, typer.Option(help="The opposite as one sentence.")] = "",
        phrase: Annotated[list[str] | None, typer.Option(help="What the press calls it; may be repeated.")] = None,
        named_only: Annotated[bool, typer.Option("--named-only", help="Look only where a phrase stands.")] = False,
        as_json: AsJson = False,
    ) -> None:
        """Keep topics of your own and apply them to what is stored, without reading the articles anew.

        Example: standpoint topics add --id parking-levy --claim "Councils should charge for parking at work."
        """
        from api.commands.topics import add_topics, given_topics

        topics = given_topics(
            file, id=id, name=name, claim=claim, counter_claim=counter_claim, phrases=phrase, named_only=named_only
        )
        with open_services(create=True) as services:
            finish(add_topics(services, topics, as_json=as_json))

    @app.command("check")
    def check(
        topic: Annotated[str, typer.Argument(metavar="FILE|ID", help="A file of topics, or the id of one.")],
        limit: Annotated[int, typer.Option(min=1, max=1000, help="Statements of each list at most.")] = 20,
        as_json: AsJson = False,
    ) -> None:
        """Print which stored statements a topic would catch, and which it narrowly would not; nothing is written.

        Example: standpoint topics check levy.toml
        """
        from api.commands.topics import check as act

        with open_services() as services:
            finish(act(services, topic, limit=limit, as_json=as_json))

    @app.command("remove")
    def remove(topic: Id, as_json: AsJson = False) -> None:
        """Take a topic of your own away with every stance on it.

        Example: standpoint topics remove parking-levy
        """
        from api.commands.topics import remove as act

        with open_services() as services:
            finish(act(services, topic, as_json=as_json))

    @app.command("apply")
    def apply(as_json: AsJson = False) -> None:
        """Bring what is stored to the topics as they are: after an interruption, or after an upgrade.

        Example: standpoint topics apply
        """
        from api.commands.topics import apply as act

        with open_services() as services:
            finish(act(services, as_json=as_json))

    return app
