"""Which of many names are worth comparing: those that are equal, share words, or are spelt alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz, process

from nlp.matching.compare import ALIKE, Wanted
from nlp.register import fold_name, initials

#: So many names of each sort are compared in full.
MANY = 60


def shortlist(wanted: Wanted, names: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Ids of those whose names may be meant, in no order that counts. Time is linear in the names."""
    holders: dict[str, list[str]] = {}
    for id, own in names.items():
        for name in own:
            holders.setdefault(fold_name(name), []).append(id)
    choices = list(holders)
    same = [wanted.folded] if wanted.folded in holders else []
    last = wanted.words[-1] if wanted.words else ""
    surnames = [name for name in choices if last and name.rpartition(" ")[2] == last]
    # by set of words first: it sees "Committee, General Practitioners" as well
    words = process.extract(wanted.folded, choices, scorer=fuzz.token_sort_ratio, limit=MANY, score_cutoff=60)
    spelt = process.extract(wanted.folded, choices, scorer=fuzz.ratio, limit=MANY, score_cutoff=ALIKE - 6)
    short = []
    if wanted.text.isupper() and 2 < len(wanted.text) < 9:
        short = [fold_name(own[0]) for own in names.values() if own and initials(own[0]) == wanted.text]
    found = [*same, *surnames[: MANY * 10], *(name for name, *_ in words), *(name for name, *_ in spelt), *short]
    return tuple(dict.fromkeys(id for name in found for id in holders[name]))
