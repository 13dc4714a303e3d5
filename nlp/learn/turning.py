"""The same statement against the opposite claim: what is for the one is against the other.

A model that has only seen claims that ask for something learns to read the tone of the statement and not the
claim: of 111 sides on gold dev it gave the same side to claim and counter-claim in two of three.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from nlp.learn.examples import Example

_OTHER = {"support": "oppose", "oppose": "support"}
_DUTY = re.compile(r"\b(should|must|ought to|can|will)\b(?!\s+(?:not|never)\b)")


def opposite(claim: str, counters: Mapping[str, str]) -> str | None:
    """The claim denied: its counter-claim where one is written, else with "not"; None where neither can be."""
    if counters.get(claim):
        return counters[claim]
    denied = re.sub(r"\b(should|must|can|will) (?:not|never)\b", r"\1", claim, count=1)
    if denied != claim:
        return denied
    denied = _DUTY.sub(r"\1 not", claim, count=1)
    return denied if denied != claim else None


def turned(examples: Iterable[Example], counters: Mapping[str, str], *, seed: int) -> list[Example]:
    """Side-taking examples against the opposite claim, with the other side as label.

    Half of the others are turned too and keep their label, so that "not" alone says nothing of a side. A claim with
    a written counter-claim is denied by "not" as often as by it.
    """
    chance = random.Random(seed)
    found = []
    for example in examples:
        written = counters if chance.random() < 0.5 else {}
        claim = opposite(example.claim, written)
        if claim is None or (example.label not in _OTHER and chance.random() < 0.5):
            continue
        found.append(replace(example, claim=claim, label=_OTHER.get(example.label, example.label)))
    return found


def counters_of(topics: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Claims to their counter-claims, both ways."""
    return {a: b for claim, counter in topics if counter for a, b in ((claim, counter), (counter, claim))}
