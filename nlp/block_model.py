"""The block model: how likely each line of a page is the article itself, a reader's comment or furniture.

A linear model reads the features of each line (multinomial logistic regression), and a chain of states joins the
lines by the forward-backward algorithm (Rabiner 1989, "A tutorial on hidden Markov models"), as what stands beside a
comment is mostly a comment. The weights are plain JSON: NumPy does the sums at run time, without scikit-learn.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import numpy.typing as npt

from nlp.artifacts import Manifest, verify

Floats = npt.NDArray[np.float64]

#: The folder of the shipped model, and the file of its weights.
BLOCKS, WEIGHTS = "blocks-1", "weights.json"
#: What a line may be; every state belongs to one of the ``GROUPS``.
STATES = ("head", "body", "poster line", "comment", "furniture above", "furniture below", "comment furniture")
GROUPS = ("evidence", "comment", "furniture")
GROUP_OF = (0, 0, 1, 1, 2, 2, 2)


@dataclass(frozen=True, slots=True, eq=False)
class BlockModel:
    """``weights`` is features × states; ``starts``, ``moves`` and ``ends`` are factors of the chain, 1 for "as often
    as by chance"; ``centre`` and ``spread`` put features on one scale."""

    manifest: Manifest
    centre: Floats
    spread: Floats
    weights: Floats
    intercepts: Floats
    starts: Floats
    moves: Floats
    ends: Floats

    def read(self, features: Floats) -> Floats:
        """The probability of each of ``GROUPS`` for each row of features, read as one page from the top."""
        if not len(features):
            return np.zeros((0, len(GROUPS)))
        scores = ((features - self.centre) / self.spread) @ self.weights + self.intercepts
        likely = np.exp(scores - scores.max(axis=1, keepdims=True))
        likely = np.maximum(likely / likely.sum(axis=1, keepdims=True), 1e-7)
        states = join(likely, self.starts, self.moves, self.ends)
        return np.column_stack([states[:, [g == group for g in GROUP_OF]].sum(axis=1) for group in range(len(GROUPS))])


def join(likely: Floats, starts: Floats, moves: Floats, ends: Floats) -> Floats:
    """The probability of each state at each line, given all lines: forward and backward along the chain."""
    forward, backward = np.empty_like(likely), np.empty_like(likely)
    at = starts * likely[0]
    forward[0] = at / at.sum()
    for i in range(1, len(likely)):
        at = (forward[i - 1] @ moves) * likely[i]
        forward[i] = at / at.sum()
    backward[-1] = ends
    for i in range(len(likely) - 2, -1, -1):
        at = moves @ (backward[i + 1] * likely[i + 1])
        backward[i] = at / at.sum()
    states = forward * backward
    joined: Floats = states / states.sum(axis=1, keepdims=True)
    return joined


def read_model(folder: Path, features: tuple[str, ...]) -> BlockModel:
    """The model in a folder. Raises NotSetUpError for one that is not whole or was trained on other features."""
    manifest = verify(folder, kind="blocks", features=features)
    stored = json.loads((folder / WEIGHTS).read_bytes())
    names = ("centre", "spread", "weights", "intercepts", "starts", "moves", "ends")
    return BlockModel(manifest, *(np.array(stored[name], dtype=np.float64) for name in names))


@cache
def shipped_model(features: tuple[str, ...]) -> BlockModel:
    """The model that ships, loaded once. Raises NotSetUpError."""
    return read_model(Path(str(files("models") / BLOCKS)), features)
