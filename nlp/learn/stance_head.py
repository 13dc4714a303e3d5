"""Trains the stance head on the gold corpus: ``python -m nlp.learn.stance_head`` (make train-stance-head).

Every statement of the train articles, as the pipeline finds it, is read against every topic that its article bears
on. The cross-encoder knows these articles by heart, so each half of them is read by one that was trained without it
(``nlp.learn.stance`` leaves those two beside the one that ships). What a person said the position stands on takes the
position's stance; what others say takes "none"; other statements of a holder who has a position are left out, as
nobody said whether they bear on it. Whether a statement bears on the topic is learnt from articles alone; with which
stance also from the single texts of the bank's dev split.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from nlp.annotations import GoldDocument, corpus_digest, read_annotation, read_gold
from nlp.artifacts import seal
from nlp.bank import bank_digest, read_bank
from nlp.calibration import Verdict, auroc, expected_calibration_error
from nlp.encoders import LABELS, Floats, MiniLM
from nlp.language import STANCE_HEAD, Models, folder_of, load_heads, load_language
from nlp.learn.baselines import fit_tone, sides
from nlp.learn.cards import STANCE_HEAD_CARD, write_card
from nlp.learn.examples import bank_examples
from nlp.learn.regression import fit_choice, fit_linear, parts_of
from nlp.learn.row_readings import read_rows, row_of
from nlp.learn.stance import HALVES, load, score
from nlp.linear import Choice, Features, LinearModel
from nlp.model_stances import stances_of
from nlp.pipeline import analyse
from nlp.prediction import to_prediction
from nlp.readers import read_bytes
from nlp.records import Analysis, Topic
from nlp.scoring import Matcher, score_document
from nlp.sentence_encoder import ENCODER
from nlp.sentences import sentences
from nlp.stance_features import GROUPS, Reading, features, group_of
from nlp.stance_head import StanceHead, write_head
from nlp.stance_reader import PairScorer, StanceReader
from nlp.steps.stance import find_readings
from nlp.tallies import Counts
from nlp.topics import load_topics

#: Least number of cases that a feature must be seen in, and the strength of the penalties (inverse).
SEEN = 5
PENALTY_BEARS, PENALTY_SIDES = 0.05, 0.01
#: What the stance is told from. Who speaks, where and how adds nothing to that (0.80 of the sides of gold dev with
#: these, 0.63 with all): a few hundred cases are too few to learn it from.
SIDE_GROUPS = frozenset({"cross", "claims", "tone", "words", "parse", "rule"})
#: Parts of the train articles over which temperatures and worths are measured.
PARTS = 5
#: Temperatures that are tried.
SCALES = tuple(round(0.4 + 0.05 * step, 2) for step in range(53))


@dataclass(frozen=True, slots=True)
class Case:
    """One statement against one topic: features and the right label; None where gold does not say."""

    article: str
    statement: str
    topic: str
    features: Features
    label: str | None


@dataclass(frozen=True, slots=True)
class Examined:
    """An article as the pipeline reads it, and its cases."""

    gold: GoldDocument
    analysis: Analysis
    readings: tuple[Reading, ...]
    cases: tuple[Case, ...]


def examine(gold: GoldDocument, topics: Sequence[Topic], models: Models, reader: StanceReader) -> Examined:
    """Read a gold article with ``reader`` and give every statement its label."""
    (article,) = read_bytes(gold.text.encode(), source=f"{gold.name}.txt")
    analysis = analyse(article, topics, replace(models, reader=None))
    predicted = read_annotation(to_prediction(analysis, text_in_file=True), where=gold.name)
    known = {found: wanted for wanted, found in Matcher(gold.annotation, predicted).pairs.items()}
    readings = find_readings(
        analysis.article,
        sentences(analysis.article),
        analysis.mentions,
        analysis.statements,
        topics,
        reader,
        {each.id: each for each in analysis.stakeholders},
    )
    told = list(_evidence(gold))
    cases = []
    for reading, found in zip(readings, features(readings), strict=True):
        statement, topic = reading.statement, reading.bearing.topic.id
        holders = {known.get(id or "") for id in (statement.holder, statement.on_behalf_of)} - {None}
        spans = [(span.start, span.end) for span in statement.spans]
        cases.append(
            Case(
                gold.name,
                statement.id,
                topic,
                found,
                _label(holders, topic, spans, told, known.get(statement.holder or "")),
            )
        )
    return Examined(gold, analysis, tuple(readings), tuple(cases))


@dataclass(frozen=True, slots=True)
class _Told:
    """Where gold says that a position stands."""

    holders: frozenset[str]
    topic: str
    stance: str
    start: int
    end: int


def _evidence(gold: GoldDocument) -> Iterator[_Told]:
    for row in json.loads(gold.path.read_bytes())["positions"]:
        start = gold.text.find(row["evidence"])
        holders = frozenset(id for id in (row["holder"], row.get("on_behalf_of")) if id)
        yield _Told(holders, row["topic"], row["stance"], start, start + len(row["evidence"]))


def _label(
    holders: set[str | None], topic: str, spans: Sequence[tuple[int, int]], told: Sequence[_Told], holder: str | None
) -> str | None:
    held = [row for row in told if row.topic == topic and row.holders & holders]
    for row in held:
        if any(start < row.end and row.start < end for start, end in spans):
            return row.stance
    return "none" if not held and holder is not None else None


def fit_bears(cases: Sequence[Case]) -> LinearModel:
    """Which statements bear on a topic."""
    rows = [case for case in cases if case.label is not None]
    features, answers = [case.features for case in rows], [case.label != "none" for case in rows]
    return fit_linear(features, answers, penalty=PENALTY_BEARS, seen=SEEN, scaled=True)


def fit_sides(cases: Sequence[Case]) -> Choice:
    """Which stance a statement takes that bears on a topic."""
    rows = [case for case in cases if case.label not in (None, "none")]
    told = [{k: v for k, v in row.features.items() if group_of(k) in SIDE_GROUPS} for row in rows]
    return fit_choice(told, [case.label or "" for case in rows], penalty=PENALTY_SIDES, seen=SEEN, scaled=True)


def fit_head(cases: Sequence[Case], texts: Sequence[Case], tone: Floats) -> StanceHead:
    """Both regressions; the stance is learnt from single ``texts`` too."""
    return StanceHead(fit_bears(cases), fit_sides([*cases, *texts]), tone)


def calibrate(head: StanceHead, cases: Sequence[Case], unseen: Floats) -> StanceHead:
    """The head with weights divided by the temperatures that make what was read unseen likeliest (Guo et al. 2017)."""
    first, second = fit_scale(cases, unseen)
    bears = {name: weight / first for name, weight in head.bears.weights.items()}
    sides = {name: tuple(weight / second for weight in row) for name, row in head.sides.weights.items()}
    return StanceHead(
        LinearModel(head.bears.bias / first, bears),
        Choice(head.sides.labels, tuple(bias / second for bias in head.sides.biases), sides),
        head.tone,
    )


def read_unseen(cases: Sequence[Case], texts: Sequence[Case], tone: Floats) -> Floats:
    """Each article's cases by a head that was fitted on the other parts and the texts: shape (cases, labels)."""
    parts = parts_of({case.article for case in cases}, PARTS)
    found = np.zeros((len(cases), len(LABELS)), dtype=np.float32)
    for part in range(PARTS):
        head = fit_head([case for case in cases if parts[case.article] != part], texts, tone)
        for i, case in enumerate(cases):
            if parts[case.article] == part:
                found[i] = head.probabilities(case.features)
    return found


