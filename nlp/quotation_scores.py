"""Quotations found in a text against quotations that people marked: the measures of two other programs.

A quotation is who speaks (``source``), the words that say so (``cue``) and what is said (``content``), each as
half-open offsets. Only letters and digits, or the words they make, are counted: whether a corpus counts
quotation marks and commas to the content tells nothing about a reader.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import product, starmap
from operator import add

from nlp.annotations import Places
from nlp.tallies import Counts

ROLES = ("source", "cue", "content")
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Quotation:
    """One quotation, by offsets into its text; a part that is not there is empty."""

    source: Places
    cue: Places
    content: Places

    def part(self, role: str) -> Places:
        return {"source": self.source, "cue": self.cue, "content": self.content}[role]


@dataclass(frozen=True, slots=True)
class Pair:
    """Indices of a gold and a predicted quotation that are taken for one."""

    gold: int
    predicted: int


def match_contents(
    text: str, gold: Sequence[Quotation], predicted: Sequence[Quotation], *, overlap: float, symmetric: bool = False
) -> tuple[Pair, ...]:
    """Gold and predicted contents that overlap enough (0 to 1), one to one, those with the largest overlap first.

    The overlap is the share of the gold content's letters and digits that the predicted content holds. So do
    Asr et al., "The Gender Gap Tracker" (PLoS ONE 16(1), 2021), and their ``evaluate_quotes.py``, which counts all
    characters, takes gold quotations in the order of the text, and asks for more than the threshold rather than
    for at least it. That share forgives a prediction that is too long; ``symmetric`` divides by what either
    holds (Jaccard) instead and does not.
    """
    want = [_letters(text, q.content) for q in gold]
    got = [_letters(text, q.content) for q in predicted]

    def likeness(shared: int, i: int, j: int) -> float:
        return shared / (len(want[i] | got[j]) if symmetric else len(want[i]))

    return _greedy((likeness(shared, i, j), i, j) for (i, j), shared in _shared(want, got).items()
                   if likeness(shared, i, j) >= overlap)  # fmt: skip


def content_counts(
    text: str, gold: Sequence[Quotation], predicted: Sequence[Quotation], *, overlap: float, symmetric: bool = False
) -> Counts:
    """How many contents of one text are found, missed and made up; see ``match_contents``."""
    pairs = match_contents(text, gold, predicted, overlap=overlap, symmetric=symmetric)
    return Counts.of(matched=len(pairs), predicted=len(predicted), gold=len(gold))


def match_quotations(text: str, gold: Sequence[Quotation], predicted: Sequence[Quotation]) -> tuple[Pair, ...]:
    """Quotations that share words of the content or the cue, one to one, those with most words in common first.

    "In common" is by Jaccard over source, cue and content; a source in common alone makes no match.
    """
    return _same_quotations(*([_words(text, q) for q in quotations] for quotations in (gold, predicted)))


def token_counts(
    text: str, gold: Sequence[Quotation], predicted: Sequence[Quotation], *, one_to_one: bool = True
) -> dict[str, Counts]:
    """Words of sources, cues and contents that are found, missed and made up.

    After the overlap scores of Citron (BBC, ``citron/metrics.py``): words that predicted and gold spans share,
    against all words of predicted spans (precision) and of gold spans (recall). Citron adds up what every
    predicted quotation shares with every gold one, so that a source which two quotations share counts up to four
    times and a score may pass 1: that is ``one_to_one=False``. Else a quotation is compared with the one alone that
    it is matched with (``match_quotations``), and words of unmatched ones are missed or made up.
    """
    want, got = ([_words(text, q) for q in quotations] for quotations in (gold, predicted))
    pairs = (
        _same_quotations(want, got) if one_to_one else tuple(starmap(Pair, product(range(len(want)), range(len(got)))))
    )
    return {role: _token_counts(role, want, got, pairs) for role in ROLES}


def sum_counts(counts: Iterable[Counts]) -> Counts:
    """The counts of several texts added up."""
    return reduce(add, counts, Counts())


Words = Mapping[str, frozenset[int]]


def _token_counts(role: str, want: Sequence[Words], got: Sequence[Words], pairs: Iterable[Pair]) -> Counts:
    return Counts.of(
        matched=sum(len(want[p.gold][role] & got[p.predicted][role]) for p in pairs),
        predicted=sum(len(words[role]) for words in got),
        gold=sum(len(words[role]) for words in want),
    )


def _same_quotations(want: Sequence[Words], got: Sequence[Words]) -> tuple[Pair, ...]:
    anchors = [[frozenset(_tagged(q, ("cue", "content"))) for q in quotations] for quotations in (want, got)]
    whole = [[frozenset(_tagged(q, ROLES)) for q in quotations] for quotations in (want, got)]
    return _greedy(
        (len(whole[0][i] & whole[1][j]) / len(whole[0][i] | whole[1][j]), i, j) for i, j in _shared(*anchors)
    )


def _tagged(words: Words, roles: Iterable[str]) -> Iterable[tuple[str, int]]:
    return ((role, word) for role in roles for word in words[role])


def _greedy(candidates: Iterable[tuple[float, int, int]]) -> tuple[Pair, ...]:
    """One-to-one pairs of (likeness, gold, predicted), the likest first; of equals the first in the text."""
    pairs: dict[int, int] = {}
    used: set[int] = set()
    for _, i, j in sorted(candidates, key=lambda row: (-row[0], row[1], row[2])):
        if i not in pairs and j not in used:
            pairs[i] = j
            used.add(j)
    return tuple(Pair(i, j) for i, j in sorted(pairs.items()))


def _shared(want: Sequence[Collection[object]], got: Sequence[Collection[object]]) -> Counter[tuple[int, int]]:
    """How much each gold and each predicted set have in common, where they have anything."""
    holders: dict[object, list[int]] = defaultdict(list)
    for i, items in enumerate(want):
        for item in items:
            holders[item].append(i)
    return Counter((i, j) for j, items in enumerate(got) for item in items for i in holders.get(item, ()))


def _letters(text: str, places: Places) -> frozenset[int]:
    """Offsets of the letters and digits in the places."""
    return frozenset(at for start, end in places for at in range(start, end) if text[at].isalnum())


def _words(text: str, quotation: Quotation) -> Words:
    """Start offsets of the words of each part."""
    return {
        role: frozenset(
            start + found.start() for start, end in quotation.part(role) for found in _WORD.finditer(text[start:end])
        )
        for role in ROLES
    }
