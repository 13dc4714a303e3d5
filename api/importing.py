"""Verdicts that were given elsewhere come back in as judgements: DNA's event lists and corrected Label Studio tasks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from api.exports import dna, dna_import, label_studio_import
from api.exports.verdicts import Fault, Imported
from api.exports.verdicts import ImportedVerdict as Given
from api.judging import import_verdicts
from api.services import Services
from api.store import Filters
from api.store.exporting import Exporter
from nlp.errors import UnreadableError
from nlp.judgements import Verdict


@dataclass(frozen=True, slots=True)
class Brought:
    """A verdict as the judgements take it; ``line`` is where it stands in the file."""

    target: str
    verdict: str
    correction: Mapping[str, str | None]
    by: str
    at: datetime
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """Ids of what was kept and of what has lost its words, and what is no judgement, with its line."""

    stored: tuple[str, ...]
    orphaned: tuple[str, ...]
    faults: tuple[Fault, ...]


def import_file(services: Services, path: Path, *, by: str, complete: bool = False, actor: str = "") -> Import:
    """Keep the verdicts of a file as judgements; one that is sent twice is there once.

    ``by`` is whose they are where the file does not say, ``complete``: what a list of DNA no longer has was rejected.
    Raises UnreadableError where the file cannot be read, and UsageError where it is of neither kind.
    """
    try:
        # DNA tells no date of a code: that of the file, so that the same file gives the same verdicts.
        saved = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        with path.open(encoding="utf-8-sig", newline="") as lines:
            found = _read(services, lines, by=by, at=saved, complete=complete)
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableError(f"cannot be read: {error}", where=str(path)) from None
    brought = [each for verdict in found.verdicts for each in _brought(verdict, saved)]
    report = import_verdicts(services, brought, actor=actor)
    refused = [Fault(brought[each.place].line, each.reason) for each in report.refused]
    faults = sorted((*found.faults, *refused), key=lambda fault: fault.line)
    return Import(stored=report.stored, orphaned=report.orphaned, faults=tuple(faults))


def _read(services: Services, lines: Iterable[str], *, by: str, at: datetime, complete: bool) -> Imported:
    waiting = iter(lines)
    first = next(waiting, "")
    whole = _again(first, waiting)
    if first.lstrip().startswith(("{", "[")):
        return label_studio_import.read_label_studio(whole)
    names = {id: topic.name for id, topic in services.topics().items()}

    def originals(article: str) -> list[dna.Event]:
        exporter = Exporter(services.store.engine)
        asked = exporter.lines(Filters(article=(article,), min_confidence=0))
        return list(dna.events(asked, names, exporter.texts))

    return dna_import.read_event_list(whole, originals, names, by=by, at=at, complete=complete)


def _again(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _brought(given: Given, saved: datetime) -> Iterator[Brought]:
    """A verdict on a stance says several things: its holder is the statement's, on another topic it is none on this."""
    at = given.at or saved
    said: dict[str, str | None] = {name: str(value) for name, value in given.correction.items()}
    holder, topic = said.pop("holder", None), said.pop("topic", None)
    statement = given.target.partition("/")[0]
    if holder is not None:
        yield Brought(statement, Verdict.CORRECT, {"holder": holder}, given.by, at, given.line)
    if topic is not None:
        yield Brought(given.target, Verdict.REJECT, {}, given.by, at, given.line)
    elif said or holder is None:
        yield Brought(given.target, given.verdict, said, given.by, at, given.line)
