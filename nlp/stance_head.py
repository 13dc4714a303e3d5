"""The stance head: linear models that join the features of ``nlp.stance_features`` to calibrated probabilities.

One logistic regression says whether a statement bears on a topic, a multinomial one with which stance, a third, on the
sentence encoder's vector alone, with what tone, and a fourth whether a holder takes a position in an article. Trained
by ``nlp.learn.stance_head``, kept as JSON.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from nlp.artifacts import Manifest, verify
from nlp.encoders import LABELS, Floats
from nlp.linear import Choice, Features, LinearModel, read_choice, read_linear, write_choice, write_linear

#: The stances that the head tells apart: every label of the cross-encoder but "none".
STANCES = LABELS[:-1]
BEARS, SIDES, TONE, HOLDS = "bears.json", "sides.json", "tone.json", "holds.json"


@dataclass(frozen=True, slots=True)
class StanceHead:
    """``bears`` and ``sides`` read the named features of a statement, ``holds`` those of a holder
    (``nlp.position_features``); ``tone`` has a weight for every number of a sentence vector, and behind them the bias.
    """

    bears: LinearModel
    sides: Choice
    tone: Floats
    holds: LinearModel

    def probabilities(self, found: Features) -> Floats:
        """Of each label of ``LABELS``, "none" last: shape (labels,), float32."""
        bears = self.bears.probability(found)
        likely = self.sides.probabilities(found)
        return np.array([*(bears * likely.get(stance, 0.0) for stance in STANCES), 1 - bears], dtype=np.float32)

    def tones(self, vectors: Floats) -> Floats:
        """Log odds of support rather than opposition, of vectors of shape (texts, width): shape (texts,)."""
        return np.asarray(vectors @ self.tone[:-1] + self.tone[-1], dtype=np.float32)


def read_head(folder: Path) -> tuple[StanceHead, Manifest]:
    """The head of a folder. Raises NotSetUpError when the folder is not the model that its manifest names."""
    manifest = verify(folder, kind="stance-head", features=LABELS)
    tone = np.array(json.loads((folder / TONE).read_text(encoding="utf-8")), dtype=np.float32)
    holds = read_linear(folder / HOLDS)
    return StanceHead(read_linear(folder / BEARS), read_choice(folder / SIDES), tone, holds), manifest


def write_head(folder: Path, head: StanceHead) -> None:
    """A file each; the tone's weights to four digits."""
    write_linear(folder / BEARS, head.bears)
    write_choice(folder / SIDES, head.sides)
    write_linear(folder / HOLDS, head.holds)
    tone = [round(float(value), 4) for value in head.tone]
    (folder / TONE).write_text(json.dumps(tone, indent=0) + "\n", encoding="utf-8")
