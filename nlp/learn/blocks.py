"""Trains the block model: `python -m nlp.learn.blocks` (make train-blocks), about a minute on one core.

Multinomial logistic regression over named features of a line, its place and its neighbours, and a chain of states
counted from the same pages. Measured by leaving out layouts: no page made of a layout's parts is trained on when that
layout is scored. The rules alone are measured on the same pages.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

from nlp.annotations import corpus_digest, read_gold
from nlp.artifacts import MANIFEST, Manifest, digest_of_all, seal
from nlp.block_features import FEATURES, Floats
from nlp.block_model import GROUPS, STATES, WEIGHTS, BlockModel
from nlp.learn.blocks_data import Layout, Page, gold_pages, group_of, paragraphs, read_layouts, read_page, recombine
from nlp.learn.cards import BLOCKS_CARD, write_card
from nlp.page_lines import read_lines
from nlp.page_rules import comments_start, place
from nlp.steps.segment import decide

VERSION = "1"
LAYOUTS, LABELS = "layouts.jsonl", "gold.json"
SEED = 11
#: How much the weights are held down: on the first 75 layouts, left out in fifths, 0.02 gives
#: excluded F1 0.982, 0.06 0.980, 0.3 0.973.
STRENGTH = 0.02
#: Recombined pages: excluded F1 on the same is 0.973 with none, 0.981 with 400, 0.982 with 1,200.
RECOMBINED = 1200
#: How much the chain counts beside the lines: 0 reads every line alone (0.981, 11 comments taken for evidence),
#: 0.75 loses few comments (7) at no cost, 1 begins to lose body text.
CHAIN = 0.75
#: The gold articles hold letters, live pages, minutes and papers, which the layouts lack.
GOLD_WEIGHT = 3.0
#: Layouts are left out in so many groups.
FOLDS = 15


@dataclass(frozen=True, slots=True)
class Scores:
    """F1 of what is left out of the article (comments and furniture together), and of each group; lost lines."""

    excluded: float
    evidence: float
    comment: float
    furniture: float
    comments_in_body: int
    body_lost: int
    lines: int

    @classmethod
    def of(cls, true: Sequence[int], predicted: Sequence[int]) -> Scores:
        """Scores of groups predicted for lines against true ones."""
        truth, found = np.array(true), np.array(predicted)
        by_group = [_f1(truth == group, found == group) for group in range(len(GROUPS))]
        return cls(
            excluded=_f1(truth > 0, found > 0),
            evidence=by_group[0],
            comment=by_group[1],
            furniture=by_group[2],
            comments_in_body=int(((truth == 1) & (found == 0)).sum()),
            body_lost=int(((truth == 0) & (found > 0)).sum()),
            lines=len(truth),
        )

    def named(self, who: str) -> dict[str, float]:
        """For the manifest: what was measured -> score."""
        return {
            f"{who}: F1 of comments and furniture": round(self.excluded, 4),
            f"{who}: F1 of furniture": round(self.furniture, 4),
            f"{who}: F1 of comments": round(self.comment, 4),
            f"{who}: F1 of the article": round(self.evidence, 4),
            f"{who}: comments taken for the article": self.comments_in_body,
            f"{who}: lines of the article lost": self.body_lost,
        }


def _f1(truth: npt.NDArray[np.bool_], found: npt.NDArray[np.bool_]) -> float:
    both = truth.sum() + found.sum()
    return float(2 * (truth & found).sum() / both) if both else 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """What is trained on: layouts, the pages of gold, and their paragraphs."""

    layouts: tuple[Layout, ...]
    gold: tuple[Page, ...]
    prose: list[list[str]]


def read_material(folder: Path, gold: Path) -> Material:
    """The layouts in a folder and the train articles of gold, with their labels in it. Raises DataError."""
    rows = gold_pages(gold, folder / LABELS)
    return Material(read_layouts(folder / LAYOUTS), tuple(read_page(page) for page in rows), paragraphs(rows))


def fit(layouts: Sequence[Layout], material: Material, *, recombined: int = RECOMBINED) -> Mapping[str, Floats]:
    """The weights of a model of these layouts and gold."""
    pages = [read_page(layout.rows) for layout in layouts]
    pages += recombine(layouts, material.prose, recombined, SEED)
    read = np.vstack([page.features for page in (*pages, *material.gold)])
    states = np.concatenate([page.states for page in (*pages, *material.gold)])
    sure = sum(len(page.states) for page in pages)
    weight = np.where(np.arange(len(states)) < sure, 1.0, GOLD_WEIGHT)
    centre, spread = read.mean(axis=0), np.maximum(read.std(axis=0), 1e-6)
    model = LogisticRegression(C=STRENGTH, max_iter=1000).fit((read - centre) / spread, states, sample_weight=weight)
    weights, intercepts = np.zeros((len(FEATURES), len(STATES))), np.full(len(STATES), -20.0)
    weights[:, model.classes_], intercepts[model.classes_] = model.coef_.T, model.intercept_
    chain = _chain([page.states for page in (*pages, *material.gold)])
    return {"centre": centre, "spread": spread, "weights": weights, "intercepts": intercepts, **chain}


def _chain(pages: Sequence[npt.NDArray[np.int64]]) -> dict[str, Floats]:
    """How much likelier than by chance a state opens a page, follows another and ends a page."""
    k = len(STATES)
    starts, moves, ends = np.full(k, 0.5), np.full((k, k), 0.5), np.full(k, 0.5)
    for states in pages:
        starts[states[0]] += 1
        ends[states[-1]] += 1
        np.add.at(moves, (states[:-1], states[1:]), 1)
    usual = moves.sum(axis=1) / moves.sum()
    return {
        "starts": (starts / starts.sum() / usual) ** CHAIN,
        "moves": (moves / moves.sum(axis=1, keepdims=True) / usual) ** CHAIN,
        "ends": (ends / ends.sum() / usual) ** CHAIN,
    }


def leave_out(material: Material, *, folds: int = FOLDS, recombined: int = RECOMBINED) -> tuple[Scores, Scores]:
    """Scores of what the segmenting step decides on layouts that were left out of training, and of the rules alone."""
    truth, found, ruled = [], [], []
    for fold in range(folds):
        rest = [layout for i, layout in enumerate(material.layouts) if i % folds != fold]
        model = as_model(fit(rest, material, recombined=recombined))
        for layout in material.layouts[fold::folds]:
            lines = list(read_lines("\n\n".join(row.text for row in layout.rows)))
            truth += [row.group for row in layout.rows]
            found += [group_of(kind) for kind in decide(lines, model)]
            ruled += [group_of(kind) for kind in place(lines, comments_start(lines))]
    return Scores.of(truth, found), Scores.of(truth, ruled)


def as_model(weights: Mapping[str, Floats]) -> BlockModel:
    """A model that is in no folder yet."""
    blank = Manifest(format=1, name="", kind="blocks", version="", features=(), scores={}, corpora={}, files={})
    return BlockModel(blank, **weights)


def write_blocks(folder: Path, data: Path, gold: Path, *, folds: int = FOLDS, recombined: int = RECOMBINED) -> Scores:
    """Train on everything, measure on layouts left out, and write and seal the folder."""
    material = read_material(data, gold)
    found, ruled = leave_out(material, folds=folds, recombined=recombined)
    weights = fit(material.layouts, material, recombined=recombined)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).unlink(missing_ok=True)
    stored = {name: np.round(value, 5).tolist() for name, value in weights.items()}
    (folder / WEIGHTS).write_text(json.dumps(stored, separators=(",", ":")) + "\n", encoding="utf-8")
    scores = {**found.named("model"), **ruled.named("rules alone"), "lines": found.lines}
    corpora = {
        "layouts": digest_of_all([data / LAYOUTS, data / LABELS]),
        "gold train": corpus_digest(read_gold(gold, "train")),
    }
    seal(folder, name="blocks", kind="blocks", version=VERSION, features=FEATURES, scores=scores, corpora=corpora)
    write_card(folder, BLOCKS_CARD, scores, corpora)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("corpora/blocks"))
    parser.add_argument("--gold", type=Path, default=Path("corpora/gold"))
    parser.add_argument("--out", type=Path, default=Path("models/blocks-1"))
    parser.add_argument("--folds", type=int, default=FOLDS, help="groups in which layouts are left out")
    options = parser.parse_args()
    found = write_blocks(options.out, options.data, options.gold, folds=options.folds)
    print(f"{options.out}: left out of the article F1 {found.excluded:.4f} on layouts left out of training")


if __name__ == "__main__":
    main()
