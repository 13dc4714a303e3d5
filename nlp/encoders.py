"""The small encoders, run by ONNX Runtime: sentences to vectors, and statements against claims.

Weights are int8. The result of a dynamic int8 model depends a little on what else is in the batch, so
a batch never crosses articles; callers hand over one article's texts at a time.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from tokenizers import Encoding, Tokenizer

from nlp.artifacts import Manifest, verify

Floats = NDArray[np.float32]

#: What the cross-encoder tells apart, in the order of its outputs; "none": the text takes no stance on the claim.
LABELS = ("support", "oppose", "conditional", "mixed", "neutral", "none")
#: Longest input of the cross-encoder in tokens: statement, context and claim together.
LENGTH = 96
#: Longest sentence of the sentence encoder in tokens; what follows is cut.
SENTENCE_LENGTH = 128
#: Texts of about equal length run together. The sentences of an article are some 25, from five words to eighty: padded
#: to the longest in one batch they take 142 ms on one core, in batches of eight 69 ms. Statements in their context are
#: of about one length, and gain little.
SENTENCES, PAIRS = 8, 32


class SentenceEncoder(Protocol):
    """Texts to unit vectors of shape (texts, width), float32."""

    @property
    def name(self) -> str: ...

    def encode(self, texts: Sequence[str]) -> Floats: ...


class MiniLM:
    """The shipped sentence encoder: all-MiniLM-L6-v2, mean of the token vectors, to unit length."""

    def __init__(self, folder: Path) -> None:
        """Raises NotSetUpError when the folder is not the model that its manifest names."""
        self.manifest: Manifest = verify(folder, kind="encoder", features=())
        self._session = _session(folder / "model.onnx")
        self._tokenizer = load_tokenizer(folder / "tokenizer.json", SENTENCE_LENGTH)
        self.name = f"{self.manifest.name}-{self.manifest.version}"

    def encode(self, texts: Sequence[str]) -> Floats:
        found = np.zeros((len(texts), 384), dtype=np.float32)
        for rank, feed in equal_batches(self._tokenizer.encode_batch(list(texts)), SENTENCES):
            tokens = self._session.run(None, feed)[0]
            mask = feed["attention_mask"][..., None].astype(np.float32)
            pooled = (tokens * mask).sum(axis=1) / np.maximum(mask.sum(axis=1), 1e-9)
            found[rank] = pooled / np.maximum(np.linalg.norm(pooled, axis=1, keepdims=True), 1e-12)
        return found


class CrossEncoder:
    """The stance model: a statement in its context against a claim."""

    def __init__(self, folder: Path) -> None:
        """Raises NotSetUpError when the folder is not the model that its manifest names."""
        self.manifest: Manifest = verify(folder, kind="stance", features=LABELS)
        self._session = _session(folder / "model.onnx")
        self._tokenizer = load_tokenizer(folder / "tokenizer.json", LENGTH)

    def logits(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        """Scores before softmax of (premise, claim) pairs: shape (pairs, labels), float32."""
        found = np.zeros((len(pairs), len(LABELS)), dtype=np.float32)
        for rank, feed in equal_batches(self._tokenizer.encode_batch(list(pairs)), PAIRS):
            found[rank] = self._session.run(None, feed)[0]
        return found

    def probabilities(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        """The softmax of the scores; not calibrated."""
        return softmax(self.logits(pairs))


def softmax(scores: Floats) -> Floats:
    """Scores to probabilities over the last axis, of any shape."""
    odds = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(odds / odds.sum(axis=-1, keepdims=True), dtype=np.float32)


def _session(path: Path) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    # Workers side by side have a thread each; the runtime by itself takes one a core, whatever this says.
    threads = os.environ.get("OMP_NUM_THREADS", "")
    options.intra_op_num_threads = int(threads) if threads.isdecimal() else 0
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def load_tokenizer(path: Path, length: int) -> Tokenizer:
    """The tokenizer of a model: at most ``length`` tokens, the end of the longer text of a pair cut first."""
    found = Tokenizer.from_file(str(path))
    found.enable_truncation(length, strategy="longest_first")
    found.no_padding()
    return found


def equal_batches(
    encodings: Sequence[Encoding], size: int
) -> list[tuple[NDArray[np.intp], dict[str, NDArray[np.int64]]]]:
    """Where each text of a batch belongs, and the batch: texts of about equal length, padded to the longest."""
    order = np.argsort([len(encoding.ids) for encoding in encodings], kind="stable")
    return [
        (rank, pad([encodings[i] for i in rank]))
        for rank in np.split(order, range(size, len(order), size))
        if len(rank)
    ]


def pad(encodings: Sequence[Encoding]) -> dict[str, NDArray[np.int64]]:
    """Input ids, mask and segments by name, padded to the longest: each of shape (texts, tokens)."""
    longest = max(len(encoding.ids) for encoding in encodings)
    feed = {
        name: np.zeros((len(encodings), longest), dtype=np.int64)
        for name in ("input_ids", "attention_mask", "token_type_ids")
    }
    for row, encoding in enumerate(encodings):
        length = len(encoding.ids)
        feed["input_ids"][row, :length] = encoding.ids
        feed["attention_mask"][row, :length] = encoding.attention_mask
        feed["token_type_ids"][row, :length] = encoding.type_ids
    return feed
