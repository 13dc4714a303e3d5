"""Data files with one loader: everything is found inside the package, from any directory."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any


def folder(name: str) -> Traversable:
    """The folder ``name`` of the corpora, such as "topics"."""
    return files(__name__) / name


@cache
def lexicon(name: str) -> Mapping[str, Any]:
    """The TOML file ``lexicons/NAME.toml``; loaded once, to be read and never changed."""
    return tomllib.loads((folder("lexicons") / f"{name}.toml").read_text(encoding="utf-8"))
