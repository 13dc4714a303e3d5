"""Porter's stemmer, which both engines index with: for marking in a text what they have found.

M. F. Porter, "An algorithm for suffix stripping", Program 14(3), 1980. Letters other than a to z are consonants.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

_VOWELS = frozenset("aeiou")
_SECOND: Mapping[str, str] = {
    "ational": "ate", "tional": "tion", "enci": "ence", "anci": "ance", "izer": "ize", "abli": "able",
    "alli": "al", "entli": "ent", "eli": "e", "ousli": "ous", "ization": "ize", "ation": "ate", "ator": "ate",
    "alism": "al", "iveness": "ive", "fulness": "ful", "ousness": "ous", "aliti": "al", "iviti": "ive",
    "biliti": "ble",
}  # fmt: skip
_THIRD: Mapping[str, str] = {
    "icate": "ic", "ative": "", "alize": "al", "iciti": "ic", "ical": "ic", "ful": "", "ness": "",
}  # fmt: skip
_FOURTH = (
    "al", "ance", "ence", "er", "ic", "able", "ible", "ant", "ement", "ment", "ent", "ion", "ou", "ism", "ate",
    "iti", "ous", "ive", "ize",
)  # fmt: skip


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of a word in lower case.

    >>> stem("practices"), stem("commissioning")
    ('practic', 'commiss')
    """
    if len(word) <= 2:
        return word
    word = _plural(word)
    word = _past(word)
    if word.endswith("y") and "v" in _shape(word[:-1]):
        word = word[:-1] + "i"
    word = _replaced(word, _SECOND)
    word = _replaced(word, _THIRD)
    return _last(_dropped(word))


def _shape(stem: str) -> str:
    """A "v" for each vowel and a "c" for each consonant; y is a vowel behind a consonant."""
    shape = ""
    for letter in stem:
        vowel = letter in _VOWELS or (letter == "y" and shape.endswith("c"))
        shape += "v" if vowel else "c"
    return shape


def _measure(stem: str) -> int:
    return len(re.findall("v+c", _shape(stem)))


def _ends_short(stem: str) -> bool:
    """Consonant, vowel, consonant, the last of which is none of w, x and y: "hop", not "how"."""
    return _shape(stem)[-3:] == "cvc" and stem[-1] not in "wxy"


def _plural(word: str) -> str:
    if word.endswith(("sses", "ies")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _past(word: str) -> str:
    if word.endswith("eed"):
        return word[:-1] if _measure(word[:-3]) else word
    ending = next((each for each in ("ed", "ing") if word.endswith(each)), None)
    if ending is None or "v" not in _shape(word[: -len(ending)]):
        return word
    word = word[: -len(ending)]
    if word.endswith(("at", "bl", "iz")):
        return word + "e"
    if len(word) > 1 and word[-1] == word[-2] and _shape(word)[-1] == "c":
        return word if word[-1] in "lsz" else word[:-1]
    return word + "e" if _measure(word) == 1 and _ends_short(word) else word


def _replaced(word: str, endings: Mapping[str, str]) -> str:
    """The word with its longest listed ending replaced, where enough is left before it."""
    ending = max((each for each in endings if word.endswith(each)), key=len, default=None)
    if ending is None or not _measure(word[: -len(ending)]):
        return word
    return word[: -len(ending)] + endings[ending]


def _dropped(word: str) -> str:
    ending = max((each for each in _FOURTH if word.endswith(each)), key=len, default=None)
    if ending is None:
        return word
    rest = word[: -len(ending)]
    if _measure(rest) < 2 or (ending == "ion" and not rest.endswith(("s", "t"))):
        return word
    return rest


def _last(word: str) -> str:
    if word.endswith("e"):
        measure = _measure(word[:-1])
        if measure > 1 or (measure == 1 and not _ends_short(word[:-1])):
            word = word[:-1]
    return word[:-1] if word.endswith("ll") and _measure(word) > 1 else word
