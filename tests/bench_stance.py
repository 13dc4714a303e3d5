"""Who stands where: how well, how sure and how fast? Run by ``make bench-stance``: asked and measured.

Positions are those of ``analyse``. Single texts (bank, minimal pairs) are read as very short articles against their
claim (``nlp.learn.row_readings``). Beside what ships stand, in the same run, the rules alone (the first version), and
lexicon, tone and cross-encoder each alone. Indented rows have no reach: they say more of the row above.
"""

from __future__ import annotations

import os
import statistics
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

import numpy as np

from nlp.annotations import GoldDocument, read_annotation, read_gold
from nlp.bank import CORE, read_bank
from nlp.calibration import Verdict, auroc, expected_calibration_error
from nlp.encoders import LABELS, CrossEncoder, Floats, softmax
from nlp.evaluate import CORE_TOPICS
from nlp.language import STANCE, Models, folder_of, load_models
from nlp.learn.examined import Case, examine
from nlp.learn.measure import f1, read_vast, three_way
from nlp.learn.row_readings import Row, read_rows, row_of
from nlp.pairs import read_pairs
from nlp.pipeline import analyse
from nlp.positions import article_positions
from nlp.prediction import to_prediction
from nlp.readers import read_bytes
from nlp.records import Analysis, StanceLabel, Topic
from nlp.scoring import Matcher, score_document
from nlp.stance_features import Reading, features
from nlp.stance_reader import StanceReader
from nlp.tallies import Accuracy, Counts
from nlp.topics import load_topics, shipped_topics

SHARED = Path(os.environ.get("STANDPOINT_SHARED", "../shared"))
GOLD, BANK = Path(str(files("corpora") / "gold")), Path(str(files("corpora") / "bank"))
VAST = SHARED / "datasets" / "measure" / "stance_vast-dev.jsonl.gz"
#: A stance whose confidence is at least that of a share of COVERAGE of all is in the shown tier.
COVERAGE = 0.7
ROUNDS = 3


@dataclass(frozen=True, slots=True)
class Told:
    """One decision on a text: the right label, and a probability of each label of LABELS."""

    label: str
    probabilities: Floats
    core: bool
    unseen: bool


def row(what: str, asked: str, measured: str) -> None:
    print(f"{what:66} {asked:>18} {measured:>24}", flush=True)


def articles(folder: Path, split: str | None) -> list[GoldDocument]:
    return read_gold(folder, split) if split else read_gold(folder)


def analyses(documents: Sequence[GoldDocument], topics: Sequence[Topic], models: Models) -> list[Analysis]:
    found = []
    for document in documents:
        (article,) = read_bytes(document.text.encode(), source=f"{document.name}.txt")
        found.append(analyse(article, topics, models))
    return found


def positions(
    documents: Sequence[GoldDocument], made: Sequence[Analysis], topics: frozenset[str]
) -> tuple[Counts, Counts, Accuracy]:
    """Positions, holder and topic, and the stance where both agree."""
    total = (Counts.of(matched=0, predicted=0, gold=0), Counts.of(matched=0, predicted=0, gold=0), Accuracy(0, 0))
    for document, analysis in zip(documents, made, strict=True):
        predicted = read_annotation(to_prediction(analysis, text_in_file=True), where=document.name)
        scores = score_document(document, predicted, topics)
        total = (
            total[0] + scores.counts["positions"],
            total[1] + scores.counts["holder_topic"],
            total[2] + scores.accuracies["stance"],
        )
    return total


def position_rows(models: Models) -> None:
    five = SHARED / "gold"
    bare = replace(models, reader=None)
    if five.is_dir():
        documents, topics = articles(five, None), shipped_topics()
        whole, pairs, stance = positions(documents, analyses(documents, topics, models), CORE_TOPICS)
        row("five press articles: positions F1", "0.75", f"{whole.f1:.3f}")
        row(
            "  holder and topic F1 / stance where both agree",
            "0.85 / 0.88",
            f"{pairs.f1:.3f} / {stance.value or 0:.3f}",
        )
        rules, *_ = positions(documents, analyses(documents, topics, bare), CORE_TOPICS)
        row("  rules alone", "", f"{rules.f1:.3f}")
    topics = load_topics(GOLD / "topics.json")
    others = frozenset(topic.id for topic in topics) - CORE_TOPICS
    by_claim = tuple(t if t.id in CORE_TOPICS else replace(t, phrases=(), supports=(), opposes=()) for t in topics)
    documents = articles(GOLD, "dev")
    made = {"": analyses(documents, topics, models), "claim": analyses(documents, by_claim, models)}
    rules_made = analyses(documents, by_claim, bare)
    for name, wanted, which in (
        ("three core topics", CORE_TOPICS, ""),
        ("all others, by their claim alone", others, "claim"),
    ):
        whole, pairs, stance = positions(documents, made[which], wanted)
        row(f"gold dev, {name}: positions F1", "0.75" if not which else "0.60", f"{whole.f1:.3f}")
        row("  precision / recall", "", f"{whole.precision:.3f} / {whole.recall:.3f}")
        row("  holder and topic F1 / stance where both agree", "", f"{pairs.f1:.3f} / {stance.value or 0:.3f}")
        row("  rules alone", "", f"{positions(documents, rules_made, wanted)[0].f1:.3f}")
    row("  all others, with their phrases", "", f"{positions(documents, made[''], others)[0].f1:.3f}")
    empty = [a for d, a in zip(documents, made[""], strict=True) if not d.annotation.positions]
    row(
        f"gold dev, {len(empty)} articles without a position: made up",
        "at most 1",
        str(sum(len(article_positions(a)) for a in empty)),
    )
    shown_rows(documents, made[""])


