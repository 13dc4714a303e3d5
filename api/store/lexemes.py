"""Full-text search on PostgreSQL: queries as tsquery, and snippets in the manner of FTS5's.

The indexes are made by migrations 0008 and 0009. Words that stand beyond the 16,383rd of an article, and occurrences of
one word past its 256th, are found as words but not within phrases: a tsvector keeps no more places.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from api.store.stems import stem
from api.store.views import Fragment

if TYPE_CHECKING:
    from api.store.search import Query

#: A word with the marks over its letters, which may be characters of their own.
_WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f])*")
_MARKS = re.compile("[\u0300-\u036f]")
#: The dots of a snippet that is not the whole text.
CUT = "…"


@dataclass(frozen=True, slots=True)
class _Word:
    """A word of a text and where it stands, in code points."""

    stem: str
    start: int
    end: int


def render_tsquery(query: Query) -> str:
    """The query for to_tsquery, of quoted terms alone: a term holds only letters, digits and spaces."""
    groups = (f"({' | '.join(map(quoted, group))})" for group in query.groups)
    return " & ".join((*groups, *(f"!{quoted(term)}" for term in query.excluded)))


def quoted(term: str) -> str:
    """A word or phrase as one term of a tsquery."""
    return f"'{fold(term)}'"


def fold(text: str) -> str:
    """Letters without their marks, as the function ``standpoint_words`` of migration 0008 has them."""
    return " ".join(_MARKS.sub("", unicodedata.normalize("NFKD", text)).split())


def make_snippet(text: str, query: Query, *, words: int) -> tuple[Fragment, ...]:
    """The stretch of so many words that holds most of what was searched for, cut into what matched and what not."""
    found = [_Word(_stem_of(each[0]), each.start(), each.end()) for each in _WORD.finditer(text)]
    matches = _matches(found, query)
    first = _best_window(matches, len(found), words)
    last = min(first + words, len(found)) - 1
    start = found[first].start if first else 0
    end = found[last].end if 0 <= last < len(found) - 1 else len(text)
    pieces = [(found[a].start, found[b].end) for a, b, _ in matches if first <= a and b <= last]
    parts = [*([Fragment(text=CUT, match=False)] if start else []), *_fragments(text, start, end, pieces)]
    return tuple(parts if end == len(text) else [*parts, Fragment(text=CUT, match=False)])


@lru_cache(maxsize=50_000)
def _stem_of(word: str) -> str:
    return stem(fold(word).lower())


def _matches(found: Sequence[_Word], query: Query) -> list[tuple[int, int, int]]:
    """First and last word of every occurrence of a wanted term, and which term it is."""
    terms = [tuple(_stem_of(word) for word in term.split()) for group in query.groups for term in group]
    places: dict[str, list[int]] = {}
    for at, word in enumerate(found):
        places.setdefault(word.stem, []).append(at)
    return sorted(
        (at, at + len(term) - 1, number)
        for number, term in enumerate(terms)
        for at in places.get(term[0], ())
        if tuple(word.stem for word in found[at : at + len(term)]) == term
    )


def _best_window(matches: Sequence[tuple[int, int, int]], length: int, words: int) -> int:
    """The first word of the window with most distinct terms, then most occurrences; the earliest of several."""
    best, chosen = (0, 0), 0
    for index, (start, _, _) in enumerate(matches):
        inside = [number for _, last, number in matches[index : index + words] if last < start + words]
        if (score := (len(set(inside)), len(inside))) > best:
            best, chosen = score, start
    # A few words before the first match tell what it is about.
    return max(0, min(chosen - words // 4, length - words))


def _fragments(text: str, start: int, end: int, matched: Sequence[tuple[int, int]]) -> list[Fragment]:
    fragments, at = [], start
    for first, last in matched:
        if first >= at:
            fragments += [Fragment(text=text[at:first], match=False), Fragment(text=text[first:last], match=True)]
            at = last
    return [each for each in (*fragments, Fragment(text=text[at:end], match=False)) if each.text]
