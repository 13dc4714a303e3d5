"""``standpoint evaluate``: scores against gold, and the gate that they may not fall below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from api.commands.output import note, say, say_json
from nlp.annotations import read_predictions
from nlp.errors import StandpointError, UsageError
from nlp.evaluate import CORE_TOPICS, Scores, evaluate, predict, to_json, to_table, topic_ids
from nlp.gate import floors_file, gate, load_floors, write_floors
from nlp.records import Analysis, Article, Topic
from nlp.topics import load_topics


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the options ask for; ``topics`` is ids with commas between them, or a topic file."""

    gold: Path
    predicted: Path | None = None
    topics: str | None = None
    split: str | None = None
    as_json: bool = False
    errors: bool = False
    gate: bool = False
    write_floors: bool = False
    allow_lower: bool = False


def evaluate_corpus(wanted: Wanted, analyse: Callable[[Article, Sequence[Topic]], Analysis]) -> int:
    """Print the scores of a gold folder; raises StandpointError when the gate fails."""
    if wanted.allow_lower and not wanted.write_floors:
        raise UsageError("--allow-lower means nothing without --write-floors")
    scores = _score(wanted, analyse)
    if wanted.as_json:
        say_json(to_json(scores))
    else:
        say(to_table(scores, mistakes=wanted.errors))
    if wanted.write_floors:
        target = Path(str(floors_file()))
        write_floors(scores, target, allow_lower=wanted.allow_lower)
        note(f"Floors written to {target}")
    if wanted.gate:
        _pass_gate(scores)
    return 0


def _score(wanted: Wanted, analyse: Callable[[Article, Sequence[Topic]], Analysis]) -> Scores:
    if not wanted.gold.is_dir():
        raise UsageError("there is no such folder", where=str(wanted.gold), do="name a folder of gold files")
    if wanted.predicted is not None and not wanted.predicted.is_dir():
        raise UsageError("there is no such folder", where=str(wanted.predicted), do="name a folder of predictions")
    ids = topic_ids(wanted.topics) if wanted.topics else CORE_TOPICS
    file = Path(wanted.topics) if wanted.topics and Path(wanted.topics).is_file() else None
    declared = ids if file else frozenset[str]()
    if wanted.predicted is not None:
        return evaluate(wanted.gold, read_predictions(wanted.predicted), ids, declared=declared, split=wanted.split)
    topics = load_topics(file)
    predictions = predict(wanted.gold, lambda article: analyse(article, topics), wanted.split)
    return evaluate(wanted.gold, predictions, ids, declared=declared, split=wanted.split)


def _pass_gate(scores: Scores) -> None:
    failures = gate(scores, load_floors())
    for line in failures:
        note(f"gate: {line}")
    if failures:
        raise StandpointError(f"the quality gate fails on {len(failures)} counts", where=scores.corpus)
    note(f"The quality gate passes on {scores.corpus}.")
