"""Rankings of passages, and how they become one. Numbers in brackets are nDCG@10 on gold (tests/bench_search.py).

By words, a passage need not have every word of a question: what has more of them, and rarer ones, is nearer [0.39 when
all must be there, 0.78 so]. Words and meaning are joined by the places that they give [0.81], and what stands in an
article of which much is found goes before what does not [0.82].
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection

import corpora
from api.store.catalogue import Catalogue
from api.store.columns import Ints
from api.store.engines import is_sqlite
from api.store.joined import numbers_of
from api.store.postings import Bools
from api.store.questions import Fusion
from api.store.search import Query, matching_passages, ranked_passages

Scores = NDArray[np.float64]
Groups = Sequence[tuple[str, ...]]
#: The weight of each term of a query.
Rarity = dict[str, float]
#: The most passages whose words are weighed one by one, and the best so many of an article that speak for it.
WEIGHED, SPEAKING = 5_000, 5
#: How much it counts that words are missing: the share of the weight that is there, to this power (1 to 2 are alike).
COMPLETENESS = 1.5


def matching(connection: Connection, catalogue: Catalogue, query: Query) -> Bools:
    """Which rows match a query: they have a term of each of its groups, and none that is excluded."""
    found = np.ones(len(catalogue.columns), dtype=bool)
    for group in query.groups:
        found &= having(connection, catalogue, group)
    return found & ~having(connection, catalogue, query.excluded) if query.excluded else found


def having(connection: Connection, catalogue: Catalogue, group: tuple[str, ...]) -> Bools:
    """Which rows have one of these terms."""
    mask = catalogue.postings.get(group, len(catalogue.columns))
    if mask is None:
        numbers = numbers_of(connection.execute(matching_passages(Query((group,)))).scalar())
        mask = catalogue.mask(numbers)
        catalogue.postings.keep(group, mask)
    return mask


def by_all_words(connection: Connection, catalogue: Catalogue, query: Query, may: Bools) -> Ints:
    """The rows of ``may``, all of which match, best first; of very many, the newest."""
    newest = catalogue.columns.number[may][-WEIGHED:]
    return _weighed(connection, catalogue, query, newest, _rarity(connection, catalogue, query.groups))[0]


def by_any_words(connection: Connection, catalogue: Catalogue, query: Query, may: Bools, *, most: int) -> Ints:
    """The rows of ``may`` that have words of the query, those with most of its weight first, ``most`` at most."""
    groups = [group for group in query.groups if not _common(group)] or list(query.groups)
    weights, each = _coverage(connection, catalogue, groups)
    rows = np.flatnonzero(may & (weights > 0))
    if len(rows) > WEIGHED:
        # Among equals the newer: rows ascend with time, and no two weights differ by so little.
        order = np.argpartition(-(weights[rows] + rows * 1e-12), WEIGHED)[:WEIGHED]
        rows = np.sort(rows[order])
    rarity = _rarity(connection, catalogue, groups, dict(zip(groups, each, strict=True)))
    either = Query((tuple(term for group in groups for term in group),))
    found, scores = _weighed(connection, catalogue, either, catalogue.columns.number[rows], rarity)
    scores = scores * (weights[found] / sum(each)) ** COMPLETENESS
    return found[np.lexsort((-found, -scores))][:most]


@cache
def _common_words() -> frozenset[str]:
    return frozenset(corpora.lexicon("search")["common"])


def _common(group: Sequence[str]) -> bool:
    return all(term.lower() in _common_words() for term in group)


def _coverage(connection: Connection, catalogue: Catalogue, groups: Groups) -> tuple[Scores, list[float]]:
    """The weight of the groups that each row has, and that of each: rare words weigh more (inverse frequency)."""
    weights, each, number = np.zeros(len(catalogue.columns)), [], len(catalogue.columns)
    for group in groups:
        mask = having(connection, catalogue, group)
        found = int(np.count_nonzero(mask))
        weight = float(np.log(1 + (number - found + 0.5) / (found + 0.5)))
        np.add(weights, weight, out=weights, where=mask)
        each.append(weight)
    return weights, each


def _rarity(
    connection: Connection, catalogue: Catalogue, groups: Groups, known: Mapping[tuple[str, ...], float] | None = None
) -> Rarity:
    """The weight of each single term, as SQLite knows it; ``known`` are those of groups. One alone needs none."""
    terms = {(term,) for group in groups for term in group}
    if len(terms) == 1 or is_sqlite(connection):
        return {}
    found = {term: weight for term, weight in (known or {}).items() if term in terms}
    lacking = sorted(terms - set(found))
    found.update(zip(lacking, _coverage(connection, catalogue, lacking)[1], strict=True))
    return {term: weight for (term,), weight in found.items()}


def _weighed(
    connection: Connection, catalogue: Catalogue, query: Query, numbers: Ints, rarity: Rarity
) -> tuple[Ints, Scores]:
    """The rows of these passages that match, best first, and how well (bm25, higher is better)."""
    if not len(numbers):
        return np.zeros(0, dtype=np.int64), np.zeros(0)
    found = ranked_passages(connection, query, numbers.tolist(), rarity)
    return catalogue.rows(np.array([row.number for row in found])), -np.array([row.score for row in found])


def fuse(lists: Sequence[tuple[float, Ints]], k: int) -> tuple[Ints, Scores]:
    """Rows of weighted rankings in one order, the best first, with their scores; the newer of equals first.

    Reciprocal rank fusion: a row at place n of a ranking gets its weight divided by k + n (Cormack et al. 2009).
    """
    if len(lists) == 1:
        ((weight, rows),) = lists
        return rows, weight / (k + np.arange(1, len(rows) + 1))
    scores: dict[int, float] = defaultdict(float)
    for weight, rows in lists:
        for place, row in enumerate(rows.tolist(), 1):
            scores[row] += weight / (k + place)
    order = sorted(scores, key=lambda row: (-scores[row], -row))
    return np.array(order, dtype=np.int64), np.array([scores[row] for row in order])


def with_articles(catalogue: Catalogue, rows: Ints, scores: Scores, fusion: Fusion) -> tuple[Ints, Scores]:
    """A joined ranking, joined once more with that of its articles: those of which the best five rank highest."""
    spoken: dict[int, list[float]] = defaultdict(list)
    first = catalogue.columns.art[rows[: fusion.depth]].tolist()
    for place, article in enumerate(first, 1):
        if len(spoken[article]) < SPEAKING:
            spoken[article].append(1 / (fusion.k + place))
    order = sorted(spoken, key=lambda article: (-sum(spoken[article]), -article))
    bonus = {article: fusion.article / (fusion.k + place) for place, article in enumerate(order, 1)}
    added = np.array([bonus.get(article, 0.0) for article in catalogue.columns.art[rows].tolist()])
    total = scores + added
    best = np.lexsort((-rows, -total))
    return rows[best], total[best]
