"""Gold x predicted -> scores over a corpus, by article and genre, with intervals; and how they are written down."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from pathlib import Path
from typing import Any

from nlp.annotations import GoldDocument, Row, corpus_digest, read_annotation, read_gold
from nlp.errors import NotFoundError
from nlp.prediction import to_prediction
from nlp.readers import read_file
from nlp.records import Analysis, Article
from nlp.scoring import DocumentScores, score_document
from nlp.tallies import Accuracy, Counts
from nlp.topics import load_topics, shipped_topics

CORE_TOPICS = frozenset({"co-commissioning", "pooling", "capitation"})
RESAMPLES = 1000
SEED = 20


@dataclass(frozen=True, slots=True)
class Tallies:
    """Summed tallies of some articles, by metric."""

    counts: Mapping[str, Counts]
    accuracies: Mapping[str, Accuracy]

    def headlines(self) -> dict[str, float | None]:
        """The one number of each metric: F1 where things are found, accuracy where values are compared."""
        found = {name: tally.headline for name, tally in self.counts.items()}
        return {**found, **{name: tally.headline for name, tally in self.accuracies.items()}}


@dataclass(frozen=True, slots=True)
class Interval:
    """The middle 95 % of a metric when the articles are drawn anew."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Scores:
    """What a set of predictions reaches on a gold corpus.

    ``corpus`` is the folder's name and ``digest`` changes when a text or an annotation does;
    ``missing`` are gold articles without a prediction (scored as empty), ``extra`` the reverse.
    """

    corpus: str
    digest: str
    topics: frozenset[str]
    documents: tuple[DocumentScores, ...]
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()

    @property
    def total(self) -> Tallies:
        return sum_tallies(self.documents)

    def by_group(self) -> dict[str, Tallies]:
        """Summed by genre, era and hard case ("genre: news", "era: CCG", "case: irony")."""
        members: dict[str, list[DocumentScores]] = {}
        for document in self.documents:
            for group in document.groups:
                members.setdefault(group, []).append(document)
        return {group: sum_tallies(members[group]) for group in sorted(members)}

    def metric(self, name: str) -> float | None:
        """One number by the name that floors give it: "figures.f1", "positions.recall", "stance.accuracy".

        Raises NotFoundError for a name that no metric has.
        """
        metric, _, part = name.rpartition(".")
        total = self.total
        if metric in total.counts and part in ("f1", "precision", "recall"):
            return float(getattr(total.counts[metric], part))
        if metric in total.accuracies and part == "accuracy":
            return total.accuracies[metric].value
        raise NotFoundError(f"there is no metric {name!r}", do="see standpoint evaluate --json")


def evaluate(
    gold_dir: Path,
    predictions: Mapping[str, Row],
    topics: Iterable[str] = CORE_TOPICS,
    *,
    declared: Iterable[str] = (),
    split: str | None = None,
) -> Scores:
    """Score predictions (by name of the gold file, without its suffix) against a folder of gold files.

    ``split`` names one list of the folder's ``splits.json``. ``declared`` are ids that a topic file of the
    caller's declares, known even where nobody takes a position.
    Raises DataError for a malformed gold file or prediction, NothingToDoError for a folder without
    gold, NotFoundError for a topic that nobody knows.
    """
    gold = read_gold(gold_dir, split)
    wanted = frozenset(topics)
    empty = read_annotation({}, where="no prediction")
    found = {name: read_annotation(row, where=name) for name, row in predictions.items()}
    known = {p.topic for a in (*found.values(), *(d.annotation for d in gold)) for p in a.positions}
    for topic in sorted(wanted - known - {topic.id for topic in shipped_topics()} - frozenset(declared)):
        raise NotFoundError(
            f"no topic is called {topic!r}", where=str(gold_dir), do="see standpoint map for the topics"
        )
    return Scores(
        corpus="/".join(filter(None, (gold_dir.resolve().name, split))),
        digest=corpus_digest(gold),
        topics=wanted,
        documents=tuple(score_document(document, found.get(document.name, empty), wanted) for document in gold),
        missing=tuple(document.name for document in gold if document.name not in found),
        extra=tuple(sorted(found.keys() - {document.name for document in gold})),
    )


def predict(
    gold_dir: Path, analyse: Callable[[Article], Analysis], split: str | None = None
) -> dict[str, dict[str, Any]]:
    """Predictions for the texts of a gold folder or split, made by ``analyse``, as ``evaluate`` takes them."""
    return {document.name: _predict(document, analyse) for document in read_gold(gold_dir, split)}


def _predict(document: GoldDocument, analyse: Callable[[Article], Analysis]) -> dict[str, Any]:
    (article,) = read_file(document.path.with_suffix(".txt"))
    return to_prediction(analyse(article), text_in_file=True)


