"""Loads the sentence encoder alone, for search: no language pipeline, no other model, 90 MB in place of 400."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path

from nlp.encoders import MiniLM, SentenceEncoder

#: The folder of the shipped encoder.
ENCODER = "encoder-minilm-int8"


@cache
def load_encoder(name: str = "") -> SentenceEncoder:
    """The encoder, loaded once a process: the shipped one, or a user's own by folder or name.

    Raises NotSetUpError where it is missing, changed or cannot be loaded.
    """
    if name:
        from nlp.user_encoder import UserEncoder

        return UserEncoder(name)
    return MiniLM(Path(str(files("models") / ENCODER)))
