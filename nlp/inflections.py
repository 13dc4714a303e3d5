"""Forms of English words that the word lists leave out: regular verbs, plurals, possessives."""

from __future__ import annotations

import re


def forms(entry: str) -> tuple[str, ...]:
    """All forms of a lexicon verb: the words of the entry, or the regular forms of its only word.

    >>> forms("pledge")
    ('pledge', 'pledges', 'pledged', 'pledging')
    """
    if " " in entry:
        return tuple(entry.split())
    if entry.endswith("e"):
        return entry, entry + "s", entry + "d", entry[:-1] + "ing"
    if re.search(r"[^aeiou]y$", entry):
        return entry, entry[:-1] + "ies", entry[:-1] + "ied", entry + "ing"
    plural = entry + ("es" if re.search(r"(?:s|x|z|ch|sh)$", entry) else "s")
    return entry, plural, entry + "ed", entry + "ing"


def stem(word: str) -> str:
    """Lower-case singular without possessive: "budgets’" and "Budget's" become "budget"."""
    bare = re.sub(r"[’'‘]s?$", "", word.lower()).replace("’", "'")
    if len(bare) > 4 and bare.endswith("ies"):
        return bare[:-3] + "y"
    if re.search(r"(?:sses|xes|ches|shes|[lnr]uses)$", bare):
        return bare[:-2]
    return bare[:-1] if len(bare) > 2 and bare.endswith("s") and not bare.endswith(("ss", "us", "is")) else bare
