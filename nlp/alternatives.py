"""One of many words as a pattern: letters that words share at their front are tried once, not word by word."""

from __future__ import annotations

import re
from collections.abc import Iterable

_Tree = dict[str, "_Tree"]


def one_of(words: Iterable[str], *, space: str = r"\ ") -> str:
    r"""A group that matches what "longest|longer|long" does, in the same order, in a fraction of the time.

    Of several words that fit at a place one begins the other, so that to go on where a letter follows is to try the
    longest first. ``space`` is what stands for a space (``r"\s+"``). For a pattern that ignores case give the words
    in small letters.
    """
    tree: _Tree = {}
    for word in words:
        node = tree
        for letter in word:
            node = node.setdefault(letter, {})
        node[""] = {}
    return _written(tree, space)


def _written(node: _Tree, space: str) -> str:
    branches = []
    for letter, below in node.items():
        run = letter
        while len(below) == 1 and "" not in below and letter:
            following = next(iter(below))
            run, below = run + following, below[following]
        if letter:
            branches.append(
                re.escape(run).replace(r"\ ", space) + (_written(below, space) if set(below) - {""} else "")
            )
    if "" in node:
        branches.append("")  # the word ends here, when nothing longer fits
    return f"(?:{'|'.join(branches)})"
