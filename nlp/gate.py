"""The gate: scores may not fall below the floors of ``models/floors.json``.

The file pins the corpus by digest, so that a floor cannot be met by changing what is measured:
``{"corpus": "samples", "sha256": "…", "floors": {"figures.f1": 0.9}}``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from nlp.errors import DataError, NotSetUpError, UsageError
from nlp.evaluate import Scores

#: What is pinned: the first number of each question that the program answers.
PINNED = (
    "positions.f1",
    "holder_topic.f1",
    "stance.accuracy",
    "statements.f1",
    "statement_spans.f1",
    "holder.accuracy",
    "manner.accuracy",
    "capacity.accuracy",
    "stakeholders.accuracy",
    "figures.f1",
    "figure.kind.accuracy",
    "figure.status.accuracy",
    "figure.period.accuracy",
)


@dataclass(frozen=True, slots=True)
class Floors:
    """The lowest scores allowed on a corpus, which its digest names."""

    corpus: str
    sha256: str
    floors: Mapping[str, float]


def floors_file() -> Traversable:
    """Where the floors are kept: inside the ``models`` package."""
    return files("models") / "floors.json"


def load_floors(file: Traversable | None = None) -> Floors:
    """Read the floors. Raises NotSetUpError where there are none yet and DataError where the file is malformed."""
    file = file or floors_file()
    if not file.is_file():
        raise NotSetUpError("there are no floors yet", where=str(file), do=_renew("samples"))
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
        return Floors(str(data["corpus"]), str(data["sha256"]), {str(k): float(v) for k, v in data["floors"].items()})
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(f"is no file of floors: {error}", where=str(file), do=_renew("samples")) from error


def gate(scores: Scores, floors: Floors) -> tuple[str, ...]:
    """What fails, one line each; nothing where every score is at its floor and the corpus is the pinned one."""
    if scores.digest != floors.sha256:
        return (
            f"corpus {scores.corpus!r} is not the one that the floors were measured on ({floors.corpus!r}, "
            f"{floors.sha256[:12]}…): if it was changed on purpose, renew them ({_renew(scores.corpus)})",
        )
    found = {name: scores.metric(name) for name in floors.floors}
    return tuple(
        f"{name} is {'not measured' if found[name] is None else f'{found[name]:.3f}'}, below its floor {floor:.3f}"
        for name, floor in floors.floors.items()
        if (value := found[name]) is None or value < floor
    )


def write_floors(scores: Scores, path: Path, *, allow_lower: bool = False) -> Floors:
    """Pin what the scores reach. Raises UsageError when a floor would sink and ``allow_lower`` is not set."""
    floors = measured_floors(scores)
    if path.is_file() and not allow_lower:
        _refuse_lower(load_floors(path), floors, path)
    content = {"corpus": floors.corpus, "sha256": floors.sha256, "floors": dict(floors.floors)}
    path.write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return floors


def measured_floors(scores: Scores) -> Floors:
    """The floors that the scores would set: what was measured, rounded down so that the same run passes."""
    found = {name: value for name in PINNED if (value := scores.metric(name)) is not None}
    return Floors(
        scores.corpus, scores.digest, {name: math.floor(value * 1000) / 1000 for name, value in found.items()}
    )


def _refuse_lower(old: Floors, new: Floors, path: Path) -> None:
    sunk = [
        f"{name} {floor:.3f} -> {'none' if new.floors.get(name) is None else f'{new.floors[name]:.3f}'}"
        for name, floor in old.floors.items()
        if new.floors.get(name, -1.0) < floor
    ]
    if sunk:
        raise UsageError(
            f"floors would sink: {', '.join(sunk)}", where=str(path), do="say --allow-lower if it is meant"
        )


def _renew(corpus: str) -> str:
    folder, _, split = corpus.partition("/")
    topics = f" --split {split} --topics corpora/{folder}/topics.json" if split else ""
    return f"standpoint evaluate corpora/{folder}{topics} --write-floors"
