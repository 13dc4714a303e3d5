"""Static word vectors from MiniLM: each word alone through the encoder, then fewer dimensions.

A pipeline trained on 17,000 sentences meets many words for the first time in use; a vector tells it
what they are like. The method is that of model2vec (Tulkens and van Dongen, 2024) without its
weighting by rank: the encoder's mean output for a single word, centred, and cut to its principal components.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from sklearn.decomposition import PCA
from spacy.language import Language
from spacy.vectors import Vectors


def add_vectors(language: Language, words: Iterable[str], folder: str, *, dimensions: int = 96) -> None:
    """Give the pipeline's vocabulary vectors for some words, however they are capitalised.

    spaCy can look vectors up in lower case, but a saved pipeline forgets that it did: each word has
    three keys instead, all to one row.
    """
    from sentence_transformers import SentenceTransformer

    chosen = sorted({word.lower() for word in words})
    encoder = SentenceTransformer(folder, device="cpu")
    full = encoder.encode(chosen, batch_size=256, show_progress_bar=False, convert_to_numpy=True)
    data = PCA(dimensions, random_state=0).fit_transform(np.asarray(full, dtype=np.float32))
    data = (data / np.maximum(1e-6, np.linalg.norm(data, axis=1, keepdims=True))).astype(np.float32)
    keys = [language.vocab.strings.add(word) for word in chosen]
    language.vocab.vectors = Vectors(data=data, keys=keys, name="minilm-words")
    for row, word in enumerate(chosen):
        for form in (word.capitalize(), word.upper()):
            language.vocab.vectors.add(language.vocab.strings.add(form), row=row)
