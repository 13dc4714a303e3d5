"""``standpoint match``: who may be meant by a name, and why."""

from __future__ import annotations

from datetime import date

from api.commands.output import note, one_line, say, say_json
from api.routes.match_bodies import MatchOut
from api.services import Services
from nlp.errors import NothingToDoError, UsageError
from nlp.matching import Candidate


def match_stakeholder(services: Services, name: str, *, on: str | None, limit: int, as_json: bool) -> int:
    """Print the candidates, best first. Raises NothingToDoError when there is none."""
    found = services.match(name, on=_day(on), limit=limit)
    if not found:
        raise NothingToDoError("nobody of this name or one like it is known", where=one_line(name))
    if as_json:
        say_json(MatchOut.from_records(found).model_dump(mode="json"))
        return 0
    say("\n".join(line for each in found for line in _lines(each)))
    if any(each.suggestion for each in found):
        note("A suggestion is only alike: nothing is merged by it.")
    return 0


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UsageError("is not a date", where=f"--on {text}", do="write it as 2014-05-21") from None


def _lines(candidate: Candidate) -> list[str]:
    who = candidate.stakeholder
    word = "match" if candidate.match else "suggestion" if candidate.suggestion else "no match"
    head = one_line(f"{candidate.score:.2f}  {word}  {who.name} ({who.kind}, {who.id})")
    return [head, *("      " + one_line(f"{p.score:+.2f} {p.test}: {p.reason}") for p in candidate.points)]
