"""What comes back from other tools: verdicts on lines that an export gave away, and what could not be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Verdict(StrEnum):
    CONFIRM = "confirm"
    CORRECT = "correct"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class ImportedVerdict:
    """A person's verdict on one line of an export.

    ``target`` is the line's name: the statement's id and, behind a slash, the topic of its stance
    ("ARTICLE:s1/pooling"). ``correction`` has what should stand in place of what was found: ``holder`` (a name),
    ``topic`` (an id, or a name that no topic has), ``stance`` (a label), ``start`` and ``end`` (code points); only
    what changes, and nothing but for ``correct``. ``words`` are those that were judged, by which it outlives a new
    analysis; ``line`` is where it stands in the file.
    """

    target: str
    verdict: Verdict
    correction: Mapping[str, str | int]
    by: str
    at: datetime | None
    words: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """A part of the file that is no verdict: the line (or the task of a list), what is wrong, and what to do."""

    line: int
    what: str


@dataclass(slots=True)
class Imported:
    """What a file holds; a fault loses its own line and nothing else."""

    verdicts: list[ImportedVerdict] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)

    def refuse(self, line: int, what: str) -> None:
        self.faults.append(Fault(line, what))