def fit_scale(cases: Sequence[Case], unseen: Floats) -> tuple[float, float]:
    """The temperatures of bearing and of the stance."""
    known = [i for i, case in enumerate(cases) if case.label is not None]
    bears = 1 - unseen[known, -1]
    logits = np.log(np.clip(bears, 1e-6, 1 - 1e-6) / np.clip(1 - bears, 1e-6, 1))
    truth = np.array([cases[i].label != "none" for i in known])

    def loss_of_bears(scale: float) -> float:
        odds = logits / scale
        return float(np.mean(np.logaddexp(0, np.where(truth, -odds, odds))))

    held = [i for i in known if cases[i].label != "none"]
    logs = np.log(np.clip(unseen[held, :-1], 1e-9, 1))
    right = [LABELS.index(cases[i].label or "") for i in held]

    def loss_of_sides(scale: float) -> float:
        scores = logs / scale
        return float(np.mean(np.logaddexp.reduce(scores, axis=1) - scores[np.arange(len(right)), right]))

    return min(SCALES, key=loss_of_bears), min(SCALES, key=loss_of_sides)


def measure_head(examined: Sequence[Examined], unseen: Floats, topics: frozenset[str]) -> dict[str, float]:
    """How the head does on articles that it did not see: what it tells of statements, and positions F1."""
    cases = [case for each in examined for case in each.cases]
    told = [(case.label, row) for case, row in zip(cases, unseen, strict=True) if case.label is not None]
    held = [(label, row) for label, row in told if label != "none"]
    two = [(label, row) for label, row in held if label in LABELS[:2]]
    counts = position_counts(examined, unseen, topics)
    return {
        "bears: AUROC": auroc([Verdict(float(1 - row[-1]), label != "none") for label, row in told]) or 0.0,
        "support from oppose": float(np.mean([(row[0] > row[1]) == (label == "support") for label, row in two])),
        "five stances, accuracy": float(np.mean([LABELS[int(row[:-1].argmax())] == label for label, row in held])),
        "calibration error": expected_calibration_error(
            [Verdict(float(row.max()), LABELS[int(row.argmax())] == label) for label, row in told]
        )
        or 0.0,
        "positions.f1": counts.f1,
        "positions.precision": counts.precision,
        "positions.recall": counts.recall,
    }


def position_counts(examined: Sequence[Examined], read: Floats, topics: frozenset[str]) -> Counts:
    """Positions as the stances make them that the probabilities give, against gold."""
    total, at = Counts.of(matched=0, predicted=0, gold=0), 0
    for each in examined:
        rows = read[at : at + len(each.cases)]
        at += len(each.cases)
        stances = tuple(stances_of(each.analysis.article, each.readings, rows))
        made = to_prediction(replace(each.analysis, stances=stances), text_in_file=True)
        total += score_document(each.gold, read_annotation(made, where=each.gold.name), topics).counts["positions"]
    return total


