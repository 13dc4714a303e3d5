"""What came of a batch: counts by format and reason, and as many of the faults as a person reads."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import NamedTuple

from nlp.errors import UnreadableError

#: Faults that a report names one by one; the store has them all (``standpoint skipped``).
MOST_FAULTS = 1_000
#: Files of several items whose counts a report names one by one.
MOST_FILES = 1_000
#: Reasons that are counted apart; many hold a name or a number, and no batch may fill the memory with them.
MOST_REASONS = 200
OTHERS = "other reasons"
UNKNOWN = "unknown"


class Skipped(NamedTuple):
    """A file, or an item in it, that was not stored, and why."""

    file: str
    reason: str


@dataclass(slots=True, kw_only=True)
class FormatCount:
    """What came of the files of one format; ``declared`` sums those that say how many items they hold."""

    files: int = 0
    parsed: int = 0
    articles: int = 0
    skipped: int = 0
    withdrawn: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCount:
    """What one file of several items says it holds (None: it does not say), and what was found."""

    file: str
    format: str
    declared: int | None
    parsed: int
    articles: int
    skipped: int

    @property
    def agrees(self) -> bool:
        return self.declared in (None, self.parsed)


@dataclass(slots=True)
class Report:
    """``stored`` counts articles that are new or changed, ``unchanged`` those that were there like this.

    ``left_out`` counts files of another format than the one asked for. ``counts`` are of the files that hold several
    items or none, or with ``every_file`` of all, up to a limit.
    """

    stored: int = 0
    unchanged: int = 0
    withdrawn: int = 0
    left_out: int = 0
    files: int = 0
    skipped_count: int = 0
    disagreeing: int = 0
    skipped: list[Skipped] = field(default_factory=list)
    formats: dict[str, FormatCount] = field(default_factory=dict)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    counts: list[FileCount] = field(default_factory=list)
    every_file: bool = False

    @property
    def exit_code(self) -> int:
        return UnreadableError.exit_code if self.skipped_count else 0

    def of(self, format: str | None) -> FormatCount:
        """The counts of a format."""
        return self.formats.setdefault(format or UNKNOWN, FormatCount())

    def skip(self, file: str, reason: str, *, place: str = "", format: str | None = None) -> None:
        """Count a file, or an item at ``place`` in it, that gave no article."""
        self.skipped_count += 1
        if len(self.skipped) < MOST_FAULTS:
            self.skipped.append(Skipped(file, f"{place}: {reason}" if place else reason))
        self.of(format).skipped += 1
        # What to do about it, in brackets, may be of this file alone.
        counted = (format or UNKNOWN, reason.partition(" (")[0])
        if counted not in self.reasons and len(self.reasons) >= MOST_REASONS:
            counted = (format or UNKNOWN, OTHERS)
        self.reasons[counted] += 1

    def count_file(self, count: FileCount) -> None:
        """Note what a file holds; one whose own count disagrees is a fault, and told."""
        self.of(count.format).parsed += count.parsed
        telling = self.every_file or count.parsed != 1 or count.declared not in (None, 1)
        if (telling or not count.agrees) and len(self.counts) < MOST_FILES:
            self.counts.append(count)
        if not count.agrees:
            self.disagreeing += 1
            self.skip(count.file, disagreement(count.declared or 0, count.parsed), format=count.format)


def to_json(report: Report, *, most: int = MOST_FAULTS) -> dict[str, object]:
    """A report as commands and the API give it; lists name so many at most, counts count all."""
    formats = [{"format": name, **asdict(count)} for name, count in sorted(report.formats.items())]
    reasons = [
        {"format": format, "reason": reason, "count": count}
        for (format, reason), count in sorted(report.reasons.items(), key=lambda each: (-each[1], each[0]))
    ]
    return {
        "stored": report.stored,
        "unchanged": report.unchanged,
        "withdrawn": report.withdrawn,
        "left_out": report.left_out,
        "skipped_count": report.skipped_count,
        "skipped": [each._asdict() for each in report.skipped[:most]],
        "files": [asdict(count) for count in report.counts[:most]],
        "formats": formats,
        "reasons": reasons[:most],
    }


def disagreement(declared: int, parsed: int) -> str:
    """What is said of a file that does not hold what it says."""
    return f"says that it holds {declared}, and {parsed} were found"
