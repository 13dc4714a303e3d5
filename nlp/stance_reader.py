"""What the stance step asks of the models, behind one door: nearness, tone, parse, scores, and the head that joins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from nlp.encoders import Floats, SentenceEncoder, softmax
from nlp.stance_head import StanceHead


class PairScorer(Protocol):
    """A cross-encoder: (premise, claim) pairs to scores before softmax, of shape (pairs, labels)."""

    def logits(self, pairs: Sequence[tuple[str, str]]) -> Floats: ...


class StanceReader:
    """The models of one worker, as the stance step uses them.

    ``encoder`` says what is near and may be a user's own; ``tone`` is the one that the head's tone was trained on.
    """

    def __init__(
        self, encoder: SentenceEncoder, tone: SentenceEncoder, cross: PairScorer, head: StanceHead, language: Language
    ) -> None:
        self.head = head
        self._encoder, self._tone, self._cross, self._language = encoder, tone, cross, language
        self._claims: dict[str, Floats] = {}
        self._contraries: dict[str, Floats] = {}
        #: The vectors of the article that was looked at last: its sentences are asked for twice.
        self._last: dict[str, Floats] = {}

    def likeness(self, texts: Sequence[str], claims: Sequence[str]) -> Floats:
        """Cosines of shape (texts, claims). Claims are encoded once, each by itself."""
        for claim in claims:
            if claim not in self._claims:
                self._claims[claim] = self._encoder.encode([claim])[0]
        known = np.stack([self._claims[claim] for claim in claims])
        vectors = self._encoder.encode(texts)
        self._last = dict(zip(texts, vectors, strict=True)) if self._encoder is self._tone else {}
        return np.asarray(vectors @ known.T, dtype=np.float32)

    def leanings(self, texts: Sequence[str], claim: str, counter: str) -> Floats:
        """Of texts, by how much nearer they are to a claim than to its contrary: shape (texts,)."""
        if not texts or not counter:
            return np.zeros(len(texts), dtype=np.float32)
        first, second = (self._contrary(words) for words in (claim, counter))
        return np.asarray(self._vectors(texts) @ (first - second), dtype=np.float32)

    def _contrary(self, claim: str) -> Floats:
        if claim not in self._contraries:
            self._contraries[claim] = self._tone.encode([claim])[0]
        return self._contraries[claim]

    def _vectors(self, texts: Sequence[str]) -> Floats:
        known = all(text in self._last for text in texts)
        return np.stack([self._last[text] for text in texts]) if known else self._tone.encode(texts)

    def tones(self, texts: Sequence[str]) -> Floats:
        """Of texts, the log odds of a view for rather than against, by their vectors alone: shape (texts,)."""
        if not texts:
            return np.zeros(0, dtype=np.float32)
        return self.head.tones(self._vectors(texts))

    def parse(self, texts: Sequence[str]) -> list[Doc]:
        """The texts, each parsed by itself, in one batch."""
        return list(self._language.pipe(texts, batch_size=max(1, len(texts))))

    def scores(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        """Of (premise, claim) pairs, the score of each label before softmax: shape (pairs, labels)."""
        return self._cross.logits(pairs)

    def probabilities(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        """Of (premise, claim) pairs, the cross-encoder's probability of each label: not calibrated."""
        return softmax(self.scores(pairs))
