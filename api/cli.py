"""The command line. Nothing heavy is imported before a command runs, so that help is quick."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Sequence
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from api.commands.brief_app import add_briefing
from api.commands.compare_app import add_comparing
from api.commands.database_app import add_database
from api.commands.export_app import add_export
from api.commands.holdings_app import add_holdings
from api.commands.ingest_app import add_ingest
from api.commands.judge_app import add_judging
from api.commands.keys_app import keys_app
from api.commands.outside_app import add_outside
from api.commands.rivals_app import add_rivals
from api.commands.topics_app import topics_app
from api.commands.upkeep_app import add_upkeep
from nlp.errors import StandpointError, UsageError

if TYPE_CHECKING:
    from api.services import Services
    from api.settings import Settings

app = typer.Typer(
    name="standpoint",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)

#: Options of the program that may also stand after a command; True where a value follows.
_GLOBAL = {"--data": True, "--debug": False}

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else on stdout.")]


@dataclass(slots=True)
class _Chosen:
    """The options of the program itself."""

    data: Path | None = None
    debug: bool = False


_chosen = _Chosen()


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import PackageNotFoundError, version

        try:
            typer.echo(f"standpoint {version('standpoint')}")
        except PackageNotFoundError:
            typer.echo("standpoint 0.0.0 (not installed)")
        raise typer.Exit


@app.callback()
def program(
    data: Annotated[
        Path | None, typer.Option(help="The folder of the database; over STANDPOINT_DATA, over ./standpoint-data.")
    ] = None,
    debug: Annotated[bool, typer.Option("--debug", help="Show where an unexpected error comes from.")] = False,
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Who stands where on which proposal, in whose words, with what money quoted.

    Exit codes: 0 ok, 1 unexpected, 2 usage, 3 some documents failed, 4 nothing to do, 5 not set up, 130 interrupted.

    Example: standpoint --data ./press ingest articles/
    """
    _chosen.data, _chosen.debug = data, debug


@app.command()
def analyse(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Files of any format that ingest reads.")],
    as_json: AsJson = False,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Write NAME.json for each article there.")] = None,
    topics: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Look for the topics of this TOML or JSON file instead.")
    ] = None,
) -> None:
    """Analyse files and print what was found; nothing is stored.

    Example: standpoint analyse article.txt page.html --out results/
    """
    from functools import partial

    from api.commands.analyse import analyse_files
    from api.contained import ContainedReader
    from api.services import pipeline_of
    from nlp.topics import load_topics

    if topics is not None and not topics.is_file():
        raise UsageError("there is no such topic file", where=str(topics), do="check the name")
    chosen = load_topics(topics)
    settings = _settings()
    analyse = pipeline_of(settings)
    with ContainedReader() as reader:
        read = partial(reader.read_file, max_bytes=settings.max_file_bytes)
        _finish(analyse_files(files, topics=chosen, out=out, as_json=as_json, read=read, analyse=analyse))


@app.command("index")
def make_index(as_json: AsJson = False) -> None:
    """Make the vectors that search by meaning lacks; it may be stopped and started again.

    Example: standpoint index --data ./press
    """
    from api.commands.index import index_vectors

    with _services() as services:
        _finish(index_vectors(services, as_json=as_json))


@app.command("map")
def show_map(
    as_json: AsJson = False,
    topic: Annotated[list[str] | None, typer.Option(help="Only this topic; may be repeated.")] = None,
    min_confidence: Annotated[
        float | None, typer.Option(min=0, max=1, help="The least confidence shown; by default medium and high.")
    ] = None,
) -> None:
    """Print who stands where: stakeholders and topics, with the number of stories.

    Example: standpoint map --topic pooling --min-confidence 0.9
    """
    from api.commands.stored import show_map as act

    with _services() as services:
        _finish(act(services, topics=tuple(topic or ()), confidence=min_confidence, as_json=as_json))


