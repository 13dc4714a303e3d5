"""The stance head: linear models that join the features of ``nlp.stance_features`` to calibrated probabilities.

One logistic regression says whether a statement bears on a topic, a multinomial one with which stance, and a third,
on the sentence encoder's vector alone, with what tone. Trained by ``nlp.learn.stance_head``, kept as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nlp.artifacts import Manifest, verify
from nlp.encoders import LABELS, Floats
from nlp.linear import Features, LinearModel, logistic

#: The stances that the head tells apart: every label of the cross-encoder but "none".
STANCES = LABELS[:-1]
FILE = "weights.json"


@dataclass(frozen=True, slots=True)
class StanceHead:
    """``bears`` and ``sides``: a regression each over named features, ``sides`` one a stance, together a softmax.

    ``tone`` holds a weight for every number of a sentence vector, and behind them the bias. ``scale`` are the
    temperatures of both regressions (Guo et al. 2017), fitted on articles that these did not see.
    """

    bears: LinearModel
    sides: Mapping[str, LinearModel]
    tone: Floats
    scale: tuple[float, float] = (1.0, 1.0)

    def probabilities(self, found: Features) -> Floats:
        """Of each label of ``LABELS``, "none" last: shape (labels,), float32."""
        bears = logistic(self.bears.score(found) / self.scale[0])
        scores = np.array([self.sides[stance].score(found) for stance in STANCES]) / self.scale[1]
        odds = np.exp(scores - scores.max())
        return np.append(bears * odds / odds.sum(), 1 - bears).astype(np.float32)

    def tones(self, vectors: Floats) -> Floats:
        """Log odds of support rather than opposition, of vectors of shape (texts, width): shape (texts,)."""
        return np.asarray(vectors @ self.tone[:-1] + self.tone[-1], dtype=np.float32)


def read_head(folder: Path) -> tuple[StanceHead, Manifest]:
    """The head of a folder. Raises NotSetUpError when the folder is not the model that its manifest names."""
    manifest = verify(folder, kind="stance-head", features=LABELS)
    row = json.loads((folder / FILE).read_text(encoding="utf-8"))
    head = StanceHead(
        bears=_model(row["bears"]),
        sides={stance: _model(row["sides"][stance]) for stance in STANCES},
        tone=np.array(row["tone"], dtype=np.float32),
        scale=(float(row["scale"][0]), float(row["scale"][1])),
    )
    return head, manifest


def _model(row: Mapping[str, object]) -> LinearModel:
    return LinearModel(float(str(row["bias"])), {str(k): float(v) for k, v in dict(row["weights"]).items()})  # type: ignore[call-overload]


def write_head(folder: Path, head: StanceHead) -> None:
    """The weights as JSON, in the order of their names, to four digits."""

    def plain(model: LinearModel) -> dict[str, object]:
        weights = {name: round(weight, 4) for name, weight in sorted(model.weights.items()) if round(weight, 4)}
        return {"bias": round(model.bias, 4), "weights": weights}

    row = {
        "bears": plain(head.bears),
        "sides": {stance: plain(model) for stance, model in head.sides.items()},
        "scale": [round(value, 4) for value in head.scale],
        "tone": [round(float(value), 4) for value in head.tone],
    }
    (folder / FILE).write_text(json.dumps(row, indent=0) + "\n", encoding="utf-8")
