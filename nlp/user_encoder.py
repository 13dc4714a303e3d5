"""A sentence encoder of the user's own in place of the shipped one: any that sentence-transformers can load.

The one place outside ``nlp.learn`` that needs PyTorch, imported only when a user asks for it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nlp.encoders import Floats
from nlp.errors import NotSetUpError


class UserEncoder:
    """A sentence-transformers model by folder or by name; a name is looked up on this machine and never fetched."""

    def __init__(self, name: str) -> None:
        """Raises NotSetUpError when sentence-transformers or the model is not there."""
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise NotSetUpError(
                f"STANDPOINT_ENCODER={name} needs sentence-transformers", do="pip install 'standpoint[train]'"
            ) from error
        try:
            self._model = SentenceTransformer(name, device="cpu", local_files_only=True)
        except (OSError, ValueError) as error:
            raise NotSetUpError(
                "is no sentence-transformers model on this machine",
                where=f"STANDPOINT_ENCODER={name}",
                do="name a folder that holds one",
            ) from error
        self.name = name

    def encode(self, texts: Sequence[str]) -> Floats:
        """Unit vectors of shape (texts, width), float32."""
        found = self._model.encode(
            list(texts), normalize_embeddings=True, convert_to_numpy=True, show_progress_bar=False
        )
        return np.asarray(found, dtype=np.float32)
