"""``standpoint judge`` and ``standpoint stakeholders``: what a reviewer says, its list, and taking it back."""

from __future__ import annotations

import getpass
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from api import judging
from api.commands.output import note, one_line, say, say_json
from api.importing import import_file
from api.judging import Given, reference_of
from api.judging import merge as merge_two
from api.judging import split as split_one
from api.judging import withdraw as take_back
from api.pages.judgement_words import item_words, judgement_words
from api.routes.judgement_bodies import JudgementOut, ShareOut
from api.services import Services
from api.store.judging import Asked, Stored
from api.store.licences import NO_REASON
from api.words import count_words
from nlp.errors import NothingToDoError, UnreadableError, UsageError
from nlp.judged_accuracy import BIAS, Share, measure
from nlp.judgements import IN_ARTICLE, Judged, Judgement, Verdict
from nlp.records import StakeholderKind

T = TypeVar("T", Judged, Verdict, StakeholderKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What stands on the command line."""

    target: str
    verdict: str | None
    correction: Mapping[str, str]
    new: str | None
    by: str | None
    note: str


def judge(services: Services, said: Said, *, as_json: bool) -> int:
    """Keep a verdict and say what it changed."""
    if said.verdict is None:
        raise UsageError("the verdict is missing", do="say confirm, correct or reject")
    given = Given(
        target=said.target,
        verdict=_one_of(Verdict, said.verdict, "verdict"),
        by=_who(said.by),
        correction=dict(said.correction),
        note=said.note,
        new=_one_of(StakeholderKind, said.new, "kind of stakeholder") if said.new else None,
    )
    return _say(judging.judge(services, given), as_json=as_json)


def bring_in(services: Services, file: Path, *, by: str | None, complete: bool, as_json: bool) -> int:
    """Keep the verdicts of a file; the exit code is 3 when some could not be kept."""
    found = import_file(services, file, by=_who(by), complete=complete)
    for fault in found.faults:
        note(f"standpoint: {file}, line {fault.line}: {one_line(fault.what)}")
    if as_json:
        faults = [{"line": fault.line, "reason": fault.what} for fault in found.faults]
        say_json({"stored": list(found.stored), "orphaned": list(found.orphaned), "refused": faults})
    else:
        kept = count_words(len(found.stored), "judgement")
        note(f"{kept} kept, {len(found.orphaned)} orphaned, {len(found.faults)} refused")
    return UnreadableError.exit_code if found.faults else 0


def withdraw(services: Services, id: str, *, by: str | None, as_json: bool) -> int:
    """Take a judgement back; what the program found, or an earlier judgement, holds again."""
    return _say(take_back(services, id, by=_who(by)), as_json=as_json)


def merge(services: Services, one: str, into: str, *, by: str | None, note: str, as_json: bool) -> int:
    """Say that one stakeholder is another."""
    return _say(merge_two(services, one, into, by=_who(by), note=note), as_json=as_json)


def split(
    services: Services,
    one: str,
    articles: Sequence[str],
    *,
    keeps: bool,
    name: str,
    by: str | None,
    note: str,
    as_json: bool,
) -> int:
    """Say that one stakeholder is two."""
    kept = split_one(services, one, articles, by=_who(by), keeps=keeps, name=name, note=note)
    return _say(kept, as_json=as_json)


def list_judgements(services: Services, *, kind: str | None, by: str | None, orphaned: bool, as_json: bool) -> int:
    """Print the judgements, the newest first; exit code 4 when there is none."""
    kinds = (_one_of(Judged, kind, "kind"),) if kind else ()
    asked = Asked(kind=kinds, by=(by,) if by else (), orphaned=True if orphaned else None)
    found = list(services.store.judging.all(asked))
    if as_json:
        say_json({"judgements": [_document(each) for each in found]})
        return 0
    if not found:
        raise NothingToDoError("there are no such judgements", do="make one with: standpoint judge TARGET confirm")
    for each in found:
        say("\n".join(one_line(line) for line in judgement_words(each)))
    return 0


def draw(services: Services, count: int, *, kind: str | None, as_json: bool) -> int:
    """Print items drawn by lot, to be judged; exit code 4 when there is nothing to draw from."""
    kinds = (_one_of(Judged, kind, "kind"),) if kind else IN_ARTICLE
    drawn = services.store.judging.draw(kinds, count)
    if not drawn:
        raise NothingToDoError("nothing is stored to draw from", do="standpoint ingest PATH")
    rows = [
        {
            "target": reference_of(services.store.judging.machine(each.target.article or ""), each.item),
            "found": item_words(each.item),
            "words": " … ".join(each.target.quote),
            "judged": each.judged,
        }
        for each in drawn
    ]
    if as_json:
        say_json({"drawn": rows})
        return 0
    for row in rows:
        done = ", judged already" if row["judged"] else ""
        words = f"“{row['words']}”" if row["words"] else NO_REASON
        say(one_line(f"{row['target']}  {row['found']}: {words}{done}"))
    return 0


def accuracy(services: Services, *, as_json: bool) -> int:
    """Print how often the program is right by judgements; exit code 4 when nothing was judged."""
    shares = measure(services.store.judging.all())
    if as_json:
        say_json({"judgements": [ShareOut.from_record(each).model_dump(mode="json") for each in shares], "bias": BIAS})
        return 0
    told = [each for each in shares if each.judged]
    if not told:
        raise NothingToDoError("nothing was judged yet", do="standpoint judge --draw 50 draws what to judge")
    for each in told:
        say(share_line(each))
    note(BIAS)
    return 0


def share_line(share: Share) -> str:
    """A share with what it is of: "stance, high confidence, drawn by lot: 0.83 (0.55-0.95) of 12"."""
    parts = [
        share.kind.value,
        f"{share.tier} confidence" if share.tier else "all",
        "drawn by lot" if share.drawn else "",
    ]
    return f"{', '.join(filter(None, parts))}: {share.words}"


def _say(stored: Stored, *, as_json: bool) -> int:
    if as_json:
        say_json({"judgement": _document(stored.judgement), "changed": stored.changed})
        return 0
    say("\n".join(one_line(line) for line in judgement_words(stored.judgement)))
    note(
        f"{count_words(stored.changed, 'article')} changed; standpoint judge --withdraw {stored.judgement.id} undoes it"
    )
    return 0


def _document(judgement: Judgement) -> dict[str, object]:
    return JudgementOut.from_record(judgement).model_dump(mode="json")


def _who(given: str | None) -> str:
    """Who judges: the name given, or that of whoever is logged in."""
    if given is not None:
        return given
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise UsageError("who judges is not said", do="give --by NAME") from None


def _one_of(kind: type[T], text: str, what: str) -> T:
    try:
        return kind(text)
    except ValueError:
        raise UsageError(f"there is no {what} of this name", where=text, do=f"say {', '.join(kind)}") from None
