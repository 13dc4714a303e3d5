"""The commands that compare over the map, and the one that fills an empty store to measure it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, NoReturn, Protocol

import typer

if TYPE_CHECKING:
    from api.services import Services

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else on stdout.")]


class Opens(Protocol):
    def __call__(self, *, create: bool = False) -> Services: ...


def add_comparing(app: typer.Typer, services: Opens, finish: Callable[[int], NoReturn]) -> None:
    """Put ``changes``, ``divides``, ``silent`` and ``seed`` among the commands."""

    @app.command()
    def changes(
        as_json: AsJson = False,
        topic: Annotated[list[str] | None, typer.Option(help="Only this topic; may be repeated.")] = None,
        limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 50,
        min_confidence: Annotated[
            float | None,
            typer.Option(min=0, max=1, help="The least confidence that counts; by default medium and high."),
        ] = None,
    ) -> None:
        """Print who turned, when, and the two sentences; also who says that it held another view before.

        Example: standpoint changes --topic pooling
        """
        from api.commands.comparing import show_changes

        with services() as opened:
            chosen = tuple(topic or ())
            finish(show_changes(opened, topics=chosen, confidence=min_confidence, limit=limit, as_json=as_json))

    @app.command()
    def divides(
        topic: Annotated[str, typer.Argument(help="The id or the name of a topic.")],
        as_json: AsJson = False,
        min_confidence: Annotated[
            float | None,
            typer.Option(min=0, max=1, help="The least confidence that counts; by default medium and high."),
        ] = None,
    ) -> None:
        """Print the camps of a topic and how far apart they are.

        Example: standpoint divides co-commissioning
        """
        from api.commands.comparing import show_divides

        with services() as opened:
            finish(show_divides(opened, topic, confidence=min_confidence, as_json=as_json))

    @app.command()
    def silent(
        topic: Annotated[str, typer.Argument(help="The id or the name of a topic.")],
        as_json: AsJson = False,
        limit: Annotated[int, typer.Option(min=1, max=1000, help="How many at most.")] = 50,
        min_confidence: Annotated[
            float | None,
            typer.Option(min=0, max=1, help="The least confidence of a statement; by default medium and high."),
        ] = None,
    ) -> None:
        """Print who speaks in the coverage and never on a topic.

        Example: standpoint silent pooling --limit 20
        """
        from api.commands.comparing import show_silent

        with services() as opened:
            finish(show_silent(opened, topic, confidence=min_confidence, limit=limit, as_json=as_json))

    @app.command("seed")
    def seed_store(
        statements: Annotated[int, typer.Option(min=1, max=10_000_000, help="How many statements.")],
        as_json: AsJson = False,
        seed: Annotated[int, typer.Option(min=0, help="Another number makes other articles; the same, the same.")] = 0,
    ) -> None:
        """Fill an empty database with synthetic statements, for measuring: skewed like the press, about nobody.

        Example: standpoint seed --statements 200000 --data ./big
        """
        from api.commands.seed import seed_store as act

        with services(create=True) as opened:
            finish(act(opened, statements=statements, seed=seed, as_json=as_json))
