"""Support told from oppose on dev, by the lexicon, by tone, by the cross-encoder, and by all three joined.

`python -m nlp.learn.baselines` (make bank-table). Tone is a logistic regression on the sentence encoder's
vector of the text alone; the join is a logistic regression over the three scores, fitted on dev in five
parts by proposal, as the cross-encoder knows the train split by heart. ``--batches`` adds the bank's batches to
the tone model one by one: the quick instrument of the bank's log.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from nlp.bank import CORE, read_bank
from nlp.encoders import CrossEncoder, Floats, MiniLM
from nlp.language import STANCE, folder_of
from nlp.learn.examples import Example, bank_examples, gold_examples
from nlp.polarity import read_polarity
from nlp.premise import CONTEXT
from nlp.sentence_encoder import ENCODER

_SIDES = ("support", "oppose")


def sides(examples: Sequence[Example]) -> list[Example]:
    """The examples that are for or against."""
    return [example for example in examples if example.label in _SIDES]


def lexicon_scores(rows: Sequence[Example]) -> Floats:
    """Weights of the lexicon for less against, by text."""
    read = [read_polarity(row.premise, 0, len(row.premise.split(CONTEXT)[0])) for row in rows]
    return np.array([polarity.support - polarity.oppose for polarity in read], dtype=np.float32)


def fit_tone(train: Sequence[Example], encoder: MiniLM) -> Floats:
    """A weight for every number of a text's vector, and the bias: log-odds of support by the text alone."""
    model = LogisticRegression(C=1.0, max_iter=2000).fit(
        _vectors(train, encoder), [r.label == "support" for r in train]
    )
    return np.append(model.coef_[0], model.intercept_[0]).astype(np.float32)


def tone_scores(train: Sequence[Example], rows: Sequence[Example], encoder: MiniLM) -> Floats:
    """Log-odds of support by the text alone."""
    weights = fit_tone(train, encoder)
    return np.asarray(_vectors(rows, encoder) @ weights[:-1] + weights[-1], dtype=np.float32)


def _vectors(rows: Sequence[Example], encoder: MiniLM) -> Floats:
    return encoder.encode([row.premise.split(CONTEXT)[0] for row in rows])


def joined_scores(features: Floats, rows: Sequence[Example]) -> Floats:
    """Each fifth of the proposals judged by a join that was fitted on the others."""
    truth = np.array([row.label == "support" for row in rows])
    found = np.zeros(len(rows), dtype=np.float32)
    for rest, part in GroupKFold(5).split(features, truth, [row.topic for row in rows]):
        model = LogisticRegression().fit(features[rest], truth[rest])
        found[part] = model.decision_function(features[part])
    return found


def accuracies(scores: Floats, rows: Sequence[Example], seen: frozenset[str]) -> Mapping[str, float]:
    """Share of right sides: in gold and bank, on the core proposals and on those not trained on."""
    right = (scores > 0) == np.array([row.label == "support" for row in rows])
    groups = {
        "gold": [row.source == "gold" for row in rows],
        "bank": [row.source == "bank" for row in rows],
        "core": [row.topic in CORE for row in rows],
        "unseen": [row.topic not in seen for row in rows],
        "all": [True] * len(rows),
    }
    return {name: float(right[np.array(member)].mean()) for name, member in groups.items()}


def _print(name: str, found: Mapping[str, float]) -> None:
    print(f"| {name} | " + " | ".join(f"{value:.3f}" for value in found.values()) + " |", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, default=Path("corpora/gold"))
    parser.add_argument("--bank", type=Path, default=Path("corpora/bank"))
    parser.add_argument("--batches", action="store_true", help="add the batches of the bank one by one")
    options = parser.parse_args()
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    bank = read_bank(options.bank)
    gold = sides(gold_examples(options.gold, "train"))
    own = sides(bank_examples(bank, "train"))
    dev = sides([*gold_examples(options.gold, "dev"), *bank_examples(bank, "dev")])
    seen = frozenset(row.topic for row in (*gold, *own))
    encoder = MiniLM(folder_of(ENCODER))
    columns = accuracies(np.zeros(len(dev), dtype=np.float32), dev, seen)
    print(f"| what | {' | '.join(columns)} |\n|---{'|---' * len(columns)}|")
    if options.batches:
        _print("tone from gold alone", accuracies(tone_scores(gold, dev, encoder), dev, seen))
        for batch in sorted({row.batch for row in bank} - {"b05"}):
            known = [*gold, *(row for row in own if row.group[:3] <= batch)]
            _print(f"and b01 to {batch}", accuracies(tone_scores(known, dev, encoder), dev, seen))
        return
    lexicon, tone = lexicon_scores(dev), tone_scores([*gold, *own], dev, encoder)
    scores = CrossEncoder(folder_of(STANCE)).logits([(row.premise, row.claim) for row in dev])
    cross = np.asarray(scores[:, 0] - scores[:, 1], dtype=np.float32)
    commoner = 1.0 if np.mean([row.label == "support" for row in dev]) >= 0.5 else -1.0
    _print("always the commoner side", accuracies(np.full(len(dev), commoner, dtype=np.float32), dev, seen))
    _print("lexicon", accuracies(lexicon, dev, seen))
    _print("tone", accuracies(tone, dev, seen))
    _print("cross-encoder", accuracies(cross, dev, seen))
    _print("all three joined", accuracies(joined_scores(np.stack([lexicon, tone, cross], axis=1), dev), dev, seen))


if __name__ == "__main__":
    main()