def shown_rows(documents: Sequence[GoldDocument], made: Sequence[Analysis]) -> None:
    """What the confidence of a position is worth, and which stance is taken for which."""
    verdicts: list[Verdict] = []
    confused: Counter[tuple[str, str]] = Counter()
    for document, analysis in zip(documents, made, strict=True):
        predicted = read_annotation(to_prediction(analysis, text_in_file=True), where=document.name)
        known = {found: wanted for wanted, found in Matcher(document.annotation, predicted).pairs.items()}
        want = {(p.holder, p.topic): p.stance for p in document.annotation.positions}
        want |= {(p.on_behalf_of, p.topic): p.stance for p in document.annotation.positions if p.on_behalf_of}
        for position in article_positions(analysis):
            gold = want.get((known.get(position.holder), position.topic), "no position")
            confused[str(gold), position.label.value] += 1
            verdicts.append(Verdict(position.confidence, gold == position.label.value))
    ece, area = expected_calibration_error(verdicts), auroc(verdicts)
    row("positions: calibration error; AUROC", "0.05; 0.80", f"{ece or 0:.3f}; {area or 0:.3f}")
    shown = sorted(verdicts, key=lambda v: -v.confidence)[: round(COVERAGE * len(verdicts))]
    right = sum(v.right for v in shown) / max(1, len(shown))
    row(f"  precision of the surest {COVERAGE:.0%} of {len(verdicts)}", "0.95", f"{right:.3f}")
    columns = [label.value for label in StanceLabel if label is not StanceLabel.UNCLEAR]
    print(f"\n{'gold, read as':14}" + "".join(f"{name:>13}" for name in columns))
    for gold in (*columns, "no position"):
        print(f"{gold:14}" + "".join(f"{confused[gold, name]:13}" for name in columns))
    print()


def head_told(readings: Sequence[Reading], reader: StanceReader) -> list[Floats]:
    return [reader.head.probabilities(features([reading])[0]) for reading in readings]


def text_rows(models: Models) -> None:
    """Support told from oppose, five stances, minimal pairs: on the dev of gold and bank, by each method alone."""
    reader = models.reader
    assert reader is not None
    bank = read_bank(BANK)
    dev = [each for each in bank if each.split == "dev"]
    train_topics = {each.proposal for each in bank if each.split == "train"}
    train_topics |= {p.topic for d in read_gold(GOLD, "train") for p in d.annotation.positions}
    readings = read_rows([row_of(each) for each in dev], reader)
    labels = [(each.stance, each.proposal) for each in dev]
    topics = load_topics(GOLD / "topics.json")
    cases: list[Case] = []
    gold_readings: list[Reading] = []
    for document in read_gold(GOLD, "dev"):
        seen = examine(document, topics, models, reader)
        for case, reading in zip(seen.cases, seen.readings, strict=True):
            if case.label is not None:
                cases.append(case)
                gold_readings.append(reading)
    labels += [(case.label or "none", case.topic) for case in cases]
    everything = [*readings, *gold_readings]
    joined = [*head_told(readings, reader), *(reader.head.probabilities(case.features) for case in cases)]
    methods: dict[str, list[Floats]] = {
        "head": joined,
        "cross-encoder": list(softmax(np.stack([each.scores for each in everything]))),
        "tone": [_two(each.tone) for each in everything],
        "lexicon": [_two(each.polarity.support - each.polarity.oppose) for each in everything],
    }
    for name, found in methods.items():
        told = [
            Told(label, p, topic in CORE, topic not in train_topics)
            for (label, topic), p in zip(labels, found, strict=True)
        ]
        asked = "0.92 / 0.85" if name == "head" else ""
        row(
            f"{'' if asked else '  '}support from oppose, core / unseen: {name}",
            asked,
            f"{_sides(told, lambda t: t.core):.3f} / {_sides(told, lambda t: t.unseen):.3f}",
        )
        row(
            f"  gold dev / bank dev / all: {name}",
            "",
            " / ".join(f"{_sides(part):.3f}" for part in (told[len(dev) :], told[: len(dev)], told)),
        )
        if name in ("head", "cross-encoder"):
            # five: told that there is a stance, for a single text has no article around it, from which alone the head
            # tells what bears on a claim; six: nothing is told
            for given, labels_asked in ((True, LABELS[:5]), (False, LABELS)):
                part = [t for t in told if not given or t.label != "none"]
                truth = [t.label for t in part]
                guesses = [LABELS[int(t.probabilities[: len(labels_asked)].argmax())] for t in part]
                each = {label: f1(truth, guesses, label) for label in LABELS[:5]}
                first = given and bool(asked)
                row(
                    f"{'' if first else '  '}macro-F1 of five stances"
                    f"{', given that there is one' if given else ', none among them'}; conditional, mixed: {name}",
                    "0.68; 0.50" if first else "",
                    f"{np.mean(list(each.values())):.3f}; {each['conditional']:.3f}, {each['mixed']:.3f}",
                )


