"""The command line of ``standpoint export``: its options and help; nothing heavy is imported before it runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from api.services import Services

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else on stdout.")]
Several = Annotated[list[str] | None, typer.Option(help="May be repeated: any of them.")]


def add_export(app: typer.Typer, open_services: Callable[[], Services], finish: Callable[[int], NoReturn]) -> None:
    """Add the command; ``open_services`` makes the services of the program, ``finish`` ends it."""

    @app.command("export")
    def export(
        out: Annotated[
            Path, typer.Option(metavar="FILE", help="The file; one that is there is replaced when all is well.")
        ],
        as_json: AsJson = False,
        what: Annotated[str, typer.Option(help="statements, positions, figures or map.")] = "statements",
        format: Annotated[
            str | None,
            typer.Option(
                help="csv, xlsx, ods, parquet, jsonl, sqlite, jsonld, annotations, ris, csl, graphml, gexf, "
                "dna-events, dna, label-studio or doccano; by default by the ending of the file."
            ),
        ] = None,
        topic: Several = None,
        stakeholder: Several = None,
        stance: Several = None,
        manner: Several = None,
        publisher: Several = None,
        article: Several = None,
        since: Annotated[
            str | None, typer.Option("--from", metavar="DATE", help="Published on this day or later.")
        ] = None,
        until: Annotated[
            str | None, typer.Option("--to", metavar="DATE", help="Published on this day or earlier.")
        ] = None,
        as_of: Annotated[str | None, typer.Option(metavar="DATE", help="As it was known on this day.")] = None,
        query: Annotated[str | None, typer.Option("--query", help='Words, "phrases", -not, OR.')] = None,
        kind: Several = None,
        group: Annotated[str | None, typer.Option(help="person, organisation or body-and-its-officers.")] = None,
        min_confidence: Annotated[
            float | None, typer.Option(min=0, max=1, help="The least confidence; by default medium and high.")
        ] = None,
    ) -> None:
        """Write everything that passes the filters into a file: tables, networks, citations, annotations.

        Example: standpoint export --what statements --topic pooling --out pooling.xlsx
        """
        from api.commands.export import Wanted, export_file

        wanted = Wanted(
            what=what,
            format=format,
            lists={
                "topic": topic,
                "stakeholder": stakeholder,
                "stance": stance,
                "manner": manner,
                "publisher": publisher,
                "article": article,
                "kind": kind,
            },
            days={"from": since, "to": until, "as_of": as_of},
            query=query,
            group=group,
            min_confidence=min_confidence,
        )
        with open_services() as services:
            finish(export_file(services, wanted, out, as_json=as_json))
