"""``standpoint evaluate``: scores against gold, and the gate that they may not fall below."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from api.commands.output import note, say, say_json
from nlp.annotations import read_predictions
from nlp.errors import StandpointError, UsageError
from nlp.evaluate import CORE_TOPICS, Scores, evaluate, predict, to_json, to_table, topic_ids
from nlp.gate import floors_file, gate, load_floors, write_floors
from nlp.pairs import read_pairs, score_pairs
from nlp.positions import article_positions
from nlp.records import Analysis, Article, Hint, StanceLabel, Topic
from nlp.tallies import Accuracy
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
    pairs = _pairs(wanted, analyse)
    if wanted.as_json:
        say_json({**to_json(scores), **{name: {"accuracy": a.value, "of": a.total} for name, a in pairs.items()}})
    else:
        say("\n".join([to_table(scores, mistakes=wanted.errors), *_pair_lines(pairs)]))
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


def _pairs(wanted: Wanted, analyse: Callable[[Article, Sequence[Topic]], Analysis]) -> dict[str, Accuracy]:
    """Scores of the minimal pairs beside the gold files, when texts are analysed rather than predictions read."""
    path = wanted.gold / "pairs.jsonl"
    if wanted.predicted is not None or not path.is_file() or not (wanted.topics and Path(wanted.topics).is_file()):
        return {}
    topics = {topic.id: topic for topic in load_topics(Path(wanted.topics))}

    def judge(text: str, topic: str) -> StanceLabel:
        body = (Hint("paragraph", 0, len(text)),)
        article = Article(Article.identify("pair", text), "pair", text, "pair", hints=body)
        found = article_positions(analyse(article, [topics[topic]]))
        best = max(found, key=lambda position: position.confidence, default=None)
        return best.label if best else StanceLabel.NEUTRAL

    rows = read_pairs(path, topics)
    return score_pairs([pair for pair in rows if wanted.split in (None, pair.split)], judge)


def _pair_lines(pairs: Mapping[str, Accuracy]) -> list[str]:
    said = {"pairs": "minimal pairs, both sides right", "pair_sides": "minimal pairs, single sides right"}
    return [f"{said[name]}: {a.value:.3f} of {a.total}" for name, a in pairs.items() if a.value is not None]


def _pass_gate(scores: Scores) -> None:
    failures = gate(scores, load_floors())
    for line in failures:
        note(f"gate: {line}")
    if failures:
        raise StandpointError(f"the quality gate fails on {len(failures)} counts", where=scores.corpus)
    note(f"The quality gate passes on {scores.corpus}.")
