"""What the statement bank holds, how varied it is and how far its labels agree: ``python -m nlp.bank_report``.

Agreement is Cohen's kappa (Cohen 1960) of the first and the second label, one stance against the rest.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from nlp.bank import GENRES, HARD, STANCES, BankRow, read_bank
from nlp.corpus_report import grams, measure_variety, split_table
from nlp.errors import DataError

SECOND = "second.jsonl"


@dataclass(frozen=True, slots=True)
class SecondLabel:
    """The stance that the writer gave and the one that a second reader gave who saw text, context and claim alone."""

    id: str
    first: str
    second: str


def read_second(folder: Path) -> tuple[SecondLabel, ...]:
    """The second labels of a bank. Raises DataError for a line that is none."""
    path = folder / SECOND
    found = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = SecondLabel(**json.loads(line))
        except (ValueError, TypeError) as error:
            raise DataError(f"is no second label: {error}", where=f"{path}, line {number}") from error
        if row.first not in STANCES or row.second not in STANCES:
            raise DataError(f"second = {row.second!r} is unknown", where=f"{path}, line {number}")
        found.append(row)
    return tuple(found)


def kappa(labels: Sequence[SecondLabel], stance: str) -> float:
    """Cohen's kappa for one stance against all others; 1 where both never use it."""
    total = len(labels)
    both = sum((row.first == stance) == (row.second == stance) for row in labels) / total
    first = sum(row.first == stance for row in labels) / total
    second = sum(row.second == stance for row in labels) / total
    chance = first * second + (1 - first) * (1 - second)
    return (both - chance) / (1 - chance) if chance < 1 else 1.0


def commonest_opening(texts: Iterable[str]) -> tuple[float, str]:
    """The share of texts that begin with the commonest five words, and these words."""
    openings = Counter(first[0] for text in texts if (first := grams(text, 5)[:1]))
    if not openings:
        return 0.0, ""
    words, count = openings.most_common(1)[0]
    return count / openings.total(), " ".join(words)


def double_claims(rows: Iterable[BankRow]) -> int:
    """How many texts stand with two claims or more and different stances."""
    stances: dict[str, set[str]] = {}
    for row in rows:
        stances.setdefault(row.text, set()).add(row.stance)
    return sum(len(found) > 1 for found in stances.values())


def unseen(rows: Iterable[BankRow]) -> frozenset[str]:
    """The proposals that stand only in dev or test."""
    splits: dict[str, set[str]] = {}
    for row in rows:
        splits.setdefault(row.proposal, set()).add(row.split)
    return frozenset(proposal for proposal, found in splits.items() if "train" not in found)


def report(folder: Path) -> str:
    """The report on a bank as lines of text."""
    rows = read_bank(folder)
    texts = {row.text: row.id for row in rows}
    variety = measure_variety({name: text for text, name in texts.items()})
    share, words = commonest_opening(texts)
    splits: Counter[str] = Counter(row.split for row in rows)
    lines = [
        f"{folder}: {len(rows)} rows, {len(texts)} texts, {len({row.proposal for row in rows})} proposals",
        f"split                                  {_shares(splits, ('train', 'dev', 'test'))}",
        f"proposals only in dev or test          {len(unseen(rows))} (at least 25)",
        f"rows tagged as hard                    {sum(row.hard for row in rows) / len(rows):.1%} (about a third)",
        f"texts with two claims, two stances     {double_claims(rows)} (at least 400)",
        f"distinct 4-grams over all 4-grams      {variety.distinct_4grams:.3f} (at least 0.90)",
        f"commonest five words of an opening     {share:.2%} (at most 0.5 %): {words}",
        f"likest two texts, 5-gram Jaccard       {variety.likeness:.3f} (at most 0.5): {' and '.join(variety.likest)}",
    ]
    if (folder / SECOND).is_file():
        lines += ["", *_agreement(rows, read_second(folder))]
    for title, groups in _TABLES.items():
        counted = [(group, row.split) for row in rows for group in groups(row)]
        lines += ["", *split_table(title, counted, len(rows))]
    return "\n".join(lines)


def _share(flags: Iterable[bool]) -> float:
    found = list(flags)
    return sum(found) / max(1, len(found))


def _shares(counts: Counter[str], names: Iterable[str]) -> str:
    return ", ".join(f"{name} {counts[name] / counts.total():.1%}" for name in names)


def _agreement(rows: Sequence[BankRow], labels: Sequence[SecondLabel]) -> list[str]:
    twice = {label.id for label in labels}
    covered = {
        split: _share(row.id in twice for row in rows if row.split == split) for split in ("train", "dev", "test")
    }
    parts = ", ".join(f"{share:.0%} of {split}" for split, share in covered.items())
    same = sum(label.first == label.second for label in labels) / len(labels)
    return [
        f"labelled twice: {len(labels)} rows ({parts}), equal in {same:.1%}",
        *(f"  kappa {stance:32}{kappa(labels, stance):.3f}" for stance in STANCES),
    ]


_TABLES: Mapping[str, Callable[[BankRow], Sequence[str]]] = {
    "batch": lambda row: [row.batch],
    "stance": lambda row: [row.stance],
    "manner": lambda row: [row.manner],
    "genre": lambda row: [tag for tag in row.tags if tag in GENRES],
    "hard": lambda row: [tag for tag in row.tags if tag in HARD],
    "proposal": lambda row: [row.proposal],
}


if __name__ == "__main__":
    print(report(Path(sys.argv[1] if len(sys.argv) > 1 else "corpora/bank")))