def worths(
    examined: Sequence[Examined], texts: Sequence[Case], tone: Floats, topics: frozenset[str]
) -> Iterator[tuple[str, dict[str, float]]]:
    """What the head does with all groups of features, and without each."""
    for name in ("", *GROUPS):
        less = [replace(each, cases=tuple(_without(case, name) for case in each.cases)) for each in examined]
        cases = [case for each in less for case in each.cases]
        fewer = [_without(text, name) for text in texts]
        yield name, measure_head(less, read_unseen(cases, fewer, tone), topics)


def _without(case: Case, group: str) -> Case:
    return replace(case, features={k: v for k, v in case.features.items() if group_of(k) != group})


class Half:
    """One of the cross-encoders that know half of the train articles, as the reader takes them."""

    def __init__(self, folder: Path) -> None:
        self._model = load(folder / "weights.safetensors")

    def logits(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        return score(self._model, pairs)


def reader_of(models: Models, cross: PairScorer, tone: Floats) -> StanceReader:
    """A reader whose head knows tones alone: what it finds is there to train the rest."""
    untrained = StanceHead(LinearModel(0.0, {}), Choice((), (), {}), tone)
    return StanceReader(models.encoder, models.encoder, cross, untrained, models.language)


def examine_train(
    gold: Path, work: Path, topics: Sequence[Topic], tone: Floats, *, say: Callable[[str], None] = lambda _: None
) -> list[Examined]:
    """The train articles, each read by the cross-encoder that does not know it."""
    models = Models(load_language(), MiniLM(folder_of(ENCODER)), None, load_heads()[0], ())
    readers = [reader_of(models, Half(work / f"without-{half}"), tone) for half in range(HALVES)]
    found = []
    for i, document in enumerate(read_gold(gold, "train")):
        found.append(examine(document, topics, models, readers[i % HALVES]))
        if i % 40 == 39:
            say(f"{i + 1} articles read")
    return found


def examine_texts(bank: Path, work: Path, tone: Floats) -> list[Case]:
    """The bank's dev rows that take a stance: no cross-encoder was trained on them. One of the halves reads them."""
    models = Models(load_language(), MiniLM(folder_of(ENCODER)), None, {}, ())
    reader = reader_of(models, Half(work / "without-0"), tone)
    rows = [row for row in read_bank(bank) if row.split == "dev" and row.stance != "none"]
    readings = read_rows([row_of(row) for row in rows], reader)
    return [
        Case(row.proposal, row.id, row.proposal, features([reading])[0], row.stance)
        for row, reading in zip(rows, readings, strict=True)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, default=Path("corpora/gold"))
    parser.add_argument("--bank", type=Path, default=Path("corpora/bank"))
    parser.add_argument("--work", type=Path, default=Path("build/stance"), help="where train-stance left its models")
    parser.add_argument("--out", type=Path, default=Path("models") / STANCE_HEAD)
    options = parser.parse_args()
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    topics = load_topics(options.gold / "topics.json")
    known = frozenset(topic.id for topic in topics)
    tone = fit_tone(sides(bank_examples(read_bank(options.bank), "train")), MiniLM(folder_of(ENCODER)))
    examined = examine_train(options.gold, options.work, topics, tone, say=lambda line: print(line, flush=True))
    cases = [case for each in examined for case in each.cases]
    texts = examine_texts(options.bank, options.work, tone)
    table = list(worths(examined, texts, tone, known))
    for name, row in table:
        print(f"without {name or 'nothing':10} {json.dumps({k: round(v, 3) for k, v in row.items()})}", flush=True)
    head = calibrate(fit_head(cases, texts, tone), cases, read_unseen(cases, texts, tone))
    options.out.mkdir(parents=True, exist_ok=True)
    write_head(options.out, head)
    scores = {f"left out: {name}": round(value, 4) for name, value in table[0][1].items()}
    digests = {"gold/train": corpus_digest(read_gold(options.gold, "train")), "bank": bank_digest(options.bank)}
    write_card(options.out, replace(STANCE_HEAD_CARD, more={"Worth of each group": _lines(table)}), scores, digests)
    seal(
        options.out,
        name="stance-head",
        kind="stance-head",
        version="1",
        features=LABELS,
        scores=scores,
        corpora=digests,
    )


def _lines(table: Sequence[tuple[str, dict[str, float]]]) -> list[str]:
    columns = list(table[0][1])
    lines = [
        f"On gold train, in {PARTS} parts by article, each read by a head that was fitted on the others and by a "
        "cross-encoder that does not know it.",
        "",
        f"| without | {' | '.join(columns)} |",
        f"|---{'|---' * len(columns)}|",
    ]
    for name, row in table:
        lines.append(f"| {name or 'nothing'} | {' | '.join(f'{row[column]:.3f}' for column in columns)} |")
    return lines


if __name__ == "__main__":
    main()
