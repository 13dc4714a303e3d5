"""The stance head: probabilities, what a file of it holds, and what it learns from cases."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from nlp.artifacts import seal
from nlp.encoders import LABELS
from nlp.errors import NotSetUpError
from nlp.language import STANCE_HEAD, folder_of
from nlp.linear import Choice, LinearModel
from nlp.stance_features import GROUPS, group_of
from nlp.stance_head import STANCES, StanceHead, read_head, write_head

HEAD = StanceHead(
    bears=LinearModel(-1.0, {"bears: near": 4.0}),
    sides=Choice(STANCES, (0.0,) * 5, {"cross: for less against": (1.0, -1.0, 0.0, 0.0, 0.0)}),
    tone=np.array([1.0, -1.0, 0.5], dtype=np.float32),
    holds=LinearModel(-0.5, {"bears: surest": 1.0}),
)


def sealed(folder: Path, head: StanceHead) -> Path:
    write_head(folder, head)
    seal(folder, name="stance-head", kind="stance-head", version="1", features=LABELS, scores={}, corpora={})
    return folder


def test_probabilities_sum_to_one_and_follow_the_features() -> None:
    near = HEAD.probabilities({"bears: near": 0.8, "cross: for less against": -3.0})
    far = HEAD.probabilities({"bears: near": 0.0, "cross: for less against": -3.0})
    assert near.shape == (len(LABELS),) and near.sum() == pytest.approx(1, abs=1e-5)
    assert LABELS[int(near.argmax())] == "oppose" and LABELS[int(far.argmax())] == "none"


def test_tones_are_a_weight_a_number_and_a_bias() -> None:
    assert HEAD.tones(np.array([[1.0, 0.0], [0.0, 1.0]], dtype=np.float32)) == pytest.approx([1.5, -0.5])


def test_a_head_is_read_as_it_was_written(tmp_path: Path) -> None:
    head, manifest = read_head(sealed(tmp_path, HEAD))
    found = {"bears: near": 0.5, "cross: for less against": 1.0}
    assert np.allclose(head.probabilities(found), HEAD.probabilities(found)) and manifest.kind == "stance-head"
    assert head.holds == HEAD.holds


def test_a_changed_head_is_refused(tmp_path: Path) -> None:
    path = sealed(tmp_path, HEAD) / "bears.json"
    path.write_text(path.read_text(encoding="utf-8").replace("4.0", "9.0"), encoding="utf-8")
    with pytest.raises(NotSetUpError, match=r"bears\.json"):
        read_head(tmp_path)


def test_the_shipped_head_knows_every_group_of_features() -> None:
    head, _ = read_head(folder_of(STANCE_HEAD))
    assert {group_of(name) for name in head.bears.weights} == set(GROUPS)
    assert set(head.sides.labels) == set(STANCES) and head.tone.shape == (385,)


def test_a_head_learns_what_the_cases_show() -> None:
    pytest.importorskip("sklearn")
    from nlp.learn.examined import Case
    from nlp.learn.stance_head import calibrate, fit_head, fit_scale, read_unseen

    chance = random.Random(3)

    def case(number: int) -> Case:
        label = chance.choice(["none", "none", "support", "oppose", "mixed"])
        side = {"support": 3.0, "oppose": -3.0}.get(label, 0.0) + chance.gauss(0, 0.7)
        near = (label != "none") * 0.5 + chance.random() * 0.4
        return Case(f"a{number % 20}", "s1", "levy", {"bears: near": near, "cross: for less against": side}, label)

    cases = [case(number) for number in range(400)]
    tone = np.zeros(3, dtype=np.float32)
    unseen = read_unseen(cases, (), tone)
    right = [LABELS[int(row.argmax())] == each.label for row, each in zip(unseen, cases, strict=True)]
    assert np.mean(right) > 0.8
    head = fit_head(cases, (), tone)
    clear, even = ({"bears: near": near, "cross: for less against": 3.0} for near in (0.9, 0.45))
    assert LABELS[int(head.probabilities(clear).argmax())] == "support"
    doubtful = np.where(unseen == unseen.max(axis=1, keepdims=True), 0.6, 0.08).astype(np.float32)
    surer = calibrate(head, fit_scale(cases, doubtful))
    assert surer.probabilities(clear).max() > head.probabilities(clear).max(), "what was mostly right was too unsure"
    assert surer.probabilities(even).argmax() == head.probabilities(even).argmax()
