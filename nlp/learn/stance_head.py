"""Trains the stance head on the gold corpus: ``python -m nlp.learn.stance_head`` (make train-stance-head).

Every statement of the train articles, as the pipeline finds it, is read against every topic that its article bears
on (``nlp.learn.examined``). Whether a statement bears on the topic is learnt from articles alone; with which
stance also from the single texts of the bank's dev split. Whether a holder takes a position is learnt from what the
other two say of articles that they were not fitted on.
"""

from __future__ import annotations

import argparse
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from nlp.annotations import corpus_digest, read_annotation, read_gold
from nlp.artifacts import seal
from nlp.bank import bank_digest, read_bank
from nlp.calibration import Verdict, auroc, expected_calibration_error
from nlp.encoders import LABELS, Floats, MiniLM, softmax
from nlp.language import STANCE_HEAD, folder_of
from nlp.learn.baselines import fit_tone, sides
from nlp.learn.cards import STANCE_HEAD_CARD, write_card
from nlp.learn.examined import Case, Examined, examine_texts, examine_train
from nlp.learn.examples import bank_examples
from nlp.learn.regression import fit_choice, fit_linear, parts_of
from nlp.linear import Choice, Features, LinearModel
from nlp.model_stances import hold, pool, stances_of
from nlp.position_features import position_features
from nlp.prediction import to_prediction
from nlp.scoring import score_document
from nlp.sentence_encoder import ENCODER
from nlp.stance_features import GROUPS, group_of
from nlp.stance_head import StanceHead, write_head
from nlp.tallies import Counts
from nlp.topics import load_topics

#: Least number of cases that a feature must be seen in, and the strength of the penalties (inverse).
SEEN = 5
PENALTY_BEARS, PENALTY_SIDES, PENALTY_HOLDS = 0.05, 0.01, 0.03
#: What the stance is told from. Who speaks, where and how adds nothing to that (0.80 of the sides of gold dev with
#: these, 0.63 with all): a few hundred cases are too few to learn it from.
SIDE_GROUPS = frozenset({"cross", "claims", "tone", "words", "parse", "rule"})
#: Parts of the train articles over which temperatures and worths are measured.
PARTS = 5
#: Temperatures that are tried.
SCALES = tuple(round(0.4 + 0.05 * step, 2) for step in range(53))


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
    return StanceHead(fit_bears(cases), fit_sides([*cases, *texts]), tone, LinearModel(0.0, {}))


@dataclass(frozen=True, slots=True)
class Holding:
    """Whether one holder takes a position on one topic of an article, and what tells so."""

    article: str
    features: Features
    holds: bool


def pooled_rows(examined: Sequence[Examined], read: Floats) -> list[list[Floats]]:
    """By article, the probabilities of its readings, pooled."""
    found, at = [], 0
    for each in examined:
        found.append(pool(each.readings, read[at : at + len(each.readings)]))
        at += len(each.readings)
    return found


def holdings(examined: Sequence[Examined], pooled: Sequence[Sequence[Floats]]) -> list[Holding]:
    return [
        Holding(each.gold.name, features_of, held in each.held)
        for each, rows in zip(examined, pooled, strict=True)
        for held, features_of in position_features(each.readings, rows).items()
    ]


def fit_holds(rows: Sequence[Holding]) -> LinearModel:
    """Which holders take a position."""
    answers = [row.holds for row in rows]
    return fit_linear([row.features for row in rows], answers, penalty=PENALTY_HOLDS, seen=SEEN, scaled=True)


def hold_unseen(examined: Sequence[Examined], read: Floats) -> list[list[Floats]]:
    """By article, what is pooled of its readings, held by a model that was fitted on the other parts."""
    pooled = pooled_rows(examined, read)
    rows = holdings(examined, pooled)
    parts = parts_of({row.article for row in rows}, PARTS)
    models = [fit_holds([row for row in rows if parts[row.article] != part]) for part in range(PARTS)]
    return [
        hold(each.readings, found, models[parts.get(each.gold.name, 0)])
        for each, found in zip(examined, pooled, strict=True)
    ]


def calibrate(head: StanceHead, scales: tuple[float, float]) -> StanceHead:
    """The head with weights divided by the temperatures of bearing and of the stance (Guo et al. 2017)."""
    first, second = scales
    bears = {name: weight / first for name, weight in head.bears.weights.items()}
    sides = {name: tuple(weight / second for weight in row) for name, row in head.sides.weights.items()}
    return StanceHead(
        LinearModel(head.bears.bias / first, bears),
        Choice(head.sides.labels, tuple(bias / second for bias in head.sides.biases), sides),
        head.tone,
        head.holds,
    )


def temper(read: Floats, scales: tuple[float, float]) -> Floats:
    """What the head with these temperatures gives for the probabilities that it gives without."""
    bears, sides = np.clip(1 - read[:, -1:], 1e-6, 1 - 1e-6), np.log(np.clip(read[:, :-1], 1e-9, 1)) / scales[1]
    likely = 1 / (1 + (1 / bears - 1) ** (1 / scales[0]))
    return np.hstack([softmax(sides.astype(np.float32)) * likely, 1 - likely]).astype(np.float32)


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
    """The temperatures of bearing and of the stance that make what was read unseen likeliest."""
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
    counts = position_counts(examined, hold_unseen(examined, unseen), topics)
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


def position_counts(examined: Sequence[Examined], read: Sequence[Sequence[Floats]], topics: frozenset[str]) -> Counts:
    """Positions as the stances make them that the probabilities of each article give, against gold."""
    total = Counts.of(matched=0, predicted=0, gold=0)
    for each, rows in zip(examined, read, strict=True):
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
    unseen = read_unseen(cases, texts, tone)
    scales = fit_scale(cases, unseen)
    holds = fit_holds(holdings(examined, pooled_rows(examined, temper(unseen, scales))))
    head = replace(calibrate(fit_head(cases, texts, tone), scales), holds=holds)
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
