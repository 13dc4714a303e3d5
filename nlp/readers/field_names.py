"""What columns and keys of articles are called: the names that ``corpora/lexicons/fields.toml`` knows."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

import corpora

_APART = re.compile(r"[\s_-]+")


@cache
def _fields() -> Mapping[str, tuple[str, int]]:
    """A name as it is compared -> the field it fills, and how good a name for it it is (0 is the best)."""
    named = corpora.lexicon("fields")["names"]
    return {_plain_name(name): (field, rank) for field, names in named.items() for rank, name in enumerate(names)}


def _plain_name(name: str) -> str:
    return _APART.sub("", name.strip().strip("\ufeff").casefold())


def fields_of(names: Sequence[str]) -> dict[str, str]:
    """The fields that ``names`` fill, each with the best of its names."""
    ranked: dict[str, tuple[int, str]] = {}
    for name in names:
        known = _fields().get(_plain_name(name))
        if known and (known[0] not in ranked or known[1] < ranked[known[0]][0]):
            ranked[known[0]] = (known[1], name)
    return {field: name for field, (_, name) in ranked.items()}


def is_article_like(names: Sequence[str]) -> bool:
    """Whether the names are those of articles: one for the text, and another."""
    found = fields_of(names)
    return bool({"text", "html"} & found.keys()) and len(found) >= 2
