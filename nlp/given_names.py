"""Who is called by a given name alone, as local papers do: "Bus driver Len Brough, 71, is angry. Len said"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from nlp.alternatives import one_of
from nlp.names import is_given, not_a_name

#: Given names that open sentences as other words.
_WORDS = frozenset(
    {"April", "Art", "August", "Bill", "Dawn", "Faith", "Grace", "Grant", "Hope", "Joy", "June", "Mark", "May", "Pat"}
    | {"Rose", "Summer", "Will", "Drew", "Sue", "Rob", "Bob", "Jack", "Frank", "Max", "Chase"}
)
#: A capital before a given name makes it part of another name, but for words that open a sentence.
_BEFORE = re.compile(r"(?P<word>[A-Z][\w’'.-]*)\s$")
_OPENERS = frozenset({"And", "As", "But", "Even", "For", "If", "Like", "So", "Then", "Yet", "When", "While"})
#: "Len Hale", "Len’s Café" and "Len and Sons" are somebody or something else.
_BEHIND = re.compile(r"[\w-]|\s[A-Z]|['’]s\s[A-Z]|\sand\s(?:Sons|Co)\b|\sStreet\b")


def called_by_given(named: Mapping[str, tuple[int, str]]) -> dict[str, tuple[int, str]]:
    """Given name -> where its only bearer is named first, and their id; of ``named``, full name -> the same."""
    bearers = Counter(name.split()[0] for name in named)
    taken = _WORDS | {name.split()[-1] for name in named}
    return {
        given: place
        for name, place in named.items()
        if (given := name.split()[0]) not in taken and bearers[given] == 1
        and len(name.split()) > 1 and len(given) > 2 and is_given(given) and not not_a_name(given)
    }  # fmt: skip


def find_given_names(
    text: str, start: int, end: int, called: Mapping[str, tuple[int, str]]
) -> Iterator[tuple[int, int, str]]:
    """Offsets of every given name alone behind the name in full, and whose it is."""
    if not called:
        return
    for match in re.finditer(rf"(?<![\w’'&-]){one_of(called)}", text[start:end]):
        low, high = start + match.start(), start + match.end()
        first, id_ = called[match.group()]
        before = _BEFORE.search(text, max(start, low - 30), low)
        if low > first and not _BEHIND.match(text, high) and (before is None or before["word"] in _OPENERS):
            yield low, high, id_
