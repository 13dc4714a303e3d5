"""What the stance step asks of the models, behind one door: nearness, tone, parse, scores, and the head that joins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc

from nlp.encoders import Floats, SentenceEncoder, softmax
from nlp.records import Topic
from nlp.stance_head import StanceHead


class PairScorer(Protocol):
    """A cross-encoder: (premise, claim) pairs to scores before softmax, of shape (pairs, labels)."""

    def logits(self, pairs: Sequence[tuple[str, str]]) -> Floats: ...


class Nearness:
    """Cosines of texts and claims by a sentence encoder.

    Claims are encoded once, each by itself, and so are the texts that were asked for last: an article's sentences are
    wanted several times.
    """

    def __init__(self, encoder: SentenceEncoder) -> None:
        self._encoder = encoder
        self._claims: dict[str, Floats] = {}
        self._last: dict[str, Floats] = {}

    def __call__(self, texts: Sequence[str], claims: Sequence[str]) -> Floats:
        """Shape (texts, claims)."""
        return np.asarray(self.vectors(texts) @ np.stack([self.claim(claim) for claim in claims]).T, dtype=np.float32)

    def claim(self, claim: str) -> Floats:
        """The unit vector of a claim: shape (width,)."""
        if claim not in self._claims:
            self._claims[claim] = self._encoder.encode([claim])[0]
        return self._claims[claim]

    def vectors(self, texts: Sequence[str]) -> Floats:
        """Unit vectors of shape (texts, width); one batch, or what is known of all of them."""
        last = self._last  # another thread may put its own article's there
        if texts and all(text in last for text in texts):
            return np.stack([last[text] for text in texts])
        found = self._encoder.encode(texts)
        self._last = dict(zip(texts, found, strict=True))
        return found


class StanceReader:
    """The models of one worker, as the stance step uses them.

    ``encoder`` says what is near and may be a user's own; ``tone`` is the one that the head was trained on.
    """

    def __init__(
        self, encoder: SentenceEncoder, tone: SentenceEncoder, cross: PairScorer, head: StanceHead, language: Language
    ) -> None:
        self.head = head
        self._near = Nearness(encoder)
        self._trained = self._near if encoder is tone else Nearness(tone)
        self._cross, self._language = cross, language

    def likeness(self, texts: Sequence[str], claims: Sequence[str]) -> Floats:
        """Cosines of shape (texts, claims)."""
        return self._near(texts, claims)

    def vectors(self, texts: Sequence[str]) -> Floats:
        """Unit vectors of shape (texts, width) by the encoder that the head was trained on."""
        return self._trained.vectors(texts)

    def contrast(self, topic: Topic) -> Floats:
        """From the topic's contrary to its claim: shape (width,); nothing where it names no contrary."""
        claim = self._trained.claim(topic.claim)
        return claim - self._trained.claim(topic.counter_claim) if topic.counter_claim else np.zeros_like(claim)

    def parse(self, texts: Sequence[str]) -> list[Doc]:
        """The texts, each parsed by itself, in one batch."""
        return list(self._language.pipe(texts, batch_size=max(1, len(texts))))

    def scores(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        """Of (premise, claim) pairs, the score of each label before softmax: shape (pairs, labels)."""
        return self._cross.logits(pairs)

    def probabilities(self, pairs: Sequence[tuple[str, str]]) -> Floats:
        """Of (premise, claim) pairs, the cross-encoder's probability of each label: not calibrated."""
        return softmax(self.scores(pairs))