@app.command()
def search(
    query: Annotated[str, typer.Argument(help='Words, "phrases", -not, OR.')],
    as_json: AsJson = False,
    mode: Annotated[str, typer.Option(help="hybrid, lexical (by words) or semantic (by meaning).")] = "hybrid",
    within: Annotated[
        list[str] | None, typer.Option("--in", help="statements, articles or figures; may be repeated.")
    ] = None,
    limit: Annotated[int, typer.Option(min=1, max=200, help="How many at most.")] = 20,
) -> None:
    """Find statements, articles and figures by their words and by what they mean.

    Example: standpoint search '"single budget" practices -hospital' --in statements
    """
    from api.commands.search import ask, search_store

    with _services() as services:
        _finish(search_store(services, ask(services, query, mode, within or ()), limit=limit, as_json=as_json))


@app.command()
def show(
    stakeholder: Annotated[str, typer.Argument(help="A name, an alias or an id.")],
    as_json: AsJson = False,
) -> None:
    """Print who a stakeholder is, where it stands, and in whose words.

    Example: standpoint show "NHS England"
    """
    from api.commands.stored import show_stakeholder

    with _services() as services:
        _finish(show_stakeholder(services, stakeholder, as_json=as_json))


@app.command("match")
def match_name(
    name: Annotated[str, typer.Argument(help="A name as written, with or without a title.")],
    as_json: AsJson = False,
    on: Annotated[str | None, typer.Option(metavar="DATE", help="The day it was written, as 2014-05-21.")] = None,
    limit: Annotated[int, typer.Option(min=1, max=100, help="How many at most.")] = 10,
) -> None:
    """Print who may be meant by a name, best first, with the reason for each point.

    Example: standpoint match "the NHS Commissioning Board" --on 2014-05-21
    """
    from api.commands.match import match_stakeholder

    with _services() as services:
        _finish(match_stakeholder(services, name, on=on, limit=limit, as_json=as_json))


@app.command()
def why(
    stakeholder: Annotated[str, typer.Argument(help="An id or an exact name.")],
    topic: Annotated[str, typer.Argument(help="The id or the name of a topic.")],
    as_json: AsJson = False,
    min_confidence: Annotated[
        float | None, typer.Option(min=0, max=1, help="The least confidence that counts; by default medium and high.")
    ] = None,
) -> None:
    """Print why a stakeholder stands where it does: statements, deciding words, scores, and what spoke against it.

    Example: standpoint why "NHS England" pooling
    """
    from api.commands.why import show_why

    with _services() as services:
        _finish(show_why(services, stakeholder, topic, min_confidence=min_confidence, as_json=as_json))


@app.command()
def serve(
    host: Annotated[
        str | None, typer.Option(help="127.0.0.1 by default; any other address needs keys (standpoint keys add).")
    ] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="8000 by default; 0 takes any free one.")] = None,
    log_format: Annotated[str | None, typer.Option(help="text by default, or json: a line for every request.")] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes behind the port, one a core at most.")] = 1,
) -> None:
    """Serve the API and the pages until Ctrl-C, on this machine unless a host is named.

    Example: standpoint serve --port 8080
    """
    from api.commands.serve import serve as act

    _finish(act(_settings(host=host, port=port, log_format=log_format), workers=workers))


@app.command()
def openapi() -> None:
    """Print the OpenAPI document of the API.

    Example: standpoint openapi > openapi.json
    """
    from api.commands.openapi import print_document

    _finish(print_document(_settings()))


