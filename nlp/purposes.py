"""What money is for, as a set of words that can be compared: two wordings of one purpose, told by what they share.

Likeness is the Jaccard index of the sets (Jaccard, 1912): shared words as a part of all words of the two.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

import corpora
from nlp.inflections import stem
from nlp.records import Figure

Purpose = frozenset[str]

#: A word that more wordings than this share opens no way from one to another. It keeps the work linear: 50,000
#: wordings that have one word in common and differ in another take seconds, each held against each would take hours.
COMMON = 200
#: Opens the id of who pays or gets the money, where it stands among the words of a purpose.
PARTY = "@"

_WORD = re.compile(r"[^\W_]+(?:[’'&‑-][^\W_]+){0,6}")


@cache
def _words(name: str) -> frozenset[str]:
    return frozenset(stem(word) for word in corpora.lexicon("claims")["purpose"][name])


#: Wordings whose stems are kept: a corpus has far fewer than figures, and each is asked for many times.
_KEPT = 1 << 16


@lru_cache(_KEPT)
def stem_of(word: str) -> str:
    """The stem of a word, kept for the next time."""
    return stem(word.replace("‑", "-"))


@lru_cache(_KEPT)
def content_words(text: str) -> Purpose:
    """The words of a phrase as stems, without what holds them together and without numbers.

    >>> sorted(content_words("the primary care budget’s premises"))
    ['budget', 'care', 'premise', 'primary']
    """
    found = (stem_of(word) for word in _WORD.findall(text))
    return frozenset(word for word in found if word not in _words("little") and not word.isdecimal())


def purpose_of(figure: Figure) -> Purpose:
    """What the money of a figure is for; empty where nothing tells it.

    Words of money alone ("the deficit") tell it only together with who pays or gets it.
    """
    said = content_words(figure.what.text) if figure.what else frozenset()
    if telling := said - _words("generic"):
        return telling
    parties = (("payer", figure.payer), ("recipient", figure.recipient))
    known = frozenset(f"{PARTY}{role} {id}" for role, id in parties if id)
    return said | known if known else frozenset()


def is_named(purpose: Purpose) -> bool:
    """Whether words say what the money is for, and not only who pays or gets it."""
    return any(not word.startswith(PARTY) for word in purpose)


def likeness(one: Purpose, two: Purpose) -> float:
    """Shared words as a part of all words, 0 to 1; 0 where one of the two is empty."""
    return len(one & two) / len(one | two) if one and two else 0.0


def gather(purposes: Iterable[Purpose], least: float) -> Mapping[Purpose, Purpose]:
    """Each purpose with the one that it is a wording of: the wording used most that is at least so like it.

    Wordings are taken in an order of their own (used most, fewest words, by letter), so the order in which they come
    changes nothing; and each is like its leader, so that no chain leads from one purpose to another.
    """
    counts = Counter(purposes)
    uses = Counter(word for purpose in counts for word in purpose)
    leaders: dict[Purpose, Purpose] = {}
    ways: dict[str, list[Purpose]] = defaultdict(list)
    for purpose in sorted(counts, key=lambda p: (-counts[p], len(p), sorted(p))):
        open_words = [word for word in sorted(purpose) if uses[word] <= COMMON]
        met = dict.fromkeys(leader for word in open_words for leader in ways[word])
        best = max(met, key=lambda leader: (likeness(purpose, leader), counts[leader]), default=purpose)
        leader = best if likeness(purpose, best) >= least else purpose
        leaders[purpose] = leader
        if leader is purpose:
            for word in open_words:
                ways[word].append(purpose)
    return leaders