def pair_rows(models: Models) -> None:
    reader = models.reader
    assert reader is not None
    topics = {topic.id: topic for topic in load_topics(GOLD / "topics.json")}
    pairs = [pair for pair in read_pairs(GOLD / "pairs.jsonl", topics) if pair.split == "dev"]
    rows = [Row(text, pair.claim, topics[pair.topic].counter_claim) for pair in pairs for text in (pair.a, pair.b)]
    readings = read_rows(rows, reader)
    truth = [stance.value for pair in pairs for stance in (pair.stance_a, pair.stance_b)]
    for name, found in (
        ("head", head_told(readings, reader)),
        ("cross-encoder", list(softmax(np.stack([each.scores for each in readings])))),
    ):
        right = [LABELS[int(p[:5].argmax())] == label for p, label in zip(found, truth, strict=True)]
        both = sum(a and b for a, b in zip(right[::2], right[1::2], strict=True)) / len(pairs)
        row(f"{len(pairs)} minimal pairs, both sides right: {name}", "0.80" if name == "head" else "", f"{both:.3f}")


def _two(log_odds: float) -> Floats:
    """Only for and against told apart."""
    support = 1 / (1 + float(np.exp(-log_odds)))
    return np.array([support, 1 - support, 0, 0, 0, 0], dtype=np.float32)


def _sides(told: Sequence[Told], keep: Callable[[Told], bool] = lambda _: True) -> float:
    right = [
        (t.probabilities[0] > t.probabilities[1]) == (t.label == "support")
        for t in told
        if t.label in ("support", "oppose") and keep(t)
    ]
    return float(np.mean(right)) if right else float("nan")


def speed_rows(models: Models) -> None:
    """Passes of the cross-encoder: how many a second, and how many an article takes."""
    reader = models.reader
    assert reader is not None
    topics = load_topics(GOLD / "topics.json")
    batches: list[list[tuple[str, str]]] = []
    cross = CrossEncoder(folder_of(STANCE))

    class Noting:
        def logits(self, pairs: Sequence[tuple[str, str]]) -> Floats:
            batches.append(list(pairs))
            return cross.logits(pairs)

    encoder = models.encoder
    noting = replace(models, reader=StanceReader(encoder, encoder, Noting(), reader.head, models.language))
    documents = read_gold(GOLD, "dev")
    analyses(documents, topics, noting)
    per_article = [len(batch) for batch in batches] + [0] * (len(documents) - len(batches))
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        for batch in batches:
            cross.logits(batch)
        times.append(time.perf_counter() - start)
    row("passes of the cross-encoder a second", "250", f"{sum(per_article) / min(times):.0f}")
    row("passes an article, median (140 topics)", "20", f"{statistics.median(per_article):.0f}")


def main() -> None:
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    models = load_models()
    row("what", "asked", "measured")
    position_rows(models)
    text_rows(models)
    pair_rows(models)
    if VAST.is_file():
        rows = read_vast(VAST)
        scores = CrossEncoder(folder_of(STANCE)).logits([(each.premise, each.claim) for each in rows])
        row("VAST dev macro-F1", "0.58", f"{three_way(rows, scores):.3f}")
    speed_rows(models)


if __name__ == "__main__":
    main()