@app.command()
def evaluate(
    gold: Annotated[Path, typer.Argument(metavar="GOLD_DIR", help="A folder of NAME.txt with NAME.json.")],
    predicted: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Score these predictions; without it the texts are analysed.")
    ] = None,
    topics: Annotated[str | None, typer.Option(help="Ids with commas between them, or a topic file.")] = None,
    split: Annotated[str | None, typer.Option(help="One list of the folder's splits.json: train, dev or test.")] = None,
    as_json: AsJson = False,
    errors: Annotated[bool, typer.Option("--errors", help="List every mistake.")] = False,
    gate: Annotated[bool, typer.Option("--gate", help="Fail when a score is below its floor.")] = False,
    write_floors: Annotated[bool, typer.Option("--write-floors", help="Pin the scores as the new floors.")] = False,
    allow_lower: Annotated[bool, typer.Option("--allow-lower", help="Let floors sink when they are written.")] = False,
) -> None:
    """Score predictions against gold annotations.

    Example: standpoint evaluate corpora/samples --topics pooling,capitation --errors
    """
    from api.commands.evaluate import Wanted, evaluate_corpus
    from api.services import pipeline_of

    wanted = Wanted(
        gold=gold,
        predicted=predicted,
        topics=topics,
        split=split,
        as_json=as_json,
        errors=errors,
        gate=gate,
        write_floors=write_floors,
        allow_lower=allow_lower,
    )
    _finish(evaluate_corpus(wanted, pipeline_of(_settings())))


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Print versions, checks, settings and counts.

    Example: standpoint doctor --json
    """
    from api.commands.doctor import examine
    from api.services import Services

    _finish(examine(_settings, Services, as_json=as_json))


def require_free_port(port: int | str, host: str = "127.0.0.1") -> None:
    """End the process with one line and exit code 2 when the port cannot be served on."""
    from api.commands.serve import bind
    from api.settings import load_settings

    try:
        bind(host, load_settings(port=port).port).close()
    except StandpointError as error:
        _complain(str(error))
        raise SystemExit(error.exit_code) from None


def _settings(**given: object) -> Settings:
    from api.settings import load_settings

    return load_settings(data=_chosen.data, **given)


def _services(*, create: bool = False) -> Services:
    from api.services import Services

    return Services(_settings(), create=create)


def _finish(code: int) -> NoReturn:
    raise typer.Exit(code)


app.add_typer(topics_app(_services, _finish), name="topics")
app.add_typer(keys_app(_services, _finish), name="keys")
add_database(app, _settings, _finish)
for _add in (
    add_ingest,
    add_rivals,
    add_upkeep,
    add_holdings,
    add_comparing,
    add_judging,
    add_export,
    add_outside,
    add_briefing,
):
    _add(app, _services, _finish)


def _complain(text: str) -> None:
    print("standpoint: " + " ".join(text.split()), file=sys.stderr)


def globals_first(arguments: Sequence[str]) -> list[str]:
    """The arguments with the program's own options before the command, where they may stand too."""
    own: list[str] = []
    rest: list[str] = []
    waiting = list(arguments)
    while waiting:
        argument = waiting.pop(0)
        name, _, value = argument.partition("=")
        if argument == "--":
            rest += [argument, *waiting]
            break
        if name not in _GLOBAL:
            rest.append(argument)
            continue
        own.append(argument)
        if _GLOBAL[name] and not value and waiting:
            own.append(waiting.pop(0))
    return own + rest


def main(arguments: Sequence[str] | None = None) -> None:
    """Run a command and end the process with its exit code; an error is one line on stderr."""
    given = globals_first(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            # A terminal that cannot show ▲ gets an escape in its place, not an error.
            stream.reconfigure(errors="backslashreplace")
    try:
        typer.main.get_command(app).main(given, prog_name="standpoint")
    except StandpointError as error:
        _complain(str(error))
        raise SystemExit(error.exit_code) from None
    except Exception as error:
        raise SystemExit(_unexpected(error)) from None


def _unexpected(error: Exception) -> int:
    if _chosen.debug:
        traceback.print_exception(error)
    frame = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{Path(frame.filename).name}:{frame.lineno}"
    _complain(f"unexpected {type(error).__name__} in {where}: {error} (run it again with --debug and report it)")
    return 1


if __name__ == "__main__":
    main()