def topic_ids(option: str) -> frozenset[str]:
    """The topics that an option names: a file of topics (TOML or JSON), or ids with commas between them."""
    if Path(option).is_file():
        return frozenset(topic.id for topic in load_topics(Path(option)))
    return frozenset(filter(None, (part.strip() for part in option.split(","))))


def sum_tallies(documents: Sequence[DocumentScores]) -> Tallies:
    """The tallies of some articles added up; there must be at least one."""
    return Tallies(
        counts={name: reduce(add, (d.counts[name] for d in documents)) for name in documents[0].counts},
        accuracies={name: reduce(add, (d.accuracies[name] for d in documents)) for name in documents[0].accuracies},
    )


def intervals(scores: Scores, *, resamples: int = RESAMPLES, seed: int = SEED) -> dict[str, Interval]:
    """95 % bootstrap intervals by article of each metric's headline number; the same for the same seed."""
    chance = random.Random(seed)
    drawn: dict[str, list[float]] = {}
    for _ in range(resamples):
        sample = chance.choices(scores.documents, k=len(scores.documents))
        for name, value in sum_tallies(sample).headlines().items():
            if value is not None:
                drawn.setdefault(name, []).append(value)
    return {name: _middle(sorted(values)) for name, values in drawn.items()}


def _middle(values: Sequence[float]) -> Interval:
    last = len(values) - 1
    return Interval(values[round(0.025 * last)], values[round(0.975 * last)])


def to_json(scores: Scores, *, with_intervals: bool = True) -> dict[str, Any]:
    """The scores as JSON: metrics by name at the top, then intervals, genres, documents and mistakes."""
    spread = intervals(scores) if with_intervals else {}
    return {
        **_metrics(scores.total),
        "corpus": {"name": scores.corpus, "sha256": scores.digest, "articles": len(scores.documents)},
        "topics": sorted(scores.topics),
        "intervals": {name: [round(i.low, 3), round(i.high, 3)] for name, i in spread.items()},
        "groups": {group: _metrics(tallies) for group, tallies in scores.by_group().items()},
        "documents": {d.name: {"genre": d.genre, **_metrics(sum_tallies([d]))} for d in scores.documents},
        "mistakes": {d.name: [str(mistake) for mistake in d.mistakes] for d in scores.documents},
        "missing": list(scores.missing),
        "extra": list(scores.extra),
    }


def _metrics(tallies: Tallies) -> dict[str, dict[str, float | int | None]]:
    found: dict[str, dict[str, float | int | None]] = {
        name: {"f1": round(c.f1, 3), "precision": round(c.precision, 3), "recall": round(c.recall, 3), "gold": c.gold}
        for name, c in tallies.counts.items()
    }
    compared: dict[str, dict[str, float | int | None]] = {
        name: {"accuracy": None if a.value is None else round(a.value, 3), "of": a.total}
        for name, a in tallies.accuracies.items()
    }
    return {**found, **compared}


def to_table(scores: Scores, *, mistakes: bool = False) -> str:
    """The scores as lines of text: the whole corpus, then genres and articles, and mistakes when asked for."""
    spread = intervals(scores)
    lines = [f"{scores.corpus}: {len(scores.documents)} articles", ""]
    for name, row in _metrics(scores.total).items():
        numbers = "  ".join(f"{key} {'-' if value is None else value}" for key, value in row.items())
        around = f"  95 % {spread[name].low:.2f} to {spread[name].high:.2f}" if name in spread else ""
        lines.append(f"{name:20} {numbers}{around}")
    lines += ["", *_grid(scores.by_group())]
    lines += ["", *_grid({d.name: sum_tallies([d]) for d in scores.documents})]
    lines += [f"\nno prediction for: {', '.join(scores.missing)}"] if scores.missing else []
    lines += [f"\npredicted and not scored: {', '.join(scores.extra)}"] if scores.extra else []
    for document in scores.documents if mistakes else ():
        lines += ["", document.name, *(f"  {mistake}" for mistake in document.mistakes)]
    return "\n".join(lines)


_COLUMNS = ("positions", "stance", "statements", "stakeholders", "figures")


def _grid(rows: Mapping[str, Tallies]) -> list[str]:
    """A small table of the main metrics, one line a row."""
    width = max(len(name) for name in rows)
    head = f"{'':{width}}" + "".join(f"  {name:>12}" for name in _COLUMNS)
    return [
        head,
        *(
            f"{name:{width}}" + "".join(_cell(tallies.headlines()[c]) for c in _COLUMNS)
            for name, tallies in rows.items()
        ),
    ]


def _cell(value: float | None) -> str:
    return f"  {'-' if value is None else f'{value:.2f}':>12}"
