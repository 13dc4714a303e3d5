"""The command line of judgements and merges. Nothing heavy is imported before a command runs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from nlp.errors import UsageError

if TYPE_CHECKING:
    from api.services import Services

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else on stdout.")]
By = Annotated[str | None, typer.Option(metavar="NAME", help="Who says so; by default who is logged in.")]
Note = Annotated[str, typer.Option(help="Why, in your words.")]
Text = Annotated[str | None, typer.Option()]


def add_judging(app: typer.Typer, open_services: Callable[..., Services], finish: Callable[[int], NoReturn]) -> None:
    """Add the commands; ``open_services`` makes the services of the program, ``finish`` ends it."""

    @app.command("judge")
    def judge(
        target: Annotated[str | None, typer.Argument(help="ARTICLE:s1, ARTICLE:s1/TOPIC, ARTICLE:f1 or A=B.")] = None,
        verdict: Annotated[str | None, typer.Argument(help="confirm, correct or reject.")] = None,
        holder: Annotated[str | None, typer.Option(help="Who holds it: an id or a name; none is nobody.")] = None,
        on_behalf_of: Annotated[str | None, typer.Option(help="The body that is spoken for; none is nobody.")] = None,
        stance: Annotated[
            str | None, typer.Option(help="support, oppose, conditional, mixed, neutral, unclear.")
        ] = None,
        strength: Annotated[str | None, typer.Option(help="strong, plain or hedged.")] = None,
        value: Annotated[str | None, typer.Option(help="The amount, written out: 1200000.")] = None,
        low: Annotated[str | None, typer.Option(help="The least of a range.")] = None,
        high: Annotated[str | None, typer.Option(help="The most of a range.")] = None,
        unit: Annotated[str | None, typer.Option(help="GBP, percent or percentage_point.")] = None,
        kind: Annotated[
            str | None, typer.Option(help="The kind of a figure; with --list and --draw, what is judged.")
        ] = None,
        direction: Annotated[str | None, typer.Option(help="up, down, flat or none.")] = None,
        status: Annotated[str | None, typer.Option(help="actual, committed, proposed, claimed, hypothetical.")] = None,
        period: Annotated[
            str | None, typer.Option(help="What the money is for, such as 2015/16; none is no time.")
        ] = None,
        cited_by: Annotated[str | None, typer.Option(help="Who gives the figure: an id or a name.")] = None,
        new: Annotated[
            str | None, typer.Option(help="What one is whom nobody knows: person, organisation, group.")
        ] = None,
        by: By = None,
        note: Note = "",
        list_: Annotated[bool, typer.Option("--list", help="Print the judgements, the newest first.")] = False,
        orphaned: Annotated[bool, typer.Option("--orphaned", help="Of the list, those that lost their words.")] = False,
        withdraw: Annotated[str | None, typer.Option(metavar="ID", help="Take a judgement back.")] = None,
        draw: Annotated[int | None, typer.Option(min=1, max=1000, help="Draw so many items by lot to judge.")] = None,
        accuracy: Annotated[
            bool, typer.Option("--accuracy", help="How often the program is right, by what was judged.")
        ] = False,
        as_json: AsJson = False,
    ) -> None:
        """Confirm, correct or reject what the program found; it is laid over its result, and can be taken back.

        Example: standpoint judge 3f2a9c0d51b7e684:s1/pooling correct --stance oppose --by "Ann Orrell"
        """
        from api.commands import judge as act

        given = {
            **{"holder": holder, "on_behalf_of": on_behalf_of, "stance": stance, "strength": strength},
            **{"value": value, "low": low, "high": high, "unit": unit, "kind": kind, "direction": direction},
            **{"status": status, "period": period, "cited_by": cited_by},
        }
        correction = {name: text for name, text in given.items() if text is not None}
        asked = [bool(target), list_ or orphaned, withdraw is not None, draw is not None, accuracy]
        if sum(asked) != 1:
            raise UsageError("say one thing: TARGET and VERDICT, --list, --withdraw ID, --draw NUMBER or --accuracy")
        with open_services() as services:
            if withdraw is not None:
                finish(act.withdraw(services, withdraw, by=by, as_json=as_json))
            if accuracy:
                finish(act.accuracy(services, as_json=as_json))
            if draw is not None:
                finish(act.draw(services, draw, kind=kind, as_json=as_json))
            if target is None:
                finish(act.list_judgements(services, kind=kind, by=by, orphaned=orphaned, as_json=as_json))
            said = act.Said(target=target, verdict=verdict, correction=correction, new=new, by=by, note=note)
            finish(act.judge(services, said, as_json=as_json))

    @app.command("import")
    def import_(
        file: Annotated[Path, typer.Argument(help="A DNA event list (CSV), or tasks of Label Studio (JSON, JSONL).")],
        by: By = None,
        complete: Annotated[
            bool, typer.Option("--complete", help="What the event list no longer has was rejected.")
        ] = False,
        as_json: AsJson = False,
    ) -> None:
        """Take verdicts that were given in another program, on an export of this one, in as judgements.

        Example: standpoint import coded.csv --by "Ann Orrell"
        """
        from api.commands.judge import bring_in

        with open_services() as services:
            finish(bring_in(services, file, by=by, complete=complete, as_json=as_json))

    group = typer.Typer(
        no_args_is_help=True,
        help="Say that two stakeholders are one, or that one is two, and take it back."
        "\n\nExample: standpoint stakeholders merge nhs-commissioning-board nhs-england",
    )

    @group.command("merge")
    def merge(
        one: Annotated[str, typer.Argument(metavar="A", help="Who stands for the other from now on.")],
        into: Annotated[str, typer.Argument(metavar="INTO", help="Who it is: an id or a name.")],
        by: By = None,
        note: Note = "",
        as_json: AsJson = False,
    ) -> None:
        """Say that A is INTO: everything of A counts for INTO, in articles to come too.

        Example: standpoint stakeholders merge j-tarn jo-tarn--kent-lmc
        """
        from api.commands.judge import merge as act

        with open_services() as services:
            finish(act(services, one, into, by=by, note=note, as_json=as_json))

    @group.command("split")
    def split(
        one: Annotated[str, typer.Argument(metavar="A", help="Who is two.")],
        article: Annotated[
            list[str] | None, typer.Option(metavar="ID", help="In this article A is the other one; may be repeated.")
        ] = None,
        keep: Annotated[
            list[str] | None, typer.Option(metavar="ID", help="In all but this article; may be repeated.")
        ] = None,
        name: Annotated[str, typer.Option(help="The name of the other one.")] = "",
        by: By = None,
        note: Note = "",
        as_json: AsJson = False,
    ) -> None:
        """Say that A is somebody else in some articles, or in all but some.

        Example: standpoint stakeholders split jo-tarn --article 3f2a9c0d51b7e684 --name "Jo Tarn (Kent)"
        """
        from api.commands.judge import split as act

        if bool(article) is bool(keep):
            raise UsageError("say --article or --keep, one of the two")
        with open_services() as services:
            wanted = tuple(article or keep or ())
            finish(act(services, one, wanted, keeps=bool(keep), name=name, by=by, note=note, as_json=as_json))

    @group.command("undo")
    def undo(
        id: Annotated[str, typer.Argument(metavar="ID", help="A merge or a split; see standpoint judge --list.")],
        by: By = None,
        as_json: AsJson = False,
    ) -> None:
        """Take a merge or a split back: everything is as it was.

        Example: standpoint stakeholders undo 9f1c2b7a04de55e1
        """
        from api.commands.judge import withdraw as act

        with open_services() as services:
            finish(act(services, id, by=by, as_json=as_json))

    app.add_typer(group, name="stakeholders")
